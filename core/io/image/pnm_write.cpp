#include "core/io/image/pnm_write.h"

#include <bit>
#include <cstdint>
#include <span>
#include <string>

#include <fmt/format.h>

#include "core/io/image/decoder.h"
#include "core/io/image/flattened.h"

namespace convlens {

namespace {

using Bytes = std::vector<std::byte>;

// Each sample `copies` times.
template <typename T>
void put_row(Bytes& bytes, std::span<const T> row, int copies) {
    for (const T sample : row) {
        for (int copy = 0; copy < copies; ++copy) {
            if constexpr (sizeof(T) > 1) bytes.push_back(static_cast<std::byte>(sample >> 8));
            bytes.push_back(static_cast<std::byte>(sample & 0xff));
        }
    }
}

// Precondition: as many channels as the kind has, or one.
Bytes anymap(const Image& image, char kind, int channels, const Progress& progress) {
    const bool wide = image.depth() == Depth::u16;
    const std::string head = fmt::format("P{}\n{} {}\n{}\n", kind, image.width(), image.height(), wide ? 65535 : 255);
    const auto letters = std::as_bytes(std::span(head));
    Bytes bytes(letters.begin(), letters.end());
    bytes.reserve(head.size() + static_cast<std::size_t>(image.width() * image.height()) *
                                    static_cast<std::size_t>(channels) * (wide ? 2 : 1));
    const int copies = channels / image.channels();
    for (std::int64_t y = 0; y < image.height(); ++y) {
        if (progress.is_stopped()) throw Stopped();
        if (wide) {
            put_row<std::uint16_t>(bytes, image.row<std::uint16_t>(y), copies);
        } else {
            put_row<std::uint8_t>(bytes, image.row<std::uint8_t>(y), copies);
        }
    }
    return bytes;
}

bool is_whole(const Image& image) { return image.depth() == Depth::u8 || image.depth() == Depth::u16; }

}  // namespace

Bytes pgm_bytes(const Image& image, const Progress& progress) {
    if (image.colour_channels() > 1)
        throw ImageError(key("a .pgm file holds grey only, and this image has colours; use .ppm"));
    if (!is_whole(image)) return pgm_bytes(converted(image, Depth::u8), progress);
    if (image.has_alpha()) return pgm_bytes(flattened(image), progress);
    return anymap(image, '5', 1, progress);
}

Bytes ppm_bytes(const Image& image, const Progress& progress) {
    if (!is_whole(image)) return ppm_bytes(converted(image, Depth::u8), progress);
    if (image.has_alpha()) return ppm_bytes(flattened(image), progress);
    return anymap(image, '6', 3, progress);
}

Bytes pfm_bytes(const Image& image, const Progress& progress) {
    if (image.depth() != Depth::f32) return pfm_bytes(converted(image, Depth::f32), progress);
    if (image.has_alpha()) return pfm_bytes(flattened(image), progress);
    const bool little = std::endian::native == std::endian::little;
    const std::string head = fmt::format("{}\n{} {}\n{}\n", image.channels() == 1 ? "Pf" : "PF", image.width(),
                                         image.height(), little ? "-1.0" : "1.0");
    const auto letters = std::as_bytes(std::span(head));
    Bytes bytes;
    bytes.reserve(head.size() + image.bytes().size());
    bytes.assign(letters.begin(), letters.end());
    for (std::int64_t y = image.height(); y-- > 0;) {
        if (progress.is_stopped()) throw Stopped();
        const auto row = std::as_bytes(image.row<float>(y));
        bytes.insert(bytes.end(), row.begin(), row.end());
    }
    return bytes;
}

}  // namespace convlens
