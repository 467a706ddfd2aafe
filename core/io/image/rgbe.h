// A pixel of Radiance images: three bytes of colour and the exponent that they share.
//
// A byte m under the exponent byte e means m * 2^(e - 136), so that a pixel of (200, 100, 3) under 129 is (1.5625,
// 0.78125, 0.0234375). Radiance's own reader (colrval in G. Ward's "Real Pixels", Graphics Gems II) takes m + 0.5, since
// its writer drops what is behind the point. B. Walter's rgbe.c, OpenCV, stb_image and this program take m itself, so that
// 0 and 1 stay 0 and 1; what is nearest to that is written.
#pragma once

#include <array>
#include <cstdint>

namespace convlens {

using Rgbe = std::array<std::uint8_t, 4>;      // red, green, blue, exponent
using RgbColour = std::array<float, 3>;        // red, green, blue; 1 is white
inline constexpr double kMostRgbe = 0xffp119;  // 255 * 2^(255 - 136), the greatest number

// Each colour is rounded to the nearest multiple of the pixel's unit, which is 1/128 or less of its greatest colour. Below
// 0 and NaN become 0, what is above kMostRgbe becomes kMostRgbe; a pixel whose colours are all below 2^-128 is black.
Rgbe to_rgbe(const RgbColour& colour);
RgbColour to_colour(const Rgbe& pixel);

}  // namespace convlens
