#include "core/io/jpeg_header.h"

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/io/exif.h"

namespace convlens {

namespace {

// Bytes that are asked for by place; beyond the end there is nothing.
class Bytes {
public:
    explicit Bytes(std::span<const std::byte> bytes) : bytes_(bytes) {}

    std::size_t size() const { return bytes_.size(); }
    std::optional<std::uint32_t> number(std::size_t at, std::size_t length) const {
        if (at > size() || length > size() - at) return std::nullopt;
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < length; ++i) value = value << 8 | static_cast<std::uint32_t>(bytes_[at + i]);
        return value;
    }
    Bytes from(std::size_t at, std::size_t length) const { return Bytes(bytes_.subspan(at, length)); }
    std::span<const std::byte> behind(std::string_view beginning) const { return bytes_.subspan(beginning.size()); }
    bool starts_with(std::string_view text) const {
        return std::string_view(reinterpret_cast<const char*>(bytes_.data()), bytes_.size()).starts_with(text);
    }

private:
    std::span<const std::byte> bytes_;
};

bool is_frame(std::uint32_t marker) {
    constexpr std::uint32_t kHuffmanTables = 0xc4, kExtension = 0xc8, kArithmeticTables = 0xcc;
    const bool other = marker == kHuffmanTables || marker == kExtension || marker == kArithmeticTables;
    return marker >= 0xc0 && marker <= 0xcf && !other;
}

void read_segment(std::uint32_t marker, const Bytes& segment, JpegHeader& header) {
    constexpr std::string_view kExif("Exif\0\0", 6);
    if (is_frame(marker)) {
        header.bits = static_cast<int>(segment.number(0, 1).value_or(0));
        header.components = static_cast<int>(segment.number(5, 1).value_or(0));
    } else if (marker == 0xee && segment.starts_with("Adobe")) {
        if (const auto transform = segment.number(11, 1)) header.adobe_transform = static_cast<int>(*transform);
    } else if (marker == 0xe1 && segment.starts_with(kExif)) {
        if (const auto orientation = exif_orientation(segment.behind(kExif))) header.orientation = *orientation;
    }
}

}  // namespace

JpegHeader jpeg_header(std::span<const std::byte> file) {
    JpegHeader header;
    const Bytes bytes(file);
    std::size_t at = 2;  // behind the start marker
    while (bytes.number(at, 1) == 0xffU) {
        const std::uint32_t marker = bytes.number(at + 1, 1).value_or(0);
        if (marker == 0xff) {  // a fill byte
            ++at;
            continue;
        }
        constexpr std::uint32_t kStartOfScan = 0xda, kEndOfImage = 0xd9;
        header.has_scan = marker == kStartOfScan;
        if (marker == 0 || marker == kStartOfScan || marker == kEndOfImage) break;
        const bool alone = marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7);
        if (alone) {
            at += 2;
            continue;
        }
        const auto length = bytes.number(at + 2, 2);
        if (!length || *length < 2 || at + 2 + *length > bytes.size()) break;
        read_segment(marker, bytes.from(at + 4, *length - 2), header);
        at += 2 + *length;
    }
    return header;
}

}  // namespace convlens
