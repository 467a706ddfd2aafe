// A sliding pane at a moment: the plane that the window lies on, and what of each plane is lit. Internal to app/views.
#pragma once

#include <optional>
#include <vector>

#include "app/moment/related.h"
#include "app/views/pane.h"

namespace convlens {

// The plane that the window lies on. Rows and columns are counted on the drawn plane, from 0.
struct Surface {
    Part part = Part::input;
    std::int64_t rows = 1, cols = 1;
    std::int64_t y0 = 0, x0 = 0;  // the tensor coordinate of row 0, column 0
    Size2 stride{1, 1};
    Size2 dilation{1, 1};
    Size2 start;         // row, column of the first window's corner
    bool window = true;  // gather has none: its cells are scattered
    Rect whole;          // cells that are read at all (a negative pad cuts some away), in cells
    Size2 positions;     // window_positions()
};

// What more than one plane of a sliding pane needs.
struct Sliding {
    Surface surface;
    bool listed = true;        // false: there are too many products to list; `products` is empty
    Products products;         // of the moment's output, where it has one
    bool upside_down = false;  // the kernel lies turned
    float turn = 0;            // on its way there
    Related lit;
    bool by_pointer = false;    // lit because the pointer is on an input cell or a weight; else by what the step reads
    bool on_its_way = false;    // the window has left this output, so that nothing is lit
    std::optional<Size2> best;  // max_pool: where the largest of the values reached stands
    std::optional<Size2> current;  // where the one product stands that the step or the pointer is at
};
Sliding sliding_of(const PaneScene& scene);
// Is a cell of the surface lit?
bool is_lit(const PaneScene& scene, const Sliding& sliding, std::int64_t row, std::int64_t col);

// Where among the products the one stands that reads a cell of the surface for the output that is looked at; a window on
// its way reads what is nearest below it. Nothing for a cell that it does not read. Precondition: Moment::out.
std::optional<Size2> reading_place(const PaneScene& scene, const Sliding& sliding, std::int64_t row, std::int64_t col);
// The weight that a product of this place multiplies by, as stored.
Size2 weight_place(const PaneScene& scene, const Size2& place);

// The window's corner on the surface, in rows and columns, gliding from this output to the next.
struct WindowCorner {
    double row = 0, col = 0;
};
WindowCorner window_corner(const PaneScene& scene, const Surface& surface);

// Name, detail and note of the planes of a sliding pane: input, kernel (but for pooling), products, the column of channels
// where there is one, output.
std::vector<PlaneRequest> sliding_requests(const PaneScene& scene, const Sliding& sliding);

// A layer that adds up several input channels has a column of what each of them adds, before the output.
bool has_channel_column(const PaneScene& scene);
PlaneRequest channel_column_request(const PaneScene& scene);
// The cell of the channel whose products are shown.
Rect channel_row(const PaneScene& scene, const Sliding& sliding, const PlacedPlane& placed);
void add_channel_column(Scene& out, const PaneScene& scene, const Sliding& sliding, const PlacedPlane& placed);

}  // namespace convlens
