// The kernel's origin, its anchor: which of its cells lies on the output's own place. An odd kernel has a middle; for
// an even one the programs do not agree, and their outputs are shifted against each other by a cell.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "core/conv/spec.h"

namespace convlens {

// Rows and columns count from 0. `place` and `window` are of the kernel as it lies on the input: a true convolution
// has flipped it by then, so that its weight there is stored at [kh-1-row, kw-1-column].
struct Anchor {
    Size2 place;                  // of the cells that the dilated kernel spans, 0..E-1: as many as the pads before
    std::optional<Size2> window;  // the kernel's cell there: place / dilation; nothing where a gap lies there
    std::optional<Size2> stored;  // the index of its weight; equal to `window` but for a true convolution
    friend bool operator==(const Anchor&, const Anchor&) = default;
};

// The own place of output (y, x) is input (y s_h, x s_w). It has a meaning where there is one output for every input
// cell, or with a stride for every s-th (H_o = ceil(H_i / s) on both axes: every 'same', TensorFlow's too), and the
// window covers it. Nothing elsewhere: 'valid' and 'full' outputs stand on a grid of their own; pooling has no kernel;
// of a transposed convolution no program names an anchor, its pads crop. The pads are the rule's (core/conv/pad.h).
// Precondition: a valid layer.
std::optional<Anchor> kernel_anchor(const ConvSpec& spec, Size2 input_plane);

// Whether a layer can be given an anchor at all: convolutions can.
bool can_have_anchor(const ConvSpec& spec);

// The layer with a cell of the kernel (as it lies, see above) as its anchor: PadRule::opencv_anchor, the pads follow it
// and the output has ceil(H_i / s) rows. Precondition: can_have_anchor(spec), the cell is one of the kernel's.
ConvSpec with_anchor(const ConvSpec& spec, Size2 window_cell);

// Where the programs put it, with the sources of pad.h. A function that convolves turns the kernel first; its anchor
// below is that of the flipped kernel, as above.
struct AnchorConvention {
    std::string_view program;  // "MATLAB conv2 'same'"
    PadRule rule{};
    bool turns = false;  // a true convolution
};
std::span<const AnchorConvention> anchor_conventions();

// The layer as that program would compute it: its rule, no anchor of its own, flipped or not. Precondition: as with_anchor.
ConvSpec with_convention(const ConvSpec& spec, const AnchorConvention& convention);

// The convention that a layer follows, or nullptr.
const AnchorConvention* convention_of(const ConvSpec& spec);

}  // namespace convlens
