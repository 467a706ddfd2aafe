// One of the two pictures of the photo workspace as a Scene: the part that is visible, the numbers inside large pixels, and what
// the pointer lights.
#pragma once

#include <cstdint>
#include <optional>

#include "app/photo/camera.h"
#include "app/photo/preview.h"
#include "app/photo/result.h"
#include "app/scene/scene.h"
#include "app/scene/theme.h"

namespace convlens {

// Pixels from (x, y) on, in the coordinates of a picture whose pixels are `stride` wide.
struct PixelBox {
    std::int64_t x = 0, y = 0, w = 1, h = 1;
    std::int64_t stride = 1;
};

struct PhotoPane {
    Part part = Part::photo_before;
    ImageRef image;                // may be missing
    PhotoPreview preview;          // of it, drawn in its place where its pixels are small enough
    std::int64_t stride = 1;       // pixels of the picture before for one of this one
    VisibleResult visible_result;  // covers what it is a part of, and the numbers
    PaneSize size;
    PhotoCamera camera;
    float text_size = 15;
    float least_text = 9;
    std::optional<PixelBox> pixel;   // under the pointer, or pinned
    std::optional<PixelBox> window;  // what the kernel reads for it
};

Scene build_photo_pane(const PhotoPane& pane, const Theme& theme, const FontMetrics& fonts);

// The smallest pixel, in pixels of the screen, that has room for its numbers.
inline constexpr float kLeastNumbered = 44;

}  // namespace convlens
