// The backward pass, as loops to be read beside those of reference.cpp: float64, no cleverness.
//
// With L = sum(grad_output * forward(input, weight, bias)), these are dL/d input, dL/d weight and dL/d bias. The
// forward pass adds products I*K to output cells; one that is added where grad_output is G gives
//
//   dL/dI += G * K      dL/dK += G * I      and      dL/d bias[co] = sum of G over n, ho, wo
//
// (torch.nn.functional.conv2d and conv_transpose2d with .backward(grad_output)).
#pragma once

#include "core/engine/reference.h"

namespace convlens {

// Each has the shape of what it is the gradient of.
struct Gradients {
    Tensor<double> input;   // 0 where no window reads (conv), or where every stamp is cropped away (conv_transpose)
    Tensor<double> weight;  // as stored: with flip_kernel, too, the gradient of the cell that is in the tensor
    Tensor<double> bias;    // [1, C_out, 1, 1]; empty where the layer has none
};

// `grad_output` has the shape output_shape(). Where the padding copies input cells (replicate, reflect, symmetric,
// circular), the gradient of a copy adds to the cell that it is a copy of. A constant in the padding passes nothing to
// the input, but is a factor in the weight's gradient. As in the reference, 0 times an infinite factor is NaN.
// Precondition: a conv or conv_transpose; validate() of the spec and these shapes is empty.
Gradients reference_gradients(const ConvSpec& spec, const LayerData& data, View<double> grad_output);

}  // namespace convlens
