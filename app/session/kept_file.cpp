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

Message not_opened(const std::error_code& code) {
    return msg("it cannot be opened: {reason}", "reason"_is(code.message()));
}

Message kind_of(fs::file_type type) {
    switch (type) {
        case fs::file_type::directory: return msg("it is a folder");
        case fs::file_type::fifo: return msg("it is a pipe");
        case fs::file_type::socket: return msg("it is a socket");
        default: return msg("it is a device");
    }
}

}  // namespace

KeptText read_kept_text(const fs::path& path) {
    constexpr std::uintmax_t kMost = std::uintmax_t{4} << 20;
    std::error_code code;
    const fs::file_status status = fs::status(path, code);
    if (status.type() == fs::file_type::not_found) return {};
    if (status.type() == fs::file_type::none) return {{}, not_opened(code)};
    if (status.type() != fs::file_type::regular) return {{}, kind_of(status.type())};
    const std::uintmax_t size = fs::file_size(path, code);
    if (code) return {{}, not_opened(code)};
    if (size > kMost) return {{}, msg("it is larger than {limit} bytes", "limit"_is(kMost))};
    std::ifstream file(path, std::ios::binary);
    if (!file) return {{}, not_opened({errno, std::generic_category()})};
    KeptText read;
    read.text.resize(static_cast<std::size_t>(size));
    file.read(read.text.data(), static_cast<std::streamsize>(size));
    read.text.resize(static_cast<std::size_t>(file.gcount()));
    if (file.bad())
        return {{}, msg("it cannot be read: {reason}", "reason"_is(std::generic_category().message(errno)))};
    return read;
}

fs::path set_aside(const fs::path& path) {
    std::error_code code;
    fs::path name = free_name(path);
    fs::rename(path, name, code);
    return code ? fs::path() : name;
}

Message set_aside_words(const Message& fact, const fs::path& path, Key instead) {
    const fs::path kept = set_aside(path);
    const auto said = "fact"_is(fact);
    if (kept.empty())
        return msg("{fact} The file could not be renamed; changes are not kept until it is removed.", said);
    return msg("{fact} The file is kept as {file}, and {instead}.", said, "file"_is(kept.string()),
               "instead"_is(instead));
}

fs::path copy_aside(const fs::path& path) {
    std::error_code code;
    fs::path name = free_name(path);
    fs::copy_file(path, name, code);
    return code ? fs::path() : name;
}

}  // namespace convlens
