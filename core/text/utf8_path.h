// File names are UTF-8 in documents, settings and on screen, whatever the system's own encoding is.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace convlens {

inline std::filesystem::path from_utf8(std::string_view text) {
    return {std::u8string(reinterpret_cast<const char8_t*>(text.data()), text.size())};
}

inline std::string to_utf8(const std::filesystem::path& path) {
    const std::u8string text = path.u8string();
    return {reinterpret_cast<const char*>(text.data()), text.size()};
}

// The last part of a path, both in UTF-8.
inline std::string name_of(std::string_view path) { return to_utf8(from_utf8(path).filename()); }

}  // namespace convlens
