#include "core/engine/picture_fft.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "core/engine/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/engine/picture_fft.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

// What does not depend on the instruction set.
#ifndef CONVLENS_PICTURE_FFT_ONCE
#define CONVLENS_PICTURE_FFT_ONCE
namespace convlens {
namespace {

// Twiddle factors of one radix-4 stage over n points: w, w^2, w^3 with w = exp(-2 pi i j / n), for j = 0 .. n/4 - 1.
struct Twiddles {
    std::array<double, 6 * kFftSide / 4> of{};
    explicit Twiddles(std::int64_t n) {
        for (std::int64_t j = 0; j < n / 4; ++j) {
            for (std::int64_t power = 1; power <= 3; ++power) {
                const double angle = -2 * std::numbers::pi * static_cast<double>(j * power) / static_cast<double>(n);
                of[static_cast<std::size_t>(6 * j + 2 * power - 2)] = std::cos(angle);
                of[static_cast<std::size_t>(6 * j + 2 * power - 1)] = std::sin(angle);
            }
        }
    }
};

struct Stage {
    std::int64_t points = 0;
    Twiddles twiddles;
};

// The stages of a transform of kFftSide points, the longest first; the last one, of four points, needs no factors.
const std::array<Stage, 3>& stages() {
    static_assert(kFftSide == 256);
    static const std::array<Stage, 3> all{Stage{256, Twiddles(256)}, Stage{64, Twiddles(64)}, Stage{16, Twiddles(16)}};
    return all;
}

// A block of columns, a vector wide, in memory of its own: real and imaginary parts of kFftSide rows.
struct Columns {
    double* real;
    double* imaginary;
};

// A spectrum: by blocks of columns, each kFftSide rows of a vector.
template <typename Real>
struct Spectrum {
    Real* real;
    Real* imaginary;
};

}  // namespace
}  // namespace convlens
#endif

HWY_BEFORE_NAMESPACE();
namespace convlens::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Reals = hn::CappedTag<double, FftScratch::kMostLanes>;  // wider ones gain nothing and fill the nearest cache
using RealV = hn::Vec<Reals>;

struct Complex {
    RealV real, imaginary;
};

HWY_INLINE Complex load(const Columns& at, std::size_t i) {
    const Reals d;
    return {hn::Load(d, at.real + i), hn::Load(d, at.imaginary + i)};
}
HWY_INLINE void store(Complex value, const Columns& at, std::size_t i) {
    const Reals d;
    hn::Store(value.real, d, at.real + i);
    hn::Store(value.imaginary, d, at.imaginary + i);
}
HWY_INLINE Complex add(Complex a, Complex b) { return {hn::Add(a.real, b.real), hn::Add(a.imaginary, b.imaginary)}; }
HWY_INLINE Complex subtract(Complex a, Complex b) {
    return {hn::Sub(a.real, b.real), hn::Sub(a.imaginary, b.imaginary)};
}
HWY_INLINE Complex add_turned(Complex a, Complex b) {  // a + i b
    return {hn::Sub(a.real, b.imaginary), hn::Add(a.imaginary, b.real)};
}
HWY_INLINE Complex subtract_turned(Complex a, Complex b) {  // a - i b
    return {hn::Add(a.real, b.imaginary), hn::Sub(a.imaginary, b.real)};
}
HWY_INLINE Complex times(Complex a, Complex b) {
    return {hn::NegMulAdd(a.imaginary, b.imaginary, hn::Mul(a.real, b.real)),
            hn::MulAdd(a.real, b.imaginary, hn::Mul(a.imaginary, b.real))};
}
HWY_INLINE Complex times_conjugate(Complex a, Complex b) {
    return {hn::MulAdd(a.imaginary, b.imaginary, hn::Mul(a.real, b.real)),
            hn::NegMulAdd(a.real, b.imaginary, hn::Mul(a.imaginary, b.real))};
}

struct FourFactors {
    Complex w[3];
};
HWY_INLINE FourFactors factors(const Stage& stage, std::int64_t j) {
    const Reals d;
    const double* of = stage.twiddles.of.data() + 6 * j;
    return {{{hn::Set(d, of[0]), hn::Set(d, of[1])},
             {hn::Set(d, of[2]), hn::Set(d, of[3])},
             {hn::Set(d, of[4]), hn::Set(d, of[5])}}};
}

// Decimation in frequency: natural order in, digits of the index reversed out.
HWY_INLINE void forward_four(const Columns& at, std::size_t i, std::size_t quarter, const FourFactors* w) {
    const Complex a0 = load(at, i), a1 = load(at, i + quarter);
    const Complex a2 = load(at, i + 2 * quarter), a3 = load(at, i + 3 * quarter);
    const Complex even = add(a0, a2), odd = add(a1, a3);
    const Complex even_less = subtract(a0, a2), odd_less = subtract(a1, a3);
    const Complex b1 = subtract_turned(even_less, odd_less);
    const Complex b2 = subtract(even, odd);
    const Complex b3 = add_turned(even_less, odd_less);
    store(add(even, odd), at, i);
    store(w ? times(b1, w->w[0]) : b1, at, i + quarter);
    store(w ? times(b2, w->w[1]) : b2, at, i + 2 * quarter);
    store(w ? times(b3, w->w[2]) : b3, at, i + 3 * quarter);
}

// The way back, times 4.
HWY_INLINE void backward_four(const Columns& at, std::size_t i, std::size_t quarter, const FourFactors* w) {
    const Complex b0 = load(at, i);
    Complex b1 = load(at, i + quarter), b2 = load(at, i + 2 * quarter), b3 = load(at, i + 3 * quarter);
    if (w) {
        b1 = times_conjugate(b1, w->w[0]);
        b2 = times_conjugate(b2, w->w[1]);
        b3 = times_conjugate(b3, w->w[2]);
    }
    const Complex even = add(b0, b2), even_less = add(b1, b3);
    const Complex odd = subtract(b0, b2), odd_less = subtract(b1, b3);
    store(add(even, even_less), at, i);
    store(add_turned(odd, odd_less), at, i + quarter);
    store(subtract(even, even_less), at, i + 2 * quarter);
    store(subtract_turned(odd, odd_less), at, i + 3 * quarter);
}

template <typename Four>
HWY_INLINE void run_stage(const Stage& stage, const Columns& at, const Four& four) {
    const std::size_t lanes = hn::Lanes(Reals());
    const std::int64_t quarter = stage.points / 4;
    for (std::int64_t j = 0; j < quarter; ++j) {
        const FourFactors w = factors(stage, j);
        for (std::int64_t block = j; block < kFftSide; block += stage.points)
            four(at, static_cast<std::size_t>(block) * lanes, static_cast<std::size_t>(quarter) * lanes, &w);
    }
}

void forward(const Columns& at) {
    const std::size_t lanes = hn::Lanes(Reals());
    for (const Stage& stage : stages())
        run_stage(stage, at, [](const Columns& c, std::size_t i, std::size_t q, const FourFactors* w) HWY_ATTR {
            forward_four(c, i, q, w);
        });
    for (std::size_t i = 0; i < kFftSide; i += 4) forward_four(at, i * lanes, lanes, nullptr);
}

void backward(const Columns& at) {
    const std::size_t lanes = hn::Lanes(Reals());
    for (std::size_t i = 0; i < kFftSide; i += 4) backward_four(at, i * lanes, lanes, nullptr);
    for (auto stage = stages().rbegin(); stage != stages().rend(); ++stage)
        run_stage(*stage, at, [](const Columns& c, std::size_t i, std::size_t q, const FourFactors* w) HWY_ATTR {
            backward_four(c, i, q, w);
        });
}

// Turns a square of Lanes() x Lanes() numbers over its diagonal.
HWY_INLINE void turn_square(const double* from, std::size_t from_pitch, double* to, std::size_t to_pitch) {
    const Reals d;
#if HWY_MAX_BYTES >= 32
    const RealV row0 = hn::Load(d, from), row1 = hn::Load(d, from + from_pitch);
    const RealV row2 = hn::Load(d, from + 2 * from_pitch), row3 = hn::Load(d, from + 3 * from_pitch);
    const RealV even01 = hn::InterleaveLower(d, row0, row1), odd01 = hn::InterleaveUpper(d, row0, row1);
    const RealV even23 = hn::InterleaveLower(d, row2, row3), odd23 = hn::InterleaveUpper(d, row2, row3);
    hn::Store(hn::ConcatLowerLower(d, even23, even01), d, to);
    hn::Store(hn::ConcatLowerLower(d, odd23, odd01), d, to + to_pitch);
    hn::Store(hn::ConcatUpperUpper(d, even23, even01), d, to + 2 * to_pitch);
    hn::Store(hn::ConcatUpperUpper(d, odd23, odd01), d, to + 3 * to_pitch);
#elif HWY_TARGET == HWY_SCALAR
    hn::Store(hn::Load(d, from), d, to);
    static_cast<void>(from_pitch), static_cast<void>(to_pitch);
#else
    const RealV row0 = hn::Load(d, from), row1 = hn::Load(d, from + from_pitch);
    hn::Store(hn::InterleaveLower(d, row0, row1), d, to);
    hn::Store(hn::InterleaveUpper(d, row0, row1), d, to + to_pitch);
#endif
}

// The tile is kept turned: row x of it holds the transform of column x.
HWY_INLINE void write_turned(const double* columns, double* tile, std::size_t first) {
    const std::size_t lanes = hn::Lanes(Reals());
    for (std::size_t row = 0; row < kFftSide; row += lanes)
        turn_square(columns + row * lanes, lanes, tile + first * FftScratch::kPitch + row, FftScratch::kPitch);
}
HWY_INLINE void read_turned(double* columns, const double* tile, std::size_t first) {
    const std::size_t lanes = hn::Lanes(Reals());
    for (std::size_t row = 0; row < kFftSide; row += lanes)
        turn_square(tile + first * FftScratch::kPitch + row, FftScratch::kPitch, columns + row * lanes, lanes);
}

// Columns of two real tiles, transformed, into the turned tile.
void transform_columns(const float* a, const float* b, FftScratch& scratch) {
    const Reals d;
    const hn::Rebind<float, Reals> narrow;
    const std::size_t lanes = hn::Lanes(d);
    const Columns at{scratch.columns_real.data(), scratch.columns_imaginary.data()};
    for (std::size_t first = 0; first < kFftSide; first += lanes) {
        for (std::size_t row = 0; row < kFftSide; ++row) {
            const std::size_t from = row * kFftSide + first;
            hn::Store(hn::PromoteTo(d, hn::LoadU(narrow, a + from)), d, at.real + row * lanes);
            hn::Store(b ? hn::PromoteTo(d, hn::LoadU(narrow, b + from)) : hn::Zero(d), d, at.imaginary + row * lanes);
        }
        forward(at);
        write_turned(at.real, scratch.tile_real.data(), first);
        write_turned(at.imaginary, scratch.tile_imaginary.data(), first);
    }
}

// Calls use(columns, block) with every block of columns of the turned tile, transformed.
template <typename Use>
HWY_INLINE void transform_rows(FftScratch& scratch, const Use& use) {
    const Reals d;
    const std::size_t lanes = hn::Lanes(d);
    const Columns at{scratch.columns_real.data(), scratch.columns_imaginary.data()};
    for (std::size_t first = 0; first < kFftSide; first += lanes) {
        double* real = scratch.tile_real.data() + first;
        double* imaginary = scratch.tile_imaginary.data() + first;
        for (std::size_t row = 0; row < kFftSide; ++row) {
            hn::Store(hn::Load(d, real + row * FftScratch::kPitch), d, at.real + row * lanes);
            hn::Store(hn::Load(d, imaginary + row * FftScratch::kPitch), d, at.imaginary + row * lanes);
        }
        forward(at);
        use(at, first);
    }
}

// The spectrum of a tile: conjugate, and divided by what the two ways come to.
void KernelSpectrum(const float* tile, const Spectrum<double>& to, FftScratch& scratch) {
    transform_columns(tile, nullptr, scratch);
    const std::size_t lanes = hn::Lanes(Reals());
    constexpr double kScale = 1.0 / (kFftSide * kFftSide);
    transform_rows(scratch, [&](const Columns& at, std::size_t first) {
        for (std::size_t i = 0; i < kFftSide * lanes; ++i) {
            to.real[first * kFftSide + i] = at.real[i] * kScale;
            to.imaginary[first * kFftSide + i] = -at.imaginary[i] * kScale;
        }
    });
}

void multiply(const Columns& at, const double* real, const double* imaginary) {
    const Reals d;
    const std::size_t lanes = hn::Lanes(d);
    for (std::size_t i = 0; i < kFftSide * lanes; i += lanes)
        store(times(load(at, i), {hn::LoadU(d, real + i), hn::LoadU(d, imaginary + i)}), at, i);
}

void TileSums(const float* a, const float* b, const Spectrum<const double>& kernel, std::int64_t result_rows,
              std::int64_t result_cols, float* out_a, float* out_b, FftScratch& scratch) {
    const Reals d;
    const hn::Rebind<float, Reals> narrow;
    const std::size_t lanes = hn::Lanes(d);
    transform_columns(a, b, scratch);
    transform_rows(scratch, [&](const Columns& at, std::size_t first) HWY_ATTR {
        multiply(at, kernel.real + first * kFftSide, kernel.imaginary + first * kFftSide);
        backward(at);
        double* real = scratch.tile_real.data() + first;
        double* imaginary = scratch.tile_imaginary.data() + first;
        for (std::size_t row = 0; row < kFftSide; ++row) {
            hn::Store(hn::Load(d, at.real + row * lanes), d, real + row * FftScratch::kPitch);
            hn::Store(hn::Load(d, at.imaginary + row * lanes), d, imaginary + row * FftScratch::kPitch);
        }
    });
    const Columns at{scratch.columns_real.data(), scratch.columns_imaginary.data()};
    for (std::size_t first = 0; first < static_cast<std::size_t>(result_cols); first += lanes) {
        read_turned(at.real, scratch.tile_real.data(), first);
        read_turned(at.imaginary, scratch.tile_imaginary.data(), first);
        backward(at);
        for (std::size_t row = 0; row < static_cast<std::size_t>(result_rows); ++row) {
            const std::size_t to = row * kFftSide + first;
            hn::StoreU(hn::DemoteTo(narrow, hn::Load(d, at.real + row * lanes)), narrow, out_a + to);
            if (b) hn::StoreU(hn::DemoteTo(narrow, hn::Load(d, at.imaginary + row * lanes)), narrow, out_b + to);
        }
    }
}

}  // namespace convlens::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace convlens {

HWY_EXPORT(KernelSpectrum);
FftKernel::FftKernel(std::span<const float> weights_by_row, std::int64_t rows, std::int64_t cols, std::int64_t row_step,
                     std::int64_t col_step)
    : result_rows_(kFftSide - (rows - 1) * row_step),
      result_cols_(kFftSide - (cols - 1) * col_step),
      real_(static_cast<std::size_t>(kFftSide * kFftSide)),
      imaginary_(real_.size()) {
    std::vector<float> tile(real_.size());
    for (std::int64_t u = 0; u < rows; ++u)
        for (std::int64_t v = 0; v < cols; ++v)
            tile[static_cast<std::size_t>(u * row_step * kFftSide + v * col_step)] =
                weights_by_row[static_cast<std::size_t>(u * cols + v)];
    FftScratch scratch;
    HWY_DYNAMIC_DISPATCH(KernelSpectrum)(tile.data(), {real_.data(), imaginary_.data()}, scratch);
}

HWY_EXPORT(TileSums);
void FftKernel::sums(const float* in_a, const float* in_b, float* out_a, float* out_b, FftScratch& scratch) const {
    const Spectrum<const double> spectrum{real_.data(), imaginary_.data()};
    HWY_DYNAMIC_DISPATCH(TileSums)
    (in_a, in_b, spectrum, result_rows_, result_cols_, out_a, out_b, scratch);
}

}  // namespace convlens
#endif
