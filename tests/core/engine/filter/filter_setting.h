// A picture, a filter step and how to compute it, and the check that ReadyFilter computes what the plain loop does.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>

#include "core/conv/names.h"
#include "core/engine/filter/ready_filter.h"
#include "tests/core/engine/filter/naive_filter.h"

namespace convlens::test {

inline constexpr Depth kDepths[] = {Depth::u8, Depth::u16, Depth::s16, Depth::f32};

// What a seed chooses.
struct Setting {
    Image image;
    FilterStep step;
    FilterOptions options;
};

inline Setting random_setting(unsigned seed) {
    std::mt19937 random(seed);
    const auto up_to = [&random](int most) { return static_cast<int>(random() >> 8) % (most + 1); };
    Setting s;
    const int rows = 1 + up_to(6), cols = 1 + up_to(6);
    s.step.kernel = up_to(3) == 0 ? make_kernel("gaussian", {{"size", 3.0 + up_to(4)}})
                                  : random_kernel(rows, cols, up_to(1) == 0, random());
    if (up_to(3) == 0)
        for (double& weight : s.step.kernel.weights) weight = up_to(2) == 0 ? 0 : weight;
    constexpr double kDivisors[] = {7, 1, 4, 1};  // of whole sums over 4 many lie half way between two whole numbers
    s.step.kernel.divisor = kDivisors[up_to(3)];
    s.step.kernel.offset = up_to(4) == 0 ? 0.5 : 0;
    s.step.border = kBorders[up_to(5)];
    s.step.flip = up_to(1) == 0;
    s.step.stride = 1 + std::max(0, up_to(4) - 2);
    s.step.dilation = 1 + std::max(0, up_to(4) - 2);
    const Depth depth = kDepths[up_to(3)];
    s.step.border_value = depth == Depth::f32 ? 0.25 : 99;
    s.image = random_image(1 + up_to(30), 1 + up_to(9), 1 + up_to(3), depth, random());
    if (s.image.has_alpha()) make_transparent(s.image, random());
    constexpr Depth kSaved[] = {Depth::f32, Depth::s16};
    if (const int saved = up_to(3); saved < 2) s.options.save_as = kSaved[saved];
    constexpr int kThreads[] = {1, 2, 7};
    s.options.threads = kThreads[up_to(2)];
    return s;
}

// Samples that are no result of anything: what is left of them was not written.
inline void poison(Image& image) { std::memset(image.bytes().data(), 0xCD, image.bytes().size()); }

// A half between two whole numbers, which a scale that float32 does not hold may move to either of them, and so may the
// division by the mean of alpha.
inline bool is_moved_half(double value, double scale, bool alpha) {
    return (scale != 1 || alpha) && std::abs(value - std::floor(value) - 0.5) < 1e-9;
}

// Compares every `sparsely`-th sample.
inline void expect_naive(Setting& s, std::int64_t sparsely = 1) {
    ReadyFilter ready(s.step, s.image, s.options);
    Image result = ready.make_result();
    poison(result);
    ASSERT_TRUE(ready.run(s.image, result));
    const double scale = white(result.depth()) / white(s.image.depth());
    for (std::int64_t y = 0; y < result.height(); ++y) {
        for (std::int64_t x = 0; x < result.width(); ++x) {
            for (int c = 0; c < result.channels(); ++c) {
                if ((x + 3 * y + c) % sparsely != 0) continue;
                NaiveSum sum = naive_sum(s.image, s.step, x, y, c);
                sum = {sum.value * scale, sum.size * scale,
                       sum.exact && !is_moved_half(sum.value * scale, scale, s.image.has_alpha())};
                ASSERT_TRUE(is_near(result.sample(x, y, c), sum, result.depth()))
                    << s.image.width() << 'x' << s.image.height() << " of " << s.image.channels() << ' '
                    << name(s.image.depth()) << ", kernel " << s.step.kernel.rows << 'x' << s.step.kernel.cols << ", "
                    << name(s.step.border) << ", stride " << s.step.stride << ", dilation " << s.step.dilation
                    << (s.step.flip ? ", flip" : "") << ": at " << x << ',' << y << " channel " << c << " got "
                    << result.sample(x, y, c) << ", expected " << sum.value;
            }
        }
    }
}

}  // namespace convlens::test
