// What a filter step comes to on a picture of a given size: worked out once, the same for the processor and the GPU.
#pragma once

#include <vector>

#include "core/image/filter.h"

namespace convlens {

// result(y, x) = sum(y, x) / divisor + offset, with
// sum(y, x) = sum over row, col of
//     weights[row, col] * in(y*stride + row*dilation - top, x*stride + col*dilation - left).
// Weights of zero are skipped, so that a ring of zeros changes nothing, not even what NaN touches.
struct FilterPlan {
    Size2 output;
    std::int64_t rows = 1;  // after outer rows and columns of zeros were cut off
    std::int64_t cols = 1;
    std::vector<float> weights;  // row-major, turned already where the step flips
    std::int64_t top = 0;        // may be negative: everything that is read lies below
    std::int64_t left = 0;
    std::int64_t stride = 1;
    std::int64_t dilation = 1;
    float divisor = 1;  // apart only where all weights are whole numbers: their sums are then exact below 2^24
    float offset = 0;   // on the depth's own scale

    // Where it pays: the kernel as a sum of products, weights[row, col] = sum of column[row] * across[col] over all of
    // them, to the rounding of float64. Else empty. More than one only without a stride, and where `weights` has no zero
    // that NaN could meet and is not of whole numbers, whose sums must stay exact.
    struct Product {
        std::vector<float> column;
        std::vector<float> across;
    };
    std::vector<Product> products;

    PadMode border = PadMode::reflect;
    float border_value = 0;  // stands outside for zeros and constant

    bool separable() const { return products.size() == 1; }
    bool is_box() const;  // all weights alike, next to each other, for every pixel
    std::int64_t effective_rows() const { return effective_kernel(rows, dilation); }
    std::int64_t effective_cols() const { return effective_kernel(cols, dilation); }
};

// Precondition: as filter().
FilterPlan plan_filter(const FilterStep& step, std::int64_t width, std::int64_t height, Depth depth);

// How the alpha channel takes part. Transparent pixels hold no colour of their own, so their colour must not bleed:
//   none       there is no alpha channel, or all of it is opaque
//   kept       alpha stays as it is. A pixel with alpha a counts with its own colour by the share a, and by the share
//              1 - a with the colour in the middle of the kernel, as if the picture went on smoothly there
//   filtered   colours are multiplied by alpha, all channels are filtered, and colours are divided by the new alpha;
//              the offset goes to colours only. Outside the picture zeros are transparent, a constant is opaque
enum class AlphaRule { none, kept, filtered };
AlphaRule alpha_rule(const Image& image, const FilterOptions& options);

}  // namespace convlens
