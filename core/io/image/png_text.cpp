#include "core/io/image/png_text.h"

#include <zlib.h>

#include <algorithm>
#include <optional>
#include <string>

namespace convlens {

namespace {

using Bytes = std::vector<std::byte>;

constexpr std::size_t kMost = std::size_t{1} << 20;  // of a text that is looked at

std::string_view letters_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string unpacked(std::string_view packed) {
    std::string text(kMost, '\0');
    auto length = static_cast<uLongf>(text.size());
    const int end = uncompress(reinterpret_cast<Bytef*>(text.data()), &length,
                               reinterpret_cast<const Bytef*>(packed.data()), static_cast<uLong>(packed.size()));
    text.resize(end == Z_OK || end == Z_BUF_ERROR ? std::min<std::size_t>(length, kMost) : 0);
    return text;
}

std::optional<unsigned> digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return std::nullopt;
}

// "\nexif\n      54\n4578696600004d4d...": a name, the number of bytes, and their digits, in lines.
Bytes profile_of(std::string_view text) {
    for (int line = 0; line < 2; ++line) {
        text.remove_prefix(std::min(text.find_first_not_of(" \n"), text.size()));
        text.remove_prefix(std::min(text.find('\n'), text.size()));
    }
    Bytes bytes;
    std::optional<unsigned> high;
    for (const char c : text) {
        if (c == '\n' || c == ' ' || c == '\r') continue;
        const auto value = digit(c);
        if (!value) return {};
        if (high) bytes.push_back(static_cast<std::byte>(*high << 4 | *value));
        high = high ? std::nullopt : value;
    }
    return bytes;
}

// As JPEG has it, the block stands behind "Exif" and two zeros.
Bytes tiff_of(Bytes profile) {
    constexpr std::string_view kMark("Exif\0\0", 6);
    const std::string_view letters = letters_of(profile);
    if (letters.starts_with(kMark)) {
        profile.erase(profile.begin(), profile.begin() + kMark.size());
        return profile;
    }
    return letters.starts_with("II") || letters.starts_with("MM") ? profile : Bytes();
}

}  // namespace

Bytes raw_profile_exif(std::string_view type, std::span<const std::byte> content) {
    const bool packed = type == "zTXt";
    if (!packed && type != "tEXt") return {};
    const std::string_view all = letters_of(content);
    const std::string_view name = all.substr(0, all.find('\0'));
    const std::size_t before = name.size() + (packed ? 2 : 1);  // a zero, and the method of packing
    // no words: what ImageMagick writes
    if ((name != "Raw profile type exif" && name != "Raw profile type APP1") || all.size() < before) return {};
    const std::string_view text = all.substr(before);
    return tiff_of(profile_of(packed ? unpacked(text) : std::string(text.substr(0, kMost))));
}

}  // namespace convlens
