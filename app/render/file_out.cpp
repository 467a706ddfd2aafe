#include "app/render/file_out.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <unistd.h>

#include "core/io/error.h"

namespace convlens {

FileOut::FileOut(std::filesystem::path path) : path_(std::move(path)) {
    // Distinct for two processes and for two threads that save the same file.
    static std::atomic<unsigned> number = 0;
    beside_ = path_;
    beside_ += ".part-" + std::to_string(getpid()) + "-" + std::to_string(number++);
    errno = 0;
    if (std::filesystem::is_directory(path_)) throw FileError(path_.string(), "is a folder");
    stream_ = std::fopen(beside_.c_str(), "wb");
    if (stream_ == nullptr) fail("cannot be written");
}

FileOut::~FileOut() {
    if (stream_ != nullptr) std::fclose(stream_);
    std::error_code ignored;
    if (!beside_.empty()) std::filesystem::remove(beside_, ignored);
}

void FileOut::commit() {
    errno = 0;
    const bool flushed = std::fflush(stream_) == 0 && std::ferror(stream_) == 0;
    const bool closed = std::fclose(std::exchange(stream_, nullptr)) == 0;
    if (!flushed || !closed) fail("cannot be written");
    std::error_code problem;
    std::filesystem::rename(beside_, path_, problem);
    if (problem) throw FileError(path_.string(), problem.message());
    beside_.clear();
}

void FileOut::fail(std::string_view reason) const {
    const int system = errno;
    throw FileError(path_.string(), system != 0 ? std::strerror(system) : std::string(reason));
}

}  // namespace convlens
