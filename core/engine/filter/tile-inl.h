// Samples as vectors of float32, and a tile of sums in registers, rows of vectors side by side: for sums.cpp,
// passes.cpp and box.cpp, which include this once for each instruction set.
//
// Example: a column of the weights a, b, c, and a tile of four rows of results. Six rows are read, each of them once, for
// the rows of sums that stand below it here:
//
//   row read   0   1   2   3   4   5
//   sums 0     a   b   c
//   sums 1         a   b   c
//   sums 2             a   b   c
//   sums 3                 a   b   c
//
// For row 2, add_to_rows<0> with three rows is given a pointer to c: sums 0 meet c, sums 1 the weight before, sums 2 the
// one before that. For row 4, add_to_rows<2> with two rows is given a pointer two weights behind c: sums 2 meet c, sums 3
// meet b.
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <utility>

#include "core/base/aligned.h"
#include "core/engine/filter/sums.h"

HWY_BEFORE_NAMESPACE();
namespace convlens::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Floats = hn::ScalableTag<float>;
using FloatV = hn::Vec<Floats>;

// Vectors side by side in a tile: kSumRows times as many sums must stay in registers, with room for what is read.
#if HWY_TARGET == HWY_AVX3
inline constexpr std::size_t kWide = 6;
#elif HWY_TARGET == HWY_NEON
inline constexpr std::size_t kWide = 5;
#else
inline constexpr std::size_t kWide = 3;
#endif
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_NEON
inline constexpr bool kManyRegisters = true;  // 32; else 16
#else
inline constexpr bool kManyRegisters = false;
#endif

// As float32 what stands at `from`.
HWY_INLINE FloatV read_floats(const float* from) { return hn::LoadU(Floats(), from); }
template <typename T>
HWY_INLINE FloatV read_floats(const T* from) {
    const hn::RebindToSigned<Floats> whole;
    return hn::ConvertTo(Floats(), hn::PromoteTo(whole, hn::LoadU(hn::Rebind<T, Floats>(), from)));
}

// Sums of Rows x Wide vectors. The indices are known to the compiler, so that they stay in registers.
template <std::size_t Rows, std::size_t Wide>
struct Tile {
    FloatV sums[Rows * Wide];
    HWY_INLINE Tile() = default;  // one of the compiler's own would not have the instruction set
};

template <std::size_t Rows, std::size_t Wide, std::size_t... I>
HWY_INLINE void clear(Tile<Rows, Wide>& tile, std::index_sequence<I...>) {
    ((tile.sums[I] = hn::Zero(Floats())), ...);
}

// sums of row R += weight * what was read.
template <std::size_t R, std::size_t Rows, std::size_t Wide, std::size_t... J>
HWY_INLINE void add_products(Tile<Rows, Wide>& tile, FloatV weight, const FloatV* read, std::index_sequence<J...>) {
    ((tile.sums[R * Wide + J] = hn::MulAdd(weight, read[J], tile.sums[R * Wide + J])), ...);
}

// What stands at `from`, for the rows of sums First, First + 1, ...: row R with the weight at `weight` - R.
template <std::size_t First, std::size_t Rows, std::size_t Wide, typename T, std::size_t... R, std::size_t... J>
HWY_INLINE void add_to_rows(Tile<Rows, Wide>& tile, const T* from, const float* weight, std::index_sequence<R...>,
                            std::index_sequence<J...> wide) {
    const Floats d;
    const FloatV read[Wide] = {read_floats(from + J * hn::Lanes(d))...};
    (add_products<First + R>(tile, hn::Set(d, *(weight - static_cast<std::ptrdiff_t>(First + R))), read, wide), ...);
}

// Prefetches what stands at [at, at + samples) of kSumRows rows, which the next block reads beyond those of this one.
template <typename T>
HWY_INLINE void prefetch_ahead(const T* const* rows, std::int64_t at, std::int64_t samples) {
    constexpr std::int64_t kStep = kCacheLine / sizeof(T);
    for (std::int64_t r = 0; r < kSumRows; ++r)
        for (std::int64_t i = 0; i < samples; i += kStep) hwy::Prefetch(rows[r] + at + i);
}

}  // namespace
}  // namespace convlens::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
