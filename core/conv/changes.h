// What differs between two layers, and how much.
#pragma once

#include <vector>

#include "core/conv/problem.h"

namespace convlens {

// One setting that differs between two layers, or the weight's shape or the bias' length.
struct Change {
    Field field{};
    Message name;   // "padding"
    Message value;  // of the later layer: "1", "1×0", "top 1, bottom 0, left 0, right 0"; none for one that is gone
};
// Everything that differs, in the order of Field; weight and bias come last.
std::vector<Change> changes(const LayerShape& before, const LayerShape& after);
// The same as what is to be done: "set kernel to 5 and set stride to 1".
Message changes_text(const LayerShape& before, const LayerShape& after);

// How much differs: the sum over all numbers of what they moved by, and kSwitch for each choice that is not a number.
// Two axes or two ends that move alike count once. Given tensors count only where nothing else changed.
inline constexpr double kSwitch = 3;
double size_of_change(const LayerShape& before, const LayerShape& after);

}  // namespace convlens
