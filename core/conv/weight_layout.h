// The weight tensor of a layer in the order in which each program keeps it, and where one weight stands in it.
//
// Orders are words of one letter an axis: O and I output and input channels, H and W rows and columns of the kernel,
// G groups, C input channels and M multiplier of a depthwise layer. In a grouped layer I (of a transposed one O) counts
// within the group. Sources:
//   OIHW   torch.nn.Conv2d.weight [out, in/groups, kH, kW]; onnx Conv W (M, C/group, kH, kW)
//   IOHW   torch.nn.ConvTranspose2d.weight [in, out/groups, kH, kW]; onnx ConvTranspose W (C, M/group, kH, kW)
//   HWIO   tf.nn.conv2d filters, keras.layers.Conv2D kernel, flax.linen.Conv kernel [kH, kW, in/groups, out]
//   HWCM   tf.nn.depthwise_conv2d filter, keras.layers.DepthwiseConv2D kernel [kH, kW, in, multiplier]
//   HWOI   tf.nn.conv2d_transpose filters, keras.layers.Conv2DTranspose kernel [kH, kW, out, in]; they have no groups,
//          so the groups' kernels stand behind one another along `in`
//   OHWI   TensorFlow Lite CONV_2D and TRANSPOSE_CONV filter [out, kH, kW, in]; oneDNN's tag ohwi = acdb
//   1HWO   TensorFlow Lite DEPTHWISE_CONV_2D filter [1, kH, kW, out]
//   HWIO, HWIOG   MATLAB convolution2dLayer Weights [h, w, channels, filters]; groupedConvolution2dLayer and dlconv with
//          groups [h, w, channels in a group, filters in a group, groups]
//   HWOI, HWOIG   MATLAB transposedConv2dLayer Weights [h, w, filters, channels]; dltranspconv with groups
// MATLAB counts from 1 and keeps the first axis together; all others count from 0 and keep the last one together.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/conv/spec.h"
#include "core/tensor/shape.h"
#include "core/text/message.h"

namespace convlens {

struct WeightLayout {
    std::string_view order;     // "OIHW"
    std::string_view programs;  // "PyTorch, ONNX"
    std::vector<std::int64_t> shape;
    bool from_one = false;  // MATLAB: indices from 1, the first axis runs fastest
};

// Those that keep a weight tensor of this layer, this program's own order first. Empty for pooling.
// Precondition: a valid layer.
std::vector<WeightLayout> weight_layouts(const ConvSpec& spec, std::int64_t in_channels);

// Where a weight stands in a layout.
struct WeightPlace {
    std::vector<std::int64_t> index;  // as the program counts
    std::int64_t position = 0;        // in memory, from 0 (from_one: MATLAB's linear index, from 1)
};
// `stored`: the weight's index in this program's own order ([O, I/g, H, W], transposed [I, O/g, H, W]).
WeightPlace place_in(const WeightLayout& layout, const ConvSpec& spec, std::int64_t in_channels, const Cell4& stored);

// Filters that an input channel has of its own in a depthwise layer (groups = C_in): Keras's depth_multiplier. Nothing
// where the layer is not one, or has a single channel.
std::optional<std::int64_t> depth_multiplier(const ConvSpec& spec, std::int64_t in_channels);

// Channels from `first` up to and with `last`.
struct ChannelSpan {
    std::int64_t first = 0;
    std::int64_t last = 0;
    friend bool operator==(const ChannelSpan&, const ChannelSpan&) = default;
};
// The input channels that the group of output channel c_out reads, and the output channels of that group.
ChannelSpan group_inputs(const ConvSpec& spec, std::int64_t in_channels, std::int64_t c_out);
ChannelSpan group_outputs(const ConvSpec& spec, std::int64_t c_out);
// "depthwise, multiplier 4: outputs 4 to 7 read input 1", "2 groups: outputs 0 to 3 read inputs 0 to 1"; empty where
// there is one group.
Message groups_text(const ConvSpec& spec, std::int64_t in_channels, std::int64_t c_out);

}  // namespace convlens
