// Radiance images as they are written: by rgbe.h, laid on white, and read back by the reader.
#include "core/io/image/hdr_write.h"

#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "core/io/image/decoder.h"
#include "core/io/image/flattened.h"
#include "core/io/image/formats.h"
#include "core/io/image/rgbe.h"

namespace convlens {
namespace {

// Of all magnitudes.
Image floats(std::int64_t width, std::int64_t height, int channels, bool repeats) {
    Image image(width, height, channels, Depth::f32);
    std::mt19937 random(7);
    for (std::int64_t y = 0; y < height; ++y)
        for (float& sample : image.row<float>(y))
            sample = repeats && random() % 8 != 0 ? 0.5F
                                                  : std::ldexp(static_cast<float>(random() % 65536) / 65536,
                                                               static_cast<int>(random() % 24) - 12);
    return image;
}

double most_of(const RgbColour& colour) { return std::max({colour[0], colour[1], colour[2]}); }

TEST(Rgbe, EachColourIsTheNearestMultipleOfThePixelsUnit) {
    const Image image = floats(500, 20, 3, false);
    for (std::int64_t y = 0; y < image.height(); ++y)
        for (std::size_t x = 0; x < 500; ++x) {
            const auto samples = image.row<float>(y).subspan(3 * x, 3);
            const RgbColour colour{samples[0], samples[1], samples[2]};
            const Rgbe pixel = to_rgbe(colour);
            const RgbColour read = to_colour(pixel);
            const double unit = std::ldexp(1.0, pixel[3] - 136);
            ASSERT_LE(unit, most_of(colour) / 127.5);
            for (std::size_t c = 0; c < 3; ++c) ASSERT_LE(std::abs(double{read[c]} - colour[c]), unit / 2);
            ASSERT_EQ(to_rgbe(read), pixel) << "a pixel that was read is written as it was";
        }
}

TEST(Rgbe, ThePixelsOfAFileAreWrittenAsTheyWere) {
    for (unsigned exponent = 1; exponent < 256; exponent += 2)
        for (unsigned red = 128; red < 256; ++red) {
            const Rgbe pixel{static_cast<std::uint8_t>(red), static_cast<std::uint8_t>(red / 2), 1,
                             static_cast<std::uint8_t>(exponent)};
            ASSERT_EQ(to_rgbe(to_colour(pixel)), pixel);
        }
}

TEST(Rgbe, TheEndsOfTheRange) {
    const float infinite = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    EXPECT_EQ(to_rgbe({-1, nan, -infinite}), (Rgbe{0, 0, 0, 0}));
    EXPECT_EQ(to_rgbe({infinite, 3e38F, 0}), (Rgbe{255, 255, 0, 255}));
    EXPECT_EQ(to_colour({255, 0, 0, 255})[0], kMostRgbe);
    EXPECT_EQ(to_rgbe({0x1p-128F, 0, 0}), (Rgbe{128, 0, 0, 1}));
    EXPECT_EQ(to_rgbe({0x0.ep-128F, 0, 0}), (Rgbe{0, 0, 0, 0}));
    EXPECT_EQ(to_rgbe({0x1.ffp0F, 0, 0}), (Rgbe{128, 0, 0, 130})) << "rounded up to the next power of 2";
}

// Widths that cannot be run-length encoded, long runs, and none.
TEST(HdrWrite, ReadersGetWhatAsHdrTells) {
    for (const std::int64_t width : {1, 7, 8, 127, 128, 129, 300, 0x7fff, 0x8000})
        for (const int channels : {1, 2, 3, 4})
            for (const bool repeats : {false, true}) {
                const Image image = floats(width, 3, channels, repeats);
                const std::vector<std::byte> file = hdr_bytes(image, {});
                const ImageHeader header = hdr_header(file);
                ASSERT_EQ(header.width, width);
                ASSERT_EQ(header.height, 3);
                EXPECT_LE(header.least_bytes, static_cast<std::int64_t>(file.size()));
                const Image read = hdr_pixels(file), told = as_hdr(image);
                ASSERT_EQ(told.channels(), image.colour_channels());
                for (std::int64_t y = 0; y < 3; ++y)
                    for (std::int64_t x = 0; x < width; ++x)
                        for (int c = 0; c < 3; ++c)
                            ASSERT_EQ(read.sample(x, y, c), told.sample(x, y, std::min(c, told.channels() - 1)))
                                << width << ' ' << channels << ' ' << repeats << ": " << x;
            }
}

TEST(HdrWrite, RunsMakeFilesSmall) { EXPECT_LT(hdr_bytes(Image(1000, 100, 3, Depth::f32), {}).size(), 100U * 80); }

TEST(HdrWrite, StopsWhenAsked) {
    std::stop_source stop;
    stop.request_stop();
    EXPECT_THROW(hdr_bytes(Image(10, 10, 3, Depth::f32), {stop.get_token(), {}}), Stopped);
}

TEST(Flattened, ImagesLieOnWhiteInEveryDepth) {
    for (const Depth depth : {Depth::u8, Depth::u16, Depth::s16, Depth::f32}) {
        Image floats(3, 1, 2, Depth::f32);
        std::ranges::copy(std::array{0.2F, 0.0F, 0.2F, 1.0F, 0.2F, 0.2F}, floats.row<float>(0).begin());
        const Image flat = flattened(converted(floats, depth));
        ASSERT_EQ(flat.channels(), 1);
        EXPECT_EQ(flat.depth(), depth);
        EXPECT_EQ(flat.sample(0, 0, 0), white(depth)) << "nothing of a colour that alpha hides";
        EXPECT_NEAR(flat.sample(1, 0, 0), 0.2 * white(depth), 1e-6);
        EXPECT_NEAR(flat.sample(2, 0, 0) / white(depth), 0.2 * 0.2 + 0.8, depth == Depth::f32 ? 1e-6 : 0.002);
    }
}

TEST(Flattened, HiddenColoursMayBeNoNumbersAndAlphaBeyondItsRange) {
    Image image(4, 1, 2, Depth::f32);
    const float nan = std::numeric_limits<float>::quiet_NaN();
    std::ranges::copy(std::array{nan, 0.0F, 7.0F, 3.0F, 7.0F, -2.0F, 7.0F, nan}, image.row<float>(0).begin());
    const Image flat = flattened(image);
    EXPECT_EQ(flat.sample(0, 0, 0), 1);
    EXPECT_EQ(flat.sample(1, 0, 0), 7);
    EXPECT_EQ(flat.sample(2, 0, 0), 1);
    EXPECT_EQ(flat.sample(3, 0, 0), 1);
}

}  // namespace
}  // namespace convlens
