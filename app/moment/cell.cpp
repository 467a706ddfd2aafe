#include "app/moment/cell.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/conv/names.h"
#include "core/conv/pad.h"
#include "core/engine/pool.h"
#include "core/text/number.h"

namespace convlens {

namespace {

struct Where {
    const Derived& derived;
    const Pane& pane;
    const DerivedLayer& layer;
    const Playhead& playhead;
    const MarkId& id;

    const Tensor<double>& input() const { return *layer.layer.input; }
    const ConvSpec& spec() const { return layer.layer.spec; }
};

const Pane& pane_of(const Document& document, const MarkId& id) {
    const auto last = document.panes.size() - 1;
    return document.panes[std::min(static_cast<std::size_t>(std::max(id.pane, 0)), last)];
}

bool inside(const Shape4& shape, const MarkId& id) {
    return id.y >= 0 && id.x >= 0 && id.y < shape.h && id.x < shape.w && id.n >= 0 && id.n < shape.n && id.c >= 0 &&
           id.c < shape.c;
}

CellWords input_cell(const Where& w) {
    const Shape4 shape = w.input().shape();
    const Cell4 cell{w.id.n, w.id.c, w.id.y, w.id.x};
    if (inside(shape, w.id))
        return {tensor_cell_name("input", shape, cell), full_number(w.input().at(cell.n, cell.c, cell.y, cell.x)), {}};
    const Shape4 padded = w.layer.padded.shape();
    const std::int64_t y = w.id.y + w.layer.pads.top;
    const std::int64_t x = w.id.x + w.layer.pads.left;
    const std::string place = fmt::format("row {}, column {}", w.id.y, w.id.x);
    if (y < 0 || x < 0 || y >= padded.h || x >= padded.w) return {place, {}, "cropped by negative padding"};
    if (is_pooling(w.spec().op)) {
        return {place,
                {},
                padding_counts(w.spec()) ? "padding: counts as 0 in the average" : "padding: ignored by the pooling"};
    }
    const PadMode mode = w.spec().pad_mode;
    std::string note = fmt::format("padding ({})", name(mode));
    const auto from_y = source_index(w.id.y, shape.h, mode);
    const auto from_x = source_index(w.id.x, shape.w, mode);
    if (from_y && from_x) note += ", a copy of " + tensor_cell_name("input", shape, {cell.n, cell.c, *from_y, *from_x});
    return {place, full_number(w.layer.padded.at(cell.n, cell.c, y, x)), note};
}

// The input cell that a cell of the spread-out input is, or nothing for a zero between or around.
std::optional<MarkId> spread_source(const Where& w) {
    const Size2 s = w.spec().stride;
    MarkId id = w.id;
    if (id.y < 0 || id.x < 0 || id.y % s.h != 0 || id.x % s.w != 0) return std::nullopt;
    id.y /= s.h;
    id.x /= s.w;
    return inside(w.input().shape(), id) ? std::optional(id) : std::nullopt;
}

CellWords spread_cell(const Where& w) {
    if (const auto source = spread_source(w)) return input_cell({w.derived, w.pane, w.layer, w.playhead, *source});
    const Shape4 shape = w.input().shape();
    const Size2 s = w.spec().stride;
    const bool between = w.id.y >= 0 && w.id.x >= 0 && w.id.y <= (shape.h - 1) * s.h && w.id.x <= (shape.w - 1) * s.w;
    return {fmt::format("row {}, column {}", w.id.y, w.id.x), "0",
            between ? "zero inserted by the stride" : "zero padding around the input"};
}

CellWords output_cell(const Where& w) {
    const Tensor<double>& output = w.layer.output;
    const Cell4 cell{w.id.n, w.id.c, w.id.y, w.id.x};
    return {
        tensor_cell_name("output", output.shape(), cell), full_number(output.at(cell.n, cell.c, cell.y, cell.x)), {}};
}

CellWords canvas_cell(const Where& w) {
    if (inside(w.layer.output.shape(), w.id)) return output_cell(w);
    const std::int64_t y = w.id.y + w.layer.pads.top;
    const std::int64_t x = w.id.x + w.layer.pads.left;
    const Shape4 canvas = w.layer.canvas.shape();
    const std::string name = fmt::format("uncropped output, row {}, column {}", y, x);
    const bool stamped = y >= 0 && x >= 0 && y < canvas.h && x < canvas.w;
    const double stamps = stamped ? w.layer.canvas.at(w.id.n, w.id.c, y, x) : 0;
    return {name, full_number(stamps + bias_of(w.layer.layer, w.id.c)), "cropped by the padding"};
}

CellWords product_cell(const Where& w) {
    const std::string name = fmt::format("product[{}, {}]", w.id.y, w.id.x);
    const auto out = current_output(w.derived, w.pane, w.playhead, std::nullopt, w.id.pane);
    if (!out) return {w.pane.reading == Reading::stamp ? "a cell of the stamp" : name, {}, {}};
    for (const Tap& tap : taps(w.spec(), w.layer.data(), *out)) {
        if (tap.input.c != w.id.c || product_place(w.spec(), w.pane.reading, tap) != Size2{w.id.y, w.id.x}) continue;
        if (is_pooling(w.spec().op)) {
            const Cell4& at = tap.input;
            const std::string value = tap.in_padding ? std::string() : full_number(tap.value);
            return {tensor_cell_name("input", w.input().shape(), at), value, tap.in_padding ? "padding" : ""};
        }
        return {name, full_number(tap.product),
                fmt::format("{} · {}{}", full_number(tap.value), full_number(tap.factor),
                            tap.in_padding ? ", on padding" : "")};
    }
    return {name, {}, "no input cell here"};
}

}  // namespace

Size2 product_place(const ConvSpec& spec, Reading reading, const Tap& tap) {
    if (spec.op != Op::conv_transpose) return tap.window;
    const bool turned = reading == Reading::zero_inserted && !spec.flip_kernel;
    const Size2 k = spec.kernel;
    return turned ? Size2{k.h - 1 - tap.weight.y, k.w - 1 - tap.weight.x} : Size2{tap.weight.y, tap.weight.x};
}

std::string tensor_cell_name(const char* tensor, const Shape4& shape, const Cell4& cell) {
    if (shape.n > 1 || shape.c > 1) return fmt::format("{}[{}, {}, {}, {}]", tensor, cell.n, cell.c, cell.y, cell.x);
    return fmt::format("{}[{}, {}]", tensor, cell.y, cell.x);
}

CellWords describe_cell(const Derived& derived, const Playhead& playhead, const MarkId& cell) {
    const Pane& pane = pane_of(derived.document, cell);
    const DerivedLayer& layer = *derived.layers[static_cast<std::size_t>(pane.layer)];
    const Where w{derived, pane, layer, playhead, cell};
    switch (cell.part) {
        case Part::input: return input_cell(w);
        case Part::zero_inserted: return spread_cell(w);
        case Part::output: return output_cell(w);
        case Part::canvas: return canvas_cell(w);
        case Part::products: return product_cell(w);
        case Part::kernel: {
            const Tensor<double>& weight = *layer.layer.weight;
            const Cell4 at{cell.n, cell.c, cell.y, cell.x};
            return {tensor_cell_name("weight", weight.shape(), at), full_number(weight.at(at.n, at.c, at.y, at.x)), {}};
        }
        default: return {};
    }
}

std::optional<CellTarget> editable_cell(const Derived& derived, const MarkId& cell) {
    const Pane& pane = pane_of(derived.document, cell);
    const DerivedLayer& layer = *derived.layers[static_cast<std::size_t>(pane.layer)];
    std::optional<MarkId> id = cell;
    if (cell.part == Part::zero_inserted) id = spread_source({derived, pane, layer, {}, cell});
    if (!id) return std::nullopt;
    const bool weight = id->part == Part::kernel;
    if (!weight && id->part != Part::input && id->part != Part::zero_inserted) return std::nullopt;
    const Shape4 shape = weight ? layer.layer.weight->shape() : layer.layer.input->shape();
    if (!inside(shape, *id)) return std::nullopt;
    return CellTarget{pane.layer, weight, {id->n, id->c, id->y, id->x}};
}

double target_value(const Document& document, const CellTarget& target) {
    const Layer& layer = document.layers[static_cast<std::size_t>(target.layer)];
    const Cell4& at = target.cell;
    return (target.weight ? layer.weight : layer.input)->at(at.n, at.c, at.y, at.x);
}

std::string target_name(const Document& document, const CellTarget& target) {
    const Layer& layer = document.layers[static_cast<std::size_t>(target.layer)];
    return target.weight ? tensor_cell_name("weight", layer.weight->shape(), target.cell)
                         : tensor_cell_name("input", layer.input->shape(), target.cell);
}

void set_target(Document& document, const CellTarget& target, double value) {
    const auto tensor = [&](Layer& layer) -> TensorRef& { return target.weight ? layer.weight : layer.input; };
    const TensorRef before = tensor(document.layers[static_cast<std::size_t>(target.layer)]);
    Tensor<double> values = *before;
    const Cell4& at = target.cell;
    values.at(at.n, at.c, at.y, at.x) = value;
    const TensorRef after(std::move(values));
    tensor(document.layers[static_cast<std::size_t>(target.layer)]) = after;
    if (!document.edit_together) return;
    for (Layer& layer : document.layers)
        if (tensor(layer) == before) tensor(layer) = after;
}

std::optional<Rect> cell_rect(const Scene& scene, const MarkId& cell) {
    std::optional<Rect> found;
    for (const Mark& mark : scene.marks) {
        const auto* grid = std::get_if<GridMark>(&mark);
        if (grid == nullptr || grid->id.part != cell.part || grid->id.pane != cell.pane) continue;
        if (grid->id.n != cell.n || grid->id.c != cell.c) continue;
        const std::int64_t dy = cell.y - grid->id.y, dx = cell.x - grid->id.x;
        if (dy % grid->y_step != 0 || dx % grid->x_step != 0) continue;
        const std::int64_t row = dy / grid->y_step, col = dx / grid->x_step;
        if (row >= 0 && col >= 0 && row < grid->rows && col < grid->cols) found = grid->cell(row, col);
    }
    return found;
}

}  // namespace convlens
