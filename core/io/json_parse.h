// The one door through which JSON comes in: cases, documents, settings, headers. Whatever the text is, it takes bounded
// time, memory and stack.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace convlens {

struct JsonLimits {
    std::int64_t bytes = std::int64_t{512} << 20;  // of the text
    int depth = 64;                                // lists and objects within one another
    std::int64_t memory = std::int64_t{1} << 30;   // bytes that the values take, as near as it can be told
};

// For what is a page long: settings, measured costs.
inline constexpr JsonLimits kSmallJson{std::int64_t{4} << 20, 16, std::int64_t{16} << 20};

// Throws FileError of `path`: no JSON (with line and column), beyond a limit (with the limit), a number that no float64
// holds, a key that an object has twice. What it quotes is short and fit to print.
nlohmann::json parse_json(std::string_view text, const std::string& path, const JsonLimits& limits = {});

// The same for a file; one that is larger than limits.bytes is not read to its end.
nlohmann::json read_json(const std::filesystem::path& path, const JsonLimits& limits = {});

}  // namespace convlens
