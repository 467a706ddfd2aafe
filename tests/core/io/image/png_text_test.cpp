// EXIF that ImageMagick and ExifTool write into text chunks of a PNG counts as eXIf does.
#include "core/io/image/png_text.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/io/image/image_file.h"
#include "tests/app/temp_folder.h"
#include "tests/core/io/image/made_files.h"

namespace convlens {
namespace {

// A TIFF block with the orientation alone.
std::string block(int orientation) {
    return std::string("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", 19) + static_cast<char>(orientation) +
           std::string(6, '\0');
}

std::string with_mark(int orientation) { return std::string("Exif\0\0", 6) + block(orientation); }

// As ImageMagick writes it: 36 bytes a line.
std::string raw_profile(const std::string& bytes) {
    std::string text = fmt::format("\nexif\n{:8}\n", bytes.size());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        text += fmt::format("{:02x}", static_cast<unsigned char>(bytes[i]));
        if (i % 36 == 35) text += '\n';
    }
    return text + '\n';
}

std::string packed(const std::string& text) {
    std::vector<Bytef> bytes(compressBound(static_cast<uLong>(text.size())));
    auto length = static_cast<uLongf>(bytes.size());
    compress(bytes.data(), &length, reinterpret_cast<const Bytef*>(text.data()), static_cast<uLong>(text.size()));
    return {reinterpret_cast<const char*>(bytes.data()), length};
}

struct Png {
    Png() {
        save_image(Image(5, 3, 1, Depth::u8), folder / "plain.png");
        plain = folder.read("plain.png");
    }
    ImageInfo info(const std::string& file) const { return image_info(folder.write("b.png", file)); }
    std::int64_t width(const std::string& type, const std::string& content) const {
        return info(test::with_chunk(plain, type, content)).width;
    }
    TempFolder folder;
    std::string plain;
};

const std::string kName = std::string("Raw profile type exif\0", 22);

TEST(PngText, TheOrientationIsRead) {
    const Png png;
    EXPECT_EQ(png.width("zTXt", kName + '\0' + packed(raw_profile(with_mark(6)))), 3) << "a quarter turn";
    EXPECT_EQ(png.width("zTXt", kName + '\0' + packed(raw_profile(block(8)))), 3);
    EXPECT_EQ(png.width("tEXt", kName + raw_profile(with_mark(5))), 3);
    EXPECT_EQ(png.width("tEXt", std::string("Raw profile type APP1\0", 22) + raw_profile(with_mark(6))), 3);
    EXPECT_EQ(png.width("tEXt", kName + raw_profile(with_mark(3))), 5);
    EXPECT_TRUE(png.info(test::with_chunk(png.plain, "tEXt", kName + raw_profile(with_mark(1)))).metadata);
    const Image turned =
        load_image(png.folder.write("t.png", test::with_chunk(png.plain, "tEXt", kName + raw_profile(with_mark(6)))));
    EXPECT_EQ(turned.width(), 3);
    EXPECT_EQ(turned.height(), 5);
}

TEST(PngText, TheChunkOfItsOwnCountsBeforeTheText) {
    const Png png;
    const std::string text = kName + raw_profile(with_mark(6));
    EXPECT_EQ(png.info(test::with_chunk(test::with_chunk(png.plain, "eXIf", block(1)), "tEXt", text)).width, 5);
    EXPECT_EQ(png.info(test::with_chunk(test::with_chunk(png.plain, "tEXt", text), "eXIf", block(1))).width, 5);
}

TEST(PngText, OtherTextsAndDamagedOnesSayNothing) {
    const Png png;
    const std::string good = raw_profile(with_mark(6));
    for (const std::string& content :
         {std::string(), std::string("Raw profile type exif"), kName, "Comment" + std::string(1, '\0') + good,
          kName + "\nexif", kName + "\nexif\n   4\n", kName + "\nexif\n   4\nxyz",
          std::string("Raw profile type xmp\0", 21) + good}) {
        const ImageInfo info = png.info(test::with_chunk(png.plain, "tEXt", content));
        EXPECT_EQ(info.width, 5) << content;
        EXPECT_FALSE(info.metadata) << content;
    }
    EXPECT_EQ(png.width("zTXt", kName + std::string("\0nothing packed", 15)), 5);
    EXPECT_EQ(png.width("zTXt", kName), 5);
    for (std::size_t length = 0; length < good.size(); ++length)
        EXPECT_GE(png.width("tEXt", kName + good.substr(0, length)), 3) << "cut, but the picture is there";
}

}  // namespace
}  // namespace convlens
