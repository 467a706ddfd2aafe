// Products and windows in words that tell the padding apart: how many are in it, whatever value stands there.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "app/derived/derived.h"
#include "core/text/message.h"
#include "core/trace/trace.h"

namespace convlens {

// Some products of an output (of pooling its values): those on the input as they are, nine at most, and the number of those
// in the padding: "2·3 + 1·(−4) and 3 in the padding". Where any of these adds something to the sum, they follow, nine at
// most: "2·3 and 2 in the padding: 5·1 + 0·4". "nothing" where there are none.
Message products_text(const ConvSpec& spec, std::span<const Tap> taps);

// Where a window reads, or a stamp adds, along one axis, in two or three lines: "window 0 makes output row 0", "reads input
// rows −1, 1, 3", "of which 1 in the padding". Precondition: 0 <= index < the output's length, of a transposed convolution
// the input's.
std::vector<Message> window_lines(const DerivedLayer& layer, Axis axis, std::int64_t index);

}  // namespace convlens
