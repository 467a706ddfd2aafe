// Faults in words.
#pragma once

#include "core/conv/rules.h"
#include "core/text/message.h"

namespace convlens {

// What is wrong, where and why, with the numbers in it: one whole sentence an axis, or one for both where their numbers
// are the same; no fix.
Message message_of(const LayerShape& layer, const Fault& fault);

}  // namespace convlens
