#include "core/image/image.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
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
    for (const Depth depth : {Depth::u16, Depth::s16, Depth::f32}) {
        const Image back = converted(converted(image, depth), Depth::u8);
        for (int i = 0; i < 256; ++i) EXPECT_EQ(back.sample(i, 0, 0), i) << name(depth);
    }
    EXPECT_EQ(converted(image, Depth::u16).sample(255, 0, 0), 65535);
    EXPECT_EQ(converted(image, Depth::u16).sample(1, 0, 0), 257);
    EXPECT_EQ(converted(image, Depth::s16).sample(201, 0, 0), 201);
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

TEST(Image, SignedSamplesAreOnTheScaleOfBytes) {
    Image image(5, 1, 1, Depth::s16);
    EXPECT_EQ(image.row_bytes(), 10U);
    constexpr std::int16_t kSamples[] = {-32768, -51, 51, 255, 32767};
    std::ranges::copy(kSamples, image.row<std::int16_t>(0).begin());
    constexpr double kBytes[] = {0, 0, 51, 255, 255};
    constexpr double kWords[] = {0, 0, 13107, 65535, 65535};
    constexpr float kFloats[] = {-32768.0F / 255, -51.0F / 255, 51.0F / 255, 1, 32767.0F / 255};
    const Image floats = converted(image, Depth::f32);
    const Image back = converted(floats, Depth::s16);
    for (std::int64_t x = 0; x < 5; ++x) {
        EXPECT_EQ(converted(image, Depth::u8).sample(x, 0, 0), kBytes[x]);
        EXPECT_EQ(converted(image, Depth::u16).sample(x, 0, 0), kWords[x]);
        EXPECT_EQ(floats.sample(x, 0, 0), kFloats[x]);
        EXPECT_EQ(back.sample(x, 0, 0), kSamples[x]);
    }
    Image wild(4, 1, 1, Depth::f32);
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    std::ranges::copy(std::array{-kInfinity, kInfinity, std::nanf(""), -2.5F / 255}, wild.row<float>(0).begin());
    constexpr double kWild[] = {-32768, 32767, 0, -2};
    for (std::int64_t x = 0; x < 4; ++x) EXPECT_EQ(converted(wild, Depth::s16).sample(x, 0, 0), kWild[x]);
}

TEST(Image, DepthsTellTheirRange) {
    EXPECT_EQ(name(Depth::s16), "s16");
    EXPECT_EQ(white(Depth::s16), 255);
    EXPECT_EQ(least(Depth::s16), -32768);
    EXPECT_EQ(most(Depth::s16), 32767);
    for (const Depth depth : {Depth::u8, Depth::u16}) {
        EXPECT_EQ(least(depth), 0);
        EXPECT_EQ(most(depth), white(depth));
    }
    EXPECT_LT(least(Depth::f32), -1e300);
    EXPECT_GT(most(Depth::f32), 1e300);
}

TEST(Sample, HalvesRoundToTheEvenNeighbour) {
    EXPECT_EQ(to_sample<std::uint8_t>(0.5F), 0);
    EXPECT_EQ(to_sample<std::uint8_t>(1.5F), 2);
    EXPECT_EQ(to_sample<std::uint8_t>(2.5F), 2);
    EXPECT_EQ(to_sample<std::uint8_t>(254.5F), 254);
    EXPECT_EQ(to_sample<std::uint16_t>(65534.5F), 65534);
    EXPECT_EQ(to_sample<std::int16_t>(-0.5F), 0);
    EXPECT_EQ(to_sample<std::int16_t>(-1.5F), -2);
    EXPECT_EQ(to_sample<std::int16_t>(-32767.5F), -32768);
    EXPECT_EQ(to_sample<std::int16_t>(32766.5F), 32766);
    EXPECT_EQ(to_sample<float>(0.5F), 0.5F);
    for (float value = -3; value < 300; value += 0.0625F) EXPECT_EQ(round_half_even(value), std::nearbyint(value));
}

}  // namespace
}  // namespace convlens
