#include "core/image/image.h"

#include <cassert>
#include <limits>

#include "core/image/sample.h"

namespace convlens {

std::string_view name(Depth depth) {
    switch (depth) {
        case Depth::u8: return "u8";
        case Depth::u16: return "u16";
        case Depth::s16: return "s16";
        case Depth::f32: break;
    }
    return "f32";
}

std::size_t bytes_per_sample(Depth depth) {
    return with_sample_type(depth, [](auto type) { return sizeof(type); });
}

double white(Depth depth) {
    switch (depth) {
        case Depth::u8:
        case Depth::s16: return 255;
        case Depth::u16: return 65535;
        case Depth::f32: break;
    }
    return 1;
}

double least(Depth depth) {
    switch (depth) {
        case Depth::u8:
        case Depth::u16: return 0;
        case Depth::s16: return -32768;
        case Depth::f32: break;
    }
    return -std::numeric_limits<double>::infinity();
}

double most(Depth depth) {
    switch (depth) {
        case Depth::u8: return 255;
        case Depth::u16: return 65535;
        case Depth::s16: return 32767;
        case Depth::f32: break;
    }
    return std::numeric_limits<double>::infinity();
}

Image::Image(std::int64_t width, std::int64_t height, int channels, Depth depth)
    : width_(width), height_(height), channels_(channels), depth_(depth) {
    assert(width >= 0 && height >= 0 && channels >= 1 && channels <= 4);
    bytes_.resize(row_bytes() * static_cast<std::size_t>(height));
}

double Image::sample(std::int64_t x, std::int64_t y, int channel) const {
    assert(x >= 0 && x < width_ && y >= 0 && y < height_ && channel >= 0 && channel < channels_);
    const auto at = static_cast<std::size_t>(x * channels_ + channel);
    return with_sample_type(depth_, [&](auto type) -> double { return row<decltype(type)>(y)[at]; });
}

Image converted(const Image& image, Depth depth) {
    if (depth == image.depth()) return image;
    Image result(image.width(), image.height(), image.channels(), depth);
    // Multiplied before divided: a whole number times 65535 is exact, a factor of 1/255 is not.
    const auto to = static_cast<float>(white(depth));
    const auto from = static_cast<float>(white(image.depth()));
    with_sample_type(image.depth(), [&](auto source_type) {
        with_sample_type(depth, [&](auto target_type) {
            using Target = decltype(target_type);
            for (std::int64_t y = 0; y < image.height(); ++y) {
                const auto source = image.row<decltype(source_type)>(y);
                const auto target = result.row<Target>(y);
                for (std::size_t i = 0; i < source.size(); ++i)
                    target[i] = to_sample<Target>(static_cast<float>(source[i]) * to / from);
            }
        });
    });
    return result;
}

}  // namespace convlens
