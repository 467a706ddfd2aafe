// Sums of large kernels over images through the Fourier transform, tile by tile (overlap-save): a tile of kFftSide x
// kFftSide samples gives (kFftSide - rows + 1) x (kFftSide - cols + 1) results, whatever the kernel.
//
// Example along one axis, with a side of 8 in place of 256 and 3 weights. The product of the spectra sums around the
// tile's end; the 8 - 3 + 1 = 6 results whose samples all lie in the tile are those of a direct sum, and are kept:
//
//   samples    x0 x1 x2 x3 x4 x5 x6 x7
//   result 0   w0 w1 w2                      kept
//   result 5                  w0 w1 w2       kept
//   result 6   w2                w0 w1       lost: it reads x0 in place of x8
//   result 7   w1 w2                w0       lost
//
// The next tile begins 6 samples further on, so that its result 0 is the one lost here as result 6.
//
// Two tiles are transformed as one, the second as imaginary part: the kernel is real, so the two results come out apart
// again. Computed in float64: results differ from a direct sum in float64 by some 1e-13 of the tile's norm, so that the
// method shows nowhere. Every sample of a tile touches every result of it: not for tiles that hold NaN or infinity.
#pragma once

#include <cstdint>
#include <span>

#include "core/base/aligned.h"

namespace convlens {

inline constexpr std::int64_t kFftSide = 256;
// From row to row of a tile, in elements: no power of two, so that rows fall into different lines of the cache.
inline constexpr std::int64_t kFftPitch = kFftSide + kCacheLine / sizeof(float);
inline constexpr std::int64_t kFftTile = kFftSide * kFftPitch;  // elements in memory

// Memory that one thread works in, some 1.1 MB. It may be used for any kernel.
struct FftScratch {
    static constexpr std::int64_t kMostLanes = 4;
    static constexpr std::int64_t kApart = 2 * kCacheLine / sizeof(double);  // strips fall into different lines

    // Real and imaginary parts alternate, a vector of each: in strips of as many rows as a vector has lanes, which hold
    // column by column; and some columns.
    AlignedVector<double> tile = AlignedVector<double>(2 * kFftSide * kFftSide + kFftSide * kApart);
    AlignedVector<double> columns = AlignedVector<double>(2 * kFftSide * kMostLanes);
};

// The spectrum of a kernel. Made for the instruction set of the moment.
class FftKernel {
public:
    // weight[u][v] stands `row_step * u` rows and `col_step * v` columns from the result's own place. Precondition: the
    // whole is at most kFftSide long either way.
    FftKernel(std::span<const float> weights_by_row, std::int64_t rows, std::int64_t cols, std::int64_t row_step,
              std::int64_t col_step);

    // Rows and columns of results that a tile gives.
    std::int64_t result_rows() const { return result_rows_; }
    std::int64_t result_cols() const { return result_cols_; }

    // tile[y][x] = sum over u, v of weight[u][v] * tile[y + row_step u][x + col_step v], where results are, of two tiles
    // of kFftTile elements at a time; elsewhere elements are lost. All must be finite. `b` may be null: there is one tile.
    void sums(float* a, float* b, FftScratch& scratch) const;

private:
    std::int64_t result_rows_ = 0;
    std::int64_t result_cols_ = 0;
    AlignedVector<double> spectrum_;  // strip by strip as in a tile, in the order that the transform leaves
};

}  // namespace convlens
