// The built-in image: what photo mode and `filter sample` show before anybody has brought one.
#pragma once

#include <string_view>

#include "core/image/image.h"

namespace convlens {

inline constexpr std::string_view kSampleImageName = "sample";

// 640×480 RGB, 8 bits, painted when first asked for and the same on every machine: a landscape at dusk with soft
// gradients (sky, sun, water), hard edges (hills, house, fence), fine detail (a poster with lines of letters, a fan of
// rays, checks growing finer) and plain colours (pennants).
const ImageRef& sample_image();

}  // namespace convlens
