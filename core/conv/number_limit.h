// Numbers that the arithmetic of core/conv does not reach. Internal to core/conv.
#pragma once

#include <vector>

#include "core/conv/rules.h"

namespace convlens {

// The settings of a layer whose numbers lie beyond +-kWidest, in the order of Field. A setting that the layer does not use
// may hold any.
std::vector<Fault> numbers_too_large(const LayerShape& layer);

// What such a fault is, with the numbers as they were given.
Message number_too_large_text(const LayerShape& layer, const Fault& fault);

}  // namespace convlens
