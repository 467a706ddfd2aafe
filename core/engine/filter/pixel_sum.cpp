#include "core/engine/filter/pixel_sum.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/text/number.h"

namespace convlens {

double PixelSum::offset() const { return filter.kernel.offset * white(scale); }

bool PixelSum::by_alpha() const {
    return std::ranges::any_of(taps, [](const PixelTap& tap) { return tap.share != 1; });
}

// Weights such as 0.1 are not exact in binary: what that leaves over is no reason to speak of clamping or rounding.
constexpr double kNoise = 1e-6;

bool PixelSum::clamped() const {
    if (result->depth() == Depth::f32) return false;
    return !(exact >= least(result->depth()) - kNoise && exact <= most(result->depth()) + kNoise);
}

bool PixelSum::rounded() const {
    return result->depth() != Depth::f32 && !clamped() && std::abs(exact - std::nearbyint(exact)) > kNoise;
}

PixelSum pixel_sum(const ImageRef& from, const ImageRef& result, const FilterStep& filter, std::int64_t x,
                   std::int64_t y, int channel, std::optional<Depth> scale) {
    const Kernel& kernel = filter.kernel;
    PixelSum made;
    made.from = from;
    made.result = result;
    made.filter = filter;
    made.x = x;
    made.y = y;
    made.channel = channel;
    made.scale = scale.value_or(from->depth());
    made.taps = pixel_taps(*from, filter, x, y, channel);
    made.stored = result->sample(x, y, channel);
    made.kept_alpha = from->has_alpha() && channel == from->channels() - 1;
    made.kept_colour = !made.kept_alpha && made.taps.front().kept;
    if (made.taps.front().kept) {
        made.rows = made.cols = 1;
        made.weights = {1};
        made.sum = made.exact = made.taps.front().value;
        return made;
    }
    made.rows = kernel.rows;
    made.cols = kernel.cols;
    made.weights = kernel.weights;
    if (filter.flip) made.weights.assign(kernel.weights.rbegin(), kernel.weights.rend());
    for (std::size_t i = 0; i < made.taps.size(); ++i)
        if (made.weights[i] != 0) made.sum += made.taps[i].value * made.weights[i];
    made.exact = made.sum / kernel.divisor + made.offset();
    return made;
}

bool explains(const PixelSum& sum, const ImageRef& from, const ImageRef& result, const FilterStep& filter,
              std::int64_t x, std::int64_t y, int channel) {
    return sum.from == from && sum.result == result && sum.x == x && sum.y == y && sum.channel == channel &&
           sum.filter == filter;
}

std::string sample_text(double value, Depth depth) {
    if (depth != Depth::f32) return fmt::format("{:.0f}", value);
    constexpr double kLarge = 1000;  // between the filters of a 16-bit image: 23668.4, not 2.367e4
    return short_number(value, std::abs(value) < kLarge ? 4 : 7);
}

const char* channel_name(const Image& image, int channel) {
    if (image.has_alpha() && channel == image.channels() - 1) return "A";
    if (image.colour_channels() == 1) return "Y";
    constexpr const char* kNames[] = {"R", "G", "B"};
    return kNames[channel];
}

namespace {

Message depth_text(Depth depth) {
    switch (depth) {
        case Depth::u8: return key("8-bit");
        case Depth::u16: return key("16-bit");
        case Depth::s16: return key("signed 16-bit");
        case Depth::f32: break;
    }
    return key("float");
}

Message colours_text(int channels) {
    switch (channels) {
        case 1: return key("grey");
        case 2: return key("grey and alpha");
        case 3: return key("RGB");
        default: return key("RGB and alpha");
    }
}

}  // namespace

Message format_text(const Image& image) { return format_text(image.channels(), image.depth()); }

Message format_text(int channels, Depth depth) {
    return msg("{colours}, {depth}", "colours"_is(colours_text(channels)), "depth"_is(depth_text(depth)));
}

}  // namespace convlens
