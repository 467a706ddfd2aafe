// What is wrong with a layer, without words: cheap enough to ask thousands of times while a fix is looked for.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "core/conv/problem.h"
#include "core/conv/wide_axis.h"
#include "core/text/message.h"

namespace convlens {

struct Fault {
    ErrorKind kind{};
    Field field{};
    bool rows = false;  // which axes are at fault; neither where it is not about an axis
    bool columns = false;
    friend bool operator==(const Fault&, const Fault&) = default;
};

// Whether negative pads crop under the dialect's rules, rather than being refused. PyTorch pads by F.pad where the mode
// copies cells, and that crops; circular wraps what is left then, which is our result only where no side is padded.
bool crops_too(const ConvSpec& spec);

// Whether the output padding has to stay below the stride, whatever the dilation.
bool output_padding_below_stride(Dialect dialect);

// The pads as far as the dialect allows them: negative ones that it refuses count as 0, so that what else is wrong with
// a layer can still be said.
Pads allowed_pads(const ConvSpec& spec);

// One axis of a layer with the allowed pads.
WideAxis solve_allowed(const LayerShape& layer, Axis axis);

// Every fault, in the order of Field. Defined for any numbers in any field.
std::vector<Fault> find_faults(const LayerShape& layer);

// The tensors of a layer that have to be held, the padded or stamped ones included. Operations that have fewer have empty
// ones at the end.
struct HeldTensor {
    Key name;                     // "The output", as a sentence begins
    Field field;                  // the setting that is most to blame for its size
    std::array<Wide, 4> lengths;  // [N, C, H, W]
};
std::array<HeldTensor, 5> held_tensors(const LayerShape& layer);

// More cells than `layer` may have: kMaxCells, or what can be counted where only sizes are asked for.
bool too_large(const LayerShape& layer, const HeldTensor& tensor);

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
