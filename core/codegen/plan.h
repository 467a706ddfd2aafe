// A layer, solved: what every emitter asks. Padding, cutting and counting are worked out here once, in numbers; the
// emitters only spell them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/conv/spec.h"
#include "core/engine/reference.h"

namespace convlens {

struct Plan {
    ConvSpec spec;
    LayerData data;
    Shape4 in;
    Shape4 out;
    Pads pads;        // resolved, see core/conv/pad.h
    Size2 effective;  // E, rows and columns

    bool transposed() const { return spec.op == Op::conv_transpose; }
    bool biased() const { return data.bias.data != nullptr; }
    bool dilated() const { return spec.dilation != Size2{1, 1}; }
    bool strided() const { return spec.stride != Size2{1, 1}; }
    bool zero_padded() const;  // what is padded is 0 (or nothing is padded)
    bool finite() const;       // no NaN or infinity in input, weight and bias
    // conv with one picture, one channel in and out: a matrix and a kernel.
    bool single_plane() const;
    std::int64_t in_per_group() const { return in.c / spec.groups; }
    std::int64_t out_per_group() const { return out.c / spec.groups; }
};
Plan plan_layer(const ConvSpec& spec, const LayerData& data);

bool is_zero(const Pads& pads);
bool is_negative(const Pads& pads);   // any of the four
bool is_symmetric(const Pads& pads);  // top = bottom, left = right

// Pads as cells to add, then cells to cut away from each side. Adding comes first: only so is a cut deeper than the
// input right.
struct PadStep {
    Pads add;
    Pads cut;
};
PadStep pad_step(const Pads& pads);

// conv_transpose: pads that turn the stamped canvas ((H-1)s + E) into the output.
Pads canvas_pads(const Plan& plan);
Size2 canvas_size(const Plan& plan);
// conv_transpose: padding and output padding that a framework with one number for both sides wants for the same crop,
// or nothing. The output padding is below max(stride, dilation), as PyTorch wants it.
struct TransposedPadding {
    Size2 padding;
    Size2 output_padding;
};
std::optional<TransposedPadding> symmetric_crop(const Plan& plan);

// For each cell of a padded axis the index of the input's cell that it copies (pad modes that copy).
struct PickedCells {
    std::vector<std::int64_t> rows;
    std::vector<std::int64_t> columns;
};
PickedCells picked_cells(const Plan& plan);

// Pooling: the input's cells to cut away, then cells to add, so that windows of this stride fit without rounding up:
// ceil_mode written out. Unlike elsewhere the cut comes first, as what ceil_mode adds is not the input's.
PadStep pool_step(const Plan& plan);
// avg_pool: how many cells each window counts along each axis; the divisor is rows[h] * columns[w]. Where a window
// meets nothing it is 1: the sum is 0.
struct WindowCounts {
    std::vector<std::int64_t> rows;
    std::vector<std::int64_t> columns;
    // All windows count the whole kernel.
    bool full = false;
};
WindowCounts window_counts(const Plan& plan);

// Pooling: a window meets nothing but padding (only a dilated one can).
bool has_empty_window(const Plan& plan);

}  // namespace convlens
