// A row of sums becomes samples of the result: alpha, divisor, offset, depth.
#pragma once

#include <span>

#include "core/engine/picture_samples.h"
#include "core/image/filter_plan.h"
#include "core/image/image.h"

namespace convlens {

class RowResult {
public:
    // For pictures of `depth` filtered by `plan` into pictures of `result_depth`.
    RowResult(const FilterPlan& plan, Depth depth, Depth result_depth);

    // Nothing is left to do to a sum that is written as float32 where it belongs.
    bool is_plain() const { return plain_; }
    // Nothing is left but to clamp and round it.
    bool only_rounds() const { return scale_.changes_nothing(); }

    // Without alpha: the samples [first, first + sums.size()) of row y. `past_cache`: by put_past_cache(), which
    // float32 can.
    void write(std::span<const float> sums, Image& result, std::int64_t y, std::int64_t first,
               bool past_cache = false) const;
    // With alpha: the pixels of row y from pixel `first` on.
    void write_with_alpha(std::span<float> sums, const Image& image, AlphaRule alpha, Image& result, std::int64_t y,
                          std::int64_t first) const;

private:
    void fill_transparent(std::span<float> sums, const Image& image, std::int64_t y, std::int64_t first) const;
    void divide_by_alpha(std::span<float> values, std::size_t channels) const;
    void keep_alpha(const Image& image, Image& result, std::int64_t y, std::int64_t first, std::int64_t pixels) const;

    SampleScale scale_;
    std::int64_t stride_ = 1;
    float weight_sum_ = 0;   // before the divisor
    float weight_size_ = 0;  // of the weights' absolute values
    bool plain_ = false;
};

}  // namespace convlens
