// Whether values are the same, for deciding whether something changed.
#pragma once

#include <bit>
#include <cstdint>

namespace convlens {

// Bit by bit: NaN is the same as itself, so that it never looks like a change, and 0 is not -0.
constexpr bool same_bits(double a, double b) {
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

}  // namespace convlens
