// A filter step on the processor: bands of rows on a few threads. Each band keeps the float32 rows that its kernel
// reads in a ring, so that every row of the picture is converted once a band.
#include "core/image/filter.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/conv/pad.h"
#include "core/image/filter_plan.h"
#include "core/image/filter_rows.h"
#include "core/image/sample.h"
#include "core/parallel.h"

namespace convlens {

namespace {

constexpr std::int64_t kGroup = 32;                        // most taps that are summed in one go
constexpr std::size_t kRingBytes = std::size_t{64} << 20;  // above this a band converts rows anew instead

// The sums that a plan needs. Direct: `rows` alone. Separable: `across` makes one row out of one, `rows` adds them up.
struct Sums {
    TapSum across;
    TapSum rows;
};

Sums make_sums(const FilterPlan& plan, std::int64_t channels) {
    Sums sums;
    const std::int64_t pixel = plan.dilation * channels;
    const auto add_row = [&](TapSum& sum, std::int64_t row, const float* weights) {
        for (std::int64_t col = 0; col < plan.cols; ++col) {
            if (weights[col] != 0) sum.add({row, col * pixel, weights[col]});
            if (col % kGroup == kGroup - 1) sum.end_group();
        }
        sum.end_group();
    };
    if (plan.separable()) {
        add_row(sums.across, 0, plan.row_weights.data());
        for (std::int64_t row = 0; row < plan.rows; ++row) {
            const float weight = plan.column[static_cast<std::size_t>(row)];
            if (weight != 0) sums.rows.add({row, 0, weight});
            if (row % kGroup == kGroup - 1) sums.rows.end_group();
        }
        sums.rows.end_group();
    } else {
        for (std::int64_t row = 0; row < plan.rows; ++row)
            add_row(sums.rows, row, &plan.weights[static_cast<std::size_t>(row * plan.cols)]);
    }
    return sums;
}

// Turns a row of sums into samples of the result.
class Finish {
public:
    Finish(const Image& image, const FilterPlan& plan, AlphaRule alpha, Image& result)
        : image_(image), plan_(plan), alpha_(alpha), result_(result) {
        white_ = static_cast<float>(white(image.depth()));
        result_white_ = static_cast<float>(white(result.depth()));
        for (std::size_t row = 0; row < static_cast<std::size_t>(plan.rows); ++row) {
            float in_row = 0;
            for (std::size_t col = 0; col < static_cast<std::size_t>(plan.cols); ++col) {
                const float weight = plan.weights[row * static_cast<std::size_t>(plan.cols) + col];
                in_row += weight;
                weight_size_ += std::abs(weight);
            }
            weight_sum_ += in_row;
        }
    }

    void row(std::int64_t y, std::span<float> sums) const {
        if (alpha_ == AlphaRule::kept) fill_transparent(y, sums);
        for (float& value : sums) value = value / plan_.divisor + plan_.offset;
        if (alpha_ == AlphaRule::filtered) divide_by_alpha(sums);
        if (result_white_ != white_)
            for (float& value : sums) value = value * result_white_ / white_;
        with_sample_type(result_.depth(),
                         [&](auto type) { to_samples<decltype(type)>(sums, result_.row<decltype(type)>(y)); });
        if (image_.has_alpha() && alpha_ != AlphaRule::filtered) keep_alpha(y);
    }

private:
    // AlphaRule::kept: what the neighbours' transparency left out counts with the colour of the middle pixel.
    void fill_transparent(std::int64_t y, std::span<float> sums) const {
        const int channels = image_.channels();
        for (std::int64_t x = 0; x < plan_.output.w; ++x) {
            float* pixel = &sums[static_cast<std::size_t>(x * channels)];
            const float missing = weight_sum_ - pixel[channels - 1] / white_;
            if (std::abs(missing) <= 1e-6F * weight_size_) continue;  // all opaque, but for rounding
            for (int c = 0; c + 1 < channels; ++c)
                pixel[c] += missing * static_cast<float>(image_.sample(x * plan_.stride, y * plan_.stride, c));
        }
    }

    void divide_by_alpha(std::span<float> values) const {
        const auto step = static_cast<std::size_t>(image_.channels());
        for (std::size_t i = 0; i + step <= values.size(); i += step) {
            float& alpha = values[i + step - 1];
            alpha -= plan_.offset;
            const float share = std::min(alpha / white_, 1.0F);
            if (share <= 0) continue;  // invisible
            for (std::size_t c = 0; c + 1 < step; ++c)
                values[i + c] = (values[i + c] - plan_.offset) / share + plan_.offset;
        }
    }

    void keep_alpha(std::int64_t y) const {
        const int channels = image_.channels();
        with_sample_type(image_.depth(), [&](auto source_type) {
            const auto from = image_.row<decltype(source_type)>(y * plan_.stride);
            with_sample_type(result_.depth(), [&](auto type) {
                using T = decltype(type);
                const auto to = result_.row<T>(y);
                for (std::int64_t x = 0; x < plan_.output.w; ++x) {
                    const auto at = static_cast<std::size_t>((x * plan_.stride + 1) * channels - 1);
                    const auto alpha = static_cast<float>(from[at]) * result_white_ / white_;
                    to[static_cast<std::size_t>((x + 1) * channels - 1)] = to_sample<T>(alpha);
                }
            });
        });
    }

    const Image& image_;
    const FilterPlan& plan_;
    AlphaRule alpha_;
    Image& result_;
    float white_ = 1;
    float result_white_ = 1;
    float weight_sum_ = 0;   // before the divisor, added up as the sums are
    float weight_size_ = 0;  // of the weights' absolute values
};

// The rows that a kernel reads for one row of results, each made at most once while they stay in the ring.
class Ring {
public:
    Ring(const RowSource& source, const FilterPlan& plan, const Sums& sums, std::int64_t channels)
        : source_(source), plan_(plan), sums_(sums), channels_(channels) {
        row_samples_ = plan.separable() ? static_cast<std::size_t>(plan.output.w * channels) : source.row_samples();
        const std::int64_t reach = plan.effective_rows();
        keeps_ = static_cast<std::size_t>(reach) * row_samples_ * sizeof(float) <= kRingBytes;
        slots_.resize(static_cast<std::size_t>(keeps_ ? reach : plan.rows));
        held_.resize(slots_.size(), kNone);
        pointers_.resize(static_cast<std::size_t>(plan.rows));
        if (plan.separable()) scratch_.resize(source.row_samples());
    }

    // Pointers to the rows that the kernel's rows read for result row y; rows whose weights are all zero are not read.
    const float* const* rows_for(std::int64_t y) {
        for (const RowTap& tap : sums_.rows.taps) {
            const std::int64_t row = y * plan_.stride + tap.row * plan_.dilation - plan_.top;
            const auto size = static_cast<std::int64_t>(slots_.size());
            const auto slot = static_cast<std::size_t>(keeps_ ? ((row % size) + size) % size : tap.row);
            if (held_[slot] != row) fill(slot, row);
            pointers_[static_cast<std::size_t>(tap.row)] = slots_[slot].data();
        }
        return pointers_.data();
    }

private:
    static constexpr std::int64_t kNone = INT64_MIN;

    void fill(std::size_t slot, std::int64_t row) {
        slots_[slot].resize(row_samples_);
        held_[slot] = row;
        if (!plan_.separable()) return source_.read(row, slots_[slot]);
        source_.read(row, scratch_);
        const float* const one[] = {scratch_.data()};
        if (plan_.stride == 1) return weighted_sum(sums_.across, one, slots_[slot]);
        weighted_sum_strided(sums_.across, one, slots_[slot], channels_, plan_.stride);
    }

    const RowSource& source_;
    const FilterPlan& plan_;
    const Sums& sums_;
    std::int64_t channels_;
    std::size_t row_samples_ = 0;
    bool keeps_ = true;
    std::vector<std::vector<float>> slots_;
    std::vector<std::int64_t> held_;  // the row in each slot
    std::vector<const float*> pointers_;
    std::vector<float> scratch_;
};

}  // namespace

std::optional<Image> filter(const Image& image, const FilterStep& step, const FilterOptions& options,
                            std::stop_token stop) {
    assert(!image.empty());
    const FilterPlan plan = plan_filter(step, image.width(), image.height(), image.depth());
    const AlphaRule alpha = alpha_rule(image, options);
    const std::int64_t channels = image.channels();
    Image result(plan.output.w, plan.output.h, image.channels(), options.save_as.value_or(image.depth()));
    const RowSource source(image, plan, alpha);
    const Sums sums = make_sums(plan, channels);
    const Finish finish(image, plan, alpha, result);

    const int threads = thread_count(options.threads);
    // Bands tall enough that the rows they share with their neighbours cost little, short enough to share the work.
    const std::int64_t share = (plan.output.h + threads - 1) / threads;
    const std::int64_t band =
        std::clamp<std::int64_t>(4 * plan.effective_rows() / plan.stride, 32, std::max<std::int64_t>(share, 32));
    for_bands(plan.output.h, band, threads, [&](std::int64_t first, std::int64_t last) {
        Ring ring(source, plan, sums, channels);
        std::vector<float> values(static_cast<std::size_t>(plan.output.w * channels));
        for (std::int64_t y = first; y < last && !stop.stop_requested(); ++y) {
            const float* const* rows = ring.rows_for(y);
            if (plan.stride == 1 || plan.separable())
                weighted_sum(sums.rows, rows, values);
            else
                weighted_sum_strided(sums.rows, rows, values, channels, plan.stride);
            finish.row(y, values);
        }
    });
    if (stop.stop_requested()) return std::nullopt;
    return result;
}

std::vector<PixelTap> pixel_taps(const Image& image, const FilterStep& step, std::int64_t out_x, std::int64_t out_y,
                                 int channel) {
    const Kernel& kernel = step.kernel;
    const bool is_alpha = image.has_alpha() && channel == image.channels() - 1;
    const std::int64_t middle_x = out_x * step.stride;
    const std::int64_t middle_y = out_y * step.stride;
    if (is_alpha) return {{middle_x, middle_y, false, image.sample(middle_x, middle_y, channel), 1}};

    const std::int64_t top = step.flip ? kernel.rows - 1 - kernel.rows / 2 : kernel.rows / 2;
    const std::int64_t left = step.flip ? kernel.cols - 1 - kernel.cols / 2 : kernel.cols / 2;
    std::vector<PixelTap> taps;
    for (std::int64_t row = 0; row < kernel.rows; ++row) {
        for (std::int64_t col = 0; col < kernel.cols; ++col) {
            PixelTap tap;
            const std::int64_t y = middle_y + (row - top) * step.dilation;
            const std::int64_t x = middle_x + (col - left) * step.dilation;
            tap.outside = y < 0 || y >= image.height() || x < 0 || x >= image.width();
            tap.weight = (step.flip ? kernel.at(kernel.rows - 1 - row, kernel.cols - 1 - col) : kernel.at(row, col)) /
                         kernel.divisor;
            const auto source_y = source_index(y, image.height(), step.border);
            const auto source_x = source_index(x, image.width(), step.border);
            tap.y = source_y.value_or(y);
            tap.x = source_x.value_or(x);
            if (!source_y || !source_x) {
                tap.value = step.border == PadMode::constant ? step.border_value : 0;
            } else {
                tap.value = image.sample(tap.x, tap.y, channel);
                if (image.has_alpha()) {  // the share of a transparent pixel: see AlphaRule::kept
                    const double share = image.sample(tap.x, tap.y, image.channels() - 1) / white(image.depth());
                    const double middle = image.sample(middle_x, middle_y, channel);
                    tap.value = (share == 0 ? 0 : share * tap.value) + (share == 1 ? 0 : (1 - share) * middle);
                }
            }
            taps.push_back(tap);
        }
    }
    return taps;
}

}  // namespace convlens
