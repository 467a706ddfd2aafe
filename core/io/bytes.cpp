#include "core/io/bytes.h"

#include <cerrno>
#include <fstream>
#include <random>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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

[[noreturn]] void refuse_write(const fs::path& path, const std::string& reason) {
    throw FileError(path.string(), "cannot be written: " + reason);
}

// An open file, closed at the end of the scope.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const { return number_; }

private:
    int number_;
};

bool write_all(int file, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return true;
}

// A new file with these bytes, on the disk. False, with errno set, leaves no file behind.
bool make_durable_file(const fs::path& path, std::span<const std::byte> bytes, mode_t mode) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (file.number() < 0) return false;
    if (write_all(file.number(), bytes) && ::fsync(file.number()) == 0) return true;
    const int reason = errno;
    ::unlink(path.c_str());
    errno = reason;
    return false;
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

void write_bytes_durably(const fs::path& path, std::span<const std::byte> bytes) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (fs::exists(status) && !fs::is_regular_file(status)) return write_bytes(path, bytes);
    const fs::path resolved = fs::weakly_canonical(path, error);
    const fs::path target = error ? path : resolved;
    const fs::path beside = name_beside(target);
    if (!make_durable_file(beside, bytes, 0666)) refuse_write(path, last_error());
    if (fs::exists(status)) ::chmod(beside.c_str(), static_cast<mode_t>(status.permissions() & fs::perms::mask));
    fs::rename(beside, target, error);
    if (error) {
        const std::string reason = error.message();
        fs::remove(beside, error);
        refuse_write(path, reason);
    }
    const fs::path folder = target.parent_path();
    sync_to_disk(folder.empty() ? "." : folder);
}

void sync_to_disk(const fs::path& file_or_folder) {
    const Descriptor file(::open(file_or_folder.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.number() < 0) refuse_write(file_or_folder, last_error());
    // Some systems cannot do it for a folder (EINVAL): then there is nothing to wait for.
    if (::fsync(file.number()) != 0 && errno != EINVAL) refuse_write(file_or_folder, last_error());
}

}  // namespace convlens
