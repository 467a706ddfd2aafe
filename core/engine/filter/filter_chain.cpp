#include "core/engine/filter/filter_chain.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <utility>

#include "core/engine/filter/filter_part.h"
#include "core/engine/filter/ready_filter.h"

namespace convlens {

namespace {

constexpr std::int64_t kLeastBand = 32;
constexpr double kMostRepeated = 1.25;  // what bands may cost, the rows included that neighbours make as well

double milliseconds() {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::optional<Image> filter_whole(const Image& image, std::span<const FilterStep> chain, const FilterOptions& options,
                                  const std::stop_token& stop, std::span<StepTiming> timings) {
    Image latest;
    for (std::size_t i = 0; i < chain.size(); ++i) {
        std::optional<Image> result =
            filter_chain_step(i == 0 ? image : latest, chain, i, image.depth(), options, stop, timings[i]);
        if (!result) return std::nullopt;
        latest = std::move(*result);
    }
    return latest;
}

// Rows of the result in a band; all of them where one band is best.
std::int64_t band_rows(const Image& image, std::span<const FilterStep> chain, std::int64_t most_between) {
    const std::int64_t stride = chain_stride(chain, chain.size());
    const Size2 result{(image.height() - 1) / stride + 1, (image.width() - 1) / stride + 1};
    const bool two_at_once = chain.size() > 2;  // what a step in the middle reads and what it makes
    const std::int64_t samples = image.width() * image.height() * image.channels() / chain.front().stride;
    const std::int64_t bytes = samples / chain.front().stride * static_cast<std::int64_t>(sizeof(float));
    const std::int64_t between = chain.size() < 2 ? 0 : two_at_once ? 2 * bytes : bytes;
    if (between <= most_between) return result.h;
    const std::int64_t rows = std::max(kLeastBand, result.h * most_between / between);
    if (rows >= result.h) return result.h;
    for (const std::int64_t y : {std::int64_t{0}, (result.h - rows) / 2}) {
        const PartSize size = part_size(image, chain, {0, y, result.w, rows});
        const double share = static_cast<double>(rows) / static_cast<double>(result.h);
        if (static_cast<double>(size.part) > kMostRepeated * share * static_cast<double>(size.whole)) return result.h;
    }
    return rows;
}

std::optional<Image> filter_bands(const Image& image, std::span<const FilterStep> chain, std::int64_t rows,
                                  const FilterOptions& options, const std::stop_token& stop,
                                  std::span<StepTiming> timings) {
    const std::int64_t stride = chain_stride(chain, chain.size());
    Image result((image.width() - 1) / stride + 1, (image.height() - 1) / stride + 1, image.channels(),
                 options.save_as.value_or(image.depth()));
    for (std::int64_t y = 0; y < result.height(); y += rows) {
        const PixelRect band{0, y, result.width(), std::min(rows, result.height() - y)};
        const std::optional<Image> made = filter_part(image, chain, band, options, stop, {}, timings);
        if (!made) return std::nullopt;
        std::ranges::copy(made->bytes(),
                          result.bytes().subspan(static_cast<std::size_t>(y) * result.row_bytes()).begin());
    }
    return result;
}

}  // namespace

FilterOptions step_options(const FilterOptions& options, Depth depth, std::size_t step, std::size_t count) {
    FilterOptions made = options;
    made.save_as = options.save_as.value_or(depth);
    made.place.scale = step > 0 ? std::optional(depth) : std::nullopt;
    made.place.goes_on = step + 1 < count;
    return made;
}

std::int64_t chain_stride(std::span<const FilterStep> chain, std::size_t steps) {
    std::int64_t stride = 1;
    for (const FilterStep& step : chain.first(steps)) stride *= step.stride;
    return stride;
}

std::optional<Image> filter_chain_step(const Image& before, std::span<const FilterStep> chain, std::size_t step,
                                       Depth depth, const FilterOptions& options, const std::stop_token& stop,
                                       StepTiming& timing) {
    const double began = milliseconds();
    ReadyFilter ready(chain[step], before, step_options(options, depth, step, chain.size()));
    Image result = ready.make_result();
    if (!ready.run(before, result, stop)) return std::nullopt;
    timing.ms += milliseconds() - began;
    timing.method = ready.method();
    return result;
}

std::optional<Image> filter_chain(const Image& image, std::span<const FilterStep> chain, const FilterOptions& options,
                                  const std::stop_token& stop, std::vector<StepTiming>* timings, std::int64_t between) {
    std::vector<StepTiming> all(chain.size());
    if (chain.empty()) return converted(image, options.save_as.value_or(image.depth()));
    const std::int64_t rows = band_rows(image, chain, between);
    const std::int64_t results = (image.height() - 1) / chain_stride(chain, chain.size()) + 1;
    std::optional<Image> result = rows < results ? filter_bands(image, chain, rows, options, stop, all)
                                                 : filter_whole(image, chain, options, stop, all);
    if (timings) timings->insert(timings->end(), all.begin(), all.end());
    return result;
}

}  // namespace convlens
