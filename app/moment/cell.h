// A cell of the picture: what stands there, in words and with all digits, and where its number is kept if it may
// change.
#pragma once

#include <optional>
#include <string>

#include "app/derived/derived.h"
#include "app/scene/build.h"

namespace convlens {

struct CellWords {
    std::string name;   // "input[1, 2]"
    std::string value;  // all digits
    std::string note;   // "padding (zeros)", may be empty
};
// Precondition: the cell is one that hit_test() gave for a scene of `derived`.
CellWords describe_cell(const Derived& derived, const Playhead& playhead, const MarkId& cell);

// "input[1, 2]", "weight[0, 1, 2, 2]": coordinates of axes that have but one index are left out.
std::string tensor_cell_name(const char* tensor, const Shape4& shape, const Cell4& cell);

// Row and column of the products plane where a product stands.
Size2 product_place(const ConvSpec& spec, Reading reading, const Tap& tap);

// The number behind a cell: of the input, or of the weights.
struct CellTarget {
    int layer = 0;
    bool weight = false;
    Cell4 cell;
    friend bool operator==(const CellTarget&, const CellTarget&) = default;
};
std::optional<CellTarget> editable_cell(const Derived& derived, const MarkId& cell);
double target_value(const Document& document, const CellTarget& target);
std::string target_name(const Document& document, const CellTarget& target);

// Layers that hold the very same numbers are being compared: they keep having the same (Document::edit_together).
void set_target(Document& document, const CellTarget& target, double value);

// Where a cell is drawn, in pixels of the scene.
std::optional<Rect> cell_rect(const Scene& scene, const MarkId& cell);

}  // namespace convlens
