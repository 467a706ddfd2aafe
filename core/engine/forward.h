// A layer computed at the machine's speed, whatever it is: what the window and the commands compute with.
#pragma once

#include "core/engine/reference.h"

namespace convlens {

// Preconditions and result as reference_forward, but for the rounding of float64: convolutions by a LayerPlan, pooling
// by pool(). `threads` is an upper bound; 0: as many as the machine has cores.
Tensor<double> forward(const ConvSpec& spec, const LayerData& data, int threads = 1);

}  // namespace convlens
