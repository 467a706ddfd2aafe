// Where the pixels of an image lie in its pane.
#pragma once

#include <cstdint>

#include "app/scene/geometry.h"

namespace convlens {

// Where both images are looked at. Coordinates are those of the image before.
struct PhotoCamera {
    double scale = 1;     // pixels of the screen for one of the image
    double x = 0, y = 0;  // what lies in the middle of the pane; pixel 0 reaches from 0 to 1
    friend bool operator==(const PhotoCamera&, const PhotoCamera&) = default;
};

struct PaneSize {
    float w = 0, h = 0;
    friend bool operator==(const PaneSize&, const PaneSize&) = default;
};
struct ImageSize {
    std::int64_t w = 0, h = 0;
    friend bool operator==(const ImageSize&, const ImageSize&) = default;
};

// The whole image in the pane, with a little room around it.
PhotoCamera fitted(ImageSize image, PaneSize pane);

// One pixel of the image for one of the screen, around what the camera looks at.
PhotoCamera full_size(PhotoCamera camera, ImageSize image, PaneSize pane);

// Closer (factor > 1) or further; what lies under `at` (from the pane's corner) stays there where it can.
PhotoCamera zoomed(PhotoCamera camera, double factor, Point at, ImageSize image, PaneSize pane);

// The image follows the pointer by `by` pixels of the screen, but stays in view.
PhotoCamera moved(PhotoCamera camera, Point by, ImageSize image, PaneSize pane);

// From the pane's corner to the image before, and back.
struct ImagePoint {
    double x = 0, y = 0;
};
ImagePoint to_image(const PhotoCamera& camera, PaneSize pane, Point at);
Point to_pane(const PhotoCamera& camera, PaneSize pane, ImagePoint at);

}  // namespace convlens
