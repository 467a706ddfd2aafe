#include "core/engine/picture_fft.h"

#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "core/engine/picture_fft_stages.h"
#include "core/engine/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/engine/picture_fft.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/engine/picture_fft-inl.h"

// What does not depend on the instruction set.
#ifndef CONVLENS_PICTURE_FFT_ONCE
#define CONVLENS_PICTURE_FFT_ONCE
namespace convlens {
namespace {
// Results of a pair of tiles: out_b may be null.
struct FftResults {
    float* out_a;
    float* out_b;
    std::size_t rows, cols;
};
}  // namespace
}  // namespace convlens
#endif

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
        const std::size_t at = row * kFftPoints;
        return {hn::PromoteTo(d, hn::LoadU(Samples(), a + at)),
                b ? hn::PromoteTo(d, hn::LoadU(Samples(), b + at)) : hn::Zero(d)};
    }
    HWY_INLINE Four operator()(std::size_t row, std::size_t quarter) const {
        return {{one(row), one(row + quarter), one(row + 2 * quarter), one(row + 3 * quarter)}};
    }
};

// And back, where a row of results is.
struct ToTiles {
    float* a;
    float* b;
    std::size_t rows;
    HWY_INLINE void operator()(std::size_t row, std::size_t quarter, const Four& values) const {
        const Samples d;
        for (std::size_t k = 0; k < 4; ++k) {
            const std::size_t at = row + k * quarter;
            if (at >= rows) return;
            hn::StoreU(hn::DemoteTo(d, values.at[k].real), d, a + at * kFftPoints);
            if (b) hn::StoreU(hn::DemoteTo(d, values.at[k].imaginary), d, b + at * kFftPoints);
        }
    }
};

// Rows [row, row + 4) of the columns from `first` on, into the strips of a tile.
HWY_INLINE void store_turned(Four rows, double* tile, std::size_t row, std::size_t first) {
    for (std::size_t part = 0; part < 4; part += kLanes) {
        double* to = tile + (row + part) / kLanes * kStrip + first * kPair;
        turn_square(rows.at + part);
        for (std::size_t i = 0; i < kLanes; ++i) store(rows.at[part + i], to + i * kPair);
    }
}
HWY_INLINE Four load_turned(const double* tile, std::size_t row, std::size_t first) {
    Four rows;
    for (std::size_t part = 0; part < 4; part += kLanes) {
        const double* from = tile + (row + part) / kLanes * kStrip + first * kPair;
        for (std::size_t i = 0; i < kLanes; ++i) rows.at[part + i] = load(from + i * kPair);
        turn_square(rows.at + part);
    }
    return rows;
}

void transform_columns(const float* a, const float* b, FftScratch& scratch) {
    const auto& [longest, middle, shortest] = fft_stages();
    double* columns = scratch.columns.data();
    for (std::size_t first = 0; first < kFftPoints; first += kLanes) {
        forward_pass(longest, FromTiles{a + first, b ? b + first : nullptr}, ToBlock{columns});
        forward_pass(middle, FromBlock{columns}, ToBlock{columns});
        forward_pass(shortest, FromBlock{columns}, ToBlock{columns});
        for (std::size_t i = 0; i < kFftPoints; i += 4)
            store_turned(forward_four(load_four(columns, i, 1)), scratch.tile.data(), i, first);
    }
}

// The columns from the first one on that hold results, back.
void columns_back(const FftResults& results, FftScratch& scratch) {
    const auto& [longest, middle, shortest] = fft_stages();
    double* columns = scratch.columns.data();
    for (std::size_t first = 0; first < results.cols; first += kLanes) {
        for (std::size_t i = 0; i < kFftPoints; i += 4)
            store_four(backward_four(load_turned(scratch.tile.data(), i, first)), columns, i, 1);
        backward_pass(shortest, FromBlock{columns}, ToBlock{columns});
        backward_pass(middle, FromBlock{columns}, ToBlock{columns});
        float* b = results.out_b ? results.out_b + first : nullptr;
        backward_pass(longest, FromBlock{columns}, ToTiles{results.out_a + first, b, results.rows});
    }
}

// Three of four passes along the rows of a strip, in place.
HWY_INLINE void strip_forward(double* strip) {
    for (const FftStage& stage : fft_stages()) forward_pass(stage, FromBlock{strip}, ToBlock{strip});
}
HWY_INLINE void strip_back(double* strip) {
    const auto& [longest, middle, shortest] = fft_stages();
    backward_pass(shortest, FromBlock{strip}, ToBlock{strip});
    backward_pass(middle, FromBlock{strip}, ToBlock{strip});
    backward_pass(longest, FromBlock{strip}, ToBlock{strip});
}

// The spectrum of a tile: conjugate, and divided by what the two ways come to.
void KernelSpectrum(const float* tile, double* spectrum, FftScratch& scratch) {
    transform_columns(tile, nullptr, scratch);
    const RealV scale = hn::Set(Reals(), 1.0 / (kFftPoints * kFftPoints));
    for (std::size_t at = 0; at < kFftPoints / kLanes; ++at, spectrum += kFftPoints * kPair) {
        double* strip = scratch.tile.data() + at * kStrip;
        strip_forward(strip);
        for (std::size_t i = 0; i < kFftPoints; i += 4) {
            Four values = forward_four(load_four(strip, i, 1));
            for (Complex& value : values.at)
                value = {hn::Mul(value.real, scale), hn::Neg(hn::Mul(value.imaginary, scale))};
            store_four(values, spectrum, i, 1);
        }
    }
}

void TileSums(const float* a, const float* b, const double* spectrum, const FftResults& results, FftScratch& scratch) {
    transform_columns(a, b, scratch);
    for (std::size_t at = 0; at < kFftPoints / kLanes; ++at, spectrum += kFftPoints * kPair) {
        double* strip = scratch.tile.data() + at * kStrip;
        strip_forward(strip);
        for (std::size_t i = 0; i < kFftPoints; i += 4) {
            Four values = forward_four(load_four(strip, i, 1));
            const Four kernel = load_four(spectrum, i, 1);
            for (std::size_t k = 0; k < 4; ++k) values.at[k] = times(values.at[k], kernel.at[k]);
            store_four(backward_four(values), strip, i, 1);
        }
        strip_back(strip);
    }
    columns_back(results, scratch);
}

}  // namespace
}  // namespace convlens::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace convlens {

FftStage::FftStage(std::size_t the_points) : points(the_points) {
    for (std::size_t j = 0; j < points / 4; ++j) {
        for (std::size_t power = 1; power <= 3; ++power) {
            const double angle = -2 * std::numbers::pi * static_cast<double>(j * power) / static_cast<double>(points);
            factors[6 * j + 2 * power - 2] = std::cos(angle);
            factors[6 * j + 2 * power - 1] = std::sin(angle);
        }
    }
}

const std::array<FftStage, 3>& fft_stages() {
    static_assert(kFftSide == 256);
    static const std::array<FftStage, 3> all{FftStage(256), FftStage(64), FftStage(16)};
    return all;
}

HWY_EXPORT(KernelSpectrum);
FftKernel::FftKernel(std::span<const float> weights_by_row, std::int64_t rows, std::int64_t cols, std::int64_t row_step,
                     std::int64_t col_step)
    : result_rows_(kFftSide - (rows - 1) * row_step),
      result_cols_(kFftSide - (cols - 1) * col_step),
      spectrum_(static_cast<std::size_t>(2 * kFftSide * kFftSide)) {
    std::vector<float> tile(static_cast<std::size_t>(kFftSide * kFftSide));
    for (std::int64_t u = 0; u < rows; ++u)
        for (std::int64_t v = 0; v < cols; ++v)
            tile[static_cast<std::size_t>(u * row_step * kFftSide + v * col_step)] =
                weights_by_row[static_cast<std::size_t>(u * cols + v)];
    FftScratch scratch;
    HWY_DYNAMIC_DISPATCH(KernelSpectrum)(tile.data(), spectrum_.data(), scratch);
}

HWY_EXPORT(TileSums);
void FftKernel::sums(const float* in_a, const float* in_b, float* out_a, float* out_b, FftScratch& scratch) const {
    const FftResults results{out_a, in_b ? out_b : nullptr, static_cast<std::size_t>(result_rows_),
                             static_cast<std::size_t>(result_cols_)};
    HWY_DYNAMIC_DISPATCH(TileSums)(in_a, in_b, spectrum_.data(), results, scratch);
}

}  // namespace convlens
#endif
