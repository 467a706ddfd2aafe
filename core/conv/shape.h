// Output size, and how it comes about.
//
//   conv            H_o = floor((H_i + 2 H_p - H_d (H_k - 1) - 1) / H_s) + 1        (torch.nn.Conv2d, with p_top + p_bottom)
//   conv_transpose  H_o = (H_i - 1) H_s - 2 H_p + H_d (H_k - 1) + H_op + 1          (torch.nn.ConvTranspose2d)
//   pooling         as conv; with ceil_mode rounded up, and one less if the last window would start in the padding at
//                   the end: (H_o - 1) H_s >= H_i + H_p                             (torch.nn.MaxPool2d)
#pragma once

#include <cstdint>
#include <vector>

#include "core/conv/count.h"
#include "core/conv/expr.h"
#include "core/conv/spec.h"
#include "core/text/message.h"

namespace convlens {

// One axis, solved. Lengths in cells.
struct AxisShape {
    std::int64_t input = 0;       // H_i
    std::int64_t pad_before = 0;  // resolved, see pad.h
    std::int64_t pad_after = 0;
    std::int64_t kernel = 1;
    std::int64_t effective_kernel = 1;  // E
    std::int64_t stride = 1;
    std::int64_t dilation = 1;
    std::int64_t output_padding = 0;
    std::int64_t padded = 0;      // conv: input + pads. conv_transpose: the stamped canvas (H-1)s + E, before the crop
    std::int64_t numerator = 0;   // conv: padded - E, divided by stride. conv_transpose: the output itself
    std::int64_t output = 0;      // H_o; below 1 when the setting is impossible
    bool dropped_window = false;  // ceil_mode: one more window would have started in the padding at the end
};

// The output padding is what output_size makes it where one is given and chooses it (see ConvSpec::output_size); for
// conv and pooling it is 0. Precondition: kernel, stride and dilation are at least 1; numbers beyond 2^62 are given as
// that.
AxisShape solve_axis(const ConvSpec& spec, Size2 input_plane, Axis axis);

// Why ceil_mode's last window is dropped, as a sentence. Precondition: axis.dropped_window.
Message dropped_window_text(const AxisShape& shape, Axis axis);

// Lengths along one axis, from `least` to `most`.
struct LengthSpan {
    std::int64_t least = 1;
    std::int64_t most = 1;
    friend bool operator==(const LengthSpan&, const LengthSpan&) = default;
};
// The input lengths, this layer's among them, that give the same output length: a division that is rounded down forgets
// which of `stride` lengths it was. Precondition: a valid conv or pooling layer.
LengthSpan inputs_alike(const ConvSpec& spec, Size2 input_plane, Axis axis);
// The output lengths of a conv_transpose that the convolution which it reverses would turn into this input: output padding
// 0 gives the first, stride - 1 the last. Precondition: a valid conv_transpose whose pads are its own.
LengthSpan outputs_alike(const ConvSpec& spec, Size2 input_plane, Axis axis);

// [N, C_out, H_o, W_o] of a valid layer; pooling keeps the channels of the input.
Shape4 output_shape(const ConvSpec& spec, const Shape4& input);

// The formula of one axis as data: each line is one step of the calculation, to be shown one below the other:
// the symbols; the numbers put in; the unrounded value (27/2 = 13.5, even when it divides evenly); the result. Every line
// has the value `result`, whatever the setting.
struct Derivation {
    Expr symbol;              // H_o
    std::vector<Expr> lines;  // symbols, numbers, simplified steps ..., result
    std::int64_t result = 0;
    Message note;  // a sentence about a term that needs its reason, such as the "− 1" of a dropped window; or empty
};
Derivation derive(const ConvSpec& spec, Size2 input_plane, Axis axis);

// What a layer costs. Multiply-adds count every weight of a filter times every cell of the plane it meets, padding
// included: output cells for conv, input cells for conv_transpose (the usual count).
struct Cost {
    Count weights;
    Count biases;
    Count multiply_adds;
    Count window_cells;  // pooling, which multiplies nothing: cells looked at, padding included
};
Cost cost(const ConvSpec& spec, const Shape4& input, bool has_bias);

// A change of a layer's settings that reaches a wanted size: "which setting gives 28?"
struct SizeAnswer {
    Message text;  // "output padding 1: 27 and 28 both shrink to 14"
    ConvSpec spec;
    Shape4 input;
};
inline constexpr std::size_t kMostAnswers = 6;
// What becomes of a stride where the kernel changes: it stays; or it was not told and follows the kernel, as the command
// line has it in pooling, so that an answer with another kernel and this stride has to name it.
enum class StrideWas { told, untold };
// The smallest changes of one setting (then, where those are few or larger, of two) with which `input` gives exactly
// `wanted`: each axis by as little as it needs, and where that makes the axes differ, beside it the same for both. No part
// of an answer could be left out. Each kind is sorted by size of change, at most `limit`; last,
// where there is one, the nearest input of another size that the settings as they are make `wanted` of. The padding of a
// rule may be replaced by typed numbers, and ceil_mode switched. Where a stride does not tell lengths apart the text says
// which. Every answer validates clean, be the layer itself allowed or not. Empty when the wanted size is reached already or
// nothing near gives it.
std::vector<SizeAnswer> settings_for_size(const ConvSpec& spec, const Shape4& input, Size2 wanted,
                                          std::size_t limit = kMostAnswers, StrideWas stride = StrideWas::told);
// Why there is no answer, as a sentence. Precondition: settings_for_size() is empty and `wanted` is not the size already.
Message no_answer_text(Size2 wanted);

}  // namespace convlens
