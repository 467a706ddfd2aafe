// Bytes of a file's head that are asked for by place: numbers with their greatest byte first, and marks in ASCII.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace convlens {

// The number in the `length` (1 to 4) bytes from `at`; nothing where they run beyond the end.
inline std::optional<std::uint32_t> number_at(std::span<const std::byte> bytes, std::size_t at, std::size_t length) {
    if (at > bytes.size() || length > bytes.size() - at) return std::nullopt;
    std::uint32_t value = 0;
    for (const std::byte byte : bytes.subspan(at, length)) value = value << 8 | std::to_integer<std::uint32_t>(byte);
    return value;
}

inline bool starts_with(std::span<const std::byte> bytes, std::string_view text) {
    return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()).starts_with(text);
}

}  // namespace convlens
