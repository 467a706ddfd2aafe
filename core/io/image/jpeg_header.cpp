#include "core/io/image/jpeg_header.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/io/image/bytes_at.h"
#include "core/io/image/colour_space.h"
#include "core/io/image/exif.h"

namespace convlens {

namespace {

using Bytes = std::span<const std::byte>;

bool is_frame(std::uint32_t marker) {
    constexpr std::uint32_t kHuffmanTables = 0xc4, kExtension = 0xc8, kArithmeticTables = 0xcc;
    const bool other = marker == kHuffmanTables || marker == kExtension || marker == kArithmeticTables;
    return marker >= 0xc0 && marker <= 0xcf && !other;
}

// A profile longer than a segment comes in several, each with its place, from 1.
struct ProfilePart {
    std::uint32_t place = 0;
    Bytes bytes;
};

// Two bytes each across and down, in pixels per inch (1) or centimetre (2); unit 0 tells the shape of a pixel alone.
Resolution jfif_resolution(Bytes segment) {
    constexpr std::uint32_t kPerInch = 1, kPerCentimetre = 2;
    const auto unit = number_at(segment, 7, 1), x = number_at(segment, 8, 2), y = number_at(segment, 10, 2);
    if (!x || !y || (unit != kPerInch && unit != kPerCentimetre)) return {};
    const double inch = unit == kPerInch ? 1 : 2.54;
    return {*x * inch, *y * inch};
}

void read_segment(std::uint32_t marker, Bytes segment, JpegHeader& header, std::vector<ProfilePart>& profile) {
    constexpr std::string_view kJfif("JFIF\0", 5), kExif("Exif\0\0", 6), kProfile("ICC_PROFILE\0", 12);
    constexpr std::size_t kPlaceAndCount = 2;
    if (is_frame(marker)) {
        header.bits = static_cast<int>(number_at(segment, 0, 1).value_or(0));
        header.components = static_cast<int>(number_at(segment, 5, 1).value_or(0));
    } else if (marker == 0xee && starts_with(segment, "Adobe")) {
        if (const auto transform = number_at(segment, 11, 1)) header.adobe_transform = static_cast<int>(*transform);
    } else if (marker == 0xe0 && starts_with(segment, kJfif)) {
        if (const Resolution found = jfif_resolution(segment); found.known()) header.tags.resolution = found;
    } else if (marker == 0xe1 && starts_with(segment, kExif)) {
        header.exif = true;
        const Bytes tiff = segment.subspan(kExif.size());
        if (const auto orientation = exif_orientation(tiff)) header.orientation = *orientation;
        if (const ColourProfile colours = exif_colours(tiff); colours.present) header.profile = colours;
        if (!header.tags.resolution.known()) header.tags.resolution = exif_resolution(tiff);
    } else if (marker == 0xe2 && starts_with(segment, kProfile) && segment.size() > kProfile.size() + kPlaceAndCount) {
        profile.push_back(
            {number_at(segment, kProfile.size(), 1).value_or(0), segment.subspan(kProfile.size() + kPlaceAndCount)});
    }
}

std::vector<std::byte> joined(std::vector<ProfilePart> parts) {
    std::ranges::stable_sort(parts, {}, &ProfilePart::place);
    std::vector<std::byte> whole;
    for (const ProfilePart& part : parts) whole.insert(whole.end(), part.bytes.begin(), part.bytes.end());
    return whole;
}

// The place of the next marker's 0xff: fill bytes, and 0xff 0x00 and restarts among an image's data, are none.
std::optional<std::size_t> next_marker(Bytes file, std::size_t at) {
    while (at + 1 < file.size()) {
        const void* found = std::memchr(file.data() + at, 0xff, file.size() - 1 - at);
        if (found == nullptr) break;
        at = static_cast<std::size_t>(static_cast<const std::byte*>(found) - file.data());
        const auto next = std::to_integer<unsigned>(file[at + 1]);
        const bool restart = next >= 0xd0 && next <= 0xd7;
        if (next != 0 && next != 0xff && !restart) return at;
        ++at;
    }
    return std::nullopt;
}

}  // namespace

JpegHeader jpeg_header(Bytes file) {
    constexpr std::uint32_t kTemporary = 0x01, kStartOfImage = 0xd8, kEndOfImage = 0xd9, kStartOfScan = 0xda;
    JpegHeader header;
    bool scanned = false;
    std::vector<ProfilePart> profile;
    for (auto at = next_marker(file, 2); at; at = next_marker(file, *at)) {  // behind the start marker
        const std::uint32_t marker = number_at(file, *at + 1, 1).value_or(0);
        *at += 2;
        if (marker == kTemporary || marker == kStartOfImage) continue;
        if (marker == kEndOfImage) {
            header.end = scanned ? *at : 0;
            break;
        }
        const auto length = number_at(file, *at, 2);
        if (!length || *length < 2 || *at + *length > file.size()) break;
        scanned = scanned || marker == kStartOfScan;
        if (!scanned) read_segment(marker, file.subspan(*at + 2, *length - 2), header, profile);
        *at += *length;
    }
    if (!profile.empty()) {
        header.tags.icc = joined(std::move(profile));
        header.profile = colour_profile(header.tags.icc);
    }
    return header;
}

}  // namespace convlens
