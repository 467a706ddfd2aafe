// The loop nest that defines the truth: float64, no cleverness. Every faster engine is compared with it.
//
//   conv   Z[n,co,ci,ho,wo] = sum_{h,w} I[n,ci, ho*sH + h*dH - pT, wo*sW + w*dW - pL] * K[co,ci,h,w]
//          O[n,co,ho,wo]    = sum_ci Z + bias[co]                      (ci runs over the group of co)
//   pooling: core/engine/pool.h.
//   conv_transpose: each input cell stamps its value times the kernel at (h*sH - pT, w*sW - pL); overlaps add.
//
// With flip_kernel the kernel is rotated by 180 degrees first, for both. A padded cell counts as its value, so that 0 in
// the padding times an infinite weight is NaN. Every sum adds its products by input channel, then window row, then
// window column, and the bias last: core/trace lists them in that order.
#pragma once

#include <optional>

#include "core/conv/kernel_index.h"
#include "core/conv/spec.h"
#include "core/tensor/tensor.h"

namespace convlens {

// Tensors of a layer; pooling has the input alone. `bias` has C_out elements ([1, C_out, 1, 1]) or is empty.
struct LayerData {
    View<double> input;
    View<double> weight;
    View<double> bias;  // data == nullptr: none
};

// Precondition: validate() of the spec and these shapes is empty. Result: output_shape().
Tensor<double> reference_forward(const ConvSpec& spec, const LayerData& data);

// The partial sums Z of one output channel and batch item, before the sum over channels: shape [1, C_in/g, H_o, W_o];
// channel j of the result is input channel first_input_channel(co) + j. Bias is not in them.
Tensor<double> reference_partial(const ConvSpec& spec, const LayerData& data, std::int64_t n, std::int64_t c_out);

// The input with its pads filled (conv), shape [N, C, padded H, padded W]. With negative pads rows are cut away.
Tensor<double> padded_input(const ConvSpec& spec, View<double> input);

// conv_transpose: everything stamped, before the crop: [N, C_out, (H-1)s+E, ...] without bias.
Tensor<double> stamped_canvas(const ConvSpec& spec, const LayerData& data);

// conv_transpose: zeros between the input's cells (stride - 1 of them), then a border of E-1-p at the start and
// E-1-p+op at the end (negative = cut). The plain stride-1 convolution of this with the rotated kernel is the output.
Tensor<double> zero_inserted_input(const ConvSpec& spec, View<double> input);

// The kernel rotated by 180 degrees in each plane.
Tensor<double> flipped(View<double> weight);

// Rule of equality: |a-b| <= tol * max(1, sum |w x|). Sum |w x| + |bias| of every output cell, shape of the output.
Tensor<double> magnitude(const ConvSpec& spec, const LayerData& data);

}  // namespace convlens
