#include "core/engine/filter/box_filter.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "core/base/parallel.h"
#include "core/engine/filter/running.h"
#include "core/engine/filter/samples.h"

namespace convlens {

namespace {

constexpr std::int64_t kLeastCells = 25;  // of a box; a smaller one is quicker as products
constexpr std::int64_t kLeastSides = 20;  // rows and columns together, of float32, whose products are quicker
constexpr std::int64_t kLeastBand = 32;

// What a bound of whole samples allows the box to come to.
bool fits(const FilterPlan& plan, double white, double bound) {
    return static_cast<double>(plan.rows) * static_cast<double>(plan.cols) * white <= bound;
}
// Whether sums may be divided as they are weighed, by a product. Float32 is weighed in float64. A byte must be the one
// that the exact quotient becomes: of whole weights over an odd divisor that is never half way between two, but at
// least 1 / (2 divisor) off; two roundings move a result of up to `white` by less than white / 2^23.
bool divides_as_it_weighs(const FilterParts& parts) {
    const FilterPlan& plan = parts.plan;
    if (parts.has_alpha || parts.depth != parts.result_depth) return false;
    if (parts.depth == Depth::f32) return true;
    const double divisor = std::abs(static_cast<double>(plan.divisor));
    const float weight = plan.weights.front();
    return parts.depth == Depth::u8 && plan.offset == 0 && std::fmod(divisor, 2) == 1 && weight == std::floor(weight) &&
           fits(plan, white(Depth::u8), 0x1p24) && white(Depth::u8) * 0x1p-23 < 0.5 / divisor;
}
FilterPlan undivided(FilterPlan plan) {
    plan.divisor = 1;
    return plan;
}
bool has_short_columns(const FilterParts& parts) {
    return parts.depth == Depth::u8 && parts.plan.rows * white(Depth::u8) <= std::numeric_limits<std::uint16_t>::max();
}

// Calls body(sample, sum) with values of the types that hold the image's samples and the sums of its columns.
template <typename Body>
void with_box_types(const FilterParts& parts, const Body& body) {
    if (parts.depth == Depth::f32) return body(float{}, double{});
    if (parts.depth == Depth::u16) return body(std::uint16_t{}, std::uint32_t{});
    if (has_short_columns(parts)) return body(std::uint8_t{}, std::uint16_t{});
    body(std::uint8_t{}, std::uint32_t{});
}

}  // namespace

bool BoxFilter::can(const FilterParts& parts) {
    const FilterPlan& plan = parts.plan;
    if (parts.filters_alpha() || parts.depth == Depth::s16) return false;
    if (!plan.is_box() || plan.rows * plan.cols < kLeastCells) return false;
    if (parts.depth == Depth::f32) return plan.rows + plan.cols >= kLeastSides;
    const float outside = plan.border_value;
    if (outside < 0 || outside > white(parts.depth) || outside != std::floor(outside)) return false;
    return fits(plan, white(parts.depth), std::numeric_limits<std::int32_t>::max());
}

// What the rounding of its sums can do to a result. A column's sum is at most the box's rows times the largest sample; a
// row that comes and one that goes round it by up to three units of that. A sum along a row is at most as many times more
// as the row has columns; from the beginning to the end of a box it is rounded once for each pixel, and either end may
// have one rounding of its own. A unit is 2^-53 of the box's cells times the largest sample.
bool BoxFilter::takes(const FilterRun& run) const {
    if (run.alpha != AlphaRule::none) return false;
    if (parts_.depth != Depth::f32) return true;
    constexpr double kUnit = 0x1p-53;
    constexpr double kMostError = 1e-6;
    const FilterPlan& plan = parts_.plan;
    const std::int64_t roundings = 2 * parts_.pixels_read(plan.output.w) + 3 * plan.output.h + plan.rows + 4;
    const double scale = parts_.gain() / std::abs(static_cast<double>(plan.divisor));
    const double weight = std::abs(static_cast<double>(plan.weights.front())) * scale;
    const double largest = static_cast<double>(plan.rows * plan.cols) * parts_.peak(run.image);
    if (largest > std::numeric_limits<float>::max()) return false;  // sums are float32 in places
    return weight * largest * static_cast<double>(roundings) * kUnit <= kMostError;
}

BoxFilter::BoxFilter(const FilterParts& parts) : parts_(parts), finish_(parts.finish) {
    const FilterPlan& plan = parts.plan;
    weight_ = static_cast<double>(plan.weights.front());
    if (divides_as_it_weighs(parts)) {
        weight_ /= static_cast<double>(plan.divisor);
        finish_ = RowResult(undivided(plan), parts.depth, parts.options);
    }
    const std::int64_t width = parts.image_size.w;
    before_ = std::max<std::int64_t>(plan.left, 0);
    first_ = before_ - plan.left;
    const std::int64_t after = std::max<std::int64_t>(parts.pixels_read(plan.output.w) - plan.left - width, 0);
    for (std::int64_t i = 0; i < before_ + after; ++i) {
        const std::int64_t column = i < before_ ? i - before_ : i - before_ + width;
        beside_.push_back(source_index(column, width, plan.border).value_or(-1));
    }
    const auto columns = static_cast<std::size_t>((before_ + width + after) * parts.channels + kRunningRoom);
    with_box_types(parts, [&](auto sample, auto sum) {
        std::get<std::vector<decltype(sample)>>(outside_).assign(static_cast<std::size_t>(width * parts.channels),
                                                                 static_cast<decltype(sample)>(plan.border_value));
        const std::int64_t workers = std::min<std::int64_t>(parts.threads, (plan.output.h + band() - 1) / band());
        for (std::int64_t i = 0; i < workers; ++i) {
            Scratch own;
            own.columns = AlignedVector<decltype(sum)>(columns);
            own.running =
                AlignedVector<RunningTotal<decltype(sum)>>(columns + static_cast<std::size_t>(parts.channels));
            own.sums.resize(static_cast<std::size_t>(samples()));
            scratch_.push_back(std::move(own));
        }
    });
}

// The rows of one band, by one thread.
template <typename T, typename Sum>
struct BoxFilter::Band {
    const BoxFilter& filter;
    const FilterRun& run;
    Scratch& own;

    const FilterParts& parts() const { return filter.parts_; }
    const FilterPlan& plan() const { return filter.parts_.plan; }
    Sum* columns() const { return std::get<AlignedVector<Sum>>(own.columns).data(); }
    Sum* inside() const { return columns() + filter.before_ * parts().channels; }

    void rows(std::int64_t first, std::int64_t last) const {
        const std::int64_t width = parts().image_size.w * parts().channels;
        const std::int64_t top = first - plan().top;
        std::fill_n(inside(), width, Sum{0});
        for (std::int64_t i = 0; i < plan().rows && !run.stop.stop_requested(); ++i)
            add_to_columns(row(top + i), width, inside());
        for (std::int64_t y = first; y < last && !run.stop.stop_requested(); ++y) {
            const std::int64_t above = y - plan().top - 1;
            if (y > first) move_columns(row(above + plan().rows), row(above), width, inside());
            write(y);
        }
        if (parts().past_cache) finish_past_cache();
    }

    // A row of the endless image, the image's columns of it.
    const T* row(std::int64_t y) const {
        const std::int64_t in_image = parts().source.row(y);
        if (in_image < 0) return std::get<std::vector<T>>(filter.outside_).data();
        return run.image.row<T>(in_image).data();
    }

    void write(std::int64_t y) const {
        fill_beside();
        const bool straight = parts().is_straight(filter.finish_);
        float* out = straight ? run.result.row<float>(y).data() : own.sums.data();
        const std::int64_t most = plan().rows * static_cast<std::int64_t>(white(parts().depth));
        sum_running_across(columns() + filter.first_ * parts().channels,
                           {plan().cols, parts().channels, filter.samples(), filter.weight_, most},
                           std::get<AlignedVector<RunningTotal<Sum>>>(own.running).data(), out);
        if (straight) return;
        if (parts().has_alpha) return parts().write(own.sums, run, y, 0, true);
        filter.finish_.write(own.sums, run.result, y, 0, parts().past_cache);
    }

    // The columns beside the image, from those of the image.
    void fill_beside() const {
        const std::int64_t channels = parts().channels;
        const auto outside = static_cast<Sum>(static_cast<double>(plan().rows) * plan().border_value);
        const auto count = static_cast<std::int64_t>(filter.beside_.size());
        for (std::int64_t i = 0; i < count; ++i) {
            Sum* to = i < filter.before_ ? columns() + i * channels
                                         : inside() + (i - filter.before_ + parts().image_size.w) * channels;
            const std::int64_t column = filter.beside_[static_cast<std::size_t>(i)];
            for (std::int64_t c = 0; c < channels; ++c) to[c] = column < 0 ? outside : inside()[column * channels + c];
        }
    }
};

// Each begins with as many rows as the box has, which cost about a third of a row of results.
std::int64_t BoxFilter::band() const {
    if (parts_.threads == 1) return parts_.plan.output.h;
    const std::int64_t share = (parts_.plan.output.h + parts_.threads - 1) / parts_.threads;
    return std::clamp<std::int64_t>(4 * parts_.plan.rows, kLeastBand, std::max(share, kLeastBand));
}

void BoxFilter::run(const FilterRun& run) {
    with_box_types(parts_, [&](auto sample, auto sum) {
        for_bands(parts_.plan.output.h, band(), parts_.threads, [&](std::int64_t first, std::int64_t last, int worker) {
            Band<decltype(sample), decltype(sum)>{*this, run, scratch_[static_cast<std::size_t>(worker)]}.rows(first,
                                                                                                               last);
        });
    });
}

}  // namespace convlens
