// A layer that is alike along rows and columns: what most tests of sizes need.
#pragma once

#include "core/conv/spec.h"

namespace convlens {

inline ConvSpec layer(Op op, std::int64_t kernel, std::int64_t stride, std::int64_t padding) {
    ConvSpec spec;
    spec.op = op;
    spec.kernel = {kernel, kernel};
    spec.stride = {stride, stride};
    spec.pads = Pads::all(padding);
    return spec;
}

}  // namespace convlens
