// Chooses how a filter step is computed.
#include "core/engine/filter/ready_filter.h"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cmath>
#include <optional>

#include "core/base/parallel.h"
#include "core/engine/filter/box_filter.h"
#include "core/engine/filter/samples.h"
#include "core/engine/filter/strip_filter.h"
#include "core/engine/filter/tile_filter.h"

namespace convlens {

namespace {

constexpr std::int64_t kCacheBytes = 16 << 20;  // float32 results above this are written past the cache

bool takes_tiles(const FilterParts& parts) {
    if (!TileFilter::can(parts)) return false;
    switch (parts.options.method) {
        case FilterMethod::sums: return false;
        case FilterMethod::fourier: return true;
        case FilterMethod::automatic: break;
    }
    return TileFilter::pays(parts);
}

}  // namespace

FilterParts::FilterParts(const FilterStep& step, const Image& like, const FilterOptions& the_options)
    : options(the_options),
      plan(plan_filter(step, like.width(), like.height(), scale_of(like.depth(), the_options))),
      source(plan, like, the_options),
      finish(plan, like.depth(), the_options),
      channels(like.channels()),
      has_alpha(like.has_alpha()),
      image_size{like.height(), like.width()},
      depth(like.depth()),
      result_depth(result_kind(like.depth(), the_options).depth),
      threads(thread_count(the_options.threads)) {
    const std::int64_t samples = plan.output.h * plan.output.w * channels;
    past_cache = result_depth == Depth::f32 && samples * static_cast<std::int64_t>(sizeof(float)) > kCacheBytes;
}

FilterParts FilterParts::covers() const {
    FilterParts parts = *this;
    parts.plan = plan.absolute();
    parts.source = source.of_alpha();
    parts.channels = 1;
    parts.has_alpha = false;
    parts.in_place = false;
    return parts;
}

void FilterParts::write(std::span<float> sums, const FilterRun& run, std::int64_t y, std::int64_t first, bool past,
                        std::span<const float> covers) const {
    if (has_alpha) return finish.write_with_alpha(sums, covers, run.image, run.alpha, run.result, y, first);
    finish.write(sums, run.result, y, first * channels, past && past_cache);
}

float FilterParts::peak(const Image& image) const {
    constexpr std::int64_t kRows = 32;  // at a time
    std::atomic<float> most = std::isfinite(plan.border_value) ? std::abs(plan.border_value) : INFINITY;
    for_bands(image.height(), kRows, threads, [&](std::int64_t first, std::int64_t last) {
        float largest = 0;
        for (std::int64_t y = first; y < last; ++y) largest = std::max(largest, convlens::peak(image.row<float>(y)));
        float seen = most;
        while (seen < largest && !most.compare_exchange_weak(seen, largest)) {
        }
    });
    return most;
}

struct ReadyFilter::Methods {
    Methods(const FilterStep& step, const Image& like, const FilterOptions& options) : parts(step, like, options) {
        if (takes_tiles(parts)) tiles.emplace(parts);
        if (!tiles && BoxFilter::can(parts)) boxes.emplace(parts);
        if (!tiles && !boxes) strips.emplace(parts);
    }
    FilterParts parts;
    std::optional<BoxFilter> boxes;
    std::optional<TileFilter> tiles;
    std::optional<StripFilter> strips;              // beside either, made for the first image that it cannot take
    FilterMethod method = FilterMethod::automatic;  // of the last run
};

ReadyFilter::ReadyFilter(const FilterStep& step, const Image& like, const FilterOptions& options)
    : methods_(std::make_unique<Methods>(step, like, options)) {}
ReadyFilter::~ReadyFilter() = default;
ReadyFilter::ReadyFilter(ReadyFilter&&) noexcept = default;
ReadyFilter& ReadyFilter::operator=(ReadyFilter&&) noexcept = default;

FilterMethod ReadyFilter::method() const { return methods_->method; }

Image ReadyFilter::make_result() const {
    const FilterParts& parts = methods_->parts;
    return Image(parts.plan.output.w, parts.plan.output.h, static_cast<int>(parts.channels), parts.result_depth);
}

bool ReadyFilter::run(const Image& image, Image& result, const std::stop_token& stop) {
    const FilterParts& parts = methods_->parts;
    assert(result.width() == parts.plan.output.w && result.height() == parts.plan.output.h);
    assert(result.depth() == parts.result_depth && image.depth() == parts.depth);
    assert(image.height() == parts.image_size.h && image.width() == parts.image_size.w);
    assert(image.channels() == parts.channels && result.channels() == parts.channels);
    const FilterRun run{image, alpha_rule(image, parts.plan, parts.options), result, stop};
    const bool by_tiles = methods_->tiles && methods_->tiles->takes(run);
    methods_->method = by_tiles ? FilterMethod::fourier : FilterMethod::sums;
    if (by_tiles) {
        methods_->tiles->run(run);
    } else if (methods_->boxes && methods_->boxes->takes(run)) {
        methods_->boxes->run(run);
    } else {
        if (!methods_->strips) methods_->strips.emplace(parts);
        methods_->strips->run(run);
    }
    return !stop.stop_requested();
}

}  // namespace convlens
