// Kernels that reach far beyond the picture: the same sums, in the room of a picture.
#include "core/engine/filter/kernel_fold.h"

#include <gtest/gtest.h>

#include "core/conv/names.h"
#include "core/conv/pad.h"
#include "core/engine/filter/filter_plan.h"
#include "tests/core/engine/filter/naive_filter.h"

namespace convlens {
namespace {

using test::kBorders;
using test::random_image;

FilterStep step_of(std::string_view kernel, PadMode border, std::int64_t dilation) {
    FilterStep step;
    step.kernel = parse_kernel(kernel);
    step.border = border;
    step.border_value = 90;
    step.dilation = dilation;
    return step;
}

// A kernel of this size with weights of both signs, no two alike.
Kernel uneven(std::int64_t rows, std::int64_t cols, bool mixed) {
    Kernel kernel{rows, cols, {}, static_cast<double>(rows * cols) * 3, 0.125};
    for (std::int64_t i = 0; i < rows * cols; ++i)
        kernel.weights.push_back((mixed && i % 3 == 1 ? -1 : 1) * (1 + 0.01 * static_cast<double>(i)));
    return kernel;
}

TEST(KernelFold, GivesWhatTheWholeKernelGives) {
    unsigned seed = 0;
    for (const PadMode border : kBorders) {
        for (const std::int64_t dilation : {1, 2, 5, 23}) {
            for (const bool mixed : {false, true}) {
                for (const int channels : {1, 2, 3, 4}) {
                    const Size2 size = seed % 4 == 0 ? Size2{1, 1} : seed % 4 == 1 ? Size2{1, 7} : Size2{4, 6};
                    Image image = random_image(size.w, size.h, channels, Depth::u8, ++seed);
                    if (image.has_alpha()) test::make_transparent(image, 4);
                    FilterStep step = step_of("1", border, dilation);
                    step.kernel = uneven(17, 22, mixed);
                    step.stride = 1 + seed % 2;
                    step.flip = seed % 3 == 0;
                    const Image got = *filter(image, step, {.save_as = Depth::f32});
                    for (std::int64_t y = 0; y < got.height(); ++y)
                        for (std::int64_t x = 0; x < got.width(); ++x)
                            for (int c = 0; c < channels; ++c) {
                                const test::NaiveSum sum = test::naive_sum(image, step, x, y, c);
                                ASSERT_NEAR(got.sample(x, y, c) * 255, sum.value, 2e-5 * std::max(1.0, sum.size))
                                    << name(border) << ' ' << dilation << ' ' << mixed << ' ' << x << ',' << y << ','
                                    << c;
                            }
                }
            }
        }
    }
}

TEST(KernelFold, TakesTheRoomOfThePictureAndNotOfTheReach) {
    for (const PadMode border : kBorders) {
        const FilterPlan one = plan_filter(step_of("box:size=999", border, 999), 1, 1, Depth::u8);
        EXPECT_LE(one.rows * one.cols, 9) << name(border);
        EXPECT_LE(one.effective_cols(), 2000) << name(border);
        const FilterPlan some = plan_filter(step_of("box:size=99", border, 999), 75, 50, Depth::u8);
        EXPECT_LE(some.effective_cols(), 4000) << name(border);
        EXPECT_LE(some.effective_rows(), 4000) << name(border);
        double sum = 0;
        for (const float weight : some.weights) sum += weight;
        EXPECT_NEAR(sum / some.divisor, 1, 1e-5) << name(border);
    }
}

TEST(KernelFold, LeavesKernelsAloneThatReachNoFurther) {
    for (const PadMode border : kBorders) {
        const ReachingKernel kernel{3, 5, std::vector<double>(15, 2.0), 4, 8, 4};
        EXPECT_FALSE(folded(kernel, border, {9, 21})) << name(border);
    }
}

// NaN times 3 and times -3 is no 0.
TEST(KernelFold, WeightsOfBothSignsDoNotCancel) {
    Image image(3, 1, 1, Depth::f32);
    image.row<float>(0)[0] = 0.5F;
    image.row<float>(0)[1] = 0.25F;
    image.row<float>(0)[2] = NAN;
    for (const PadMode border : {PadMode::circular, PadMode::replicate}) {
        FilterStep step = step_of("1", border, 3);
        step.kernel = {1, 12, {}, 1, 0};
        for (int i = 0; i < 12; ++i) step.kernel.weights.push_back(i % 2 == 0 ? 3.0 : -3.0);
        const Image got = *filter(image, step);
        EXPECT_TRUE(std::isnan(got.sample(2, 0, 0))) << name(border);
    }
}

}  // namespace
}  // namespace convlens
