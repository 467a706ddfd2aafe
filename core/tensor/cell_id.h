// The identity of one cell of a layer's tensors, the same for everything that draws the cell.
#pragma once

#include "core/tensor/shape.h"

namespace convlens {

// The tensors whose cells can be named.
enum class TensorKind {
    input,             // coordinates of the input; cells of the padding lie outside it
    weight,            // as the layer stores it
    product,           // n, c: of the input plane; y, x: the place in the plane of products of one output
    output,            // coordinates of the output
    uncropped_output,  // conv_transpose: everything stamped; coordinates of the output, what is cropped lies outside it
    zero_inserted_input,  // conv_transpose: the spread-out input and its border; cell (0, 0) is the input's first
};

struct CellId {
    int layer = 0;  // index into the document's layers
    TensorKind tensor = TensorKind::input;
    Cell4 at;
    friend bool operator==(const CellId&, const CellId&) = default;
};

}  // namespace convlens
