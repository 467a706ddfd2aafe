// Tensors too large for a document's JSON: NPY files named by their content, in a folder of the user's.
#pragma once

#include <filesystem>
#include <string_view>

#include "app/document/blob.h"

namespace convlens {

// Writes `folder`/<sha256>.npy unless it is there. Throws FileError.
void keep_blob(const TensorBlob& blob, const std::filesystem::path& folder);

// The tensor of that name. Throws FileError: not there, of another shape, not what its name says.
TensorRef find_blob(std::string_view sha256, const Shape4& shape, const std::filesystem::path& folder);

}  // namespace convlens
