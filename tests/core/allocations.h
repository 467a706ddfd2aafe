// How often this program has asked for memory.
#pragma once

#include <cstdint>

#include "tests/core/sanitized.h"

namespace convlens::test {

inline constexpr bool kCountsAllocations = !kSanitized;  // sanitizers have allocators of their own

// By operator new, on all threads, since it began. 0 where they are not counted.
std::int64_t allocations();

}  // namespace convlens::test
