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

// The same, and the bytes and the new name are on the disk when it returns (fsync), so that a power cut leaves the file
// of before or the new one. For the user's work: it takes milliseconds, on a slow disk a tenth of a second. What is no
// plain file (a device, a pipe) is written to as write_bytes does. Throws FileError.
void write_bytes_durably(const std::filesystem::path& path, std::span<const std::byte> bytes);

// Brings to the disk what the file, or the names in the folder, hold now. Throws FileError.
void sync_to_disk(const std::filesystem::path& file_or_folder);

}  // namespace convlens
