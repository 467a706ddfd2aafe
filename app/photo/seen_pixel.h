// What of the image after stands on the screen at one pixel of the image before: whoever speaks of the pixel asks here.
#pragma once

#include <cstdint>
#include <vector>

#include "app/photo/result.h"

namespace convlens {

struct SeenPixel {
    ImageRef image;                 // what is seen; nullptr: there is nothing yet
    std::vector<FilterStep> chain;  // that made it
    std::int64_t x = 0, y = 0;      // in `image`
    std::int64_t stride = 1;        // pixels of the image before for one of `image`
    bool part = false;              // of the visible region alone: there are no images between the steps
    bool outdated = false;          // of the last result, beside the visible region of a newer one
};

// (x, y): in the image before. `result`: the last one, nullptr if there is none. `visible_result` covers it where it has
// the pixel. Precondition: both are of the same image, and (x, y) lies in it.
SeenPixel seen_pixel(const PhotoResult* result, const VisibleResult& visible_result, std::int64_t x, std::int64_t y);

}  // namespace convlens
