#include "core/image/row_result.h"

#include <algorithm>
#include <cmath>

#include "core/image/sample.h"

namespace convlens {

RowResult::RowResult(const FilterPlan& plan, Depth depth, Depth result_depth)
    : scale_{plan.divisor, plan.offset, static_cast<float>(white(result_depth)), static_cast<float>(white(depth))},
      stride_(plan.stride),
      plain_(result_depth == Depth::f32 && scale_.changes_nothing()) {
    for (std::int64_t row = 0; row < plan.rows; ++row) {
        float in_row = 0;
        for (std::int64_t col = 0; col < plan.cols; ++col) {
            const float weight = plan.weights[static_cast<std::size_t>(row * plan.cols + col)];
            in_row += weight;
            weight_size_ += std::abs(weight);
        }
        weight_sum_ += in_row;
    }
}

void RowResult::write(std::span<const float> sums, Image& result, std::int64_t y, std::int64_t first,
                      bool past_cache) const {
    if (past_cache) return put_past_cache(sums, scale_, result.row<float>(y).data() + first);
    with_sample_type(result.depth(),
                     [&](auto type) { narrow(sums, scale_, result.row<decltype(type)>(y).data() + first); });
}

void RowResult::write_with_alpha(std::span<float> sums, const Image& image, AlphaRule alpha, Image& result,
                                 std::int64_t y, std::int64_t first) const {
    const std::int64_t channels = image.channels();
    if (alpha == AlphaRule::kept) fill_transparent(sums, image, y, first);
    if (alpha == AlphaRule::filtered) {
        rescale(sums, {scale_.divisor, scale_.offset, 1, 1});
        divide_by_alpha(sums, static_cast<std::size_t>(channels));
        with_sample_type(result.depth(), [&](auto type) {
            narrow(sums, {1, 0, scale_.numerator, scale_.denominator},
                   result.row<decltype(type)>(y).data() + first * channels);
        });
        return;
    }
    write(sums, result, y, first * channels);
    keep_alpha(image, result, y, first, static_cast<std::int64_t>(sums.size()) / channels);
}

// AlphaRule::kept: what the neighbours' transparency left out counts with the colour of the middle pixel.
void RowResult::fill_transparent(std::span<float> sums, const Image& image, std::int64_t y, std::int64_t first) const {
    const int channels = image.channels();
    const auto step = static_cast<std::size_t>(channels);
    std::int64_t x = first;
    for (std::size_t at = 0; at < sums.size(); at += step, ++x) {
        float* pixel = &sums[at];
        const float missing = weight_sum_ - pixel[channels - 1] / scale_.denominator;
        if (std::abs(missing) <= 1e-6F * weight_size_) continue;  // all opaque, but for rounding
        for (int c = 0; c + 1 < channels; ++c)
            pixel[c] += missing * static_cast<float>(image.sample(x * stride_, y * stride_, c));
    }
}

void RowResult::divide_by_alpha(std::span<float> values, std::size_t channels) const {
    for (std::size_t i = 0; i + channels <= values.size(); i += channels) {
        float& alpha = values[i + channels - 1];
        alpha -= scale_.offset;
        const float share = std::min(alpha / scale_.denominator, 1.0F);
        if (share <= 0) continue;  // invisible
        for (std::size_t c = 0; c + 1 < channels; ++c)
            values[i + c] = (values[i + c] - scale_.offset) / share + scale_.offset;
    }
}

void RowResult::keep_alpha(const Image& image, Image& result, std::int64_t y, std::int64_t first,
                           std::int64_t pixels) const {
    const int channels = image.channels();
    with_sample_type(image.depth(), [&](auto source_type) {
        const auto from = image.row<decltype(source_type)>(y * stride_);
        with_sample_type(result.depth(), [&](auto type) {
            using T = decltype(type);
            const auto to = result.row<T>(y);
            for (std::int64_t x = first; x < first + pixels; ++x) {
                const auto at = static_cast<std::size_t>((x * stride_ + 1) * channels - 1);
                const auto alpha = static_cast<float>(from[at]) * scale_.numerator / scale_.denominator;
                to[static_cast<std::size_t>((x + 1) * channels - 1)] = to_sample<T>(alpha);
            }
        });
    });
}

}  // namespace convlens
