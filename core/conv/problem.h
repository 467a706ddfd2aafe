// Why a setting is impossible, and what would work: a field, a reason, and fixes that are themselves valid.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/conv/spec.h"
#include "core/text/message.h"

namespace convlens {

// Names as in tests/fixtures (the peers' refusals, in our words). too_large: the result cannot be held or counted;
// number_too_large: nor can a number itself.
enum class ErrorKind {
    output_too_small,
    bad_stride,
    bad_dilation,
    bad_groups,
    bad_kernel,
    bad_divisor,
    bad_input,
    bad_out_channels,
    bad_anchor,
    negative_padding,
    negative_output_padding,
    channels_mismatch,
    groups_mismatch,
    bias_mismatch,
    output_padding_too_big,
    output_size_unreachable,
    reflect_pad_too_big,
    circular_pad_too_big,
    pool_pad_too_big,
    same_needs_stride_1,
    pad_mode_unsupported,
    border_unsupported,
    not_supported,
    too_large,
    number_too_large,
};

// The settings of a layer, each with a row in core/conv/parameters.h, and the tensors that go with them. A problem is about
// one of them: the control that shows it. Changes are told in this order.
enum class Field {
    op,
    batch,
    in_channels,
    input,  // its height and width; in a problem any of its lengths
    kernel,
    stride,
    dilation,
    padding,
    output_padding,
    output_size,
    pad_rule,
    pad_mode,
    pad_value,
    anchor,
    groups,
    out_channels,
    weight,
    bias,
    flip_kernel,
    ceil_mode,
    count_include_pad,
    divisor_override,
    dialect,
};
inline constexpr std::size_t kFieldCount = static_cast<std::size_t>(Field::dialect) + 1;

// What is validated: a spec with the shapes it is to work on. `weight` and `bias_length` are given where the caller
// has such tensors already (a file, a pasted case); without them the spec's own weight shape is meant.
struct LayerShape {
    ConvSpec spec;
    Shape4 input{1, 1, 5, 5};
    std::optional<Shape4> weight;
    std::optional<std::int64_t> bias_length;
    // Whether the tensors are to be held in memory, so that they can be too large; only their sizes are asked for else.
    bool held = true;

    friend bool operator==(const LayerShape&, const LayerShape&) = default;
};

struct Fix {
    Message text;      // imperative, for a button: "set padding to 1"
    LayerShape after;  // validate(after) is empty
};

struct Problem {
    ErrorKind kind{};
    Field field{};
    std::optional<Axis> axis;  // where only one axis is at fault; both, and what is not about an axis, have none
    Message message;           // what, where, why, with the numbers in it; one or two sentences
    std::vector<Fix> fixes;    // at least one, smallest change first
};

}  // namespace convlens
