#include "core/image/sample_loss.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/image/sample.h"

namespace convlens {

NotFinite not_finite_samples(const Image& image) {
    NotFinite count;
    if (image.depth() != Depth::f32) return count;
    for (std::int64_t y = 0; y < image.height(); ++y)
        for (const float value : image.row<float>(y)) {
            count.nan += std::isnan(value) ? 1 : 0;
            count.infinite += std::isinf(value) ? 1 : 0;
        }
    return count;
}

std::string not_finite_text(const NotFinite& count) {
    const std::int64_t all = count.nan + count.infinite;
    if (all == 0) return {};
    if (all == 1)
        return fmt::format(
            "1 of the result's numbers is not finite ({} NaN, {} infinite): its sum went beyond the 3.4e38 of float32, "
            "or the image had such a number.",
            count.nan, count.infinite);
    return fmt::format(
        "{} of the result's numbers are not finite ({} NaN, {} infinite): sums went beyond the 3.4e38 of float32, or "
        "the image had such numbers.",
        all, count.nan, count.infinite);
}

bool reaches_range_end(const Image& image, bool alpha) {
    const auto channels = static_cast<std::size_t>(image.channels());
    const auto looked_at = static_cast<std::size_t>(alpha ? image.channels() : image.colour_channels());
    return with_sample_type(image.depth(), [&](auto type) {
        using T = decltype(type);
        if (std::is_same_v<T, float>) return false;
        const auto is_end = [](T value) {
            return value == std::numeric_limits<T>::min() || value == std::numeric_limits<T>::max();
        };
        for (std::int64_t y = 0; y < image.height(); ++y)
            for (auto row = image.row<T>(y); !row.empty(); row = row.subspan(channels))
                if (std::ranges::any_of(row.first(looked_at), is_end)) return true;
        return false;
    });
}

std::int64_t cut_samples(const Image& floats, Depth depth) {
    assert(floats.depth() == Depth::f32);
    const double scale = white(depth), low = least(depth), high = most(depth);
    std::int64_t count = 0;
    for (std::int64_t y = 0; y < floats.height(); ++y)
        count += std::ranges::count_if(floats.row<float>(y), [&](float value) {
            const double whole = std::nearbyint(static_cast<double>(value) * scale);
            return whole < low || whole > high;
        });
    return count;
}

}  // namespace convlens
