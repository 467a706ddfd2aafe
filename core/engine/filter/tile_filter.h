// A filter step through the Fourier transform, for large kernels: pairs of tiles on a few threads. See fft.h.
//
// Where alpha is kept, colours are divided by a mean of alpha, which magnifies the transform's errors where little under
// the kernel is visible. There the pixel's sums are added up one product after the other; where nothing at all is, which
// is counted, they are 0.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/aligned.h"
#include "core/engine/filter/fft.h"
#include "core/engine/filter/filter_parts.h"

namespace convlens {

class TileFilter {
public:
    // Whether the method can be used at all: no stride, a kernel that fits a tile, and no colour that is divided by a sum of
    // alpha, of which a rounding error could be all.
    static bool can(const FilterParts& parts);
    // Whether it is quicker than sums, by what both cost (FilterOptions::costs).
    static bool pays(const FilterParts& parts);

    // `parts` must outlive it. Precondition: can(parts).
    explicit TileFilter(const FilterParts& parts);

    // Whether no sample of the image is so large, infinite or NaN that it would show where it is not read.
    bool takes(const FilterRun& run) const;

    // Every sample of the result, but for what is left when it is stopped. Allocates nothing. Precondition:
    // takes(run).
    void run(const FilterRun& run);

private:
    // What one thread works in.
    struct Scratch {
        FftScratch transform;
        AlignedVector<float> pixels;  // a row
        AlignedVector<float> planes;  // of kFftTile elements, planes_ of them for each of two tiles; read, then results
        // For alpha that is kept:
        std::vector<std::int32_t> visible;  // of two tiles: see count_visible()
        std::vector<float> covers;          // of a row of results, the sums of |weight| * alpha
        std::vector<float> window;          // a row that one result reads
    };
    struct Tile {
        std::int64_t y = 0, x = 0;  // of its first result
        std::int64_t rows = 0, cols = 0;
    };

    Tile tile(std::int64_t index) const;
    bool makes_whole(const FilterRun& run) const { return whole_sums_ && run.alpha == AlphaRule::none; }
    void read_tile(const FilterRun& run, const Tile& tile, Scratch& own, float* planes) const;
    void write_tile(const FilterRun& run, const Tile& tile, const std::int32_t* visible, Scratch& own,
                    float* planes) const;
    void filter_pair(const FilterRun& run, std::int64_t pair, Scratch& own) const;
    double largest_sample(const FilterRun& run) const;
    double weight_size() const;
    // For alpha that is kept:
    void count_visible(const Tile& tile, const float* alpha, std::int32_t* visible) const;
    bool sees_nothing(const std::int32_t* visible, std::int64_t row, std::int64_t col) const;
    void make_covers(const FilterRun& run, const Tile& tile, std::int64_t row, const float* planes,
                     const std::int32_t* visible, Scratch& own, std::span<float> sums) const;
    float add_up(const FilterRun& run, std::int64_t y, std::int64_t x, Scratch& own, std::span<float> pixel) const;

    const FilterParts& parts_;
    FftKernel kernel_;
    std::optional<FftKernel> covers_;  // of the weights' absolute values, where FilterParts::needs_covers()
    std::int64_t planes_ = 1;          // of a tile: its channels, and what covers_ makes of alpha
    double least_cover_ = 0;           // of the present run: smaller sums of |weight| * alpha are added up
    std::int64_t tiles_across_ = 0;
    std::int64_t tiles_ = 0;
    bool whole_sums_ = false;  // whole weights, whole samples: sums are whole numbers, but for what alpha does
    std::vector<Scratch> scratch_;
};

}  // namespace convlens
