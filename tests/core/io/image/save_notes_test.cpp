#include "core/io/image/save_notes.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>

#include <gtest/gtest.h>

#include "core/image/kernel.h"
#include "tests/core/io/image/made_files.h"

namespace convlens {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN(), kInfinite = std::numeric_limits<float>::infinity();

std::vector<std::string> in_english(const std::vector<Message>& notes) {
    std::vector<std::string> texts(notes.size());
    std::ranges::transform(notes, texts.begin(), english);
    return texts;
}

std::vector<std::string> notes(const ImageInfo& source, const Image& written, const char* name,
                               const Image* floats = nullptr, bool asked = false) {
    return in_english(save_notes({source, written, image_format(name), asked, floats}));
}

ImageInfo of_depth(Depth depth) {
    ImageInfo source;
    source.depth = depth;
    return source;
}

// One row of grey floats.
Image row_of(const std::vector<float>& samples) {
    Image image(static_cast<std::int64_t>(samples.size()), 1, 1, Depth::f32);
    std::ranges::copy(samples, image.row<float>(0).begin());
    return image;
}

// What is said of floats that an image of depth `source` was filtered to, in a file of depth `stored`.
std::vector<std::string> said(const std::vector<float>& samples, Depth source, const char* name, Depth stored,
                              bool asked = false) {
    const Image floats = row_of(samples);
    return notes(of_depth(source), converted(floats, stored), name, &floats, asked);
}

using Notes = std::vector<std::string>;

constexpr const char* kNotLinear =
    "The image's sRGB values were used as stored: other programs take those of .hdr for linear light.";

TEST(SaveNotes, NothingIsSaidWhereAllIsKept) {
    ImageInfo source;
    source.profile = {true, verbatim("sRGB"), true};
    EXPECT_TRUE(notes(source, Image(2, 2, 4, Depth::u8), "a.png").empty());
    EXPECT_TRUE(notes(source, Image(2, 2, 2, Depth::u8), "a.bmp").empty());
}

TEST(SaveNotes, EachLossIsASentence) {
    ImageInfo source = of_depth(Depth::f32);
    source.frames = 42;
    source.profile = {true, verbatim("Adobe RGB (1998)"), false};
    source.metadata = true;
    Image floats(2, 2, 4, Depth::f32);
    floats.row<float>(0)[0] = -1;
    floats.row<float>(0)[1] = 2;
    floats.row<float>(0)[2] = 1.5F;
    floats.row<float>(1)[0] = 0.5F;  // 127.5 of 255
    const Notes all = notes(source, converted(floats, Depth::u8), "a.jpg", &floats);
    ASSERT_EQ(all.size(), 6U);
    EXPECT_EQ(all[0], "JPEG has no alpha: the image was laid on white.");
    EXPECT_EQ(all[1],
              ".jpg holds 8 bits a sample: 1 of the result's 16 values was rounded, by 0.002; .tif or .npy keep it.");
    EXPECT_EQ(
        all[2],
        "3 of the result's 16 values were below 0 or above 1 and were cut to that range; .tif or .npy keep them.");
    EXPECT_EQ(all[3], "The image has 42 frames; only the first was filtered.");
    EXPECT_EQ(all[4],
              "The image's colour profile (Adobe RGB (1998)) was left out: its values were used as stored, and other "
              "programs take them for sRGB.");
    EXPECT_EQ(all[5], "The image's metadata (camera, date, place) were left out.");
}

TEST(SaveNotes, ChannelsThatAreNotReadAreTold) {
    ImageInfo source = of_depth(Depth::u8);
    source.channels_left_out = 2;
    EXPECT_EQ(notes(source, Image(2, 2, 3, Depth::u8), "a.tif"),
              Notes{"The image has 2 channels beside its colours and alpha; they were left out."});
}

TEST(SaveNotes, ADepthThatWasAskedForIsNoNewsButWhatItCutIs) {
    EXPECT_EQ(said({0.1F, 0.2F, 2, 0.3F}, Depth::f32, "a.png", Depth::u16, true),
              Notes{"1 of the result's 4 values was below 0 or above 65535 and was cut to that range; --save-as f32 "
                    "keeps it in .npy."});
    EXPECT_EQ(
        said({0.1F, 1}, Depth::f32, "a.npy", Depth::s16, true),
        Notes{"s16 has the scale of 8 bits, where white is 255: 1 of the result's 2 values was rounded, by 0.002; "
              "--save-as f32 keeps it in .npy."});
}

// The white of s16 is 255, and its numbers are whole: bytes lose what is beyond them, and nothing between them.
TEST(SaveNotes, SignedNumbersLoseNoFineness) {
    EXPECT_TRUE(said({0, 100 / 255.0F, 1}, Depth::s16, "a.png", Depth::u8).empty());
    EXPECT_EQ(said({-1, 0, 1}, Depth::s16, "a.png", Depth::u8),
              Notes{"1 of the result's 3 values was below 0 or above 255 and was cut to that range; .npy keeps it."});
    // 51000 is more than s16 holds.
    EXPECT_EQ(said({-1, 0, 200}, Depth::s16, "a.png", Depth::u8),
              Notes{"2 of the result's 3 values were below 0 or above 255 and were cut to that range; convlens filter "
                    "--save-as f32 keeps them in .npy."});
}

// An array of a byte image has bytes.
TEST(SaveNotes, ValuesBeyondTheImagesOwnDepthAreCounted) {
    for (const char* name : {"a.png", "a.npy"})
        EXPECT_EQ(said({-0.5F, 0, 1, 3}, Depth::u8, name, Depth::u8),
                  Notes{"2 of the result's 4 values were below 0 or above 255 and were cut to that range; convlens "
                        "filter --save-as f32 keeps them in .npy."});
    EXPECT_EQ(
        said({-0.5F, 0, 1, 3}, Depth::u16, "a.png", Depth::u16),
        Notes{"2 of the result's 4 values were below 0 or above 65535 and were cut to that range; convlens filter "
              "--save-as f32 keeps them in .npy."});
    EXPECT_EQ(said({-200, 0, 1, 3}, Depth::s16, "a.npy", Depth::s16),
              Notes{"1 of the result's 4 values was below -32768 or above 32767 and was cut to that range; convlens "
                    "filter --save-as f32 keeps it in .npy."});
    EXPECT_TRUE(said({-0.001F, 0, 1, 1.001F}, Depth::u8, "a.png", Depth::u8).empty()) << "rounded, they are 0 and 255";
}

TEST(SaveNotes, RoundingIsMeasured) {
    EXPECT_TRUE(said({0, 1, 257 * 7 / 65535.0F}, Depth::u16, "a.bmp", Depth::u8).empty()) << "bytes hold them";
    EXPECT_EQ(
        said({0, 1, 100 / 65535.0F, 1000 / 65535.0F}, Depth::u16, "a.bmp", Depth::u8),
        Notes{".bmp holds 8 bits a sample: 2 of the result's 4 values were rounded, by at most 100 of 65535; .png, "
              ".tif or .npy keep them."});
    EXPECT_TRUE(said({0, 1, 7 / 255.0F}, Depth::f32, "a.png", Depth::u8).empty());
    EXPECT_EQ(
        said({0.25F}, Depth::f32, "a.png", Depth::u16),
        Notes{
            ".png holds 16 bits a sample: 1 of the result's 1 values was rounded, by 3.8e-06; .tif or .npy keep it."});
}

TEST(SaveNotes, NumbersThatAreNotFiniteAreCountedWithWhatTheyBecame) {
    const std::string why =
        "3 of the result's numbers are not finite (1 NaN, 2 infinite): sums went beyond the 3.4e38 "
        "of float32, or the image had such numbers.";
    const std::vector<float> samples{0, kNan, kInfinite, -kInfinite};
    EXPECT_EQ(said(samples, Depth::f32, "a.npy", Depth::f32), Notes{why});
    EXPECT_EQ(said(samples, Depth::f32, "a.png", Depth::u8),
              Notes{why + " The file has NaN as 0, infinity as 255 and −infinity as 0; .tif or .npy keep them."});
    EXPECT_EQ(said(samples, Depth::u8, "a.png", Depth::u8),
              Notes{why + " The file has NaN as 0, infinity as 255 and −infinity as 0; convlens filter --save-as f32 "
                          "keeps them in .npy."});
    EXPECT_EQ(said(samples, Depth::u8, "a.npy", Depth::s16, true),
              Notes{why + " The file has NaN as 0, infinity as 32767 and −infinity as -32768; --save-as f32 keeps them "
                          "in .npy."});
    EXPECT_EQ(said(samples, Depth::f32, "a.hdr", Depth::f32),
              Notes{why + " The file has NaN as 0, infinity as 1.7e+38 and −infinity as 0; .tif or .npy keep them."});
}

TEST(SaveNotes, WhatRadianceRoundsIsMeasured) {
    EXPECT_TRUE(said({0, 1, 0.5F, 200, 0x1p-100F}, Depth::f32, "a.hdr", Depth::f32).empty());
    EXPECT_EQ(said({0, 1 / 3.0F, 1}, Depth::f32, "a.hdr", Depth::f32),
              Notes{".hdr has 8 bits a colour and one exponent a pixel: 1 of the result's 3 values was rounded, by "
                    "0.00065; .tif or .npy keep it."});
    EXPECT_EQ(said({-1, 1}, Depth::f32, "a.hdr", Depth::f32),
              Notes{"1 of the result's 2 values was below 0 or above 1.7e+38 and was cut to that range; .tif or .npy "
                    "keep it."});
    // Beside 255 the unit is 2 of 256, so that another byte than the one that was there is read; beside 254 it is 1.
    Image colours(1, 1, 3, Depth::u8);
    std::ranges::copy(std::array<std::uint8_t, 3>{255, 100, 3}, colours.row<std::uint8_t>(0).begin());
    const std::string light =
        "The image's sRGB values were used as stored: other programs take those of .hdr for linear light.";
    EXPECT_EQ(
        notes(of_depth(Depth::u8), converted(colours, Depth::f32), "a.hdr"),
        (Notes{".hdr has 8 bits a colour and one exponent a pixel: 1 of the result's 3 values was rounded, by 1 of "
               "255; .png, .tif, .webp, .bmp, .tga or .npy keep it.",
               light}));
    colours.row<std::uint8_t>(0)[0] = 254;
    EXPECT_EQ(notes(of_depth(Depth::u8), converted(colours, Depth::f32), "a.hdr"), Notes{light});
}

TEST(SaveNotes, WhatIsHiddenBehindAlphaIsNotCountedWhereTheImageIsLaidOnWhite) {
    Image image(2, 1, 4, Depth::f32);
    image.row<float>(0)[0] = -3;
    image.row<float>(0)[1] = kNan;
    image.row<float>(0)[7] = 1;
    EXPECT_EQ(notes(of_depth(Depth::f32), image, "a.hdr"),
              Notes{"Radiance HDR has no alpha: the image was laid on white."});
}

// Samples are neither converted from what their profile says, nor to what the file's readers take them for.
TEST(SaveNotes, WhatTheSamplesMeanIsSaidWhereTheFileMeansAnother) {
    const auto all = [](const ColourProfile& profile, const char* name, Depth depth = Depth::u8) {
        ImageInfo source = of_depth(depth);
        source.format = "PNG";
        source.profile = profile;
        return notes(source, Image(1, 1, 3, image_format(name).stored(depth)), name);
    };
    const ColourProfile none, srgb{true, verbatim("sRGB"), true}, other{true, {}, false},
        linear{true, verbatim("gAMA 1"), false, true};
    const std::string left = "The image's colour profile was left out: its values were used as stored";
    const std::string gama = "The image's colour profile (gAMA 1) was left out: its values were used as stored";
    for (const ColourProfile& usual : {none, srgb}) {
        EXPECT_EQ(all(usual, "a.png"), Notes{});
        EXPECT_EQ(all(usual, "a.npy"), Notes{});
        EXPECT_EQ(all(usual, "a.hdr"), Notes{kNotLinear});
    }
    EXPECT_EQ(all(none, "a.hdr", Depth::f32), Notes{}) << "floats without a word are taken for linear";
    EXPECT_EQ(all(other, "a.png"), Notes{left + ", and other programs take them for sRGB."});
    EXPECT_EQ(all(other, "a.npy"), Notes{left + "."});
    EXPECT_EQ(all(other, "a.hdr"), Notes{left + ", and other programs take them for linear light."});
    EXPECT_EQ(all(linear, "a.jpg"), Notes{gama + ", and other programs take them for sRGB."});
    EXPECT_EQ(all(linear, "a.hdr"), Notes{});
}

TEST(SaveNotes, AProfileThatTheFileCarriesIsNoLoss) {
    const std::string icc = test::adobe_rgb();
    ImageInfo source = of_depth(Depth::u8);
    source.profile = {true, verbatim("Adobe RGB (1998)"), false};
    const auto bytes = std::as_bytes(std::span(icc));
    source.tags.icc.assign(bytes.begin(), bytes.end());
    EXPECT_EQ(notes(source, Image(1, 1, 3, Depth::u8), "a.png"), Notes{});
    EXPECT_EQ(notes(source, Image(1, 1, 4, Depth::u8), "a.png"), Notes{});
    EXPECT_EQ(notes(source, Image(1, 1, 3, Depth::u8), "a.jpg"), Notes{});
    EXPECT_EQ(notes(source, Image(1, 1, 3, Depth::u8), "a.bmp").size(), 1U);
    EXPECT_EQ(notes(source, Image(1, 1, 1, Depth::u8), "a.png").size(), 1U) << "grey has no use for it";
}

TEST(SaveNotes, WhatCouldNotBeCountedIsSaid) {
    const ImageInfo source;
    const Image written(2, 2, 1, Depth::u8);
    EXPECT_EQ(in_english(save_notes(
                  {source, written, image_format("a.png"), false, nullptr, key("there was not enough memory")})),
              Notes{"The values that were cut or rounded were not counted: there was not enough memory."});
}

TEST(SaveNotes, TheResultIsLookedAtWhereSomethingMayBeLost) {
    const auto needs = [](const char* kernel, Depth before, Depth written, std::uint8_t fill, bool asked = false) {
        FilterStep step;
        step.kernel = parse_kernel(kernel);
        Image result(3, 3, 1, Depth::u8);
        std::ranges::fill(result.bytes(), std::byte{fill});
        return needs_floats(Image(3, 3, 1, before), std::vector{step}, converted(result, written), asked, false);
    };
    EXPECT_TRUE(needs("sharpen", Depth::u8, Depth::u8, 0));
    EXPECT_TRUE(needs("sharpen", Depth::u8, Depth::u8, 255));
    EXPECT_FALSE(needs("sharpen", Depth::u8, Depth::u8, 100));
    EXPECT_FALSE(needs("box", Depth::u8, Depth::u8, 255)) << "a mean stays between 0 and 255";
    EXPECT_TRUE(needs("box", Depth::s16, Depth::u8, 255));
    EXPECT_TRUE(needs("box", Depth::f32, Depth::u8, 100)) << "rounded";
    EXPECT_FALSE(needs("box", Depth::f32, Depth::u8, 100, true)) << "as asked";
    EXPECT_TRUE(needs("sharpen", Depth::s16, Depth::s16, 0)) << "NaN is 0";
    EXPECT_FALSE(needs("sharpen", Depth::u8, Depth::f32, 0)) << "it is there already";
}

}  // namespace
}  // namespace convlens
