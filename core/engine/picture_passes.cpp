#include "core/engine/picture_passes.h"

#include <cassert>
#include <utility>

#include "core/engine/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/engine/picture_passes.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/engine/picture_tile-inl.h"

// What does not depend on the instruction set.
#ifndef CONVLENS_PICTURE_PASSES_ONCE
#define CONVLENS_PICTURE_PASSES_ONCE
namespace convlens {
namespace {
constexpr std::int64_t kLine = kCacheLine / sizeof(float);
constexpr std::int64_t kHalfLine = kLine / 2;
constexpr std::int64_t kGroup = 64;  // weights whose products are added in one go
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
HWY_INLINE void down_tile(std::span<const float> weights, const T* const* rows, std::int64_t at, std::int64_t twin,
                          float* const* out) {
    static_assert(kSumRows == 4);
    constexpr auto wide = std::make_index_sequence<Wide>();
    constexpr auto all = std::make_index_sequence<4 * Wide>();
    const auto count = static_cast<std::int64_t>(weights.size());
    const float* const w = weights.data();
    Tile<kSumRows, Wide> tile;
    clear(tile, all);
    add_to_rows<0>(tile, rows[0] + at, w, std::make_index_sequence<1>(), wide);
    add_to_rows<0>(tile, rows[1] + at, w + 1, std::make_index_sequence<2>(), wide);
    add_to_rows<0>(tile, rows[2] + at, w + 2, std::make_index_sequence<3>(), wide);
    for (std::int64_t u = 3; u < count; ++u)
        add_to_rows<0>(tile, rows[u] + at, w + u, std::make_index_sequence<4>(), wide);
    add_to_rows<1>(tile, rows[count] + at, w + count, std::make_index_sequence<3>(), wide);
    add_to_rows<2>(tile, rows[count + 1] + at, w + count + 1, std::make_index_sequence<2>(), wide);
    add_to_rows<3>(tile, rows[count + 2] + at, w + count + 2, std::make_index_sequence<1>(), wide);
    store_twice(tile, out, at, twin, all);
}

template <typename T>
HWY_INLINE void down_rows(std::span<const float> weights, const T* const* rows, const DownBlock& block,
                          float* const* out) {
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(Floats()));
    const std::int64_t tile = lanes * static_cast<std::int64_t>(kWide);
    std::int64_t at = 0;
    for (; at + tile <= block.samples; at += tile) {
        if (block.ahead) fetch_ahead(rows + weights.size() + kSumRows - 1, at, tile);
        down_tile<kWide>(weights, rows, at, block.twin, out);
    }
    for (; at + lanes <= block.samples; at += lanes) down_tile<1>(weights, rows, at, block.twin, out);
    if (at < block.samples) down_tile<1>(weights, rows, block.samples - lanes, block.twin, out);  // some once more
}
void DownSumsU8(std::span<const float> weights, const std::uint8_t* const* rows, const DownBlock& block,
                float* const* out) {
    down_rows(weights, rows, block, out);
}
void DownSumsU16(std::span<const float> weights, const std::uint16_t* const* rows, const DownBlock& block,
                 float* const* out) {
    down_rows(weights, rows, block, out);
}
void DownSumsF32(std::span<const float> weights, const float* const* rows, const DownBlock& block, float* const* out) {
    down_rows(weights, rows, block, out);
}

// Results of Lines lines of the cache, in vectors of half a line or less.
template <std::size_t Lines, std::size_t... I>
HWY_INLINE void across_tile(const AcrossRow& weights, const float* row, const AcrossBlock& block, float* out,
                            std::index_sequence<I...>) {
    const Halves d;
    constexpr std::size_t kLanes = hn::MaxLanes(d);
    constexpr std::size_t kPerHalf = kHalfLine / kLanes;
    const auto count = static_cast<std::int64_t>(weights.weights.size());
    for (std::int64_t begin = 0; begin < count; begin += kGroup) {
        HalfV sums[sizeof...(I)];
        ((sums[I] = hn::Zero(d)), ...);
        for (std::int64_t v = begin; v < std::min(begin + kGroup, count); ++v) {
            const std::int64_t shift = weights.shifts[static_cast<std::size_t>(v)];
            const std::int64_t in_line = shift % kLine;
            // Of the first half and the second half of every line.
            const float* const from[2] = {row + shift + (in_line > kHalfLine ? block.twin : 0),
                                          row + shift + (in_line > 0 && in_line < kHalfLine ? block.twin : 0)};
            const HalfV weight = hn::Set(d, weights.weights[static_cast<std::size_t>(v)]);
            ((sums[I] = hn::MulAdd(weight, hn::LoadU(d, from[I / kPerHalf % 2] + I * kLanes), sums[I])), ...);
        }
        if (begin > 0 || block.add) ((sums[I] = hn::Add(sums[I], hn::LoadU(d, out + I * kLanes))), ...);
        (hn::StoreU(sums[I], d, out + I * kLanes), ...);
    }
}

void AcrossSums(const AcrossRow& weights, const float* row, const AcrossBlock& block, float* out) {
    const std::int64_t samples = block.samples;
    constexpr std::size_t kPerLine = kLine / hn::MaxLanes(Halves());
    constexpr std::size_t kLines = kPerLine > 2 ? 3 : 6;
    constexpr std::int64_t kTile = kLines * kLine;
    std::int64_t at = 0;
    for (; at + kTile <= samples; at += kTile)
        across_tile<kLines>(weights, row + at, block, out + at, std::make_index_sequence<kLines * kPerLine>());
    for (; at + kLine <= samples; at += kLine)
        across_tile<1>(weights, row + at, block, out + at, std::make_index_sequence<kPerLine>());
    for (; at < samples; ++at) {
        float total = block.add ? out[at] : 0;
        for (std::size_t begin = 0; begin < weights.weights.size(); begin += kGroup) {
            float part = 0;
            for (std::size_t v = begin; v < std::min<std::size_t>(begin + kGroup, weights.weights.size()); ++v)
                part += weights.weights[v] * row[at + weights.shifts[v]];
            total += part;
        }
        out[at] = total;
    }
}

}  // namespace convlens::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace convlens {

TwinRows::TwinRows(std::int64_t rows, std::int64_t samples) {
    // Two copies a row, the second one half a line further on; and not all rows in the same lines of the cache.
    const std::int64_t length = (samples + kLine - 1) / kLine * kLine + kLine;
    pitch_ = 2 * (length + kHalfLine);
    numbers_.resize(static_cast<std::size_t>(rows * pitch_));
}

HWY_EXPORT(DownSumsU8);
HWY_EXPORT(DownSumsU16);
HWY_EXPORT(DownSumsF32);
void down_sums(std::span<const float> weights, const std::uint8_t* const* rows, const DownBlock& block,
               float* const* out) {
    assert(is_down_column(static_cast<std::int64_t>(weights.size())) && block.samples >= kLine);
    HWY_DYNAMIC_DISPATCH(DownSumsU8)(weights, rows, block, out);
}
void down_sums(std::span<const float> weights, const std::uint16_t* const* rows, const DownBlock& block,
               float* const* out) {
    assert(is_down_column(static_cast<std::int64_t>(weights.size())) && block.samples >= kLine);
    HWY_DYNAMIC_DISPATCH(DownSumsU16)(weights, rows, block, out);
}
void down_sums(std::span<const float> weights, const float* const* rows, const DownBlock& block, float* const* out) {
    assert(is_down_column(static_cast<std::int64_t>(weights.size())) && block.samples >= kLine);
    HWY_DYNAMIC_DISPATCH(DownSumsF32)(weights, rows, block, out);
}

HWY_EXPORT(AcrossSums);
void across_sums(const AcrossRow& weights, const float* row, const AcrossBlock& block, float* out) {
    HWY_DYNAMIC_DISPATCH(AcrossSums)(weights, row, block, out);
}

}  // namespace convlens
#endif
