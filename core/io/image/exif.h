// Which way up a camera held the image, and its resolution, from the EXIF block that JPEG and PNG files carry.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "core/io/image/image_tags.h"

namespace convlens {

// Tag 0x0112 of the first directory of a TIFF block in either byte order: 1 to 8 (CIPA DC-008, 4.6.4). nullopt where
// there is none, where its type is not SHORT, where it has not exactly one value, or where the value is none of these.
std::optional<int> exif_orientation(std::span<const std::byte> tiff);

// Tags 0x011A, 0x011B and 0x0128 of the same directory: two numbers above 0 and their unit, inches where none is said.
// Unknown where they cannot be read.
Resolution exif_resolution(std::span<const std::byte> tiff);

}  // namespace convlens
