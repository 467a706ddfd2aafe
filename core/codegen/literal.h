// Numbers and tensors as the source text of a program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "core/tensor/tensor.h"

namespace convlens {

// The shortest decimal text that reads back as the same double; whole numbers without a point. Python's NaN and
// infinities are `nan`, `inf` (from math), MATLAB's `NaN`, `Inf`.
std::string python_number(double value);
std::string matlab_number(double value);

// Whether any value is NaN or infinite, so that a Python program must import the names.
bool all_finite(View<double> values);

// A Python nested list of the last `axes` of N, C, H, W (the others have length one), a row a line. Lines after the
// first are indented so that the brackets stand below each other when the text begins in column `indent`.
std::string nested_list(View<double> values, int axes, std::size_t indent);

// [1, 2, 3]
std::string python_list(std::span<const std::int64_t> values);
std::string python_list(std::span<const double> values);
// (1, 2)
std::string pair(Size2 value);

// One plane as a MATLAB matrix, a row a line: "[1 2\n 3 4]", the lines after the first indented by `indent` + 1.
std::string matlab_matrix(View<double> values, std::int64_t n, std::int64_t c, std::size_t indent);
// [1 2 3]
std::string matlab_row(std::span<const std::int64_t> values);

}  // namespace convlens
