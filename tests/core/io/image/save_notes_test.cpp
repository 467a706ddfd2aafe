#include "core/io/image/save_notes.h"

#include <gtest/gtest.h>

namespace convlens {
namespace {

std::vector<std::string> notes(const ImageInfo& source, const Image& written, const char* name, std::int64_t cut = 0,
                               bool asked = false) {
    return save_notes({source, written, image_format(name), asked, cut});
}

TEST(SaveNotes, NothingIsSaidWhereAllIsKept) {
    ImageInfo source;
    source.profile = {true, "sRGB", true};
    EXPECT_TRUE(notes(source, Image(2, 2, 4, Depth::u8), "a.png").empty());
    EXPECT_TRUE(notes(source, Image(2, 2, 2, Depth::u8), "a.bmp").empty());
}

TEST(SaveNotes, EachLossIsASentence) {
    ImageInfo source;
    source.depth = Depth::f32;
    source.frames = 42;
    source.profile = {true, "Adobe RGB (1998)", false};
    source.exif = true;
    const std::vector<std::string> all = notes(source, Image(2, 2, 4, Depth::u8), "a.jpg", 3);
    ASSERT_EQ(all.size(), 6U);
    EXPECT_NE(all[0].find("no alpha"), std::string::npos) << all[0];
    EXPECT_NE(all[1].find("floats was rounded away"), std::string::npos) << all[1];
    EXPECT_EQ(all[2],
              "3 of the result's 16 values were below 0 or above 255 and were cut to that range; .npy keeps them.");
    EXPECT_EQ(all[3], "The image has 42 frames; only the first was filtered.");
    EXPECT_EQ(all[4],
              "The image's colour profile (Adobe RGB (1998)) was left out, so that other programs take its colours for "
              "sRGB.");
    EXPECT_EQ(all[5], "The image's EXIF data (camera, date, place) were left out.");
}

TEST(SaveNotes, ADepthThatWasAskedForIsNoNewsButWhatItCutIs) {
    ImageInfo source;
    source.depth = Depth::f32;
    const std::vector<std::string> all = notes(source, Image(2, 2, 1, Depth::u16), "a.png", 1, true);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0],
              "1 of the result's 4 values was below 0 or above 65535 and was cut to that range; --save-as f32 keeps it "
              "in .npy.");
}

// The white of s16 is 255, and its numbers are whole: bytes lose what is beyond them, and nothing between them.
TEST(SaveNotes, SignedNumbersLoseNoFineness) {
    ImageInfo source;
    source.depth = Depth::s16;
    EXPECT_TRUE(notes(source, Image(2, 2, 1, Depth::u8), "a.png").empty());
    EXPECT_TRUE(holds_more(Depth::s16, Depth::u8));
    EXPECT_TRUE(holds_more(Depth::f32, Depth::u16));
    EXPECT_FALSE(holds_more(Depth::u16, Depth::u8));
    EXPECT_FALSE(holds_more(Depth::f32, Depth::f32));
}

}  // namespace
}  // namespace convlens
