// A kernel with too many weights to be typed, as a picture.
#pragma once

#include <cstdint>

#include "app/scene/scene.h"
#include "app/scene/theme.h"
#include "core/image/kernel.h"

namespace convlens {

struct KernelPicture {
    Scene scene;             // one grid; never larger than the room
    std::int64_t block = 1;  // rows and columns of weights that a cell stands for
};

// A cell for each weight. Where a weight would be less than a pixel, for each block of weights: it has the colour of the
// one that is farthest from 0, so that none of those is lost.
KernelPicture build_kernel_picture(const Kernel& kernel, const Theme& theme, float width, float height);

}  // namespace convlens
