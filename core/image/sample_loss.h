// Samples of which something is lost: those beyond the numbers of a depth, those between them, and those that are no
// finite numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/image/filter_step.h"
#include "core/image/image.h"
#include "core/text/message.h"

namespace convlens {

// Samples of float32 that are no finite numbers; none in other depths.
struct NotFinite {
    std::int64_t nan = 0, infinite = 0;
    std::int64_t all() const { return nan + infinite; }
};
NotFinite not_finite_samples(const Image& image);

// A sentence about a filter's result that has such samples, with what may have made them; empty where it has none.
Message not_finite_text(const NotFinite& count);

// Numbers that a file holds, on the scale of its samples.
struct SampleRange {
    double least = 0, most = 0;
};
SampleRange sample_range(Depth depth);

// What became of samples on their way into a file.
struct SampleLoss {
    std::int64_t samples = 0;  // all of them
    std::int64_t cut = 0;      // finite, and beyond the range, rounded
    NotFinite not_finite;
    std::int64_t rounded = 0;   // finite, within the range, and another number in the depth that was compared in
    double most_rounded = 0;    // the greatest difference of those, on that depth's scale
    bool fits_compared = true;  // every sample is, rounded, a number of that depth
};

// `result`, f32 with white at 1, beside `stored`, the same samples as they are in a file that holds `range`; alike in
// size and channels. Differences count as rounding where both samples, converted to `compared`, are different numbers.
// Where `measures_rounding` is false, no rounding is counted: what one depth computes twice differs by rounding of sums.
struct LossQuestion {
    SampleRange range;
    Depth compared = Depth::f32;
    bool measures_rounding = true;
};
SampleLoss sample_loss(const Image& result, const Image& stored, const LossQuestion& question);

// Whether something of the samples may have been cut, or have been no number: one is the least or the greatest number of
// the image's depth, or 0, which NaN becomes. False of f32, which is never cut. `alpha`: alpha is looked at, too.
bool reaches_range_end(const Image& image, bool alpha);

// Whether no sample that `chain` makes of `image` can lie beyond the numbers of `depth`: by the least and the greatest
// sample that each step can make of those before it. False also where that is not known: of floats, and beside alpha,
// whose shares may be greater than 1.
bool stays_in_range(const Image& image, std::span<const FilterStep> chain, Depth depth);

}  // namespace convlens
