// A border that the text makes around the input becomes the layer's padding, where that is the same; else it is made in
// the input's numbers, or named by a note.
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/conv/pad.h"
#include "core/conv/validate.h"
#include "core/import/arguments.h"

namespace convlens::pasted {

namespace {

// Whether a rule's pads follow from the settings alone, whatever the size of the input.
bool is_fixed(const ConvSpec& spec) {
    const bool by_size = spec.pad_rule == PadRule::tf_SAME || spec.pad_rule == PadRule::onnx_SAME_UPPER ||
                         spec.pad_rule == PadRule::onnx_SAME_LOWER;
    return !by_size || spec.stride == Size2{1, 1};
}

Pads sum(const Pads& a, const Pads& b) {
    return {a.top + b.top, a.bottom + b.bottom, a.left + b.left, a.right + b.right};
}

// The layer's own padding as a border around the input that has `border` already; nothing where it is not known.
std::optional<Border> own_border(const Draft& draft, const Border& border) {
    const ConvSpec& spec = draft.result.layer.spec;
    Size2 plane{1, 1};
    if (draft.h && draft.w)
        plane = {*draft.h + border.pads.top + border.pads.bottom, *draft.w + border.pads.left + border.pads.right};
    else if (!is_fixed(spec))
        return {};
    Border own;
    own.pads = resolve_pads(spec, plane);
    own.mode = spec.pad_mode;
    own.value = spec.pad_value;
    return own;
}

bool take_in_conv(Draft& draft, const Border& border) {
    ConvSpec& spec = draft.spec();
    const auto own = own_border(draft, border);
    const auto both = own ? joined(border, *own) : std::nullopt;
    if (!both) return false;
    spec.pads = both->pads;
    spec.pad_rule = PadRule::explicit_;
    spec.anchor.reset();
    spec.pad_mode = both->mode;
    spec.pad_value = both->mode == PadMode::constant ? both->value : 0;
    return true;
}

// Zeros around the input of a transposed convolution make its canvas larger by a stride each: so much less is cropped.
bool take_in_transposed(Draft& draft, const Border& border) {
    ConvSpec& spec = draft.spec();
    const bool zeros = constant_of(border.mode, border.value) == 0.0 && !cuts(border.pads);
    if (!zeros || spec.pad_rule != PadRule::explicit_ || spec.output_size) return false;
    const Pads& b = border.pads;
    constexpr std::int64_t kMost = std::int64_t{1} << 60;
    if (product(std::max(b.top, b.bottom), spec.stride.h) > kMost ||
        product(std::max(b.left, b.right), spec.stride.w) > kMost || spec.stride.h < 1 || spec.stride.w < 1)
        return false;
    spec.pads = {spec.pads.top - product(b.top, spec.stride.h), spec.pads.bottom - product(b.bottom, spec.stride.h),
                 spec.pads.left - product(b.left, spec.stride.w), spec.pads.right - product(b.right, spec.stride.w)};
    return true;
}

// Whether the layer's own windows would be others if the border were its padding: with ceil_mode the last one must begin
// in the input or in front of it, so that cells behind the input must be its own.
bool moves_last_window(const ConvSpec& spec, const Pads& border) {
    return spec.ceil_mode && (border.bottom != 0 || border.right != 0 || cuts(border));
}

// Max pooling pads with what is never the largest; an average counts zeros that are the input's.
bool take_in_pool(Draft& draft, const Border& border) {
    ConvSpec& spec = draft.spec();
    if (moves_last_window(spec, border.pads)) return false;
    const auto value = constant_of(border.mode, border.value);
    const bool max = spec.op == Op::max_pool;
    const double wanted = max ? -std::numeric_limits<double>::infinity() : 0.0;
    if (adds(border.pads) && value != wanted) return false;
    const auto own = own_border(draft, border);
    if (!own || (!max && own->pads != Pads{}) ||
        !joined({border.pads, PadMode::zeros, 0, {}}, {own->pads, PadMode::zeros, 0, {}}))
        return false;
    spec.pads = sum(border.pads, own->pads);
    spec.pad_rule = PadRule::explicit_;
    if (adds(border.pads)) spec.count_include_pad = true;
    return true;
}

bool take_in(Draft& draft, const Border& border) {
    switch (draft.spec().op) {
        case Op::conv: return take_in_conv(draft, border);
        case Op::conv_transpose: return take_in_transposed(draft, border);
        default: return take_in_pool(draft, border);
    }
}

// The input with its border made.
Tensor<double> padded(const Tensor<double>& input, const Border& border) {
    const Shape4 in = input.shape();
    const Pads& p = border.pads;
    Tensor<double> out({in.n, in.c, in.h + p.top + p.bottom, in.w + p.left + p.right},
                       constant_of(border.mode, border.value).value_or(0));
    const auto at = [&](std::int64_t index, std::int64_t length) {
        return index >= 0 && index < length ? std::optional(index) : source_index(index, length, border.mode);
    };
    const Shape4 shape = out.shape();
    for (std::int64_t n = 0; n < shape.n; ++n)
        for (std::int64_t c = 0; c < shape.c; ++c)
            for (std::int64_t y = 0; y < shape.h; ++y)
                for (std::int64_t x = 0; x < shape.w; ++x) {
                    const auto from_y = at(y - p.top, in.h);
                    const auto from_x = at(x - p.left, in.w);
                    if (from_y && from_x) out.at(n, c, y, x) = input.at(n, c, *from_y, *from_x);
                }
    return out;
}

// Whether the input, told with its size, can be made with its border.
bool fits_in(const Draft& draft, const Border& border) {
    if (!draft.h || !draft.w) return false;
    const Pads& p = border.pads;
    const Shape4 shape{draft.n.value_or(1), draft.c.value_or(1), *draft.h + p.top + p.bottom,
                       *draft.w + p.left + p.right};
    const auto cells = element_count(shape);
    const bool few = cells && (!draft.result.input || *cells <= kMaxToldCells);  // of numbers that are made
    return shape.h > 0 && shape.w > 0 && *draft.h > 0 && *draft.w > 0 && few;
}

// Whether a border reaches over more cells than the input has for it, which PyTorch refuses and NumPy goes on with.
bool is_wider_than(Size2 plane, const Border& border) {
    const std::int64_t own = border.mode == PadMode::reflect ? 1 : 0;  // the cell that is reflected at
    if (own == 0 && border.mode != PadMode::circular && border.mode != PadMode::symmetric) return false;
    const Pads& p = border.pads;
    return std::max(p.top, p.bottom) > plane.h - own || std::max(p.left, p.right) > plane.w - own;
}

void make_in_input(Draft& draft, const Border& border) {
    if (is_wider_than({*draft.h, *draft.w}, border)) {
        draft.note(
            msg("{border} is wider than the {height}×{width} cells that it copies; its pattern was taken to go "
                "on, which not every program allows",
                "border"_is(border.made_by), "height"_is(*draft.h), "width"_is(*draft.w)));
    }
    if (draft.result.input) draft.result.input = padded(*draft.result.input, border);
    *draft.h += border.pads.top + border.pads.bottom;
    *draft.w += border.pads.left + border.pads.right;
    draft.note(
        msg("{border} before the layer was made in the input, which is now {height}×{width}; the layer's own "
            "padding cannot say it",
            "border"_is(border.made_by), "height"_is(*draft.h), "width"_is(*draft.w)));
}

// The borders in front of the one that may become the layer's padding are made in the input, where its size is told, or
// left out.
void take_borders_before(Draft& draft) {
    for (std::size_t i = 0; i < draft.made_before.size(); ++i) {
        const Border& border = draft.made_before[i];
        const Border& next = i + 1 < draft.made_before.size() ? draft.made_before[i + 1] : *draft.border;
        const Pads& p = border.pads;
        if (fits_in(draft, border)) {
            make_in_input(draft, border);
            continue;
        }
        draft.note(
            msg("{border} before the layer (top {top}, bottom {bottom}, left {left}, right {right}) was left "
                "out: the layer's own padding cannot say it beside {next}",
                "border"_is(border.made_by), "top"_is(p.top), "bottom"_is(p.bottom), "left"_is(p.left),
                "right"_is(p.right), "next"_is(next.made_by)));
    }
}

}  // namespace

void take_border(Draft& draft) {
    take_borders_before(draft);
    if (!draft.border || draft.border->pads == Pads{}) return;
    const Border border = *draft.border;
    const Pads& p = border.pads;
    const ConvSpec before = draft.spec();
    if (take_in(draft, border)) {
        const Pads& now = draft.spec().pads;
        draft.note(
            msg("{border} before the layer became its padding: top {top}, bottom {bottom}, left {left}, right "
                "{right}",
                "border"_is(border.made_by), "top"_is(now.top), "bottom"_is(now.bottom), "left"_is(now.left),
                "right"_is(now.right)));
        return;
    }
    draft.spec() = before;
    if (fits_in(draft, border)) return make_in_input(draft, border);
    const bool pool = draft.spec().op == Op::max_pool || draft.spec().op == Op::avg_pool;
    if (pool && moves_last_window(draft.spec(), p) && !draft.h && !draft.w)
        return draft.note(
            msg("{border} before the layer is not its padding, with which ceil_mode would place the last "
                "windows otherwise: the input here is what {border} makes",
                "border"_is(border.made_by)));
    draft.note(msg(
        "{border} before the layer (top {top}, bottom {bottom}, left {left}, right {right}) was left out: "
        "the layer's own padding cannot say it",
        "border"_is(border.made_by), "top"_is(p.top), "bottom"_is(p.bottom), "left"_is(p.left), "right"_is(p.right)));
}

void widen_dialect(ImportedLayer& imported) {
    if (validate(imported.layer).empty()) return;
    LayerShape layer = imported.layer;
    layer.spec.dialect = Dialect::convlens;
    if (validate(layer).empty()) imported.layer.spec.dialect = Dialect::convlens;
}

}  // namespace convlens::pasted
