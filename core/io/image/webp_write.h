// WebP as bytes, by libwebp: lossless, 8 bits, RGB and RGBA.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/image/image.h"
#include "core/io/image/image_tags.h"
#include "core/io/progress.h"

namespace convlens {

// What the format counts on a side, in pixels.
inline constexpr std::int64_t kMostWebpSide = 16383;

// Depths other than u8 are converted; grey becomes three equal colours. What lies under alpha 0 is kept. Tells its
// progress. The file has the tags' profile, and no resolution. Throws Stopped, and ImageError.
std::vector<std::byte> webp_bytes(const Image& image, const ImageTags& tags, const Progress& progress);

}  // namespace convlens
