// NumPy's array files (.npy), versions 1, 2 and 3: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
//
// Read: f4 f8, i1 i2 i4 i8, u1 u2 u4 u8, b1; either byte order; C or Fortran order. Written: f8, f4 or i2,
// little-endian, C order, version 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/tensor/tensor.h"

namespace convlens {

struct NpyArray {
    std::vector<std::int64_t> shape;  // as in the file; empty for a single element
    AlignedVector<double> data;       // in C order, whatever the file's; 64-bit integers beyond 2^53 are rounded
    std::string type;                 // as in the file: "<f4"

    friend bool operator==(const NpyArray&, const NpyArray&) = default;
};

enum class NpyType { f8, f4, i2 };

// A file as it lies in memory: what its header says, and the elements' bytes, as many as the shape and the type need.
struct NpyView {
    std::vector<std::int64_t> shape;
    std::string type;            // as in the file: "<f4"
    std::size_t bytes_each = 0;  // of one element
    bool big_endian = false;
    bool fortran_order = false;  // the first index runs fastest
    std::span<const std::byte> data;
};
NpyView view_npy(std::span<const std::byte> bytes, const std::string& path);

// These throw FileError, with the numbers that do not fit: no NPY file, truncated, an unknown type, a size that differs
// from shape times bytes. `path` only names the file in messages.
NpyArray parse_npy(std::span<const std::byte> bytes, const std::string& path);
NpyArray to_array(const NpyView& view);
NpyArray read_npy(const std::filesystem::path& path);

// The file's bytes. Precondition: `data` holds as many numbers as `shape` says; for i2 they are whole, -32768 to 32767.
std::vector<std::byte> npy_bytes(std::span<const std::int64_t> shape, std::span<const double> data,
                                 NpyType type = NpyType::f8);
// The header, all bytes before the elements; `type` is NumPy's: "<f8".
std::vector<std::byte> npy_header(std::span<const std::int64_t> shape, std::string_view type);
// Written beside its place, then renamed. Throws FileError.
void write_npy(const std::filesystem::path& path, std::span<const std::int64_t> shape, std::span<const double> data,
               NpyType type = NpyType::f8);
void write_npy(const std::filesystem::path& path, const Tensor<double>& tensor, NpyType type = NpyType::f8);

// The array as [N, C, H, W], with leading ones. Throws FileError where it has more than four axes.
Tensor<double> to_tensor(NpyArray array, const std::string& path);

}  // namespace convlens
