// The two passes of a kernel that is a column times a row, many samples at a time, with the instructions that the machine
// has (simd_targets.h): down the columns for a few rows together, then across them.
//
// What the first pass leaves is read by the second from any place on. A vector that crosses a line of the cache costs
// two, so the rows between the passes are kept twice, shifted by half a line: one of the two never crosses.
//
// Example: lines of 16 elements, vectors of 8, a weight that reads 3 elements to the right. The vector of results 0 to 7
// reads elements 3 to 10, that of results 8 to 15 elements 11 to 18, which lie in two lines of the first copy and in one
// of the second (| is where a line begins):
//
//   first copy    |0 .. [3 .. 10] .. 15|16 ..             read for results 0 to 7
//   second copy   0 .. 7|8 .. [11 .. 18] .. 23|24 ..      read for results 8 to 15
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/aligned.h"
#include "core/engine/filter/sums.h"

namespace convlens {

// Rows of float32 between the passes.
class TwinRows {
public:
    TwinRows() = default;
    TwinRows(std::int64_t rows, std::int64_t samples);
    float* row(std::int64_t r) { return elements_.data() + r * pitch_; }
    std::int64_t twin() const { return pitch_ / 2; }  // from an element to where it stands once more

private:
    AlignedVector<float> elements_;
    std::int64_t pitch_ = 0;
};

// Whether down_sums() takes a column of so many weights; dense_sums() takes all.
inline constexpr bool is_down_column(std::int64_t rows) { return rows >= kSumRows && rows <= 64; }

// A column of weights as down_sums() reads it.
struct DownColumn {
    std::int64_t rows = 0;
    std::vector<float> weights;  // weights_by_row_read()
};
// Precondition: is_down_column(weights.size()).
DownColumn down_column(std::span<const float> weights);

// out[r][i] = sum over u of the column's weight u * rows[r + u][i] for kSumRows rows r, i in [0, samples), and the same
// at out[r][i + twin]. Precondition: samples at least 16; the list of rows goes on with the kSumRows that the next block
// will need if `ahead`.
struct DownBlock {
    std::int64_t samples = 0;
    std::int64_t twin = 0;
    bool ahead = false;
};
void down_sums(const DownColumn& column, const std::uint8_t* const* rows, const DownBlock& block, float* const* out);
void down_sums(const DownColumn& column, const std::uint16_t* const* rows, const DownBlock& block, float* const* out);
void down_sums(const DownColumn& column, const float* const* rows, const DownBlock& block, float* const* out);

// A row of weights; weight v meets the element `shifts[v]` to the right of the result's own place.
struct AcrossRow {
    std::vector<float> weights;
    std::vector<std::int64_t> shifts;
};
// out[i] = sum over v of weight[v] * row[i + shifts[v]] for i in [0, samples), or added to what is there. Precondition:
// `row` is a row of TwinRows.
struct AcrossBlock {
    std::int64_t samples = 0;
    std::int64_t twin = 0;
    bool add = false;
};
void across_sums(const AcrossRow& weights, const float* row, const AcrossBlock& block, float* out);
// The same as bytes, clamped and rounded as to_sample() does. Precondition: at most kAcrossAtOnce weights, and nothing to
// add to.
inline constexpr std::int64_t kAcrossAtOnce = 64;
void across_sums(const AcrossRow& weights, const float* row, const AcrossBlock& block, std::uint8_t* out);

}  // namespace convlens
