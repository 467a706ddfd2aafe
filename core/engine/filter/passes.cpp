#include "core/engine/filter/passes.h"

#include <algorithm>
#include <cassert>
#include <span>
#include <utility>

#include "core/engine/simd_targets.h"
#include "core/image/sample.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/engine/filter/passes.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/engine/filter/rounding-inl.h"
#include "core/engine/filter/tile-inl.h"

// What does not depend on the instruction set.
#ifndef CONVLENS_IMAGE_PASSES_ONCE
#define CONVLENS_IMAGE_PASSES_ONCE
namespace convlens {
namespace {
constexpr std::int64_t kLine = kCacheLine / sizeof(float);
constexpr std::int64_t kHalfLine = kLine / 2;
}  // namespace
}  // namespace convlens
#endif

HWY_BEFORE_NAMESPACE();
namespace convlens::HWY_NAMESPACE {

using Halves = hn::CappedTag<float, kHalfLine>;  // no longer than half a line
using HalfV = hn::Vec<Halves>;

HWY_INLINE void store_twice(FloatV value, float* to, std::int64_t twin) {
    const Floats d;
    hn::StoreU(value, d, to);
#if HWY_TARGET == HWY_AVX3
    const hn::Half<Floats> half;
    hn::StoreU(hn::LowerHalf(half, value), half, to + twin);
    hn::StoreU(hn::UpperHalf(half, value), half, to + twin + kHalfLine);
#else
    hn::StoreU(value, d, to + twin);
#endif
}
template <std::size_t Wide, std::size_t... I>
HWY_INLINE void store_twice(const Tile<kSumRows, Wide>& tile, float* const* out, std::int64_t at, std::int64_t twin,
                            std::index_sequence<I...>) {
    (store_twice(tile.sums[I], out[I / Wide] + at + I % Wide * hn::Lanes(Floats()), twin), ...);
}

template <std::size_t Wide, typename T>
HWY_INLINE void down_tile(const DownColumn& column, const T* const* rows, std::int64_t at, std::int64_t twin,
                          float* const* out) {
    static_assert(kSumRows == 4);
    constexpr auto wide = std::make_index_sequence<Wide>();
    constexpr auto all = std::make_index_sequence<4 * Wide>();
    const std::int64_t count = column.rows;
    const auto first_weight = [&](std::int64_t u) { return column.weights.data() + u * kSumRows + kSumRows - 1; };
    Tile<kSumRows, Wide> tile;
    clear(tile, all);
    add_to_rows<0>(tile, rows[0] + at, first_weight(0), std::make_index_sequence<1>(), wide);
    add_to_rows<0>(tile, rows[1] + at, first_weight(1), std::make_index_sequence<2>(), wide);
    add_to_rows<0>(tile, rows[2] + at, first_weight(2), std::make_index_sequence<3>(), wide);
    for (std::int64_t u = 3; u < count; ++u)
        add_to_rows<0>(tile, rows[u] + at, first_weight(u), std::make_index_sequence<4>(), wide);
    add_to_rows<1>(tile, rows[count] + at, first_weight(count), std::make_index_sequence<3>(), wide);
    add_to_rows<2>(tile, rows[count + 1] + at, first_weight(count + 1), std::make_index_sequence<2>(), wide);
    add_to_rows<3>(tile, rows[count + 2] + at, first_weight(count + 2), std::make_index_sequence<1>(), wide);
    store_twice(tile, out, at, twin, all);
}

template <typename T>
HWY_INLINE void down_rows(const DownColumn& column, const T* const* rows, const DownBlock& block, float* const* out) {
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(Floats()));
    const std::int64_t tile = lanes * static_cast<std::int64_t>(kWide);
    std::int64_t at = 0;
    for (; at + tile <= block.samples; at += tile) {
        if (block.ahead) prefetch_ahead(rows + column.rows + kSumRows - 1, at, tile);
        down_tile<kWide>(column, rows, at, block.twin, out);
    }
    for (; at + lanes <= block.samples; at += lanes) down_tile<1>(column, rows, at, block.twin, out);
    if (at < block.samples) down_tile<1>(column, rows, block.samples - lanes, block.twin, out);  // some once more
}
void DownSumsU8(const DownColumn& column, const std::uint8_t* const* rows, const DownBlock& block, float* const* out) {
    down_rows(column, rows, block, out);
}
void DownSumsU16(const DownColumn& column, const std::uint16_t* const* rows, const DownBlock& block,
                 float* const* out) {
    down_rows(column, rows, block, out);
}
void DownSumsF32(const DownColumn& column, const float* const* rows, const DownBlock& block, float* const* out) {
    down_rows(column, rows, block, out);
}

// What a weight meets of the first half and of the second half of every line: the copy that does not cross one.
struct AcrossTap {
    std::int64_t halves[2];
    float weight;
};

// The taps of a group, at most kAcrossAtOnce of them, whose products are added in one go, of the weights from `first` on.
// Returns how many.
HWY_INLINE std::int64_t find_taps(const AcrossRow& weights, std::int64_t first, std::int64_t twin, AcrossTap* taps) {
    const std::int64_t count = std::min(static_cast<std::int64_t>(weights.weights.size()) - first, kAcrossAtOnce);
    for (std::int64_t i = 0; i < count; ++i) {
        const auto v = static_cast<std::size_t>(first + i);
        const std::int64_t shift = weights.shifts[v];
        const std::int64_t in_line = shift % kLine;
        taps[i].halves[0] = shift + (in_line > kHalfLine ? twin : 0);
        taps[i].halves[1] = shift + (in_line > 0 && in_line < kHalfLine ? twin : 0);
        taps[i].weight = weights.weights[v];
    }
    return count;
}

HWY_INLINE void put_sum(HalfV sum, bool add, float* out) {
    const Halves d;
    hn::StoreU(add ? hn::Add(sum, hn::LoadU(d, out)) : sum, d, out);
}
HWY_INLINE void put_sum(HalfV sum, bool, std::uint8_t* out) {
    const Halves d;
    hn::StoreU(to_samples<std::uint8_t>(d, sum), hn::Rebind<std::uint8_t, Halves>(), out);
}

// Adds a group's products to the results of some lines of the cache, in vectors of half a line or less.
template <typename Out, std::size_t... I>
HWY_INLINE void across_tile(std::span<const AcrossTap> taps, const float* row, bool add, Out* out,
                            std::index_sequence<I...>) {
    const Halves d;
    constexpr std::size_t kLanes = hn::MaxLanes(d);
    constexpr std::size_t kPerHalf = kHalfLine / kLanes;
    HalfV sums[sizeof...(I)];
    ((sums[I] = hn::Zero(d)), ...);
    for (const AcrossTap& tap : taps) {
        const float* const from[2] = {row + tap.halves[0], row + tap.halves[1]};
        const HalfV weight = hn::Set(d, tap.weight);
        ((sums[I] = hn::MulAdd(weight, hn::LoadU(d, from[I / kPerHalf % 2] + I * kLanes), sums[I])), ...);
    }
    (put_sum(sums[I], add, out + I * kLanes), ...);
}

// Tiles of `Lines` lines from sample `at` on, as many as there is room for. Returns where they end.
template <std::size_t Lines, typename Out>
HWY_INLINE std::int64_t across_tiles(std::span<const AcrossTap> taps, const float* row, const AcrossBlock& block,
                                     std::int64_t at, Out* out) {
    constexpr std::int64_t kTile = Lines * kLine;
    constexpr std::size_t kPerLine = kLine / hn::MaxLanes(Halves());
    for (; at + kTile <= block.samples; at += kTile)
        across_tile(taps, row + at, block.add, out + at, std::make_index_sequence<Lines * kPerLine>());
    return at;
}

template <typename Out>
HWY_INLINE void across_all(const AcrossRow& weights, const float* row, const AcrossBlock& all, Out* out) {
    constexpr std::size_t kLines = hn::MaxLanes(Halves()) < kHalfLine ? 3 : 6;  // 12 sums, or twice as many
    AcrossTap taps[kAcrossAtOnce];
    AcrossBlock block = all;
    const auto count = static_cast<std::int64_t>(weights.weights.size());
    for (std::int64_t first = 0; first < count; first += kAcrossAtOnce) {
        block.add = all.add || first > 0;
        const std::span group(taps, static_cast<std::size_t>(find_taps(weights, first, block.twin, taps)));
        std::int64_t at = 0;
        if constexpr (kManyRegisters) at = across_tiles<2 * kLines>(group, row, block, at, out);
        at = across_tiles<kLines>(group, row, block, at, out);
        at = across_tiles<1>(group, row, block, at, out);
        for (; at < block.samples; ++at) {
            float total = 0;
            for (const AcrossTap& tap : group) total += tap.weight * row[at + tap.halves[0]];
            out[at] = block.add ? static_cast<Out>(out[at] + total) : to_sample<Out>(total);
        }
    }
}
void AcrossSums(const AcrossRow& weights, const float* row, const AcrossBlock& block, float* out) {
    across_all(weights, row, block, out);
}
void AcrossBytes(const AcrossRow& weights, const float* row, const AcrossBlock& block, std::uint8_t* out) {
    across_all(weights, row, block, out);
}

}  // namespace convlens::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace convlens {

TwinRows::TwinRows(std::int64_t rows, std::int64_t samples) {
    // Two copies a row, the second one half a line further on; and not all rows in the same lines of the cache.
    const std::int64_t length = (samples + kLine - 1) / kLine * kLine + kLine;
    pitch_ = 2 * (length + kHalfLine);
    elements_.resize(static_cast<std::size_t>(rows * pitch_));
}

DownColumn down_column(std::span<const float> weights) {
    assert(is_down_column(static_cast<std::int64_t>(weights.size())));
    return {static_cast<std::int64_t>(weights.size()), weights_by_row_read(weights)};
}

HWY_EXPORT(DownSumsU8);
HWY_EXPORT(DownSumsU16);
HWY_EXPORT(DownSumsF32);
void down_sums(const DownColumn& column, const std::uint8_t* const* rows, const DownBlock& block, float* const* out) {
    assert(is_down_column(column.rows) && block.samples >= kLine);
    HWY_DYNAMIC_DISPATCH(DownSumsU8)(column, rows, block, out);
}
void down_sums(const DownColumn& column, const std::uint16_t* const* rows, const DownBlock& block, float* const* out) {
    assert(is_down_column(column.rows) && block.samples >= kLine);
    HWY_DYNAMIC_DISPATCH(DownSumsU16)(column, rows, block, out);
}
void down_sums(const DownColumn& column, const float* const* rows, const DownBlock& block, float* const* out) {
    assert(is_down_column(column.rows) && block.samples >= kLine);
    HWY_DYNAMIC_DISPATCH(DownSumsF32)(column, rows, block, out);
}

HWY_EXPORT(AcrossSums);
void across_sums(const AcrossRow& weights, const float* row, const AcrossBlock& block, float* out) {
    HWY_DYNAMIC_DISPATCH(AcrossSums)(weights, row, block, out);
}
HWY_EXPORT(AcrossBytes);
void across_sums(const AcrossRow& weights, const float* row, const AcrossBlock& block, std::uint8_t* out) {
    assert(static_cast<std::int64_t>(weights.weights.size()) <= kAcrossAtOnce && !block.add);
    HWY_DYNAMIC_DISPATCH(AcrossBytes)(weights, row, block, out);
}

}  // namespace convlens
#endif
