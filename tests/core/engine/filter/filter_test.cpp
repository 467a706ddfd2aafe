#include "core/engine/filter/filter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <thread>

#include "core/conv/names.h"
#include "core/engine/filter/filter_plan.h"
#include "tests/core/engine/filter/naive_filter.h"

namespace convlens {
namespace {

using test::is_near;
using test::kBorders;
using test::make_opaque;
using test::naive_sum;
using test::random_image;
using test::random_kernel;

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

std::vector<int> samples(const Image& image) {
    std::vector<int> result;
    for (std::int64_t y = 0; y < image.height(); ++y)
        for (std::int64_t x = 0; x < image.width(); ++x)
            for (int c = 0; c < image.channels(); ++c) result.push_back(static_cast<int>(image.sample(x, y, c)));
    return result;
}

void expect_naive(const Image& image, const FilterStep& step, const FilterOptions& options = {}) {
    const Image result = filter(image, step, options).value();
    ASSERT_EQ(result.width(), (image.width() + step.stride - 1) / step.stride);
    ASSERT_EQ(result.height(), (image.height() + step.stride - 1) / step.stride);
    for (std::int64_t y = 0; y < result.height(); ++y) {
        for (std::int64_t x = 0; x < result.width(); ++x) {
            for (int c = 0; c < result.channels(); ++c) {
                const auto expected = naive_sum(image, step, x, y, c);
                ASSERT_TRUE(is_near(result.sample(x, y, c), expected, image.depth()))
                    << image.width() << 'x' << image.height() << " of " << image.channels() << ' '
                    << name(image.depth()) << ", kernel " << step.kernel.rows << 'x' << step.kernel.cols << ", "
                    << name(step.border) << ", stride " << step.stride << ", dilation " << step.dilation
                    << (step.flip ? ", flip" : "") << ": at " << x << ',' << y << " channel " << c << " got "
                    << result.sample(x, y, c) << ", expected " << expected.value;
            }
        }
    }
}

TEST(Filter, AgreesWithThePlainLoopUnderEveryBorderDepthAndSize) {
    unsigned seed = 1;
    for (const PadMode border : kBorders) {
        for (const Depth depth : {Depth::u8, Depth::u16, Depth::f32}) {
            for (const auto& [w, h] : {std::pair{1, 1}, {1, 5}, {7, 1}, {5, 4}, {33, 19}, {70, 40}}) {
                for (const auto& [rows, cols] : {std::pair{1, 1}, {3, 3}, {2, 4}, {5, 1}, {9, 11}}) {
                    ++seed;
                    FilterStep step;
                    step.kernel = random_kernel(rows, cols, seed % 2 == 0, seed);
                    step.kernel.divisor = seed % 3 == 0 ? 7 : seed % 3 == 1 ? 4 : 1;  // over 4 many sums are halves
                    step.kernel.offset = seed % 5 == 0 ? 0.5 : 0;
                    step.border = border;
                    step.border_value = depth == Depth::f32 ? 0.25 : 99;
                    step.flip = seed % 4 == 0;
                    step.stride = 1 + seed / 2 % 3;
                    step.dilation = 1 + seed / 3 % 3;
                    const int channels = 1 + static_cast<int>(seed % 4);
                    Image image = random_image(w, h, channels, depth, seed);
                    if (image.has_alpha()) make_opaque(image);
                    FilterOptions options;
                    options.threads = 1 + static_cast<int>(seed % 3);
                    ASSERT_NO_FATAL_FAILURE(expect_naive(image, step, options));
                }
            }
        }
    }
}

TEST(Filter, TwoPassesAgreeWithThePlainLoopToo) {
    for (const char* kernel : {"gaussian:sigma=1.7", "box:size=6", "gaussian:size=9"}) {
        FilterStep step = step_of(kernel);
        ASSERT_TRUE(plan_filter(step, 40, 30, Depth::u8).separable()) << kernel;
        for (const PadMode border : kBorders) {
            step.border = border;
            step.border_value = 30;
            for (const std::int64_t stride : {1, 2}) {
                for (const std::int64_t dilation : {1, 3}) {
                    step.stride = stride;
                    step.dilation = dilation;
                    ASSERT_NO_FATAL_FAILURE(expect_naive(random_image(41, 23, 3, Depth::u8, 5), step));
                    ASSERT_NO_FATAL_FAILURE(expect_naive(random_image(3, 2, 1, Depth::f32, 6), step));
                }
            }
        }
    }
}

TEST(Filter, KernelsMayBeLargerThanThePicture) {
    FilterStep step;
    step.kernel = random_kernel(31, 63, false, 3);
    for (const PadMode border : kBorders) {
        step.border = border;
        ASSERT_NO_FATAL_FAILURE(expect_naive(random_image(5, 3, 3, Depth::u16, 8), step));
        ASSERT_NO_FATAL_FAILURE(expect_naive(random_image(1, 1, 1, Depth::f32, 9), step));
    }
}

// OpenCV's own rule: halves go to the even neighbour.
TEST(Filter, RoundsHalvesToEven) {
    EXPECT_EQ(samples(*filter(bytes(4, 1, {1, 3, 5, 255}), step_of("1 / 2"))), (std::vector<int>{0, 2, 2, 128}));
}

// AviSynth/AviSynthPlus#196
TEST(Filter, AMeanIsRoundedNotCut) {
    const Image image = bytes(3, 1, {1, 2, 1, 2, 2, 2, 1, 1, 2});
    EXPECT_EQ(filter(image, step_of("box"))->sample(1, 1, 0), 2);
}

// lovell/sharp#4428; c2siorg/imagelab#149
TEST(Filter, EdgesAreClampedNeverWrapped) {
    const Image image = bytes(8, 1, {0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0, 255, 255, 255, 255});
    FilterStep step = step_of("sobel_x");
    step.border = PadMode::replicate;
    FilterOptions floats;
    floats.save_as = Depth::f32;
    const Image unclamped = *filter(image, step, floats);
    EXPECT_EQ(unclamped.sample(3, 0, 0), 4);  // 1020, and white is 1
    EXPECT_EQ(unclamped.sample(4, 0, 0), 4);
    EXPECT_EQ(unclamped.sample(7, 0, 0), 0);
    EXPECT_EQ(filter(image, step)->sample(3, 0, 0), 255);
    step.border = PadMode::zeros;
    EXPECT_LT(filter(image, step, floats)->sample(7, 0, 0), 0);
    EXPECT_EQ(filter(image, step_of("scharr_x"))->sample(3, 1, 0), 255);
}

// lovell/sharp#561; astropy/astropy#1647
TEST(Filter, ZeroSumKernelsAreNoDivisionByZero) {
    const Image flat = bytes(3, 1, std::vector<int>(9, 100));
    FilterStep step = step_of("laplacian");
    step.kernel = normalized(step.kernel);
    EXPECT_EQ(filter(flat, step)->sample(1, 1, 0), 0);
    step.kernel.offset = 0.5;
    EXPECT_EQ(filter(flat, step)->sample(1, 1, 0), 128);
    EXPECT_EQ(filter(flat, step_of("3 3 24\n-1 -1 -1\n-1 32 -1\n-1 -1 -1"))->sample(1, 1, 0), 100);
}

// docs.gimp.org: a 1 at the top centre moves the picture down.
TEST(Filter, CorrelatesUnlessToldToFlip) {
    const Image image = bytes(3, 1, {40, 42, 46, 46, 50, 55, 52, 56, 58});
    FilterStep step = step_of("0 1 0; 0 0 0; 0 0 0");
    EXPECT_EQ(filter(image, step)->sample(1, 1, 0), 42);
    step.flip = true;
    EXPECT_EQ(filter(image, step)->sample(1, 1, 0), 56);
}

// The tables are of whole 256ths, so that sums over bytes are exact, and ties round to even on every machine.
TEST(Filter, AGaussianOfATableIsTakenApartIntoThatTable) {
    const FilterPlan plan = plan_filter(step_of("gaussian"), 40, 30, Depth::u8);
    ASSERT_TRUE(plan.separable());
    EXPECT_EQ(plan.products.front().column, (std::vector<float>{0.0625, 0.25, 0.375, 0.25, 0.0625}));
    EXPECT_EQ(plan.products.front().across, plan.products.front().column);
    // A weight that is no such square stays what it is.
    const FilterPlan thin = plan_filter({.kernel = {4, 8, std::vector<double>(32, 0.03125)}}, 40, 30, Depth::u8);
    EXPECT_EQ(thin.products.front().column, (std::vector<float>(4, 1)));
    EXPECT_EQ(thin.products.front().across, (std::vector<float>(8, 0.03125F)));
}

// scipy/scipy#7818
TEST(Filter, OneNanTouchesExactlyTheKernelsReach) {
    Image image(51, 51, 1, Depth::f32);
    image.row<float>(20)[30] = std::numeric_limits<float>::quiet_NaN();
    for (const auto& [kernel, touched] :
         {std::pair{"box:size=5", 25}, {"box", 9}, {"gaussian:size=7", 49}, {"sobel_x", 6}}) {
        const Image result = *filter(image, step_of(kernel));
        int count = 0;
        for (int y = 0; y < 51; ++y)
            for (int x = 0; x < 51; ++x) count += std::isnan(result.sample(x, y, 0)) ? 1 : 0;
        EXPECT_EQ(count, touched) << kernel;
    }
}

Kernel ringed(const Kernel& kernel, std::int64_t side) {
    Kernel result{side, side, std::vector<double>(static_cast<std::size_t>(side * side), 0.0), kernel.divisor,
                  kernel.offset};
    const std::int64_t first = side / 2 - kernel.rows / 2;
    for (std::int64_t row = 0; row < kernel.rows; ++row)
        for (std::int64_t col = 0; col < kernel.cols; ++col)
            result.weights[static_cast<std::size_t>((row + first) * side + col + first)] = kernel.at(row, col);
    return result;
}

// opencv/opencv#13179, #10683
TEST(Filter, ARingOfZerosChangesNothing) {
    Image image = random_image(50, 40, 1, Depth::f32, 4);
    image.row<float>(7)[9] = std::numeric_limits<float>::infinity();
    for (const char* kernel : {"sharpen", "box", "0.3 0.1 0.2; 0.7 0.1 0.2; 0.4 0.9 0.5"}) {
        FilterStep step = step_of(kernel);
        const Image expected = *filter(image, step);
        for (const std::int64_t side : {11, 13, 31}) {
            step.kernel = ringed(parse_kernel(kernel), side);
            const Image result = *filter(image, step);
            EXPECT_EQ(std::memcmp(expected.bytes().data(), result.bytes().data(), expected.bytes().size()), 0)
                << kernel << " in " << side;
        }
    }
}

TEST(Filter, ThreadsMakeNoDifference) {
    const Image image = random_image(301, 203, 3, Depth::u8, 12);
    FilterOptions one, many;
    one.threads = 1;
    many.threads = 7;
    for (const char* kernel : {"sharpen", "gaussian:sigma=4", "0.3 0.1 0.2; 0.7 0.1 0.2"})
        EXPECT_EQ(samples(*filter(image, step_of(kernel), one)), samples(*filter(image, step_of(kernel), many)))
            << kernel;
}

TEST(Filter, StopsWhenAsked) {
    std::stop_source source;
    source.request_stop();
    EXPECT_FALSE(filter(random_image(64, 64, 3, Depth::u8, 1), step_of("box"), {}, source.get_token()).has_value());
}

TEST(Filter, SavesAsAnotherDepth) {
    const Image image = bytes(2, 1, {0, 255});
    FilterOptions options;
    options.save_as = Depth::u16;
    EXPECT_EQ(samples(*filter(image, step_of("identity"), options)), (std::vector<int>{0, 65535}));
    FilterStep half = step_of("1 / 2");
    EXPECT_EQ(samples(*filter(image, half, options)), (std::vector<int>{0, 32768}));  // 32767.5
}

// image-rs/image#2324; python-pillow/Pillow#3494
TEST(FilterAlpha, TransparentPixelsDoNotBleed) {
    const Image image = bytes(3, 4, {255, 0, 0, 0, 255, 255, 255, 255, 255, 0, 0, 0});
    FilterOptions options;
    options.filter_alpha = true;
    const std::vector<int> filtered = samples(*filter(image, step_of("box"), options));
    EXPECT_EQ(std::vector<int>(filtered.begin() + 4, filtered.begin() + 8), (std::vector<int>{255, 255, 255, 85}));
    const std::vector<int> kept = samples(*filter(image, step_of("box")));
    EXPECT_EQ(std::vector<int>(kept.begin() + 4, kept.begin() + 8), (std::vector<int>{255, 255, 255, 255}));
}

TEST(FilterAlpha, IsKeptAsItIs) {
    const Image image = random_image(20, 11, 4, Depth::u8, 2);
    FilterStep step = step_of("gaussian");
    step.stride = 2;
    const Image result = *filter(image, step);
    for (std::int64_t y = 0; y < result.height(); ++y)
        for (std::int64_t x = 0; x < result.width(); ++x)
            ASSERT_EQ(result.sample(x, y, 3), image.sample(2 * x, 2 * y, 3));
}

// An edge between a picture and nothing is no edge of the picture.
TEST(FilterAlpha, NothingIsNoEdge) {
    const Image image = bytes(4, 2, {80, 255, 80, 255, 0, 0, 0, 0});
    FilterStep step = step_of("-1 0 1 + 0.5");
    EXPECT_EQ(filter(image, step)->sample(1, 0, 0), 128);
}

TEST(FilterAlpha, OpaquePicturesAreFilteredLikeThoseWithoutAlpha) {
    Image rgba = random_image(19, 13, 4, Depth::u8, 3);
    make_opaque(rgba);
    Image rgb(19, 13, 3, Depth::u8);
    for (std::int64_t y = 0; y < 13; ++y)
        for (std::size_t i = 0; i < 57; ++i) rgb.row<std::uint8_t>(y)[i] = rgba.row<std::uint8_t>(y)[i / 3 * 4 + i % 3];
    for (const char* kernel : {"sharpen", "gaussian:sigma=2", "sobel_x"}) {
        const Image a = *filter(rgba, step_of(kernel));
        const Image b = *filter(rgb, step_of(kernel));
        for (std::int64_t y = 0; y < 13; ++y)
            for (std::int64_t x = 0; x < 19; ++x)
                for (int c = 0; c < 3; ++c) ASSERT_EQ(a.sample(x, y, c), b.sample(x, y, c)) << kernel;
    }
}

TEST(PixelTaps, AddUpToTheResult) {
    for (const int channels : {1, 3, 4}) {
        const Image image = random_image(9, 7, channels, Depth::u16, 21);
        for (const bool flip : {false, true}) {
            FilterStep step;
            step.kernel = random_kernel(4, 5, false, 17);
            step.kernel.divisor = 3;
            step.border = PadMode::constant;
            step.border_value = 1000;
            step.flip = flip;
            step.stride = 2;
            FilterOptions floats;
            floats.save_as = Depth::f32;
            const Image result = *filter(image, step, floats);
            for (std::int64_t y = 0; y < result.height(); ++y) {
                for (std::int64_t x = 0; x < result.width(); ++x) {
                    for (int c = 0; c < channels; ++c) {
                        double sum = 0;
                        for (const PixelTap& tap : pixel_taps(image, step, x, y, c)) sum += tap.value * tap.weight;
                        EXPECT_NEAR(sum / 65535, result.sample(x, y, c), 1e-5) << x << ',' << y << ',' << c;
                    }
                }
            }
        }
    }
}

TEST(PixelTaps, NameThePixelThatWasRead) {
    const Image image = bytes(3, 1, {1, 2, 3});
    FilterStep step = step_of("1 1 1");
    const auto taps = pixel_taps(image, step, 0, 0, 0);
    ASSERT_EQ(taps.size(), 3U);
    EXPECT_TRUE(taps[0].outside);
    EXPECT_EQ(taps[0].x, 1);  // reflect
    EXPECT_EQ(taps[0].value, 2);
    EXPECT_FALSE(taps[1].outside);
    step.border = PadMode::zeros;
    EXPECT_EQ(pixel_taps(image, step, 0, 0, 0)[0].x, -1);
    EXPECT_EQ(pixel_taps(image, step, 0, 0, 0)[0].value, 0);
}

TEST(FilterPlan, ARingOfZerosIsCutOffAndTheAnchorKept) {
    FilterStep step = step_of("0 0 0 0 0; 0 1 2 0 0; 0 0 0 0 0; 0 0 0 0 0; 0 0 0 0 0");
    const FilterPlan plan = plan_filter(step, 10, 10, Depth::u8);
    EXPECT_EQ(plan.rows, 1);
    EXPECT_EQ(plan.cols, 2);
    EXPECT_EQ(plan.top, 1);
    EXPECT_EQ(plan.left, 1);
    step = step_of("0 0 0; 0 0 0; 0 0 1");
    EXPECT_EQ(plan_filter(step, 10, 10, Depth::u8).top, -1);
    EXPECT_EQ(plan_filter(step_of("0 0; 0 0"), 10, 10, Depth::u8).weights, std::vector<float>{0});
}

TEST(FilterPlan, WholeKernelsStayWholeInTwoPasses) {
    FilterStep step = step_of("1 4 6 4 1; 4 16 24 16 4; 6 24 36 24 6; 4 16 24 16 4; 1 4 6 4 1 / 256");
    const FilterPlan plan = plan_filter(step, 10, 10, Depth::u8);
    ASSERT_TRUE(plan.separable());
    EXPECT_EQ(plan.products.front().column, (std::vector<float>{1, 4, 6, 4, 1}));
    EXPECT_EQ(plan.products.front().across, (std::vector<float>{1, 4, 6, 4, 1}));
    EXPECT_EQ(plan.divisor, 256);
    EXPECT_FALSE(
        plan_filter(step_of("1 0 0 0 0; 0 1 0 0 0; 0 0 1 0 0; 0 0 0 1 0; 0 0 0 0 1"), 9, 9, Depth::u8).separable());
}

}  // namespace
}  // namespace convlens
