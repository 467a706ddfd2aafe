// A cell of a pane: what stands there, in words and with all digits, and where its number is kept if it may change.
#pragma once

#include <optional>
#include <string>

#include "app/moment/moment.h"
#include "core/text/message.h"

namespace convlens {

struct CellWords {
    Message name;       // "input[1, 2]"
    std::string value;  // all digits
    Message note;       // "padding (zeros)", may be empty
};
// Of a product: that of the output which is looked at. Precondition: cell_exists().
CellWords describe_cell(const Moment& moment, const CellId& cell);

// Does the pane show a tensor that has the cell, of the padding or what is cropped, too? What was pointed at or pinned may
// be gone after an edit.
bool cell_exists(const Derived& derived, const PaneCell& cell);

// "input[1, 2]", "weight[0, 1, 2, 2]": coordinates of axes that have but one index are left out.
Message tensor_cell_name(TensorKind tensor, const Shape4& shape, const Cell4& cell);

// The number behind a cell: of an input that is no other layer's output, or of the weights.
struct CellTarget {
    int layer = 0;
    bool weight = false;
    Cell4 cell;
    friend bool operator==(const CellTarget&, const CellTarget&) = default;
};
std::optional<CellTarget> editable_cell(const Derived& derived, const PaneCell& cell);
// The layer whose output the number of an input's cell is: it is computed there and cannot be set. Nothing for any other
// cell.
std::optional<int> computed_by(const Derived& derived, const PaneCell& cell);
// Whether the document has such a number: while its layers are computed beside the window, the cells that are shown are
// those of older ones.
bool has_target(const Document& document, const CellTarget& target);
double target_value(const Document& document, const CellTarget& target);
Message target_name(const Document& document, const CellTarget& target);

// Layers that hold the very same numbers are being compared: they keep having the same (Document::edit_together).
void set_target(Document& document, const CellTarget& target, double value);

}  // namespace convlens
