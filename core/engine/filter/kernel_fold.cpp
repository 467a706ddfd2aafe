#include "core/engine/filter/kernel_fold.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace convlens {

namespace {

// After how many pixels the endless image repeats itself along an axis; 0 where it does not.
std::int64_t period_of(PadMode border, std::int64_t length) {
    switch (border) {
        case PadMode::reflect: return std::max<std::int64_t>(2 * length - 2, 1);
        case PadMode::symmetric: return 2 * length;
        case PadMode::circular: return length;
        case PadMode::zeros:
        case PadMode::constant:
        case PadMode::replicate: break;
    }
    return 0;
}

// One axis: how far from its pixel a cell reads.
struct FoldedAxis {
    std::int64_t length = 1;  // of the image
    std::int64_t period = 0;
    std::int64_t dilation = 1;
    std::int64_t beyond() const { return (length + dilation - 1) / dilation; }  // cells that lead out of any image

    bool reaches_far(std::int64_t cells) const {
        return period > 0 ? cells * dilation > 2 * period : cells > 2 * beyond() + 3;
    }
    // Of `distance`, a multiple of the dilation: the one that stands for it.
    std::int64_t folded(std::int64_t distance, bool further) const {
        if (period == 0) {
            const std::int64_t most = beyond() * dilation;
            if (std::abs(distance) < most) return distance;
            const std::int64_t end = most + (further ? dilation : 0);
            return distance < 0 ? -end : end;
        }
        const std::int64_t within = (distance % period + period) % period;
        return within - (2 * within > period ? period : 0) + (further ? period : 0);
    }
};

// Where each cell of a row or a column leads.
std::vector<std::int64_t> folded(const FoldedAxis& axis, std::int64_t cells, std::int64_t before, bool further) {
    std::vector<std::int64_t> distances;
    for (std::int64_t i = 0; i < cells; ++i) distances.push_back(axis.folded(i * axis.dilation - before, further));
    return distances;
}

// What the cells of one axis lead to, those of positive weights and those of negative ones.
struct Leads {
    std::vector<std::int64_t> positive, negative;
    std::int64_t first = 0, last = 0;

    Leads(const FoldedAxis& axis, std::int64_t cells, std::int64_t before, bool mixed)
        : positive(folded(axis, cells, before, false)), negative(folded(axis, cells, before, mixed)) {
        first = std::min(std::ranges::min(positive), std::ranges::min(negative));
        last = std::max(std::ranges::max(positive), std::ranges::max(negative));
    }
    std::int64_t count(std::int64_t dilation) const { return (last - first) / dilation + 1; }
};

}  // namespace

std::optional<ReachingKernel> folded(const ReachingKernel& kernel, PadMode border, Size2 image_size) {
    const FoldedAxis rows{image_size.h, period_of(border, image_size.h), kernel.dilation};
    const FoldedAxis cols{image_size.w, period_of(border, image_size.w), kernel.dilation};
    if (!rows.reaches_far(kernel.rows) && !cols.reaches_far(kernel.cols)) return std::nullopt;
    const auto has = [&](auto sign) { return std::ranges::any_of(kernel.weights, sign); };
    const bool mixed = has([](double weight) { return weight < 0; }) && has([](double weight) { return weight > 0; });
    const Leads down(rows, kernel.rows, kernel.top, mixed), across(cols, kernel.cols, kernel.left, mixed);
    ReachingKernel result;
    result.dilation = kernel.dilation;
    if (rows.period > 0) result.dilation = std::gcd(std::gcd(kernel.dilation, rows.period), cols.period);
    result.rows = down.count(result.dilation);
    result.cols = across.count(result.dilation);
    if (result.rows > kMostFoldedCells / result.cols) return std::nullopt;
    result.top = -down.first;
    result.left = -across.first;
    result.weights.assign(static_cast<std::size_t>(result.rows * result.cols), 0);
    for (std::int64_t row = 0; row < kernel.rows; ++row) {
        for (std::int64_t col = 0; col < kernel.cols; ++col) {
            const double weight = kernel.weights[static_cast<std::size_t>(row * kernel.cols + col)];
            if (weight == 0) continue;
            const auto lead = [&](const Leads& leads, std::int64_t i) {
                const std::int64_t at = (weight < 0 ? leads.negative : leads.positive)[static_cast<std::size_t>(i)];
                return (at - leads.first) / result.dilation;
            };
            result.weights[static_cast<std::size_t>(lead(down, row) * result.cols + lead(across, col))] += weight;
        }
    }
    return result;
}

}  // namespace convlens
