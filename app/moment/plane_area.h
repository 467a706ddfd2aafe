// Which cells each plane of a layer has, in the coordinates of its tensor: what is drawn is what can be pointed at.
#pragma once

#include <cstdint>

#include "app/derived/derived.h"
#include "core/tensor/cell_id.h"

namespace convlens {

// The cells from (y0, x0) on, as many rows and columns as `size` says.
struct PlaneArea {
    std::int64_t y0 = 0, x0 = 0;
    Size2 size;

    bool contains(std::int64_t y, std::int64_t x) const {
        return y >= y0 && x >= x0 && y < y0 + size.h && x < x0 + size.w;
    }
};

// Of the input: with its padding and with what a negative pad cuts away; of conv_transpose, which pads its output, the
// input alone. Of the uncropped output: everything stamped, and the output where output padding or a negative padding
// reaches further. Of the products: the cells that the dilated kernel spans.
// Precondition for `uncropped_output` and `zero_inserted_input`: a conv_transpose.
PlaneArea plane_area(const DerivedLayer& layer, TensorKind tensor);

// Whether anything that is stamped is cropped; where nothing is, the uncropped output is the output. Precondition: a
// conv_transpose.
bool is_cropped(const DerivedLayer& layer);

}  // namespace convlens
