// Whole files in and out, for formats that are small enough to be held at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace convlens {

// The bytes of a file. Throws FileError: not there, a folder, unreadable, larger than `most`.
std::vector<std::byte> read_bytes(const std::filesystem::path& path, std::int64_t most = std::int64_t{1} << 32);

// Writes beside its place, then renames, so that no file is ever left half-written. A link stays a link. Throws
// FileError.
void write_bytes(const std::filesystem::path& path, std::span<const std::byte> bytes);

}  // namespace convlens
