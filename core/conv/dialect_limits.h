// How far a setting may go by the rules of the program whose dialect a layer speaks, and which sizes it can have there.
#pragma once

#include <optional>

#include "core/conv/wide_axis.h"

namespace convlens {

// Whether negative pads crop under the dialect's rules, rather than being refused. PyTorch pads by F.pad where the mode
// copies cells, and that crops; circular wraps what is left then, which is our result only where no side is padded.
bool crops_too(const ConvSpec& spec);

// Whether the output padding has to stay below the stride, whatever the dilation.
bool output_padding_below_stride(Dialect dialect);

// The most cells a pad may have on one side of a length under the dialect's rules, or nothing where there is no limit:
// reflect less than the length in torch (ReflectionPad.cpp), tf.pad (mirror_pad_op.cc) and ONNX Runtime's Pad
// (padbase); symmetric up to it in tf.pad; circular up to it in torch (PadNd.cpp).
std::optional<Wide> pad_limit(const ConvSpec& spec, Wide length);

// The most cells a pooling pad may have on one side where a program has such a limit: PyTorch takes half of the kernel,
// dilated or not (aten/native/Pool.h); ONNX Runtime less than the kernel (PoolAttributes), which it asks of pads in numbers
// and not of those that auto_pad chooses.
std::optional<Wide> pool_pad_limit(const ConvSpec& spec, const WideAxis& axis);

// Whether a window without a cell of the input has no value: the largest of nothing, and an average that counts neither
// padding nor to a divisor of its own. An average that counts the padding is 0 there.
bool needs_input_in_windows(const ConvSpec& spec);

// Which window of a pooling axis meets no cell of the input, if one does. `between` lies around the whole input: its
// dilation exceeds the input, as dilation 3 over an input of 1 between two cells of padding.
enum class PaddingWindow { none, first, last, between };
PaddingWindow window_of_padding(const WideAxis& axis);

// Output lengths that `axis`'s input can become by choosing the output padding (spec.output_size, explicit pads).
struct LengthRange {
    Wide least = 1;
    Wide most = 1;
};
LengthRange reachable_lengths(const ConvSpec& spec, const WideAxis& axis);

// The input length that TensorFlow or ONNX Runtime expects for an output length that chooses the pads.
Wide expected_input(const ConvSpec& spec, const WideAxis& axis, Wide size);

}  // namespace convlens
