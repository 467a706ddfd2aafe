// Axes of an array that are picked cell by cell, x[:, :, [2, 1, 0, 1]], as a border around it. Internal to core/import.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/import/trace.h"
#include "core/tensor/tensor.h"

namespace convlens::pasted {

// One axis, H or W, and the positions that are taken of it.
struct Picks {
    char letter = 'H';
    std::vector<std::int64_t> cells;
};

// The border around planes of a size that the picks are the same as; nothing where they are none.
std::optional<Border> border_of_picks(const std::vector<Picks>& picks, Size2 plane);

}  // namespace convlens::pasted
