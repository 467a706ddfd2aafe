#include "core/engine/filter/ready_filter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "core/conv/names.h"
#include "core/engine/filter/filter_plan.h"
#include "tests/core/allocations.h"
#include "tests/core/engine/filter/filter_setting.h"
#include "tests/core/engine/levels.h"
#include "tests/core/random_settings.h"

namespace convlens {
namespace {

using test::expect_naive;
using test::kBorders;
using test::kDepths;
using test::make_transparent;
using test::random_image;
using test::random_kernel;
using test::random_setting;
using test::Setting;

TEST(ReadyFilter, AgreesWithThePlainLoopOverRandomSettingsAtEveryLevel) {
    const auto settings = static_cast<unsigned>(test::random_settings(1000, 2000, 50'000));
    // Every day the same ones: of tens of thousands some lie on the edge of what float32 can hold.
    const unsigned first = test::is_long() ? static_cast<unsigned>(test::random_seed()) : 0;
    at_every_level([&] {
        for (unsigned i = 0; i < settings && !testing::Test::HasFatalFailure(); ++i) {
            const unsigned seed = first + i;
            SCOPED_TRACE(seed);
            Setting s = random_setting(seed);
            expect_naive(s);
        }
    });
}

TEST(ReadyFilter, AgreesOnPicturesOfSeveralStripsAndBands) {
    at_every_level([] {
        for (const Depth depth : kDepths) {
            for (const auto& [rows, cols] : {std::pair{3, 3}, {5, 4}, {15, 13}}) {
                for (const std::int64_t stride : {1, 2}) {
                    Setting s;
                    s.image = random_image(depth == Depth::u8 ? 1700 : 300, 37, depth == Depth::u8 ? 1 : 3, depth, 5);
                    s.step.kernel = random_kernel(rows, cols, false, 6);
                    s.step.stride = stride;
                    s.options.threads = 2;
                    ASSERT_NO_FATAL_FAILURE(expect_naive(s, 11));
                }
            }
        }
    });
}

// Wide enough to be read where they lie, but for their borders.
TEST(ReadyFilter, AgreesOnWidePicturesOverRandomSettingsAtEveryLevel) {
    at_every_level([] {
        for (unsigned seed = 0; seed < 250 && !testing::Test::HasFatalFailure(); ++seed) {
            SCOPED_TRACE(seed);
            Setting s = random_setting(seed);
            std::mt19937 random(seed + 1000);
            const auto width = static_cast<int>(200 + random() % 700), height = static_cast<int>(1 + random() % 40);
            s.image = random_image(width, height, s.image.channels(), s.image.depth(), random());
            if (s.image.has_alpha()) make_transparent(s.image, random());
            expect_naive(s, 37);
        }
    });
}

TEST(ReadyFilter, RunsWithoutAllocating) {
    if (!test::kCountsAllocations) GTEST_SKIP() << "allocations are counted without a sanitizer only";
    for (const char* kernel : {"0.3 0.1 0.2; 0.7 0.1 0.2; 0.3 0.5 0.4", "gaussian:size=9", "unsharp", "box:size=21",
                               "1 0 0 0 0; 0 0 0 0 0; 0 0 2 0 0; 0 0 0 0 0; 0 0 0 0 1"}) {
        for (const Depth depth : kDepths) {
            for (const FilterMethod method : {FilterMethod::sums, FilterMethod::fourier}) {
                for (const int threads : {1, 2, 7}) {
                    Setting s;
                    s.image = random_image(300, 90, 3, depth, 5);
                    s.step.kernel = parse_kernel(kernel);
                    s.options = {method, std::nullopt, false, threads};
                    const std::int64_t before_planning = test::allocations();
                    ReadyFilter ready(s.step, s.image, s.options);
                    Image result = ready.make_result();
                    EXPECT_GT(test::allocations(), before_planning) << "allocations are not counted";
                    ready.run(s.image, result);  // the threads are made when they are first wanted
                    const std::int64_t before = test::allocations();
                    ready.run(s.image, result);
                    EXPECT_EQ(test::allocations(), before) << kernel << " on " << name(depth);
                }
            }
        }
    }
}

// An unsharp mask is a dot less a Gaussian: two products.
TEST(ReadyFilter, AgreesOnSumsOfProductsAtEveryLevel) {
    at_every_level([] {
        for (const Depth depth : kDepths) {
            for (const PadMode border : kBorders) {
                Setting s;
                s.image = random_image(depth == Depth::u8 ? 150 : 290, 30, depth == Depth::u8 ? 3 : 1, depth, 5);
                s.step.kernel = make_kernel("unsharp", {{"size", 9}, {"sigma", 2}});
                s.step.border = border;
                s.step.border_value = 1;
                s.options.threads = 2;
                ASSERT_EQ(plan_filter(s.step, 290, 30, depth).products.size(), 2U);
                ASSERT_NO_FATAL_FAILURE(expect_naive(s, 5));
            }
        }
    });
}

TEST(ReadyFilter, SumsOfProductsKeepInfinityAndNanWhereTheyAre) {
    Setting s;
    s.image = random_image(290, 40, 1, Depth::f32, 5);
    s.image.row<float>(20)[100] = std::numeric_limits<float>::infinity();
    s.image.row<float>(21)[200] = std::numeric_limits<float>::quiet_NaN();
    s.step.kernel = make_kernel("unsharp", {{"size", 9}, {"sigma", 2}});
    ASSERT_NO_FATAL_FAILURE(expect_naive(s));
}

// All weights on one side of the anchor, in pictures that hold them just or just not.
TEST(ReadyFilter, KernelsBesideTheirAnchorReadNothingOutside) {
    for (const bool flip : {false, true}) {
        for (int width = 3; width <= 14; ++width) {
            for (const std::int64_t stride : {1, 2, 3}) {
                Setting s;
                s.image = random_image(width, 12, 1, Depth::u8, 5);
                s.step.kernel = Kernel{11, 11, std::vector<double>(121), 1, 0};
                for (std::size_t row = 0; row < 11; ++row)
                    for (std::size_t col = 6; col < 11; ++col) s.step.kernel.weights[row * 11 + col] = 0.1;
                s.step.flip = flip;
                s.step.stride = stride;
                ASSERT_NO_FATAL_FAILURE(expect_naive(s)) << width << ", stride " << stride;
            }
        }
    }
}

TEST(ReadyFilter, AgreesOnResultsTooLargeForTheCache) {
    for (const int width : {1333, 1344}) {
        for (const char* kernel : {"gaussian:size=7", "sharpen"}) {
            Setting s;
            s.image = random_image(width, 1100, 3, Depth::u8, 8);
            s.step.kernel = parse_kernel(kernel);
            s.options.save_as = Depth::f32;
            s.options.threads = 2;
            ASSERT_NO_FATAL_FAILURE(expect_naive(s, 1009));
        }
    }
}

// A picture of one value under a kernel whose weights add up to 1 stays as it is, to the last column and row.
TEST(ReadyFilter, ManyWeightsRoundNoWorseThanAFew) {
    for (const auto& [rows, cols] : {std::pair{101, 101}, {1, 999}, {301, 3}}) {
        for (const bool round : {false, true}) {
            Setting s;
            s.image = Image(1003, 9, 1, Depth::u16);
            for (std::int64_t y = 0; y < 9; ++y) std::ranges::fill(s.image.row<std::uint16_t>(y), 60001);
            s.step.kernel = random_kernel(rows, cols, false, 3);
            double sum = 0;
            for (double& weight : s.step.kernel.weights) {
                weight = round && weight < 0 ? 0 : std::abs(weight) + 0.01;
                sum += weight;
            }
            for (double& weight : s.step.kernel.weights) weight /= sum;
            s.options.method = FilterMethod::sums;
            const Image result = filter(s.image, s.step, s.options).value();
            for (std::int64_t y = 0; y < 9; ++y)
                for (const std::uint16_t sample : result.row<std::uint16_t>(y)) ASSERT_EQ(sample, 60001) << rows;
        }
    }
}

TEST(ReadyFilter, DilatedStripsAndBandsAgree) {
    for (const std::int64_t dilation : {2, 5, 40}) {
        Setting s;
        s.image = random_image(900, 90, 1, Depth::f32, 4);
        s.image.row<float>(40)[600] = std::numeric_limits<float>::quiet_NaN();
        s.step.kernel = random_kernel(3, 3, false, 5);
        s.step.kernel.weights[4] = 0;
        s.step.dilation = dilation;
        s.options.threads = 2;
        ASSERT_NO_FATAL_FAILURE(expect_naive(s));
    }
}

TEST(ReadyFilter, TransparentPicturesAreTheSameInStripsAndInOne) {
    const Image narrow = random_image(40, 12, 4, Depth::u8, 4);
    Image wide(1000, 12, 4, Depth::u8);
    for (std::int64_t y = 0; y < 12; ++y)
        for (std::size_t i = 0; i < 4000; ++i) wide.row<std::uint8_t>(y)[i] = narrow.row<std::uint8_t>(y)[i % 160];
    FilterStep step;
    step.kernel = random_kernel(3, 3, false, 5);
    step.border = PadMode::circular;
    for (const bool filter_alpha : {false, true}) {
        FilterOptions options;
        options.filter_alpha = filter_alpha;
        const Image once = filter(narrow, step, options).value();
        const Image repeated = filter(wide, step, options).value();
        for (std::int64_t y = 0; y < 12; ++y)
            for (std::size_t i = 0; i < 4000; ++i)
                ASSERT_EQ(repeated.row<std::uint8_t>(y)[i], once.row<std::uint8_t>(y)[i % 160]) << i;
    }
}

TEST(ReadyFilter, LargeKernelsGiveTheSamePictureWhateverTheMethod) {
    Setting s;
    s.image = random_image(300, 200, 1, Depth::u8, 4);
    s.step.kernel = random_kernel(41, 41, false, 5);
    s.step.kernel.divisor = 41;
    s.options.save_as = Depth::f32;
    const Image chosen = filter(s.image, s.step, s.options).value();
    s.options.method = FilterMethod::sums;
    const Image sums = filter(s.image, s.step, s.options).value();
    bool another_way = false;
    for (std::int64_t y = 0; y < 200; ++y) {
        for (std::int64_t x = 0; x < 300; ++x) {
            EXPECT_NEAR(chosen.sample(x, y, 0), sums.sample(x, y, 0), 1e-5 * 41);
            another_way = another_way || chosen.sample(x, y, 0) != sums.sample(x, y, 0);
        }
    }
    EXPECT_TRUE(another_way) << "the transform pays here, but was not taken";
}

// What derivatives are kept in: their own numbers, on the scale of u8.
TEST(ReadyFilter, SignedResultsKeepTheirNegativeHalfAndSaturate) {
    const auto middle = [](const Image& image, double weight, FilterMethod method) {
        FilterStep step;
        step.kernel = {1, 2, {weight, 0}, 1, 0};
        FilterOptions options;
        options.save_as = Depth::s16;
        options.method = method;
        return filter(image, step, options)->sample(2, 0, 0);
    };
    for (const FilterMethod method : {FilterMethod::sums, FilterMethod::fourier}) {
        Image bytes(4, 1, 1, Depth::u8);
        bytes.row<std::uint8_t>(0)[1] = 201;
        EXPECT_EQ(middle(bytes, -1, method), -201);
        EXPECT_EQ(middle(bytes, -0.5, method), -100);  // -100.5, to even
        EXPECT_EQ(middle(bytes, 2, method), 402);
        EXPECT_EQ(middle(bytes, -163, method), -32763);
        EXPECT_EQ(middle(bytes, -164, method), -32768);
        EXPECT_EQ(middle(bytes, 164, method), 32767);
        Image words(4, 1, 1, Depth::u16);
        words.row<std::uint16_t>(0)[1] = 65535;
        EXPECT_EQ(middle(words, -1, method), -255);
        Image floats(4, 1, 1, Depth::f32);
        floats.row<float>(0)[1] = 0.5F;
        EXPECT_EQ(middle(floats, -3, method), -382);  // -382.5
        floats.row<float>(0)[1] = std::numeric_limits<float>::quiet_NaN();
        EXPECT_EQ(middle(floats, 1, method), 0);
        Image again(4, 1, 1, Depth::s16);
        again.row<std::int16_t>(0)[1] = -32768;
        EXPECT_EQ(middle(again, 0.5, method), -16384);
        EXPECT_EQ(middle(again, -1, method), 32767);
    }
}

TEST(ReadyFilter, WhatIsNoNumberBecomesABlackByteAtEveryLevel) {
    at_every_level([] {
        constexpr float kInfinity = std::numeric_limits<float>::infinity();
        const float values[] = {std::nanf("7"), -std::nanf(""), kInfinity, -kInfinity, 0.5F / 255, 1.5F / 255, -1, 2};
        constexpr std::uint8_t kExpected[] = {0, 0, 255, 0, 0, 2, 0, 255};
        Image image(41, 1, 1, Depth::f32);
        for (std::size_t x = 0; x < 41; ++x) image.row<float>(0)[x] = values[x % 8];
        FilterOptions options;
        options.save_as = Depth::u8;
        const Image result = filter(image, FilterStep{}, options).value();
        for (std::size_t x = 0; x < 41; ++x) EXPECT_EQ(result.row<std::uint8_t>(0)[x], kExpected[x % 8]) << x;
    });
}

TEST(ReadyFilter, RunsAgainAndAgain) {
    FilterStep step;
    step.kernel = random_kernel(5, 5, false, 1);
    const Image first = random_image(60, 50, 3, Depth::u8, 2);
    const Image second = random_image(60, 50, 3, Depth::u8, 3);
    ReadyFilter ready(step, first, {});
    Image result = ready.make_result();
    ASSERT_TRUE(ready.run(first, result));
    ASSERT_TRUE(ready.run(second, result));
    const Image expected = filter(second, step).value();
    EXPECT_TRUE(std::ranges::equal(result.bytes(), expected.bytes()));
}

TEST(ReadyFilter, ZeroWeightsDoNotMeetNan) {
    Kernel one_pass{3, 3, {1, 2, 3, 4, 0, 6, 7, 8, 9}, 1, 0};
    Kernel two_passes{7, 7, {}, 1, 0};
    for (const double down : {1, 2, 3, 0, 3, 2, 1})
        for (const double across : {1, 2, 0, 4, 3, 2, 1}) two_passes.weights.push_back(down * across);
    for (const Kernel& kernel : {one_pass, two_passes}) {
        FilterStep step;
        step.kernel = kernel;
        step.border = PadMode::zeros;
        ASSERT_EQ(plan_filter(step, 40, 9, Depth::f32).separable(), kernel.rows == 7);
        Image image = random_image(40, 9, 1, Depth::f32, 1);
        image.row<float>(4)[20] = std::numeric_limits<float>::quiet_NaN();
        const Image result = filter(image, step).value();
        for (std::int64_t y = 0; y < 9; ++y) {
            for (std::int64_t x = 0; x < 40; ++x) {
                const std::int64_t row = 4 - y + kernel.rows / 2, col = 20 - x + kernel.cols / 2;
                const bool inside = row >= 0 && row < kernel.rows && col >= 0 && col < kernel.cols;
                const bool reads = inside && kernel.at(row, col) != 0;
                EXPECT_EQ(std::isnan(result.sample(x, y, 0)), reads) << x << ',' << y;
            }
        }
    }
}

}  // namespace
}  // namespace convlens
