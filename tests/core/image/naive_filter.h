// What filter() must compute, as plainly as it can be written: float64, one sample at a time.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>

#include "core/conv/pad.h"
#include "core/image/filter.h"

namespace convlens::test {

inline constexpr PadMode kBorders[] = {PadMode::zeros,   PadMode::constant,  PadMode::replicate,
                                       PadMode::reflect, PadMode::symmetric, PadMode::circular};

struct NaiveSum {
    double value = 0;  // with divisor and offset, neither clamped nor rounded
    double size = 0;   // the sum of |weight * sample| and the offset: what errors are measured by
};

// One sample of the result for pictures without transparency.
inline NaiveSum naive_sum(const Image& image, const FilterStep& step, std::int64_t out_x, std::int64_t out_y,
                          int channel) {
    const Kernel& kernel = step.kernel;
    NaiveSum sum;
    for (std::int64_t row = 0; row < kernel.rows; ++row) {
        for (std::int64_t col = 0; col < kernel.cols; ++col) {
            // The kernel's own middle lies on the pixel, turned or not.
            const std::int64_t down = step.flip ? kernel.rows / 2 - row : row - kernel.rows / 2;
            const std::int64_t right = step.flip ? kernel.cols / 2 - col : col - kernel.cols / 2;
            const auto y = source_index(out_y * step.stride + down * step.dilation, image.height(), step.border);
            const auto x = source_index(out_x * step.stride + right * step.dilation, image.width(), step.border);
            const double outside = step.border == PadMode::constant ? step.border_value : 0;
            const double sample = y && x ? image.sample(*x, *y, channel) : outside;
            const double weight = kernel.at(row, col) / kernel.divisor;
            if (weight == 0) continue;
            sum.value += weight * sample;
            sum.size += std::abs(weight * sample);
        }
    }
    const double offset = kernel.offset * white(image.depth());
    return {sum.value + offset, sum.size + std::abs(offset)};
}

// Whether `got`, a sample of depth `depth`, is what `sum` comes to: rounding errors of float32 are allowed for, and
// near a boundary between two whole numbers either of them.
inline bool is_near(double got, const NaiveSum& sum, Depth depth) {
    const double error = 1e-5 * std::max(1.0, sum.size);
    if (depth == Depth::f32)
        return std::abs(got - sum.value) <= error || (std::isnan(got) && std::isnan(sum.value)) || got == sum.value;
    const auto rounded = [&](double value) { return std::nearbyint(std::clamp(value, least(depth), most(depth))); };
    return got >= rounded(sum.value - error) && got <= rounded(sum.value + error);
}

inline Image random_image(std::int64_t width, std::int64_t height, int channels, Depth depth, unsigned seed) {
    std::mt19937 random(seed);
    Image image(width, height, channels, depth);
    for (std::int64_t y = 0; y < height; ++y) {
        for (std::int64_t i = 0; i < width * channels; ++i) {
            const unsigned number = random();
            const auto at = static_cast<std::size_t>(i);
            if (depth == Depth::u8) image.row<std::uint8_t>(y)[at] = static_cast<std::uint8_t>(number >> 24);
            if (depth == Depth::u16) image.row<std::uint16_t>(y)[at] = static_cast<std::uint16_t>(number >> 16);
            if (depth == Depth::s16) image.row<std::int16_t>(y)[at] = static_cast<std::int16_t>(number >> 16);
            if (depth == Depth::f32) image.row<float>(y)[at] = static_cast<float>(number >> 8) / 8388608.0F - 0.5F;
        }
    }
    return image;
}

inline void make_opaque(Image& image) {
    for (std::int64_t y = 0; y < image.height(); ++y) {
        for (std::int64_t x = 1; x <= image.width(); ++x) {
            const auto at = static_cast<std::size_t>(x * image.channels() - 1);
            if (image.depth() == Depth::u8) image.row<std::uint8_t>(y)[at] = 255;
            if (image.depth() == Depth::u16) image.row<std::uint16_t>(y)[at] = 65535;
            if (image.depth() == Depth::s16) image.row<std::int16_t>(y)[at] = 255;
            if (image.depth() == Depth::f32) image.row<float>(y)[at] = 1;
        }
    }
}

inline Kernel random_kernel(std::int64_t rows, std::int64_t cols, bool whole, unsigned seed) {
    std::mt19937 random(seed);
    Kernel kernel{rows, cols, {}, 1, 0};
    for (std::int64_t i = 0; i < rows * cols; ++i) {
        const int number = static_cast<int>(random() >> 8 & 1023) - 400;
        kernel.weights.push_back(whole ? number % 6 : number / 700.0);
    }
    return kernel;
}

}  // namespace convlens::test
