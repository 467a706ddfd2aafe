// Of a Fourier transform, what is the same for all instruction sets. Internal to fft.cpp.
#pragma once

#include <array>
#include <cstddef>

#include "core/engine/filter/fft.h"

namespace convlens {

inline constexpr std::size_t kFftPoints = kFftSide;

// How many a tile gives.
struct FftResults {
    std::size_t rows, cols;
};

// Of a pass over four elements at a time, in transforms of `Points` points: w, w^2, w^3 with w = exp(-2 pi i j / Points),
// for j = 0 .. Points/4 - 1, each as real and imaginary part.
template <std::size_t Points>
struct FftPass {
    std::array<double, 6 * Points / 4> factors{};
};

// The passes in their order forward. A last one, over four points, needs no factors.
struct FftPasses {
    static_assert(kFftSide == 256);
    FftPass<256> first;
    FftPass<64> second;
    FftPass<16> third;
};
const FftPasses& fft_passes();

}  // namespace convlens
