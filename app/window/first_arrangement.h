// How large everything around the picture is as long as nobody has moved it: plain numbers, so that a test can ask what
// is left for the picture.
#pragma once

#include "app/scene/geometry.h"

namespace convlens {

// Pixels.
struct FirstArrangement {
    float left = 0;        // width of the settings of a layer: of its longest row
    float photo_left = 0;  // ... of the settings of a photo
    float right = 0;       // width of what explains
    float below = 0;       // height of the strip under the picture
    float bottom = 0;      // height of the line with the timeline
};

// `width`: of the window. `text`: the height of its text.
FirstArrangement first_arrangement(float width, float text);

// What the padding inside the lines below the picture is, pixels, at the top and the bottom.
float strip_padding(float text);

// The page of the picture in a window of this size that shows one layer with the panels at its sides, or in presenter
// mode with the line below it. `text`: the height of the window's text in that mode.
Page picture_page(float width, float height, float text, bool presenter);

}  // namespace convlens
