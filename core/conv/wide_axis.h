// The arithmetic of one axis, for core/conv alone: 128 bits wide, so that no setting a user can type overflows.
#pragma once

#include <cstdint>

#include "core/conv/spec.h"

namespace convlens {

__extension__ typedef __int128 Wide;

// Settings beyond this are counted as this: (2^62)^2 and a few such products fit into a Wide.
inline constexpr std::int64_t kWidest = std::int64_t{1} << 62;

constexpr Wide floor_div(Wide a, Wide b) {  // b > 0
    return a >= 0 ? a / b : -((-a + b - 1) / b);
}

std::int64_t narrow(Wide value);  // the nearest value within +-kWidest

// One axis with its pad rule, output padding and output size resolved. Fields as in AxisShape (core/conv/shape.h).
struct WideAxis {
    Wide input = 1;
    Wide kernel = 1;
    Wide stride = 1;
    Wide dilation = 1;
    Wide effective_kernel = 1;
    Wide pad_before = 0;
    Wide pad_after = 0;
    Wide output_padding = 0;
    Wide padded = 1;
    Wide numerator = 0;
    Wide output = 1;
    bool dropped_window = false;
};

// Defined for any setting: lengths below 1 count as 1, a negative output padding as 0, an output size below 1 as none,
// so that what else is wrong with a layer can still be said.
WideAxis solve_wide(const ConvSpec& spec, std::int64_t length, Axis axis);

// The wanted output length of a conv_transpose, if one is given and is at least 1; else 0.
Wide wanted_length(const ConvSpec& spec, Axis axis);

// Fills pad_before and pad_after from `axis`'s lengths, output_padding and, for conv_transpose, padded.
void apply_pad_rule(const ConvSpec& spec, Axis which, WideAxis& axis);

}  // namespace convlens
