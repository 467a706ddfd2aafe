// Where the pads come from (rules) and what stands in them (modes).
#pragma once

#include <cstdint>
#include <optional>

#include "core/conv/spec.h"

namespace convlens {

// Pads of a spec on an input plane, with its rule resolved; for PadRule::explicit_ the spec's own. For conv_transpose
// these are crops. The last of a pair may be negative: those trailing rows go unread (conv) or are extra rows
// (conv_transpose). The spec's kernel, stride and dilation must be positive. One axis of each rule, E = d(k-1)+1:
//   valid 0|0; full E-1|E-1; causal E-1|0; torch_same floor((E-1)/2)|rest of E-1;
//   tf_SAME, onnx_SAME_UPPER: T = max((ceil(H/s)-1)s + E - H, 0), floor(T/2)|rest; onnx_SAME_LOWER the other way round;
//   octave_same, octave_imfilter, scipy_correlate2d_same, ndimage_convolve floor((k-1)/2)|floor(k/2);
//   scipy_convolve2d_same, opencv_anchor (default anchor), ndimage_correlate floor(k/2)|floor((k-1)/2);
//   transposed with a wanted size: T = (H-1)s + E + op - size; onnx_NOTSET and onnx_SAME_LOWER put the odd one first,
//   onnx_SAME_UPPER last (size = H*s when none is given); tf_SAME floor(max(T,0)/2)|rest, may be negative;
//   tf_VALID 0|T.
Pads resolve_pads(const ConvSpec& spec, Size2 input_plane);

// The input index that stands at `index` (may be outside 0..length-1) under a pad mode, or nothing where the pad is a
// constant (zeros, constant). Folds on repeatedly beyond one width, as OpenCV, SciPy and ndimage do; a length of one
// reflects onto itself.
std::optional<std::int64_t> source_index(std::int64_t index, std::int64_t length, PadMode mode);

}  // namespace convlens
