#include "core/engine/filter/filter_part.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <vector>

#include "core/engine/filter/filter_plan.h"
#include "core/engine/filter/ready_filter.h"

namespace convlens {

namespace {

double milliseconds() {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Rows or columns [begin, end).
struct Range {
    std::int64_t begin = 0, end = 0;
};

// How a step reads along one axis of its input.
struct Reading {
    std::int64_t before = 0;  // of the result's own place
    std::int64_t length = 1;  // read for one result
    std::int64_t stride = 1;
    PadMode border = PadMode::reflect;
};

// What of [0, size) is read for results, those included that stand outside as well, and their own places, whose alpha may
// be kept. It begins where a result does.
Range read_for(const Range& results, const Reading& reading, std::int64_t size) {
    const std::int64_t own_first = results.begin * reading.stride, own_last = (results.end - 1) * reading.stride;
    const std::int64_t first = std::min(own_first, own_first - reading.before);
    const std::int64_t last = std::max(own_last + 1, own_last - reading.before + reading.length);
    if (reading.border == PadMode::circular && (first < 0 || last > size)) return {0, size};
    Range range{std::clamp<std::int64_t>(first, 0, size - 1), std::clamp<std::int64_t>(last, 1, size)};
    if (reading.border == PadMode::reflect || reading.border == PadMode::symmetric) {
        if (first < 0) range.end = std::max(range.end, std::min(size, 1 - first));
        if (last > size) range.begin = std::min(range.begin, std::max<std::int64_t>(0, 2 * size - last - 1));
    }
    range.begin = range.begin / reading.stride * reading.stride;
    return range;
}

PixelRect read_for(const PixelRect& results, const FilterPlan& plan, Size2 size) {
    const Range rows = read_for({results.y, results.y + results.h},
                                {plan.top, plan.effective_rows(), plan.stride, plan.border}, size.h);
    const Range cols = read_for({results.x, results.x + results.w},
                                {plan.left, plan.effective_cols(), plan.stride, plan.border}, size.w);
    return {cols.begin, rows.begin, cols.end - cols.begin, rows.end - rows.begin};
}

// Of the image and of each step's result: their sizes, and what is needed of them.
struct Needed {
    std::vector<Size2> sizes;
    std::vector<PixelRect> parts;

    Needed(const Image& image, std::span<const FilterStep> chain, const PixelRect& wanted)
        : sizes{{image.height(), image.width()}}, parts(chain.size() + 1, wanted) {
        std::vector<FilterPlan> plans;
        for (const FilterStep& step : chain) {
            plans.push_back(plan_filter(step, sizes.back().w, sizes.back().h, image.depth()));
            sizes.push_back(plans.back().output);
        }
        for (std::size_t i = chain.size(); i > 0; --i) parts[i - 1] = read_for(parts[i], plans[i - 1], sizes[i - 1]);
    }
};

}  // namespace

PixelRect common(const PixelRect& a, const PixelRect& b) {
    const std::int64_t x = std::max(a.x, b.x), y = std::max(a.y, b.y);
    return {x, y, std::min(a.x + a.w, b.x + b.w) - x, std::min(a.y + a.h, b.y + b.h) - y};
}

Image crop(const Image& image, const PixelRect& part) {
    assert(!part.empty() && common(part, {0, 0, image.width(), image.height()}) == part);
    Image result(part.w, part.h, image.channels(), image.depth());
    const std::size_t pixel = static_cast<std::size_t>(image.channels()) * bytes_per_sample(image.depth());
    for (std::int64_t y = 0; y < part.h; ++y) {
        const std::size_t from = static_cast<std::size_t>(part.y + y) * image.row_bytes();
        std::ranges::copy(
            image.bytes().subspan(from + static_cast<std::size_t>(part.x) * pixel, result.row_bytes()),
            result.bytes().begin() + static_cast<std::ptrdiff_t>(y) * static_cast<std::ptrdiff_t>(result.row_bytes()));
    }
    return result;
}

PartSize part_size(const Image& image, std::span<const FilterStep> chain, const PixelRect& wanted) {
    PartSize size;
    const Needed needed(image, chain, wanted);
    for (const PixelRect& part : needed.parts) size.part += part.w * part.h;
    for (const Size2& whole : needed.sizes) size.whole += whole.w * whole.h;
    return size;
}

std::optional<Image> filter_part(const Image& image, std::span<const FilterStep> chain, const PixelRect& wanted,
                                 const FilterOptions& options, const std::stop_token& stop,
                                 std::optional<KnownSteps> begun, std::span<StepTiming> timings) {
    const auto [depth, known] = begun.value_or(KnownSteps{image.depth(), 0});
    const std::span<const FilterStep> left = chain.subspan(known);
    const std::vector<PixelRect> needed = Needed(image, left, wanted).parts;
    Image part = crop(image, needed.front());
    for (std::size_t i = 0; i < left.size(); ++i) {
        ReadyFilter ready(left[i], part, step_options(options, depth, known + i, chain.size()));
        Image made = ready.make_result();
        const double began = milliseconds();
        if (!ready.run(part, made, stop)) return std::nullopt;
        if (!timings.empty()) {
            timings[i].ms += milliseconds() - began;
            timings[i].method = ready.method();
        }
        const PixelRect& next = needed[i + 1];
        const std::int64_t stride = left[i].stride;
        part = crop(made, {next.x - needed[i].x / stride, next.y - needed[i].y / stride, next.w, next.h});
    }
    return part;
}

}  // namespace convlens
