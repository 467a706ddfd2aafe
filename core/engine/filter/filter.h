// Image-scale filtering on the CPU: one kernel over an image, exact, threaded, cancelable.
#pragma once

#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

#include "core/conv/spec.h"
#include "core/engine/filter/filter_costs.h"
#include "core/image/filter_step.h"
#include "core/image/image.h"
#include "core/image/kernel.h"

namespace convlens {

// How a step is computed. All give the same image but for rounding.
//   automatic  what costs least by FilterCosts
//   sums       products added up, in two passes where the kernel allows it; running sums where it is a large box
//   fourier    tiles through the Fourier transform; sums where that is not possible (with a stride, above 128
//              rows or columns, where alpha is filtered, or in an image with NaN, infinity or huge numbers,
//              which would spread)
enum class FilterMethod { automatic, sums, fourier };
std::string_view name(FilterMethod method);  // "auto", "sums", "fourier"

// Where a step stands in a chain (filter_chain.h). Between its steps a chain's samples are float32, neither clamped nor
// rounded, on the scale of the image that it began with: of bytes, 255 is white and -3.5 is possible. Where alpha is
// filtered, colours are multiplied by it there.
struct ChainPlace {
    std::optional<Depth> scale;  // the image is a former step's result, on the scale of this depth; default: it is not
    bool goes_on = false;        // the result is for a next step, whatever save_as says
};

struct FilterOptions {
    FilterMethod method = FilterMethod::automatic;
    std::optional<Depth> save_as;  // default: the input's depth
    bool filter_alpha = false;     // default: alpha is kept; it always is by a kernel that adds up to 0
    int threads = 0;               // 0: as many as the machine has cores
    FilterCosts costs = {};        // for FilterMethod::automatic
    ChainPlace place = {};
};

// Whether the kernel keeps alpha though it is to be filtered: its weights add up to 0, and would leave nothing visible.
bool always_keeps_alpha(const Kernel& kernel);

// Sums in float32; large boxes in whole numbers (bytes and words) or float64 (float32, across short ones float32); or
// through the Fourier transform in float64 (the reference in tests sums in float64). Clamps to the depth's range, rounds
// half to even; f32 is neither clamped nor rounded, and may be off by 1e-6 beside a large sample. Returns nothing when
// stopped.
// Precondition: image not empty, kernel not empty, stride, dilation >= 1.
std::optional<Image> filter(const Image& image, const FilterStep& step, const FilterOptions& options = {},
                            const std::stop_token& stop = {});

// The sum behind one sample of the result, before offset, clamp and rounding: for the pixel inspector. Of an image whose
// alpha is kept. Of a sample that stays as it is there is one tap: alpha, and a colour around which everything that the
// kernel reads is transparent.
struct PixelTap {
    std::int64_t x = 0, y = 0;  // pixel read (after the border rule)
    bool outside = false;       // it lay outside the image
    // Where alphas differ: share * colour + (1 - share) * the middle's colour, the share being the pixel's alpha over the
    // mean of alpha under the kernel (AlphaRule::kept).
    double value = 0;
    double weight = 0;
    double share = 1;
    bool kept = false;  // the only one, of a sample that stays as it is
};
std::vector<PixelTap> pixel_taps(const Image& image, const FilterStep& step, std::int64_t out_x, std::int64_t out_y,
                                 int channel);

}  // namespace convlens
