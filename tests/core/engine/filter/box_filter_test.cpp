// Boxes, whichever way they are summed: by running sums, or in strips where a sample is too large for those.
#include "core/engine/filter/box_filter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/conv/names.h"
#include "core/engine/filter/filter_plan.h"
#include "core/engine/filter/ready_filter.h"
#include "tests/core/engine/filter/filter_setting.h"
#include "tests/core/engine/levels.h"

namespace convlens {
namespace {

using test::expect_naive;
using test::kBorders;
using test::kDepths;
using test::make_opaque;
using test::naive_sum;
using test::random_image;
using test::Setting;

// Whether running sums take this picture.
bool takes(const Setting& s) {
    const FilterParts parts(s.step, s.image, s.options);
    const BoxFilter boxes(parts);
    Image result(1, 1, 1, Depth::u8);
    const std::stop_token stop;
    return boxes.takes({s.image, alpha_rule(s.image, parts.plan, s.options), result, stop});
}

TEST(BoxFilter, AgreesOnLargeBoxesAtEveryLevel) {
    at_every_level([] {
        for (const Depth depth : kDepths) {
            for (const PadMode border : kBorders) {
                for (const auto& [rows, cols] : {std::pair{15, 15}, {24, 17}, {40, 9}}) {
                    const bool few = border == PadMode::reflect || border == PadMode::constant;
                    if (rows != 15 && !few) continue;  // a sanitizer takes its time
                    Setting s;
                    const int channels = depth == Depth::u16 ? 4 : depth == Depth::f32 ? 1 : 3;
                    s.image = random_image(depth == Depth::f32 ? 900 : 310, 95, channels, depth, 5);
                    if (s.image.has_alpha()) make_opaque(s.image);
                    s.step.kernel = {rows, cols, std::vector<double>(static_cast<std::size_t>(rows * cols), 1), 7, 0.1};
                    if (rows == 24) s.step.kernel.weights.assign(s.step.kernel.weights.size(), -0.3);
                    s.step.border = border;
                    s.step.border_value = 1.5;  // of bytes and words not for running sums
                    s.options.threads = 2;
                    s.options.method = FilterMethod::sums;
                    ASSERT_TRUE(plan_filter(s.step, 310, 95, depth).is_box());
                    ASSERT_NO_FATAL_FAILURE(expect_naive(s, 307));
                    if (depth != Depth::f32) continue;
                    ASSERT_TRUE(takes(s));
                    s.image.row<float>(47)[450] = 1e8F;  // then in strips
                    ASSERT_FALSE(takes(s));
                    ASSERT_NO_FATAL_FAILURE(expect_naive(s, 307));
                }
            }
        }
    });
}

// What a large sample leaves behind in sums without it is too little to see.
TEST(BoxFilter, TheLargestFloatsThatAreTakenShowNowhereElse) {
    for (const int channels : {1, 2, 3, 4}) {
        for (const double side : {15, 31}) {
            Setting s;
            s.image = random_image(700, 300, channels, Depth::f32, 5);
            if (s.image.has_alpha()) make_opaque(s.image);
            s.step.kernel = make_kernel("box", {{"size", side}});
            s.options.method = FilterMethod::sums;
            s.options.threads = 1;
            float large = 1e9F;
            do {
                large /= 2;
                for (const std::int64_t y : {3, 150, 290})
                    s.image.row<float>(y)[static_cast<std::size_t>(y * channels)] = large;
            } while (!takes(s));
            ASSERT_GT(s.image.sample(150, 150, 0), 1e5);
            ASSERT_NO_FATAL_FAILURE(expect_naive(s, 101)) << side;
        }
    }
}

// Their sum is more than float32 holds, the result is not.
TEST(BoxFilter, FloatsWhoseSumsAreTooLargeAreNotForRunningSums) {
    Setting s;
    s.image = random_image(60, 50, 1, Depth::f32, 5);
    s.step.kernel = {20, 20, std::vector<double>(400, 1), 1e34, 0};
    s.options.method = FilterMethod::sums;
    ASSERT_TRUE(takes(s));
    s.image.row<float>(20)[20] = 1e37F;
    ASSERT_FALSE(takes(s));
}

TEST(BoxFilter, AgreesOnBoxesLargerThanThePicture) {
    at_every_level([] {
        for (const PadMode border : kBorders) {
            Setting s;
            s.image = random_image(33, 9, 3, Depth::f32, 5);
            s.step.kernel = {40, 50, std::vector<double>(2000, 1), 2000, 0};
            s.step.border = border;
            s.step.border_value = 0.5;
            s.options.method = FilterMethod::sums;
            ASSERT_TRUE(takes(s));
            ASSERT_NO_FATAL_FAILURE(expect_naive(s, 7));
            s.image.row<float>(5)[50] = 1e9F;
            ASSERT_FALSE(takes(s));
            ASSERT_NO_FATAL_FAILURE(expect_naive(s, 7));
        }
    });
}

// Of columns whose sums need 16 bits, and more; of one row or column; larger than the picture; beside its anchor.
TEST(BoxFilter, AgreesOnBoxesOfBytesAndWordsAtEveryLevel) {
    const auto beside_anchor = [](std::int64_t row, std::int64_t col) {
        Kernel kernel{41, 41, std::vector<double>(41 * 41), 3, 0};
        for (std::int64_t i = 0; i < 8; ++i)
            for (std::int64_t j = 0; j < 9; ++j) kernel.weights[static_cast<std::size_t>((row + i) * 41 + col + j)] = 1;
        return kernel;
    };
    std::vector<Kernel> kernels = {beside_anchor(0, 0), beside_anchor(33, 32), beside_anchor(33, 0)};
    for (const auto& [rows, cols] : {std::pair{5, 5}, {1, 35}, {35, 1}, {300, 5}, {40, 120}})
        kernels.push_back({rows, cols, std::vector<double>(static_cast<std::size_t>(rows * cols), 0.01), 1, 0.2});
    at_every_level([&] {
        for (const Kernel& kernel : kernels) {
            for (const PadMode border : kBorders) {
                Setting s;
                s.step.kernel = kernel;
                s.step.border = border;
                s.step.border_value = 77;
                const auto channels = 1 + static_cast<int>(kernel.rows % 4);
                s.image = random_image(101, 43, channels, kernel.cols == 5 ? Depth::u16 : Depth::u8, 5);
                if (s.image.has_alpha()) make_opaque(s.image);
                s.options.threads = 2;
                s.options.method = FilterMethod::sums;
                ASSERT_TRUE(BoxFilter::can(FilterParts(s.step, s.image, s.options)));
                ASSERT_NO_FATAL_FAILURE(expect_naive(s, 97)) << kernel.rows << " rows, " << name(border);
            }
        }
    });
}

// Of an odd number of bytes the mean is never half way between two of them.
TEST(BoxFilter, MeansOfBytesAreTheNearestByte) {
    at_every_level([] {
        for (const std::int64_t side : {5, 15, 31, 127}) {
            Setting s;
            s.image = random_image(311, 200, 3, Depth::u8, 5);
            s.step.kernel = make_kernel("box", {{"size", static_cast<double>(side)}});
            s.options.method = FilterMethod::sums;
            const Image result = filter(s.image, s.step, s.options).value();
            const std::int64_t cells = side * side;
            FilterStep sums = s.step;
            sums.kernel.divisor = 1;
            for (std::int64_t y = 0; y < 200; y += 13) {
                for (std::int64_t x = 0; x < 311; x += 7) {
                    const auto sum = std::llround(naive_sum(s.image, sums, x, y, 1).value);
                    ASSERT_EQ(result.sample(x, y, 1), static_cast<double>((2 * sum + cells) / (2 * cells)))
                        << side << ": at " << x << ',' << y;
                }
            }
        }
    });
}

// Over an even divisor a mean can lie half way between two bytes, and goes to the even one.
TEST(BoxFilter, HalvesOfBytesGoToTheEvenByte) {
    at_every_level([] {
        for (const double divisor : {48.0, 6.0, 10.0, 22.0, 26.0, 94.0, 250.0, -14.0}) {
            Setting s;
            s.image = random_image(131, 60, 3, Depth::u8, 5);
            for (std::byte& sample : s.image.bytes()) sample &= std::byte{31};
            s.step.kernel = {8, 6, std::vector<double>(48, 1), divisor, 0};
            s.options.method = FilterMethod::sums;
            ASSERT_TRUE(BoxFilter::can(FilterParts(s.step, s.image, s.options)));
            int halves = 0;
            for (std::int64_t y = 0; y < 60; ++y)
                for (std::int64_t x = 0; x < 131; ++x) {
                    const double value = naive_sum(s.image, s.step, x, y, 0).value;
                    halves += value - std::floor(value) == 0.5 ? 1 : 0;
                }
            ASSERT_GT(halves, 10) << divisor;
            ASSERT_NO_FATAL_FAILURE(expect_naive(s)) << divisor;
        }
    });
}

TEST(BoxFilter, FlatPicturesOfFloatsStayAsTheyAre) {
    at_every_level([] {
        for (std::int64_t side = 10; side < 34; ++side) {
            Setting s;
            s.image = Image(70, 40, 1, Depth::f32);
            for (std::int64_t y = 0; y < 40; ++y) std::ranges::fill(s.image.row<float>(y), 1.0F);
            s.step.kernel = make_kernel("box", {{"size", static_cast<double>(side)}});
            s.options.method = FilterMethod::sums;
            const Image result = filter(s.image, s.step, s.options).value();
            for (std::int64_t y = 0; y < 40; ++y)
                for (const float sample : result.row<float>(y)) ASSERT_EQ(sample, 1) << side;
        }
    });
}

TEST(BoxFilter, BoxesOfWholeNumbersAreExactWhateverTheThreads) {
    for (const Depth depth : {Depth::u8, Depth::u16}) {
        Setting s;
        s.image = random_image(200, 190, 3, depth, 5);
        s.step.kernel = {31, 33, std::vector<double>(31 * 33, 1), 1, 0};  // of words more than float32 adds exactly
        s.options.save_as = Depth::f32;
        s.options.method = FilterMethod::sums;
        for (const int threads : {1, 2, 7}) {
            s.options.threads = threads;
            const Image result = filter(s.image, s.step, s.options).value();
            for (std::int64_t y = 0; y < 190; y += 19)
                for (std::int64_t x = 0; x < 200; x += 7)
                    ASSERT_EQ(result.sample(x, y, 1), static_cast<float>(naive_sum(s.image, s.step, x, y, 1).value) /
                                                          static_cast<float>(white(depth)));
        }
    }
}

// The most that 16 bits hold, and more.
TEST(BoxFilter, ColumnsOfWhiteBytesDoNotOverflow) {
    for (const std::int64_t rows : {257, 258}) {
        Setting s;
        s.image = Image(50, 300, 1, Depth::u8);
        std::ranges::fill(s.image.bytes(), std::byte{255});
        s.step.kernel = {rows, 3, std::vector<double>(static_cast<std::size_t>(rows * 3), 1), 1, 0};
        s.options.save_as = Depth::f32;
        ASSERT_TRUE(BoxFilter::can(FilterParts(s.step, s.image, s.options)));
        const Image result = filter(s.image, s.step, s.options).value();
        for (std::int64_t y = 0; y < 300; ++y)
            for (const float sample : result.row<float>(y)) ASSERT_EQ(sample, static_cast<float>(rows * 3));
    }
}

// What stands outside is no whole number: not for running sums.
TEST(BoxFilter, ABoxAtABorderOfFractionsIsNotRounded) {
    for (const double outside : {0.5, -1.0, 300.0}) {
        Setting s;
        s.image = random_image(60, 50, 1, Depth::u8, 4);
        s.step.kernel = {11, 11, std::vector<double>(121, 1), 1, 0};
        s.step.border = PadMode::constant;
        s.step.border_value = outside;
        s.options.save_as = Depth::f32;
        s.options.method = FilterMethod::sums;
        const Image result = filter(s.image, s.step, s.options).value();
        EXPECT_FLOAT_EQ(result.sample(0, 0, 0), static_cast<float>(naive_sum(s.image, s.step, 0, 0, 0).value / 255));
    }
}

TEST(BoxFilter, ALargeBoxKeepsInfinityAndNanWhereTheyAre) {
    Setting s;
    s.image = random_image(290, 70, 1, Depth::f32, 5);
    s.image.row<float>(20)[100] = std::numeric_limits<float>::quiet_NaN();
    s.image.row<float>(50)[200] = std::numeric_limits<float>::infinity();
    s.step.kernel = make_kernel("box", {{"size", 21}});
    s.options.method = FilterMethod::sums;
    ASSERT_FALSE(takes(s));
    ReadyFilter ready(s.step, s.image, s.options);
    Image result = ready.make_result();
    ready.run(s.image, result);
    for (std::int64_t y = 0; y < 70; ++y) {
        for (std::int64_t x = 0; x < 290; ++x) {
            const double value = result.sample(x, y, 0);
            EXPECT_EQ(std::isnan(value), std::abs(x - 100) <= 10 && std::abs(y - 20) <= 10) << x << ',' << y;
            EXPECT_EQ(std::isinf(value), std::abs(x - 200) <= 10 && std::abs(y - 50) <= 10) << x << ',' << y;
        }
    }
}

}  // namespace
}  // namespace convlens
