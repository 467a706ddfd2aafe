// Whole files in and out, for formats that are small enough to be held at once.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace convlens {

// The most that is read of what has no size: pipes, devices, standard input.
inline constexpr std::int64_t kMostStreamBytes = std::int64_t{1} << 30;

// A look at a file's first bytes (at most kBeginning, fewer where the file is shorter), before the rest is read. It
// throws FileError where the rest need not be read.
inline constexpr std::size_t kBeginning = 4096;
using Glance = std::function<void(std::span<const std::byte> beginning)>;

// The bytes of a file, of a pipe or of a device. Throws FileError: not there, a folder, a socket, unreadable, larger
// than `most` (a file: before anything is read; a stream: also than kMostStreamBytes), or a pipe into which no program
// writes for a second.
std::vector<std::byte> read_bytes(const std::filesystem::path& path, std::int64_t most = std::int64_t{1} << 32,
                                  const Glance& glance = {});

// The first bytes of a file, at most kBeginning; of what is no file none, since they could not be read again. Throws
// FileError.
std::vector<std::byte> read_beginning(const std::filesystem::path& path);

// The one way in which files are written.
//   new file, or a link to nothing   written beside its place, then renamed: no file is ever left half-written
//   file, or a link to one           likewise; links stay links, the file keeps its mode, and its owner where the
//                                    system allows it
//   pipe or device                   written into, and it stays what it is
//   /dev/stdout, /dev/fd/3           added to what this program has written there
// Throws FileError for folders, sockets, disks, files that must not be written, and a pipe which no program reads for a
// second.
void write_bytes(const std::filesystem::path& path, std::span<const std::byte> bytes);

// The same, and the bytes and the new name are on the disk when it returns (fsync), so that a power cut leaves the file
// of before or the new one. For the user's work: it takes milliseconds, on a slow disk a tenth of a second. What is no
// plain file (a device, a pipe) is written to as write_bytes does. Throws FileError.
void write_bytes_durably(const std::filesystem::path& path, std::span<const std::byte> bytes);

// write_bytes() for text.
void write_file(const std::filesystem::path& path, std::string_view text);
// write_bytes_durably() for text: documents and settings.
void write_file_durably(const std::filesystem::path& path, std::string_view text);

// Brings to the disk what the file, or the names in the folder, hold now. Throws FileError.
void sync_to_disk(const std::filesystem::path& file_or_folder);

// Which file a name leads to: alike for all of its names, through links of either kind too. Nothing for what is not
// there, and for what is no file.
struct FileId {
    std::uint64_t device = 0, number = 0;
    friend auto operator<=>(const FileId&, const FileId&) = default;
};
std::optional<FileId> file_id(const std::filesystem::path& path);
bool same_file(const std::filesystem::path& a, const std::filesystem::path& b);

}  // namespace convlens
