// What the methods to compute a filter step (strips of rows, running sums, Fourier tiles) have in common. Internal to
// core/image.
#pragma once

#include <stop_token>

#include "core/engine/filter/filter_plan.h"
#include "core/engine/filter/row_result.h"
#include "core/engine/filter/row_source.h"

namespace convlens {

struct FilterRun;

// Made once, for images like `like`.
struct FilterParts {
    FilterParts(const FilterStep& step, const Image& like, const FilterOptions& the_options);

    // For the sums of |weight| * alpha that AlphaRule::kept divides by where weights have different signs.
    bool needs_covers() const { return has_alpha && !filters_alpha() && plan.mixes_signs(); }
    FilterParts covers() const;

    FilterOptions options;
    FilterPlan plan;
    RowSource source;
    RowResult finish;
    std::int64_t channels = 1;
    bool has_alpha = false;
    bool in_place = true;  // rows may be read where they lie; not those of covers()
    Size2 image_size;      // rows, columns
    Depth depth{};
    Depth result_depth{};
    bool past_cache = false;  // the result is too large to stay in the cache
    int threads = 1;

    // Sums are the result's own samples, and may be summed up where they belong.
    bool is_straight() const { return is_straight(finish); }
    bool is_straight(const RowResult& last) const { return last.is_plain() && !has_alpha && !past_cache; }
    // Else: the pixels of row y of the result from pixel `first` on, from their sums, which are lost. `past`: past the
    // cache where past_cache says so; finish_past_cache() is the caller's.
    // `covers`: of each pixel, where needs_covers() and alpha is kept.
    void write(std::span<float> sums, const FilterRun& run, std::int64_t y, std::int64_t first, bool past,
               std::span<const float> covers = {}) const;

    // What white becomes, over white.
    double gain() const { return white(result_kind(depth, options).scale) / white(scale_of(depth, options)); }

    // The largest |sample| of an image of float32, or what stands outside it; infinity where one is not finite.
    float peak(const Image& image) const;

    // Alpha is filtered, which only StripFilter does.
    bool filters_alpha() const { return has_alpha && options.filter_alpha && !plan.zero_sum; }

    // Pixels that a row of `results` reads.
    std::int64_t pixels_read(std::int64_t results) const { return (results - 1) * plan.stride + plan.effective_cols(); }
};

// One image being filtered.
struct FilterRun {
    const Image& image;
    AlphaRule alpha;
    Image& result;
    const std::stop_token& stop;
};

}  // namespace convlens
