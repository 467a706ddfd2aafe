// One loop nest over the products of each operation, written to be read beside reference.cpp.
#include "core/engine/gradients.h"

#include "core/conv/pad.h"
#include "core/conv/shape.h"
#include "core/engine/unfold.h"

namespace convlens {

namespace {

// Gives back what one output cell's products with one input channel pass on: `grad` is the gradient at the output cell,
// `first` is where the window's corner lies on the input.
void spread_window(const ConvSpec& spec, const LayerData& data, std::int64_t n, std::int64_t c_in, std::int64_t c_out,
                   std::int64_t channel, Size2 first, double grad, Gradients& sums) {
    for (std::int64_t kh = 0; kh < spec.kernel.h; ++kh) {
        for (std::int64_t kw = 0; kw < spec.kernel.w; ++kw) {
            const Size2 cell = stored_cell(spec, {kh, kw});
            const auto source = source_cell(spec, data.input.shape.plane(),
                                            {first.h + kh * spec.dilation.h, first.w + kw * spec.dilation.w});
            const double value = source ? data.input.at(n, c_in, source->h, source->w) : pad_constant(spec);
            sums.weight.at(c_out, channel, cell.h, cell.w) += grad * value;
            if (source)
                sums.input.at(n, c_in, source->h, source->w) += grad * data.weight.at(c_out, channel, cell.h, cell.w);
        }
    }
}

void add_conv(const ConvSpec& spec, const LayerData& data, View<double> grad_output, Gradients& sums) {
    const Pads pads = resolve_pads(spec, data.input.shape.plane());
    const Shape4 out = grad_output.shape;
    for (std::int64_t n = 0; n < out.n; ++n) {
        for (std::int64_t c_out = 0; c_out < out.c; ++c_out) {
            const std::int64_t first_channel = first_input_channel(spec, data.input.shape.c, c_out);
            for (std::int64_t y = 0; y < out.h; ++y) {
                for (std::int64_t x = 0; x < out.w; ++x) {
                    const Size2 first{y * spec.stride.h - pads.top, x * spec.stride.w - pads.left};
                    for (std::int64_t j = 0; j < data.weight.shape.c; ++j)
                        spread_window(spec, data, n, first_channel + j, c_out, j, first, grad_output.at(n, c_out, y, x),
                                      sums);
                }
            }
        }
    }
}

// Collects, for one input cell and one output channel, from the cells of the output that its stamp covers. `first` is
// where the stamp's corner lies on the output; what the crop has cut away passes nothing on.
void collect_stamp(const ConvSpec& spec, const LayerData& data, View<double> grad_output, Size2 at, std::int64_t n,
                   std::int64_t c_in, std::int64_t c_out, Size2 first, Gradients& sums) {
    const std::int64_t channel = c_out % data.weight.shape.c;
    for (std::int64_t kh = 0; kh < spec.kernel.h; ++kh) {
        for (std::int64_t kw = 0; kw < spec.kernel.w; ++kw) {
            const Size2 cell = stored_cell(spec, {kh, kw});
            const std::int64_t y = first.h + kh * spec.dilation.h;
            const std::int64_t x = first.w + kw * spec.dilation.w;
            if (y < 0 || y >= grad_output.shape.h || x < 0 || x >= grad_output.shape.w) continue;
            const double grad = grad_output.at(n, c_out, y, x);
            sums.input.at(n, c_in, at.h, at.w) += grad * data.weight.at(c_in, channel, cell.h, cell.w);
            sums.weight.at(c_in, channel, cell.h, cell.w) += grad * data.input.at(n, c_in, at.h, at.w);
        }
    }
}

void add_conv_transpose(const ConvSpec& spec, const LayerData& data, View<double> grad_output, Gradients& sums) {
    const Shape4 in = data.input.shape;
    const Pads crop = resolve_pads(spec, in.plane());
    for (std::int64_t n = 0; n < in.n; ++n) {
        for (std::int64_t c_out = 0; c_out < spec.out_channels; ++c_out) {
            const std::int64_t first_channel = first_input_channel(spec, in.c, c_out);
            for (std::int64_t j = 0; j < in.c / spec.groups; ++j) {
                for (std::int64_t h = 0; h < in.h; ++h) {
                    for (std::int64_t w = 0; w < in.w; ++w) {
                        const Size2 first{h * spec.stride.h - crop.top, w * spec.stride.w - crop.left};
                        collect_stamp(spec, data, grad_output, {h, w}, n, first_channel + j, c_out, first, sums);
                    }
                }
            }
        }
    }
}

// Every output cell has the bias in it, also those that output padding puts beyond the stamped canvas.
Tensor<double> bias_gradient(View<double> grad_output) {
    const Shape4 out = grad_output.shape;
    Tensor<double> sums({1, out.c, 1, 1});
    for (std::int64_t n = 0; n < out.n; ++n)
        for (std::int64_t c = 0; c < out.c; ++c)
            for (std::int64_t y = 0; y < out.h; ++y)
                for (std::int64_t x = 0; x < out.w; ++x) sums.at(0, c, 0, 0) += grad_output.at(n, c, y, x);
    return sums;
}

}  // namespace

Gradients reference_gradients(const ConvSpec& spec, const LayerData& data, View<double> grad_output) {
    assert(spec.op == Op::conv || spec.op == Op::conv_transpose);
    assert(grad_output.shape == output_shape(spec, data.input.shape));
    Gradients sums{Tensor<double>(data.input.shape), Tensor<double>(data.weight.shape), {}};
    if (spec.op == Op::conv)
        add_conv(spec, data, grad_output, sums);
    else
        add_conv_transpose(spec, data, grad_output, sums);
    if (data.bias.data) sums.bias = bias_gradient(grad_output);
    return sums;
}

}  // namespace convlens
