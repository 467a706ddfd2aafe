#include "core/engine/filter/row_source.h"

#include <algorithm>
#include <cassert>

#include "core/engine/filter/samples.h"
#include "core/image/sample.h"

namespace convlens {

namespace {

// Alpha in `unit`, never below 0, and colours times that, unless they are so `multiplied` already. `channels` is 2 or 4.
void multiply_by_alpha(std::span<float> samples, std::size_t channels, float unit, bool multiplied) {
    for (std::size_t i = 0; i + channels <= samples.size(); i += channels) {
        float& alpha = samples[i + channels - 1];
        alpha = alpha <= 0 ? 0 : alpha / unit;
        const float factor = multiplied ? 1 : alpha;
        for (std::size_t c = 0; c + 1 < channels; ++c) samples[i + c] = alpha == 0 ? 0 : samples[i + c] * factor;
    }
}

// Of colours that are multiplied by alpha already, and filtered with it, negative alpha goes on.
void divide_alpha(std::span<float> samples, std::size_t channels, float unit) {
    if (unit == 1) return;
    for (std::size_t i = channels - 1; i < samples.size(); i += channels) samples[i] /= unit;
}

}  // namespace

RowSource::RowSource(const FilterPlan& plan, const Image& like, const FilterOptions& options)
    : border_(plan.border),
      border_value_(plan.border_value),
      left_reach_(plan.left),
      width_(like.width()),
      height_(like.height()),
      channels_(like.channels()),
      has_alpha_(like.has_alpha()),
      multiplied_(options.filter_alpha && options.place.scale),
      constant_(plan.has_constant_border()),
      white_(static_cast<float>(white(scale_of(like.depth(), options)))),
      unit_(alpha_unit(scale_of(like.depth(), options))) {
    pixels_ = (plan.output.w - 1) * plan.stride + plan.effective_cols();
    first_inside_ = std::clamp<std::int64_t>(plan.left, 0, pixels_);
    end_inside_ = std::clamp<std::int64_t>(like.width() + plan.left, first_inside_, pixels_);
    for (std::int64_t i = 0; i < first_inside_; ++i)
        left_.push_back(source_index(i - plan.left, like.width(), plan.border).value_or(-1));
    for (std::int64_t i = end_inside_; i < pixels_; ++i)
        right_.push_back(source_index(i - plan.left, like.width(), plan.border).value_or(-1));
}

RowSource RowSource::of_alpha() const {
    RowSource source = *this;
    source.alpha_only_ = true;
    return source;
}

RowSource::Pixel RowSource::outside(AlphaRule alpha) const {
    const bool transparent = alpha == AlphaRule::filtered && border_ == PadMode::zeros;
    const float factor = alpha == AlphaRule::filtered && multiplied_ ? white_ / unit_ : 1;
    const float colour = border_value_ * factor;
    Pixel pixel{colour, colour, colour, colour};
    if (has_alpha_) pixel[static_cast<std::size_t>(channels_ - 1)] = transparent ? 0 : white_;
    return pixel;
}

std::int64_t RowSource::column(std::int64_t i) const {
    if (i < first_inside_) return left_[static_cast<std::size_t>(i)];
    return i < end_inside_ ? i - left_reach_ : right_[static_cast<std::size_t>(i - end_inside_)];
}

std::int64_t RowSource::nearest_row(std::int64_t y) const { return std::clamp<std::int64_t>(y, 0, height_ - 1); }

std::int64_t RowSource::nearest_column(std::int64_t i) const {
    return std::clamp<std::int64_t>(i - left_reach_, 0, width_ - 1);
}

void RowSource::read(const Image& image, AlphaRule alpha, std::int64_t y, std::int64_t first, std::int64_t pixels,
                     float* out) const {
    assert(image.height() == height_ && image.channels() == channels_);
    assert(first >= 0 && first + pixels <= pixels_);
    if (alpha_only_) return read_alpha(image, y, first, pixels, out);
    const auto channels = static_cast<std::size_t>(channels_);
    const std::size_t samples = static_cast<std::size_t>(pixels) * channels;
    const Pixel beyond = outside(alpha);
    const std::int64_t inside = row(y);
    if (inside < 0) {
        for (std::size_t i = 0; i < samples; ++i) out[i] = beyond[i % channels];
    } else {
        with_sample_type(image.depth(), [&](auto type) {
            read_inside<decltype(type)>(image.row<decltype(type)>(inside), beyond, first, pixels, out);
        });
    }
    if (alpha == AlphaRule::none) return;
    if (alpha == AlphaRule::filtered && multiplied_) return divide_alpha({out, samples}, channels, unit_);
    multiply_by_alpha({out, samples}, channels, unit_, multiplied_);
    if (alpha == AlphaRule::kept && constant_) multiply_outside(image, y, first, pixels, out);
}

// The constant that stands outside has the alpha of the nearest pixel.
void RowSource::multiply_outside(const Image& image, std::int64_t y, std::int64_t first, std::int64_t pixels,
                                 float* out) const {
    const auto multiply = [&](std::int64_t from, std::int64_t to) {
        for (std::int64_t i = from; i < to; ++i) {
            float alpha = 0;
            read_alpha(image, y, i, 1, &alpha);
            float* const pixel = out + (i - first) * channels_;
            std::fill_n(pixel, channels_ - 1, border_value_ * alpha);
            pixel[channels_ - 1] = alpha;
        }
    };
    const std::int64_t end = first + pixels;
    if (row(y) < 0) return multiply(first, end);
    multiply(first, std::min(end, first_inside_));
    multiply(std::max(first, end_inside_), end);
}

void RowSource::read_alpha(const Image& image, std::int64_t y, std::int64_t first, std::int64_t pixels,
                           float* out) const {
    const std::int64_t inside = row(y);
    const std::int64_t in_image = inside < 0 ? nearest_row(y) : inside;
    with_sample_type(image.depth(), [&](auto type) {
        const auto samples = image.row<decltype(type)>(in_image);
        for (std::int64_t i = first; i < first + pixels; ++i) {
            const std::int64_t own = inside < 0 ? -1 : column(i);
            const std::int64_t at = own < 0 ? nearest_column(i) : own;
            const auto alpha = static_cast<float>(samples[static_cast<std::size_t>((at + 1) * channels_ - 1)]);
            *out++ = alpha <= 0 ? 0 : alpha / unit_;
        }
    });
}

template <typename T>
void RowSource::read_inside(std::span<const T> row, const Pixel& outside, std::int64_t first, std::int64_t pixels,
                            float* out) const {
    const std::int64_t end = first + pixels;
    // The pixels [from, to) of a border whose first one has the number `begin`.
    const auto border = [&](const std::vector<std::int64_t>& columns, std::int64_t begin, std::int64_t from,
                            std::int64_t to) {
        for (std::int64_t i = from; i < to; ++i) {
            const std::int64_t column = columns[static_cast<std::size_t>(i - begin)];
            for (std::int64_t c = 0; c < channels_; ++c) {
                const auto at = static_cast<std::size_t>(column * channels_ + c);
                *out++ = column < 0 ? outside[static_cast<std::size_t>(c)] : static_cast<float>(row[at]);
            }
        }
    };
    border(left_, 0, first, std::min(end, first_inside_));
    const std::int64_t from = std::max(first, first_inside_);
    const std::int64_t to = std::min(end, end_inside_);
    if (from < to) {
        const auto samples = static_cast<std::size_t>((to - from) * channels_);
        widen(row.subspan(static_cast<std::size_t>((from - left_reach_) * channels_), samples), out);
        out += samples;
    }
    border(right_, end_inside_, std::max(first, end_inside_), end);
}

}  // namespace convlens
