// Cells of pasted arrays: what a type holds, what a conversion makes of numbers, and arithmetic between two arrays as
// Python's arrays and lists and MATLAB's matrices do it. Nothing is given for what is not known in full. Internal to
// core/import.
#pragma once

#include <optional>
#include <string_view>

#include "core/import/value.h"

namespace convlens::pasted {

// The type that a word names: "int8", "np.float32", "torch.long". Nothing for other words, "complex64" among them.
std::optional<CellType> cell_type(std::string_view word);

bool is_whole_type(CellType type);

// The array in another type. Python cuts what is behind the point and refuses what the type cannot hold; MATLAB rounds
// and saturates. Without its numbers where it is not known what they become.
ToldArray converted(ToldArray array, CellType type, Manner manner);

// left sign right, cell by cell, with axes of length 1 stretched, where the operator is defined so for both. Python's
// lists are repeated and joined; between MATLAB's matrices * is the matrix product and ^ the matrix power.
std::optional<ToldArray> operated(std::string_view sign, const ToldArray& left, const ToldArray& right, Manner manner);

std::optional<ToldArray> negated(ToldArray array, Manner manner);

// The product of two matrices; nothing where their sides do not fit.
std::optional<ToldArray> matrix_product(const ToldArray& left, const ToldArray& right);

// The number of cells of a shape; nothing where it is more than kMaxToldCells.
std::optional<std::int64_t> cells_of(const std::vector<std::int64_t>& shape);

// A matrix: numbers side by side are a row, which has one axis until something asks for two.
ToldArray as_matrix(ToldArray array);
ToldArray as_row(ToldArray array);

}  // namespace convlens::pasted
