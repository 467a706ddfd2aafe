// The instruction set that the fast engine takes on this machine (simd_targets.h): "AVX2".
#pragma once

#include <string>

namespace convlens {

std::string instruction_set();

}  // namespace convlens
