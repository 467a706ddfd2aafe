#include "core/image/tile_filter.h"

#include <algorithm>
#include <cmath>

#include "core/engine/picture_planes.h"
#include "core/engine/picture_samples.h"
#include "core/parallel.h"

namespace convlens {

namespace {

// A tile's error is some 1e-13 of its largest sample times the weights, wherever that sample lies: a result in a dark
// corner has it too. Below 1e7 it is less than 1e-5; whole numbers are found again as long as it is less than a half.
constexpr double kMostOfSums = 1e7;
constexpr double kMostOfWholeSums = 1e11;

std::int64_t count_over(std::int64_t length, std::int64_t part) { return (length + part - 1) / part; }

struct TileCounts {
    std::int64_t across = 0, down = 0;
};
TileCounts tile_counts(const FilterPlan& plan) {
    return {count_over(plan.output.w, kFftSide - plan.effective_cols() + 1),
            count_over(plan.output.h, kFftSide - plan.effective_rows() + 1)};
}

// What a sample costs by sums, in products of a direct sum. A list of taps costs half as much again as a full kernel.
double products(const FilterPlan& plan, const FilterCosts& costs) {
    const auto zeros = std::count(plan.weights.begin(), plan.weights.end(), 0.0F);
    const auto all = static_cast<double>(plan.weights.size());
    double least = std::min(all, 1.5 * (all - static_cast<double>(zeros)));
    if (!plan.products.empty())
        least = costs.pass * static_cast<double>(plan.products.size()) * static_cast<double>(plan.rows + plan.cols);
    return plan.is_box() ? std::min(least, costs.box) : least;
}

bool is_whole(float value) { return value == std::floor(value); }

// Sums are whole numbers where everything that goes into them is.
bool has_whole_sums(const FilterParts& parts) {
    const std::vector<float>& weights = parts.plan.weights;
    return parts.depth != Depth::f32 && is_whole(parts.plan.border_value) &&
           std::all_of(weights.begin(), weights.end(), is_whole);
}

}  // namespace

bool TileFilter::can(const FilterParts& parts) {
    const FilterPlan& plan = parts.plan;
    return plan.stride == 1 && !parts.filters_alpha() && plan.effective_rows() <= kFftSide / 2 &&
           plan.effective_cols() <= kFftSide / 2;
}

bool TileFilter::pays(const FilterParts& parts) {
    const FilterPlan& plan = parts.plan;
    const TileCounts tiles = tile_counts(plan);
    const auto pairs = static_cast<double>(count_over(tiles.across * tiles.down, 2));
    const FilterCosts& costs = parts.options.costs;
    return pairs * costs.tiles < products(plan, costs) * static_cast<double>(plan.output.h * plan.output.w);
}

TileFilter::TileFilter(const FilterParts& parts)
    : parts_(parts),
      kernel_(parts.plan.weights, parts.plan.rows, parts.plan.cols, parts.plan.dilation, parts.plan.dilation) {
    const TileCounts counts = tile_counts(parts.plan);
    tiles_across_ = counts.across;
    tiles_ = counts.across * counts.down;
    whole_sums_ = has_whole_sums(parts);
    scratch_.resize(static_cast<std::size_t>(std::min<std::int64_t>(parts.threads, count_over(tiles_, 2))));
    for (Scratch& own : scratch_) {
        own.pixels.resize(static_cast<std::size_t>(kFftSide * parts.channels));
        own.planes.resize(static_cast<std::size_t>(2 * parts.channels * kFftTile));
    }
}

bool TileFilter::takes(const FilterRun& run) const {
    const double outside = std::abs(static_cast<double>(parts_.plan.border_value));
    const double largest = parts_.depth == Depth::f32 ? parts_.peak(run.image)
                                                      : std::max({outside, -least(parts_.depth), most(parts_.depth)});
    double weight_size = 0;
    for (const float weight : parts_.plan.weights) weight_size += std::abs(static_cast<double>(weight));
    return largest * weight_size <= (makes_whole(run) ? kMostOfWholeSums : kMostOfSums);
}

TileFilter::Tile TileFilter::tile(std::int64_t index) const {
    const Size2 output = parts_.plan.output;
    Tile tile;
    tile.y = index / tiles_across_ * kernel_.result_rows();
    tile.x = index % tiles_across_ * kernel_.result_cols();
    tile.rows = std::min(kernel_.result_rows(), output.h - tile.y);
    tile.cols = std::min(kernel_.result_cols(), output.w - tile.x);
    return tile;
}

// A plane a channel. What no result reads is zero.
void TileFilter::read_tile(const FilterRun& run, const Tile& tile, Scratch& own, float* planes) const {
    const std::int64_t rows = tile.rows + parts_.plan.effective_rows() - 1;
    const std::int64_t cols = parts_.pixels_read(tile.cols);
    const std::int64_t channels = parts_.channels;
    if (rows < kFftSide || cols < kFftSide) std::fill(planes, planes + channels * kFftTile, 0.0F);
    for (std::int64_t row = 0; row < rows; ++row) {
        float* to = planes + row * kFftPitch;
        float* pixels = channels == 1 ? to : own.pixels.data();
        parts_.source.read(run.image, run.alpha, tile.y + row - parts_.plan.top, tile.x, cols, pixels);
        if (channels > 1) split_pixels(pixels, channels, cols, {to, kFftTile});
    }
}

void TileFilter::write_tile(const FilterRun& run, const Tile& tile, Scratch& own, float* planes) const {
    const std::int64_t channels = parts_.channels;
    for (std::int64_t row = 0; row < tile.rows; ++row) {
        float* from = planes + row * kFftPitch;
        float* pixels = channels == 1 ? from : own.pixels.data();
        if (channels > 1) join_pixels({from, kFftTile}, channels, tile.cols, pixels);
        const std::span<float> sums(pixels, static_cast<std::size_t>(tile.cols * channels));
        if (makes_whole(run)) round_to_whole(sums);
        parts_.write(sums, run, tile.y + row, tile.x, false);
    }
}

void TileFilter::filter_pair(const FilterRun& run, std::int64_t pair, Scratch& own) const {
    const Tile first = tile(2 * pair);
    const bool both = 2 * pair + 1 < tiles_;
    const Tile second = tile(both ? 2 * pair + 1 : 2 * pair);
    float* const a = own.planes.data();
    float* const b = both ? a + parts_.channels * kFftTile : nullptr;
    read_tile(run, first, own, a);
    if (both) read_tile(run, second, own, b);
    for (std::int64_t c = 0; c < parts_.channels; ++c)
        kernel_.sums(a + c * kFftTile, both ? b + c * kFftTile : nullptr, own.transform);
    write_tile(run, first, own, a);
    if (both) write_tile(run, second, own, b);
}

void TileFilter::run(const FilterRun& run) {
    for_bands(count_over(tiles_, 2), 1, parts_.threads, [&](std::int64_t pair, std::int64_t, int worker) {
        if (!run.stop.stop_requested()) filter_pair(run, pair, scratch_[static_cast<std::size_t>(worker)]);
    });
}

}  // namespace convlens
