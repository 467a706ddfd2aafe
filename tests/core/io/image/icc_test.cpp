// What is told of a picture beside its pixels: the colour profile, EXIF data and frames that filters leave out.
#include "core/io/image/icc.h"

#include <gtest/gtest.h>

#include "core/io/image/image_file.h"
#include "tests/app/temp_folder.h"
#include "tests/core/io/image/made_files.h"

namespace convlens {
namespace {

using namespace test;

ColourProfile read(const std::string& icc) {
    return colour_profile({reinterpret_cast<const std::byte*>(icc.data()), icc.size()});
}

TEST(ColourProfile, TellsItsNameInEitherVersion) {
    EXPECT_EQ(english(read(adobe_rgb()).name), "Adobe RGB (1998)");
    EXPECT_EQ(english(read(profile(wide_name(u"Anzeige für 写真"), power_curve(2.2), srgb_green())).name),
              "Anzeige für 写真");
    EXPECT_EQ(english(read(profile("text", power_curve(2.2), srgb_green())).name), "");
    EXPECT_EQ(english(read("").name), "");
}

TEST(ColourProfile, IsSrgbByItsNumbersNotByItsName) {
    EXPECT_TRUE(read(profile(ascii_name("any"), srgb_curve(), srgb_green())).srgb);
    EXPECT_TRUE(read(profile(ascii_name("any"), srgb_table(1024), srgb_green())).srgb);
    EXPECT_FALSE(read(profile(ascii_name("sRGB linear"), power_curve(1), srgb_green())).srgb);
    EXPECT_FALSE(read(profile(ascii_name("sRGB"), power_curve(2.2), srgb_green())).srgb) << "close, but darker";
    EXPECT_FALSE(read(profile(ascii_name("sRGB"), srgb_curve(), xyz(0.2051, 0.6257, 0.0609))).srgb);
    EXPECT_FALSE(read(adobe_rgb()).srgb);
}

TEST(ColourProfile, DamageIsNoProfileOfAName) {
    const std::string whole = profile(wide_name(u"wide"), srgb_table(1024), srgb_green());
    for (std::size_t length = 0; length < whole.size(); length += 7) read(whole.substr(0, length));
    std::uint32_t state = 3;
    for (int i = 0; i < 2000; ++i) {
        std::string changed = whole;
        for (int k = 0; k < 6; ++k) {
            state = state * 1664525U + 1013904223U;
            changed[128 + (state >> 8U) % 200] = static_cast<char>(state >> 4U);
        }
        read(changed);
    }
}

class PictureWithMore : public testing::Test {
protected:
    PictureWithMore() {
        save_image(Image(3, 2, 3, Depth::u8), folder_ / "a.jpg");
        save_image(Image(3, 2, 3, Depth::u8), folder_ / "a.png");
        jpeg_ = folder_.read("a.jpg");
        png_ = folder_.read("a.png");
    }
    ImageInfo info(const std::string& name, const std::string& bytes) {
        const std::string path = folder_.write(name, bytes);
        EXPECT_FALSE(load_image(path).empty());
        return image_info(path);
    }
    TempFolder folder_;
    std::string jpeg_, png_;
};

TEST_F(PictureWithMore, TheProfileOfJpegAndPngIsFound) {
    EXPECT_FALSE(info("b.jpg", jpeg_).profile.present);
    EXPECT_FALSE(info("b.png", png_).profile.present);
    EXPECT_EQ(english(info("b.jpg", jpeg_with_profile(jpeg_, adobe_rgb())).profile.name), "Adobe RGB (1998)");
    EXPECT_EQ(english(info("b.jpg", jpeg_with_profile(jpeg_, adobe_rgb(), 3)).profile.name), "Adobe RGB (1998)");
    EXPECT_EQ(english(info("b.png", png_with_profile(png_, adobe_rgb())).profile.name), "Adobe RGB (1998)");
    const std::string srgb = profile(ascii_name("sRGB"), srgb_table(1024), srgb_green());
    EXPECT_TRUE(info("b.png", png_with_profile(png_, srgb)).profile.srgb);
    EXPECT_TRUE(info("b.jpg", jpeg_with_profile(jpeg_, srgb, 2)).profile.srgb);
    // What cannot be unpacked is a profile without a name.
    const ImageInfo broken = info("b.png", with_chunk(png_, "iCCP", std::string("x\0\0nothing", 10)));
    EXPECT_TRUE(broken.profile.present);
    EXPECT_EQ(english(broken.profile.name), "");
}

TEST_F(PictureWithMore, ExifIsFoundEvenWhereItSaysNothing) {
    EXPECT_FALSE(info("b.jpg", jpeg_).metadata);
    EXPECT_TRUE(info("b.jpg", with_segment(jpeg_, 0xe1, std::string("Exif\0\0MM\0*", 10))).metadata);
    EXPECT_FALSE(info("b.png", png_).metadata);
    EXPECT_TRUE(info("b.png", with_chunk(png_, "eXIf", std::string("MM\0*", 4))).metadata);
}

TEST_F(PictureWithMore, FramesOfAnimationsAreCounted) {
    EXPECT_EQ(info("b.gif", animated_gif(1)).frames, 1);
    const std::string gif = animated_gif(42);
    EXPECT_EQ(info("b.gif", gif).frames, 42);
    EXPECT_EQ(info("b.gif", gif.substr(0, gif.size() - 1)).frames, 42) << "without its end";
    EXPECT_EQ(info("b.gif", gif.substr(0, gif.size() - 3)).frames, 41) << "the last one breaks off";
    EXPECT_EQ(info("b.png", png_).frames, 1);
    EXPECT_EQ(info("b.png", with_chunk(png_, "acTL", big(7, 4) + big(0, 4))).frames, 7);
}

}  // namespace
}  // namespace convlens
