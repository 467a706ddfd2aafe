// PNG's filters of rows (PNG, third edition, 9): each byte as its difference from its neighbours, which packs better.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace convlens {

// Filters a row by that one of Sub, Up and Paeth whose differences are the smallest: a usual guess of what packs best.
// `above`: the row above, zeros above the first; `pixel`: the bytes of a pixel, 1 to 8. `out` gets the filter's number
// and the bytes, one more than the row has; `scratch` has room for as many. None of them may overlap.
void filter_png_row(std::span<const std::uint8_t> row, std::span<const std::uint8_t> above, std::size_t pixel,
                    std::span<std::uint8_t> out, std::span<std::uint8_t> scratch);

}  // namespace convlens
