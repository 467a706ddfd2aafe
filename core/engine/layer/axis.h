// One axis of a layer, conv or conv_transpose, brought to a common form: which padded input cell each tap of the kernel
// reads for each output cell.
//
// Output position p = j * spread + c belongs to phase c of the output and stands at j on the lattice. Its sum runs over
// the taps of phase c; a tap reads the padded input at lattice position j + shift, in the input's phase `phase`:
//   conv            spread 1; padded position j*s + k*d = (j + shift)*s + phase, shift = k*d / s, phase = k*d mod s
//   conv_transpose  spread s; input cell (c + crop + j*s - k*d) / s for the k where it is whole; one input phase
//
// Example, conv: input 5, kernel 3, stride 2, padding 1, so output 3; p is a cell of the padding.
//
//   padded position   0  1  2  3  4  5  6
//   source            p  0  1  2  3  4  p
//   phase 0           p     1     3     p      lattice positions 0 to 3; the input's own cells at [1, 3)
//   phase 1              0     2     4         lattice positions 0 to 2, all of them the input's own cells
//
//   taps {k, phase, shift}: {0, 0, 0}, {1, 1, 0}, {2, 0, 1}; halo 1
//   output 1 (j = 1) reads phase 0 at 1, phase 1 at 1 and phase 0 at 2: input cells 1, 2, 3
//
// Example, conv_transpose: input 3, kernel 3, stride 2, crop 1, so output 5 and spread 2; lattice 3, halo 1, and the
// source of the lattice positions 0 to 3 is 0, 1, 2, -1.
//
//   output phase 0, positions 0, 2, 4:  taps {1, 0, 0}             output 2 (j = 1) = input 1 * weight 1
//   output phase 1, positions 1, 3:     taps {2, 0, 0}, {0, 0, 1}  output 1 (j = 0) = input 0 * weight 2
//                                                                                   + input 1 * weight 0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/conv/spec.h"

namespace convlens {

struct AxisTap {
    std::int64_t k = 0;      // place in the kernel's window
    std::int64_t phase = 0;  // index into `phases`
    std::int64_t shift = 0;  // 0 to halo
};

struct LayerAxis {
    std::int64_t input = 1;
    std::int64_t output = 1;
    std::int64_t spread = 1;                 // output positions per lattice position
    std::int64_t lattice = 1;                // lattice positions, ceil(output / spread)
    std::int64_t halo = 0;                   // how many lattice positions beyond its own an output cell reads
    std::int64_t stride = 1;                 // of the input's phases
    std::vector<std::int64_t> phases{0};     // those of the input that a tap reads
    std::vector<std::vector<AxisTap>> taps;  // of each phase of the output
    std::vector<std::int32_t> source;        // input cell at each padded position; -1: the pads' constant
    std::vector<std::int64_t> inside_from,
        inside_to;  // of each input phase: where its cells are the input's own, in order
};

// `before` is the resolved pad (conv) or crop (conv_transpose) in front, `after` that behind.
LayerAxis layer_axis(const ConvSpec& spec, Axis which, std::int64_t input, std::int64_t output, std::int64_t before,
                     std::int64_t after);

// The input cell at lattice position `at` of a phase; -1: the pads' constant, also beyond the padded input.
inline std::int64_t source_at(const LayerAxis& axis, std::int64_t at, std::int64_t phase) {
    const std::int64_t position = at * axis.stride + phase;
    return position < static_cast<std::int64_t>(axis.source.size()) ? axis.source[static_cast<std::size_t>(position)]
                                                                    : -1;
}

// How the rows of input that a kernel's rows read for one output row lie: all in one phase, `apart` from each other
// (stride 1), or in two phases that alternate, as those of a kernel without gaps and a stride of 2 do.
struct TapSteps {
    std::int64_t stride = 1;
    std::int64_t apart = 1;
};
// Nothing if they lie otherwise or if there are none.
std::optional<TapSteps> tap_steps(const std::vector<AxisTap>& taps);

}  // namespace convlens
