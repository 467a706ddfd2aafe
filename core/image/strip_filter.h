// A filter step in strips: a strip keeps the float32 rows that its kernel reads in a ring, so that every row is made
// once; kSumRows rows of results are summed together and finished while they are in the cache. Bands of rows run on a
// few threads.
#pragma once

#include <vector>

#include "core/aligned.h"
#include "core/engine/picture_sums.h"
#include "core/image/filter_parts.h"

namespace convlens {

// One pass of a kernel over rows. `taps` leaves weights of zero out, `dense` multiplies by them, which is quicker but
// for kernels full of zeros, and wrong only where a zero meets NaN or infinity.
struct RowPass {
    DenseKernel dense;
    TapSum taps;
    bool sparse = false;
    bool has_zeros = false;

    RowPass() = default;
    RowPass(std::span<const float> weights, std::int64_t rows, std::int64_t cols, std::vector<std::int64_t> shifts);
    void sum(const float* const* rows, std::int64_t count, bool finite, std::int64_t samples, float* const* out) const;
};

// Where a pixel of a row stands in memory: with a stride by its phase (pixel mod stride), so that the pixels which
// neighbouring results read through one weight are neighbours.
struct PixelPhases {
    std::int64_t stride = 1;
    std::int64_t length = 0;  // pixels of one phase
    std::int64_t at(std::int64_t pixel) const { return pixel % stride * length + pixel / stride; }
    std::int64_t pixels() const { return stride * length; }
};

class StripFilter {
public:
    // `parts` must outlive it.
    explicit StripFilter(const FilterParts& parts);

    // All rows of the result, but for what is left when it is stopped. Allocates nothing.
    void run(const FilterRun& run);

private:
    // What one thread works in.
    struct Scratch {
        AlignedVector<float> rows;         // the ring, slot by slot
        std::vector<std::int64_t> held;    // the picture's row in each slot
        std::vector<char> finite;          // of each slot
        std::vector<const float*> inputs;  // the rows that a block reads
        AlignedVector<float> plain;        // a row as it is read
        std::vector<float> by_phase;
        AlignedVector<float> sums;
    };
    struct Strip;

    std::int64_t share() const;
    std::int64_t band() const;
    void plan_ring();
    void make_passes();
    Scratch make_scratch() const;

    const FilterParts& parts_;
    RowPass across_;  // of a separable kernel: makes one row out of one
    RowPass down_;
    bool careful_ = false;    // NaN must not meet a weight of zero
    std::int64_t strip_ = 0;  // pixels of results in a row
    PixelPhases phases_;
    std::int64_t slot_samples_ = 0;
    std::int64_t slots_ = 0;
    std::int64_t block_ = 1;  // rows of results that are made before the next rows are read
    bool keeps_ = true;       // the ring holds all that a block reads; else rows are made anew
    std::vector<Scratch> scratch_;
};

}  // namespace convlens
