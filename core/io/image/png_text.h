// EXIF in PNG files that are older than the eXIf chunk, or written by ImageMagick: a text chunk named "Raw profile type
// exif" (or APP1) that holds the block as hexadecimal digits.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace convlens {

// The TIFF block of a chunk of the type "tEXt" or "zTXt"; empty where it holds none, or cannot be read.
std::vector<std::byte> raw_profile_exif(std::string_view type, std::span<const std::byte> content);

}  // namespace convlens
