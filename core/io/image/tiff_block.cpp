#include "core/io/image/tiff_block.h"

#include <algorithm>
#include <array>

namespace convlens {

TiffBlock::TiffBlock(std::span<const std::byte> bytes) : bytes_(bytes) {
    constexpr std::array kLittle = {std::byte{'I'}, std::byte{'I'}}, kBig = {std::byte{'M'}, std::byte{'M'}};
    little_ = bytes.size() >= 2 && std::ranges::equal(bytes.first(2), kLittle);
    known_ = little_ || (bytes.size() >= 2 && std::ranges::equal(bytes.first(2), kBig));
}

std::optional<std::uint32_t> TiffBlock::number(std::size_t at, std::size_t length) const {
    if (at > bytes_.size() || length > bytes_.size() - at) return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < length; ++i)
        value = value << 8 | std::to_integer<std::uint32_t>(bytes_[little_ ? at + length - 1 - i : at + i]);
    return value;
}

std::optional<std::size_t> TiffBlock::first_directory() const {
    constexpr std::uint32_t kTiff = 42;
    if (!known_ || number(2, 2) != kTiff) return std::nullopt;
    return number(4, 4);
}

std::optional<TiffBlock::Entry> TiffBlock::entry(std::size_t directory, std::uint32_t tag) const {
    constexpr std::size_t kEntryBytes = 12;
    const auto entries = number(directory, 2);
    for (std::size_t i = 0; i < entries.value_or(0); ++i) {
        const std::size_t at = directory + 2 + i * kEntryBytes;
        const auto found = number(at, 2);
        if (!found) return std::nullopt;  // the directory runs beyond the block
        if (*found != tag) continue;
        const auto type = number(at + 2, 2), count = number(at + 4, 4);
        if (!type || !count) return std::nullopt;
        return Entry{*type, *count, at + 8};
    }
    return std::nullopt;
}

std::optional<std::uint32_t> TiffBlock::single(std::size_t directory, std::uint32_t tag) const {
    constexpr std::uint32_t kShort = 3, kLong = 4;
    const auto found = entry(directory, tag);
    if (!found || found->count != 1 || (found->type != kShort && found->type != kLong)) return std::nullopt;
    return number(found->value_at, found->type == kShort ? 2 : 4);
}

}  // namespace convlens
