// How large the cells of a pane's planes are: all alike, so that a window on the input is as large as the kernel. Only
// where that leaves cells too small for numbers small planes are larger than the others, and a plane that would
// be too thin to be seen has cells that are no squares.
#pragma once

#include <vector>

#include "app/views/layout.h"
#include "app/views/plane.h"

namespace convlens {

struct CellPitches {
    float common = 0;
    float small = 0;  // of small planes; `common` where that is larger
};

// Which planes are small beside the largest: a kernel of 3×3 beside an input of 600×800.
std::vector<bool> small_planes(const std::vector<PlaneRequest>& planes);

// A plane of one row is as high as this in any case, pixels.
inline constexpr float kLeastStrip = 16;

struct CellSize {
    float w = 0, h = 0;
};
CellSize cell_size(const PlaneRequest& plane, bool small, const CellPitches& pitches);

// What the camera makes of them: whole pixels, or below one a part of it. Small planes are made no larger before the
// others have reached their size.
CellPitches zoomed(const CellPitches& pitches, float zoom);

// The pitch that small planes are given in any case, where the largest plane would leave them less: `wanted`, or what
// takes no more than a quarter of the room.
float least_small_pitch(const std::vector<PlaneRequest>& planes, const Rect& area, float wanted);
// The pitch that they are given where there is room.
float most_small_pitch(const Page& page, float most);

// The largest pitch up to `most` that `fits`: whole pixels, or a part of one; nearly 0 if none does.
template <typename Fits>
float largest_pitch(float most, const Fits& fits) {
    float low = 0, high = most;
    while (low < high) {  // what fits at a pitch fits at a smaller one, so halving works
        const float middle = static_cast<float>(static_cast<int>((low + high + 1) / 2));
        fits(middle) ? low = middle : high = middle - 1;
    }
    if (low >= 1) return low;
    constexpr int kParts = 1 << 14;  // of a pixel
    int least = 0, beyond = kParts;
    while (beyond - least > 1) {
        const int middle = (least + beyond) / 2;
        fits(static_cast<float>(middle) / kParts) ? least = middle : beyond = middle;
    }
    return static_cast<float>(least) / kParts;
}

}  // namespace convlens
