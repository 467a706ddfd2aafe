// Image files in. Reads PNG, JPEG, TIFF (first page), WebP, BMP, TGA, GIF (first image), PSD (merged image), PNM (PBM, PGM,
// PPM, PAM, PFM) and HDR, told by their first bytes (core/io/image/decoder.h), and NPY. How they are written is told by
// save.h.
#pragma once

#include <filesystem>
#include <string>

#include "core/image/image.h"
#include "core/io/image/icc.h"
#include "core/io/image/image_tags.h"
#include "core/io/image/save.h"

namespace convlens {

// The most pixels an image may have before it is refused by name and size, before anything is allocated.
inline constexpr std::int64_t kMaxPixels = std::int64_t{1} << 28;

struct ImageInfo {
    std::int64_t width = 0, height = 0;
    int channels = 0;
    Depth depth = Depth::u8;
    std::string format;         // "PNG"
    std::int64_t frames = 1;    // of an animation, or pages; the first is the image
    ColourProfile profile;      // that came with it and is not applied; JPEG, PNG, TIFF, WebP and HDR
    bool metadata = false;      // it came with EXIF data, or a TIFF with what tells the same; JPEG, PNG, TIFF and WebP
    ImageTags tags;             // as they are for the upright image; of the same
    int channels_left_out = 0;  // samples of a pixel that are neither colours nor alpha, and are not read; TIFF
};

// Throw FileError: not there, unreadable, truncated, of no known format, too large, or too short for its size. An image
// that image_info describes is refused by load_image only where it has more than 2^20 pixels and there is damage among
// their samples. The orientation that a file tells is applied.
ImageInfo image_info(const std::filesystem::path& path);
// `info`, where given, is what image_info says.
Image load_image(const std::filesystem::path& path, ImageInfo* info = nullptr);

}  // namespace convlens
