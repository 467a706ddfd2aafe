// The light wedge from what a step reads to what becomes of it: a faint fill between two edges on the ground between
// planes, and on the planes themselves the edges alone, beneath the numbers. Internal to app/views.
#pragma once

#include <vector>

#include "app/views/pane.h"

namespace convlens {

// What a wedge begins or ends at, and the plane that it lies on, in pixels.
struct WedgeEnd {
    Rect at;
    Rect plane;
};

struct Wedge {
    std::vector<PolygonMark> on_from, on_to;  // for GridMark::beneath of the planes at its ends
    std::vector<PolygonMark> between;
};
// From the side of `from` that faces the other plane to the facing side of `to`, whether that stands beside it or below.
// Nothing where the ends touch. Edges are broken where they would cross `words`. `number` tells the wedges of a pane
// apart, in the y of their ids.
Wedge make_wedge(const WedgeEnd& from, const WedgeEnd& to, const PaneScene& scene, const std::vector<Rect>& words,
                 int number);
// Where the words of a scene stand.
std::vector<Rect> word_boxes(const Scene& words, const FontMetrics& fonts);

// Would a wedge cross a plane?
bool crosses(const WedgeEnd& from, const WedgeEnd& to, const Rect& plane);

// The wedges of a step from what it reads to the products and from those to what it writes. Where the kernel stands in
// the way they run over it: from what is read to its near side, and on from its far side.
struct StepWedges {
    std::vector<PolygonMark> on_read, on_written;
};
struct StepEnds {
    WedgeEnd read, written;  // `at` is empty where nothing is read
    Rect products;
    Rect kernel;       // empty without one
    WedgeEnd channel;  // where the products' sum stands among those of the other channels; `at` is empty without such
};
// Adds what is seen between the planes, so they are to be drawn after it; returns what lies on the planes.
StepWedges add_step_wedges(Scene& out, const PaneScene& scene, const StepEnds& ends, const std::vector<Rect>& words);

}  // namespace convlens
