// The sum behind one sample of a filtered image, with everything that was done to it on the way to the stored value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/filter/filter.h"
#include "core/text/message.h"

namespace convlens {

struct PixelSum {
    // What is explained.
    ImageRef from, result;
    FilterStep filter;
    std::int64_t x = 0, y = 0;  // of the result
    int channel = 0;
    Depth scale{};  // whose scale the samples are on (ChainPlace)

    std::int64_t rows = 0, cols = 0;  // of the kernel
    std::vector<PixelTap> taps;       // rows*cols, row-major as they lie in the image; one for a kept alpha channel
    std::vector<double> weights;      // as typed, one for each tap
    double sum = 0;                   // of value * weight as typed
    double exact = 0;                 // after divisor and offset, on `scale`
    double stored = 0;                // what stands in the result
    bool kept_alpha = false;          // the channel is alpha, which is not filtered
    bool kept_colour = false;         // all that the kernel reads is transparent, and the colour stays

    double offset() const;  // on `scale`
    bool by_alpha() const;  // alphas differ, and each value is what its pixel counts as (PixelTap::value)
    bool clamped() const;
    bool rounded() const;
};

// `scale`: that of the image with which the chain began, where `from` is a former step's result; default: its own.
// Precondition: result is filter(from, filter), (x, y) lies in it, and channel is one of its channels.
PixelSum pixel_sum(const ImageRef& from, const ImageRef& result, const FilterStep& filter, std::int64_t x,
                   std::int64_t y, int channel, std::optional<Depth> scale = {});

bool explains(const PixelSum& sum, const ImageRef& from, const ImageRef& result, const FilterStep& filter,
              std::int64_t x, std::int64_t y, int channel);

// A sample as people read it: whole for whole-number depths.
std::string sample_text(double value, Depth depth);

// Channel names of an image: "R", "G", "B", "A"; "Y" for grey.
const char* channel_name(const Image& image, int channel);

// "RGB, 8 bits".
Message format_text(const Image& image);
Message format_text(int channels, Depth depth);

}  // namespace convlens
