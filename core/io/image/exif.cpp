#include "core/io/image/exif.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace convlens {

namespace {

// Numbers that are asked for by place; beyond the end there is nothing.
class Block {
public:
    explicit Block(std::span<const std::byte> bytes) : bytes_(bytes) {
        constexpr std::array kLittle = {std::byte{'I'}, std::byte{'I'}}, kBig = {std::byte{'M'}, std::byte{'M'}};
        little_ = bytes.size() >= 2 && std::ranges::equal(bytes.first(2), kLittle);
        known_ = little_ || (bytes.size() >= 2 && std::ranges::equal(bytes.first(2), kBig));
    }

    bool has_known_order() const { return known_; }
    std::optional<std::uint32_t> number(std::size_t at, std::size_t length) const {
        if (at > bytes_.size() || length > bytes_.size() - at) return std::nullopt;
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < length; ++i)
            value = value << 8 | std::to_integer<std::uint32_t>(bytes_[little_ ? at + length - 1 - i : at + i]);
        return value;
    }

private:
    std::span<const std::byte> bytes_;
    bool little_ = false, known_ = false;
};

std::optional<int> believed(const Block& block, std::size_t entry) {
    constexpr std::uint32_t kShort = 3;
    if (block.number(entry + 2, 2) != kShort || block.number(entry + 4, 4) != 1U) return std::nullopt;
    const auto value = block.number(entry + 8, 2);
    if (!value || *value < 1 || *value > 8) return std::nullopt;
    return static_cast<int>(*value);
}

}  // namespace

std::optional<int> exif_orientation(std::span<const std::byte> tiff) {
    constexpr std::uint32_t kTiff = 42, kOrientation = 0x0112;
    constexpr std::size_t kEntryBytes = 12;
    const Block block(tiff);
    if (!block.has_known_order() || block.number(2, 2) != kTiff) return std::nullopt;
    const auto directory = block.number(4, 4);
    if (!directory) return std::nullopt;
    const auto entries = block.number(*directory, 2);
    for (std::size_t i = 0; i < entries.value_or(0); ++i) {
        const std::size_t entry = std::size_t{*directory} + 2 + i * kEntryBytes;
        const auto tag = block.number(entry, 2);
        if (!tag) return std::nullopt;  // the directory runs beyond the block
        if (*tag == kOrientation) return believed(block, entry);
    }
    return std::nullopt;
}

}  // namespace convlens
