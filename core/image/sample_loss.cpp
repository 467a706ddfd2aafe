#include "core/image/sample_loss.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "core/image/sample.h"

namespace convlens {

NotFinite not_finite_samples(const Image& image) {
    NotFinite count;
    if (image.depth() != Depth::f32) return count;
    for (std::int64_t y = 0; y < image.height(); ++y)
        for (const float value : image.row<float>(y)) {
            count.nan += std::isnan(value) ? 1 : 0;
            count.infinite += std::isinf(value) ? 1 : 0;
        }
    return count;
}

Message not_finite_text(const NotFinite& count) {
    const std::int64_t all = count.all();
    if (all == 0) return {};
    return plural(
        "{n} of the result's numbers is not finite ({nan} NaN, {infinite} infinite): its sum went beyond the 3.4e38 of "
        "float32, or the image had such a number.",
        "{n} of the result's numbers are not finite ({nan} NaN, {infinite} infinite): sums went beyond the 3.4e38 of "
        "float32, or the image had such numbers.",
        all, "nan"_is(count.nan), "infinite"_is(count.infinite));
}

SampleRange sample_range(Depth depth) { return {least(depth), most(depth)}; }

namespace {

// One number of the result beside what was stored of it.
template <typename Stored, typename Compared>
class Comparison {
public:
    Comparison(Depth stored, const LossQuestion& question)
        : question_(question),
          scale_(white(stored)),
          stored_white_(static_cast<float>(scale_)),
          compared_white_(static_cast<float>(white(question.compared))),
          fitting_(sample_range(question.compared)) {}

    void add(float value, Stored stored, SampleLoss& loss) const {
        loss.not_finite.nan += std::isnan(value) ? 1 : 0;
        loss.not_finite.infinite += std::isinf(value) ? 1 : 0;
        loss.fits_compared = loss.fits_compared && fits(value);
        if (!std::isfinite(value)) return;
        if (!within(whole<Stored>(double{value} * scale_), question_.range)) {
            ++loss.cut;
        } else if (question_.measures_rounding) {
            compare(value, stored, loss);
        }
    }

private:
    // As depths of whole numbers round; NaN and infinity stay.
    template <typename T>
    static double whole(double value) {
        return std::is_same_v<T, float> ? value : std::nearbyint(value);
    }
    bool fits(float value) const {
        return std::is_same_v<Compared, float> ||
               (std::isfinite(value) && within(whole<Compared>(double{value} * double{compared_white_}), fitting_));
    }
    static bool within(double value, const SampleRange& range) { return value >= range.least && value <= range.most; }

    void compare(float value, Stored stored, SampleLoss& loss) const {
        const auto was = to_sample<Compared>(value * compared_white_);
        // Multiplied before divided, as in converted().
        const auto is = to_sample<Compared>(static_cast<float>(stored) * compared_white_ / stored_white_);
        if (was == is) return;
        ++loss.rounded;
        loss.most_rounded = std::max(loss.most_rounded, std::abs(static_cast<double>(was) - static_cast<double>(is)));
    }

    LossQuestion question_;
    double scale_;
    float stored_white_, compared_white_;
    SampleRange fitting_;
};

}  // namespace

SampleLoss sample_loss(const Image& result, const Image& stored, const LossQuestion& question) {
    assert(result.depth() == Depth::f32 && result.channels() == stored.channels());
    assert(result.width() == stored.width() && result.height() == stored.height());
    SampleLoss loss;
    loss.samples = result.width() * result.height() * result.channels();
    with_sample_type(stored.depth(), [&](auto stored_type) {
        with_sample_type(question.compared, [&](auto compared_type) {
            using Stored = decltype(stored_type);
            const Comparison<Stored, decltype(compared_type)> comparison(stored.depth(), question);
            for (std::int64_t y = 0; y < result.height(); ++y) {
                const auto values = result.row<float>(y);
                const auto held = stored.row<Stored>(y);
                for (std::size_t i = 0; i < values.size(); ++i) comparison.add(values[i], held[i], loss);
            }
        });
    });
    return loss;
}

bool reaches_range_end(const Image& image, bool alpha) {
    const auto channels = static_cast<std::size_t>(image.channels());
    const auto looked_at = static_cast<std::size_t>(alpha ? image.channels() : image.colour_channels());
    return with_sample_type(image.depth(), [&](auto type) {
        using T = decltype(type);
        if (std::is_same_v<T, float>) return false;
        const auto is_end = [](T value) {
            return value == T{} || value == std::numeric_limits<T>::min() || value == std::numeric_limits<T>::max();
        };
        for (std::int64_t y = 0; y < image.height(); ++y)
            for (auto row = image.row<T>(y); !row.empty(); row = row.subspan(channels))
                if (std::ranges::any_of(row.first(looked_at), is_end)) return true;
        return false;
    });
}

namespace {

// The least and the greatest sum that a step makes of samples in `range`; white is 1. `whole_white`: of the image.
SampleRange after_step(const FilterStep& step, SampleRange range, double whole_white) {
    const double outside = step.border == PadMode::zeros ? 0 : step.border_value / whole_white;
    if (step.border == PadMode::zeros || step.border == PadMode::constant)
        range = {std::min(range.least, outside), std::max(range.most, outside)};
    SampleRange sum{step.kernel.offset, step.kernel.offset};
    for (const double weight : step.kernel.weights) {
        const double share = weight / step.kernel.divisor;
        sum.least += share * (share < 0 ? range.most : range.least);
        sum.most += share * (share < 0 ? range.least : range.most);
    }
    return sum;
}

}  // namespace

bool stays_in_range(const Image& image, std::span<const FilterStep> chain, Depth depth) {
    constexpr double kRounding = 0.25;  // of a whole number: what lies nearer to the end is rounded to it
    if (image.depth() == Depth::f32 || image.has_alpha()) return false;
    const double whole_white = white(image.depth());
    SampleRange range{least(image.depth()) / whole_white, most(image.depth()) / whole_white};
    for (const FilterStep& step : chain) range = after_step(step, range, whole_white);
    return range.least * white(depth) >= least(depth) - kRounding &&
           range.most * white(depth) <= most(depth) + kRounding;
}

}  // namespace convlens
