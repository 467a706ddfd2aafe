// What the TensorFlow and Keras programs have in common: channels last, kernels [kh, kw, in, out].
#pragma once

#include <string>
#include <string_view>

#include "core/codegen/plan.h"
#include "core/codegen/writer.h"

namespace convlens {

// "[:, 2:-1, 1:]": cuts rows and columns.
std::string nhwc_cut(const Pads& cut);
// Cuts `name`'s rows and columns where there is something to cut.
void cut_nhwc(Writer& w, std::string_view name, const Pads& cut);

// kernel = the weight with its axes moved, turned where the layer flips. conv: [kh, kw, in/groups, out]; conv_transpose:
// [kh, kw, out/groups, in] with the zeros of the dilation written out, as TensorFlow has no such dilation on the CPU.
void declare_kernel(Writer& w, const Plan& plan);

// TensorFlow's own rules fit: no explicit pads needed.
bool says_same(const Plan& plan);  // conv and pooling: 'SAME'

// windows = [...]: for each cell of the kernel the cells of x that it meets, one tensor of the output's shape each.
void declare_windows(Writer& w, const Plan& plan);
// avg_pool's divisor over [N, H, W, C].
std::string nhwc_divisor(const Plan& plan);
// 'SAME' or 'VALID' averages are this layer's: what windows count is what TensorFlow counts.
bool averages_same(const Plan& plan);
bool averages_valid(const Plan& plan);

}  // namespace convlens
