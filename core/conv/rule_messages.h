// Faults in words.
#pragma once

#include <string>

#include "core/conv/rules.h"

namespace convlens {

// What is wrong, where and why, with the numbers in it: one whole sentence an axis, or one for both where their numbers
// are the same; no fix.
std::string message_of(const LayerShape& layer, const Fault& fault);

}  // namespace convlens
