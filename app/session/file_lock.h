// A lock between running programs, on a file of its own: flock(2). The system drops it when the process ends, however
// that happens, so that none is ever left behind. The file itself stays.
#pragma once

#include <chrono>
#include <filesystem>

namespace convlens {

class FileLock {
public:
    enum class Kind { shared, exclusive };
    // held: by this object. elsewhere: by another one, in this process or in another. impossible: the file cannot be
    // made or its file system has no locks.
    enum class State { none, held, elsewhere, impossible };

    FileLock() = default;
    // Tries until `patience` is over, at least once.
    FileLock(const std::filesystem::path& file, Kind kind, std::chrono::milliseconds patience = {});
    ~FileLock();
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&& other) noexcept;

    State state() const { return state_; }
    explicit operator bool() const { return state_ == State::held; }

    // A number that stands in the file, 0 at first; for who holds the lock. Does not throw: it is an aid only.
    int number() const;
    void set_number(int number) const;

private:
    void drop();

    int file_ = -1;
    State state_ = State::none;
};

}  // namespace convlens
