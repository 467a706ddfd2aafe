// Layers of libraries that are called much as PyTorch's are, tinygrad's, MindSpore's, PaddlePaddle's and MLX's: what
// their readers, and in part PyTorch's own, have in common. Internal to core/import.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/import/programs.h"

namespace convlens::pasted {

// How a library names and orders what a layer has. The letters of the layouts are those of layers along two axes.
struct Kin {
    std::string_view program;                      // "MindSpore"
    std::string_view groups = "groups";            // the argument that tells how many
    std::string_view weights = "OIHW";             // of a convolution
    std::string_view transposed_weights = "IOHW";  // of a transposed one
};

// 1 of Conv1d and conv_transpose1d, 2 of the others: the one axis becomes the width.
int axes_of(std::string_view function);
// "NCW" of "NCHW" for layers along one axis.
std::string layout_of(std::string_view layout, int axes);

// data_format, "NCHW" or "NHWC"; "NCHW" where it is not told.
std::string_view data_format_of(const Arguments& arguments);

Draft kin_draft(const Kin& kin, Op op, int axes);

// Of a layer that is a module, or has a weight as an argument: stride, dilation, groups, and the output padding of a
// transposed one. The module's channels and kernel too.
void take_kin_steps(Draft& draft, const Arguments& arguments, const Kin& kin, int axes);
void take_kin_sizes(Draft& draft, const Arguments& arguments, int axes);

// One number, one an axis, or before and after of each axis in this order: "HW" or "WH". Pads of a transposed layer crop.
void take_kin_padding(Draft& draft, const Arguments& arguments, int axes, std::string_view order);

// padding_mode, by the words of PyTorch and PaddlePaddle.
void take_padding_mode(Draft& draft, const Arguments& arguments);

// The input in our order, [N, C, H, W]: a note says where it has not the channels that in_channels told before.
void take_input_of_channels(Draft& draft, const ToldArray& input);

// The input of a module, and the arrays of a function; a note says what of them is not told.
void take_kin_module_input(Draft& draft, const Found& found, const Node& call, std::string_view layout, int axes);
void take_kin_input(Draft& draft, std::optional<ToldArray> input, std::string_view layout, int axes);
void take_kin_weight(Draft& draft, const Arguments& arguments, const Kin& kin, int axes);

}  // namespace convlens::pasted
