#include "core/image/ready_filter.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <random>

#include "core/conv/names.h"
#include "core/image/box_filter.h"
#include "core/image/filter_plan.h"
#include "core/image/tile_filter.h"
#include "tests/core/allocations.h"
#include "tests/core/engine/levels.h"
#include "tests/core/image/naive_filter.h"

namespace convlens {
namespace {

using test::is_near;
using test::kBorders;
using test::make_opaque;
using test::naive_sum;
using test::random_image;
using test::random_kernel;

constexpr Depth kDepths[] = {Depth::u8, Depth::u16, Depth::s16, Depth::f32};

// What a seed chooses.
struct Setting {
    Image image;
    FilterStep step;
    FilterOptions options;
};

Setting random_setting(unsigned seed) {
    std::mt19937 random(seed);
    const auto up_to = [&random](int most) { return static_cast<int>(random() >> 8) % (most + 1); };
    Setting s;
    const int rows = 1 + up_to(6), cols = 1 + up_to(6);
    s.step.kernel = up_to(3) == 0 ? make_kernel("gaussian", {{"size", 3.0 + up_to(4)}})
                                  : random_kernel(rows, cols, up_to(1) == 0, random());
    if (up_to(3) == 0)
        for (double& weight : s.step.kernel.weights) weight = up_to(2) == 0 ? 0 : weight;
    s.step.kernel.divisor = up_to(3) == 0 ? 7 : 1;
    s.step.kernel.offset = up_to(4) == 0 ? 0.5 : 0;
    s.step.border = kBorders[up_to(5)];
    s.step.flip = up_to(1) == 0;
    s.step.stride = 1 + std::max(0, up_to(4) - 2);
    s.step.dilation = 1 + std::max(0, up_to(4) - 2);
    const Depth depth = kDepths[up_to(3)];
    s.step.border_value = depth == Depth::f32 ? 0.25 : 99;
    s.image = random_image(1 + up_to(30), 1 + up_to(9), 1 + up_to(3), depth, random());
    if (s.image.has_alpha()) make_opaque(s.image);
    constexpr Depth kSaved[] = {Depth::f32, Depth::s16};
    if (const int saved = up_to(3); saved < 2) s.options.save_as = kSaved[saved];
    constexpr int kThreads[] = {1, 2, 7};
    s.options.threads = kThreads[up_to(2)];
    return s;
}

// Samples that are no result of anything: what is left of them was not written.
void poison(Image& image) { std::memset(image.bytes().data(), 0xCD, image.bytes().size()); }

// Compares every `sparsely`-th sample.
void expect_naive(Setting& s, std::int64_t sparsely = 1) {
    ReadyFilter ready(s.step, s.image, s.options);
    Image result = ready.make_result();
    poison(result);
    ASSERT_TRUE(ready.run(s.image, result));
    const double scale = white(result.depth()) / white(s.image.depth());
    for (std::int64_t y = 0; y < result.height(); ++y) {
        for (std::int64_t x = 0; x < result.width(); ++x) {
            for (int c = 0; c < result.channels(); ++c) {
                if ((x + 3 * y + c) % sparsely != 0) continue;
                const bool is_alpha = s.image.has_alpha() && c == s.image.channels() - 1;
                auto sum = is_alpha ? test::NaiveSum{white(s.image.depth()), 1} : naive_sum(s.image, s.step, x, y, c);
                sum = {sum.value * scale, sum.size * scale};
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

TEST(ReadyFilter, AgreesWithThePlainLoopOverRandomSettingsAtEveryLevel) {
    at_every_level([] {
        for (unsigned seed = 0; seed < 6000 && !testing::Test::HasFatalFailure(); ++seed) {
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
            if (s.image.has_alpha()) make_opaque(s.image);
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

TEST(ReadyFilter, AgreesOnLargeBoxesAtEveryLevel) {
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
                }
            }
        }
    });
}

TEST(ReadyFilter, AgreesOnBoxesLargerThanThePicture) {
    at_every_level([] {
        for (const PadMode border : kBorders) {
            Setting s;
            s.image = random_image(33, 9, 3, Depth::f32, 5);
            s.step.kernel = {40, 50, std::vector<double>(2000, 1), 2000, 0};
            s.step.border = border;
            s.step.border_value = 0.5;
            s.options.method = FilterMethod::sums;
            ASSERT_NO_FATAL_FAILURE(expect_naive(s, 7));
        }
    });
}

// Of columns whose sums need 16 bits, and more; of one row or column; larger than the picture; beside its anchor.
TEST(ReadyFilter, AgreesOnBoxesOfBytesAndWordsAtEveryLevel) {
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

TEST(ReadyFilter, BoxesOfWholeNumbersAreExactWhateverTheThreads) {
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
TEST(ReadyFilter, ColumnsOfWhiteBytesDoNotOverflow) {
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
TEST(ReadyFilter, ABoxAtABorderOfFractionsIsNotRounded) {
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

TEST(ReadyFilter, ALargeBoxKeepsInfinityAndNanWhereTheyAre) {
    Setting s;
    s.image = random_image(290, 70, 1, Depth::f32, 5);
    s.image.row<float>(20)[100] = std::numeric_limits<float>::quiet_NaN();
    s.image.row<float>(50)[200] = std::numeric_limits<float>::infinity();
    s.step.kernel = make_kernel("box", {{"size", 21}});
    s.options.method = FilterMethod::sums;
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

TEST(ReadyFilter, AgreesThroughTheFourierTransform) {
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

TEST(ReadyFilter, AgreesOnPicturesOfSeveralTiles) {
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

TEST(ReadyFilter, ConstantBordersOfHalvesAndHugeNumbersStayWhereTheyAreRead) {
    for (const double border : {99.5, 1e300}) {
        Setting s;
        s.image = random_image(60, 50, 1, Depth::u8, 4);
        s.step.kernel = random_kernel(12, 12, true, 5);
        s.step.kernel.divisor = 5;
        s.step.border = PadMode::constant;
        s.step.border_value = border;
        s.options.method = FilterMethod::sums;
        const Image sums = filter(s.image, s.step, s.options).value();
        s.options.method = FilterMethod::fourier;
        const Image fourier = filter(s.image, s.step, s.options).value();
        EXPECT_TRUE(std::ranges::equal(sums.bytes(), fourier.bytes())) << border;
    }
}

TEST(ReadyFilter, AHugeSampleSpoilsOnlyWhatReadsIt) {
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

// Alpha that is kept, opaque or not, in one tile and in several.
TEST(ReadyFilter, TheFourierTransformTakesTransparentPictures) {
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

TEST(ReadyFilter, FilteredAlphaIsSummed) {
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
TEST(ReadyFilter, TheFourierTransformRoundsHalvesAsSumsDo) {
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

TEST(ReadyFilter, NanDoesNotSpreadThroughTheFourierTransform) {
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
