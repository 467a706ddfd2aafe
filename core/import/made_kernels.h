// Kernels that a text makes by a name: MATLAB's fspecial, OpenCV's getGaussianKernel. Internal to core/import.
#pragma once

#include <optional>
#include <string_view>

#include "core/import/value.h"

namespace convlens::pasted {

bool is_kernel_maker(std::string_view function);

// The numbers of fspecial('gaussian', 5, 1), a matrix, or of getGaussianKernel(5, 1), a column. Nothing where an
// argument is not told, and for fspecial('log'), whose numbers MATLAB and Octave make differently. Throws ImportError
// for a name or number that the function does not take.
std::optional<ToldArray> made_kernel(PastedText& text, const Node& call);

}  // namespace convlens::pasted
