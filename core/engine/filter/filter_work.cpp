#include "core/engine/filter/filter_work.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/engine/filter/filter_plan.h"
#include "core/text/printable.h"

namespace convlens {

namespace {

constexpr double kMostProducts = 1e14;
constexpr double kMostBytes = 1.0 * (1 << 30);
constexpr std::int64_t kStripSamples = 768;  // the least strip of StripFilter

}  // namespace

FilterWork work_of(const FilterStep& step, std::int64_t width, std::int64_t height, int channels, Depth depth) {
    const FilterPlan plan = plan_filter(step, width, height, depth);
    const std::int64_t strip = std::min<std::int64_t>(plan.output.w, kStripSamples / channels);
    const std::int64_t strips = (plan.output.w + strip - 1) / strip;
    const std::int64_t read = strip * plan.stride + plan.effective_cols();  // pixels of a row in a strip
    const auto zeros = static_cast<double>(std::ranges::count(plan.weights, 0.0F));
    const auto rows = static_cast<double>(plan.output.h) * channels;
    FilterWork work;
    work.bytes = static_cast<double>(read) * channels * sizeof(float) * static_cast<double>(plan.rows);
    if (plan.is_box()) {
        work.products = 4 * rows * static_cast<double>(plan.output.w + strips * plan.effective_cols());
    } else if (!plan.products.empty()) {
        work.products = rows * static_cast<double>(plan.products.size()) *
                        (static_cast<double>(strips * read) * static_cast<double>(plan.rows) +
                         static_cast<double>(plan.output.w) * static_cast<double>(plan.cols));
    } else {
        work.products = rows * static_cast<double>(plan.output.w) * (static_cast<double>(plan.weights.size()) - zeros);
    }
    return work;
}

std::optional<Message> too_much_work(const FilterStep& step, std::int64_t width, std::int64_t height, int channels,
                                     Depth depth) {
    const FilterWork work = work_of(step, width, height, channels, depth);
    const bool slow = work.products > kMostProducts;
    if (!slow && work.bytes <= kMostBytes) return std::nullopt;
    const std::int64_t side = std::max<std::int64_t>({step.kernel.rows, step.kernel.cols, 2});
    const std::int64_t fits = std::max<std::int64_t>(1, (std::max(width, height) - 1) / (side - 1));
    const auto rows = "rows"_is(step.kernel.rows);
    const auto columns = "columns"_is(step.kernel.cols);
    const auto w = "width"_is(width);
    const auto h = "height"_is(height);
    Message need =
        slow ? msg("{rows}×{columns} weights over {width} × {height} px need {products} products, and above 1e14 they "
                   "take days.",
                   rows, columns, w, h, "products"_is(fmt::format("{:.1e}", work.products)))
             : msg("{rows}×{columns} weights over {width} × {height} px need {memory} GiB of memory for the rows that "
                   "they read; the limit is 1 GiB.",
                   rows, columns, w, h, "memory"_is(fmt::format("{:.1f}", work.bytes / (1 << 30))));
    if (fits < step.dilation)
        return msg("{need} With a dilation of at most {dilation} the kernel spans no more than the image.",
                   "need"_is(std::move(need)), "dilation"_is(fits));
    return msg("{need} Use a smaller kernel, a stride or a smaller image.", "need"_is(std::move(need)));
}

std::optional<Message> too_much_work(std::span<const FilterStep> chain, const Image& image) {
    std::int64_t width = image.width(), height = image.height();
    for (const FilterStep& step : chain) {
        if (const auto reason = too_much_work(step, width, height, image.channels(), image.depth()))
            return msg("{filter}: {reason}", "filter"_is(printable(step.name)), "reason"_is(*reason));
        width = (width - 1) / step.stride + 1;
        height = (height - 1) / step.stride + 1;
    }
    return std::nullopt;
}

}  // namespace convlens
