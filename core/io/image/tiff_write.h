// TIFF as bytes, by libtiff: 8 and 16 bits and float32, grey and RGB, with alpha or without, in strips packed by deflate
// behind a predictor.
#pragma once

#include <cstddef>
#include <vector>

#include "core/image/image.h"
#include "core/io/image/image_tags.h"
#include "core/io/progress.h"

namespace convlens {

// s16 is written as u8. Tells its progress by strips. Throws Stopped, and ImageError with libtiff's reason.
std::vector<std::byte> tiff_bytes(const Image& image, const ImageTags& tags, const Progress& progress);

}  // namespace convlens
