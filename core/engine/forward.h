// A layer on one or more cores, several times as fast as the reference and equal to it: what the window and the commands
// compute with.
//
// Every product of the reference is added to its output in the reference's order, so the two agree bit for bit unless
// the compiler contracts a multiply and an add. The speed comes from the shape of the loops: the columns of a strided
// axis are laid out by their phase (column mod stride), so that one weight times a whole row is one run over
// neighbouring numbers, for a stride as for a transposed convolution, where no inserted zero is ever multiplied.
#pragma once

#include "core/engine/reference.h"

namespace convlens {

// Preconditions and result as reference_forward. `threads` is an upper bound; 0: as many as the machine has cores.
Tensor<double> forward(const ConvSpec& spec, const LayerData& data, int threads = 1);

}  // namespace convlens
