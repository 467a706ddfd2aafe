// PNG as bytes: 8 and 16 bits, grey, grey with alpha, RGB, RGBA.
#pragma once

#include <cstddef>
#include <vector>

#include "core/image/image.h"
#include "core/io/image/image_tags.h"
#include "core/io/progress.h"

namespace convlens {

// How a PNG is written.
struct PngStyle {
    // A drawn figure: large areas of one colour are worth more effort than photographs, and its samples are sRGB's, which
    // the file says.
    bool figure = false;
    const ImageTags* tags = nullptr;  // what else the file says of itself; not beside `figure`
};

// f32 is saved as u8, clamped, white = 1. Tells its progress by rows. Empty when it was stopped. Throws ImageError with
// the encoder's reason. Memory: beside the file about as much as the image has; above 256 MiB a few rows.
std::vector<std::byte> png_bytes(const Image& image, const Progress& progress = {}, const PngStyle& style = {});

}  // namespace convlens
