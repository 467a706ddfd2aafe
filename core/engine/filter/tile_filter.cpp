#include "core/engine/filter/tile_filter.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/parallel.h"
#include "core/engine/filter/planes.h"
#include "core/engine/filter/samples.h"

namespace convlens {

namespace {

// A tile's error is some 1e-13 of its largest sample times the weights, wherever that sample lies: a result in a dark
// corner has it too. Below 1e7 it is less than 1e-5; whole numbers are found again as long as it is less than a half.
constexpr double kMostOfSums = 1e7;
constexpr double kMostOfWholeSums = 1e11;
// Of what a division by the mean of alpha leaves of such an error: 1e-6 of a sample.
constexpr double kErrorOverMost = 1e-13 / 1e-6;

constexpr std::int64_t kCounts = (kFftSide + 1) * (kFftSide + 1);

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
    planes_ = parts.channels;
    if (parts.needs_covers()) {
        const FilterPlan plan = parts.plan.absolute();
        covers_.emplace(plan.weights, plan.rows, plan.cols, plan.dilation, plan.dilation);
        ++planes_;
    }
    scratch_.resize(static_cast<std::size_t>(std::min<std::int64_t>(parts.threads, count_over(tiles_, 2))));
    for (Scratch& own : scratch_) {
        own.pixels.resize(static_cast<std::size_t>(kFftSide * parts.channels));
        own.planes.resize(static_cast<std::size_t>(2 * planes_ * kFftTile));
        if (!parts.has_alpha) continue;
        own.visible.resize(static_cast<std::size_t>(2 * kCounts));
        own.covers.resize(static_cast<std::size_t>(kFftSide));
        own.window.resize(static_cast<std::size_t>(kFftSide * parts.channels));
    }
}

double TileFilter::largest_sample(const FilterRun& run) const {
    if (parts_.depth == Depth::f32) return parts_.peak(run.image);
    const double outside = std::abs(static_cast<double>(parts_.plan.border_value));
    return std::max({outside, -least(parts_.depth), most(parts_.depth)});
}

double TileFilter::weight_size() const {
    double size = 0;
    for (const float weight : parts_.plan.weights) size += std::abs(static_cast<double>(weight));
    return size;
}

bool TileFilter::takes(const FilterRun& run) const {
    return largest_sample(run) * weight_size() <= (makes_whole(run) ? kMostOfWholeSums : kMostOfSums);
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
    if (covers_ && run.alpha == AlphaRule::kept)
        std::copy_n(planes + (channels - 1) * kFftTile, kFftTile, planes + channels * kFftTile);
}

// visible[row][col]: pixels with alpha in the rows above `row` and the columns left of `col` of what the tile reads.
void TileFilter::count_visible(const Tile& tile, const float* alpha, std::int32_t* visible) const {
    const std::int64_t rows = tile.rows + parts_.plan.effective_rows() - 1;
    const std::int64_t cols = parts_.pixels_read(tile.cols);
    std::fill_n(visible, cols + 1, 0);
    for (std::int64_t row = 0; row < rows; ++row) {
        const std::int32_t* const above = visible + row * (kFftSide + 1);
        std::int32_t* const counts = visible + (row + 1) * (kFftSide + 1);
        std::int32_t in_row = 0;
        counts[0] = 0;
        for (std::int64_t col = 0; col < cols; ++col) {
            in_row += alpha[row * kFftPitch + col] != 0 ? 1 : 0;
            counts[col + 1] = above[col + 1] + in_row;
        }
    }
}

bool TileFilter::sees_nothing(const std::int32_t* visible, std::int64_t row, std::int64_t col) const {
    const auto at = [&](std::int64_t y, std::int64_t x) { return visible[y * (kFftSide + 1) + x]; };
    const std::int64_t end_row = row + parts_.plan.effective_rows(), end_col = col + parts_.plan.effective_cols();
    return at(end_row, end_col) - at(row, end_col) - at(end_row, col) + at(row, col) == 0;
}

// The sums of the pixel at (y, x), one product after the other; returns its cover.
float TileFilter::add_up(const FilterRun& run, std::int64_t y, std::int64_t x, Scratch& own,
                         std::span<float> pixel) const {
    const FilterPlan& plan = parts_.plan;
    const std::size_t channels = pixel.size();
    std::array<double, 4> sums{};
    double cover = 0;
    for (std::int64_t row = 0; row < plan.rows; ++row) {
        parts_.source.read(run.image, run.alpha, y + row * plan.dilation - plan.top, x, plan.effective_cols(),
                           own.window.data());
        for (std::int64_t col = 0; col < plan.cols; ++col) {
            const double weight = plan.weights[static_cast<std::size_t>(row * plan.cols + col)];
            const float* const read = &own.window[static_cast<std::size_t>(col * plan.dilation) * channels];
            if (weight == 0) continue;
            for (std::size_t c = 0; c < channels; ++c) sums[c] += weight * static_cast<double>(read[c]);
            cover += std::abs(weight) * static_cast<double>(read[channels - 1]);
        }
    }
    for (std::size_t c = 0; c < channels; ++c) pixel[c] = static_cast<float>(sums[c]);
    return static_cast<float>(cover);
}

// Of a row of results, whose sums are mended where they are too small.
void TileFilter::make_covers(const FilterRun& run, const Tile& tile, std::int64_t row, const float* planes,
                             const std::int32_t* visible, Scratch& own, std::span<float> sums) const {
    const std::int64_t channels = parts_.channels;
    const float* const covers = planes + (planes_ - 1) * kFftTile + row * kFftPitch;
    for (std::int64_t col = 0; col < tile.cols; ++col) {
        float& cover = own.covers[static_cast<std::size_t>(col)];
        const bool nothing = sees_nothing(visible, row, col);
        cover = nothing ? 0 : std::abs(covers[col]);
        if (nothing || static_cast<double>(cover) >= least_cover_) continue;
        const auto pixel = static_cast<std::size_t>(col * channels);
        cover = add_up(run, tile.y + row, tile.x + col, own, sums.subspan(pixel, static_cast<std::size_t>(channels)));
    }
}

void TileFilter::write_tile(const FilterRun& run, const Tile& tile, const std::int32_t* visible, Scratch& own,
                            float* planes) const {
    const std::int64_t channels = parts_.channels;
    for (std::int64_t row = 0; row < tile.rows; ++row) {
        float* from = planes + row * kFftPitch;
        float* pixels = channels == 1 ? from : own.pixels.data();
        if (channels > 1) join_pixels({from, kFftTile}, channels, tile.cols, pixels);
        const std::span<float> sums(pixels, static_cast<std::size_t>(tile.cols * channels));
        if (makes_whole(run)) round_to_whole(sums);
        if (run.alpha != AlphaRule::kept) {
            parts_.write(sums, run, tile.y + row, tile.x, false);
            continue;
        }
        make_covers(run, tile, row, planes, visible, own, sums);
        parts_.write(sums, run, tile.y + row, tile.x, false, {own.covers.data(), static_cast<std::size_t>(tile.cols)});
    }
}

void TileFilter::filter_pair(const FilterRun& run, std::int64_t pair, Scratch& own) const {
    const bool both = 2 * pair + 1 < tiles_;
    const std::array tiles{tile(2 * pair), tile(both ? 2 * pair + 1 : 2 * pair)};
    const std::array planes{own.planes.data(), both ? own.planes.data() + planes_ * kFftTile : nullptr};
    const std::array visible{own.visible.data(), own.visible.data() + own.visible.size() / 2};
    const std::size_t count = both ? 2 : 1;
    const bool keeps_alpha = run.alpha == AlphaRule::kept;
    for (std::size_t i = 0; i < count; ++i) {
        read_tile(run, tiles[i], own, planes[i]);
        if (keeps_alpha) count_visible(tiles[i], planes[i] + (parts_.channels - 1) * kFftTile, visible[i]);
    }
    const auto transform = [&](const FftKernel& kernel, std::int64_t plane) {
        kernel.sums(planes[0] + plane * kFftTile, both ? planes[1] + plane * kFftTile : nullptr, own.transform);
    };
    for (std::int64_t c = 0; c < parts_.channels; ++c) transform(kernel_, c);
    if (covers_ && keeps_alpha) transform(*covers_, parts_.channels);
    for (std::size_t i = 0; i < count; ++i) write_tile(run, tiles[i], visible[i], own, planes[i]);
}

void TileFilter::run(const FilterRun& run) {
    if (run.alpha == AlphaRule::kept) {
        const double largest = largest_sample(run), size = weight_size();
        const double alpha = largest / static_cast<double>(alpha_unit(scale_of(parts_.depth, parts_.options)));
        const double gain = size / std::abs(static_cast<double>(parts_.plan.divisor));
        least_cover_ = kErrorOverMost * largest * gain * size * alpha;
    }
    for_bands(count_over(tiles_, 2), 1, parts_.threads, [&](std::int64_t pair, std::int64_t, int worker) {
        if (!run.stop.stop_requested()) filter_pair(run, pair, scratch_[static_cast<std::size_t>(worker)]);
    });
}

}  // namespace convlens
