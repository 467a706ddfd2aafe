// TIFF, WebP and PFM out and in again, and what TIFF files say beside their samples.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "core/io/bytes.h"
#include "core/io/error.h"
#include "core/io/image/image_file.h"
#include "tests/app/temp_folder.h"
#include "tests/core/engine/filter/naive_filter.h"
#include "tests/core/io/image/made_files.h"

namespace convlens {
namespace {

using test::random_image;

std::string refusal(const std::string& path) {
    try {
        load_image(path);
    } catch (const FileError& error) {
        return error.reason();
    }
    return "";
}

TEST(TiffFile, GivesBackEveryDepthAndChannelCount) {
    const TempFolder folder;
    for (const Depth depth : {Depth::u8, Depth::u16, Depth::f32}) {
        for (const int channels : {1, 2, 3, 4}) {
            for (const char* name : {"a.tif", "a.TIFF"}) {
                // Several strips, the last of them shorter.
                const Image image = random_image(301, 257, channels, depth, 3);
                save_image(image, folder / name);
                const Image read = load_image(folder / name);
                ASSERT_EQ(read.depth(), depth);
                ASSERT_EQ(read.channels(), channels);
                EXPECT_TRUE(std::ranges::equal(read.bytes(), image.bytes())) << channels;
                EXPECT_EQ(image_info(folder / name).format, "TIFF");
            }
        }
    }
}

TEST(WebpFile, GivesBackBytesWithThreeColours) {
    const TempFolder folder;
    for (const int channels : {1, 2, 3, 4}) {
        const Image image = random_image(61, 47, channels, Depth::u8, 3);
        save_image(image, folder / "a.webp");
        const Image read = load_image(folder / "a.webp");
        ASSERT_EQ(read.channels(), channels < 3 ? channels + 2 : channels);
        for (std::int64_t y = 0; y < image.height(); ++y) {
            for (std::int64_t x = 0; x < image.width(); ++x) {
                for (int c = 0; c < 3; ++c)
                    ASSERT_EQ(read.sample(x, y, c), image.sample(x, y, channels < 3 ? 0 : c)) << channels;
                if (image.has_alpha()) {
                    ASSERT_EQ(read.sample(x, y, 3), image.sample(x, y, channels - 1));
                }
            }
        }
    }
    try {
        save_image(Image(16384, 1, 3, Depth::u8), folder / "wide.webp");
        FAIL();
    } catch (const FileError& error) {
        EXPECT_NE(error.reason().find("16383"), std::string::npos) << error.reason();
    }
}

TEST(PfmFile, GivesBackFloats) {
    const TempFolder folder;
    for (const int channels : {1, 3}) {
        const Image image = random_image(13, 9, channels, Depth::f32, 3);
        save_image(image, folder / "a.pfm");
        const Image read = load_image(folder / "a.pfm");
        ASSERT_EQ(read.depth(), Depth::f32);
        EXPECT_TRUE(std::ranges::equal(read.bytes(), image.bytes())) << channels;
    }
    Image bytes(1, 1, 2, Depth::u8);  // black, seen through: white shines through
    save_image(bytes, folder / "b.pfm");
    EXPECT_EQ(load_image(folder / "b.pfm").sample(0, 0, 0), 1);
}

std::string two(std::uint32_t value) { return test::big(value, 2); }

// A TIFF file of one strip that is packed in the given way.
std::string tiff(std::uint32_t side, std::uint32_t packing, const std::string& strip, std::uint32_t preview = 0) {
    const auto entry = [](std::uint32_t tag, std::uint32_t value) {
        return two(tag) + two(4) + test::big(1, 4) + test::big(value, 4);
    };
    constexpr std::uint32_t kEntries = 9, kStrip = 8 + 2 + 12 * kEntries + 4;
    return std::string("MM\0*", 4) + test::big(8, 4) + two(kEntries) + entry(254, preview) + entry(256, side) +
           entry(257, side) + entry(258, 8) + entry(259, packing) + entry(262, 1) + entry(273, kStrip) +
           entry(278, side) + entry(279, static_cast<std::uint32_t>(strip.size())) + test::big(0, 4) + strip;
}

TEST(TiffFile, TakesNoMemoryForPixelsThatItsBytesCannotFill) {
    const TempFolder folder;
    // libtiff reckons how long strips must be that are not packed.
    EXPECT_NE(refusal(folder.write("a.tif", tiff(16000, 1, "abcdefgh"))).find("truncated"), std::string::npos);
    for (const std::uint32_t packing : {5U, 8U, 32773U})
        EXPECT_NE(refusal(folder.write("a.tif", tiff(16000, packing, "abcdefgh"))).find("too short for the size"),
                  std::string::npos)
            << packing << ": " << refusal(folder / "a.tif");
    EXPECT_NE(refusal(folder.write("a.tif", tiff(20000, 8, "abcdefgh"))).find("the image is too large"),
              std::string::npos);
    EXPECT_NE(refusal(folder.write("a.tif", tiff(3, 8, "abcdefgh"))).find("this TIFF file is damaged"),
              std::string::npos);
    EXPECT_NE(refusal(folder.write("a.tif", tiff(3, 1, "abcdefgh"))), "");
    EXPECT_EQ(refusal(folder.write("a.tif", tiff(3, 1, "abcdefghi"))), "");
}

TEST(TiffFile, APreviewIsNoImage) {
    const TempFolder folder;
    EXPECT_NE(refusal(folder.write("a.tif", tiff(3, 1, "abcdefghi", 1))).find("a preview and no image"),
              std::string::npos);
}

TEST(TiffFile, WhatCannotBeReadIsNamed) {
    const TempFolder folder;
    EXPECT_NE(refusal(folder.write("a.tif", tiff(3, 34712, "abcdefghi"))).find("packed in way 34712"),
              std::string::npos)
        << refusal(folder / "a.tif");
}

}  // namespace
}  // namespace convlens
