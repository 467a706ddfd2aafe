// A filter step in strips of columns, kSumRows rows of results at a time, finished while they are in the cache. Bands of
// rows run on a few threads.
//
// A large box that running sums do not take (box_filter.h) is summed row by row (box.h). Another kernel that is a
// column times a row, or a few of them, is summed down the columns first, for the pixels that the row reads, and then
// across; a full kernel in one go. Rows are read where they lie in the image, if that can be; else, at its borders, or
// with alpha, they are made as float32 in a ring, so that every one is made once.
#pragma once

#include <memory>
#include <tuple>
#include <vector>

#include "core/base/aligned.h"
#include "core/engine/filter/filter_parts.h"
#include "core/engine/filter/passes.h"
#include "core/engine/filter/sums.h"

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
    void sum(const float* const* rows, const RowBlock& block, bool finite, float* const* out) const;
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
    static constexpr std::int64_t kLineSamples = kCacheLine / sizeof(float);
    static constexpr std::int64_t kNone = INT64_MIN;  // no row
    static constexpr std::int64_t round_up(std::int64_t value, std::int64_t to) { return (value + to - 1) / to * to; }

    // Columns of results.
    struct Strip {
        std::int64_t left = 0, pixels = 0;
        bool in_place = false;  // reads columns of the image only, where they lie
    };
    // Of a box: see box.h.
    struct BoxSums {
        AlignedVector<float> rest;   // of a segment: sums of its rows from each one on
        AlignedVector<float> begun;  // of the next segment: the sum of its rows so far
        AlignedVector<float> sums;   // of the rows of a box
        std::int64_t at = -1;        // row of the segment where the last box began; -1: none was
    };
    // What one thread works in.
    struct Scratch {
        AlignedVector<float> rows;       // the ring, slot by slot
        std::vector<std::int64_t> held;  // the image's row in each slot
        std::vector<char> finite;        // of each slot
        // The rows that a block reads, in the image's type.
        std::tuple<std::vector<const std::uint8_t*>, std::vector<const std::uint16_t*>, std::vector<const float*>>
            inputs;
        AlignedVector<float> plain;     // a row as it is read
        TwinRows between;               // kSumRows rows, summed down
        AlignedVector<float> by_phase;  // one of them
        AlignedVector<float> sums;      // kSumRows rows
        BoxSums box;
        std::unique_ptr<Scratch> covers;  // of covers_
    };
    struct Block;

    std::int64_t share() const;
    std::int64_t band() const;
    bool reads_in_place() const;
    void plan_ring();
    void make_passes();
    void make_strips();
    void make_covers();
    Scratch make_scratch() const;

    const FilterParts& parts_;
    RowPass down_;
    RowPass across_;                       // of a separable kernel
    std::vector<DownColumn> quick_down_;   // of each product, where down_sums() takes its column
    std::vector<AcrossRow> quick_across_;  // of each product
    bool box_ = false;                     // summed row by row
    bool quick_ = false;                   // passes as in passes.h
    bool bytes_ = false;                   // the last of them makes samples of the result
    bool careful_ = false;                 // NaN must not meet a weight of zero
    std::int64_t strip_ = 0;               // most pixels of results in a strip
    std::vector<Strip> strips_;
    PixelPhases phases_;
    std::int64_t read_samples_ = 0;  // room for a row that a strip reads, in whole lines of the cache
    std::int64_t slots_ = 0;
    std::int64_t block_ = 1;  // rows of results that are made before the next rows are read
    bool keeps_ = true;       // the ring holds all that a block reads; else rows are made anew
    std::vector<Scratch> scratch_;
    // Where FilterParts::needs_covers(): what they are summed by, in the same strips, row by row.
    std::unique_ptr<FilterParts> covers_parts_;
    std::unique_ptr<StripFilter> covers_;
};

}  // namespace convlens
