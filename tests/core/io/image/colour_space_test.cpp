// What PNG chunks and EXIF say of an image's colours, read from whole files.
#include "core/io/image/colour_space.h"

#include <string>

#include <gtest/gtest.h>

#include "core/io/image/decoder.h"
#include "core/io/image/hdr_write.h"
#include "core/io/image/png_write.h"
#include "core/io/image/save.h"
#include "tests/core/io/image/made_files.h"

namespace convlens {
namespace {

using test::big;

std::string text(const std::vector<std::byte>& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string png() { return text(png_bytes(Image(2, 2, 3, Depth::u8), {}, {})); }

ColourProfile profile_of(const std::string& file, const char* format) {
    const ImageDecoder* decoder = image_decoder(format);
    EXPECT_EQ(decoder->pixels(std::as_bytes(std::span(file))).width(), 2);
    return decoder->header(std::as_bytes(std::span(file))).profile;
}

// With one chunk.
std::string name_of(const std::string& type, const std::string& content) {
    const ColourProfile profile = profile_of(test::with_chunk(png(), type, content), "PNG");
    EXPECT_EQ(profile.present, !profile.name.empty());
    return english(profile.name);
}

std::string gama(int times100000) { return big(static_cast<std::uint32_t>(times100000), 4); }

std::string chrm(const std::vector<int>& times100000) {
    std::string content;
    for (const int number : times100000) content += gama(number);
    return content;
}

const std::vector<int> kSrgb{31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000};
const std::vector<int> kDisplayP3{31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000};
const std::vector<int> kOdd{31270, 32900, 60000, 35000, 30000, 60000, 15000, 6000};

TEST(ColourSpace, NothingIsToldWhereAPngIsSrgb) {
    EXPECT_FALSE(profile_of(png(), "PNG").present);
    EXPECT_EQ(name_of("gAMA", gama(45455)), "");
    EXPECT_EQ(name_of("cHRM", chrm(kSrgb)), "");
    EXPECT_EQ(name_of("sRGB", std::string(1, '\0')), "");
    EXPECT_FALSE(
        profile_of(test::with_chunk(test::with_chunk(png(), "cHRM", chrm(kSrgb)), "gAMA", gama(45455)), "PNG").present);
}

TEST(ColourSpace, GammaAndPrimariesOfAPngAreTold) {
    EXPECT_EQ(name_of("gAMA", gama(100000)), "gAMA 1: linear light");
    EXPECT_EQ(name_of("gAMA", gama(55556)), "gAMA 0.55556");
    EXPECT_EQ(name_of("cHRM", chrm(kDisplayP3)), "cHRM: Display P3 primaries");
    EXPECT_EQ(name_of("cHRM", chrm(kOdd)), "cHRM: other primaries");
    const auto both = [](int gamma, const std::vector<int>& primaries) {
        return profile_of(test::with_chunk(test::with_chunk(png(), "cHRM", chrm(primaries)), "gAMA", gama(gamma)),
                          "PNG");
    };
    EXPECT_EQ(english(both(100000, kDisplayP3).name), "gAMA 1: linear light; cHRM: Display P3 primaries");
    EXPECT_TRUE(both(100000, kSrgb).linear);
    EXPECT_FALSE(both(100000, kDisplayP3).linear) << "its primaries are others";
    EXPECT_FALSE(both(45455, kDisplayP3).srgb);
}

TEST(ColourSpace, CodePointsOfAPngAreTold) {
    const auto cicp = [](const char* bytes) {
        return profile_of(test::with_chunk(png(), "cICP", std::string(bytes, 4)), "PNG");
    };
    EXPECT_TRUE(cicp("\1\x0d\0\1").srgb);
    EXPECT_EQ(english(cicp("\x09\x10\0\1").name), "cICP: BT.2020, PQ");
    EXPECT_FALSE(cicp("\x09\x10\0\1").srgb);
    EXPECT_EQ(english(cicp("\x0c\x0d\0\1").name), "cICP: Display P3, sRGB");
    EXPECT_TRUE(cicp("\1\x08\0\1").linear);
    EXPECT_EQ(english(cicp("\1\x0d\0\0").name), "cICP: BT.709, sRGB, narrow range");
    EXPECT_FALSE(cicp("\1\x0d\0\0").srgb);
    EXPECT_EQ(english(cicp("\x16\x63\0\1").name), "cICP: code 22, code 99");
    EXPECT_EQ(name_of("cICP", "\1"), "") << "too short to mean anything";
}

TEST(ColourSpace, OneChunkCountsBeforeAnother) {
    const std::string linear = test::with_chunk(png(), "gAMA", gama(100000));
    EXPECT_FALSE(profile_of(test::with_chunk(linear, "sRGB", std::string(1, '\0')), "PNG").present);
    const std::string icc = test::png_with_profile(linear, test::adobe_rgb());
    EXPECT_EQ(english(profile_of(icc, "PNG").name), "Adobe RGB (1998)");
    EXPECT_TRUE(profile_of(test::with_chunk(icc, "cICP", std::string("\1\x0d\0\1", 4)), "PNG").srgb);
}

// An EXIF block with a colour space, and an interoperability index where one is given.
std::string exif(std::uint32_t space, const std::string& index, bool little) {
    const auto number = [&](std::uint32_t value, int length) {
        std::string bytes = big(value, length);
        return little ? std::string(bytes.rbegin(), bytes.rend()) : bytes;
    };
    const auto entry = [&](std::uint32_t tag, std::uint32_t type, std::uint32_t count, const std::string& value) {
        return number(tag, 2) + number(type, 2) + number(count, 4) + value + std::string(4 - value.size(), '\0');
    };
    constexpr std::uint32_t kExif = 8 + 2 + 12 + 4, kInterop = kExif + 2 + 2 * 12 + 4;
    return (little ? "II" : "MM") + number(42, 2) + number(8, 4) +                                            //
           number(1, 2) + entry(0x8769, 4, 1, number(kExif, 4)) + number(0, 4) +                              //
           number(2, 2) + entry(0xa001, 3, 1, number(space, 2)) + entry(0xa005, 4, 1, number(kInterop, 4)) +  //
           number(0, 4) + number(1, 2) + entry(1, 2, 4, index) + number(0, 4);
}

TEST(ColourSpace, ExifTellsInEitherByteOrder) {
    const std::string jpeg = text(image_format("a.jpg").encode(Image(2, 2, 3, Depth::u8), {}, {}));
    for (const bool little : {false, true}) {
        const auto told = [&](std::uint32_t space, const std::string& index) {
            const std::string block = exif(space, index, little);
            const ColourProfile png_told = profile_of(test::with_chunk(png(), "eXIf", block), "PNG");
            const std::string file = test::with_segment(jpeg, 0xe1, std::string("Exif\0\0", 6) + block);
            const ColourProfile jpeg_told = profile_of(file, "JPEG");
            EXPECT_EQ(png_told.name, jpeg_told.name);
            EXPECT_EQ(english(profile_of(test::jpeg_with_profile(file, test::adobe_rgb()), "JPEG").name),
                      "Adobe RGB (1998)")
                << "an ICC profile counts before EXIF";
            return english(jpeg_told.name);
        };
        EXPECT_EQ(told(1, "R98"), "");
        EXPECT_EQ(told(0xffff, "R03"), "Adobe RGB (1998) by its EXIF data");
        EXPECT_EQ(told(0xffff, "R98"), "not sRGB by its EXIF data");
        EXPECT_EQ(told(2, "R98"), "Adobe RGB (1998) by its EXIF data");
    }
}

// Every byte less, and every byte another: something is told or nothing.
TEST(ColourSpace, BrokenExifIsPassedOver) {
    const std::string whole = exif(0xffff, "R03", true);
    for (std::size_t length = 0; length < whole.size(); ++length)
        exif_colours(std::as_bytes(std::span(whole).first(length)));
    for (std::size_t at = 0; at < whole.size(); ++at)
        for (const char value : {'\0', '\x7f', '\xff'}) {
            std::string changed = whole;
            changed[at] = value;
            exif_colours(std::as_bytes(std::span(changed)));
        }
    EXPECT_FALSE(exif_colours(std::as_bytes(std::span(whole).first(20))).present);
}

TEST(ColourSpace, RadianceIsLinearLight) {
    const ColourProfile profile = profile_of(text(hdr_bytes(Image(2, 2, 3, Depth::f32), {})), "HDR");
    EXPECT_TRUE(profile.linear);
    EXPECT_EQ(english(profile.name), "linear light of Radiance HDR");
}

}  // namespace
}  // namespace convlens
