// PNG as bytes: 8 and 16 bits, grey, grey with alpha, RGB, RGBA.
#pragma once

#include <cstddef>
#include <vector>

#include "core/image/image.h"
#include "core/io/progress.h"

namespace convlens {

// How a PNG is written.
struct PngStyle {
    int level = 3;  // of zlib's 1 to 9, -1 its own choice (6). Half the effort: files a few per cent larger, several
                    // times as fast on photographs
    bool srgb = false;  // says that the samples are sRGB's, as those of drawn figures are
};

// f32 is saved as u8, clamped, white = 1. Tells its progress by rows. Empty when it was stopped. Throws
// std::runtime_error with libpng's reason.
std::vector<std::byte> png_bytes(const Image& image, const Progress& progress = {}, const PngStyle& style = {});

}  // namespace convlens
