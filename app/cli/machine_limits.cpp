#include "app/cli/machine_limits.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <utility>

#include "core/base/parallel.h"
#include "core/engine/filter/samples.h"
#include "core/engine/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "app/cli/machine_limits.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace convlens::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Floats = hn::ScalableTag<float>;

// Twelve chains hide the latency of every unit so far.
template <std::size_t... I>
HWY_INLINE float add_in_chains(double gigaflop, std::index_sequence<I...>) {
    const Floats d;
    const auto rounds =
        static_cast<std::int64_t>(gigaflop * 1e9 / static_cast<double>(2 * sizeof...(I) * hn::Lanes(d)));
    const auto factor = hn::Set(d, 0.999F);
    const auto product = hn::Set(d, 1e-3F);
    hn::Vec<Floats> sums[sizeof...(I)];
    ((sums[I] = hn::Set(d, static_cast<float>(I))), ...);
    for (std::int64_t round = 0; round < rounds; ++round) ((sums[I] = hn::MulAdd(sums[I], factor, product)), ...);
    for (std::size_t i = 1; i < sizeof...(I); ++i) sums[0] = hn::Add(sums[0], sums[i]);
    return hn::GetLane(hn::SumOfLanes(d, sums[0]));
}

float AddInChains(double gigaflop) { return add_in_chains(gigaflop, std::make_index_sequence<12>()); }

}  // namespace convlens::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace convlens {

HWY_EXPORT(AddInChains);
void add_products_in_registers(int threads) {
    static std::atomic<float> used;  // the sums are wanted, so that they are not left out
    for_bands(threads, 1, threads,
              [](std::int64_t, std::int64_t) { used = HWY_DYNAMIC_DISPATCH(AddInChains)(kFmaGigaflopPerThread); });
}

void copy_on_threads(std::span<const float> from, std::span<float> to, int threads, bool past_cache) {
    const auto count = static_cast<std::int64_t>(from.size());
    for_bands(count, (count + threads - 1) / threads, threads, [&](std::int64_t first, std::int64_t last) {
        const auto part = from.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first));
        if (!past_cache) {
            std::copy(part.begin(), part.end(), to.begin() + first);
        } else {
            put_past_cache(part, {}, to.data() + first);
            finish_past_cache();
        }
    });
}

}  // namespace convlens
#endif
