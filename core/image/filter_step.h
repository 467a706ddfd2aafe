// One step of a filter chain, as the user sets it; core/engine/filter computes it.
#pragma once

#include <cstdint>
#include <string>

#include "core/conv/spec.h"
#include "core/image/kernel.h"

namespace convlens {

// out(y,x) = offset*white + sum_{u,v} w'(u,v)/divisor * in(y*s + u*d - top, x*s + v*d - left)
// with top = d*(rows/2), left = d*(cols/2) (OpenCV filter2D's default anchor), w' rotated by 180 degrees when `flip`.
// A flipped kernel's anchor is rotated with it.
struct FilterStep {
    std::string name = "identity";  // as typed: a family with parameters, or "custom"
    Kernel kernel{1, 1, {1.0}};
    PadMode border = PadMode::reflect;
    double border_value = 0;  // PadMode::constant, on the sample's own scale
    bool flip = false;
    std::int64_t stride = 1;
    std::int64_t dilation = 1;
    friend bool operator==(const FilterStep& a,
                           const FilterStep& b);  // border_value bit by bit: see core/base/same_bits.h
};

}  // namespace convlens
