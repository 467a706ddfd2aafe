// What a filter step comes to on an image of a given size: worked out once, the same for the processor and the GPU.
#pragma once

#include <vector>

#include "core/engine/filter/filter.h"

namespace convlens {

// result(y, x) = sum(y, x) / divisor + offset, with
// sum(y, x) = sum over row, col of
//     weights[row, col] * in(y*stride + row*dilation - top, x*stride + col*dilation - left).
// Weights of zero are skipped, so that a ring of zeros changes nothing, not even what NaN touches.
struct FilterPlan {
    Size2 output;
    std::int64_t rows = 1;  // after outer rows and columns of zeros were cut off
    std::int64_t cols = 1;
    std::vector<float> weights;  // row-major, rotated by 180 degrees already where the step flips
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

    bool zero_sum = false;  // always_keeps_alpha(): the weights add up to 0

    PadMode border = PadMode::reflect;
    float border_value = 0;  // stands outside for zeros and constant

    bool separable() const { return products.size() == 1; }
    bool is_box() const;       // all weights alike, next to each other, for every pixel
    bool is_identity() const;  // every result is the sample in its place
    bool mixes_signs() const;  // some weights are above 0 and some below
    bool has_constant_border() const { return border == PadMode::zeros || border == PadMode::constant; }
    // The same with the weights' absolute values; as products only where it is one.
    FilterPlan absolute() const;
    std::int64_t effective_rows() const { return effective_kernel(rows, dilation); }
    std::int64_t effective_cols() const { return effective_kernel(cols, dilation); }
};

// `depth`: whose scale the samples are on (ChainPlace). Precondition: as filter().
FilterPlan plan_filter(const FilterStep& step, std::int64_t width, std::int64_t height, Depth depth);

// How the alpha channel a takes part. Transparent pixels hold no colour of their own, so their colour must not bleed. With
// c the colours, c0 the colour in the result's own place and w the weights:
//   none       there is no alpha channel, all of it is opaque, or nothing changes
//   kept       alpha stays as it is. sum = (w * ac) / m + (sum of w - (w * a) / m) c0, where m = (|w| * a) / sum of |w| is
//              the mean alpha under the kernel; divisor and offset follow as without alpha. So pixels of one alpha are
//              filtered as if they were opaque, those of alpha 0 count for nothing, and one colour stays one colour. Where
//              m is 0 the colour stays as it is. A constant outside has the alpha of the image's nearest pixel
//   filtered   ac and a are filtered: C = (w * ac) / divisor and A = (w * a) / divisor. The offset belongs to the straight
//              colour and to alpha alike, as shares of white: the colour is C / A + offset, where A is not above 0 the
//              offset alone, and alpha is A + offset. Where that is not above 0 the colour is 0. So opaque images are
//              filtered as if they had no alpha, and the kernel -1 with offset 1 inverts alpha. Between the steps of a
//              chain stands the colour times alpha; of a step without an offset C itself, and A, whatever their signs.
//              Outside the image zeros are transparent, a constant is opaque
// A negative alpha counts as 0.
enum class AlphaRule { none, kept, filtered };
AlphaRule alpha_rule(const Image& image, const FilterPlan& plan, const FilterOptions& options);
// The same of an image that has an alpha channel, `opaque` or not.
AlphaRule alpha_rule(bool opaque, const FilterPlan& plan, const FilterOptions& options);
// Whether all of its alpha is white on the scale of `scale`. Precondition: it has an alpha channel.
bool is_opaque(const Image& image, Depth scale);

// What alpha is divided by before colours are multiplied by it; the unit falls out of the result. Products of bytes are
// whole numbers as they are, and add up without rounding; those of words are too large for that.
inline float alpha_unit(Depth scale) { return scale == Depth::u16 ? 65535.0F : 1.0F; }

// Whose scale an image's samples are on.
inline Depth scale_of(Depth depth, const FilterOptions& options) { return options.place.scale.value_or(depth); }

}  // namespace convlens
