// Drawn figures as PNG files.
#pragma once

#include <filesystem>

#include "app/render/cairo/figure.h"

namespace convlens {

// Throws FileError; written beside its place, then renamed. Without alpha where all of it is opaque.
void save_png(const Bitmap& bitmap, const std::filesystem::path& path);

}  // namespace convlens
