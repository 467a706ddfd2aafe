#include "core/image/image.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/image/sample.h"

namespace convlens {
namespace {

TEST(Image, IsEmptyUntilItIsGivenASize) {
    EXPECT_TRUE(Image().empty());
    const Image image(3, 2, 4, Depth::u16);
    EXPECT_FALSE(image.empty());
    EXPECT_EQ(image.row_bytes(), 24U);
    EXPECT_EQ(image.bytes().size(), 48U);
    EXPECT_EQ(image.colour_channels(), 3);
    EXPECT_TRUE(image.has_alpha());
}

TEST(Image, SamplesAreOnTheDepthsOwnScale) {
    Image bytes(2, 1, 2, Depth::u8);
    bytes.row<std::uint8_t>(0)[3] = 200;
    EXPECT_EQ(bytes.sample(1, 0, 1), 200);
    Image floats(1, 2, 1, Depth::f32);
    floats.row<float>(1)[0] = -1.5F;
    EXPECT_EQ(floats.sample(0, 1, 0), -1.5);
}

TEST(Image, BytesSurviveTheWayThroughEveryDepth) {
    Image image(256, 1, 1, Depth::u8);
    for (int i = 0; i < 256; ++i)
        image.row<std::uint8_t>(0)[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(i);
    for (const Depth depth : {Depth::u16, Depth::f32}) {
        const Image back = converted(converted(image, depth), Depth::u8);
        for (int i = 0; i < 256; ++i) EXPECT_EQ(back.sample(i, 0, 0), i) << name(depth);
    }
    EXPECT_EQ(converted(image, Depth::u16).sample(255, 0, 0), 65535);
    EXPECT_EQ(converted(image, Depth::u16).sample(1, 0, 0), 257);
    EXPECT_EQ(converted(image, Depth::f32).sample(255, 0, 0), 1);
}

TEST(Image, ConversionClampsAndTakesNanForBlack) {
    Image image(4, 1, 1, Depth::f32);
    const auto row = image.row<float>(0);
    row[0] = -3;
    row[1] = 7;
    row[2] = std::numeric_limits<float>::quiet_NaN();
    row[3] = std::numeric_limits<float>::infinity();
    const Image bytes = converted(image, Depth::u8);
    EXPECT_EQ(bytes.sample(0, 0, 0), 0);
    EXPECT_EQ(bytes.sample(1, 0, 0), 255);
    EXPECT_EQ(bytes.sample(2, 0, 0), 0);
    EXPECT_EQ(bytes.sample(3, 0, 0), 255);
}

TEST(Sample, HalvesRoundToTheEvenNeighbour) {
    EXPECT_EQ(to_sample<std::uint8_t>(0.5F), 0);
    EXPECT_EQ(to_sample<std::uint8_t>(1.5F), 2);
    EXPECT_EQ(to_sample<std::uint8_t>(2.5F), 2);
    EXPECT_EQ(to_sample<std::uint8_t>(254.5F), 254);
    EXPECT_EQ(to_sample<std::uint16_t>(65534.5F), 65534);
    EXPECT_EQ(to_sample<float>(0.5F), 0.5F);
    for (float value = -3; value < 300; value += 0.0625F) EXPECT_EQ(round_half_even(value), std::nearbyint(value));
}

}  // namespace
}  // namespace convlens
