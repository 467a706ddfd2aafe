// PGM and PPM as they are written, and read back by the reader.
#include "core/io/image/pnm_write.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "core/io/error.h"
#include "core/io/image/image_file.h"
#include "core/io/image/save.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

Image image_of(int channels, Depth depth) {
    Image image(3, 2, channels, depth);
    for (std::int64_t y = 0; y < 2; ++y) {
        for (std::size_t i = 0; i < static_cast<std::size_t>(3 * channels); ++i) {
            const std::size_t value = i * 7 + static_cast<std::size_t>(y) * 50 + 1;
            if (depth == Depth::u16) image.row<std::uint16_t>(y)[i] = static_cast<std::uint16_t>(value * 257 + 3);
            if (depth == Depth::u8) image.row<std::uint8_t>(y)[i] = static_cast<std::uint8_t>(value);
        }
    }
    return image;
}

TEST(PnmWrite, GivesBackWhatWasWritten) {
    const TempFolder folder;
    for (const Depth depth : {Depth::u8, Depth::u16}) {
        for (const int channels : {1, 3}) {
            const Image image = image_of(channels, depth);
            const std::string path = folder / (channels == 1 ? "a.pgm" : "a.ppm");
            save_image(image, path);
            const Image read = load_image(path);
            EXPECT_EQ(read.depth(), depth);
            EXPECT_EQ(read.channels(), channels);
            EXPECT_TRUE(std::ranges::equal(read.bytes(), image.bytes())) << name(depth) << ' ' << channels;
        }
    }
}

TEST(PnmWrite, IsByteForByteWhatNetpbmDescribes) {
    const TempFolder folder;
    save_image(image_of(1, Depth::u8), folder / "a.pgm");
    EXPECT_EQ(folder.read("a.pgm"), std::string("P5\n3 2\n255\n\x01\x08\x0f\x33\x3a\x41"));
    Image deep(1, 1, 1, Depth::u16);
    deep.row<std::uint16_t>(0)[0] = 0x1234;
    save_image(deep, folder / "b.pgm");
    EXPECT_EQ(folder.read("b.pgm"), "P5\n1 1\n65535\n\x12\x34") << "the greater byte first";
    save_image(deep, folder / "b.ppm");
    EXPECT_EQ(folder.read("b.ppm"), "P6\n1 1\n65535\n\x12\x34\x12\x34\x12\x34") << "grey has three equal colours";
}

TEST(PnmWrite, AlphaIsLaidOnWhite) {
    const TempFolder folder;
    Image clear(2, 1, 2, Depth::u8);
    clear.row<std::uint8_t>(0)[0] = 40;
    clear.row<std::uint8_t>(0)[1] = 255;
    save_image(clear, folder / "a.pgm");
    const Image read = load_image(folder / "a.pgm");
    EXPECT_EQ(read.channels(), 1);
    EXPECT_EQ(read.sample(0, 0, 0), 40);
    EXPECT_EQ(read.sample(1, 0, 0), 255) << "nothing there";
    EXPECT_EQ(english(image_format("a.pgm").alpha_lost), "PGM has no alpha: the image was laid on white.");
}

TEST(PnmWrite, ColoursAreNotMadeGreyUnasked) {
    const TempFolder folder;
    try {
        save_image(image_of(3, Depth::u8), folder / "a.pgm");
        FAIL();
    } catch (const FileError& error) {
        EXPECT_EQ(error.reason(),
                  "cannot be written: a .pgm file holds grey only, and this image has colours; use .ppm");
    }
    EXPECT_FALSE(std::filesystem::exists(folder / "a.pgm"));
}

}  // namespace
}  // namespace convlens
