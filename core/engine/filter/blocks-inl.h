// Sums of neighbours in two steps, of a few elements side by side first and then of those: fewer additions than elements,
// and nothing to wait for, as running sums have. For running.cpp, which includes this once for each instruction
// set.
//
// Example: a box of 9 pixels of x. The first step makes s0 = x0+x1+x2, s1 = x1+x2+x3 and so on, the second s0+s3+s6,
// s1+s4+s7 and so on: 3 + 3 elements are read for a sum, not 9.
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "core/engine/filter/running.h"

HWY_BEFORE_NAMESPACE();
namespace convlens::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// Samples, or sums of some, as sums.
template <typename Sums, typename T>
HWY_INLINE hn::Vec<Sums> read_sums(Sums d, const T* from) {
    if constexpr (sizeof(T) == sizeof(hn::TFromD<Sums>)) {
        return hn::LoadU(d, from);
    } else {
        return hn::PromoteTo(d, hn::LoadU(hn::Rebind<T, Sums>(), from));
    }
}

// A sum of `pixels` elements is one of `count` sums of `length`, and of `rest` elements.
struct Blocks {
    std::int64_t length = 1;
    std::int64_t count = 0;
    std::int64_t rest = 0;
    std::int64_t additions = INT64_MAX;  // elements read for a sum of the first step and one of the second
};
// The fewest additions, where one of the second step counts as `weight` of the first. Longer blocks are for boxes so long
// that running sums are quicker.
HWY_INLINE Blocks choose_blocks(std::int64_t pixels, std::int64_t most_length, std::int64_t weight) {
    constexpr std::int64_t kLongest = 8;
    Blocks best;
    for (std::int64_t length = 2; length <= std::min({most_length, pixels, kLongest}); ++length) {
        Blocks blocks{length, pixels / length, pixels % length, 0};
        blocks.additions = length + weight * (blocks.count + blocks.rest);
        if (blocks.additions < best.additions) best = blocks;
    }
    return best;
}

inline constexpr std::size_t kAbreast = 4;  // vectors

// totals[J] += what stands at from + J vectors, and `step` further on, `count` times.
template <typename D, typename T, std::size_t... J>
HWY_INLINE void add_apart(D d, const T* from, std::int64_t step, std::int64_t count, hn::Vec<D>* totals,
                          std::index_sequence<J...>) {
    for (std::int64_t v = 0; v < count; ++v, from += step)
        ((totals[J] = hn::Add(totals[J], read_sums(d, from + J * hn::Lanes(d)))), ...);
}

// sums[i] = sum over v in [0, length) of row[i + v * step] for i in [0, count), and what is left of a vector.
template <typename T, std::size_t... J>
HWY_INLINE std::int64_t sum_blocks(const T* row, std::int64_t step, std::int64_t length, std::int64_t from,
                                   std::int64_t count, T* sums, std::index_sequence<J...> abreast) {
    const hn::ScalableTag<T> d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    constexpr auto kVectors = static_cast<std::int64_t>(sizeof...(J));
    std::int64_t i = from;
    for (; i + (kVectors > 1 ? kVectors * lanes : 1) <= count; i += kVectors * lanes) {
        hn::Vec<decltype(d)> totals[sizeof...(J)] = {hn::LoadU(d, row + i + J * hn::Lanes(d))...};
        add_apart(d, row + i + step, step, length - 1, totals, abreast);
        (hn::StoreU(totals[J], d, sums + i + J * hn::Lanes(d)), ...);
    }
    return i;
}
template <typename T>
HWY_INLINE void sum_blocks(const T* row, std::int64_t step, std::int64_t length, std::int64_t count, T* sums) {
    const std::int64_t i = sum_blocks(row, step, length, 0, count, sums, std::make_index_sequence<kAbreast>());
    sum_blocks(row, step, length, i, count, sums, std::make_index_sequence<1>());
}

// out[.] = weight * totals, as float32. Of whole numbers each is rounded to float32 before.
HWY_INLINE void put_weighted(hn::ScalableTag<float> d, hn::Vec<hn::ScalableTag<float>> totals, double weight,
                             float* out) {
    const hn::ScalableTag<double> wide;
    const hn::Rebind<float, decltype(wide)> half;
    const auto factor = hn::Set(wide, weight);
    const auto put = [&](auto sums, float* to) HWY_ATTR {
        hn::StoreU(hn::DemoteTo(half, hn::Mul(factor, hn::PromoteTo(wide, sums))), half, to);
    };
#if HWY_TARGET == HWY_SCALAR
    static_cast<void>(d);
    put(totals, out);
#else
    put(hn::LowerHalf(half, totals), out);
    put(hn::UpperHalf(half, totals), out + hn::Lanes(d) / 2);
#endif
}
HWY_INLINE void put_weighted(hn::ScalableTag<std::uint32_t>, hn::Vec<hn::ScalableTag<std::uint32_t>> totals,
                             double weight, float* out) {
    const hn::ScalableTag<float> d;
    const auto sums = hn::ConvertTo(d, hn::BitCast(hn::RebindToSigned<decltype(d)>(), totals));
    hn::StoreU(hn::Mul(hn::Set(d, static_cast<float>(weight)), sums), d, out);
}
HWY_INLINE void put_weighted(hn::ScalableTag<std::uint16_t> d, hn::Vec<hn::ScalableTag<std::uint16_t>> totals,
                             double weight, float* out) {
    const hn::ScalableTag<std::uint32_t> wide;
#if HWY_TARGET == HWY_SCALAR
    static_cast<void>(d);
    put_weighted(wide, hn::PromoteTo(wide, totals), weight, out);
#else
    const hn::Half<decltype(d)> half;
    put_weighted(wide, hn::PromoteTo(wide, hn::LowerHalf(half, totals)), weight, out);
    put_weighted(wide, hn::PromoteTo(wide, hn::UpperHalf(half, totals)), weight, out + hn::Lanes(wide));
#endif
}

// The second step for results [from, end), kAbreast or one vector at a time; of Sum, which holds them. Returns where it
// ends.
template <typename Sum, typename T, std::size_t... J>
HWY_INLINE std::int64_t sum_of_blocks(const T* row, const T* sums, const Blocks& blocks, const RunningBox& box,
                                      std::int64_t from, std::int64_t end, float* out,
                                      std::index_sequence<J...> abreast) {
    const hn::ScalableTag<Sum> d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    constexpr auto kVectors = static_cast<std::int64_t>(sizeof...(J));
    const std::int64_t step = blocks.length * box.channels;
    const T* rest = row + blocks.count * step;
    std::int64_t i = from;
    for (; i + kVectors * lanes <= end; i += kVectors * lanes) {
        hn::Vec<decltype(d)> totals[sizeof...(J)] = {read_sums(d, sums + i + J * hn::Lanes(d))...};
        add_apart(d, sums + i + step, step, blocks.count - 1, totals, abreast);
        add_apart(d, rest + i, box.channels, blocks.rest, totals, abreast);
        (put_weighted(d, totals[J], box.weight, out + i + J * hn::Lanes(d)), ...);
    }
    return i;
}

// out[i] = weight * sum over v in [0, pixels) of row[i + v * channels] for i in [0, count). `row` and `sums` may be
// read for a vector more than they hold, `sums` written.
template <typename Sum, typename T>
HWY_INLINE void across_in_blocks(const T* row, const Blocks& blocks, const RunningBox& box, std::int64_t count, T* sums,
                                 float* out) {
    const std::int64_t step = blocks.length * box.channels;
    sum_blocks(row, box.channels, blocks.length, count + (blocks.count - 1) * step, sums);
    std::int64_t i = sum_of_blocks<Sum>(row, sums, blocks, box, 0, count, out, std::make_index_sequence<kAbreast>());
    i = sum_of_blocks<Sum>(row, sums, blocks, box, i, count, out, std::make_index_sequence<1>());
    if (i == count) return;
    std::array<float, hn::MaxLanes(hn::ScalableTag<Sum>())> last{};
    const auto lanes = static_cast<std::int64_t>(last.size());
    sum_of_blocks<Sum>(row + i, sums + i, blocks, box, 0, lanes, last.data(), std::make_index_sequence<1>());
    std::copy_n(last.data(), count - i, out + i);
}

}  // namespace
}  // namespace convlens::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
