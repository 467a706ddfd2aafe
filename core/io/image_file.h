// Image files in and out. Reads PNG, JPEG, BMP, TGA, GIF (first picture), PSD (merged picture), PNM (PBM, PGM, PPM, PAM,
// PFM) and HDR, told by their first bytes (core/io/image_decoder.h); writes PNG (u8, u16), JPEG, BMP, TGA, HDR and NPY
// (f32, s16) by the name's ending. Files are written beside their place, then renamed.
#pragma once

#include <filesystem>
#include <string>

#include "core/image/image.h"
#include "core/io/progress.h"

namespace convlens {

// The most pixels a picture may have before it is refused by name and size, before anything is allocated.
inline constexpr std::int64_t kMaxPixels = std::int64_t{1} << 28;

struct ImageInfo {
    std::int64_t width = 0, height = 0;
    int channels = 0;
    Depth depth = Depth::u8;
    std::string format;  // "PNG"
};

// Throw FileError: not there, unreadable, truncated, of no known format, too large, or too short for its size. A picture
// that image_info describes is refused by load_image only where it has more than 2^20 pixels and there is damage among
// their samples. The orientation that a JPEG, PNG or HDR file tells is applied.
ImageInfo image_info(const std::filesystem::path& path);
Image load_image(const std::filesystem::path& path);

// Throws FileError. The picture is converted to what the format can hold (f32 and s16 to u8 are clamped, white is
// white). NPY holds s16 as it is, everything else as float32, where white is 1. False when `progress` was stopped:
// nothing has been written then. PNG tells how far it has come, the other formats do not.
bool save_image(const Image& image, const std::filesystem::path& path, const Progress& progress = {});

}  // namespace convlens
