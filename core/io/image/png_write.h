// PNG as bytes: 8 and 16 bits, grey, grey with alpha, RGB, RGBA.
#pragma once

#include <cstddef>
#include <vector>

#include "core/image/image.h"
#include "core/io/progress.h"

namespace convlens {

// f32 is saved as u8, clamped, white = 1. Tells its progress by rows. Empty when it was stopped. Throws
// std::runtime_error with libpng's reason.
std::vector<std::byte> png_bytes(const Image& image, const Progress& progress = {});

}  // namespace convlens
