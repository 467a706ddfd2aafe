// The output size as each program writes it, in its own names; and the plain convolution that a transposed one equals.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/conv/shape.h"

namespace convlens {

// One axis. Every formula gives the length that the layer has.
struct FrameworkFormula {
    std::string_view program;  // "PyTorch"
    std::string formula;       // "⌊(H_in + 2·padding − dilation·(kernel_size − 1) − 1)/stride + 1⌋"
    std::string numbers;       // the same with this layer's numbers; it evaluates to the layer's length
    Message note;              // a sentence about a term that needs its reason, or empty
};
// The formulas that hold for this layer, left out where a program cannot say it (PyTorch's single padding beside pads that
// differ, TensorFlow's words beside pads that are neither SAME nor VALID):
//   PyTorch     torch.nn.Conv2d, ConvTranspose2d, MaxPool2d, AvgPool2d: "Shape"
//   TensorFlow  tf.nn.convolution: "Returns"; keras conv_utils.deconv_output_length for the transposed ones
//   ONNX        Conv, MaxPool: output_shape; ConvTranspose: output_shape[i]
// Precondition: a valid layer.
std::vector<FrameworkFormula> framework_formulas(const ConvSpec& spec, Size2 input_plane, Axis axis);

// One axis of the plain convolution, of stride 1, that gives what a conv_transpose gives: over the input with zeros
// between its cells and a border around, with the kernel flipped. Its border adds cells, the layer's own padding p crops:
// a border of E - 1 - p before, E - 1 - p + output padding after (Dumoulin and Visin, A guide to convolution arithmetic,
// relationship 14). A negative border is cut away.
struct PlainEquivalent {
    std::int64_t zeros_between = 0;  // stride - 1
    std::int64_t before = 0;
    std::int64_t after = 0;
    std::int64_t crop_before = 0;  // the layer's own p, for the comparison
    std::int64_t crop_after = 0;
};
// Nothing where the layer is no conv_transpose. Precondition: a valid layer.
std::optional<PlainEquivalent> plain_equivalent(const ConvSpec& spec, Size2 input_plane, Axis axis);
// "stride 1 over the input with 1 zero between its cells and a border of 1|2, the kernel flipped; that border adds cells,
// the padding 1|1 of the layer crops them"
Message in_words(const PlainEquivalent& plain);

}  // namespace convlens
