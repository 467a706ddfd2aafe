// Which weight, which channel and which border value a product takes: what every engine, trace and emitter asks.
#pragma once

#include <cstdint>

#include "core/conv/spec.h"

namespace convlens {

// The cell of the stored kernel that lies at `window` (row and column in the kernel window, 0..k-1): the same cell, or
// with flip_kernel the one that turning by 180 degrees brings there. Its own inverse.
Size2 stored_cell(const ConvSpec& spec, Size2 window);

// What a padded cell holds where its pad mode copies nothing: 0, or pad_value for PadMode::constant.
double pad_constant(const ConvSpec& spec);

// First input channel of the group that output channel `c_out` belongs to.
std::int64_t first_input_channel(const ConvSpec& spec, std::int64_t in_channels, std::int64_t c_out);

}  // namespace convlens
