// Which way up a camera held the image, from the EXIF block that JPEG and PNG files carry.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace convlens {

// Tag 0x0112 of the first directory of a TIFF block in either byte order: 1 to 8 (CIPA DC-008, 4.6.4). nullopt where
// there is none, where its type is not SHORT, where it has not exactly one value, or where the value is none of these.
std::optional<int> exif_orientation(std::span<const std::byte> tiff);

}  // namespace convlens
