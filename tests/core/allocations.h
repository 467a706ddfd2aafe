// How often this program has asked for memory.
#pragma once

#include <cstdint>

namespace convlens::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kCountsAllocations = false;  // sanitizers have allocators of their own
#else
inline constexpr bool kCountsAllocations = true;
#endif

// By operator new, on all threads, since it began. 0 where they are not counted.
std::int64_t allocations();

}  // namespace convlens::test
