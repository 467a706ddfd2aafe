// The shapes that the text of an ONNX graph tells beside its nodes. Internal to core/import.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/import/call.h"

namespace convlens::pasted {

// The shape that a graph declares for the tensor `name`, along three or four axes; empty where it tells none. It stands
// in float[1,4,9,9] x, in %x[FLOAT, 1x4x9x9], in initializer { dims: 8 ... name: "x" } and input { name: "x" type ... },
// or in make_tensor("x", type, dims, ...) and make_tensor_value_info("x", type, shape). Lengths are above 0; a first
// one that is a word, such as N, is 0, and with another such length the shape counts as not told.
std::vector<std::int64_t> declared_shape(PastedText& text, const std::string& name);

}  // namespace convlens::pasted
