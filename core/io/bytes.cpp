#include "core/io/bytes.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <system_error>
#include <thread>

#include <fmt/format.h>

#include "core/io/descriptor.h"
#include "core/io/error.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::milliseconds kPatience{1000};  // with a pipe whose other end nobody holds
constexpr std::size_t kPiece = std::size_t{1} << 20;

using Status = struct ::stat;

// The system says it in a language of its own.
Message last_error() { return verbatim(std::generic_category().message(errno)); }

[[noreturn]] void refuse_reading(const fs::path& path) {
    throw FileError(path.string(), msg("cannot be read: {reason}", "reason"_is(last_error())));
}
[[noreturn]] void refuse_writing(const fs::path& path, Message reason) {
    throw FileError(path.string(), msg("cannot be written: {reason}", "reason"_is(std::move(reason))));
}

// What a name leads to; nothing where that is not there. Another reason is left in errno, which is 0 otherwise.
std::optional<Status> found_at(const fs::path& path) {
    Status found{};
    errno = 0;
    if (::stat(path.c_str(), &found) == 0) return found;
    if (errno == ENOENT) errno = 0;
    return std::nullopt;
}

[[noreturn]] void refuse_missing(const fs::path& path) {
    std::error_code error;
    const fs::path link = fs::read_symlink(path, error);
    if (error) throw FileError(path.string(), msg("there is no such file"));
    throw FileError(path.string(), msg("is a link to {path}, which is not there", "path"_is(link.string())));
}

// ---- Reading

struct Source {
    const fs::path& path;
    Descriptor file;
    Status status;
    bool began = false;  // something has been read

    bool is_file() const { return S_ISREG(status.st_mode); }
};

// A pipe without a writer looks like one that has ended. Waits for a writer; false where none comes.
bool writer_comes(const Source& source) {
    pollfd waiting{source.file.number(), POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(kPatience.count())) != 0;
}

// Up to `most` bytes; 0 at the end.
std::size_t read_piece(Source& source, std::byte* to, std::size_t most) {
    bool asked = false;
    while (true) {
        const ssize_t count = ::read(source.file.number(), to, most);
        if (count > 0) {
            source.began = true;
            return static_cast<std::size_t>(count);
        }
        if (count == 0) {
            if (source.began || asked || !S_ISFIFO(source.status.st_mode)) return 0;
            asked = true;
            if (!writer_comes(source))
                throw FileError(source.path.string(), msg("is a pipe into which no program writes"));
        } else if (errno == EAGAIN) {  // a writer is there and has nothing yet
            pollfd waiting{source.file.number(), POLLIN, 0};
            ::poll(&waiting, 1, -1);
        } else if (errno != EINTR) {
            refuse_reading(source.path);
        }
    }
}

// Adds what follows until there are `wanted` bytes, or the source ends.
void read_until(Source& source, std::vector<std::byte>& bytes, std::size_t wanted) {
    while (bytes.size() < wanted) {
        const std::size_t have = bytes.size();
        bytes.resize(std::min(wanted, have + kPiece));
        const std::size_t count = read_piece(source, bytes.data() + have, bytes.size() - have);
        bytes.resize(have + count);
        if (count == 0) return;
    }
}

Source open_source(const fs::path& path) {
    const std::optional<Status> found = found_at(path);
    if (!found && errno != 0) refuse_reading(path);
    if (!found) refuse_missing(path);
    if (S_ISDIR(found->st_mode)) throw FileError(path.string(), msg("is a folder"));
    if (S_ISSOCK(found->st_mode)) throw FileError(path.string(), msg("is a socket, which is not read; name a file"));
    // Not blocking: to open a pipe without a writer would wait for ever.
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file) refuse_reading(path);
    return {path, std::move(file), *found};
}

// ---- Writing

void write_all(int file, std::span<const std::byte> bytes, const fs::path& path) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(file, bytes.data(), bytes.size());
        if (count >= 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(count));
        } else if (errno != EINTR) {
            refuse_writing(path, last_error());
        }
    }
}

// While it lives, a pipe whose reader goes away gives an error and does not end the program.
class NoBrokenPipe {
public:
    NoBrokenPipe() {
        sigemptyset(&signal_);
        sigaddset(&signal_, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &signal_, &before_);
    }
    ~NoBrokenPipe() {
        const timespec at_once{};
        while (sigismember(&before_, SIGPIPE) == 0 && sigtimedwait(&signal_, nullptr, &at_once) > 0) {
        }
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    NoBrokenPipe(const NoBrokenPipe&) = delete;
    NoBrokenPipe& operator=(const NoBrokenPipe&) = delete;

private:
    sigset_t signal_{}, before_{};
};

// To open a pipe blocks until it is read; so it is tried for a while.
Descriptor open_pipe(const fs::path& path) {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (true) {
        Descriptor pipe(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK));
        if (pipe) {
            ::fcntl(pipe.number(), F_SETFL, O_WRONLY);  // from here on it waits for its reader
            return pipe;
        }
        if (errno != ENXIO) refuse_writing(path, last_error());
        if (std::chrono::steady_clock::now() > until) refuse_writing(path, msg("it is a pipe which no program reads"));
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

// Devices and pipes.
void write_stream(const fs::path& path, const Status& found, std::span<const std::byte> bytes) {
    if (S_ISDIR(found.st_mode)) refuse_writing(path, msg("it is a folder"));
    if (S_ISSOCK(found.st_mode)) refuse_writing(path, msg("it is a socket; name a file"));
    if (S_ISBLK(found.st_mode)) refuse_writing(path, msg("it is a disk; name a file"));
    const NoBrokenPipe guard;
    Descriptor stream =
        S_ISFIFO(found.st_mode) ? open_pipe(path) : Descriptor(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
    if (!stream) refuse_writing(path, last_error());
    write_all(stream.number(), bytes, path);
    if (!stream.close()) refuse_writing(path, last_error());
}

fs::path folder_of(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

// Where links lead, be it there or not.
fs::path behind_links(fs::path path) {
    constexpr int kMostLinks = 40;  // as Linux has it; circles are found before
    for (int links = 0; links < kMostLinks; ++links) {
        std::error_code error;
        const fs::path next = fs::read_symlink(path, error);
        if (error) break;
        path = path.parent_path() / next;  // which is `next` where that is absolute
    }
    return path;
}

// The names that the system gives to what this program has open: "/dev/stdout" leads to /proc/self/fd/1.
std::optional<int> own_descriptor(fs::path path) {
    const fs::path own = fs::path("/proc") / std::to_string(::getpid()) / "fd";
    std::error_code error;
    while (true) {
        const fs::path folder = fs::canonical(folder_of(path), error);
        if (folder == own) return std::atoi(path.filename().c_str());
        const fs::path next = fs::read_symlink(path, error);
        if (error) return std::nullopt;
        path = folder / next;
    }
}

void write_to_own(const fs::path& path, int number, std::span<const std::byte> bytes) {
    const NoBrokenPipe guard;
    Descriptor stream(::dup(number));  // which goes on where the program's own writing has come to
    if (!stream) refuse_writing(path, last_error());
    write_all(stream.number(), bytes, path);
}

// The file that takes another's place when it is whole; gone with this unless it did.
class PartFile {
public:
    PartFile(const fs::path& target, const fs::path& said) : said_(said) {
        std::random_device random;  // two programs may write the same file
        path_ = target.parent_path() / fmt::format(".convlens-{:08x}{:08x}.part", random(), random());
        constexpr mode_t kByTheUsersMask = 0666;
        file_ = Descriptor(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kByTheUsersMask));
        if (!file_) refuse_writing(said, last_error());
    }
    ~PartFile() {
        if (!path_.empty()) ::unlink(path_.c_str());
    }
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;

    int number() const { return file_.number(); }
    void bring_to_disk() const {
        if (::fsync(file_.number()) != 0) refuse_writing(said_, last_error());
    }
    void take_place_of(const fs::path& target) {
        if (!file_.close()) refuse_writing(said_, last_error());
        if (::rename(path_.c_str(), target.c_str()) != 0) refuse_writing(said_, last_error());
        path_.clear();
    }

private:
    const fs::path& said_;
    fs::path path_;
    Descriptor file_;
};

// What the file that is replaced had. Only root may give a file away, and others only to a group of theirs: where that
// is refused the file is ours, without the right to run as somebody else.
void keep_owner_and_mode(int file, const Status& old) {
    constexpr mode_t kAll = 07777, kPlain = 0777;
    const bool kept = ::fchown(file, old.st_uid, old.st_gid) == 0;
    if (!kept && ::fchown(file, static_cast<uid_t>(-1), old.st_gid) != 0) errno = 0;
    ::fchmod(file, old.st_mode & (kept ? kAll : kPlain));
}

void replace(const fs::path& path, const std::optional<Status>& old, std::span<const std::byte> bytes, bool durably) {
    const fs::path target = behind_links(path);
    std::error_code error;
    const fs::path folder = folder_of(target);
    if (!fs::is_directory(folder, error))
        refuse_writing(path, msg("there is no folder {path}", "path"_is(folder.string())));
    if (old && ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0) refuse_writing(path, last_error());
    PartFile part(target, path);
    if (old) ::fchmod(part.number(), S_IRUSR | S_IWUSR);  // nobody else's while it is not whole
    write_all(part.number(), bytes, path);
    if (old) keep_owner_and_mode(part.number(), *old);
    if (durably) part.bring_to_disk();
    part.take_place_of(target);
    if (durably) sync_to_disk(folder);
}

void write(const fs::path& path, std::span<const std::byte> bytes, bool durably) {
    const std::optional<Status> found = found_at(path);
    if (!found && errno != 0) refuse_writing(path, last_error());
    if (const auto own = found ? own_descriptor(path) : std::nullopt) {
        write_to_own(path, *own, bytes);
    } else if (found && !S_ISREG(found->st_mode)) {
        write_stream(path, *found, bytes);
    } else {
        replace(path, found, bytes, durably);
    }
}

}  // namespace

std::vector<std::byte> read_bytes(const fs::path& path, std::int64_t most, const Glance& glance) {
    Source source = open_source(path);
    std::vector<std::byte> bytes;
    read_until(source, bytes, std::min(kBeginning, static_cast<std::size_t>(most) + 1));
    if (glance) glance(bytes);
    const std::int64_t limit = source.is_file() ? most : std::min(most, kMostStreamBytes);
    const auto refuse = [&] {
        throw FileError(path.string(), msg("is larger than {limit} bytes, the most that is read", "limit"_is(limit)));
    };
    if (source.is_file() && source.status.st_size > limit) refuse();
    // Files of the system (/proc) have no size; others may grow meanwhile.
    if (source.is_file()) bytes.reserve(static_cast<std::size_t>(source.status.st_size) + 1);
    read_until(source, bytes, static_cast<std::size_t>(limit) + 1);
    if (static_cast<std::int64_t>(bytes.size()) > limit) refuse();
    return bytes;
}

std::vector<std::byte> read_beginning(const fs::path& path) {
    Source source = open_source(path);
    std::vector<std::byte> bytes;
    if (source.is_file()) read_until(source, bytes, kBeginning);
    return bytes;
}

void write_bytes(const fs::path& path, std::span<const std::byte> bytes) { write(path, bytes, false); }

void write_bytes_durably(const fs::path& path, std::span<const std::byte> bytes) { write(path, bytes, true); }

void write_file(const std::filesystem::path& path, std::string_view text) {
    write_bytes(path, std::as_bytes(std::span(text.data(), text.size())));
}

void write_file_durably(const std::filesystem::path& path, std::string_view text) {
    write_bytes_durably(path, std::as_bytes(std::span(text.data(), text.size())));
}

void sync_to_disk(const fs::path& file_or_folder) {
    const Descriptor file(::open(file_or_folder.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) refuse_writing(file_or_folder, last_error());
    // Some systems cannot do it for a folder (EINVAL): then there is nothing to wait for.
    if (::fsync(file.number()) != 0 && errno != EINVAL) refuse_writing(file_or_folder, last_error());
}

std::optional<FileId> file_id(const fs::path& path) {
    const std::optional<Status> found = found_at(path);
    if (!found || !S_ISREG(found->st_mode)) return std::nullopt;
    return FileId{found->st_dev, found->st_ino};
}

bool same_file(const fs::path& a, const fs::path& b) {
    const std::optional<FileId> id = file_id(a);
    return id && id == file_id(b);
}

}  // namespace convlens
