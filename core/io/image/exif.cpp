#include "core/io/image/exif.h"

#include "core/io/image/tiff_block.h"

namespace convlens {

std::optional<int> exif_orientation(std::span<const std::byte> tiff) {
    constexpr std::uint32_t kOrientation = 0x0112, kShort = 3;
    const TiffBlock block(tiff);
    const auto directory = block.first_directory();
    if (!directory) return std::nullopt;
    const auto entry = block.entry(*directory, kOrientation);
    if (!entry || entry->type != kShort || entry->count != 1) return std::nullopt;
    const auto value = block.number(entry->value_at, 2);
    if (!value || *value < 1 || *value > 8) return std::nullopt;
    return static_cast<int>(*value);
}

}  // namespace convlens
