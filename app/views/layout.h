// Where the planes of a pane go: the arrangement that gives the largest cells, all planes at one pitch where its cells
// are large enough for numbers (see cell_sizes.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/scene/scene.h"
#include "app/views/build.h"

namespace convlens {

struct PlaneRequest {
    Part part = Part::none;
    std::int64_t rows = 1, cols = 1;
    std::string name;    // above the plane, bold: "input"
    std::string detail;  // below the name: "5×5, padding 1"
    std::string note;    // below the plane, may be empty: "9 weights, reach 5"
    std::string then;    // operator between this plane and the next: "∗"
    Colour colour;       // of the name
    // In rows (see Layout): the column at which it begins, counted alike for all of them, between columns while it
    // glides; nothing: in the middle.
    std::optional<double> column = {};
    Size2 beside{0, 0};  // as many rows above and columns to the left are kept free for what stands there
};

struct PlacedPlane {
    Point origin;                    // of its first cell, whole pixels
    float pitch = 0;                 // width of its cells, whole pixels or a part of one
    float stretch = 1;               // they are so many times as high as wide
    Rect box;                        // with labels
    std::string name, detail, note;  // shortened to what there is room for

    float smaller_side() const { return pitch * (stretch < 1 ? stretch : 1); }  // of a cell
    // A block of cells in pixels; row and column may lie between cells while something glides.
    Rect cells(double row, double col, double rows, double cols) const;
};

struct PlacedOperator {
    std::string text;
    Point centre;
};

struct Layout {
    float pitch = 0;                  // of all planes but those that are drawn larger
    bool one_line = false;            // name and detail stand beside one another
    int rows = 0;                     // lines of the labels where the planes stand as rows below one another; else 0
    std::vector<PlacedPlane> planes;  // as requested
    std::vector<PlacedOperator> operators;
};

// Where planes are placed.
struct LayoutRoom {
    Rect area;  // what they may use at zoom 1
    Page page;
    Camera camera = {};
    int label_lines = 1;  // at least so many where they stand as rows: panes beside one another have them alike
};

// A label made shorter by the part that tells least: "anchor (0, 0) = weight [1, 1]" to "anchor (0, 0)", "2×2, turned
// 180°" to "2×2, turned" to "2×2", "never read: 1 row, 2 columns" to "never read". False, and unchanged, where no part can be spared.
bool shorten_label(std::string& label);

// Between name and detail where they stand beside one another, pixels.
float label_gap(const Page& page);

// Fits the planes into the room's area at zoom 1 and applies the camera. Cells come first: labels that do not fit beside one
// another then are shortened, notes first, or left out. Label text never overlaps another plane's.
Layout place_planes(const std::vector<PlaneRequest>& planes, const LayoutRoom& room, const FontMetrics& fonts);

// Name, detail and note of each plane, and the operators, as marks.
void add_labels(Scene& scene, int pane, const std::vector<PlaneRequest>& planes, const Layout& layout,
                const Theme& theme, const Page& page, const FontMetrics& fonts);

// A layer of height 1: all planes have one row, so they stand below one another, aligned on the input, each with its
// label above. place_planes() and add_labels() do so by themselves.
bool stand_in_rows(const std::vector<PlaneRequest>& planes);
Layout place_rows(const std::vector<PlaneRequest>& planes, const LayoutRoom& room, float most_pitch,
                  const FontMetrics& fonts);
void add_row_labels(Scene& scene, int pane, const std::vector<PlaneRequest>& planes, const Layout& layout,
                    const Theme& theme, const Page& page, const FontMetrics& fonts);

}  // namespace convlens
