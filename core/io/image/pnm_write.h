// Portable anymaps out: PGM (P5) and PPM (P6), 8 or 16 bits a sample, the greater byte first; PFM, floats.
#pragma once

#include <cstddef>
#include <vector>

#include "core/image/image.h"
#include "core/io/progress.h"

namespace convlens {

// The file, laid on white where the image has alpha: u16 as it is, every other depth as u8. Throws Stopped.
// Grey alone; ImageError, for people, where the image has colours.
std::vector<std::byte> pgm_bytes(const Image& image, const Progress& progress);
// Grey has three equal colours there.
std::vector<std::byte> ppm_bytes(const Image& image, const Progress& progress);

// Floats, grey or RGB, of the least byte first and from the lowest row up. Other depths have white at 1. Throws Stopped.
std::vector<std::byte> pfm_bytes(const Image& image, const Progress& progress);

}  // namespace convlens
