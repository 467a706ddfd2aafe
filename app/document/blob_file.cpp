#include "app/document/blob_file.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include "core/io/error.h"
#include "core/io/npy.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

fs::path file_of(std::string_view sha256, const fs::path& folder) { return folder / (std::string(sha256) + ".npy"); }

bool is_hash(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

void keep_blob(const TensorBlob& blob, const fs::path& folder) {
    if (folder.empty()) throw FileError("a large tensor", "cannot be kept: the home folder cannot be written to");
    const fs::path path = file_of(to_hex(blob.hash), folder);
    std::error_code error;
    if (fs::exists(path, error)) return;
    fs::create_directories(folder, error);
    write_npy(path, blob.values);
}

TensorRef find_blob(std::string_view sha256, const Shape4& shape, const fs::path& folder) {
    if (!is_hash(sha256)) throw FileError(std::string(sha256), "is not the SHA-256 of a tensor");
    const fs::path path = file_of(sha256, folder);
    TensorRef tensor(to_tensor(read_npy(path), path.string()));
    if (tensor->shape() != shape) {
        throw FileError(path.string(), "holds " + to_string(tensor->shape()) + ", not " + to_string(shape));
    }
    if (to_hex(tensor.blob().hash) != sha256)
        throw FileError(path.string(), "is not what its name says: it was changed");
    return tensor;
}

}  // namespace convlens
