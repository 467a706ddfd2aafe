#include "app/photo/preview.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/parallel.h"
#include "core/image/sample.h"

namespace convlens {

namespace {

constexpr double kManyPixels = 6e6;     // from here on
constexpr double kPreviewPixels = 2e6;  // down to about this

// One block of pixels, rows y0..y1 and columns x0..x1. Colours count by their alpha: what is invisible has none.
template <typename T>
void average_block(const Image& image, std::int64_t x0, std::int64_t y0, std::int64_t x1, std::int64_t y1, T* out) {
    const int channels = image.channels(), colours = image.colour_channels();
    const bool alpha = image.has_alpha();
    float sums[4] = {}, weight = 0;
    for (std::int64_t y = y0; y < y1; ++y) {
        const T* pixel = image.row<T>(y).data() + x0 * channels;
        for (std::int64_t x = x0; x < x1; ++x, pixel += channels) {
            const float part = alpha ? static_cast<float>(pixel[colours]) : 1;
            for (int c = 0; c < colours; ++c) sums[c] += part * static_cast<float>(pixel[c]);
            weight += part;
        }
    }
    for (int c = 0; c < colours; ++c) out[c] = to_sample<T>(weight > 0 ? sums[c] / weight : 0);
    if (alpha) out[colours] = to_sample<T>(weight / static_cast<float>((x1 - x0) * (y1 - y0)));
}

}  // namespace

Image averaged(const Image& image, std::int64_t factor) {
    const std::int64_t width = (image.width() + factor - 1) / factor, height = (image.height() + factor - 1) / factor;
    Image made(width, height, image.channels(), image.depth());
    with_sample_type(image.depth(), [&](auto type) {
        using T = decltype(type);
        constexpr std::int64_t kBand = 16;
        for_bands(height, kBand, thread_count(0), [&](std::int64_t first, std::int64_t last) {
            for (std::int64_t y = first; y < last; ++y) {
                T* out = made.row<T>(y).data();
                for (std::int64_t x = 0; x < width; ++x, out += image.channels())
                    average_block<T>(image, x * factor, y * factor, std::min((x + 1) * factor, image.width()),
                                     std::min((y + 1) * factor, image.height()), out);
            }
        });
    });
    return made;
}

PhotoPreview make_preview(const Image& image) {
    const auto pixels = static_cast<double>(image.width()) * static_cast<double>(image.height());
    if (pixels < kManyPixels) return {};
    const auto factor = static_cast<std::int64_t>(std::lround(std::sqrt(pixels / kPreviewPixels)));
    return {std::make_shared<const Image>(averaged(image, factor)), factor};
}

}  // namespace convlens
