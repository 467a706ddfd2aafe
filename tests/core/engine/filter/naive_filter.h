// What filter() must compute, as plainly as it can be written: float64, one sample at a time.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "core/conv/pad.h"
#include "core/engine/filter/filter.h"

namespace convlens::test {

inline constexpr PadMode kBorders[] = {PadMode::zeros,   PadMode::constant,  PadMode::replicate,
                                       PadMode::reflect, PadMode::symmetric, PadMode::circular};

struct NaiveSum {
    double value = 0;    // with divisor and offset, neither clamped nor rounded
    double size = 0;     // the sum of |weight * sample| and the offset: what errors are measured by
    bool exact = false;  // whole weights and samples, few enough that float32 adds them up without rounding
};

// What is filtered: a picture, or float64 numbers between the steps of a chain.
struct NaivePicture {
    std::int64_t wide = 0, high = 0;
    int count = 1;  // of channels
    std::vector<double> values;
    std::vector<double> sizes;  // what the errors of each are measured by

    std::int64_t width() const { return wide; }
    std::int64_t height() const { return high; }
    int channels() const { return count; }
    bool has_alpha() const { return count % 2 == 0; }
    std::size_t at(std::int64_t x, std::int64_t y, int c) const {
        return static_cast<std::size_t>((y * wide + x) * count + c);
    }
    double sample(std::int64_t x, std::int64_t y, int c) const { return values[at(x, y, c)]; }
};
inline double size_at(const Image& image, std::int64_t x, std::int64_t y, int c) {
    return std::abs(image.sample(x, y, c));
}
inline double size_at(const NaivePicture& picture, std::int64_t x, std::int64_t y, int c) {
    return picture.sizes[picture.at(x, y, c)];
}

// A weight as typed and what it meets; alpha is 1 where there is none, and the nearest pixel's outside.
struct NaiveTap {
    double weight = 0, value = 0, size = 0, alpha = 1;
    bool inside = true;
};

// Calls body(tap) for every weight but those of 0.
template <typename Picture, typename Body>
void for_naive_taps(const Picture& image, const FilterStep& step, std::int64_t out_x, std::int64_t out_y, int channel,
                    const Body& body) {
    const Kernel& kernel = step.kernel;
    const int last = image.channels() - 1;
    for (std::int64_t row = 0; row < kernel.rows; ++row) {
        for (std::int64_t col = 0; col < kernel.cols; ++col) {
            NaiveTap tap{kernel.at(row, col), step.border == PadMode::constant ? step.border_value : 0, 0, 1};
            if (tap.weight == 0) continue;
            // The kernel's own middle lies on the pixel, turned or not.
            const std::int64_t down = step.flip ? kernel.rows / 2 - row : row - kernel.rows / 2;
            const std::int64_t right = step.flip ? kernel.cols / 2 - col : col - kernel.cols / 2;
            std::int64_t y = out_y * step.stride + down * step.dilation;
            std::int64_t x = out_x * step.stride + right * step.dilation;
            const auto inside_y = source_index(y, image.height(), step.border);
            const auto inside_x = source_index(x, image.width(), step.border);
            const bool inside = inside_y && inside_x;
            tap.inside = inside;
            y = inside ? *inside_y : std::clamp<std::int64_t>(y, 0, image.height() - 1);
            x = inside ? *inside_x : std::clamp<std::int64_t>(x, 0, image.width() - 1);
            if (inside) tap.value = image.sample(x, y, channel);
            tap.size = inside ? size_at(image, x, y, channel) : std::abs(tap.value);
            if (image.has_alpha()) tap.alpha = std::max(image.sample(x, y, last), 0.0);
            body(tap);
        }
    }
}

// One sample of the result, where alpha is kept, as AlphaRule::kept says it. `scale`: white.
template <typename Picture>
NaiveSum naive_sum(const Picture& image, const FilterStep& step, std::int64_t out_x, std::int64_t out_y, int channel,
                   double scale) {
    const std::int64_t x = out_x * step.stride, y = out_y * step.stride;
    const double own = image.sample(x, y, channel), own_size = size_at(image, x, y, channel);
    if (image.has_alpha() && channel == image.channels() - 1) return {own, own_size, true};
    double cover = 0, weight_size = 0, weight_sum = 0, least = INFINITY, most = 0;
    if (image.has_alpha())
        for_naive_taps(image, step, out_x, out_y, channel, [&](const NaiveTap& tap) {
            cover += std::abs(tap.weight) * tap.alpha;
            weight_size += std::abs(tap.weight);
            weight_sum += tap.weight;
            least = std::min(least, tap.alpha);
            most = std::max(most, tap.alpha);
        });
    if (weight_size > 0 && cover == 0) return {own, own_size, true};
    const bool shares = least != most && weight_size > 0;
    const double mean = shares ? cover / weight_size : 1;
    const double own_share = 2 * weight_size * own_size;  // of the errors: float32 leaves something of Σw − (w∗a)/ā
    NaiveSum sum{shares ? weight_sum * own : 0, shares ? own_share : 0, !shares};
    for_naive_taps(image, step, out_x, out_y, channel, [&](const NaiveTap& tap) {
        const double share = shares ? tap.alpha / mean : 1;
        sum.value += tap.weight * share * tap.value - (shares ? tap.weight * share * own : 0);
        sum.size += std::abs(tap.weight) * share * tap.size;
        sum.exact = sum.exact && tap.weight == std::floor(tap.weight) && tap.value == std::floor(tap.value);
    });
    const double times = image.has_alpha() ? std::max(most, 1.0) : 1;  // what float32 adds up
    const auto offset = static_cast<double>(static_cast<float>(step.kernel.offset * scale));
    sum.exact = sum.exact && sum.size * times < 0x1p24;
    if (!shares) sum.size += own_share;
    sum.value = sum.value / step.kernel.divisor + offset;
    sum.size = sum.size / std::abs(step.kernel.divisor) + std::abs(offset);
    return sum;
}
inline NaiveSum naive_sum(const Image& image, const FilterStep& step, std::int64_t out_x, std::int64_t out_y,
                          int channel) {
    return naive_sum(image, step, out_x, out_y, channel, white(image.depth()));
}

// A pixel where alpha is filtered, as AlphaRule::filtered says it: straight colours and alpha, each neither clamped nor
// rounded. `visible`: what the colours' sums are divided by, as a share of white.
struct NaivePixel {
    std::vector<double> samples;
    double visible = 0;
};
inline NaivePixel naive_filtered_alpha(const Image& image, const FilterStep& step, std::int64_t x, std::int64_t y) {
    const int last = image.channels() - 1;
    const double scale = white(image.depth()), offset = step.kernel.offset * scale;
    NaivePixel pixel{std::vector<double>(static_cast<std::size_t>(image.channels())), 0};
    for_naive_taps(image, step, x, y, last, [&](const NaiveTap& tap) {
        const double alpha = tap.inside ? std::max(tap.value, 0.0) : step.border == PadMode::constant ? scale : 0;
        pixel.visible += tap.weight / step.kernel.divisor * alpha / scale;
    });
    for (int c = 0; c < last; ++c) {
        double sum = 0;
        for_naive_taps(image, step, x, y, c, [&](const NaiveTap& tap) {
            const double alpha = tap.inside ? tap.alpha : step.border == PadMode::constant ? scale : 0;
            sum += tap.weight / step.kernel.divisor * alpha / scale * tap.value;
        });
        const double straight = (pixel.visible > 0 ? sum / pixel.visible : 0) + offset;
        pixel.samples[static_cast<std::size_t>(c)] = pixel.visible * scale + offset > 0 ? straight : 0;
    }
    pixel.samples.back() = pixel.visible * scale + offset;
    return pixel;
}

inline NaivePicture naive_picture(const Image& image) {
    NaivePicture picture{image.width(), image.height(), image.channels(), {}, {}};
    for (std::int64_t y = 0; y < image.height(); ++y)
        for (std::int64_t x = 0; x < image.width(); ++x)
            for (int c = 0; c < image.channels(); ++c) picture.values.push_back(image.sample(x, y, c));
    picture.sizes = picture.values;
    for (double& size : picture.sizes) size = std::abs(size);
    return picture;
}

// A chain of filters with alpha kept, in float64 from its first step to its last, on the scale of the picture.
inline NaivePicture naive_chain(const Image& image, std::span<const FilterStep> chain) {
    NaivePicture picture = naive_picture(image);
    for (const FilterStep& step : chain) {
        NaivePicture next{
            (picture.wide - 1) / step.stride + 1, (picture.high - 1) / step.stride + 1, picture.count, {}, {}};
        for (std::int64_t y = 0; y < next.high; ++y) {
            for (std::int64_t x = 0; x < next.wide; ++x) {
                for (int c = 0; c < next.count; ++c) {
                    const NaiveSum sum = naive_sum(picture, step, x, y, c, white(image.depth()));
                    next.values.push_back(sum.value);
                    next.sizes.push_back(sum.size);
                }
            }
        }
        picture = std::move(next);
    }
    return picture;
}

// Whether `got`, a sample of depth `depth`, is what `sum` comes to: rounding errors of float32 are allowed for, and
// near a boundary between two whole numbers either of them; but where the sum is exact, a half goes to the even one.
inline bool is_near(double got, const NaiveSum& sum, Depth depth) {
    const double error = 1e-5 * std::max(1.0, sum.size);
    if (depth == Depth::f32)
        return std::abs(got - sum.value) <= error || (std::isnan(got) && std::isnan(sum.value)) || got == sum.value;
    const auto rounded = [&](double value) { return std::nearbyint(std::clamp(value, least(depth), most(depth))); };
    if (sum.exact) return got == rounded(sum.value);
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

// Calls body(x, y) for every pixel, and makes what it returns, a share of white, the pixel's alpha.
template <typename Body>
void set_alpha(Image& image, const Body& body) {
    for (std::int64_t y = 0; y < image.height(); ++y) {
        for (std::int64_t x = 0; x < image.width(); ++x) {
            const auto at = static_cast<std::size_t>((x + 1) * image.channels() - 1);
            const double alpha = body(x, y) * white(image.depth());
            if (image.depth() == Depth::u8) image.row<std::uint8_t>(y)[at] = static_cast<std::uint8_t>(alpha);
            if (image.depth() == Depth::u16) image.row<std::uint16_t>(y)[at] = static_cast<std::uint16_t>(alpha);
            if (image.depth() == Depth::s16) image.row<std::int16_t>(y)[at] = static_cast<std::int16_t>(alpha);
            if (image.depth() == Depth::f32) image.row<float>(y)[at] = static_cast<float>(alpha);
        }
    }
}
inline void make_opaque(Image& image) {
    set_alpha(image, [](std::int64_t, std::int64_t) { return 1.0; });
}
// By the rest of `seed` over 5: 0 to 2 one alpha, 3 many, 4 many and half of them 0.
inline void make_transparent(Image& image, unsigned seed) {
    std::mt19937 random(seed);
    constexpr double kAlike[] = {128 / 255.0, 10 / 255.0, 1};
    const unsigned kind = seed % 5;
    set_alpha(image, [&](std::int64_t, std::int64_t) {
        if (kind < 3) return kAlike[kind];
        const double alpha = random() % 256 / 255.0;
        return kind == 4 && random() % 2 == 0 ? 0.0 : alpha;
    });
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
