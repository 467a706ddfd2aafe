#include "core/io/image/flattened.h"

#include <algorithm>

#include "core/image/sample.h"

namespace convlens {

namespace {

// From 0 to 1.
template <typename T>
float share(T alpha, float white) {
    const float value = static_cast<float>(alpha) / white;
    return value > 0 ? std::min(value, 1.0F) : 0.0F;
}

}  // namespace

Image flattened(const Image& image) {
    if (!image.has_alpha()) return image;
    const auto colours = static_cast<std::size_t>(image.colour_channels());
    const auto all_white = static_cast<float>(white(image.depth()));
    Image result(image.width(), image.height(), image.colour_channels(), image.depth());
    with_sample_type(image.depth(), [&](auto type) {
        using T = decltype(type);
        for (std::int64_t y = 0; y < image.height(); ++y) {
            const auto to = result.row<T>(y);
            for (std::size_t i = 0; i < to.size(); ++i) {
                const auto pixel = image.row<T>(y).subspan(i / colours * (colours + 1), colours + 1);
                const float alpha = share(pixel[colours], all_white);
                // Without the product: a hidden colour may be no finite number.
                to[i] = alpha == 0
                            ? to_sample<T>(all_white)
                            : to_sample<T>(static_cast<float>(pixel[i % colours]) * alpha + all_white * (1 - alpha));
            }
        }
    });
    return result;
}

Image with_three_colours(const Image& image) {
    if (image.colour_channels() == 3) return image;
    Image result(image.width(), image.height(), image.channels() + 2, Depth::u8);
    const auto from = static_cast<std::size_t>(image.channels()), to = from + 2;
    for (std::int64_t y = 0; y < image.height(); ++y) {
        const auto row = image.row<std::uint8_t>(y);
        const auto out = result.row<std::uint8_t>(y);
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = row[i / to * from + (i % to == 3 ? 1 : 0)];
    }
    return result;
}

}  // namespace convlens
