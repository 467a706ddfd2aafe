// A row of sums becomes samples of the result: alpha, divisor, offset, depth.
#pragma once

#include <array>
#include <span>

#include "core/engine/filter/filter_plan.h"
#include "core/engine/filter/samples.h"
#include "core/image/image.h"

namespace convlens {

// What the samples of a step's result are: their depth, and whose scale they are on (ChainPlace).
struct ResultKind {
    Depth depth = Depth::u8;
    Depth scale = Depth::u8;
};
ResultKind result_kind(Depth depth, const FilterOptions& options);

class RowResult {
public:
    // For images of `depth` filtered by `plan`.
    RowResult(const FilterPlan& plan, Depth depth, const FilterOptions& options);

    // Nothing is left to do to a sum that is written as float32 where it belongs.
    bool is_plain() const { return plain_; }
    // Nothing is left but to clamp and round it.
    bool only_rounds() const { return scale_.changes_nothing(); }

    // Without alpha: the samples [first, first + sums.size()) of row y. `past_cache`: by put_past_cache(), which
    // float32 can.
    void write(std::span<const float> sums, Image& result, std::int64_t y, std::int64_t first,
               bool past_cache = false) const;
    // With alpha: the pixels of row y from pixel `first` on. `covers`: of each pixel the sum of |weight| * alpha, for
    // AlphaRule::kept; where it is empty no two weights have different signs, and alpha's own sums are of that size.
    void write_with_alpha(std::span<float> sums, std::span<const float> covers, const Image& image, AlphaRule alpha,
                          Image& result, std::int64_t y, std::int64_t first) const;

private:
    // The image's pixel in a result's own place.
    struct Own {
        std::array<float, 3> colours{};
        float alpha = 0;  // as it is stored
        float share = 0;  // as it counts, in unit_
    };
    Own own_pixel(const Image& image, std::int64_t x, std::int64_t y) const;
    void keep(std::span<float> pixel, float cover, const Own& own) const;
    void divide(std::span<float> pixel) const;
    void keep_alpha(const Image& image, Image& result, std::int64_t y, std::int64_t first, std::int64_t pixels) const;

    SampleScale scale_;
    std::int64_t stride_ = 1;
    float weight_sum_ = 0;   // before the divisor
    float weight_size_ = 0;  // of the weights' absolute values
    float unit_ = 1;         // of alpha in sums
    bool mixes_signs_ = false;
    bool multiplied_ = false;  // colours in the image are multiplied by alpha
    bool multiplies_ = false;  // colours in the result are
    bool plain_ = false;
};

}  // namespace convlens
