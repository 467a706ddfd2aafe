#include "core/image/row_source.h"

#include <algorithm>
#include <cassert>

#include "core/engine/picture_samples.h"
#include "core/image/sample.h"

namespace convlens {

namespace {

// Colours times alpha; `channels` is 2 or 4.
void multiply_by_alpha(std::span<float> samples, std::size_t channels, float white) {
    for (std::size_t i = 0; i + channels <= samples.size(); i += channels) {
        const float alpha = samples[i + channels - 1] / white;
        for (std::size_t c = 0; c + 1 < channels; ++c) samples[i + c] = alpha == 0 ? 0 : samples[i + c] * alpha;
    }
}

}  // namespace

RowSource::RowSource(const FilterPlan& plan, const Image& like)
    : border_(plan.border),
      border_value_(plan.border_value),
      left_reach_(plan.left),
      height_(like.height()),
      channels_(like.channels()),
      has_alpha_(like.has_alpha()),
      white_(static_cast<float>(white(like.depth()))) {
    pixels_ = (plan.output.w - 1) * plan.stride + plan.effective_cols();
    first_inside_ = std::clamp<std::int64_t>(plan.left, 0, pixels_);
    end_inside_ = std::clamp<std::int64_t>(like.width() + plan.left, first_inside_, pixels_);
    for (std::int64_t i = 0; i < first_inside_; ++i)
        left_.push_back(source_index(i - plan.left, like.width(), plan.border).value_or(-1));
    for (std::int64_t i = end_inside_; i < pixels_; ++i)
        right_.push_back(source_index(i - plan.left, like.width(), plan.border).value_or(-1));
}

RowSource::Pixel RowSource::outside(AlphaRule alpha) const {
    Pixel pixel{border_value_, border_value_, border_value_, border_value_};
    if (has_alpha_) {
        const bool transparent = alpha == AlphaRule::filtered && border_ == PadMode::zeros;
        pixel[static_cast<std::size_t>(channels_ - 1)] = transparent ? 0 : white_;
    }
    return pixel;
}

void RowSource::read(const Image& image, AlphaRule alpha, std::int64_t y, std::int64_t first, std::int64_t pixels,
                     float* out) const {
    assert(image.height() == height_ && image.channels() == channels_);
    assert(first >= 0 && first + pixels <= pixels_);
    const auto channels = static_cast<std::size_t>(channels_);
    const std::size_t samples = static_cast<std::size_t>(pixels) * channels;
    const Pixel beyond = outside(alpha);
    const std::int64_t inside = row(y);
    if (inside < 0) {
        for (std::size_t i = 0; i < samples; ++i) out[i] = beyond[i % channels];
        return;
    }
    with_sample_type(image.depth(), [&](auto type) {
        read_inside<decltype(type)>(image.row<decltype(type)>(inside), beyond, first, pixels, out);
    });
    if (alpha != AlphaRule::none) multiply_by_alpha({out, samples}, channels, white_);
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
