#include "core/conv/pad.h"

#include <algorithm>

#include "core/conv/wide_axis.h"

namespace convlens {

namespace {

struct Ends {
    Wide before = 0;
    Wide after = 0;
};

Ends odd_last(Wide total) { return {floor_div(total, 2), total - floor_div(total, 2)}; }
Ends odd_first(Wide total) { return {total - floor_div(total, 2), floor_div(total, 2)}; }

Ends own_pads(const ConvSpec& spec, Axis axis) {
    const AxisSpec own = axis_of(spec, axis);
    return {std::clamp(own.pad_before, -kWidest, kWidest), std::clamp(own.pad_after, -kWidest, kWidest)};
}

// OpenCV's anchor is a cell of the kernel, so dilation moves it along.
Ends anchored(const ConvSpec& spec, Axis which, const WideAxis& axis) {
    Wide anchor = axis.kernel / 2;
    if (spec.anchor) anchor = std::clamp(which == Axis::h ? spec.anchor->h : spec.anchor->w, -kWidest, kWidest);
    return {anchor * axis.dilation, (axis.kernel - 1 - anchor) * axis.dilation};
}

// What TensorFlow and ONNX call SAME: as many outputs as strides fit into the input.
Wide same_total(const WideAxis& axis) {
    const Wide outputs = floor_div(axis.input + axis.stride - 1, axis.stride);
    return std::max<Wide>((outputs - 1) * axis.stride + axis.effective_kernel - axis.input, 0);
}

Ends conv_ends(const ConvSpec& spec, Axis which, const WideAxis& axis) {
    const Wide reach = axis.effective_kernel - 1;
    switch (spec.pad_rule) {
        case PadRule::explicit_:
        case PadRule::onnx_NOTSET: return own_pads(spec, which);
        case PadRule::valid:
        case PadRule::torch_valid:
        case PadRule::tf_VALID:
        case PadRule::onnx_VALID: return {0, 0};
        case PadRule::full: return {reach, reach};
        case PadRule::causal: return {reach, 0};
        case PadRule::torch_same:
        case PadRule::octave_same:
        case PadRule::octave_imfilter:
        case PadRule::scipy_correlate2d_same:
        case PadRule::ndimage_convolve: return odd_last(reach);
        case PadRule::scipy_convolve2d_same:
        case PadRule::ndimage_correlate: return odd_first(reach);
        case PadRule::opencv_anchor: return anchored(spec, which, axis);
        case PadRule::tf_SAME:
        case PadRule::onnx_SAME_UPPER: return odd_last(same_total(axis));
        case PadRule::onnx_SAME_LOWER: return odd_first(same_total(axis));
    }
    return {};
}

// Keras chooses a size where none is given (keras.src.backend, compute_conv_transpose_output_shape), then asks
// TensorFlow, which knows no output padding: what is left of the canvas goes from the end, past it if need be.
Ends tensorflow_crop(const ConvSpec& spec, const WideAxis& axis, Wide size) {
    const bool same = spec.pad_rule == PadRule::tf_SAME;
    const Wide op = axis.output_padding;
    if (size == 0 && op == 0) {
        size = same ? axis.input * axis.stride : axis.padded + std::max<Wide>(axis.stride - axis.effective_kernel, 0);
    } else if (size == 0) {
        size = axis.padded + op - (same ? axis.effective_kernel / 2 * 2 : 0);
    }
    const Wide total = axis.padded - size;
    const Wide before = same ? std::max<Wide>(total, 0) / 2 : 0;
    return {before, total - before + op};
}

// ONNX Runtime, ConvTransposeAttributes::ComputeTransposePadAndOutputShape: it never crops by less than nothing, so
// SAME stays below H * s where the stride exceeds the kernel, and a size beyond the canvas gets rows at the end.
Ends onnx_crop(const ConvSpec& spec, const WideAxis& axis, Wide size) {
    const bool sized = size > 0;
    const Wide total = axis.padded + axis.output_padding - (sized ? size : axis.input * axis.stride);
    Ends ends = spec.pad_rule == PadRule::onnx_SAME_UPPER ? odd_last(std::max<Wide>(total, 0))
                                                          : odd_first(std::max<Wide>(total, 0));
    if (sized) ends.after += std::min<Wide>(total, 0);
    return ends;
}

// Rules that know nothing of a transposed convolution crop what the convolution that it reverses would have padded.
Ends transposed_ends(const ConvSpec& spec, Axis which, const WideAxis& axis) {
    const Wide size = wanted_length(spec, which);
    switch (spec.pad_rule) {
        case PadRule::tf_SAME:
        case PadRule::tf_VALID: return tensorflow_crop(spec, axis, size);
        case PadRule::onnx_SAME_UPPER:
        case PadRule::onnx_SAME_LOWER: return onnx_crop(spec, axis, size);
        case PadRule::onnx_VALID:
        case PadRule::onnx_NOTSET: return size > 0 ? onnx_crop(spec, axis, size) : conv_ends(spec, which, axis);
        default: return conv_ends(spec, which, axis);
    }
}

std::int64_t floor_mod(std::int64_t a, std::int64_t b) { return (a % b + b) % b; }

}  // namespace

Wide wanted_length(const ConvSpec& spec, Axis axis) {
    if (spec.op != Op::conv_transpose || !spec.output_size) return 0;
    return std::clamp<std::int64_t>(axis == Axis::h ? spec.output_size->h : spec.output_size->w, 0, kWidest);
}

bool size_chooses_pads(PadRule rule) {
    switch (rule) {
        case PadRule::tf_SAME:
        case PadRule::tf_VALID:
        case PadRule::onnx_SAME_UPPER:
        case PadRule::onnx_SAME_LOWER:
        case PadRule::onnx_VALID:
        case PadRule::onnx_NOTSET: return true;
        default: return false;
    }
}

bool reads_own_pads(const ConvSpec& spec) {
    if (spec.pad_rule == PadRule::explicit_) return true;
    return spec.pad_rule == PadRule::onnx_NOTSET && !(spec.op == Op::conv_transpose && spec.output_size);
}

void apply_pad_rule(const ConvSpec& spec, Axis which, WideAxis& axis) {
    const Ends ends = spec.op == Op::conv_transpose ? transposed_ends(spec, which, axis) : conv_ends(spec, which, axis);
    axis.pad_before = ends.before;
    axis.pad_after = ends.after;
}

Pads resolve_pads(const ConvSpec& spec, Size2 input_plane) {
    const WideAxis h = solve_wide(spec, input_plane.h, Axis::h);
    const WideAxis w = solve_wide(spec, input_plane.w, Axis::w);
    return {narrow(h.pad_before), narrow(h.pad_after), narrow(w.pad_before), narrow(w.pad_after)};
}

std::optional<std::int64_t> source_index(std::int64_t index, std::int64_t length, PadMode mode) {
    if (index >= 0 && index < length) return index;
    switch (mode) {
        case PadMode::zeros:
        case PadMode::constant: return {};
        case PadMode::replicate: return index < 0 ? 0 : length - 1;
        case PadMode::circular: return floor_mod(index, length);
        case PadMode::reflect: {
            if (length == 1) return 0;
            const std::int64_t period = 2 * (length - 1);
            const std::int64_t at = floor_mod(index, period);
            return at < length ? at : period - at;
        }
        case PadMode::symmetric: {
            const std::int64_t period = 2 * length;
            const std::int64_t at = floor_mod(index, period);
            return at < length ? at : period - 1 - at;
        }
    }
    return {};
}

}  // namespace convlens
