// A plane of cells as a GridMark: fills from the value scale, numbers where they are legible and in sight.
#pragma once

#include <functional>
#include <string>

#include "app/scene/scene.h"
#include "app/views/build.h"

namespace convlens {

// What one cell shows.
struct CellLook {
    Colour fill{0, 0, 0, 0};
    Colour ink{0, 0, 0, 255};
    double value = 0;
    bool number = true;  // print the value
    std::string text;    // printed instead of the value if not empty
    bool lit = false;
};

struct PlaneSpec {
    MarkId id;  // y, x of row 0, column 0
    std::int64_t y_step = 1, x_step = 1;
    Point origin;
    float pitch = 24;
    std::int64_t rows = 1, cols = 1;
    std::function<CellLook(std::int64_t row, std::int64_t col)> look;
};

// Numbers are given from this pitch on.
inline constexpr float kLeastNumberPitch = 18;

// Of a plane of more than kMostWhole cells only the part in sight is made: it costs what is seen, and frame() is of
// that part (take the frame from PlacedPlane::cells).
inline constexpr std::int64_t kMostWhole = 1 << 14;
GridMark make_plane(const PlaneSpec& spec, const Theme& theme, const Page& page, const FontMetrics& fonts);

// Rows (or columns) of a plane from `first` up to and without `last`.
struct CellSpan {
    std::int64_t first = 0, last = 0;
    std::int64_t count() const { return last - first; }
};
// Those of `count` that are in sight, where the plane begins at `origin` and the picture is `length` long.
CellSpan visible(float origin, float pitch, std::int64_t count, float length);

// Looks of ordinary cells.
CellLook value_look(const Theme& theme, double value, double peak);
CellLook padding_look(const Theme& theme, double value);
CellLook empty_look(const Theme& theme);
// The same cell under the window or the pointer.
CellLook lit_look(CellLook look, Colour tint);

// The ring around an anchor's cell.
struct AnchorRing {
    Point centre;
    float radius = 0, width = 0;
};
AnchorRing anchor_ring(const Rect& cell);

// Outlines and overlays in cell units.
RectMark outline(const MarkId& id, const Rect& rect, Colour colour, float width, float dash = 0);
RectMark hatch(const MarkId& id, const Rect& rect, Colour colour);

}  // namespace convlens
