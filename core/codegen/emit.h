// A layer as a short program of another framework, with the layer's own numbers in it: what Convlens shows, computed
// elsewhere.
//
// Every program stands alone: imports, the tensors, the call in the framework's own words where it has such a setting,
// else the nearest exact form (an explicit pad first, zeros written between the kernel's cells, a slice for the
// stride). It prints the output's shape (N, C, H, W), then all values in that order.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/conv/names.h"
#include "core/conv/spec.h"
#include "core/engine/reference.h"
#include "core/text/message.h"

namespace convlens {

// matlab programs run in Octave too; scipy and opencv are Python.
enum class Framework { torch, tf, keras, jax, onnx, matlab, scipy, opencv };

struct CodeText {
    std::string text;
    // What the program computes differently (its number type, say), or cannot say in its own words with the exact form
    // that stands there instead. One sentence each.
    std::vector<Message> notes;
};

// Precondition: validate() of the spec and these shapes is empty. For pooling weight and bias are not looked at.
CodeText emit_code(const ConvSpec& spec, const LayerData& data, Framework framework);

// "torch"; from_name<Framework>("torch"); names<Framework>(). As core/conv/names.h for the enums there.
std::string_view name(Framework value);
template <>
std::optional<Framework> from_name<Framework>(std::string_view text);
template <>
std::span<const std::string_view> names<Framework>();

// As its makers write it: "PyTorch".
std::string_view title(Framework value);
// The ending of a file with such a program: ".py" or ".m".
std::string_view file_ending(Framework value);

}  // namespace convlens
