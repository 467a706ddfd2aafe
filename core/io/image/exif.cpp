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

Resolution exif_resolution(std::span<const std::byte> tiff) {
    constexpr std::uint32_t kAcross = 0x011a, kDown = 0x011b, kUnit = 0x0128, kRational = 5, kInch = 2, kCentimetre = 3;
    const TiffBlock block(tiff);
    const auto directory = block.first_directory();
    if (!directory) return {};
    const auto ratio = [&](std::uint32_t tag) -> double {
        const auto entry = block.entry(*directory, tag);
        if (!entry || entry->type != kRational || entry->count != 1) return 0;
        const auto place = block.number(entry->value_at, 4);
        const auto above = place ? block.number(*place, 4) : std::nullopt;
        const auto below = place ? block.number(*place + std::size_t{4}, 4) : std::nullopt;
        return above && below && *below != 0 ? static_cast<double>(*above) / *below : 0;
    };
    const std::uint32_t unit = block.single(*directory, kUnit).value_or(kInch);
    if (unit != kInch && unit != kCentimetre) return {};
    const double inch = unit == kInch ? 1 : 2.54;
    return {ratio(kAcross) * inch, ratio(kDown) * inch};
}

}  // namespace convlens
