#include "core/io/image/image_tags.h"

#include "core/io/image/bytes_at.h"

namespace convlens {

// ICC.1:2022, 7.2: the profile's length first, the colours of its device at 16, its mark at 36.
bool is_profile_of(std::span<const std::byte> icc, int colour_channels) {
    constexpr std::size_t kHeaderAndCount = 132, kColours = 16, kMark = 36;
    if (icc.size() < kHeaderAndCount || icc.size() > kMostProfile || number_at(icc, 0, 4) != icc.size()) return false;
    return starts_with(icc.subspan(kMark), "acsp") &&
           starts_with(icc.subspan(kColours), colour_channels == 1 ? "GRAY" : "RGB ");
}

ImageTags carried(const ImageTags& tags, int colour_channels, std::int64_t stride) {
    ImageTags kept;
    if (is_profile_of(tags.icc, colour_channels)) kept.icc = tags.icc;
    const auto step = static_cast<double>(stride);
    kept.resolution = {tags.resolution.x / step, tags.resolution.y / step};
    return kept;
}

}  // namespace convlens
