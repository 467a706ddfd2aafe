#include "app/session/file_lock.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <string>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace convlens {

namespace {

// On a file system that is read-only the file may be there all the same, and a lock needs no more.
int open_lock_file(const std::filesystem::path& file) {
    const int opened = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW, 0600);
    if (opened >= 0) return opened;
    return ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
}

// Tries once. EINTR: a signal came; the next try tells.
FileLock::State try_lock(int file, FileLock::Kind kind) {
    const int how = kind == FileLock::Kind::shared ? LOCK_SH : LOCK_EX;
    if (::flock(file, how | LOCK_NB) == 0) return FileLock::State::held;
    return errno == EWOULDBLOCK || errno == EINTR ? FileLock::State::elsewhere : FileLock::State::impossible;
}

}  // namespace

FileLock::FileLock(const std::filesystem::path& file, Kind kind, std::chrono::milliseconds patience)
    : file_(open_lock_file(file)), state_(State::impossible) {
    if (file_ < 0) return;
    constexpr std::chrono::milliseconds kPause(2);
    const auto end = std::chrono::steady_clock::now() + patience;
    while ((state_ = try_lock(file_, kind)) == State::elsewhere && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(kPause);
    if (state_ != State::held) ::close(std::exchange(file_, -1));
}

FileLock::~FileLock() { drop(); }

FileLock::FileLock(FileLock&& other) noexcept
    : file_(std::exchange(other.file_, -1)), state_(std::exchange(other.state_, State::none)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
    if (this == &other) return *this;
    drop();
    file_ = std::exchange(other.file_, -1);
    state_ = std::exchange(other.state_, State::none);
    return *this;
}

int FileLock::number() const {
    std::array<char, 16> text{};
    const ssize_t length = ::pread(file_, text.data(), text.size(), 0);
    int number = 0;
    if (length > 0) std::from_chars(text.data(), text.data() + length, number);
    return number;
}

void FileLock::set_number(int number) const {
    const std::string text = std::to_string(number);
    if (::ftruncate(file_, 0) != 0) return;
    [[maybe_unused]] const ssize_t written = ::pwrite(file_, text.data(), text.size(), 0);
}

void FileLock::drop() {
    if (file_ >= 0) ::close(std::exchange(file_, -1));
    state_ = State::none;
}

}  // namespace convlens
