// Picture files with what cameras and editors put into them, made byte by byte: colour profiles, EXIF, animations.
#pragma once

#include <zlib.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace convlens::test {

// `value` as `length` bytes, the greatest first.
inline std::string big(std::uint32_t value, int length) {
    std::string bytes;
    for (int shift = 8 * (length - 1); shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xffU);
    return bytes;
}

inline std::string fixed(double value) { return big(static_cast<std::uint32_t>(std::lround(value * 65536)), 4); }

inline std::string xyz(double x, double y, double z) {
    return "XYZ " + std::string(4, '\0') + fixed(x) + fixed(y) + fixed(z);
}

// The name as version 2 has it.
inline std::string ascii_name(const std::string& name) {
    return "desc" + std::string(4, '\0') + big(static_cast<std::uint32_t>(name.size() + 1), 4) + name + '\0';
}

// The name as version 4 has it, of one language.
inline std::string wide_name(const std::u16string& name) {
    std::string text = "mluc" + std::string(4, '\0') + big(1, 4) + big(12, 4) + "enUS" +
                       big(static_cast<std::uint32_t>(2 * name.size()), 4) + big(28, 4);
    for (const char16_t code : name) text += big(code, 2);
    return text;
}

inline std::string power_curve(double power) {
    return "curv" + std::string(4, '\0') + big(1, 4) + big(static_cast<std::uint32_t>(std::lround(power * 256)), 2);
}

// sRGB's own curve as a formula.
inline std::string srgb_curve() {
    return "para" + std::string(4, '\0') + big(3, 2) + big(0, 2) + fixed(2.4) + fixed(1 / 1.055) +
           fixed(0.055 / 1.055) + fixed(1 / 12.92) + fixed(0.04045);
}

// sRGB's own curve as a table.
inline std::string srgb_table(std::uint32_t count) {
    std::string text = "curv" + std::string(4, '\0') + big(count, 4);
    for (std::uint32_t i = 0; i < count; ++i) {
        const double value = i / static_cast<double>(count - 1);
        const double light = value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
        text += big(static_cast<std::uint32_t>(std::lround(light * 65535)), 2);
    }
    return text;
}

// A profile of a display; `name` as ascii_name() or wide_name() gives it, `green`: the primary that tells Adobe RGB from
// sRGB.
inline std::string profile(const std::string& name, const std::string& curve, const std::string& green) {
    const std::vector<std::pair<std::string, std::string>> tags = {
        {"desc", name},  {"rXYZ", xyz(0.4360, 0.2225, 0.0139)},
        {"gXYZ", green}, {"bXYZ", xyz(0.1431, 0.0606, 0.7141)},
        {"rTRC", curve}, {"gTRC", curve},
        {"bTRC", curve}};
    std::string table = big(static_cast<std::uint32_t>(tags.size()), 4), data;
    const std::size_t first = 128 + 4 + 12 * tags.size();
    for (const auto& [tag, element] : tags) {
        table += tag + big(static_cast<std::uint32_t>(first + data.size()), 4) +
                 big(static_cast<std::uint32_t>(element.size()), 4);
        data += element + std::string((4 - element.size() % 4) % 4, '\0');
    }
    std::string header =
        big(static_cast<std::uint32_t>(first + data.size()), 4) + "lcms" + big(0x02100000, 4) + "mntrRGB XYZ ";
    header.resize(36, '\0');
    header += "acsp";
    header.resize(128, '\0');
    return header + table + data;
}

inline std::string srgb_green() { return xyz(0.3851, 0.7169, 0.0971); }
inline std::string adobe_rgb() {
    return profile(ascii_name("Adobe RGB (1998)"), power_curve(2.2), xyz(0.2051, 0.6257, 0.0609));
}

// A JPEG file with a segment in front of its others.
inline std::string with_segment(const std::string& jpeg, int marker, const std::string& content) {
    return jpeg.substr(0, 2) + '\xff' + static_cast<char>(marker) +
           big(static_cast<std::uint32_t>(content.size() + 2), 2) + content + jpeg.substr(2);
}

// In `parts` segments, the last one first: readers put them in order.
inline std::string jpeg_with_profile(std::string jpeg, const std::string& icc, std::size_t parts = 1) {
    const std::size_t length = (icc.size() + parts - 1) / parts;
    for (std::size_t i = 0; i < parts; ++i)
        jpeg = with_segment(jpeg, 0xe2,
                            std::string("ICC_PROFILE\0", 12) + static_cast<char>(i + 1) + static_cast<char>(parts) +
                                icc.substr(i * length, length));
    return jpeg;
}

inline std::string png_chunk(const std::string& type, const std::string& content) {
    const std::string body = type + content;
    const auto sum = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
    return big(static_cast<std::uint32_t>(content.size()), 4) + body + big(static_cast<std::uint32_t>(sum), 4);
}

// A PNG file with a chunk behind its header.
inline std::string with_chunk(const std::string& png, const std::string& type, const std::string& content) {
    constexpr std::size_t kHeader = 8 + 12 + 13;
    return png.substr(0, kHeader) + png_chunk(type, content) + png.substr(kHeader);
}

inline std::string png_with_profile(const std::string& png, const std::string& icc) {
    std::vector<Bytef> packed(compressBound(static_cast<uLong>(icc.size())));
    auto length = static_cast<uLongf>(packed.size());
    compress(packed.data(), &length, reinterpret_cast<const Bytef*>(icc.data()), static_cast<uLong>(icc.size()));
    return with_chunk(
        png, "iCCP",
        std::string("ICC Profile\0\0", 13) + std::string(reinterpret_cast<const char*>(packed.data()), length));
}

// A GIF of `frames` pictures of one pixel each.
inline std::string animated_gif(int frames) {
    std::string gif = "GIF89a" + std::string("\1\0\1\0\x80\0\0", 7) + std::string("\0\0\0\xff\xff\xff", 6);
    for (int i = 0; i < frames; ++i) {
        gif += std::string("\x21\xf9\4\0\x0a\0\0\0", 8);                         // a tenth of a second
        gif += std::string("\x2c\0\0\0\0\1\0\1\0\0", 10) + "\2\2\x44\1" + '\0';  // clear, 0, end
    }
    return gif + "\x3b";
}

}  // namespace convlens::test
