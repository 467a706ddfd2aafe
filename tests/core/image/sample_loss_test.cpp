#include "core/image/sample_loss.h"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace convlens {
namespace {

bool stays(const std::vector<std::string>& kernels, Depth before, Depth after, int channels = 3) {
    std::vector<FilterStep> chain;
    for (const std::string& kernel : kernels) {
        FilterStep step;
        step.kernel = parse_kernel(kernel);
        chain.push_back(step);
    }
    return stays_in_range(Image(2, 2, channels, before), chain, after);
}

TEST(StaysInRange, MeansDoAndDifferencesDoNot) {
    EXPECT_TRUE(stays({}, Depth::u8, Depth::u8));
    EXPECT_TRUE(stays({"gaussian:sigma=2", "box:size=9"}, Depth::u8, Depth::u8));
    EXPECT_TRUE(stays({"gaussian:sigma=2"}, Depth::u16, Depth::u8));
    EXPECT_TRUE(stays({"1 -1 / 2 + 0.5"}, Depth::u8, Depth::u8));
    EXPECT_FALSE(stays({"1 -1 / 2"}, Depth::u8, Depth::u8));
    EXPECT_TRUE(stays({"1 -1 / 2"}, Depth::u8, Depth::s16));
    EXPECT_FALSE(stays({"1.01"}, Depth::u8, Depth::u8));
    EXPECT_FALSE(stays({"1 / 2 + 0.6"}, Depth::u8, Depth::u8));
    EXPECT_FALSE(stays({"2", "0.5"}, Depth::s16, Depth::u8));
    EXPECT_TRUE(stays({"2", "0.5"}, Depth::u8, Depth::u8)) << "nothing is cut between steps";
    EXPECT_FALSE(stays({"3e38", "3e38"}, Depth::u8, Depth::u8));
}

TEST(StaysInRange, IsNotKnownOfFloatsAndBesideAlpha) {
    EXPECT_FALSE(stays({"box"}, Depth::f32, Depth::u8));
    EXPECT_FALSE(stays({"box"}, Depth::u8, Depth::u8, 4));
}

TEST(StaysInRange, CountsWhatLiesOutside) {
    FilterStep step;
    step.kernel = parse_kernel("box");
    step.border = PadMode::constant;
    step.border_value = 300;
    const Image image(2, 2, 1, Depth::u8);
    EXPECT_FALSE(stays_in_range(image, std::vector{step}, Depth::u8));
    step.border_value = 200;
    EXPECT_TRUE(stays_in_range(image, std::vector{step}, Depth::u8));
    step.border = PadMode::zeros;
    step.kernel = parse_kernel("1 / 2 + 0.5");
    EXPECT_TRUE(stays_in_range(image, std::vector{step}, Depth::u8));
}

// What is cut is what to_sample() does not store as it is, rounded.
TEST(SampleLoss, EverySampleIsCountedOnce) {
    Image floats(9, 1, 1, Depth::f32);
    const float nan = std::numeric_limits<float>::quiet_NaN(), infinite = std::numeric_limits<float>::infinity();
    std::ranges::copy(std::array{-1.0F, -0.001F, 0.0F, 0.5F, 1.0F, 1.001F, 1.01F, nan, infinite},
                      floats.row<float>(0).begin());
    const SampleLoss loss = sample_loss(floats, converted(floats, Depth::u8), {sample_range(Depth::u8)});
    EXPECT_EQ(loss.samples, 9);
    EXPECT_EQ(loss.cut, 2);  // -1 and 1.01
    EXPECT_EQ(loss.not_finite.nan, 1);
    EXPECT_EQ(loss.not_finite.infinite, 1);
    EXPECT_EQ(loss.rounded, 3);  // -0.001, 0.5 and 1.001
    EXPECT_NEAR(loss.most_rounded, 0.5 / 255, 1e-6);
    EXPECT_TRUE(loss.fits_compared) << "float32 has them all";
    const LossQuestion as_bytes{sample_range(Depth::u8), Depth::u8, false};
    EXPECT_FALSE(sample_loss(floats, converted(floats, Depth::u8), as_bytes).fits_compared);
    EXPECT_EQ(sample_loss(floats, converted(floats, Depth::u8), as_bytes).rounded, 0);
}

TEST(ReachesRangeEnd, SeesWhatNanBecomes) {
    Image image(2, 1, 2, Depth::s16);
    for (std::int16_t& sample : image.row<std::int16_t>(0)) sample = 5;
    EXPECT_FALSE(reaches_range_end(image, true));
    image.row<std::int16_t>(0)[3] = 0;
    EXPECT_TRUE(reaches_range_end(image, true));
    EXPECT_FALSE(reaches_range_end(image, false)) << "alpha was not filtered";
    image.row<std::int16_t>(0)[0] = 32767;
    EXPECT_TRUE(reaches_range_end(image, false));
}

}  // namespace
}  // namespace convlens
