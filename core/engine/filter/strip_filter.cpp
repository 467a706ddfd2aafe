#include "core/engine/filter/strip_filter.h"

#include <algorithm>
#include <cassert>
#include <cstdint>

namespace convlens {

namespace {

constexpr std::int64_t kRingBytes = std::int64_t{64} << 20;    // above this rows are made anew instead
constexpr std::int64_t kAllRingBytes = std::int64_t{2} << 30;  // of all threads; fewer of them work above it
constexpr std::int64_t kNearBytes = 28 << 10;  // of the ring, where the kernel is small: the nearest cache
constexpr std::int64_t kLeastStrip = 768;      // samples
constexpr std::int64_t kTileSamples = 96;      // strips are whole tiles of the widest vectors, whatever the channels
constexpr std::int64_t kLeastBox = 28;         // rows and columns together; a smaller box is two passes
constexpr double kSparse = 0.6;  // a kernel with a smaller share of weights that are not zero is a list of taps

}  // namespace

RowPass::RowPass(std::span<const float> weights, std::int64_t rows, std::int64_t cols, std::vector<std::int64_t> shifts)
    : taps(tap_sum(weights, rows, cols, shifts)) {
    dense = dense_kernel(weights, rows, cols, std::move(shifts));
    const auto cells = static_cast<double>(rows * cols);
    has_zeros = static_cast<double>(taps.taps.size()) < cells;
    sparse = static_cast<double>(taps.taps.size()) < kSparse * cells;
}

void RowPass::sum(const float* const* rows, const RowBlock& block, bool finite, float* const* out) const {
    if (!sparse && finite) return dense_sums(dense, rows, block, out);
    for (std::int64_t r = 0; r < block.count; ++r) tap_sums(taps, rows + r, block.samples, out[r]);
}

StripFilter::StripFilter(const FilterParts& parts) : parts_(parts) {
    box_ = parts.plan.is_box() && parts.plan.rows + parts.plan.cols >= kLeastBox;
    plan_ring();
    make_passes();
    make_strips();
    const std::int64_t ring = slots_ * read_samples_ * static_cast<std::int64_t>(sizeof(float));
    const std::int64_t fit = std::max<std::int64_t>(kAllRingBytes / std::max<std::int64_t>(ring, 1), 1);
    const std::int64_t bands = (parts.plan.output.h + band() - 1) / band();
    const std::int64_t workers = std::min({static_cast<std::int64_t>(parts.threads), bands, fit});
    for (std::int64_t i = 0; i < workers; ++i) scratch_.push_back(make_scratch());
    if (parts.needs_covers()) make_covers();
}

void StripFilter::make_covers() {
    covers_parts_ = std::make_unique<FilterParts>(parts_.covers());
    covers_ = std::make_unique<StripFilter>(*covers_parts_);
    assert(covers_->strip_ >= strip_);  // of fewer channels
    for (Scratch& own : scratch_) own.covers = std::make_unique<Scratch>(covers_->make_scratch());
    covers_->scratch_.clear();
}

// The ring holds what a block of results reads. Of a box, with a stride, or where a block would leave the threads
// without work or the ring would be too large, a block is one row.
void StripFilter::plan_ring() {
    const FilterPlan& plan = parts_.plan;
    block_ = !box_ && plan.stride == 1 && kSumRows * plan.dilation <= share() ? kSumRows * plan.dilation : 1;
    slots_ = plan.effective_rows() + block_ - 1;
    const std::int64_t near = kNearBytes / static_cast<std::int64_t>(sizeof(float)) / slots_;
    std::int64_t samples = std::max(kLeastStrip, near / kLeastStrip * kLeastStrip);
    if (box_) {  // wide beside what each strip reads more, but for scratch memory: the ring, and as many sums
        const std::int64_t beside = plan.cols * parts_.channels;
        const std::int64_t room = kRingBytes / (2 * slots_ * static_cast<std::int64_t>(sizeof(float))) - beside;
        samples = std::max(samples, std::min(4 * beside, room) / kTileSamples * kTileSamples);
    }
    strip_ = std::min(plan.output.w, samples / parts_.channels);
    const std::int64_t read = parts_.pixels_read(strip_);
    phases_ = {plan.stride, (read + plan.stride - 1) / plan.stride};
    read_samples_ = round_up(std::max(read, phases_.pixels()) * parts_.channels, kLineSamples);
    const auto fits = [&](std::int64_t rows) {
        return rows * read_samples_ * static_cast<std::int64_t>(sizeof(float)) <= kRingBytes;
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
    for (const FilterPlan::Product& product : plan.products) {
        if (is_down_column(plan.rows)) quick_down_.push_back(down_column(product.column));
        quick_across_.push_back({product.across, shifts});
    }
    if (plan.separable()) {
        down_ = RowPass(plan.products.front().column, plan.rows, 1, {0});
        across_ = RowPass(plan.products.front().across, 1, plan.cols, std::move(shifts));
    } else {
        down_ = RowPass(plan.weights, plan.rows, plan.cols, std::move(shifts));
    }
    // Products meet infinity with weights of both signs, where their sum has one: NaN instead of infinity.
    const bool several = plan.products.size() > 1;
    careful_ = parts_.depth == Depth::f32 && (across_.has_zeros || down_.has_zeros || several);
    quick_ = !plan.products.empty() && plan.stride == 1 && is_down_column(plan.rows) &&
             (several || !(careful_ || down_.sparse || across_.sparse));
    bytes_ = quick_ && !several && plan.cols <= kAcrossAtOnce && parts_.result_depth == Depth::u8 &&
             !parts_.has_alpha && parts_.finish.only_rounds();
}

// Whether rows can be summed as they lie in the image: a full kernel reads every sample many times, which must be
// float32 and in the right order then. There are no sums of signed samples, which are rarely filtered again.
bool StripFilter::reads_in_place() const {
    if (parts_.has_alpha || !parts_.in_place || careful_ || down_.sparse || parts_.depth == Depth::s16) return false;
    return parts_.plan.separable() || quick_ || (parts_.depth == Depth::f32 && parts_.plan.stride == 1);
}

// What reads beyond the left or right border in strips of its own, as narrow as can be; what lies between in equal ones.
void StripFilter::make_strips() {
    const FilterPlan& plan = parts_.plan;
    const std::int64_t width = plan.output.w;
    const std::int64_t unit = kTileSamples / parts_.channels;
    const auto add = [&](std::int64_t from, std::int64_t to, bool in_place) {
        const std::int64_t count = (to - from + strip_ - 1) / strip_;
        const std::int64_t pixels = count == 0 ? 0 : std::min(strip_, round_up((to - from + count - 1) / count, unit));
        for (; from < to; from += pixels) strips_.push_back({from, std::min(pixels, to - from), in_place});
    };
    std::int64_t begin = width, end = width;  // results that read inside, in whole units
    const std::int64_t last =
        parts_.image_size.w - plan.effective_cols() + plan.left;  // column that reads the last one
    if (reads_in_place() && last >= 0) {
        begin = std::min(width, round_up((std::max<std::int64_t>(plan.left, 0) + plan.stride - 1) / plan.stride, unit));
        end = std::min(width, last / plan.stride + 1);
        if (end < width) end = end / unit * unit;
        if (end <= begin) begin = end = width;
    }
    add(0, begin, false);
    add(begin, end, true);
    add(end, width, false);
}

StripFilter::Scratch StripFilter::make_scratch() const {
    Scratch own;
    own.rows.resize(static_cast<std::size_t>(slots_ * read_samples_));
    own.held.assign(static_cast<std::size_t>(slots_), kNone);
    own.finite.assign(static_cast<std::size_t>(slots_), 1);
    const auto inputs = static_cast<std::size_t>(parts_.plan.rows + 2 * kSumRows - 1);
    std::apply([&](auto&... each) { (each.resize(inputs), ...); }, own.inputs);
    own.plain.resize(static_cast<std::size_t>(read_samples_));
    if (!parts_.plan.products.empty() && !box_) own.between = TwinRows(kSumRows, read_samples_);
    if (parts_.plan.separable() && parts_.plan.stride > 1) own.by_phase.resize(own.plain.size());
    if (box_) {
        const auto row = static_cast<std::size_t>(read_samples_ + kLineSamples);
        own.box.rest.resize(static_cast<std::size_t>(parts_.plan.rows) * row);
        own.box.begun.resize(row);
        own.box.sums.resize(row);
    }
    own.sums.resize(static_cast<std::size_t>(kSumRows * round_up(strip_ * parts_.channels, kLineSamples)));
    return own;
}

// Rows of results that each thread has to make.
std::int64_t StripFilter::share() const { return (parts_.plan.output.h + parts_.threads - 1) / parts_.threads; }

// Bands tall enough that the rows they share with their neighbours cost little, short enough to share the work.
std::int64_t StripFilter::band() const {
    const std::int64_t tall = std::clamp<std::int64_t>(
        (box_ ? 8 : 4) * parts_.plan.effective_rows() / parts_.plan.stride, 32, std::max<std::int64_t>(share(), 32));
    return round_up(tall, block_);
}

}  // namespace convlens
