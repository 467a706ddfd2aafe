// A plane of cells as a GridMark: fills from the value scale, numbers where they are legible and in sight, or of
// very small cells a picture.
#pragma once

#include <functional>
#include <string>

#include "app/scene/scene.h"
#include "app/views/build.h"

namespace convlens {

// What one cell shows.
struct CellLook {
    Colour fill{0, 0, 0, 0};
    Colour ground{0, 0, 0, 0};  // what the fill of an unread cell fades to
    Colour ink{0, 0, 0, 255};
    double value = 0;
    bool number = true;  // print the value
    std::string text;    // printed instead of the value if not empty
    std::string note;    // small beside it, where there is room for those of all cells: the weight that reads it
    bool lit = false;    // for questions (see GridMark)
    CellState state = CellState::plain;
    bool unread = false;  // where others are read: the ink is to fade as the fill has
};

struct PlaneSpec {
    MarkId id;  // y, x of row 0, column 0
    std::int64_t y_step = 1, x_step = 1;
    Point origin;
    float pitch = 24;   // width of a cell
    float stretch = 1;  // it is so many times as high
    std::int64_t rows = 1, cols = 1;
    Colour outline{0, 0, 0, 0};  // of cells that are read
    Colour casing{0, 0, 0, 0};   // along it, see CellOutlines
    Colour note_ink{0, 0, 0, 0};
    std::function<CellLook(std::int64_t row, std::int64_t col)> look;
};

// Smaller cells have neither lines nor numbers.
inline constexpr float kLeastLinedPitch = 6;
// Numbers are given from this pitch on, and where text is large from a larger one on.
inline constexpr float kLeastNumberPitch = 18;
float least_number_pitch(const Page& page);

// Of a plane of more than kMostWhole cells only the part in sight is made: it costs what is seen, and frame() is of
// that part (take the frame from PlacedPlane::cells).
inline constexpr std::int64_t kMostWhole = 1 << 14;
// Cells smaller than a pixel become a picture: each pixel has the mean colour of cells that it covers.
GridMark make_plane(const PlaneSpec& spec, const Theme& theme, const Page& page, const FontMetrics& fonts);

// Along an axis, of cells smaller than a pixel: how many a pixel covers at most, and how many of them it is the mean of.
struct PixelMean {
    std::int64_t covered = 1, taken = 1;
};
PixelMean pixel_mean(float cell);

// Rows (or columns) of a plane from `first` up to and without `last`.
struct CellSpan {
    std::int64_t first = 0, last = 0;
    std::int64_t count() const { return last - first; }
};
// Those of `count` that are in sight, where the plane begins at `origin` and the picture is `length` long.
CellSpan visible(float origin, float pitch, std::int64_t count, float length);

// Looks of ordinary cells.
CellLook value_look(const Theme& theme, double value, double peak);
// On the padding's ground; grey ink says that the cell is 0, whatever put it there.
CellLook padding_look(const Theme& theme, double value);
CellLook empty_look(const Theme& theme);
// The same cell under the window or the pointer: its colours stay what they are, it is outlined.
CellLook lit_look(CellLook look, CellState state = CellState::read);
// The same cell where a step reads others: paler. Its ink is left to make_plane(), which asks few cells for it.
CellLook unread_look(CellLook look);

// How wide the frame of what a step is at is drawn, by the smaller side of a cell.
float step_frame_width(float cell);
// The frame around a cell or a few, outside them so that it takes nothing of what they show: of a window, of the
// output that is written. Cells of few pixels have one that is larger, so that it is seen. `cell`: the smaller side of one.
Rect step_frame(const Rect& cells, float cell);
RectMark step_outline(const MarkId& id, const Rect& cells, float cell, Colour colour, float dash = 0);

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
