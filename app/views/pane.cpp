#include "app/views/pane.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "core/text/number.h"

namespace convlens {

float PaneScene::glide() const {
    if (!shown.motion || moment.pointed) return 0;
    const float t = moment.phase;
    return t * t * (3 - 2 * t);
}

std::string size_text(std::int64_t rows, std::int64_t cols) { return fmt::format("{}×{}", rows, cols); }

Message slice_name(Key tensor, std::int64_t n, std::int64_t n_count, std::int64_t c, std::int64_t c_count) {
    const auto name = "tensor"_is(tensor);
    const auto channel = "c"_is(c);
    if (n_count > 1) return msg("{tensor} [n {n}, c {c}]", name, "n"_is(n), channel);
    if (c_count > 1) return msg("{tensor} [c {c}]", name, channel);
    return tensor;
}

Message sides_text(Key word, const Pads& pads, bool one_row) {
    if (pads == Pads{}) return {};
    const auto padding = "padding"_is(word);
    const auto sides = [&](const std::string& numbers) {
        std::string text;
        for (const char c : numbers) text += c == '-' ? "\u2212" : std::string(1, c);
        return msg("{padding} {sides}", padding, "sides"_is(std::move(text)));
    };
    if (one_row && pads.top == 0 && pads.bottom == 0) {
        const auto left = "left"_is(pads.left);
        const auto right = "right"_is(pads.right);
        if (pads.left == pads.right) return sides(fmt::format("{}", pads.left));
        if (pads.right == 0) return msg("{padding} {left} on the left", padding, left);
        if (pads.left == 0) return msg("{padding} {right} on the right", padding, right);
        return msg("{padding} {left} left, {right} right", padding, left, right);
    }
    if (pads == Pads::all(pads.top)) return sides(fmt::format("{}", pads.top));
    if (pads.top == pads.bottom && pads.left == pads.right) return sides(fmt::format("{}, {}", pads.top, pads.left));
    if (pads.top == pads.left && pads.bottom == pads.right) return sides(fmt::format("{}|{}", pads.top, pads.bottom));
    return sides(fmt::format("{}|{}, {}|{}", pads.top, pads.bottom, pads.left, pads.right));
}

Message padding_text(const Pads& pads, bool one_row) { return sides_text(key("padding"), pads, one_row); }

Message output_padding_text(const ConvSpec& spec, bool one_row) {
    const Size2 op = spec.output_padding;
    if (op == Size2{0, 0}) return {};
    const bool one = op.h == op.w || (one_row && op.h == 0);
    return msg("output padding {size}", "size"_is(one ? fmt::format("{}", op.w) : fmt::format("{}, {}", op.h, op.w)));
}

Message reach_note(const ConvSpec& spec, bool one_row) {
    if (spec.dilation == Size2{1, 1}) return {};
    const std::int64_t h = effective_kernel(spec.kernel.h, spec.dilation.h);
    const std::int64_t w = effective_kernel(spec.kernel.w, spec.dilation.w);
    const auto span = "span"_is(one_row ? fmt::format("{}", w) : size_text(h, w));
    const std::int64_t cells = spec.kernel.h * spec.kernel.w;
    return is_pooling(spec.op) ? plural("{n} cell, spanning {span}", "{n} cells, spanning {span}", cells, span)
                               : plural("{n} weight, spanning {span}", "{n} weights, spanning {span}", cells, span);
}

namespace {

// Weights that are marks of their own, at most.
constexpr std::int64_t kMostSpread = 1 << 10;

// The weight's first two indices for input channel `c_in` of the group: [c_out, c_in], transposed [c_in, c_out].
std::pair<std::int64_t, std::int64_t> stored_channels(const PaneScene& scene, std::int64_t c_in) {
    if (scene.spec().op != Op::conv_transpose) return {scene.pane.slice.c_out, c_in};
    const std::int64_t per_group = scene.spec().out_channels / scene.spec().groups;
    return {scene.first_channel() + c_in, scene.pane.slice.c_out % per_group};
}

// Weight (kh, kw) of the pane's slice, as stored, and its id.
struct StoredWeight {
    double value = 0;
    MarkId id;
};
StoredWeight stored_weight(const PaneScene& scene, std::int64_t c_in, std::int64_t kh, std::int64_t kw) {
    const Tensor<double>& weight = *scene.layer.layer.weight;
    const auto [first, second] = stored_channels(scene, c_in);
    return {weight.at(first, second, kh, kw), MarkId{Part::kernel, scene.index, first, second, kh, kw}};
}

CellLook weight_look(const PaneScene& scene, double value, const WeightMarks& marks, const Size2& stored) {
    return marks.marked(value_look(scene.theme, value, scene.layer.weight_peak), stored);
}

// Of very many weights that are pulled apart one plane, with its gaps: cells of a few pixels that nobody points at.
void add_fine_spread_kernel(Scene& out, const PaneScene& scene, const PlacedPlane& placed, std::int64_t c_in,
                            bool upside_down, const WeightMarks& marks) {
    const Size2 k = scene.spec().kernel;
    const Size2 d = scene.spec().dilation;
    PlaneSpec plane;
    plane.outline = marks.outline();
    plane.id = scene.id(Part::none, 0);
    plane.origin = placed.origin;
    plane.pitch = placed.pitch;
    plane.stretch = placed.stretch;
    plane.rows = effective_kernel(k.h, d.h);
    plane.cols = effective_kernel(k.w, d.w);
    plane.look = [&](std::int64_t r, std::int64_t c) {
        if (r % d.h != 0 || c % d.w != 0) {
            CellLook gap;
            gap.number = false;
            return gap;
        }
        const std::int64_t kh = upside_down ? k.h - 1 - r / d.h : r / d.h;
        const std::int64_t kw = upside_down ? k.w - 1 - c / d.w : c / d.w;
        return weight_look(scene, stored_weight(scene, c_in, kh, kw).value, marks, {kh, kw});
    };
    out.marks.push_back(make_plane(plane, scene.theme, scene.page, scene.fonts));
}

// A kernel that is pulled apart: each weight is a plane of its own, so that ids stay those of the stored weights.
void add_spread_kernel(Scene& out, const PaneScene& scene, const PlacedPlane& placed, std::int64_t c_in,
                       bool upside_down, const WeightMarks& marks) {
    const Size2 k = scene.spec().kernel;
    const Size2 d = scene.spec().dilation;
    if (k.h > kMostSpread / k.w) return add_fine_spread_kernel(out, scene, placed, c_in, upside_down, marks);
    for (std::int64_t r = 0; r < k.h; ++r) {
        for (std::int64_t c = 0; c < k.w; ++c) {
            const std::int64_t kh = upside_down ? k.h - 1 - r : r;
            const std::int64_t kw = upside_down ? k.w - 1 - c : c;
            const StoredWeight stored = stored_weight(scene, c_in, kh, kw);
            PlaneSpec plane;
            plane.outline = marks.outline();
            plane.id = stored.id;
            const Rect cell = placed.cells(static_cast<double>(r * d.h), static_cast<double>(c * d.w), 1, 1);
            plane.origin = {cell.x, cell.y};
            plane.pitch = placed.pitch;
            plane.stretch = placed.stretch;
            plane.look = [&](std::int64_t, std::int64_t) { return weight_look(scene, stored.value, marks, {kh, kw}); };
            out.marks.push_back(make_plane(plane, scene.theme, scene.page, scene.fonts));
            out.marks.push_back(outline(stored.id, cell, scene.theme.frame, 1));
        }
    }
}

// Turns the sheet within its own frame: lifted off (smaller) as far as its corners need.
void turn_sheet(GridMark& grid, float degrees) {
    const float angle = degrees * std::numbers::pi_v<float> / 180;
    const float scale = 1 / (std::abs(std::cos(angle)) + std::abs(std::sin(angle)));
    const Rect frame = grid.frame();
    grid.turn = degrees;
    grid.pitch *= scale;
    grid.text_size *= scale;
    grid.origin = {frame.x + frame.w * (1 - scale) / 2, frame.y + frame.h * (1 - scale) / 2};
}

void add_dense_kernel(Scene& out, const PaneScene& scene, const PlacedPlane& placed, std::int64_t c_in,
                      bool upside_down, float turn, const WeightMarks& marks) {
    const Size2 k = scene.spec().kernel;
    PlaneSpec plane;
    plane.outline = marks.outline();
    plane.id = stored_weight(scene, c_in, upside_down ? k.h - 1 : 0, upside_down ? k.w - 1 : 0).id;
    plane.y_step = plane.x_step = upside_down ? -1 : 1;
    plane.origin = placed.origin;
    plane.pitch = placed.pitch;
    plane.stretch = placed.stretch;
    plane.rows = k.h;
    plane.cols = k.w;
    plane.look = [&](std::int64_t r, std::int64_t c) {
        const std::int64_t kh = upside_down ? k.h - 1 - r : r;
        const std::int64_t kw = upside_down ? k.w - 1 - c : c;
        return weight_look(scene, stored_weight(scene, c_in, kh, kw).value, marks, {kh, kw});
    };
    GridMark grid = make_plane(plane, scene.theme, scene.page, scene.fonts);
    const bool turns = turn != 0 && !grid.is_picture();  // of a picture the pixels cannot
    if (turns) turn_sheet(grid, turn);
    const Rect frame = placed.cells(0, 0, static_cast<double>(k.h), static_cast<double>(k.w));
    out.marks.push_back(std::move(grid));
    if (!turns) out.marks.push_back(outline(scene.id(Part::kernel, 0), frame, scene.theme.kernel, 2));
}

}  // namespace

double weight_of(const PaneScene& scene, std::int64_t c_in, const Size2& stored) {
    return stored_weight(scene, c_in, stored.h, stored.w).value;
}

WeightMarks::WeightMarks(const PaneScene& scene, const LitPlane& lit, const std::optional<Size2>& current,
                         bool by_pointer)
    : lit_(lit), current_(current), outline_(by_pointer ? scene.theme.pointing : scene.theme.reading) {
    const Size2 k = scene.spec().kernel;
    std::int64_t count = 0;
    for (std::int64_t kh = 0; kh < k.h; ++kh)
        for (std::int64_t kw = 0; kw < k.w; ++kw) count += lit.at(kh, kw) ? 1 : 0;
    some_ = count > 0 && count < k.h * k.w;
}

// Of a step that has all weights none is pointed out; beside the one of a step by products the others keep their
// colours, as the window has them all.
CellLook WeightMarks::marked(CellLook look, const Size2& stored) const {
    look.lit = lit_.at(stored.h, stored.w);
    if (current_) {
        if (*current_ == stored) look.state = CellState::current;
        return look;
    }
    if (!some_) return look;
    return look.lit ? lit_look(std::move(look)) : unread_look(std::move(look));
}

void add_kernel(Scene& out, const PaneScene& scene, const PlacedPlane& placed, std::int64_t c_in, bool upside_down,
                float turn, const WeightMarks& marks) {
    const ConvSpec& spec = scene.spec();
    if (spec.dilation == Size2{1, 1} || spec.kernel == Size2{1, 1}) {
        add_dense_kernel(out, scene, placed, c_in, upside_down, turn, marks);
        return;
    }
    const auto rows = static_cast<double>(effective_kernel(spec.kernel.h, spec.dilation.h));
    const auto cols = static_cast<double>(effective_kernel(spec.kernel.w, spec.dilation.w));
    const Rect frame = placed.cells(0, 0, rows, cols);
    out.marks.push_back(outline(scene.id(Part::kernel, 0), frame, scene.theme.dilation, 2, 5));
    add_spread_kernel(out, scene, placed, c_in, upside_down, marks);
}

Message kernel_name(const PaneScene& scene, std::int64_t c_in) {
    if (scene.input_shape().c == 1 && scene.spec().out_channels == 1) return msg("kernel");
    const auto [first, second] = stored_channels(scene, c_in);
    return msg("kernel [{first}, {second}]", "first"_is(first), "second"_is(second));
}

}  // namespace convlens
