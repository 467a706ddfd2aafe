// The cells of one window along one axis.
#pragma once

#include <algorithm>
#include <cstdint>

namespace convlens {

// Window positions from `begin` up to and without `end`, within 0..kernel.
struct WindowCells {
    std::int64_t begin = 0;
    std::int64_t end = 0;

    constexpr std::int64_t count() const { return end - begin; }
};

// The positions k of a window whose cells first + k * dilation lie in [low, high). Precondition: kernel, dilation >= 1.
constexpr WindowCells cells_within(std::int64_t first, std::int64_t dilation, std::int64_t kernel, std::int64_t low,
                                   std::int64_t high) {
    // Positions before the first cell that is at `bound` or beyond it.
    const auto before = [&](std::int64_t bound) {
        return bound <= first ? 0 : std::min((bound - first + dilation - 1) / dilation, kernel);
    };
    const std::int64_t begin = before(low);
    return {begin, std::max(before(high), begin)};
}

}  // namespace convlens
