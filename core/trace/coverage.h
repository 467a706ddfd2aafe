// How often the windows of a layer lie over each cell of its input, or its stamps over each cell of its output, and whether
// they do so evenly.
//
// Along one axis, a kernel of 3 with stride 2 over 7 cells:
//
//     cells            0 1 2 3 4 5 6
//     first window     x x x
//     second window        x x x
//     third window             x x x
//     coverage         1 1 2 1 2 1 1      inner cells (2 to 4): 1 or 2 times
//
// Both axes are independent of each other: a cell of a plane is covered as often as its row times as often as its column.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/conv/spec.h"
#include "core/text/message.h"

namespace convlens {

// Conv and pooling: how many windows read each index of the padded axis, from the first index of the padding on; what a
// negative pad crops is not on it. Copies of the input that stand in the padding count where they stand, not with it.
// conv_transpose: how many stamps cover each index of the output. O(windows * kernel). Precondition: a valid layer.
std::vector<std::int64_t> coverage(const ConvSpec& spec, Size2 input_plane, Axis axis);

// What coverage() has away from the borders, where the pattern of one stride repeats.
struct Evenness {
    // The different ones, ascending; empty where fewer than `stride` cells are so far in, but for an axis of one cell.
    // Cells that are read once more as copies in the padding are not looked at.
    std::vector<std::int64_t> counts;
    // The nearest larger kernel that covers all cells equally often; nothing where the kernel does so already, and where
    // none does because dilation and stride have a common factor.
    std::optional<std::int64_t> even_kernel;
};
Evenness evenness(const ConvSpec& spec, Size2 input_plane, Axis axis);

// "Checkerboard: kernel 3 is not a multiple of stride 2, so inner output cells are written 1, 2 or 4 times. Kernel 4 writes
// all inner cells equally often." The other kernel is named only where it is allowed and leaves no cell out, and "inner"
// falls where the borders, too, are covered as often. Empty where the cells are covered evenly, or too few of them are inner ones. Where only one axis
// is uneven the pattern is one of stripes.
Message pattern_in_words(const ConvSpec& spec, Size2 input_plane);

}  // namespace convlens
