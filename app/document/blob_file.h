// Tensors too large for a document's JSON: NPY files named by their content, in a folder of the user's. Within a document
// there is blob_text.h.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

#include "app/document/blob.h"

namespace convlens {

// Writes `folder`/<sha256>.npy unless it is there. Throws FileError.
void keep_blob(const TensorBlob& blob, const std::filesystem::path& folder);

// A tensor's name: 64 lower-case hexadecimal digits. Anything else could be a path.
bool is_blob_name(std::string_view text);

// The tensor of that name, or nothing where none of the folders has it. Throws FileError: of another shape (found before
// its numbers are read), not what its name says. Precondition: is_blob_name(sha256).
std::optional<TensorRef> find_blob(std::string_view sha256, const Shape4& shape,
                                   std::span<const std::filesystem::path> folders);

}  // namespace convlens
