// A plane of cells as a GridMark: fills from the value scale, numbers where they are legible and in sight.
#pragma once

#include <functional>
#include <string>

#include "app/scene/build.h"
#include "app/scene/scene.h"

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

GridMark make_plane(const PlaneSpec& spec, const Theme& theme, const SceneOptions& options, const FontMetrics& fonts);

// Looks of ordinary cells.
CellLook value_look(const Theme& theme, double value, double peak);
CellLook padding_look(const Theme& theme, double value);
CellLook empty_look(const Theme& theme);
// The same cell under the window or the pointer.
CellLook lit_look(CellLook look, Colour tint);

// Outlines and overlays in cell units.
RectMark outline(const MarkId& id, const Rect& rect, Colour colour, float width, float dash = 0);
RectMark hatch(const MarkId& id, const Rect& rect, Colour colour);

}  // namespace convlens
