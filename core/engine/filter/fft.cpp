#include "core/engine/filter/fft.h"

#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "core/engine/filter/fft_passes.h"
#include "core/engine/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/engine/filter/fft.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/engine/filter/fft-inl.h"

HWY_BEFORE_NAMESPACE();
namespace convlens::HWY_NAMESPACE {
namespace {

using Samples = hn::Rebind<float, Reals>;
constexpr std::size_t kStrip = kFftPoints * kPair + FftScratch::kApart;  // from strip to strip of a tile

// Columns of two tiles, the second as imaginary part; b may be null.
struct FromTiles {
    const float* a;
    const float* b;
    HWY_INLINE Complex one(std::size_t row) const {
        const Reals d;
        const std::size_t at = row * kFftPitch;
        return {hn::PromoteTo(d, hn::LoadU(Samples(), a + at)),
                b ? hn::PromoteTo(d, hn::LoadU(Samples(), b + at)) : hn::Zero(d)};
    }
    template <std::size_t Quarter>
    HWY_INLINE Four read(std::size_t row) const {
        return {{one(row), one(row + Quarter), one(row + 2 * Quarter), one(row + 3 * Quarter)}};
    }
};

// And back, where a row of results is.
struct ToTiles {
    float* a;
    float* b;
    std::size_t rows;
    template <std::size_t Quarter>
    HWY_INLINE void write(std::size_t row, const Four& values) const {
        const Samples d;
        for (std::size_t k = 0; k < 4; ++k) {
            const std::size_t at = row + k * Quarter;
            if (at >= rows) return;
            hn::StoreU(hn::DemoteTo(d, values.at[k].real), d, a + at * kFftPitch);
            if (b) hn::StoreU(hn::DemoteTo(d, values.at[k].imaginary), d, b + at * kFftPitch);
        }
    }
};

// Rows [row, row + 4) of the columns from `first` on, into the strips of a tile.
HWY_INLINE void store_transposed(Four rows, double* tile, std::size_t row, std::size_t first) {
    for (std::size_t part = 0; part < 4; part += kLanes) {
        double* to = tile + (row + part) / kLanes * kStrip + first * kPair;
        transpose_square(rows.at + part);
        for (std::size_t i = 0; i < kLanes; ++i) store(rows.at[part + i], to + i * kPair);
    }
}
HWY_INLINE Four load_transposed(const double* tile, std::size_t row, std::size_t first) {
    Four rows;
    for (std::size_t part = 0; part < 4; part += kLanes) {
        const double* from = tile + (row + part) / kLanes * kStrip + first * kPair;
        for (std::size_t i = 0; i < kLanes; ++i) rows.at[part + i] = load(from + i * kPair);
        transpose_square(rows.at + part);
    }
    return rows;
}

void transform_columns(const float* a, const float* b, FftScratch& scratch) {
    const FftPasses& passes = fft_passes();
    const Block columns{scratch.columns.data()};
    for (std::size_t first = 0; first < kFftPoints; first += kLanes) {
        forward_pass(passes.first, FromTiles{a + first, b ? b + first : nullptr}, columns);
        forward_pass(passes.second, columns, columns);
        forward_pass(passes.third, columns, columns);
        for (std::size_t i = 0; i < kFftPoints; i += 4)
            store_transposed(forward_four(columns.read<1>(i)), scratch.tile.data(), i, first);
    }
}

// The columns from the first one on that hold results, back.
void columns_back(float* a, float* b, const FftResults& results, FftScratch& scratch) {
    const FftPasses& passes = fft_passes();
    const Block columns{scratch.columns.data()};
    for (std::size_t first = 0; first < results.cols; first += kLanes) {
        for (std::size_t i = 0; i < kFftPoints; i += 4)
            columns.write<1>(i, backward_four(load_transposed(scratch.tile.data(), i, first)));
        backward_pass(passes.third, columns, columns);
        backward_pass(passes.second, columns, columns);
        backward_pass(passes.first, columns, ToTiles{a + first, b ? b + first : nullptr, results.rows});
    }
}

// All passes along the rows of a strip but the last one.
HWY_INLINE void strip_forward(const Block& strip) {
    const FftPasses& passes = fft_passes();
    forward_pass(passes.first, strip, strip);
    forward_pass(passes.second, strip, strip);
    forward_pass(passes.third, strip, strip);
}
HWY_INLINE void strip_back(const Block& strip) {
    const FftPasses& passes = fft_passes();
    backward_pass(passes.third, strip, strip);
    backward_pass(passes.second, strip, strip);
    backward_pass(passes.first, strip, strip);
}

// The spectrum of a tile: conjugate, and divided by the factor that a transform forward and backward comes to.
void KernelSpectrum(const float* tile, double* spectrum, FftScratch& scratch) {
    transform_columns(tile, nullptr, scratch);
    const RealV scale = hn::Set(Reals(), 1.0 / (kFftPoints * kFftPoints));
    for (std::size_t at = 0; at < kFftPoints / kLanes; ++at, spectrum += kFftPoints * kPair) {
        const Block strip{scratch.tile.data() + at * kStrip};
        strip_forward(strip);
        for (std::size_t i = 0; i < kFftPoints; i += 4) {
            Four values = forward_four(strip.read<1>(i));
            for (Complex& value : values.at)
                value = {hn::Mul(value.real, scale), hn::Neg(hn::Mul(value.imaginary, scale))};
            store_four<1>(values, spectrum, i);
        }
    }
}

void TileSums(float* a, float* b, const double* spectrum, const FftResults& results, FftScratch& scratch) {
    transform_columns(a, b, scratch);
    for (std::size_t at = 0; at < kFftPoints / kLanes; ++at, spectrum += kFftPoints * kPair) {
        const Block strip{scratch.tile.data() + at * kStrip};
        strip_forward(strip);
        for (std::size_t i = 0; i < kFftPoints; i += 4) {
            Four values = forward_four(strip.read<1>(i));
            const Four kernel = load_four<1>(spectrum, i);
            for (std::size_t k = 0; k < 4; ++k) values.at[k] = times(values.at[k], kernel.at[k]);
            strip.write<1>(i, backward_four(values));
        }
        strip_back(strip);
    }
    columns_back(a, b, results, scratch);
}

}  // namespace
}  // namespace convlens::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace convlens {

namespace {
template <std::size_t Points>
FftPass<Points> fft_pass() {
    FftPass<Points> pass;
    for (std::size_t j = 0; j < Points / 4; ++j) {
        for (std::size_t power = 1; power <= 3; ++power) {
            const double angle = -2 * std::numbers::pi * static_cast<double>(j * power) / static_cast<double>(Points);
            pass.factors[6 * j + 2 * power - 2] = std::cos(angle);
            pass.factors[6 * j + 2 * power - 1] = std::sin(angle);
        }
    }
    return pass;
}
}  // namespace

const FftPasses& fft_passes() {
    static const FftPasses passes{fft_pass<256>(), fft_pass<64>(), fft_pass<16>()};
    return passes;
}

HWY_EXPORT(KernelSpectrum);
FftKernel::FftKernel(std::span<const float> weights_by_row, std::int64_t rows, std::int64_t cols, std::int64_t row_step,
                     std::int64_t col_step)
    : result_rows_(kFftSide - (rows - 1) * row_step),
      result_cols_(kFftSide - (cols - 1) * col_step),
      spectrum_(static_cast<std::size_t>(2 * kFftSide * kFftSide)) {
    std::vector<float> tile(static_cast<std::size_t>(kFftTile));
    for (std::int64_t u = 0; u < rows; ++u)
        for (std::int64_t v = 0; v < cols; ++v)
            tile[static_cast<std::size_t>(u * row_step * kFftPitch + v * col_step)] =
                weights_by_row[static_cast<std::size_t>(u * cols + v)];
    FftScratch scratch;
    HWY_DYNAMIC_DISPATCH(KernelSpectrum)(tile.data(), spectrum_.data(), scratch);
}

HWY_EXPORT(TileSums);
void FftKernel::sums(float* a, float* b, FftScratch& scratch) const {
    HWY_DYNAMIC_DISPATCH(TileSums)
    (a, b, spectrum_.data(), {static_cast<std::size_t>(result_rows_), static_cast<std::size_t>(result_cols_)}, scratch);
}

}  // namespace convlens
#endif
