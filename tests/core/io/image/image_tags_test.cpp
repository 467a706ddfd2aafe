// The colour profile and the resolution go from file to file.
#include "core/io/image/image_tags.h"

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <vector>

#include "core/io/image/image_file.h"
#include "tests/app/temp_folder.h"
#include "tests/core/io/image/made_files.h"

namespace convlens {
namespace {

using namespace test;

std::vector<std::byte> bytes_of(const std::string& text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

std::string grey_profile() {
    std::string icc = adobe_rgb();
    return icc.replace(16, 4, "GRAY");
}

TEST(ImageTags, ComeBackFromEveryFormatThatKeepsThem) {
    const TempFolder folder;
    std::string large = adobe_rgb() + std::string(200'000, '\x5a');  // several segments of a JPEG file
    large.replace(0, 4, big(static_cast<std::uint32_t>(large.size()), 4));
    for (const ImageFormat& format : image_formats()) {
        SCOPED_TRACE(format.ending);
        const std::string path = folder / ("a" + std::string(format.ending));
        for (const int channels : {1, 3}) {
            if (channels == 3 && format.ending == ".pgm") continue;
            if (channels == 1 && format.ending == ".webp") continue;  // which has three colours always
            const Image image(4, 3, channels, format.depths.front());
            for (const std::string& icc : {grey_profile(), adobe_rgb(), large, std::string()}) {
                save_image(image, path, {}, {bytes_of(icc), {300, 150}});
                const ImageInfo info = image_info(path);
                const bool fits = !icc.empty() && (channels == 1) == (icc == grey_profile());
                const bool kept = format.keeps_profile && fits;
                EXPECT_TRUE(info.tags.icc == (kept ? bytes_of(icc) : std::vector<std::byte>()));
                if (format.keeps_profile) {
                    EXPECT_EQ(info.profile.present, kept);
                }
            }
        }
        if (!format.keeps_resolution) continue;
        for (const double resolution : {72.0, 300.0, 118 * 2.54}) {
            save_image(Image(4, 3, 3, format.depths.front()), path, {}, {{}, {resolution, 2 * resolution}});
            EXPECT_NEAR(image_info(path).tags.resolution.x, resolution, 0.02);
            EXPECT_NEAR(image_info(path).tags.resolution.y, 2 * resolution, 0.02);
        }
        save_image(Image(4, 3, 3, format.depths.front()), path);
        EXPECT_FALSE(image_info(path).tags.resolution.known());
    }
}

TEST(ImageTags, AProfileThatIsNotWholeIsNotCarried) {
    const std::string icc = adobe_rgb();
    EXPECT_TRUE(is_profile_of(bytes_of(icc), 3));
    EXPECT_FALSE(is_profile_of(bytes_of(icc), 1));
    EXPECT_FALSE(is_profile_of(bytes_of(icc.substr(0, icc.size() - 1)), 3));
    EXPECT_FALSE(is_profile_of(bytes_of(icc.substr(0, 40)), 3));
    EXPECT_FALSE(is_profile_of({}, 3));
    EXPECT_TRUE(is_profile_of(bytes_of(grey_profile()), 1));
}

TEST(ImageTags, EveryNthPixelHasSoManyFewerToTheInch) {
    const ImageTags tags{{}, {300, 600}};
    EXPECT_EQ(carried(tags, 3).resolution, (Resolution{300, 600}));
    EXPECT_EQ(carried(tags, 3, 4).resolution, (Resolution{75, 150}));
    EXPECT_FALSE(carried({}, 3, 2).resolution.known());
}

// Orientation 6 and 300 × 72 pixels per inch, as they are stored.
std::string exif_block(bool centimetres) {
    const auto entry = [](int tag, int type, std::uint32_t value) {
        return big(static_cast<std::uint32_t>(tag), 2) + big(static_cast<std::uint32_t>(type), 2) + big(1, 4) +
               (type == 3 ? big(value, 2) + std::string(2, '\0') : big(value, 4));
    };
    constexpr std::uint32_t kEntries = 4, kNumbers = 8 + 2 + 12 * kEntries + 4;
    return std::string("MM\0*", 4) + big(8, 4) + big(kEntries, 2) + entry(0x112, 3, 6) + entry(0x11a, 5, kNumbers) +
           entry(0x11b, 5, kNumbers + 8) + entry(0x128, 3, centimetres ? 3 : 2) + big(0, 4) + big(600, 4) + big(2, 4) +
           big(72, 4) + big(1, 4);
}

TEST(ImageTags, ExifTellsTheResolutionWhereTheFormatDoesNotAndTurnsWithTheImage) {
    const TempFolder folder;
    save_image(Image(8, 4, 3, Depth::u8), folder / "plain.jpg");
    save_image(Image(8, 4, 3, Depth::u8), folder / "plain.png");
    const std::string exif("Exif\0\0", 6);
    const std::string jpeg =
        folder.write("a.jpg", with_segment(folder.read("plain.jpg"), 0xe1, exif + exif_block(false)));
    const std::string png = folder.write("a.png", with_chunk(folder.read("plain.png"), "eXIf", exif_block(true)));
    EXPECT_EQ(image_info(jpeg).width, 4);
    EXPECT_EQ(image_info(jpeg).tags.resolution, (Resolution{72, 300}));
    EXPECT_NEAR(image_info(png).tags.resolution.x, 72 * 2.54, 1e-6);
    EXPECT_NEAR(image_info(png).tags.resolution.y, 300 * 2.54, 1e-6);
    save_image(Image(8, 4, 3, Depth::u8), folder / "plain.jpg", {}, {{}, {96, 96}});
    const std::string both =
        folder.write("b.jpg", with_segment(folder.read("plain.jpg"), 0xe1, exif + exif_block(false)));
    EXPECT_EQ(image_info(both).tags.resolution, (Resolution{96, 96}));
}

}  // namespace
}  // namespace convlens
