// Images without alpha, for formats that have none.
#pragma once

#include "core/image/image.h"

namespace convlens {

// The image laid on white: colour * alpha + white * (1 - alpha) in its own depth, alpha held within 0 to white, NaN being
// 0. Where alpha is 0 there is white, whatever colour was hidden there. An image without alpha is as it was.
Image flattened(const Image& image);

}  // namespace convlens
