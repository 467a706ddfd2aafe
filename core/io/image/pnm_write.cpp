#include "core/io/image/pnm_write.h"

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

Image plain(const Image& image) {
    return flattened(converted(image, image.depth() == Depth::u16 ? Depth::u16 : Depth::u8));
}

}  // namespace

Bytes pgm_bytes(const Image& image, const Progress& progress) {
    if (image.colour_channels() > 1)
        throw ImageError(key("a .pgm file holds grey only, and this image has colours; use .ppm"));
    return anymap(plain(image), '5', 1, progress);
}

Bytes ppm_bytes(const Image& image, const Progress& progress) { return anymap(plain(image), '6', 3, progress); }

}  // namespace convlens
