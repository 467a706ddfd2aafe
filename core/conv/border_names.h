// What other programs call a border: one thing has many names, and one name ("reflect") means two things.
#pragma once

#include <span>
#include <string_view>

#include "core/conv/spec.h"

namespace convlens {

struct BorderName {
    std::string_view program;  // "numpy.pad"
    std::string_view name;     // "edge"; "" where the program has no such border
};

// For each of the same programs in the same order: numpy.pad, scipy.ndimage, scipy.signal, OpenCV, MATLAB, PyTorch, GLSL
// (the texture's wrap parameter). As their manuals spell them.
std::span<const BorderName> border_names(PadMode mode);

}  // namespace convlens
