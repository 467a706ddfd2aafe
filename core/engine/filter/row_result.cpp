#include "core/engine/filter/row_result.h"

#include <array>
#include <cmath>

#include "core/image/sample.h"

namespace convlens {

ResultKind result_kind(Depth depth, const FilterOptions& options) {
    if (options.place.goes_on) return {Depth::f32, scale_of(depth, options)};
    const Depth saved = options.save_as.value_or(depth);
    return {saved, saved};
}

RowResult::RowResult(const FilterPlan& plan, Depth depth, const FilterOptions& options)
    : scale_{plan.divisor, plan.offset, static_cast<float>(white(result_kind(depth, options).scale)),
             static_cast<float>(white(scale_of(depth, options)))},
      stride_(plan.stride),
      unit_(alpha_unit(scale_of(depth, options))),
      mixes_signs_(plan.mixes_signs()),
      multiplied_(options.filter_alpha && options.place.scale),
      multiplies_(options.filter_alpha && options.place.goes_on),
      plain_(result_kind(depth, options).depth == Depth::f32 && scale_.changes_nothing()) {
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

void RowResult::write_with_alpha(std::span<float> sums, std::span<const float> covers, const Image& image,
                                 AlphaRule alpha, Image& result, std::int64_t y, std::int64_t first) const {
    const auto channels = static_cast<std::size_t>(image.channels());
    const std::size_t pixels = sums.size() / channels;
    if (alpha == AlphaRule::none) {
        write(sums, result, y, first * image.channels());
        return keep_alpha(image, result, y, first, static_cast<std::int64_t>(pixels));
    }
    for (std::size_t i = 0; i < pixels; ++i) {
        const std::span<float> pixel = sums.subspan(i * channels, channels);
        if (alpha == AlphaRule::filtered) {
            divide(pixel);
        } else {
            const float cover = covers.empty() ? std::abs(pixel.back()) : covers[i];
            keep(pixel, cover, own_pixel(image, first + static_cast<std::int64_t>(i), y));
        }
    }
    with_sample_type(result.depth(), [&](auto type) {
        narrow(sums, {1, 0, scale_.numerator, scale_.denominator},
               result.row<decltype(type)>(y).data() + first * image.channels());
    });
}

RowResult::Own RowResult::own_pixel(const Image& image, std::int64_t x, std::int64_t y) const {
    Own own;
    const auto channels = static_cast<std::size_t>(image.channels());
    with_sample_type(image.depth(), [&](auto type) {
        const auto pixel =
            image.row<decltype(type)>(y * stride_).subspan(static_cast<std::size_t>(x * stride_) * channels, channels);
        own.alpha = static_cast<float>(pixel.back());
        own.share = own.alpha <= 0 ? 0 : own.alpha / unit_;
        for (std::size_t c = 0; c + 1 < channels; ++c) {
            own.colours[c] = static_cast<float>(pixel[c]);
            if (multiplied_) own.colours[c] = own.share == 0 ? 0 : own.colours[c] / own.share;
        }
    });
    return own;
}

// AlphaRule::kept: the sums of a pixel become its samples.
void RowResult::keep(std::span<float> pixel, float cover, const Own& own) const {
    const bool stays = cover == 0 && weight_size_ > 0;  // nothing that is read is visible
    const float mean = weight_size_ > 0 ? cover / weight_size_ : 1;
    const float missing = mixes_signs_ && !stays ? weight_sum_ - pixel.back() / mean : 0;
    for (std::size_t c = 0; c + 1 < pixel.size(); ++c) {
        float sum = pixel[c] / mean;
        if (missing != 0) sum += missing * own.colours[c];
        pixel[c] = stays ? own.colours[c] : sum / scale_.divisor + scale_.offset;
        if (multiplies_) pixel[c] *= own.share;
    }
    pixel.back() = own.alpha;
}

// AlphaRule::filtered: likewise.
void RowResult::divide(std::span<float> pixel) const {
    const float sum = pixel.back();
    const float alpha = sum / scale_.divisor;  // in unit_, as all alphas here
    const float result = alpha + scale_.offset / unit_;
    for (std::size_t c = 0; c + 1 < pixel.size(); ++c) {
        if (multiplies_ && scale_.offset == 0) {  // goes on as it is, whatever alpha is
            pixel[c] /= scale_.divisor;
            continue;
        }
        const float straight = (alpha > 0 ? pixel[c] / sum : 0) + scale_.offset;
        pixel[c] = multiplies_ ? straight * result : result > 0 ? straight : 0;
    }
    pixel.back() = alpha * unit_ + scale_.offset;
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
