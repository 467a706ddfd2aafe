// Convolution layers at the machine's speed: planned once, run many times.
//
// A plan resolves the pads, packs the weights and owns all memory that a run needs, so that a run allocates nothing.
// The input is copied, a band of rows at a time, into its padded form, the columns and rows of a strided layer sorted
// by phase (position mod stride); a tile of neighbouring output cells of several channels is then summed in registers
// while the weights go by (kernels.h). Where few output channels share their input, as in a depthwise layer, it
// is the output rows that share what is read: one channel is summed row by row down a band. A transposed layer is one
// small plain convolution for each phase of its output, so that no inserted zero is ever multiplied. Rows of padding
// that are zeros are left out where all weights are finite, since they change no sum.
//
// The result is reference_forward()'s but for rounding: |a-b| <= tol * max(1, sum |w x|) with tol 1e-5 for float and
// 1e-12 for double; NaN and infinities arise where they do there.
#pragma once

#include <memory>
#include <span>

#include "core/conv/spec.h"
#include "core/tensor/tensor.h"

namespace convlens {

template <typename T>
struct LayerWork;

// T: float or double. Movable. One run of a plan at a time: it writes the plan's own memory.
template <typename T>
class LayerPlan {
public:
    explicit LayerPlan(std::unique_ptr<LayerWork<T>> work);
    LayerPlan(LayerPlan&&) noexcept;
    LayerPlan& operator=(LayerPlan&&) noexcept;
    ~LayerPlan();

    const Shape4& input_shape() const;       // [N, C_in, H, W]
    const Shape4& output_shape() const;      // [N, C_out, H_o, W_o]
    LayerWork<T>& work() { return *work_; }  // for run()

private:
    std::unique_ptr<LayerWork<T>> work_;
};

// A conv or conv_transpose layer for inputs of shape `input`, [N, C_in, H, W]. `weight` is shaped weight_shape(),
// `bias` has C_out elements ([1, C_out, 1, 1]) or none (data == nullptr); both are copied. `threads` is an upper bound,
// 0: as many as the machine has cores; a layer of little work runs on the caller's thread alone, whatever it says.
// Precondition: validate() of the layer is empty.
template <typename T>
LayerPlan<T> plan_layer(const ConvSpec& spec, const Shape4& input, View<T> weight, View<T> bias, int threads = 1);

// Writes every element of `out`, [N, C_out, H_o, W_o]. Precondition: `in` has the plan's input shape, `out` as many
// elements as the output, and they do not overlap.
template <typename T>
void run(LayerPlan<T>& plan, View<T> in, std::span<T> out);

}  // namespace convlens
