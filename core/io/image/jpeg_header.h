// What a JPEG file says beside its samples: which way up it is, how its colours are kept, and where it ends.
#pragma once

#include <cstddef>
#include <span>

#include "core/io/image/icc.h"
#include "core/io/image/image_tags.h"

namespace convlens {

struct JpegHeader {
    // EXIF orientation, 1 to 8 (CIPA DC-008, 4.6.4): 1 upright, 3 upside down, 6 to be rotated clockwise, 8 the other
    // way; 2, 4, 5, 7 mirrored. 1 where there is none or it cannot be read.
    int orientation = 1;
    int components = 0;        // 1 grey, 3 colours, 4 inks; 0 when no frame was found
    int bits = 0;              // of a sample
    std::size_t end = 0;       // bytes up to the end of the (first) image; 0 where there is no mark of its end
    bool exif = false;         // there is an EXIF block
    ColourProfile profile;     // an ICC profile, or what EXIF says
    ImageTags tags;            // the resolution is JFIF's, or EXIF's where that has none
    int adobe_transform = -1;  // of the Adobe marker: 0 RGB or CMYK, 1 YCbCr, 2 YCCK; -1 without the marker
};

// Reads what lies between the image's data; never fails. Bytes that belong to no segment are skipped.
JpegHeader jpeg_header(std::span<const std::byte> file);

}  // namespace convlens
