#include "core/conv/shape.h"

#include <algorithm>
#include <cassert>

#include "core/conv/pad.h"
#include "core/conv/wide_axis.h"
#include "core/conv/window.h"

namespace convlens {

namespace {

Wide length_of(std::int64_t value) { return std::clamp<std::int64_t>(value, 1, kWidest); }

// Lengths below 1, of settings that are not possible, hold nothing.
Count cells(const Shape4& shape) {
    Count count = 1;
    for (const std::int64_t length : {shape.n, shape.c, shape.h, shape.w}) count *= std::max<std::int64_t>(length, 0);
    return count;
}

Count cells(const Shape4& shape, Size2 each) {
    return cells(shape) * std::max<std::int64_t>(each.h, 0) * std::max<std::int64_t>(each.w, 0);
}

// How many of the last window's positions along an axis are on the padded input: with ceil_mode not all. 0 without one.
std::int64_t last_positions(const AxisShape& a) {
    return a.output < 1 ? 0 : cells_within((a.output - 1) * a.stride, a.dilation, a.kernel, 0, a.padded).count();
}

// The cells in all windows of one plane, each as often as windows cover it. All windows but the last row and column of
// them are whole.
Count cells_in_windows(const AxisShape& h, const AxisShape& w) {
    const std::int64_t last_h = last_positions(h), last_w = last_positions(w);
    const Shape4 whole{h.output - 1, w.output - 1, h.kernel, w.kernel};
    return cells(whole) + cells({h.output - 1, h.kernel, 1, last_w}) + cells({w.output - 1, w.kernel, 1, last_h}) +
           cells({1, 1, last_h, last_w});
}

// ceil_mode: a window that is only partly on the padded input counts as well, unless it would start in the padding at
// the end (torch aten/native/Pool.h, pooling_output_shape; ONNX MaxPool-22).
void add_partial_window(WideAxis& a) {
    const Wide rounded_up = floor_div(a.numerator + a.stride - 1, a.stride) + 1;
    a.dropped_window = rounded_up > a.output && (rounded_up - 1) * a.stride >= a.input + a.pad_before;
    a.output = a.dropped_window ? rounded_up - 1 : rounded_up;
}

}  // namespace

std::int64_t narrow(Wide value) { return static_cast<std::int64_t>(std::clamp<Wide>(value, -kWidest, kWidest)); }

WideAxis solve_wide(const ConvSpec& spec, std::int64_t length, Axis axis) {
    const AxisSpec own = axis_of(spec, axis);
    WideAxis a;
    a.input = length_of(length);
    a.kernel = length_of(own.kernel);
    a.stride = length_of(own.stride);
    a.dilation = length_of(own.dilation);
    a.effective_kernel = a.dilation * (a.kernel - 1) + 1;
    if (spec.op != Op::conv_transpose) {
        apply_pad_rule(spec, axis, a);
        a.padded = a.input + a.pad_before + a.pad_after;
        a.numerator = a.padded - a.effective_kernel;
        a.output = floor_div(a.numerator, a.stride) + 1;
        if (is_pooling(spec.op) && spec.ceil_mode) add_partial_window(a);
        return a;
    }
    a.output_padding = std::clamp<std::int64_t>(own.output_padding, 0, kWidest);
    a.padded = (a.input - 1) * a.stride + a.effective_kernel;
    apply_pad_rule(spec, axis, a);
    const Wide bare = a.padded - a.pad_before - a.pad_after;
    if (const Wide size = wanted_length(spec, axis); size > 0 && !size_chooses_pads(spec.pad_rule)) {
        a.output_padding = size - bare;
    }
    a.output = a.numerator = bare + a.output_padding;
    return a;
}

AxisShape solve_axis(const ConvSpec& spec, Size2 input_plane, Axis axis) {
    const std::int64_t length = axis == Axis::h ? input_plane.h : input_plane.w;
    const WideAxis wide = solve_wide(spec, length, axis);
    const AxisSpec own = axis_of(spec, axis);
    AxisShape shape;
    shape.input = length;
    shape.pad_before = narrow(wide.pad_before);
    shape.pad_after = narrow(wide.pad_after);
    shape.kernel = own.kernel;
    shape.effective_kernel = narrow(wide.effective_kernel);
    shape.stride = own.stride;
    shape.dilation = own.dilation;
    shape.output_padding = narrow(wide.output_padding);
    shape.padded = narrow(wide.padded);
    shape.numerator = narrow(wide.numerator);
    shape.output = narrow(wide.output);
    shape.dropped_window = wide.dropped_window;
    return shape;
}

Message dropped_window_text(const AxisShape& shape, Axis axis) {
    assert(shape.dropped_window);
    const auto window = "window"_is(shape.output + 1);
    if (axis == Axis::h)
        return msg("The last − 1: window {window} would start in the padding at the bottom, so it is dropped.", window);
    return msg("The last − 1: window {window} would start in the padding at the right, so it is dropped.", window);
}

LengthSpan inputs_alike(const ConvSpec& spec, Size2 input_plane, Axis axis) {
    assert(spec.op != Op::conv_transpose);
    const std::int64_t length = axis == Axis::h ? input_plane.h : input_plane.w;
    const Wide output = solve_wide(spec, length, axis).output;
    const auto alike = [&](std::int64_t l) { return solve_wide(spec, l, axis).output == output; };
    // The output never shrinks as the input grows, whatever rule pads it, so that halving finds the ends. They are less
    // than a stride away.
    const std::int64_t stride = std::min(axis_of(spec, axis).stride, kWidest - length);
    const auto farthest = [&](std::int64_t sign, std::int64_t most) {
        std::int64_t near = 0;
        while (near < most) {
            const std::int64_t middle = near + (most - near + 1) / 2;
            if (alike(length + sign * middle)) {
                near = middle;
            } else {
                most = middle - 1;
            }
        }
        return length + sign * near;
    };
    return {farthest(-1, std::min(stride, length - 1)), farthest(1, stride)};
}

LengthSpan outputs_alike(const ConvSpec& spec, Size2 input_plane, Axis axis) {
    assert(spec.op == Op::conv_transpose);
    const AxisShape a = solve_axis(spec, input_plane, axis);
    const std::int64_t least = a.output - a.output_padding;
    return {least, least + a.stride - 1};
}

Shape4 output_shape(const ConvSpec& spec, const Shape4& input) {
    const Size2 plane = input.plane();
    return {input.n, output_channels(spec, input.c), solve_axis(spec, plane, Axis::h).output,
            solve_axis(spec, plane, Axis::w).output};
}

Cost cost(const ConvSpec& spec, const Shape4& input, bool has_bias) {
    const Shape4 weight = weight_shape(spec, input.c);
    const Shape4 output = output_shape(spec, input);
    Cost result;
    if (is_pooling(spec.op)) {
        const Size2 plane = input.plane();
        result.window_cells = cells_in_windows(solve_axis(spec, plane, Axis::h), solve_axis(spec, plane, Axis::w)) *
                              std::max<std::int64_t>(output.n, 0) * std::max<std::int64_t>(output.c, 0);
        return result;
    }
    result.weights = cells(weight);
    result.biases = has_bias ? std::max<std::int64_t>(spec.out_channels, 0) : 0;
    // Every cell of the plane that slides meets each weight of its filter once: output cells of a conv, input cells of
    // a conv_transpose. weight.c is the channels of one group on the other side.
    const Shape4& met = spec.op == Op::conv_transpose ? input : output;
    result.multiply_adds = cells(met, weight.plane()) * std::max<std::int64_t>(weight.c, 0);
    return result;
}

}  // namespace convlens
