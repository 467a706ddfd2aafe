#include "core/image/strip_filter.h"

#include <algorithm>
#include <cstdint>

#include "core/parallel.h"

namespace convlens {

namespace {

constexpr std::int64_t kRingBytes = std::int64_t{64} << 20;  // above this rows are made anew instead
constexpr std::int64_t kNearBytes = 28 << 10;  // of the ring, where the kernel is small: the nearest cache
constexpr std::int64_t kLeastStrip = 768;      // samples
constexpr double kSparse = 0.6;  // a kernel with a smaller share of weights that are not zero is a list of taps
constexpr std::int64_t kLineSamples = kCacheLine / sizeof(float);
constexpr std::int64_t kNone = INT64_MIN;

constexpr std::int64_t round_up(std::int64_t value, std::int64_t to) { return (value + to - 1) / to * to; }

}  // namespace

RowPass::RowPass(std::span<const float> weights, std::int64_t rows, std::int64_t cols, std::vector<std::int64_t> shifts)
    : taps(tap_sum(weights, rows, cols, shifts)) {
    dense = dense_kernel(weights, rows, cols, std::move(shifts));
    const auto cells = static_cast<double>(rows * cols);
    has_zeros = static_cast<double>(taps.taps.size()) < cells;
    sparse = static_cast<double>(taps.taps.size()) < kSparse * cells;
}

void RowPass::sum(const float* const* rows, std::int64_t count, bool finite, std::int64_t samples,
                  float* const* out) const {
    if (!sparse && finite) return dense_sums(dense, rows, count, samples, out);
    for (std::int64_t r = 0; r < count; ++r) tap_sums(taps, rows + r, samples, out[r]);
}

StripFilter::StripFilter(const FilterParts& parts) : parts_(parts) {
    plan_ring();
    make_passes();
    careful_ = parts.depth == Depth::f32 && (across_.has_zeros || down_.has_zeros);
    const std::int64_t workers = std::min<std::int64_t>(parts.threads, (parts.plan.output.h + band() - 1) / band());
    for (std::int64_t i = 0; i < workers; ++i) scratch_.push_back(make_scratch());
}

// The ring holds what a block of results reads. With a stride, or where a block would leave the threads without work or
// the ring would be too large, a block is one row.
void StripFilter::plan_ring() {
    const FilterPlan& plan = parts_.plan;
    block_ = plan.stride == 1 && kSumRows * plan.dilation <= share() ? kSumRows * plan.dilation : 1;
    slots_ = plan.effective_rows() + block_ - 1;
    const std::int64_t near = kNearBytes / static_cast<std::int64_t>(sizeof(float)) / slots_;
    const std::int64_t samples = std::max(kLeastStrip, near / kLeastStrip * kLeastStrip);
    strip_ = std::min(plan.output.w, samples / parts_.channels);
    const std::int64_t read = parts_.pixels_read(strip_);
    phases_ = {plan.stride, (read + plan.stride - 1) / plan.stride};
    slot_samples_ = round_up((plan.separable() ? strip_ : phases_.pixels()) * parts_.channels, kLineSamples);
    const auto fits = [&](std::int64_t rows) {
        return rows * slot_samples_ * static_cast<std::int64_t>(sizeof(float)) <= kRingBytes;
    };
    if (!fits(slots_)) block_ = 1;
    slots_ = plan.effective_rows() + block_ - 1;
    keeps_ = fits(slots_) || plan.dilation == 1;
    if (!keeps_) slots_ = plan.rows;
}

void StripFilter::make_passes() {
    const FilterPlan& plan = parts_.plan;
    std::vector<std::int64_t> shifts;
    for (std::int64_t col = 0; col < plan.cols; ++col)
        shifts.push_back(phases_.at(col * plan.dilation) * parts_.channels);
    if (plan.separable()) {
        across_ = RowPass(plan.row_weights, 1, plan.cols, std::move(shifts));
        down_ = RowPass(plan.column, plan.rows, 1, {0});
    } else {
        down_ = RowPass(plan.weights, plan.rows, plan.cols, std::move(shifts));
    }
}

StripFilter::Scratch StripFilter::make_scratch() const {
    Scratch own;
    const auto samples = [this](std::int64_t pixels) { return static_cast<std::size_t>(pixels * parts_.channels); };
    own.rows.resize(static_cast<std::size_t>(slots_ * slot_samples_));
    own.held.assign(static_cast<std::size_t>(slots_), kNone);
    own.finite.assign(static_cast<std::size_t>(slots_), 1);
    own.inputs.resize(static_cast<std::size_t>(parts_.plan.rows + kSumRows - 1));
    own.plain.resize(samples(parts_.pixels_read(strip_)));
    if (parts_.plan.stride > 1) own.by_phase.resize(samples(phases_.pixels()));
    own.sums.resize(static_cast<std::size_t>(kSumRows * round_up(strip_ * parts_.channels, kLineSamples)));
    return own;
}

// One band of one strip, by one thread.
struct StripFilter::Strip {
    const StripFilter& filter;
    Scratch& own;
    const FilterRun& run;
    std::int64_t left = 0;    // first pixel of results
    std::int64_t pixels = 0;  // of results in a row

    const FilterParts& parts() const { return filter.parts_; }
    std::int64_t samples() const { return pixels * parts().channels; }

    void rows(std::int64_t first, std::int64_t last) {
        std::ranges::fill(own.held, kNone);
        std::int64_t y = first;
        for (; filter.block_ > 1 && y + filter.block_ <= last && !run.stop.stop_requested(); y += filter.block_)
            for (std::int64_t phase = 0; phase < parts().plan.dilation && !run.stop.stop_requested(); ++phase)
                sum_rows(y + phase, kSumRows);
        for (; y < last && !run.stop.stop_requested(); ++y) sum_rows(y, 1);
    }

    // `count` rows of results, y, y + dilation, ...
    void sum_rows(std::int64_t y, std::int64_t count) {
        const bool finite = gather(y, parts().plan.rows + count - 1);
        const bool in_place = parts().finish.is_plain() && !parts().has_alpha;
        const std::int64_t first = left * parts().channels;
        float* out[kSumRows] = {};
        for (std::int64_t r = 0; r < count; ++r) {
            out[r] = in_place ? run.result.row<float>(y + r * parts().plan.dilation).data() + first
                              : own.sums.data() + r * round_up(samples(), kLineSamples);
        }
        filter.down_.sum(own.inputs.data(), count, finite, samples(), out);
        for (std::int64_t r = 0; r < count && !in_place; ++r) {
            const std::span<float> sums(out[r], static_cast<std::size_t>(samples()));
            const std::int64_t row = y + r * parts().plan.dilation;
            if (parts().has_alpha) {
                parts().finish.write_with_alpha(sums, run.image, run.alpha, run.result, row, left);
            } else {
                parts().finish.write(sums, run.result, row, first);
            }
        }
    }

    // Sees to it that the ring holds the `count` rows that results from row y on read. Says whether all are finite.
    bool gather(std::int64_t y, std::int64_t count) {
        bool finite = true;
        for (std::int64_t i = 0; i < count; ++i) {
            const std::int64_t row = y * parts().plan.stride + i * parts().plan.dilation - parts().plan.top;
            const auto slot =
                static_cast<std::size_t>(filter.keeps_ ? ((row % filter.slots_) + filter.slots_) % filter.slots_ : i);
            if (own.held[slot] != row) fill(slot, row);
            finite = finite && own.finite[slot];
            own.inputs[static_cast<std::size_t>(i)] =
                own.rows.data() + slot * static_cast<std::size_t>(filter.slot_samples_);
        }
        return finite;
    }

    void fill(std::size_t slot, std::int64_t row) {
        float* to = own.rows.data() + slot * static_cast<std::size_t>(filter.slot_samples_);
        const std::int64_t stride = parts().plan.stride;
        const std::int64_t read = parts().pixels_read(pixels);
        const bool straight = !parts().plan.separable() && stride == 1;
        own.held[slot] = row;
        parts().source.read(run.image, run.alpha, row, left * stride, read, straight ? to : own.plain.data());
        std::int64_t made = read * parts().channels;
        if (!straight) {
            const float* from =
                stride == 1 ? own.plain.data() : split(read, parts().plan.separable() ? own.by_phase.data() : to);
            if (parts().plan.separable()) sum_across(from, read, to);
            if (parts().plan.separable()) made = samples();
        }
        if (!filter.careful_) return;
        const bool finite = straight || parts().plan.separable()
                                ? all_finite({to, static_cast<std::size_t>(made)})
                                : all_finite({own.plain.data(), static_cast<std::size_t>(made)});
        own.finite[slot] = finite ? 1 : 0;
    }

    void sum_across(const float* from, std::int64_t read, float* to) {
        const bool finite =
            !filter.careful_ || all_finite({own.plain.data(), static_cast<std::size_t>(read * parts().channels)});
        filter.across_.sum(&from, 1, finite, samples(), &to);
    }

    // The row as read, by phase.
    const float* split(std::int64_t read, float* to) {
        const std::int64_t channels = parts().channels;
        for (std::int64_t phase = 0; phase < filter.phases_.stride; ++phase) {
            float* out = to + phase * filter.phases_.length * channels;
            for (std::int64_t x = phase; x < read; x += filter.phases_.stride)
                for (std::int64_t c = 0; c < channels; ++c)
                    *out++ = own.plain[static_cast<std::size_t>(x * channels + c)];
        }
        return to;
    }
};

// Rows of results that each thread has to make.
std::int64_t StripFilter::share() const { return (parts_.plan.output.h + parts_.threads - 1) / parts_.threads; }

// Bands tall enough that the rows they share with their neighbours cost little, short enough to share the work.
std::int64_t StripFilter::band() const {
    const std::int64_t tall = std::clamp<std::int64_t>(4 * parts_.plan.effective_rows() / parts_.plan.stride, 32,
                                                       std::max<std::int64_t>(share(), 32));
    return round_up(tall, block_);
}

void StripFilter::run(const FilterRun& run) {
    const FilterPlan& plan = parts_.plan;
    for_bands(plan.output.h, band(), parts_.threads, [&](std::int64_t first, std::int64_t last, int worker) {
        for (std::int64_t left = 0; left < plan.output.w; left += strip_) {
            Strip strip{*this, scratch_[static_cast<std::size_t>(worker)], run, left,
                        std::min(strip_, plan.output.w - left)};
            strip.rows(first, last);
        }
    });
}

}  // namespace convlens
