// Radiance images, RGBE, by https://radsite.lbl.gov/radiance/refer/filefmts.pdf: three bytes of colour and a common
// exponent a pixel, rows run-length encoded in the newer way (channel by channel), in the older one (a pixel of 1, 1, 1
// repeats the one before) or plain. The axes' order and signs in the resolution line say which corner comes first.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/io/byte_reader.h"
#include "core/io/image/formats.h"
#include "core/io/image/rgbe.h"
#include "core/text/printable.h"

namespace convlens {

namespace {

constexpr std::string_view kFormat = "HDR";

struct Radiance {
    std::int64_t width = 0, height = 0;  // of the file's scanlines, which may be columns of the image
    int orientation = 1;
    std::size_t raster = 0;
};

std::string_view next_line(ByteReader& reader) {
    constexpr std::size_t kMostOfLine = 4096;
    ByteReader ahead = reader;
    std::size_t length = 0;
    while (ahead.u8() != '\n') {
        if (++length > kMostOfLine)
            refuse_damaged(kFormat,
                           msg("a line of its header has more than {most} characters", "most"_is(kMostOfLine)));
    }
    std::string_view line = reader.text(length + 1);
    line.remove_suffix(1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

// By the resolution line's two axes: the first is the scanlines' own place, "-Y" from the top down, "+X" from the left.
std::optional<int> orientation_of(std::string_view first, std::string_view second) {
    struct Row {
        std::string_view first, second;
        int orientation;
    };
    constexpr Row kRows[] = {{"-Y", "+X", 1}, {"-Y", "-X", 2}, {"+Y", "-X", 3}, {"+Y", "+X", 4},
                             {"+X", "-Y", 5}, {"-X", "-Y", 6}, {"-X", "+Y", 7}, {"+X", "+Y", 8}};
    for (const Row& row : kRows)
        if (row.first == first && row.second == second) return row.orientation;
    return std::nullopt;
}

// "-Y 480 +X 640"
void read_resolution(std::string_view line, Radiance& radiance) {
    std::array<std::string_view, 4> words;
    std::size_t count = 0;
    for (std::size_t at = 0; at < line.size();) {
        const std::size_t end = std::min(line.find(' ', at), line.size());
        if (end > at && count++ < words.size()) words[count - 1] = line.substr(at, end - at);
        at = end + 1;
    }
    const auto number = [](std::string_view word) {
        const bool digits =
            !word.empty() && word.size() <= 9 && word.find_first_not_of("0123456789") == std::string_view::npos;
        return digits ? std::stoll(std::string(word)) : -1;
    };
    const auto orientation = orientation_of(words[0], words[2]);
    radiance.height = number(words[1]);
    radiance.width = number(words[3]);
    if (count != 4 || !orientation || radiance.height < 0 || radiance.width < 0)
        refuse_damaged(kFormat, msg("its size must be written as \"-Y 480 +X 640\"; it is \"{size}\"",
                                    "size"_is(printable(line, 60))));
    radiance.orientation = *orientation;
}

Radiance read_radiance(FileBytes file) {
    constexpr std::string_view kKey = "FORMAT=", kKnown = "32-bit_rle_rgbe";
    Radiance radiance;
    ByteReader reader(file, kFormat);
    next_line(reader);
    for (std::string_view line = next_line(reader); !line.empty(); line = next_line(reader))
        if (line.starts_with(kKey) && line.substr(kKey.size()) != kKnown)
            refuse_variety(msg("this HDR file is in the format \"{format}\"",
                               "format"_is(printable(line.substr(kKey.size()), 40))));
    read_resolution(next_line(reader), radiance);
    radiance.raster = reader.at();
    return radiance;
}

Rgbe next_pixel(ByteReader& reader) {
    const FileBytes bytes = reader.take(4);
    return {std::to_integer<std::uint8_t>(bytes[0]), std::to_integer<std::uint8_t>(bytes[1]),
            std::to_integer<std::uint8_t>(bytes[2]), std::to_integer<std::uint8_t>(bytes[3])};
}

// All of one channel, then the next: a count up to 128 and as many values, or 128 + n and a value that n pixels have.
void read_newer_row(ByteReader& reader, std::vector<Rgbe>& row) {
    for (std::size_t channel = 0; channel < 4; ++channel) {
        for (std::size_t x = 0; x < row.size();) {
            const std::uint32_t count = reader.u8();
            const bool repeated = count > 128;
            const std::size_t length = repeated ? count - 128 : count;
            if (length == 0 || length > row.size() - x)
                refuse_damaged(kFormat, key("a run of equal values is longer than its row"));
            std::uint8_t value = 0;
            for (std::size_t i = 0; i < length; ++i) {
                if (i == 0 || !repeated) value = static_cast<std::uint8_t>(reader.u8());
                row[x++][channel] = value;
            }
        }
    }
}

// Pixels; 1, 1, 1, n has the pixel before it n times more, and further ones behind it count in 256s.
void read_older_row(ByteReader& reader, std::vector<Rgbe>& row) {
    int shift = 0;
    for (std::size_t x = 0; x < row.size();) {
        const Rgbe pixel = next_pixel(reader);
        const bool repeats = pixel[0] == 1 && pixel[1] == 1 && pixel[2] == 1;
        if (!repeats) {
            row[x++] = pixel;
            shift = 0;
            continue;
        }
        const std::size_t count = static_cast<std::size_t>(pixel[3]) << shift;
        if (x == 0 || count > row.size() - x)
            refuse_damaged(kFormat, key("a run of equal pixels is longer than its row"));
        std::fill_n(row.begin() + static_cast<std::ptrdiff_t>(x), count, row[x - 1]);
        x += count;
        shift = std::min(shift + 8, 24);
    }
}

void read_row(ByteReader& reader, std::vector<Rgbe>& row) {
    constexpr std::size_t kLeast = 8, kMost = 0x7fff;  // widths that can be run-length encoded in the newer way
    ByteReader ahead = reader;
    if (row.size() >= kLeast && row.size() <= kMost) {
        const Rgbe first = next_pixel(ahead);
        if (first[0] == 2 && first[1] == 2 && first[2] < 128) {
            if ((static_cast<std::size_t>(first[2]) << 8 | first[3]) != row.size())
                refuse_damaged(kFormat, key("a row has another length than the image"));
            reader = ahead;
            return read_newer_row(reader, row);
        }
    }
    read_older_row(reader, row);
}

void put_row(const std::vector<Rgbe>& row, std::span<float> floats) {
    for (std::size_t x = 0; x < row.size(); ++x) std::ranges::copy(to_colour(row[x]), floats.subspan(3 * x).begin());
}

}  // namespace

ImageHeader hdr_header(FileBytes file) {
    constexpr std::int64_t kRun = 255;  // pixels that four bytes can repeat
    const Radiance radiance = read_radiance(file);
    ImageHeader header{radiance.width, radiance.height, 3, Depth::f32};
    header.least_bytes =
        static_cast<std::int64_t>(radiance.raster) + capped_product(radiance.width, radiance.height) / kRun * 4;
    header.bytes_are_exact = false;
    header.profile = {true, key("linear light of Radiance HDR"), false, true};
    header.orientation = radiance.orientation;
    return header;
}

Image hdr_pixels(FileBytes file) {
    const Radiance radiance = read_radiance(file);
    Image image(radiance.width, radiance.height, 3, Depth::f32);
    ByteReader reader(file, kFormat);
    reader.seek(radiance.raster);
    std::vector<Rgbe> row(static_cast<std::size_t>(radiance.width));
    for (std::int64_t y = 0; y < radiance.height; ++y) {
        read_row(reader, row);
        put_row(row, image.row<float>(y));
    }
    return image;
}

}  // namespace convlens
