#include "app/panels/knobs.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/conv/pad.h"
#include "core/conv/validate.h"

namespace convlens {

namespace {

constexpr std::array<KnobInfo, kKnobCount> kKnobs{{
    {Knob::input, "input", "H and W: rows and columns of the input.", Field::input, Role::input, true, 1, 32},
    {Knob::kernel, "kernel", "Rows and columns of the kernel: the window of weights that slides.", Field::kernel,
     Role::kernel, true, 1, 11},
    {Knob::stride, "stride",
     "How far the window moves from one output to the next. Transposed: how far apart the stamps of neighbouring input "
     "cells lie.",
     Field::stride, Role::stride, true, 1, 8},
    {Knob::padding, "padding",
     "Rows and columns added around the input on every side. Transposed: cut away from the output instead.",
     Field::padding, Role::padding, true, 0, 10},
    {Knob::dilation, "dilation",
     "Spacing of the kernel's weights: with 2 there is a gap of one cell between them. The kernel reaches "
     "dilation·(kernel − 1) + 1 cells.",
     Field::dilation, Role::dilation, true, 1, 8},
    {Knob::output_padding, "output padding",
     "Rows and columns given back at the lower and right edge of a transposed convolution. It chooses among the input "
     "sizes that the forward convolution shrinks to the same output.",
     Field::output_padding, Role::output_padding, true, 0, 7},
    {Knob::batch, "batch N", "N: how many inputs are computed, each by itself, with the same weights.", Field::input,
     Role::plain, false, 1, 8},
    {Knob::in_channels, "input channels C_in",
     "C_in: planes of the input. Each output sums over all of them (or over those of its group).", Field::input,
     Role::plain, false, 1, 16},
    {Knob::out_channels, "output channels C_out", "C_out: planes of the output. Each has a kernel of its own.",
     Field::out_channels, Role::plain, false, 1, 16},
    {Knob::groups, "groups",
     "Channels are split into this many groups that do not see each other. It divides C_in and C_out; equal to C_in it "
     "is a depthwise convolution.",
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

std::span<const KnobInfo> knobs() { return kKnobs; }

const KnobInfo& info(Knob knob) { return kKnobs[static_cast<std::size_t>(knob)]; }

Pads shown_pads(const LayerShape& shape) {
    const ConvSpec& spec = shape.spec;
    if (spec.pad_rule == PadRule::explicit_) return spec.pads;
    const auto positive = [](Size2 size) { return size.h > 0 && size.w > 0; };
    const bool solvable = positive(spec.kernel) && positive(spec.stride) && positive(spec.dilation) &&
                          positive(shape.input.plane());
    return solvable ? resolve_pads(spec, shape.input.plane()) : Pads{};
}

Size2 knob_value(const LayerShape& shape, Knob knob) {
    const ConvSpec& spec = shape.spec;
    switch (knob) {
        case Knob::input: return shape.input.plane();
        case Knob::kernel: return spec.kernel;
        case Knob::stride: return spec.stride;
        case Knob::padding: {
            const Pads pads = shown_pads(shape);
            return {pads.top, pads.left};
        }
        case Knob::dilation: return spec.dilation;
        case Knob::output_padding: return spec.output_padding;
        case Knob::batch: return both(shape.input.n);
        case Knob::in_channels: return both(shape.input.c);
        case Knob::out_channels: return both(spec.out_channels);
        case Knob::groups: return both(spec.groups);
    }
    return {};
}

void set_knob(LayerShape& shape, Knob knob, std::optional<Axis> axis, std::int64_t value) {
    ConvSpec& spec = shape.spec;
    switch (knob) {
        case Knob::input: {
            Size2 plane = shape.input.plane();
            put(plane, axis, value);
            shape.input.h = plane.h;
            shape.input.w = plane.w;
            break;
        }
        case Knob::kernel: put(spec.kernel, axis, value); break;
        case Knob::stride: put(spec.stride, axis, value); break;
        case Knob::padding: put_pads(shape, axis, value); break;
        case Knob::dilation: put(spec.dilation, axis, value); break;
        case Knob::output_padding: put(spec.output_padding, axis, value); break;
        case Knob::batch: shape.input.n = value; break;
        case Knob::in_channels: shape.input.c = value; break;
        case Knob::out_channels: spec.out_channels = value; break;
        case Knob::groups: spec.groups = value; break;
    }
}

std::vector<std::int64_t> possible_values(const LayerShape& shape, Knob knob, std::optional<Axis> axis,
                                          std::int64_t most) {
    std::vector<std::int64_t> values;
    LayerShape candidate = shape;
    for (std::int64_t value = info(knob).least; value <= most; ++value) {
        set_knob(candidate, knob, axis, value);
        if (validate(candidate).empty()) values.push_back(value);
    }
    return values;
}

const std::vector<std::int64_t>& PossibleValues::update(const LayerShape& of, Knob knob, std::optional<Axis> along,
                                                        bool hold) {
    const Size2 now = knob_value(of, knob);
    LayerShape others = of;
    set_knob(others, knob, along, 0);
    const bool held = hold && most > 0;
    const std::int64_t end = held ? most : slider_end(info(knob).usual, along == Axis::w ? now.w : now.h);
    if (end == most && along == axis && others == shape) return values;
    values = possible_values(of, knob, along, end);
    shape = others;
    axis = along;
    most = end;
    return values;
}

std::string knob_text(const LayerShape& shape, Knob knob) {
    const Size2 value = knob_value(shape, knob);
    if (value.h == value.w) return fmt::format("{} {}", info(knob).name, value.h);
    return fmt::format("{} {}, {}", info(knob).name, value.h, value.w);
}

}  // namespace convlens
