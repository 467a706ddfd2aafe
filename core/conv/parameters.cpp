#include "core/conv/parameters.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/conv/pad.h"
#include "core/conv/validate.h"

namespace convlens {

namespace {

constexpr std::array<Parameter, kParameterCount> kParameters{{
    {ParameterId::input, "input", "input", "Height H and width W of the input, in cells.", Field::input, Role::input,
     true, 1, 32},
    {ParameterId::kernel, "kernel", "kernel", "Height and width of the kernel, the window of weights that slides.",
     Field::kernel, Role::kernel, true, 1, 11},
    {ParameterId::stride, "stride", "stride",
     "How far the window moves from one output to the next. Transposed: the distance between the stamps of "
     "neighbouring input cells.",
     Field::stride, Role::stride, true, 1, 8},
    {ParameterId::padding, "padding", "padding",
     "Cells added around the input on every side. Transposed: cropped from the output instead.", Field::padding,
     Role::padding, true, 0, 10},
    {ParameterId::dilation, "dilation", "dilation",
     "Spacing of the kernel's weights: with 2 there is a gap of one cell between them. The kernel then spans "
     "dilation·(kernel − 1) + 1 cells.",
     Field::dilation, Role::dilation, true, 1, 8},
    {ParameterId::output_padding, "output padding", "output padding",
     "Adds rows at the bottom and columns at the right of the output. Several input sizes of a convolution give the "
     "same output size; output padding chooses which one you get back.",
     Field::output_padding, Role::output_padding, true, 0, 7},
    {ParameterId::batch, "batch size", "N", "N: how many inputs are computed, each by itself, with the same weights.",
     Field::input, Role::plain, false, 1, 8},
    {ParameterId::in_channels, "input channels", "C_in",
     "C_in: channels of the input. Each output value sums over all of them (or those of its group).", Field::input,
     Role::plain, false, 1, 16},
    {ParameterId::out_channels, "output channels", "C_out", "C_out: channels of the output. Each has its own kernels.",
     Field::out_channels, Role::plain, false, 1, 16},
    {ParameterId::groups, "groups", "groups",
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

std::span<const Parameter> parameters() { return kParameters; }

const Parameter& info(ParameterId parameter) { return kParameters[static_cast<std::size_t>(parameter)]; }

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

Size2 parameter_value(const LayerShape& shape, ParameterId parameter) {
    const ConvSpec& spec = shape.spec;
    switch (parameter) {
        case ParameterId::input: return shape.input.plane();
        case ParameterId::kernel: return spec.kernel;
        case ParameterId::stride: return spec.stride;
        case ParameterId::padding: {
            const Pads pads = shown_pads(shape);
            return {pads.top, pads.left};
        }
        case ParameterId::dilation: return spec.dilation;
        case ParameterId::output_padding: return spec.output_padding;
        case ParameterId::batch: return both(shape.input.n);
        case ParameterId::in_channels: return both(shape.input.c);
        case ParameterId::out_channels: return both(spec.out_channels);
        case ParameterId::groups: return both(spec.groups);
    }
    return {};
}

void set_parameter(LayerShape& shape, ParameterId parameter, std::optional<Axis> axis, std::int64_t value) {
    ConvSpec& spec = shape.spec;
    switch (parameter) {
        case ParameterId::input: {
            Size2 plane = shape.input.plane();
            put(plane, axis, value);
            shape.input.h = plane.h;
            shape.input.w = plane.w;
            break;
        }
        case ParameterId::kernel: put(spec.kernel, axis, value); break;
        case ParameterId::stride: put(spec.stride, axis, value); break;
        case ParameterId::padding: put_pads(shape, axis, value); break;
        case ParameterId::dilation: put(spec.dilation, axis, value); break;
        case ParameterId::output_padding: put(spec.output_padding, axis, value); break;
        case ParameterId::batch: shape.input.n = value; break;
        case ParameterId::in_channels: shape.input.c = value; break;
        case ParameterId::out_channels: spec.out_channels = value; break;
        case ParameterId::groups: spec.groups = value; break;
    }
}

std::vector<std::int64_t> possible_values(const LayerShape& shape, ParameterId parameter, std::optional<Axis> axis,
                                          std::int64_t most) {
    std::vector<std::int64_t> values;
    LayerShape candidate = shape;
    for (std::int64_t value = info(parameter).least; value <= most; ++value) {
        set_parameter(candidate, parameter, axis, value);
        if (validate(candidate).empty()) values.push_back(value);
    }
    return values;
}

const std::vector<std::int64_t>& PossibleValues::update(const LayerShape& of, ParameterId parameter,
                                                        std::optional<Axis> along, bool hold) {
    const Size2 now = parameter_value(of, parameter);
    LayerShape others = of;
    set_parameter(others, parameter, along, 0);
    const bool held = hold && most > 0;
    const std::int64_t end = held ? most : slider_end(info(parameter).usual, along == Axis::w ? now.w : now.h);
    if (end == most && along == axis && others == shape) return values;
    values = possible_values(of, parameter, along, end);
    shape = others;
    axis = along;
    most = end;
    return values;
}

std::string parameter_text(const LayerShape& shape, ParameterId parameter) {
    const Size2 value = parameter_value(shape, parameter);
    if (value.h == value.w) return fmt::format("{} {}", info(parameter).name, value.h);
    return fmt::format("{} {}, {}", info(parameter).name, value.h, value.w);
}

}  // namespace convlens
