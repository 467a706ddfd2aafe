// A kernel that reaches far beyond the image, in as few weights as read the same.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/conv/spec.h"
#include "core/tensor/shape.h"

namespace convlens {

// Weights, row-major, whose cell (row, col) reads the endless image at (y + row*dilation - top, x + col*dilation - left).
struct ReachingKernel {
    std::int64_t rows = 1;
    std::int64_t cols = 1;
    std::vector<double> weights;
    std::int64_t top = 0;
    std::int64_t left = 0;
    std::int64_t dilation = 1;
};

// The same kernel where it reaches beyond an image of this size more than once; nothing where it does not, or where its
// folded form would have more than kMostFoldedCells cells. Every pixel of the image reads the same samples through both:
//   zeros, constant, replicate   cells that lie beyond the image for each of its pixels read what the nearest such cell
//                                does: their weights are added to that one's. At most 2 ceil(length / dilation) + 3 remain
//   reflect, symmetric, circular the endless image repeats itself, and weights a period apart are added up. The dilation
//                                becomes its greatest common divisor with the periods
// Weights of different signs are never added to each other, so that the sum of their absolute values stays, and what NaN
// touches: the negative ones of a kernel that has both stand one cell, or one period, further out.
std::optional<ReachingKernel> folded(const ReachingKernel& kernel, PadMode border, Size2 image_size);

inline constexpr std::int64_t kMostFoldedCells = std::int64_t{1} << 22;

}  // namespace convlens
