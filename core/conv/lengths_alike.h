// Which lengths a layer does not tell apart, in words: why a size that is reached is not reached by this setting alone.
#pragma once

#include <span>

#include "core/conv/problem.h"
#include "core/text/message.h"

namespace convlens {

// "27 and 28 both shrink to 14", "inputs of 19 and 20 rows both give 9; inputs of 11 and 12 columns both give 5": of each
// of `axes` on which there is something to say, and once where both say the same; else empty. Precondition: a valid layer.
Message lengths_alike(const LayerShape& layer, std::span<const Axis> axes);

}  // namespace convlens
