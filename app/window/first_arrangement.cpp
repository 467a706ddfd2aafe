#include "app/window/first_arrangement.h"

#include <algorithm>
#include <cmath>

#include "app/panels/panels.h"

namespace convlens {

namespace {

// In text heights.
constexpr float kLeft = 15.1F, kPhotoLeft = 17, kLeastRight = 16.9F, kMostRight = 23, kBelow = 5.6F;
constexpr float kRightShare = 0.21F;                            // of the window's width
constexpr float kMenu = 1.72F, kStatus = 1.45F, kHints = 1.7F;  // heights of lines that are no panels

}  // namespace

float strip_padding(float text) { return std::round(text * 0.25F); }

FirstArrangement first_arrangement(float width, float text) {
    FirstArrangement sizes;
    sizes.left = std::round(kLeft * text);
    sizes.photo_left = std::round(kPhotoLeft * text);
    sizes.right = std::round(std::clamp(kRightShare * width, kLeastRight * text, kMostRight * text));
    sizes.below = std::round(kBelow * text);
    sizes.bottom = std::round(text * 1.5F) + 2 * strip_padding(text);  // a control has half a text height around it
    return sizes;
}

Page picture_page(float width, float height, float text, bool presenter) {
    constexpr float kEdge = 1;  // between panels
    const FirstArrangement sizes = first_arrangement(width, text);
    Page page;
    page.least_text = least_text(text, presenter);
    page.text_size = text;
    page.width = presenter ? width : width - sizes.left - sizes.right - 2 * kEdge;
    page.height = height - sizes.bottom - kEdge;
    if (!presenter) page.height -= std::ceil((kMenu + kStatus + kHints) * text);
    return page;
}

}  // namespace convlens
