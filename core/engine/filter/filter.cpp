#include "core/engine/filter/filter.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <span>
#include <string>
#include <tuple>

#include "core/conv/pad.h"
#include "core/engine/filter/ready_filter.h"

namespace convlens {

std::string_view name(FilterMethod method) {
    constexpr std::string_view kNames[] = {"auto", "sums", "fourier"};
    return kNames[static_cast<std::size_t>(method)];
}

std::optional<Image> filter(const Image& image, const FilterStep& step, const FilterOptions& options,
                            const std::stop_token& stop) {
    assert(!image.empty());
    ReadyFilter ready(step, image, options);
    Image result = ready.make_result();
    if (!ready.run(image, result, stop)) return std::nullopt;
    return result;
}

namespace {

// Of the image's pixel that stands at, or is nearest to, (y, x) of the endless image; negative alpha counts as 0.
double alpha_at(const Image& image, const FilterStep& step, std::int64_t y, std::int64_t x) {
    const auto source_y = source_index(y, image.height(), step.border);
    const auto source_x = source_index(x, image.width(), step.border);
    const bool constant = !source_y || !source_x;
    const std::int64_t at_y = constant ? std::clamp<std::int64_t>(y, 0, image.height() - 1) : *source_y;
    const std::int64_t at_x = constant ? std::clamp<std::int64_t>(x, 0, image.width() - 1) : *source_x;
    return std::max(image.sample(at_x, at_y, image.channels() - 1), 0.0);
}

PixelTap read_tap(const Image& image, const FilterStep& step, std::int64_t y, std::int64_t x, int channel) {
    PixelTap tap;
    tap.outside = y < 0 || y >= image.height() || x < 0 || x >= image.width();
    const auto source_y = source_index(y, image.height(), step.border);
    const auto source_x = source_index(x, image.width(), step.border);
    tap.y = source_y.value_or(y);
    tap.x = source_x.value_or(x);
    if (source_y && source_x) {
        tap.value = image.sample(tap.x, tap.y, channel);
    } else {
        tap.value = step.border == PadMode::constant ? step.border_value : 0;
    }
    return tap;
}

// AlphaRule::kept: each value becomes what it counts as. False where all that is read is transparent.
bool share_out(std::vector<PixelTap>& taps, std::span<const double> alphas, double middle) {
    double cover = 0, size = 0;
    for (std::size_t i = 0; i < taps.size(); ++i) {
        cover += std::abs(taps[i].weight) * alphas[i];
        size += std::abs(taps[i].weight);
    }
    if (size == 0) return true;
    if (cover == 0) return false;
    if (std::ranges::all_of(alphas, [&](double alpha) { return alpha == alphas.front(); })) return true;
    for (std::size_t i = 0; i < taps.size(); ++i) {
        PixelTap& tap = taps[i];
        tap.share = alphas[i] * size / cover;
        tap.value = (tap.share == 0 ? 0 : tap.share * tap.value) + (tap.share == 1 ? 0 : (1 - tap.share) * middle);
    }
    return true;
}

}  // namespace

std::vector<PixelTap> pixel_taps(const Image& image, const FilterStep& step, std::int64_t out_x, std::int64_t out_y,
                                 int channel) {
    const Kernel& kernel = step.kernel;
    const std::int64_t middle_x = out_x * step.stride;
    const std::int64_t middle_y = out_y * step.stride;
    const double middle = image.sample(middle_x, middle_y, channel);
    std::vector<PixelTap> as_it_is = {{middle_x, middle_y, false, middle, 1, 1, true}};
    if (image.has_alpha() && channel == image.channels() - 1) return as_it_is;

    const std::int64_t top = step.flip ? kernel.rows - 1 - kernel.rows / 2 : kernel.rows / 2;
    const std::int64_t left = step.flip ? kernel.cols - 1 - kernel.cols / 2 : kernel.cols / 2;
    std::vector<PixelTap> taps;
    std::vector<double> alphas;
    for (std::int64_t row = 0; row < kernel.rows; ++row) {
        for (std::int64_t col = 0; col < kernel.cols; ++col) {
            const std::int64_t y = middle_y + (row - top) * step.dilation;
            const std::int64_t x = middle_x + (col - left) * step.dilation;
            PixelTap& tap = taps.emplace_back(read_tap(image, step, y, x, channel));
            tap.weight = (step.flip ? kernel.at(kernel.rows - 1 - row, kernel.cols - 1 - col) : kernel.at(row, col)) /
                         kernel.divisor;
            if (image.has_alpha()) alphas.push_back(alpha_at(image, step, y, x));
        }
    }
    if (image.has_alpha() && !share_out(taps, alphas, middle)) return as_it_is;
    return taps;
}

}  // namespace convlens
