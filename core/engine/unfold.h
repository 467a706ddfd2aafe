// im2col and col2im: what each window reads, written out as one column, and columns added back onto the plane.
//
//   unfold  columns[n, (c*kH + kh)*kW + kw, ho*W_o + wo] = I[n,c, ho*sH + kh*dH - pT, wo*sW + kw*dW - pL]
//           (torch.nn.functional.unfold), what stands outside I being what the pad mode puts there
//   fold    each entry of the columns adds to the cell of I that unfold copies it from; overlaps add
//           (torch.nn.functional.fold). The adjoint of unfold: <unfold(x), y> = <x, fold(y)>
//
// Columns have three axes in PyTorch, [N, C*kH*kW, windows]. Here they are held as [N, C*kH*kW, 1, windows], the same
// elements in the same order: whoever prints them leaves the third axis out.
//
// The spec is that of a conv, with a rule and pads of its own for each side. Neither groups nor out_channels nor
// flip_kernel matters: a window reads the same cells whatever the weights are.
#pragma once

#include <optional>

#include "core/conv/spec.h"
#include "core/tensor/tensor.h"

namespace convlens {

// Rows and columns of windows on an input plane: the output plane of the conv. One column for each.
// Precondition: the layer is a conv that validates clean.
Size2 windows(const ConvSpec& spec, Size2 input_plane);

// Input [N, C, H, W] to columns [N, C*kH*kW, 1, windows]. Precondition: as for windows().
Tensor<double> unfold(const ConvSpec& spec, View<double> input);

// Columns [N, C*kH*kW, 1, windows] to [N, C, H, W], where `output_plane` is H and W: the plane that was unfolded. Cells
// that no window reads are 0. What stands on a copy in the padding (replicate, reflect, symmetric, circular) adds to
// the cell that it is a copy of; what stands on a constant (zeros, constant) is dropped. So <unfold(x), y> =
// <x, fold(y)> for all modes but PadMode::constant: unfold(x) is not linear there, and unfold(x) - unfold(0) takes its
// place.
// Precondition: as for windows(), and as many columns as there are windows on `output_plane`.
Tensor<double> fold(const ConvSpec& spec, View<double> columns, Size2 output_plane);

// The input cell whose value stands at `cell` of the padded plane, in coordinates of the input: itself inside, the cell
// it is a copy of in the padding. Nothing where a constant stands.
std::optional<Size2> source_cell(const ConvSpec& spec, Size2 input_plane, Size2 cell);

}  // namespace convlens
