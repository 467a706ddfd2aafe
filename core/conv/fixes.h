// The nearest layers that work, for one that does not.
#pragma once

#include <vector>

#include "core/conv/rules.h"

namespace convlens {

// Fixes of `fault`, one of find_faults(layer), smallest change first. There is always one, and each leaves no fault at
// all: those that stand beside `fault` are mended too. No number in a fix could be nearer to what it was.
std::vector<Fix> find_fixes(const LayerShape& layer, const Fault& fault);

}  // namespace convlens
