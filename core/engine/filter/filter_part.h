// Part of what a chain of filters makes of an image, without the rest: the visible region, before all of a large
// image.
#pragma once

#include <optional>
#include <span>
#include <stop_token>

#include "core/engine/filter/filter_chain.h"

namespace convlens {

// Pixels [x, x + w) of rows [y, y + h).
struct PixelRect {
    std::int64_t x = 0, y = 0, w = 0, h = 0;
    bool empty() const { return w <= 0 || h <= 0; }
    friend bool operator==(const PixelRect&, const PixelRect&) = default;
};

// What both have, perhaps nothing.
PixelRect common(const PixelRect& a, const PixelRect& b);

// The image's own pixels there. Precondition: `part` lies inside and is not empty.
Image crop(const Image& image, const PixelRect& part);

// Pixels of the image and of the steps' results that make up a part of the last one, and that make up all of it. What
// part and whole cost is about as these.
struct PartSize {
    std::int64_t part = 0, whole = 0;
};
PartSize part_size(const Image& image, std::span<const FilterStep> chain, const PixelRect& wanted);

// Where a chain that is known in part begins: `image` is what `known` steps made of an image of `depth`.
struct KnownSteps {
    Depth depth{};
    std::size_t known = 0;
};

// The pixels `wanted` of what filter_chain() makes of the image, but for rounding. Of every step only what they come
// from is computed; a circular border may make that much. Of `chain` the steps that `begun` knows are made already.
// Returns nothing when stopped. Preconditions: `wanted` lies inside the result and is not empty; a step is left to make;
// else as filter().
std::optional<Image> filter_part(const Image& image, std::span<const FilterStep> chain, const PixelRect& wanted,
                                 const FilterOptions& options = {}, const std::stop_token& stop = {},
                                 std::optional<KnownSteps> begun = {}, std::span<StepTiming> timings = {});

}  // namespace convlens
