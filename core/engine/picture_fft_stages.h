// Factors of the passes of a Fourier transform, the same for all instruction sets. Internal to picture_fft.cpp.
#pragma once

#include <array>
#include <cstddef>

#include "core/engine/picture_fft.h"

namespace convlens {

inline constexpr std::size_t kFftPoints = kFftSide;

// One pass of four numbers at a time, over transforms of `points` points: w, w^2, w^3 with w = exp(-2 pi i j / points),
// for j = 0 .. points/4 - 1, each as real and imaginary part.
struct FftStage {
    std::size_t points = 0;
    std::array<double, 6 * kFftPoints / 4> factors{};
    explicit FftStage(std::size_t the_points);
};

// The passes, the longest first. The last one, over four points, needs no factors and is none of them.
const std::array<FftStage, 3>& fft_stages();

}  // namespace convlens
