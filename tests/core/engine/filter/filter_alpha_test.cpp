// Transparency: the rule of core/engine/filter/filter_plan.h, by every way to compute a step.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "core/conv/names.h"
#include "core/engine/filter/filter_chain.h"
#include "core/engine/filter/ready_filter.h"
#include "tests/core/engine/filter/filter_setting.h"

namespace convlens {
namespace {

using test::is_near;
using test::kBorders;
using test::naive_sum;
using test::NaiveSum;
using test::random_image;
using test::random_kernel;
using test::Setting;

FilterStep step_of(std::string_view kernel) {
    FilterStep step;
    step.kernel = parse_kernel(kernel);
    return step;
}

Image bytes(std::int64_t width, int channels, const std::vector<int>& samples) {
    Image image(width, static_cast<std::int64_t>(samples.size()) / width / channels, channels, Depth::u8);
    for (std::size_t i = 0; i < samples.size(); ++i) image.bytes()[i] = static_cast<std::byte>(samples[i]);
    return image;
}

// A white dot in a row of 7 was blurred to 71 under alpha 128.
TEST(FilterAlpha, ADotUnderOneAlphaIsBlurredAsIfOpaque) {
    for (const int alpha : {255, 128, 10, 1}) {
        Image row(7, 1, 4, Depth::u8);
        for (std::size_t x = 0; x < 7; ++x) {
            for (std::size_t c = 0; c < 3; ++c) row.row<std::uint8_t>(0)[x * 4 + c] = x == 3 ? 255 : 0;
            row.row<std::uint8_t>(0)[x * 4 + 3] = static_cast<std::uint8_t>(alpha);
        }
        for (const char* kernel : {"box:size=3", "1/3 1/3 1/3", "1 1 1 / 3"}) {
            const Image result = *filter(row, step_of(kernel));
            for (std::int64_t x = 0; x < 7; ++x) {
                EXPECT_EQ(result.sample(x, 0, 1), x >= 2 && x <= 4 ? 85 : 0) << kernel << ' ' << alpha << ' ' << x;
                EXPECT_EQ(result.sample(x, 0, 3), alpha);
            }
        }
    }
}

// Kernels of every kind: both signs and one, of whole numbers and not, in two passes and not, boxes, offsets, divisors.
const std::vector<FilterStep>& steps() {
    static const std::vector<FilterStep> all = [] {
        std::vector<FilterStep> made;
        for (const char* kernel : {"sharpen", "laplacian", "sobel_x", "gaussian:size=9", "box:size=6", "box:size=31",
                                   "unsharp:size=9,sigma=2", "-1 -2; -3 -1 / 7", "0.3 -0.1; 0.7 0.2; 0.1 -0.4 + 0.5",
                                   "1 -1 1; -1 1 -1; 1 -1 1 / -3 + 0.25", "0 0 0; 0 0 2; 0 0 0", "-1 2 3 / 4"})
            made.push_back(step_of(kernel));
        FilterStep large;
        large.kernel = random_kernel(13, 12, false, 3);
        large.kernel.divisor = 20;
        made.push_back(large);
        large.kernel = random_kernel(12, 13, true, 4);
        large.kernel.divisor = 50;
        made.push_back(large);
        return made;
    }();
    return all;
}

// Every way a step can take on a small picture.
template <typename Body>
void for_each_way(const Body& body) {
    unsigned number = 0;
    for (const FilterStep& kernel : steps()) {
        for (const PadMode border : kBorders) {
            ++number;
            Setting s;
            s.step = kernel;
            s.step.border = border;
            s.step.flip = number % 2 == 0;
            s.step.dilation = kernel.kernel.rows < 9 ? 1 + number % 2 : 1;
            s.options.method = number % 3 == 0 ? FilterMethod::fourier : FilterMethod::sums;
            s.step.stride = s.options.method == FilterMethod::sums ? 1 + number / 2 % 2 : 1;
            s.options.threads = 1 + static_cast<int>(number % 2);
            const Depth depth = std::array{Depth::u8, Depth::u16, Depth::f32}[number / 3 % 3];
            s.step.border_value = std::round(0.3 * white(depth));
            s.image = random_image(37, 19, number % 4 < 2 ? 4 : 2, depth, number);
            SCOPED_TRACE(testing::Message() << s.step.kernel.rows << 'x' << s.step.kernel.cols << " number " << number
                                            << ", " << name(border) << ", " << name(depth));
            body(s);
            if (testing::Test::HasFatalFailure()) return;
        }
    }
}

TEST(FilterAlpha, PixelsOfOneAlphaAreFilteredAsIfOpaque) {
    for_each_way([](Setting& s) {
        test::make_opaque(s.image);
        const Image opaque = *filter(s.image, s.step, s.options);
        for (const double alpha : {128 / 255.0, 10 / 255.0}) {
            test::set_alpha(s.image, [&](std::int64_t, std::int64_t) { return alpha; });
            const Image result = *filter(s.image, s.step, s.options);
            for (std::int64_t y = 0; y < result.height(); ++y) {
                for (std::int64_t x = y % 5; x < result.width(); x += 5) {
                    for (int c = 0; c + 1 < result.channels(); ++c) {
                        const NaiveSum sum = naive_sum(s.image, s.step, x, y, c);
                        ASSERT_TRUE(is_near(result.sample(x, y, c), sum, result.depth()))
                            << alpha << " at " << x << ',' << y << ": " << result.sample(x, y, c) << ", opaque "
                            << opaque.sample(x, y, c) << ", expected " << sum.value;
                        if (sum.exact) {
                            ASSERT_EQ(result.sample(x, y, c), opaque.sample(x, y, c));
                        }
                    }
                }
            }
        }
    });
}

TEST(FilterAlpha, AFlatColourGivesItselfTimesTheWeights) {
    for_each_way([](Setting& s) {
        const Depth depth = s.image.depth();
        const double colour = depth == Depth::f32 ? 0.375 : std::round(0.2 * white(depth));
        s.step.border_value = colour;
        if (s.step.border == PadMode::zeros) s.step.border = PadMode::constant;
        test::make_transparent(s.image, 4 + static_cast<unsigned>(s.step.kernel.rows));
        Image flat = s.image;
        for (std::int64_t y = 0; y < 19; ++y)
            for (std::int64_t x = 0; x < 37; ++x)
                for (int c = 0; c + 1 < flat.channels(); ++c) {
                    const auto at = static_cast<std::size_t>(x * flat.channels() + c);
                    if (depth == Depth::u8) flat.row<std::uint8_t>(y)[at] = static_cast<std::uint8_t>(colour);
                    if (depth == Depth::u16) flat.row<std::uint16_t>(y)[at] = static_cast<std::uint16_t>(colour);
                    if (depth == Depth::f32) flat.row<float>(y)[at] = static_cast<float>(colour);
                }
        s.options.save_as = Depth::f32;
        const Image result = *filter(flat, s.step, s.options);
        double weights = 0;
        for (const double weight : s.step.kernel.weights) weights += std::abs(weight / s.step.kernel.divisor);
        const double filtered = (s.step.kernel.sum() * colour + s.step.kernel.offset * white(depth)) / white(depth);
        for (std::int64_t y = 0; y < result.height(); ++y)
            for (std::int64_t x = y % 3; x < result.width(); x += 3) {
                double cover = 0;
                test::for_naive_taps(flat, s.step, x, y, 0, [&](const test::NaiveTap& tap) { cover += tap.alpha; });
                const double expected = cover > 0 ? filtered : colour / white(depth);
                ASSERT_NEAR(result.sample(x, y, 0), expected, 1e-5 * std::max(1.0, 2 * weights)) << x << ',' << y;
            }
    });
}

TEST(FilterAlpha, WhatIsTransparentCountsForNothing) {
    for_each_way([](Setting& s) {
        test::set_alpha(s.image, [](std::int64_t x, std::int64_t y) { return (x * 7 + y * 5) % 3 == 0 ? 0.0 : 0.6; });
        Image other = random_image(37, 19, s.image.channels(), s.image.depth(), 99);
        const std::size_t pixel = s.image.row_bytes() / 37;
        test::set_alpha(other, [](std::int64_t, std::int64_t) { return 0.0; });
        for (std::int64_t y = 0; y < 19; ++y)
            for (std::int64_t x = 0; x < 37; ++x) {
                if ((x * 7 + y * 5) % 3 == 0) continue;
                const std::size_t at =
                    static_cast<std::size_t>(y) * s.image.row_bytes() + static_cast<std::size_t>(x) * pixel;
                std::ranges::copy(s.image.bytes().subspan(at, pixel),
                                  other.bytes().begin() + static_cast<std::ptrdiff_t>(at));
            }
        const Image a = *filter(s.image, s.step, s.options), b = *filter(other, s.step, s.options);
        for (std::int64_t y = 0; y < a.height(); ++y)
            for (std::int64_t x = 0; x < a.width(); ++x) {
                const std::int64_t own_x = x * s.step.stride, own_y = y * s.step.stride;
                if ((own_x * 7 + own_y * 5) % 3 == 0) continue;  // its own colour is another
                const double size = naive_sum(s.image, s.step, x, y, 0).size;
                ASSERT_NEAR(a.sample(x, y, 0), b.sample(x, y, 0),
                            a.depth() == Depth::f32 ? 2e-5 * std::max(1.0, size) : 1)
                    << x << ',' << y;
            }
    });
}

TEST(FilterAlpha, IsTheRuleWhateverTheAlphas) {
    for_each_way([](Setting& s) {
        for (const unsigned seed : {3U, 4U, 9U}) {
            test::make_transparent(s.image, seed);
            ASSERT_NO_FATAL_FAILURE(expect_naive(s, 11)) << seed;
        }
    });
}

// Islands in a picture that is otherwise transparent: there the Fourier transform's own errors would be all.
TEST(FilterAlpha, IslandsAreTheSameByTheFourierTransform) {
    for (const char* kernel : {"gaussian:sigma=4,size=41", "unsharp:size=31,sigma=3"}) {
        for (const Depth depth : {Depth::u8, Depth::f32}) {
            Setting s;
            s.image = random_image(300, 90, 4, depth, 4);
            test::set_alpha(s.image, [](std::int64_t x, std::int64_t y) {
                return x > 250 ? 1.0 : x % 60 == 7 && y % 40 == 5 ? 3 / 255.0 : 0.0;
            });
            s.step = step_of(kernel);
            s.options.method = FilterMethod::fourier;
            s.options.save_as = Depth::f32;
            ReadyFilter ready(s.step, s.image, s.options);
            Image result = ready.make_result();
            ready.run(s.image, result);
            EXPECT_EQ(ready.method(), FilterMethod::fourier);
            ASSERT_NO_FATAL_FAILURE(test::expect_naive(s, 211)) << kernel << ' ' << name(depth);
        }
    }
}

TEST(FilterAlpha, AConstantBorderHasTheAlphaOfTheNearestPixel) {
    const Image row = bytes(3, 2, {100, 255, 40, 128, 7, 51});
    FilterStep step = step_of("1 1 1 / 3");
    step.border = PadMode::constant;
    step.border_value = 10;
    const Image result = *filter(row, step);
    EXPECT_EQ(result.sample(0, 0, 0), std::nearbyint((255.0 * 10 + 255 * 100 + 128 * 40) / (255 + 255 + 128)));
    EXPECT_EQ(result.sample(2, 0, 0), std::nearbyint((128.0 * 40 + 51 * 7 + 51 * 10) / (128 + 51 + 51)));
}

TEST(FilterAlpha, WhereNothingIsVisibleTheColourStays) {
    const Image row = bytes(5, 2, {11, 0, 12, 0, 13, 0, 14, 0, 200, 255});
    for (const char* kernel : {"1 1 1 / 3 + 0.5", "-1 0 1 + 0.5", "-2 -1 -3", "1 -3 1"}) {
        const Image result = *filter(row, step_of(kernel));
        for (const std::int64_t x : {0, 1, 2}) EXPECT_EQ(result.sample(x, 0, 0), 11 + static_cast<double>(x)) << kernel;
    }
    // What reads nothing but itself, and is not visible.
    EXPECT_EQ(filter(row, step_of("3"))->sample(2, 0, 0), 13);
    EXPECT_EQ(filter(row, step_of("0 + 0.2"))->sample(2, 0, 0), 51);
}

TEST(FilterAlpha, TheIdentityChangesNothing) {
    for (const Depth depth : test::kDepths) {
        Image image = random_image(23, 7, 4, depth, 5);
        test::make_transparent(image, 4);
        const Image result = *filter(image, step_of("identity"));
        EXPECT_TRUE(std::ranges::equal(result.bytes(), image.bytes())) << name(depth);
    }
}

FilterOptions filtering_alpha(Depth depth) {
    FilterOptions options;
    options.filter_alpha = true;
    options.save_as = depth;
    return options;
}

// image-rs/image#2324; straight alpha would give (255, 85, 85, 85).
TEST(FilterAlpha, FilteredColoursAreMultipliedAndDividedByAlpha) {
    const Image row = bytes(3, 4, {255, 0, 0, 0, 255, 255, 255, 255, 255, 0, 0, 0});
    const Image result = *filter(row, step_of("1 1 1 / 3"), filtering_alpha(Depth::u8));
    const std::vector<int> expected = {255, 255, 255, 85};
    for (int c = 0; c < 4; ++c) EXPECT_EQ(result.sample(1, 0, c), expected[static_cast<std::size_t>(c)]) << c;
    // Sharpened alpha goes above white at an edge; one colour stays one colour.
    const Image edge = bytes(4, 2, {90, 40, 90, 40, 90, 200, 90, 200});
    const Image sharp = *filter(edge, step_of("-1 3 -1"), filtering_alpha(Depth::f32));
    EXPECT_NEAR(sharp.sample(2, 0, 1) * 255, 3 * 200 - 40 - 200, 1e-3);
    for (std::int64_t x = 0; x < 4; ++x)
        EXPECT_NEAR(sharp.sample(x, 0, 0) * 255, sharp.sample(x, 0, 1) > 0 ? 90 : 0, 1e-4) << x;
    EXPECT_LT(sharp.sample(1, 0, 1), 0);
}

// The offset belongs to a filtered alpha as to every filtered channel.
TEST(FilterAlpha, MinusOneAndAnOffsetOfWhiteInvertsIt) {
    const Image row = bytes(8, 2, {9, 255, 20, 200, 31, 128, 42, 60, 53, 20, 64, 5, 75, 1, 86, 0});
    const Image result = *filter(row, step_of("-1 + 1"), filtering_alpha(Depth::u8));
    const std::vector<int> expected = {0, 55, 127, 195, 235, 250, 254, 255};
    for (std::int64_t x = 0; x < 8; ++x) EXPECT_EQ(result.sample(x, 0, 1), expected[static_cast<std::size_t>(x)]) << x;
}

// Alpha is the picture's own and more, and the straight colours what they are without alpha.
TEST(FilterAlpha, AnOffsetIsAddedToStraightColoursAndToAlpha) {
    const Image row = bytes(3, 4, {100, 40, 7, 80, 100, 40, 7, 255, 3, 2, 1, 0});
    const Image result = *filter(row, step_of("1 + 0.2"), filtering_alpha(Depth::u8));
    const std::vector<std::vector<int>> expected = {{151, 91, 58, 131}, {151, 91, 58, 255}, {51, 51, 51, 51}};
    for (std::int64_t x = 0; x < 3; ++x)
        for (int c = 0; c < 4; ++c)
            EXPECT_EQ(result.sample(x, 0, c), expected[static_cast<std::size_t>(x)][static_cast<std::size_t>(c)])
                << x << ' ' << c;
    EXPECT_EQ(filter(row, step_of("1 / 1 - 0.5"), filtering_alpha(Depth::u8))->sample(0, 0, 0), 0);
}

TEST(FilterAlpha, AnOffsetAddsToFilteredAlphaUnderEveryBorderAndDepth) {
    for (const PadMode border : kBorders) {
        for (const Depth depth : {Depth::u8, Depth::u16, Depth::f32}) {
            for (const char* kernel : {"1 2 1; 2 4 2 / 12 + 0.3", "-1 -2 -4 / 9 + 0.8", "2 3; 4 5; 1 6 / 21 - 0.1"}) {
                Image image = random_image(13, 9, depth == Depth::u16 ? 2 : 4, depth, 6);
                test::make_transparent(image, 4);
                FilterStep step = step_of(kernel);
                step.border = border;
                step.border_value = 0.3 * white(depth);
                step.stride = 2;
                const Image got = *filter(image, step, filtering_alpha(Depth::f32));
                const double scale = white(depth);
                const int last = image.channels() - 1;
                for (std::int64_t y = 0; y < got.height(); ++y)
                    for (std::int64_t x = 0; x < got.width(); ++x) {
                        const test::NaivePixel expected = test::naive_filtered_alpha(image, step, x, y);
                        ASSERT_NEAR(got.sample(x, y, last), expected.samples.back() / scale, 1e-5);
                        if (std::abs(expected.visible) < 1e-3 || std::abs(expected.samples.back()) < 1e-3) continue;
                        for (int c = 0; c < last; ++c)
                            ASSERT_NEAR(got.sample(x, y, c), expected.samples[static_cast<std::size_t>(c)] / scale,
                                        2e-5 / std::min(1.0, std::abs(expected.visible)))
                                << kernel << ' ' << name(border) << ' ' << name(depth) << ' ' << x << ',' << y;
                    }
            }
        }
    }
}

// Compared before the division by alpha, which magnifies rounding.
TEST(FilterAlpha, FilteredAlphaIsTheSumsOfColoursTimesAlpha) {
    for (const PadMode border : kBorders) {
        for (const char* kernel : {"gaussian:size=5", "-1 -1; 2 3 / 2 + 0.25", "sharpen"}) {
            for (const Depth depth : {Depth::u8, Depth::u16, Depth::f32}) {
                Image image = random_image(17, 11, 4, depth, 8);
                test::make_transparent(image, 4);
                FilterStep step = step_of(kernel);
                step.border = border;
                step.border_value = 0.3 * white(depth);
                const Image got = *filter(image, step, filtering_alpha(depth));
                const Image floats = *filter(image, step, filtering_alpha(Depth::f32));
                const double scale = white(depth);
                const Kernel& k = step.kernel;
                for (std::int64_t y = 0; y < 11; ++y) {
                    for (std::int64_t x = 0; x < 17; ++x) {
                        double alpha = 0, product = 0, size = 0;
                        for (std::int64_t row = 0; row < k.rows; ++row) {
                            for (std::int64_t col = 0; col < k.cols; ++col) {
                                const auto at_y = source_index(y + row - k.rows / 2, 11, border);
                                const auto at_x = source_index(x + col - k.cols / 2, 17, border);
                                const bool inside = at_y && at_x;
                                const double outside = border == PadMode::constant ? 1 : 0;
                                const double a = inside ? image.sample(*at_x, *at_y, 3) / scale : outside;
                                const double c = inside ? image.sample(*at_x, *at_y, 1) : step.border_value;
                                alpha += k.at(row, col) / k.divisor * a;
                                product += k.at(row, col) / k.divisor * a * c;
                                size += std::abs(k.at(row, col) / k.divisor) * a * std::max(c, scale);
                            }
                        }
                        const double error = 1e-5 * std::max(1.0, size);
                        EXPECT_NEAR(floats.sample(x, y, 3), alpha + k.offset, error);
                        if (std::abs(alpha) < 1e-5 || alpha + k.offset < 1e-5) continue;
                        const double colour = (alpha > 0 ? product / alpha : 0) + k.offset * scale;
                        EXPECT_NEAR(floats.sample(x, y, 1) * scale * alpha, colour * alpha, error) << x << ',' << y;
                        if (alpha < 0.1) continue;
                        EXPECT_TRUE(is_near(got.sample(x, y, 1), {colour, size / std::abs(alpha)}, depth))
                            << name(border) << ' ' << kernel << ' ' << got.sample(x, y, 1) << ' ' << colour;
                    }
                }
            }
        }
    }
}

TEST(FilterAlpha, AKernelThatAddsUpTo0AlwaysKeepsIt) {
    EXPECT_TRUE(always_keeps_alpha(parse_kernel("1/9 1/9 1/9; 1/9 -8/9 1/9; 1/9 1/9 1/9")));
    EXPECT_FALSE(always_keeps_alpha(parse_kernel("1 -1 0.001")));
    Image image = random_image(17, 11, 4, Depth::u8, 8);
    test::make_transparent(image, 4);
    for (const char* kernel : {"sobel_x", "laplacian", "1 -3 2 / 5 + 0.5"}) {
        const Image kept = *filter(image, step_of(kernel)),
                    filtered = *filter(image, step_of(kernel), filtering_alpha(Depth::u8));
        EXPECT_TRUE(std::ranges::equal(kept.bytes(), filtered.bytes())) << kernel;
    }
}

}  // namespace
}  // namespace convlens
