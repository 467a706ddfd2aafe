#include "app/document/blob_file.h"

#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

#include "core/io/bytes.h"
#include "core/io/error.h"
#include "core/io/tensor/npy.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

fs::path file_of(std::string_view sha256, const fs::path& folder) { return folder / (std::string(sha256) + ".npy"); }

std::int64_t byte_count(const Shape4& shape) {
    return *element_count(shape) * static_cast<std::int64_t>(sizeof(double));
}

TensorRef read_blob(std::string_view sha256, const Shape4& shape, const fs::path& path) {
    constexpr std::int64_t kMostHeader = 1 << 16;
    const std::string name = path.string();
    TensorRef tensor(to_tensor(parse_npy(read_bytes(path, byte_count(shape) + kMostHeader), name), name));
    if (tensor->shape() != shape)
        throw FileError(name, msg("holds {shape}, not {wanted}", "shape"_is(to_string(tensor->shape())),
                                  "wanted"_is(to_string(shape))));
    if (to_hex(tensor.blob().hash) != sha256) throw FileError(name, msg("is not what its name says: it was changed"));
    return tensor;
}

}  // namespace

bool is_blob_name(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

void keep_blob(const TensorBlob& blob, const fs::path& folder) {
    if (folder.empty()) throw FileError({}, msg("a large tensor cannot be kept: the home folder cannot be written to"));
    const fs::path path = file_of(to_hex(blob.hash), folder);
    std::error_code error;
    // One that is cut short, by a full disk or a power cut, is written anew.
    const auto least = static_cast<std::uintmax_t>(byte_count(blob.values.shape()));
    if (fs::is_regular_file(path, error) && fs::file_size(path, error) >= least && !error) return;
    fs::create_directories(folder, error);
    write_npy(path, blob.values);
}

std::optional<TensorRef> find_blob(std::string_view sha256, const Shape4& shape, std::span<const fs::path> folders) {
    std::optional<FileError> problem;
    for (const fs::path& folder : folders) {
        const fs::path path = file_of(sha256, folder);
        std::error_code error;
        if (folder.empty() || !fs::is_regular_file(path, error)) continue;
        try {
            return read_blob(sha256, shape, path);
        } catch (const FileError& damaged) {
            if (!problem) problem = damaged;  // another folder may have it whole
        }
    }
    if (problem) throw FileError(*problem);
    return std::nullopt;
}

}  // namespace convlens
