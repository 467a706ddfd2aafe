// What a kernel makes of flat areas, and what would keep their brightness.
#pragma once

#include <optional>

#include "core/image/kernel.h"

namespace convlens {

struct BrightnessNote {
    Message fact;                   // a sentence
    Message advice;                 // a sentence, for a kernel by itself; may be empty
    std::optional<double> divisor;  // what the advice says to take
    std::optional<double> offset;
};

// Nothing where flat areas keep their brightness, and where an offset other than 0 leaves mid-grey from a quarter to
// three quarters of white, or the weights add up to 1 and the offset is a share of white.
std::optional<BrightnessNote> brightness_of(const Kernel& kernel);

}  // namespace convlens
