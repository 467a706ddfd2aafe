// The inner loops of filters on images: weighted sums along rows of float32, many samples at a time, with the
// instructions that the machine has (simd_targets.h).
//
// Products are added kernel column by kernel column within a row, row by row; those of a kernel of 3, 5 or 7 rows and
// few columns row by row within a column. Sums of many weights are added in groups of up to 128, and the groups after
// that, so that the rounding of float32 stays near that of one group.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace convlens {

// Rows of results that dense_sums makes together; they share what they read.
inline constexpr std::int64_t kSumRows = 4;

// The weights of a column for kSumRows rows of results: [row that is read][kSumRows - 1 - row of results], 0 where the two
// do not meet. Read from one place a weight would be kept for the next row of results, in a register that the sums need.
// Of the column a, b, c, whose four rows of results read six rows:
//
//   row read   0        1        2        3        4        5
//   weights    0 0 0 a  0 0 a b  0 a b c  a b c 0  b c 0 0  c 0 0 0    for the rows of results 3, 2, 1, 0
std::vector<float> weights_by_row_read(std::span<const float> column);

// A full kernel of rows x cols weights. Column v reads `shifts[v]` samples to the right of the result's own place.
struct DenseKernel {
    std::int64_t rows = 1;
    std::int64_t cols = 1;
    std::int64_t group_rows = 1;       // whose products are added in one go
    std::vector<float> weights;        // [col][row]
    std::vector<std::int64_t> shifts;  // cols of them
    // Of a kernel that is added up column by column, else none: [col], each as weights_by_row_read() has them.
    std::vector<float> by_column;
};
DenseKernel dense_kernel(std::span<const float> weights_by_row, std::int64_t rows, std::int64_t cols,
                         std::vector<std::int64_t> shifts);

// `count` rows of results, 1 or kSumRows, of `samples` samples each. `ahead`: the list of rows that are read goes on with
// the kSumRows rows that the next block will need, which are prefetched into the cache meanwhile.
struct RowBlock {
    std::int64_t count = 1;
    std::int64_t samples = 0;
    bool ahead = false;
};

// out[r][i] = sum over u, v of weight[u][v] * rows[r + u][i + shifts[v]], for r in [0, count), i in [0, samples).
// Precondition: rows has count + kernel.rows - 1 pointers, each to as many elements as samples and the largest shift come
// to; out does not overlap them.
void dense_sums(const DenseKernel& kernel, const std::uint8_t* const* rows, const RowBlock& block, float* const* out);
void dense_sums(const DenseKernel& kernel, const std::uint16_t* const* rows, const RowBlock& block, float* const* out);
void dense_sums(const DenseKernel& kernel, const float* const* rows, const RowBlock& block, float* const* out);

// A kernel with many zeros, as the list of its other weights: row `row`, `shift` samples to the right. Summed in order,
// group by group. What a weight of zero would meet is not read, so that NaN there touches nothing.
struct RowTap {
    std::int64_t row = 0;
    std::int64_t shift = 0;
    float weight = 0;
};
struct TapSum {
    std::vector<RowTap> taps;
    std::vector<std::size_t> group_ends;
};
TapSum tap_sum(std::span<const float> weights_by_row, std::int64_t rows, std::int64_t cols,
               std::span<const std::int64_t> shifts);
void tap_sums(const TapSum& sum, const float* const* rows, std::int64_t samples, float* out);

}  // namespace convlens
