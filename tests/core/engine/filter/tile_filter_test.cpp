// Filters through the Fourier transform.
#include "core/engine/filter/tile_filter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/engine/filter/ready_filter.h"
#include "tests/core/engine/filter/filter_setting.h"
#include "tests/core/engine/levels.h"

namespace convlens {
namespace {

using test::expect_naive;
using test::kDepths;
using test::make_opaque;
using test::random_image;
using test::random_kernel;
using test::random_setting;
using test::Setting;

TEST(TileFilter, AgreesThroughTheFourierTransform) {
    at_every_level([] {
        unsigned transformed = 0;
        for (unsigned seed = 0; seed < 40 && !testing::Test::HasFatalFailure(); ++seed) {
            SCOPED_TRACE(seed);
            Setting s = random_setting(seed);
            s.options.method = FilterMethod::fourier;
            s.step.stride = 1;
            transformed += TileFilter::can(FilterParts(s.step, s.image, s.options)) ? 1 : 0;
            expect_naive(s);
        }
        EXPECT_GT(transformed, 10U);
    });
}

TEST(TileFilter, AgreesOnPicturesOfSeveralTiles) {
    at_every_level([] {
        for (const Depth depth : kDepths) {
            for (const auto& [w, h] : {std::pair{520, 12}, {12, 300}, {300, 300}}) {
                Setting s;
                s.image = random_image(w, h, depth == Depth::u8 ? 3 : 1, depth, 9);
                s.step.kernel = random_kernel(9, 14, false, 10);
                s.step.dilation = depth == Depth::u16 ? 3 : 1;
                s.options.method = FilterMethod::fourier;
                s.options.threads = 2;
                ASSERT_TRUE(TileFilter::can(FilterParts(s.step, s.image, s.options)));
                ASSERT_NO_FATAL_FAILURE(expect_naive(s, 131));
            }
        }
    });
}

// Weights of -1, 0 and 1: many sums lie between black and white, and a border of halves makes halves of them.
Kernel balanced_kernel() {
    Kernel kernel = random_kernel(12, 12, true, 5);
    for (std::size_t i = 0; i < kernel.weights.size(); ++i)
        kernel.weights[i] = std::abs(std::fmod(kernel.weights[i], 2)) * (i % 2 == 0 ? 1 : -1);
    kernel.divisor = 4;  // of sums of halves: rounded first, many bytes were others
    kernel.offset = 0.5;
    return kernel;
}

TEST(TileFilter, ConstantBordersOfHalvesAndHugeNumbersStayWhereTheyAreRead) {
    for (const double border : {99.5, 1e300}) {
        Setting s;
        s.image = random_image(60, 50, 1, Depth::u8, 4);
        s.step.kernel = balanced_kernel();
        s.step.border = PadMode::constant;
        s.step.border_value = border;
        s.options.method = FilterMethod::sums;
        const Image sums = filter(s.image, s.step, s.options).value();
        s.options.method = FilterMethod::fourier;
        const Image fourier = filter(s.image, s.step, s.options).value();
        EXPECT_TRUE(std::ranges::equal(sums.bytes(), fourier.bytes())) << border;
        const auto grey = std::ranges::count_if(
            sums.bytes(), [](std::byte sample) { return sample != std::byte{0} && sample != std::byte{255}; });
        EXPECT_GT(grey, border == 99.5 ? 700 : 0) << "what is clamped shows nothing";
    }
}

TEST(TileFilter, SumsOverABorderOfFractionsAreNotRounded) {
    for (const double border : {0.5, 99.25, -3.5}) {
        Setting s;
        s.image = random_image(60, 50, 1, Depth::u8, 4);
        s.step.kernel = balanced_kernel();
        s.step.border = PadMode::constant;
        s.step.border_value = border;
        s.options.method = FilterMethod::fourier;
        s.options.save_as = Depth::f32;
        ASSERT_TRUE(TileFilter::can(FilterParts(s.step, s.image, s.options)));
        const Image result = filter(s.image, s.step, s.options).value();
        for (const std::int64_t x : {0, 3, 30, 59})
            EXPECT_NEAR(result.sample(x, 0, 0) * 255, test::naive_sum(s.image, s.step, x, 0, 0).value, 0.01)
                << border << ' ' << x;
    }
}

TEST(TileFilter, AHugeSampleSpoilsOnlyWhatReadsIt) {
    for (const float huge : {1e20F, std::numeric_limits<float>::max()}) {
        Setting s;
        s.image = random_image(90, 80, 1, Depth::f32, 4);
        s.step.kernel = random_kernel(9, 9, false, 5);
        s.options.method = FilterMethod::fourier;
        const Image before = filter(s.image, s.step, s.options).value();
        s.image.row<float>(10)[10] = huge;
        const Image after = filter(s.image, s.step, s.options).value();
        for (std::int64_t y = 20; y < 80; ++y)
            for (std::int64_t x = 20; x < 90; ++x)
                ASSERT_NEAR(before.sample(x, y, 0), after.sample(x, y, 0), 1e-4) << huge;
    }
}

// Alpha that is kept, opaque or not, in one tile and in several.
TEST(TileFilter, TheFourierTransformTakesTransparentPictures) {
    for (const Depth depth : {Depth::u8, Depth::u16, Depth::f32}) {
        for (const auto& [width, opaque] : {std::pair{90, false}, {90, true}, {400, false}}) {
            Setting s;
            s.image = random_image(width, 60, depth == Depth::u16 ? 2 : 4, depth, 4);
            if (opaque) make_opaque(s.image);
            if (depth == Depth::f32)  // alpha from 0 to 1
                for (std::int64_t y = 0; y < 60 && !opaque; ++y)
                    for (std::size_t i = 3; i < s.image.row<float>(y).size(); i += 4) s.image.row<float>(y)[i] += 0.5F;
            s.step.kernel = random_kernel(12, 9, width == 400 && depth != Depth::u16, 5);
            s.step.kernel.divisor = 20;
            s.step.kernel.offset = 0.25;
            s.options.save_as = Depth::f32;
            s.options.method = FilterMethod::sums;
            const Image sums = filter(s.image, s.step, s.options).value();
            s.options.method = FilterMethod::fourier;
            ReadyFilter ready(s.step, s.image, s.options);
            Image fourier = ready.make_result();
            ready.run(s.image, fourier);
            EXPECT_EQ(ready.method(), FilterMethod::fourier);
            for (std::int64_t y = 0; y < 60; ++y)
                for (std::size_t i = 0; i < sums.row<float>(y).size(); ++i)
                    ASSERT_NEAR(fourier.row<float>(y)[i], sums.row<float>(y)[i], 2e-5) << i << ' ' << y;
        }
    }
}

TEST(TileFilter, FilteredAlphaIsSummed) {
    Setting s;
    s.image = random_image(90, 60, 4, Depth::u8, 4);
    s.step.kernel = random_kernel(9, 9, false, 5);
    s.options.method = FilterMethod::fourier;
    s.options.filter_alpha = true;
    ReadyFilter ready(s.step, s.image, s.options);
    Image result = ready.make_result();
    ready.run(s.image, result);
    EXPECT_EQ(ready.method(), FilterMethod::sums);
}

// Half of these sums lie exactly between two whole numbers.
TEST(TileFilter, TheFourierTransformRoundsHalvesAsSumsDo) {
    Setting s;
    s.image = random_image(90, 80, 3, Depth::u8, 4);
    s.step.kernel = random_kernel(12, 12, true, 5);
    s.step.kernel.divisor = 2;
    s.step.kernel.offset = 0.5;
    s.options.method = FilterMethod::sums;
    const Image sums = filter(s.image, s.step, s.options).value();
    s.options.method = FilterMethod::fourier;
    const Image fourier = filter(s.image, s.step, s.options).value();
    EXPECT_TRUE(std::ranges::equal(sums.bytes(), fourier.bytes()));
}

TEST(TileFilter, NanDoesNotSpreadThroughTheFourierTransform) {
    Setting s;
    s.image = random_image(51, 51, 1, Depth::f32, 4);
    s.image.row<float>(20)[30] = std::numeric_limits<float>::quiet_NaN();
    s.step.kernel = random_kernel(5, 5, false, 5);
    s.options.method = FilterMethod::fourier;
    const Image result = filter(s.image, s.step, s.options).value();
    int touched = 0;
    for (const float sample : std::span(result.row<float>(0).data(), 51 * 51)) touched += std::isnan(sample) ? 1 : 0;
    EXPECT_EQ(touched, 25);
}

}  // namespace
}  // namespace convlens
