// What the machine itself can do at most, to hold the engine's figures against: float32 products added to sums in
// registers, and memory copied.
#pragma once

#include <cstddef>
#include <span>

namespace convlens {

// Products added on each of `threads` threads, with no memory touched: the FMA units' limit.
inline constexpr double kFmaGigaflopPerThread = 0.4;
void add_products_in_registers(int threads);

// Copies on a few threads; past_cache: with stores that go around the cache.
void copy_on_threads(std::span<const float> from, std::span<float> to, int threads, bool past_cache);

}  // namespace convlens
