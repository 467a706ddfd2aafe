// A filter step through the Fourier transform, for large kernels: pairs of tiles on a few threads. See picture_fft.h.
#pragma once

#include <vector>

#include "core/aligned.h"
#include "core/engine/picture_fft.h"
#include "core/image/filter_parts.h"

namespace convlens {

class TileFilter {
public:
    // Whether the way is open at all: no stride, a kernel that fits a tile, and no colour that is divided by a sum of
    // alpha, of which a rounding error could be all.
    static bool can(const FilterParts& parts);
    // Whether it is quicker than sums, by what both cost (FilterOptions::costs).
    static bool pays(const FilterParts& parts);

    // `parts` must outlive it. Precondition: can(parts).
    explicit TileFilter(const FilterParts& parts);

    // Whether no sample of the picture is so large, infinite or NaN that it would show where it is not read.
    bool takes(const FilterRun& run) const;

    // Every sample of the result, but for what is left when it is stopped. Allocates nothing. Precondition:
    // takes(run).
    void run(const FilterRun& run);

private:
    // What one thread works in.
    struct Scratch {
        FftScratch transform;
        AlignedVector<float> pixels;  // a row
        AlignedVector<float> planes;  // of kFftTile numbers, one for every channel of two tiles; read, then results
    };
    struct Tile {
        std::int64_t y = 0, x = 0;  // of its first result
        std::int64_t rows = 0, cols = 0;
    };

    Tile tile(std::int64_t index) const;
    bool makes_whole(const FilterRun& run) const { return whole_sums_ && run.alpha == AlphaRule::none; }
    void read_tile(const FilterRun& run, const Tile& tile, Scratch& own, float* planes) const;
    void write_tile(const FilterRun& run, const Tile& tile, Scratch& own, float* planes) const;
    void filter_pair(const FilterRun& run, std::int64_t pair, Scratch& own) const;

    const FilterParts& parts_;
    FftKernel kernel_;
    std::int64_t tiles_across_ = 0;
    std::int64_t tiles_ = 0;
    bool whole_sums_ = false;  // whole weights, whole samples: sums are whole numbers, but for what alpha does
    std::vector<Scratch> scratch_;
};

}  // namespace convlens
