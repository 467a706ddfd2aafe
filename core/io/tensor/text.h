// A tensor as text for other programs: all digits, so that nothing is lost on the way.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/tensor/tensor.h"

namespace convlens {

// One plane: elements separated by tabs, rows by lines. Pastes into a spreadsheet.
std::string plane_rows(const Tensor<double>& tensor, std::int64_t n, std::int64_t c);

// One plane as a Python list of lists; with what is not finite as float("nan").
std::string plane_list(const Tensor<double>& tensor, std::int64_t n, std::int64_t c);

// The whole tensor: "np.array([[[[…]]]])", its shape [N, C, H, W].
std::string numpy_array(const Tensor<double>& tensor);

// All planes under one another, each row a line of elements separated by commas, an empty line between planes.
std::string csv_text(const Tensor<double>& tensor);

// By the name's ending, .npy or .csv. Written beside its place, then renamed. Throws FileError.
void save_tensor(const Tensor<double>& tensor, const std::filesystem::path& path);

}  // namespace convlens
