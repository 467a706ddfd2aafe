// ConvSpec: one layer, in the terms of PyTorch. Everything in Convlens turns on this value.
//
// Weights are [C_out, C_in/groups, kH, kW] for conv and [C_in, C_out/groups, kH, kW] for conv_transpose
// (torch.nn.functional.conv2d, conv_transpose2d). H comes before W everywhere.
#pragma once

#include <cstdint>
#include <optional>

#include "core/tensor/shape.h"

namespace convlens {

enum class Op { conv, conv_transpose, max_pool, avg_pool };

// Pooling has no weights and no bias: every channel of the input becomes one of the output.
constexpr bool is_pooling(Op op) { return op == Op::max_pool || op == Op::avg_pool; }

// Which rule chooses the pads. explicit_: `pads` says. The others name what a program does; see core/conv/pad.h.
enum class PadRule {
    explicit_,
    valid,
    full,
    causal,
    torch_same,
    torch_valid,
    tf_SAME,
    tf_VALID,
    onnx_SAME_UPPER,
    onnx_SAME_LOWER,
    onnx_VALID,
    onnx_NOTSET,
    octave_same,
    octave_imfilter,
    scipy_convolve2d_same,
    scipy_correlate2d_same,
    opencv_anchor,
    ndimage_correlate,
    ndimage_convolve,
};

// What a cell outside the input holds, for a row a b c d:
// zeros 0 0|a; constant v v|a; replicate a a|a; reflect c b|a b c; symmetric b a|a b; circular c d|a b.
// reflect is PyTorch's reflect = ndimage 'mirror' = OpenCV REFLECT_101; symmetric is ndimage 'reflect' = OpenCV REFLECT.
enum class PadMode { zeros, constant, replicate, reflect, symmetric, circular };

// Whose rules decide what is legal. convlens accepts all that is well defined.
enum class Dialect { convlens, torch, tensorflow, onnx, octave, scipy, opencv };

struct Pads {
    std::int64_t top = 0;
    std::int64_t bottom = 0;
    std::int64_t left = 0;
    std::int64_t right = 0;
    friend constexpr auto operator<=>(const Pads&, const Pads&) = default;

    static constexpr Pads all(std::int64_t p) { return {p, p, p, p}; }
};

struct ConvSpec {
    Op op = Op::conv;
    Size2 kernel{3, 3};
    Size2 stride{1, 1};
    Size2 dilation{1, 1};
    Size2 output_padding{0, 0};  // conv_transpose only: moves the end crop outward, per axis
    Pads pads;                   // conv: cells added; conv_transpose: cells cropped
    PadRule pad_rule = PadRule::explicit_;
    PadMode pad_mode = PadMode::zeros;
    double pad_value = 0;  // PadMode::constant only
    // conv_transpose only: the wanted size. Under ONNX's and TensorFlow's rules it chooses the pads, else it replaces the
    // output padding.
    std::optional<Size2> output_size;
    std::optional<Size2> anchor;  // PadRule::opencv_anchor only: the kernel's cell that lies on the output's place
    std::int64_t groups = 1;
    std::int64_t out_channels = 1;
    bool flip_kernel = false;       // true convolution (conv2) instead of cross-correlation (xcorr2)
    bool ceil_mode = false;         // pooling, as are the next two: a last window that is only partly there counts
    bool count_include_pad = true;  // avg_pool: cells of the padding count in the divisor
    std::optional<std::int64_t> divisor_override;  // avg_pool: the divisor, whatever the window covers
    Dialect dialect = Dialect::convlens;

    // pad_value bit by bit: see core/base/same_bits.h.
    friend bool operator==(const ConvSpec& a, const ConvSpec& b);
};

// One axis of a spec, so that a rule is written once for rows and columns.
struct AxisSpec {
    std::int64_t kernel = 1;
    std::int64_t stride = 1;
    std::int64_t dilation = 1;
    std::int64_t output_padding = 0;
    std::int64_t pad_before = 0;
    std::int64_t pad_after = 0;
};
enum class Axis { h, w };
AxisSpec axis_of(const ConvSpec& spec, Axis axis);

// The effective kernel extent E = d(k-1)+1: how far a dilated kernel reaches.
constexpr std::int64_t effective_kernel(std::int64_t kernel, std::int64_t dilation) {
    return dilation * (kernel - 1) + 1;
}

// Groups of channels, and channels that come out, for an input of `in_channels`: the spec's own, but for pooling, where
// every channel is by itself.
constexpr std::int64_t group_count(const ConvSpec& spec, std::int64_t in_channels) {
    return is_pooling(spec.op) ? in_channels : spec.groups;
}
constexpr std::int64_t output_channels(const ConvSpec& spec, std::int64_t in_channels) {
    return is_pooling(spec.op) ? in_channels : spec.out_channels;
}

// Shape of the weight tensor that `spec` wants for an input of `in_channels`. Pooling has no weights: what its
// settings would want as a conv.
Shape4 weight_shape(const ConvSpec& spec, std::int64_t in_channels);

// The other way round: how many output channels a layer with such a weight has, as its operation and groups count them.
// More than 2^62 count as 2^62, fewer than -2^62 as -2^62.
std::int64_t output_channels_of(const ConvSpec& spec, const Shape4& weight);

}  // namespace convlens
