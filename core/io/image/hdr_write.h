// Radiance images out: RGBE, rows run-length encoded channel by channel.
#pragma once

#include <cstddef>
#include <vector>

#include "core/image/image.h"
#include "core/io/progress.h"

namespace convlens {

// What the file holds of an image, and what every reader of it gets: f32, laid on white, each pixel rounded by
// to_rgbe(). Grey is one channel here, and three equal ones in the file.
Image as_hdr(const Image& image);

// The file. Throws Stopped.
std::vector<std::byte> hdr_bytes(const Image& image, const Progress& progress);

}  // namespace convlens
