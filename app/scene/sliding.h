// The moment that a sliding pane shows: which plane the window lies on, what it reads, what is lit. Internal to app/scene.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "app/scene/pane.h"

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
    Size2 positions;     // of the window that there are: of a kernel beyond the padded input only those on it
};

// Everything about the moment that more than one plane needs.
struct Moment {
    Surface surface;
    TimelineStep step;
    std::optional<Cell4> out;  // the output that the highlight is on
    bool borrowed = false;     // by the pointer
    bool listed = true;        // false: there are too many products to list; `taps` is empty
    std::vector<Tap> taps;     // of `out`, all channels
    std::int64_t shown = 0;    // how many of them are reached: at most all
    bool complete = true;
    std::int64_t c_in = 0;     // the input channel looked at, in its group
    bool upside_down = false;  // the kernel lies turned
    float turn = 0;            // on its way there
    std::vector<char> lit_surface, lit_kernel, lit_output;
    std::optional<Size2> one_product;  // window position that is singled out
    std::optional<Size2> best;         // max_pool: where the largest of the values reached stands

    std::span<const Tap> reached() const { return std::span(taps).first(static_cast<std::size_t>(shown)); }
};

// The most products of one output that are listed: more than anybody reads, and each costs time in every picture.
inline constexpr std::int64_t kMostListed = 1 << 13;
// Products of one output, all channels of its group (of conv_transpose at most so many).
std::int64_t product_count(const PaneScene& scene, const Surface& surface);

// Does the kernel lie turned by 180 degrees in this reading?
bool kernel_turned(const PaneScene& scene);

// Where a tap's product stands in the products plane.
Size2 product_cell(const PaneScene& scene, const Moment& moment, const Tap& tap);

Moment moment_of(const PaneScene& scene);

// The window's corner on the surface, in rows and columns, gliding from this output to the next.
struct WindowCorner {
    double row = 0, col = 0;
};
WindowCorner window_corner(const PaneScene& scene, const Moment& moment);

// Name, detail and note of the planes of a sliding pane: input, kernel (but for pooling), products, output.
std::vector<PlaneRequest> sliding_requests(const PaneScene& scene, const Moment& moment);

}  // namespace convlens
