#include "app/moment/cell.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/moment/plane_area.h"
#include "app/moment/products.h"
#include "core/conv/names.h"
#include "core/conv/pad.h"
#include "core/engine/pool.h"
#include "core/text/number.h"

namespace convlens {

namespace {

struct Where {
    const Moment& moment;
    const CellId& cell;

    const Tensor<double>& input() const { return *layer().input; }
    const DerivedLayer& layer() const { return *moment.layer; }
    const ConvSpec& spec() const { return moment.spec(); }
    const Cell4& at() const { return cell.at; }
};

const Pane& pane_of(const Document& document, const PaneCell& id) {
    const auto last = document.panes.size() - 1;
    return document.panes[std::min(static_cast<std::size_t>(std::max(id.pane, 0)), last)];
}

bool inside(const Shape4& shape, const Cell4& at) {
    return at.y >= 0 && at.x >= 0 && at.y < shape.h && at.x < shape.w && at.n >= 0 && at.n < shape.n && at.c >= 0 &&
           at.c < shape.c;
}

Message place_name(const Cell4& at) { return msg("row {row}, column {column}", "row"_is(at.y), "column"_is(at.x)); }

Key tensor_word(TensorKind tensor) {
    switch (tensor) {
        case TensorKind::input: return key("input");
        case TensorKind::weight: return key("weight");
        case TensorKind::product: return key("product");
        case TensorKind::output: return key("output");
        case TensorKind::uncropped_output: return key("uncropped output");
        case TensorKind::zero_inserted_input: return key("zero-inserted input");
    }
    return {};
}

Message indexed(TensorKind tensor, std::string indices) {
    return msg("{tensor}[{indices}]", "tensor"_is(tensor_word(tensor)), "indices"_is(std::move(indices)));
}

CellWords input_cell(const Where& w) {
    const Shape4 shape = w.input().shape();
    const Cell4& cell = w.at();
    if (inside(shape, w.at()))
        return {tensor_cell_name(TensorKind::input, shape, cell),
                full_number(w.input().at(cell.n, cell.c, cell.y, cell.x)),
                {}};
    const Shape4 padded = w.layer().padded.shape();
    const std::int64_t y = w.at().y + w.layer().pads.top;
    const std::int64_t x = w.at().x + w.layer().pads.left;
    const Message place = place_name(w.at());
    if (y < 0 || x < 0 || y >= padded.h || x >= padded.w) return {place, {}, msg("cropped by negative padding")};
    if (is_pooling(w.spec().op)) {
        return {place,
                {},
                padding_counts(w.spec()) ? msg("padding: counts as 0 in the average")
                                         : msg("padding: ignored by the pooling")};
    }
    const PadMode mode = w.spec().pad_mode;
    const auto fill = "mode"_is(title(mode));
    Message note = msg("padding ({mode})", fill);
    const auto from_y = source_index(w.at().y, shape.h, mode);
    const auto from_x = source_index(w.at().x, shape.w, mode);
    if (from_y && from_x)
        note = msg("padding ({mode}), a copy of {cell}", fill,
                   "cell"_is(tensor_cell_name(TensorKind::input, shape, {cell.n, cell.c, *from_y, *from_x})));
    return {place, full_number(w.layer().padded.at(cell.n, cell.c, y, x)), note};
}

CellWords spread_cell(const Where& w) {
    if (const auto source = spread_source(w.layer(), w.at()))
        return input_cell({w.moment, {w.cell.layer, TensorKind::input, *source}});
    const Shape4 shape = w.input().shape();
    const Size2 s = w.spec().stride;
    const bool between =
        w.at().y >= 0 && w.at().x >= 0 && w.at().y <= (shape.h - 1) * s.h && w.at().x <= (shape.w - 1) * s.w;
    return {place_name(w.at()), "0",
            between ? msg("zero inserted by the stride") : msg("zero padding around the input")};
}

CellWords output_cell(const Where& w) {
    const Tensor<double>& output = w.layer().output;
    const Cell4& cell = w.at();
    return {tensor_cell_name(TensorKind::output, output.shape(), cell),
            full_number(output.at(cell.n, cell.c, cell.y, cell.x)),
            {}};
}

CellWords canvas_cell(const Where& w) {
    if (inside(w.layer().output.shape(), w.at())) return output_cell(w);
    const std::int64_t y = w.at().y + w.layer().pads.top;
    const std::int64_t x = w.at().x + w.layer().pads.left;
    const Shape4 canvas = w.layer().canvas.shape();
    const Message name = msg("uncropped output, row {row}, column {column}", "row"_is(y), "column"_is(x));
    const bool stamped = y >= 0 && x >= 0 && y < canvas.h && x < canvas.w;
    const double stamps = stamped ? w.layer().canvas.at(w.at().n, w.at().c, y, x) : 0;
    return {name, full_number(stamps + bias_of(w.layer().layer, w.at().c)), msg("cropped by the padding")};
}

CellWords product_cell(const Where& w) {
    const Moment& m = w.moment;
    const Message name = m.pooling()
                             ? msg("window row {row}, column {column}", "row"_is(w.at().y), "column"_is(w.at().x))
                             : indexed(TensorKind::product, fmt::format("{}, {}", w.at().y, w.at().x));
    if (m.stamps()) return {msg("a cell of the stamp"), {}, {}};
    if (!m.out) return {name, {}, {}};
    for (const Tap& tap : taps(m.spec(), m.layer->data(), *m.out)) {
        if (tap.input.c != w.at().c || product_place(m, tap) != Size2{w.at().y, w.at().x}) continue;
        if (m.pooling()) {
            const Cell4& at = tap.input;
            const std::string value = tap.in_padding ? std::string() : full_number(tap.value);
            return {tensor_cell_name(TensorKind::input, w.input().shape(), at), value,
                    tap.in_padding ? msg("padding") : Message()};
        }
        const std::string factors = fmt::format("{} · {}", full_number(tap.value), full_number(tap.factor));
        return {name, full_number(tap.product),
                tap.in_padding ? msg("{product}, on padding", "product"_is(factors)) : verbatim(factors)};
    }
    return {name, {}, m.pooling() ? msg("outside the padded input") : msg("no input cell here")};
}

}  // namespace

Message tensor_cell_name(TensorKind tensor, const Shape4& shape, const Cell4& cell) {
    if (shape.n > 1 || shape.c > 1)
        return indexed(tensor, fmt::format("{}, {}, {}, {}", cell.n, cell.c, cell.y, cell.x));
    return indexed(tensor, fmt::format("{}, {}", cell.y, cell.x));
}

bool cell_exists(const Derived& derived, const PaneCell& cell) {
    if (cell.pane < 0 || cell.pane >= static_cast<int>(derived.document.panes.size())) return false;
    const Pane& pane = derived.document.panes[static_cast<std::size_t>(cell.pane)];
    const DerivedLayer& layer = *shown_layer(derived, pane);
    const Shape4 in = layer.input->shape();
    const Cell4& at = cell.cell.at;
    const bool of_slice = at.n == pane.slice.n && at.c == pane.slice.c_out;
    const bool transposed = layer.layer.spec.op == Op::conv_transpose;
    bool shown = false;
    switch (cell.cell.tensor) {
        case TensorKind::input: shown = at.n < in.n && at.c < in.c; break;
        case TensorKind::weight: {
            const Shape4 weight = layer.layer.weight->shape();
            shown = at.n < weight.n && at.c < weight.c;
            break;
        }
        case TensorKind::product: shown = at.c < in.c; break;
        case TensorKind::output: shown = of_slice; break;
        case TensorKind::uncropped_output: shown = transposed && pane.reading == Reading::stamp && of_slice; break;
        case TensorKind::zero_inserted_input:
            shown = transposed && pane.reading == Reading::zero_inserted && at.c < in.c;
            break;
    }
    return shown && plane_area(layer, cell.cell.tensor).contains(at.y, at.x);
}

CellWords describe_cell(const Moment& moment, const CellId& cell) {
    const Where w{moment, cell};
    switch (cell.tensor) {
        case TensorKind::input: return input_cell(w);
        case TensorKind::zero_inserted_input: return spread_cell(w);
        case TensorKind::output: return output_cell(w);
        case TensorKind::uncropped_output: return canvas_cell(w);
        case TensorKind::product: return product_cell(w);
        case TensorKind::weight: {
            const Tensor<double>& weight = *moment.layer->layer.weight;
            const Cell4& at = cell.at;
            return {tensor_cell_name(TensorKind::weight, weight.shape(), at),
                    full_number(weight.at(at.n, at.c, at.y, at.x)),
                    {}};
        }
    }
    return {};
}

std::optional<CellTarget> editable_cell(const Derived& derived, const PaneCell& cell) {
    const Pane& pane = pane_of(derived.document, cell);
    const DerivedLayer& layer = *shown_layer(derived, pane);
    const bool weight = cell.cell.tensor == TensorKind::weight;
    const bool spread = cell.cell.tensor == TensorKind::zero_inserted_input;
    if (!weight && !spread && cell.cell.tensor != TensorKind::input) return std::nullopt;
    if (!weight && source_of(layer.layer)) return std::nullopt;  // computed, not set
    const std::optional<Cell4> at = spread ? spread_source(layer, cell.cell.at) : std::optional(cell.cell.at);
    if (!at) return std::nullopt;
    const Shape4 shape = weight ? layer.layer.weight->shape() : layer.input->shape();
    if (!inside(shape, *at)) return std::nullopt;
    return CellTarget{pane.layer, weight, *at};
}

std::optional<int> computed_by(const Derived& derived, const PaneCell& cell) {
    const DerivedLayer& layer = *shown_layer(derived, pane_of(derived.document, cell));
    const bool spread = cell.cell.tensor == TensorKind::zero_inserted_input;
    if (!spread && cell.cell.tensor != TensorKind::input) return std::nullopt;
    const std::optional<Cell4> at = spread ? spread_source(layer, cell.cell.at) : std::optional(cell.cell.at);
    return at && inside(layer.input->shape(), *at) ? source_of(layer.layer) : std::nullopt;
}

bool has_target(const Document& document, const CellTarget& target) {
    if (target.layer < 0 || target.layer >= static_cast<int>(document.layers.size())) return false;
    const Layer& layer = document.layers[static_cast<std::size_t>(target.layer)];
    const TensorRef& tensor = target.weight ? layer.weight : own_input(layer);
    return tensor && inside(tensor->shape(), target.cell);
}

double target_value(const Document& document, const CellTarget& target) {
    const Layer& layer = document.layers[static_cast<std::size_t>(target.layer)];
    const Cell4& at = target.cell;
    return (target.weight ? layer.weight : own_input(layer))->at(at.n, at.c, at.y, at.x);
}

Message target_name(const Document& document, const CellTarget& target) {
    const Layer& layer = document.layers[static_cast<std::size_t>(target.layer)];
    return target.weight ? tensor_cell_name(TensorKind::weight, layer.weight->shape(), target.cell)
                         : tensor_cell_name(TensorKind::input, input_shape(layer), target.cell);
}

void set_target(Document& document, const CellTarget& target, double value) {
    // Null of an input that is another layer's output: it is computed, not set.
    const auto tensor = [&](Layer& layer) {
        return target.weight ? &layer.weight : std::get_if<TensorRef>(&layer.input);
    };
    const TensorRef before = *tensor(document.layers[static_cast<std::size_t>(target.layer)]);
    Tensor<double> values = *before;
    const Cell4& at = target.cell;
    values.at(at.n, at.c, at.y, at.x) = value;
    const TensorRef after(std::move(values));
    *tensor(document.layers[static_cast<std::size_t>(target.layer)]) = after;
    if (!document.edit_together) return;
    for (Layer& layer : document.layers) {
        TensorRef* const other = tensor(layer);
        if (other != nullptr && *other == before) *other = after;
    }
}

}  // namespace convlens
