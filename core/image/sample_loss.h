// Samples of which something is lost: those beyond the numbers of a depth, and those that are no finite numbers.
#pragma once

#include <cstdint>
#include <string>

#include "core/image/image.h"

namespace convlens {

// Samples of float32 that are no finite numbers; none in other depths.
struct NotFinite {
    std::int64_t nan = 0, infinite = 0;
};
NotFinite not_finite_samples(const Image& image);

// A sentence about a filter's result that has such samples, with what may have made them; empty where it has none.
std::string not_finite_text(const NotFinite& count);

// Whether a sample is the least or the greatest number of the image's depth, as those that were cut are. False of f32,
// which is never cut. `alpha`: alpha is looked at, too.
bool reaches_range_end(const Image& image, bool alpha);

// How many samples of `floats`, f32 with white at 1, are cut where they are stored in `depth`: rounded, they lie below
// least(depth) or above most(depth). NaN is not among them.
std::int64_t cut_samples(const Image& floats, Depth depth);

}  // namespace convlens
