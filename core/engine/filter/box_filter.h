// A filter step whose kernel is a box, on an image in which nothing is transparent: running sums down the columns of the
// image, and sums along each row (running.h), in a time that hardly depends on the box. Bands of rows run on a
// few threads. Of bytes and words the sums are exact, and the result does not depend on the threads.
#pragma once

#include <tuple>
#include <variant>
#include <vector>

#include "core/base/aligned.h"
#include "core/engine/filter/filter_parts.h"
#include "core/engine/filter/row_result.h"

namespace convlens {

class BoxFilter {
public:
    // The box is large enough that running sums pay, and small enough that they do not overflow; the image is of
    // float32, or of bytes or words, as is then what stands outside it.
    static bool can(const FilterParts& parts);
    // Transparent pixels count for less, which running sums cannot. Of float32 every sample must be finite, and none so
    // large that what its sums round off shows in boxes without it: they are off by 1e-6 at most, beside the rounding of
    // their own sums to float32.
    bool takes(const FilterRun& run) const;

    // `parts` must outlive it. Precondition: can(parts).
    explicit BoxFilter(const FilterParts& parts);

    // All rows of the result, but for what is left when it is stopped. Allocates nothing. Precondition: takes(run).
    void run(const FilterRun& run);

private:
    // What one thread works in.
    struct Scratch {
        // Sums of the rows of a box: of the image's columns, and of what is read beside it.
        std::variant<AlignedVector<std::uint16_t>, AlignedVector<std::uint32_t>, AlignedVector<double>> columns;
        std::variant<AlignedVector<std::uint32_t>, AlignedVector<double>> running;
        AlignedVector<float> sums;
    };
    template <typename T, typename Sum>
    struct Band;

    std::int64_t samples() const { return parts_.plan.output.w * parts_.channels; }
    std::int64_t band() const;

    const FilterParts& parts_;
    double weight_ = 1;                 // of a sum; over the divisor where that gives the same result
    RowResult finish_;                  // what is still to be done to a sum
    std::int64_t before_ = 0;           // columns that are read before the image's first
    std::int64_t first_ = 0;            // of all columns, the first one that is read
    std::vector<std::int64_t> beside_;  // of columns before and after the image's: the one that stands there, or -1
    // A row of what stands there, if a constant.
    std::tuple<std::vector<std::uint8_t>, std::vector<std::uint16_t>, std::vector<float>> outside_;
    std::vector<Scratch> scratch_;
};

}  // namespace convlens
