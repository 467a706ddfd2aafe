// Sizes of a tensor and of a plane, H before W everywhere.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

namespace convlens {

// A pair of lengths, rows first. Used for kernel, stride, dilation, output padding and plane sizes.
struct Size2 {
    std::int64_t h = 0;
    std::int64_t w = 0;
    friend constexpr auto operator<=>(const Size2&, const Size2&) = default;
};

// Shape of a tensor: [N, C, H, W]. A lower-rank array has leading ones.
struct Shape4 {
    std::int64_t n = 1;
    std::int64_t c = 1;
    std::int64_t h = 1;
    std::int64_t w = 1;
    friend constexpr auto operator<=>(const Shape4&, const Shape4&) = default;

    constexpr Size2 plane() const { return {h, w}; }
};

// A cell of a 4-D tensor.
struct Cell4 {
    std::int64_t n = 0;
    std::int64_t c = 0;
    std::int64_t y = 0;
    std::int64_t x = 0;
    friend constexpr auto operator<=>(const Cell4&, const Cell4&) = default;
};

// Number of elements, or nothing when a length is negative or the product exceeds 2^63 - 1.
std::optional<std::int64_t> element_count(const Shape4& shape);

// "[1, 3, 5, 5]"
std::string to_string(const Shape4& shape);

}  // namespace convlens
