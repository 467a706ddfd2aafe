// Pooling: the largest value, or the average, of every window of every channel.
//
// The window of output cell (h_o, w_o) looks at rows h_o*sH + h*dH - pT, h = 0..kH-1, and columns alike, as a
// convolution's does. Cells of the padding are never looked at: they take part as -infinity in max_pool, and in avg_pool
// as 0 that counts in the divisor (count_include_pad) or does not (torch.nn.MaxPool2d, AvgPool2d; ONNX MaxPool-22,
// AveragePool-22).
//
// The divisor of avg_pool is divisor_override where it is given; else the window's cells that lie on the padded input,
// or on the input without count_include_pad. With ceil_mode the last window may reach beyond the padded input; those of
// its cells count in neither. A window that meets no cell at all gives -infinity, or 0 as the average (torch
// aten/native/cpu/AvgPoolKernel.cpp).
#pragma once

#include <limits>

#include "core/conv/spec.h"
#include "core/tensor/tensor.h"

namespace convlens {

// Where the cells of one output's window lie, and what its average is divided by. For pooling only.
struct PoolWindow {
    Size2 first;               // the window's first row and column on the input: may be negative
    std::int64_t divisor = 1;  // avg_pool; 0 only where the window meets nothing
};
PoolWindow pool_window(const ConvSpec& spec, Size2 input_plane, Size2 output);

// Whether a cell of the padding takes part, as a 0 that is counted. Else it is no data at all.
constexpr bool padding_counts(const ConvSpec& spec) { return spec.op == Op::avg_pool && spec.count_include_pad; }

// What the values of one window come to, added in any order. NaN is the largest value.
class PooledValue {
public:
    explicit PooledValue(Op op) : op_(op) {}
    void add(double value);                     // of a cell on the input
    double result(std::int64_t divisor) const;  // avg_pool alone divides

private:
    Op op_;
    bool any_ = false;
    double sum_ = 0;
    double largest_ = -std::numeric_limits<double>::infinity();
};

// Precondition: validate() of the spec and the input's shape is empty, and spec.op is max_pool or avg_pool. Result:
// output_shape(). `threads` is an upper bound; 0: as many as the machine has cores.
Tensor<double> pool(const ConvSpec& spec, View<double> input, int threads = 1);

}  // namespace convlens
