#include "core/conv/dials.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/conv/pad.h"
#include "core/conv/validate.h"

namespace convlens {

namespace {

constexpr std::array<DialInfo, kDialCount> kDials{{
    {Dial::input, "input", "input", "Height H and width W of the input, in cells.", Field::input, Role::input, true, 1,
     32},
    {Dial::kernel, "kernel", "kernel", "Height and width of the kernel, the window of weights that slides.",
     Field::kernel, Role::kernel, true, 1, 11},
    {Dial::stride, "stride", "stride",
     "How far the window moves from one output to the next. Transposed: the distance between the stamps of "
     "neighbouring input cells.",
     Field::stride, Role::stride, true, 1, 8},
    {Dial::padding, "padding", "padding",
     "Cells added around the input on every side. Transposed: cropped from the output instead.", Field::padding,
     Role::padding, true, 0, 10},
    {Dial::dilation, "dilation", "dilation",
     "Spacing of the kernel's weights: with 2 there is a gap of one cell between them. The kernel then spans "
     "dilation·(kernel − 1) + 1 cells.",
     Field::dilation, Role::dilation, true, 1, 8},
    {Dial::output_padding, "output padding", "output padding",
     "Adds rows at the bottom and columns at the right of the output. Several input sizes of a convolution give the "
     "same output size; output padding chooses which one you get back.",
     Field::output_padding, Role::output_padding, true, 0, 7},
    {Dial::batch, "batch size", "N", "N: how many inputs are computed, each by itself, with the same weights.",
     Field::input, Role::plain, false, 1, 8},
    {Dial::in_channels, "input channels", "C_in",
     "C_in: channels of the input. Each output value sums over all of them (or those of its group).", Field::input,
     Role::plain, false, 1, 16},
    {Dial::out_channels, "output channels", "C_out", "C_out: channels of the output. Each has its own kernels.",
     Field::out_channels, Role::plain, false, 1, 16},
    {Dial::groups, "groups", "groups",
     "Splits the channels into this many independent groups. Must divide C_in and C_out; with groups = C_in it is a "
     "depthwise convolution.",
     Field::groups, Role::plain, false, 1, 16},
}};

Size2 both(std::int64_t value) { return {value, value}; }

void put(Size2& size, std::optional<Axis> axis, std::int64_t value) {
    if (axis != Axis::w) size.h = value;
    if (axis != Axis::h) size.w = value;
}

void put_pads(LayerShape& shape, std::optional<Axis> axis, std::int64_t value) {
    Pads pads = shown_pads(shape);
    if (axis != Axis::w) pads.top = pads.bottom = value;
    if (axis != Axis::h) pads.left = pads.right = value;
    shape.spec.pads = pads;
    shape.spec.pad_rule = PadRule::explicit_;
}

// Sliders of very large settings end at a round number above the present value.
std::int64_t slider_end(std::int64_t usual, std::int64_t value) {
    constexpr std::int64_t kMost = 1024;  // beyond, one types
    std::int64_t end = usual;
    while (end < value && end < kMost) end *= 2;
    return std::min(end, std::max(usual, kMost));
}

}  // namespace

std::span<const DialInfo> dials() { return kDials; }

const DialInfo& info(Dial dial) { return kDials[static_cast<std::size_t>(dial)]; }

Pads shown_pads(const LayerShape& shape) {
    const ConvSpec& spec = shape.spec;
    if (spec.pad_rule == PadRule::explicit_) return spec.pads;
    const auto positive = [](Size2 size) { return size.h > 0 && size.w > 0; };
    const bool solvable =
        positive(spec.kernel) && positive(spec.stride) && positive(spec.dilation) && positive(shape.input.plane());
    return solvable ? resolve_pads(spec, shape.input.plane()) : Pads{};
}

bool one_row(const LayerShape& shape) {
    const Pads pads = shown_pads(shape);
    return shape.input.h == 1 && shape.spec.kernel.h == 1 && pads.top == 0 && pads.bottom == 0;
}

Size2 dial_value(const LayerShape& shape, Dial dial) {
    const ConvSpec& spec = shape.spec;
    switch (dial) {
        case Dial::input: return shape.input.plane();
        case Dial::kernel: return spec.kernel;
        case Dial::stride: return spec.stride;
        case Dial::padding: {
            const Pads pads = shown_pads(shape);
            return {pads.top, pads.left};
        }
        case Dial::dilation: return spec.dilation;
        case Dial::output_padding: return spec.output_padding;
        case Dial::batch: return both(shape.input.n);
        case Dial::in_channels: return both(shape.input.c);
        case Dial::out_channels: return both(spec.out_channels);
        case Dial::groups: return both(spec.groups);
    }
    return {};
}

void set_dial(LayerShape& shape, Dial dial, std::optional<Axis> axis, std::int64_t value) {
    ConvSpec& spec = shape.spec;
    switch (dial) {
        case Dial::input: {
            Size2 plane = shape.input.plane();
            put(plane, axis, value);
            shape.input.h = plane.h;
            shape.input.w = plane.w;
            break;
        }
        case Dial::kernel: put(spec.kernel, axis, value); break;
        case Dial::stride: put(spec.stride, axis, value); break;
        case Dial::padding: put_pads(shape, axis, value); break;
        case Dial::dilation: put(spec.dilation, axis, value); break;
        case Dial::output_padding: put(spec.output_padding, axis, value); break;
        case Dial::batch: shape.input.n = value; break;
        case Dial::in_channels: shape.input.c = value; break;
        case Dial::out_channels: spec.out_channels = value; break;
        case Dial::groups: spec.groups = value; break;
    }
}

std::vector<std::int64_t> possible_values(const LayerShape& shape, Dial dial, std::optional<Axis> axis,
                                          std::int64_t most) {
    std::vector<std::int64_t> values;
    LayerShape candidate = shape;
    for (std::int64_t value = info(dial).least; value <= most; ++value) {
        set_dial(candidate, dial, axis, value);
        if (validate(candidate).empty()) values.push_back(value);
    }
    return values;
}

const std::vector<std::int64_t>& PossibleValues::update(const LayerShape& of, Dial dial, std::optional<Axis> along,
                                                        bool hold) {
    const Size2 now = dial_value(of, dial);
    LayerShape others = of;
    set_dial(others, dial, along, 0);
    const bool held = hold && most > 0;
    const std::int64_t end = held ? most : slider_end(info(dial).usual, along == Axis::w ? now.w : now.h);
    if (end == most && along == axis && others == shape) return values;
    values = possible_values(of, dial, along, end);
    shape = others;
    axis = along;
    most = end;
    return values;
}

std::string dial_text(const LayerShape& shape, Dial dial) {
    const Size2 value = dial_value(shape, dial);
    if (value.h == value.w) return fmt::format("{} {}", info(dial).name, value.h);
    return fmt::format("{} {}, {}", info(dial).name, value.h, value.w);
}

}  // namespace convlens
