// TIFF, WebP and PFM out and in again, and what TIFF files say beside their samples.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

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

// A TIFF of one pixel with `samples` bytes, the first three of which are its colours, and with a tag of text if one is given.
std::string one_pixel(int samples, int text_tag = 0) {
    struct Entry {
        int tag, type, count, value;
    };
    const auto number = [](int value, int bytes) {
        std::string text;
        for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xff);
        return text;
    };
    constexpr int kShort = 3, kText = 2;
    std::vector<Entry> entries{{256, kShort, 1, 1},       {257, kShort, 1, 1}, {258, kShort, samples, 0},
                               {259, kShort, 1, 1},       {262, kShort, 1, 2}, {273, kShort, 1, 0},
                               {277, kShort, 1, samples}, {278, kShort, 1, 1}, {279, kShort, 1, samples}};
    if (samples > 3) entries.push_back({338, kShort, 1, 0});
    if (text_tag > 0) entries.push_back({text_tag, kText, 4, 'a' | 'b' << 8 | 'c' << 16});
    std::ranges::sort(entries, {}, &Entry::tag);
    const int end = 8 + 2 + 12 * static_cast<int>(entries.size()) + 4;
    std::string file = "II*" + std::string(1, '\0') + number(8, 4) + number(static_cast<int>(entries.size()), 2);
    for (Entry& entry : entries) {
        if (entry.tag == 258) entry.value = end;
        if (entry.tag == 273) entry.value = end + 2 * samples;
        file += number(entry.tag, 2) + number(entry.type, 2) + number(entry.count, 4) + number(entry.value, 4);
    }
    file += number(0, 4);
    for (int i = 0; i < samples; ++i) file += number(8, 2);
    for (int i = 0; i < samples; ++i) file += static_cast<char>(10 * (i + 1));
    return file;
}

TEST(TiffFile, SaysWhatOfItIsNotReadOrNotKept) {
    const TempFolder folder;
    const auto info = [&](const std::string& file) { return image_info(folder.write("a.tif", file)); };
    EXPECT_EQ(info(one_pixel(3)).channels_left_out, 0);
    for (const int samples : {4, 6}) {
        const ImageInfo told = info(one_pixel(samples));
        EXPECT_EQ(told.channels, 3);
        EXPECT_EQ(told.channels_left_out, samples - 3);
    }
    EXPECT_EQ(load_image(folder / "a.tif").sample(0, 0, 2), 30);
    EXPECT_FALSE(info(one_pixel(3)).metadata);
    constexpr int kDescription = 270, kMake = 271, kModel = 272, kDate = 306, kArtist = 315, kCopyright = 33432;
    for (const int tag : {kDescription, kMake, kModel, kDate, kArtist, kCopyright})
        EXPECT_TRUE(info(one_pixel(3, tag)).metadata) << tag;
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
