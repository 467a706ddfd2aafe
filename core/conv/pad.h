// Where the pads come from (rules) and what stands in them (modes).
#pragma once

#include <cstdint>
#include <optional>

#include "core/conv/spec.h"

namespace convlens {

// Pads of a spec on an input plane, with its rule resolved; for PadRule::explicit_ the spec's own. For conv_transpose
// these are crops. The last of a pair may be negative: those trailing rows go unread (conv) or are extra rows
// (conv_transpose). Defined for any spec: lengths below 1 count as 1. One axis of each rule, before|after, with
// E = d(k-1)+1 (a dilated kernel is the E cells that it spans):
//   explicit, onnx_NOTSET: the spec's own; valid, torch_valid, tf_VALID, onnx_VALID 0|0; full E-1|E-1; causal E-1|0;
//   torch_same, octave_same, octave_imfilter, scipy_correlate2d_same, ndimage_convolve floor((E-1)/2)|floor(E/2);
//   scipy_convolve2d_same, ndimage_correlate floor(E/2)|floor((E-1)/2);
//   opencv_anchor: d*anchor|d*(k-1-anchor), the default anchor is floor(k/2);
//   tf_SAME, onnx_SAME_UPPER: T = max((ceil(H/s)-1)s + E - H, 0), floor(T/2)|rest; onnx_SAME_LOWER the other way round.
// conv_transpose crops by the same numbers, but where ONNX and TensorFlow have rules of their own:
//   onnx_SAME_UPPER, onnx_SAME_LOWER, and with an output_size onnx_NOTSET and onnx_VALID: T = (H-1)s + E + op - size
//   (size = H*s when none is given); max(T,0) is cropped, the odd one first, for onnx_SAME_UPPER last; with an
//   output_size min(T,0) is added after (ONNX Runtime, ConvTransposeAttributes);
//   tf_SAME, tf_VALID: T = (H-1)s + E - size; before floor(max(T,0)/2), for tf_VALID 0; after the rest, which may be
//   negative. Where no output_size is given it is Keras's: H*s, for tf_VALID (H-1)s + max(E,s); with an output padding
//   (H-1)s + E - 2 floor(E/2) + op, for tf_VALID (H-1)s + E + op.
Pads resolve_pads(const ConvSpec& spec, Size2 input_plane);

// Whether a wanted output size of a conv_transpose is met by choosing pads (ONNX, TensorFlow), not the output padding.
bool size_chooses_pads(PadRule rule);

// Whether `rule` takes the pads from ConvSpec::pads.
bool reads_own_pads(const ConvSpec& spec);

// The input index that stands at `index` (may be outside 0..length-1) under a pad mode, or nothing where the pad is a
// constant (zeros, constant). Folds on repeatedly beyond one width, as OpenCV, SciPy and ndimage do; a length of one
// reflects onto itself.
std::optional<std::int64_t> source_index(std::int64_t index, std::int64_t length, PadMode mode);

}  // namespace convlens
