// Drawn figures as PNG files.
#pragma once

#include <filesystem>

#include "app/render/cairo/figure.h"
#include "core/io/progress.h"

namespace convlens {

// Written beside its place, then renamed. Without alpha where all of it is opaque. False when `progress` was stopped.
// Throws FileError.
bool save_png(const Bitmap& bitmap, const std::filesystem::path& path, const Progress& progress = {});

}  // namespace convlens
