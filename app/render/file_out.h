// A file that appears whole or not at all: written beside its place, then renamed onto it.
#pragma once

#include <cstdio>
#include <filesystem>
#include <string_view>

namespace convlens {

// All members throw FileError. What is not committed leaves no trace, and what was there before stays.
class FileOut {
public:
    explicit FileOut(std::filesystem::path path);
    ~FileOut();
    FileOut(const FileOut&) = delete;
    FileOut& operator=(const FileOut&) = delete;

    std::FILE* stream() { return stream_; }
    void commit();
    // Throws with the system's reason if it has one, else with this.
    [[noreturn]] void fail(std::string_view reason) const;

private:
    std::filesystem::path path_;
    std::filesystem::path beside_;
    std::FILE* stream_ = nullptr;
};

}  // namespace convlens
