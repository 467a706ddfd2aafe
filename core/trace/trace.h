// Why a value is what it is: which cells and weights made an output, and what an input cell or a weight feeds.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/conv/spec.h"
#include "core/engine/reference.h"
#include "core/tensor/shape.h"

namespace convlens {

// One product of an output's sum.
struct Tap {
    Cell4 input;  // coordinate in the input; outside it when in_padding (then n, c are still right)
    bool in_padding = false;
    Cell4 source;  // the input cell whose copy stands in the padding (replicate, reflect, ...); = input inside
    bool has_source = true;  // false where the padding is a constant
    Cell4 weight;            // index into the weight tensor as stored (O,I,h,w or I,O,h,w); with flip_kernel the
                             // stored cell, not the position under which it lies
    Size2 window;            // position in the kernel window, row and column 0..k-1, where it lies on the input
    double value = 0;
    double factor = 0;  // the weight's value
    double product = 0;
};

// The products of output cell `out`, all input channels of its group, in the order of the loop nest: channel, row,
// column of the window. For pooling they are the values that it compares or adds, with the factor 1; a cell of the
// padding is -infinity for max_pool, and what of a partial window lies beyond the padded input is left out. For
// conv_transpose only the input cells that reach `out` appear (gather reading).
std::vector<Tap> taps(const ConvSpec& spec, const LayerData& data, const Cell4& out);

// What `some` of an output's taps come to: their sum; for max_pool the largest value; for avg_pool the sum by the
// divisor of the whole window. Without bias.
double combined(const ConvSpec& spec, Size2 input_plane, const Cell4& out, std::span<const Tap> some);

// An output cell that an input cell (or weight) feeds, and through which weight (or input cell).
struct Feed {
    Cell4 output;
    Cell4 weight;
};
// All outputs that read cell `in` directly (conv; copies of it in the padding are not counted) or that it stamps
// (conv_transpose). But for conv_transpose it may be a cell of the padding, with coordinates outside the input. Cells
// that are neither, or that a negative pad cuts away, feed nothing.
std::vector<Feed> fan_out(const ConvSpec& spec, const Shape4& input, const Cell4& in);

// A regular lattice of cells in one plane: rows first, first + step, ... `count` of them; likewise columns.
struct Lattice {
    Size2 first;
    Size2 step{1, 1};
    Size2 count;
};
// The cells of the padded plane that weight position (kh, kw) of the stored kernel meets while the kernel slides (conv),
// in coordinates of the padded input; for conv_transpose the cells of the stamped canvas that it writes.
Lattice reach(const ConvSpec& spec, Size2 input_plane, Size2 kernel_cell);

// How many windows read each input cell ([1, 1, H, W]); for conv_transpose how many stamps cover each output cell.
Tensor<double> overlap_count(const ConvSpec& spec, Size2 input_plane);

}  // namespace convlens
