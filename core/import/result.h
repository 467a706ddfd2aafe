// Parts of a layer's result, and borders around it, as settings of the layer. Internal to core/import.
#pragma once

#include "core/import/import.h"
#include "core/import/slices.h"
#include "core/import/trace.h"

namespace convlens::pasted {

// The layer that gives only these rows and columns of its result, y[..., 1:, ::2]: a part of a convolution is one with
// other pads and a larger stride, a part of a transposed one crops more. False, and nothing changes, where no setting
// is the same, or the positions need a size that the text does not tell.
bool take_part(ImportedLayer& imported, const Slice& rows, const Slice& columns);

// The slices of MATLAB's C(2:end, :), or C(1:2:end) of a result that is a row; of a matrix one slice counts down its
// columns, which is nothing here.
std::optional<std::vector<Slice>> matlab_part_of(const ImportedLayer& imported, const Node& call);

// The transposed convolution that gives its result with a border of zeros. False for others.
bool take_outer_border(ImportedLayer& imported, const Border& border);

}  // namespace convlens::pasted
