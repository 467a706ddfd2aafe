// Images without alpha, or with three colours, for formats that know no others.
#pragma once

#include "core/image/image.h"

namespace convlens {

// The image laid on white: colour * alpha + white * (1 - alpha) in its own depth, alpha held within 0 to white, NaN being
// 0. Where alpha is 0 there is white, whatever colour was hidden there. An image without alpha is as it was.
Image flattened(const Image& image);

// Grey as three equal colours, alpha as it is. Precondition: u8; an image with colours is as it was.
Image with_three_colours(const Image& image);

}  // namespace convlens
