// Where the pixels of a picture lie in its pane.
#pragma once

#include <cstdint>

#include "app/scene/geometry.h"

namespace convlens {

// Where both pictures are looked at. Coordinates are those of the picture before.
struct PhotoCamera {
    double scale = 1;     // pixels of the screen for one of the picture
    double x = 0, y = 0;  // what lies in the middle of the pane; pixel 0 reaches from 0 to 1
    friend bool operator==(const PhotoCamera&, const PhotoCamera&) = default;
};

struct PaneSize {
    float w = 0, h = 0;
    friend bool operator==(const PaneSize&, const PaneSize&) = default;
};
struct PictureSize {
    std::int64_t w = 0, h = 0;
    friend bool operator==(const PictureSize&, const PictureSize&) = default;
};

// The whole picture in the pane, with a little room around it.
PhotoCamera fitted(PictureSize picture, PaneSize pane);

// One pixel of the picture for one of the screen, around what the camera looks at.
PhotoCamera full_size(PhotoCamera camera, PictureSize picture, PaneSize pane);

// Closer (factor > 1) or further; what lies under `at` (from the pane's corner) stays there where it can.
PhotoCamera zoomed(PhotoCamera camera, double factor, Point at, PictureSize picture, PaneSize pane);

// The picture follows the pointer by `by` pixels of the screen, but stays in view.
PhotoCamera moved(PhotoCamera camera, Point by, PictureSize picture, PaneSize pane);

// From the pane's corner to the picture before, and back.
struct PicturePoint {
    double x = 0, y = 0;
};
PicturePoint to_picture(const PhotoCamera& camera, PaneSize pane, Point at);
Point to_pane(const PhotoCamera& camera, PaneSize pane, PicturePoint at);

}  // namespace convlens
