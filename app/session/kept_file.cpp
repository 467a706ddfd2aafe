#include "app/session/kept_file.h"

#include <cerrno>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

namespace convlens {

namespace fs = std::filesystem;

namespace {

// Links are looked at and not through: a link to nowhere has a name, too.
bool is_taken(const fs::path& path) {
    std::error_code code;
    return fs::symlink_status(path, code).type() != fs::file_type::not_found;
}

fs::path free_name(const fs::path& path) {
    for (int i = 1;; ++i) {
        const std::string number = i == 1 ? "" : fmt::format("-{}", i);
        fs::path name = path.parent_path() /
                        fmt::format("{}-unreadable{}{}", path.stem().string(), number, path.extension().string());
        if (!is_taken(name)) return name;
    }
}

std::string kind_of(fs::file_type type) {
    switch (type) {
        case fs::file_type::directory: return "it is a folder";
        case fs::file_type::fifo: return "it is a pipe";
        case fs::file_type::socket: return "it is a socket";
        default: return "it is a device";
    }
}

}  // namespace

KeptText read_kept_text(const fs::path& path) {
    constexpr std::uintmax_t kMost = std::uintmax_t{4} << 20;
    std::error_code code;
    const fs::file_status status = fs::status(path, code);
    if (status.type() == fs::file_type::not_found) return {};
    if (status.type() == fs::file_type::none) return {{}, "it cannot be opened: " + code.message()};
    if (status.type() != fs::file_type::regular) return {{}, kind_of(status.type())};
    const std::uintmax_t size = fs::file_size(path, code);
    if (code) return {{}, "it cannot be opened: " + code.message()};
    if (size > kMost) return {{}, fmt::format("it is larger than {} bytes", kMost)};
    std::ifstream file(path, std::ios::binary);
    if (!file) return {{}, "it cannot be opened: " + std::generic_category().message(errno)};
    KeptText read;
    read.text.resize(static_cast<std::size_t>(size));
    file.read(read.text.data(), static_cast<std::streamsize>(size));
    read.text.resize(static_cast<std::size_t>(file.gcount()));
    if (file.bad()) return {{}, "it cannot be read: " + std::generic_category().message(errno)};
    return read;
}

fs::path set_aside(const fs::path& path) {
    std::error_code code;
    fs::path name = free_name(path);
    fs::rename(path, name, code);
    return code ? fs::path() : name;
}

std::string set_aside_words(const std::string& fact, const fs::path& path, std::string_view instead) {
    const fs::path kept = set_aside(path);
    if (kept.empty()) return fact + " The file could not be renamed; changes are not kept until it is removed.";
    return fmt::format("{} The file is kept as {}, and {}.", fact, kept.string(), instead);
}

fs::path copy_aside(const fs::path& path) {
    std::error_code code;
    fs::path name = free_name(path);
    fs::copy_file(path, name, code);
    return code ? fs::path() : name;
}

}  // namespace convlens
