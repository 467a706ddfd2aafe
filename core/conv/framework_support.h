// A layer that is possible here may be refused by the program that it is meant for, and the other way round.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/conv/problem.h"

namespace convlens {

struct RefusedBy {
    Dialect dialect{};
    std::string_view program;  // who refuses: title(dialect), or one of those that share its rules ("Keras")
    Message reason;            // the first of what is wrong there, and who of them takes it, where one does
};

// The programs, in the order of Dialect, that refuse this layer though those that it was made for accept it: its rules
// are broken there, or they allow it and one program falls short of them. A program that is not named may still have no
// such layer at all: SciPy has no stride. Empty where validate(layer) is not.
std::vector<RefusedBy> refused_elsewhere(const LayerShape& layer);

struct DiffersIn {
    Dialect dialect{};
    std::string_view program;  // "ONNX Runtime"
    Message text;              // what it makes of the layer instead, a sentence
};
// The programs that take this layer under the rule's name and compute something else, or do so in some of their versions:
// ONNX Runtime's pooling under auto_pad SAME, which pads for the undilated kernel. Empty where validate(layer) is not.
std::vector<DiffersIn> differs_elsewhere(const LayerShape& layer);

// For a layer that its own dialect refuses: who takes it as it stands, in the order of Dialect, ours included. Octave,
// SciPy and OpenCV only where it is what they have: one kernel over one plane, stride and dilation 1. Empty where
// validate(layer) is.
std::vector<Dialect> accepted_elsewhere(const LayerShape& layer);
// "PyTorch, TensorFlow and ONNX". Precondition: not empty.
Message accepted_text(std::span<const Dialect> dialects);

}  // namespace convlens
