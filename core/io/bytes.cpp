#include "core/io/bytes.h"

#include <cerrno>
#include <fstream>
#include <random>
#include <system_error>

#include <fmt/format.h>

#include "core/io/error.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

std::string last_error() { return std::generic_category().message(errno); }

// Where the bytes go first; random, since two programs may write the same file.
fs::path name_beside(const fs::path& path) {
    std::random_device random;
    return path.parent_path() / fmt::format(".{}.{:08x}.part", path.filename().string(), random());
}

}  // namespace

std::vector<std::byte> read_bytes(const fs::path& path, std::int64_t most) {
    std::error_code error;
    if (fs::is_directory(path, error)) throw FileError(path.string(), "is a folder");
    if (!fs::exists(path, error)) throw FileError(path.string(), "there is no such file");
    std::ifstream stream(path, std::ios::binary);
    if (!stream) throw FileError(path.string(), "cannot be read: " + last_error());
    // In pieces and not by the file's size, which a pipe does not have.
    std::vector<std::byte> bytes;
    while (stream) {
        constexpr std::size_t kPiece = std::size_t{1} << 20;
        const std::size_t have = bytes.size();
        bytes.resize(have + kPiece);
        stream.read(reinterpret_cast<char*>(bytes.data() + have), kPiece);
        bytes.resize(have + static_cast<std::size_t>(stream.gcount()));
        if (static_cast<std::int64_t>(bytes.size()) > most)
            throw FileError(path.string(), fmt::format("is larger than {} bytes, the most that is read", most));
    }
    if (stream.bad()) throw FileError(path.string(), "cannot be read: " + last_error());
    return bytes;
}

void write_bytes(const fs::path& path, std::span<const std::byte> bytes) {
    std::error_code error;
    if (fs::is_directory(path, error)) throw FileError(path.string(), "cannot be written: it is a folder");
    const fs::path resolved = fs::weakly_canonical(path, error);
    const fs::path target = error ? path : resolved;
    const fs::path beside = name_beside(target);
    std::ofstream stream(beside, std::ios::binary);
    if (!stream) throw FileError(path.string(), "cannot be written: " + last_error());
    stream.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    stream.close();
    if (!stream) {
        const std::string reason = last_error();
        fs::remove(beside, error);
        throw FileError(path.string(), "cannot be written: " + reason);
    }
    fs::rename(beside, target, error);
    if (error) {
        const std::string reason = error.message();
        fs::remove(beside, error);
        throw FileError(path.string(), "cannot be written: " + reason);
    }
}

}  // namespace convlens
