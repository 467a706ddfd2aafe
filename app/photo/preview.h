// Large images made smaller for a window that shows all of them: handing the whole of a 24-megapixel photo to the
// graphics takes long enough to be felt.
#pragma once

#include <cstdint>

#include "core/image/image.h"

namespace convlens {

struct PhotoPreview {
    ImageRef image;           // nullptr: the image is small enough as it is
    std::int64_t factor = 1;  // one pixel is the mean of factor*factor of the image's, fewer at the far edges
};

// On as many threads as the machine has cores.
PhotoPreview make_preview(const Image& image);

// Exposed for tests.
Image averaged(const Image& image, std::int64_t factor);

}  // namespace convlens
