#include "core/io/image/rgbe.h"

#include <algorithm>
#include <cmath>

namespace convlens {

namespace {

constexpr int kBias = 128 + 8;  // of the exponent, and of bytes as fractions

float within(float value) {
    if (!(value > 0)) return 0;  // NaN, too
    return std::min(value, static_cast<float>(kMostRgbe));
}

}  // namespace

Rgbe to_rgbe(const RgbColour& colour) {
    const RgbColour held = {within(colour[0]), within(colour[1]), within(colour[2])};
    const float greatest = *std::ranges::max_element(held);
    if (greatest == 0) return {};
    int exponent = 0;  // of a power of 2 above `greatest`
    std::frexp(greatest, &exponent);
    const auto mantissa = [&](float value) { return std::lrint(std::ldexp(static_cast<double>(value), 8 - exponent)); };
    if (mantissa(greatest) > 255) ++exponent;
    // Such a pixel's bytes would all be small, and 1, 1, 1 means a repeated pixel in the older way of Radiance.
    if (exponent + 128 < 1) return {};
    Rgbe pixel{};
    std::ranges::transform(held, pixel.begin(),
                           [&](float value) { return static_cast<std::uint8_t>(mantissa(value)); });
    pixel[3] = static_cast<std::uint8_t>(exponent + 128);
    return pixel;
}

RgbColour to_colour(const Rgbe& pixel) {
    const float unit = pixel[3] == 0 ? 0 : std::ldexp(1.0F, static_cast<int>(pixel[3]) - kBias);
    return {static_cast<float>(pixel[0]) * unit, static_cast<float>(pixel[1]) * unit,
            static_cast<float>(pixel[2]) * unit};
}

}  // namespace convlens
