// JPEG as bytes, by libjpeg-turbo: grey and RGB, quality 95, colours as fine as brightness (4:4:4).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/image/image.h"
#include "core/io/image/image_tags.h"
#include "core/io/progress.h"

namespace convlens {

// What libjpeg writes and reads on a side, in pixels.
inline constexpr std::int64_t kMostJpegSide = 65500;

// Depths other than u8 are converted, alpha is laid on white. Tells its progress by rows. Throws Stopped, and ImageError
// with libjpeg's reason.
std::vector<std::byte> jpeg_bytes(const Image& image, const ImageTags& tags, const Progress& progress);

}  // namespace convlens
