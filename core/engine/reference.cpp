// The loop nests of reference.h, written to be read beside the formulas there.
#include "core/engine/reference.h"

#include <cmath>

#include "core/conv/pad.h"
#include "core/conv/shape.h"
#include "core/engine/pool.h"

namespace convlens {

namespace {

// What stands at row y, column x of an input plane; outside it, what the pad mode puts there.
double padded_at(const ConvSpec& spec, View<double> input, std::int64_t n, std::int64_t c, std::int64_t y,
                 std::int64_t x) {
    const auto row = source_index(y, input.shape.h, spec.pad_mode);
    const auto col = source_index(x, input.shape.w, spec.pad_mode);
    return row && col ? input.at(n, c, *row, *col) : pad_constant(spec);
}

// One output cell's products with one input channel: adds them to `sum`. `first` is where the window's corner lies on
// the input.
double add_window(const ConvSpec& spec, const LayerData& data, std::int64_t n, std::int64_t c_in, std::int64_t c_out,
                  std::int64_t channel, Size2 first, double sum) {
    for (std::int64_t kh = 0; kh < spec.kernel.h; ++kh) {
        for (std::int64_t kw = 0; kw < spec.kernel.w; ++kw) {
            const Size2 cell = stored_cell(spec, {kh, kw});
            sum +=
                padded_at(spec, data.input, n, c_in, first.h + kh * spec.dilation.h, first.w + kw * spec.dilation.w) *
                data.weight.at(c_out, channel, cell.h, cell.w);
        }
    }
    return sum;
}

Tensor<double> convolve(const ConvSpec& spec, const LayerData& data) {
    const Pads pads = resolve_pads(spec, data.input.shape.plane());
    Tensor<double> out(output_shape(spec, data.input.shape));
    for (std::int64_t n = 0; n < out.shape().n; ++n) {
        for (std::int64_t c_out = 0; c_out < out.shape().c; ++c_out) {
            const std::int64_t first_channel = first_input_channel(spec, data.input.shape.c, c_out);
            for (std::int64_t y = 0; y < out.shape().h; ++y) {
                for (std::int64_t x = 0; x < out.shape().w; ++x) {
                    const Size2 first{y * spec.stride.h - pads.top, x * spec.stride.w - pads.left};
                    double sum = 0;
                    for (std::int64_t j = 0; j < data.weight.shape.c; ++j)
                        sum = add_window(spec, data, n, first_channel + j, c_out, j, first, sum);
                    if (data.bias.data) sum += data.bias.data[c_out];
                    out.at(n, c_out, y, x) = sum;
                }
            }
        }
    }
    return out;
}

// Stamps one input channel onto plane (n, plane) of the canvas. The kernel's cells are the outer loops, so that every
// canvas cell meets its products in the order of the window.
void stamp_channel(const ConvSpec& spec, const LayerData& data, std::int64_t n, std::int64_t c_in, std::int64_t channel,
                   Tensor<double>& canvas, std::int64_t canvas_n, std::int64_t plane) {
    for (std::int64_t kh = 0; kh < spec.kernel.h; ++kh) {
        for (std::int64_t kw = 0; kw < spec.kernel.w; ++kw) {
            const Size2 cell = stored_cell(spec, {kh, kw});
            const double weight = data.weight.at(c_in, channel, cell.h, cell.w);
            for (std::int64_t h = 0; h < data.input.shape.h; ++h)
                for (std::int64_t w = 0; w < data.input.shape.w; ++w)
                    canvas.at(canvas_n, plane, h * spec.stride.h + kh * spec.dilation.h,
                              w * spec.stride.w + kw * spec.dilation.w) += data.input.at(n, c_in, h, w) * weight;
        }
    }
}

// Length of the stamped canvas along one axis: (H-1)s + E.
Size2 canvas_size(const ConvSpec& spec, Size2 input) {
    return {(input.h - 1) * spec.stride.h + effective_kernel(spec.kernel.h, spec.dilation.h),
            (input.w - 1) * spec.stride.w + effective_kernel(spec.kernel.w, spec.dilation.w)};
}

// The part of the canvas that the crops leave. Rows and columns that output padding puts beyond the canvas hold 0.
Tensor<double> cropped(const Tensor<double>& canvas, const Pads& crop, Size2 size) {
    const Shape4 whole = canvas.shape();
    Tensor<double> out({whole.n, whole.c, size.h, size.w});
    for (std::int64_t n = 0; n < whole.n; ++n) {
        for (std::int64_t c = 0; c < whole.c; ++c) {
            for (std::int64_t y = 0; y < size.h; ++y) {
                for (std::int64_t x = 0; x < size.w; ++x) {
                    const std::int64_t row = y + crop.top;
                    const std::int64_t col = x + crop.left;
                    const bool inside = row >= 0 && row < whole.h && col >= 0 && col < whole.w;
                    if (inside) out.at(n, c, y, x) = canvas.at(n, c, row, col);
                }
            }
        }
    }
    return out;
}

void add_bias(Tensor<double>& out, View<double> bias) {
    if (!bias.data) return;
    const Shape4 shape = out.shape();
    for (std::int64_t n = 0; n < shape.n; ++n)
        for (std::int64_t c = 0; c < shape.c; ++c)
            for (std::int64_t y = 0; y < shape.h; ++y)
                for (std::int64_t x = 0; x < shape.w; ++x) out.at(n, c, y, x) += bias.data[c];
}

Tensor<double> absolute(View<double> values) {
    Tensor<double> out(values.shape);
    for (std::int64_t i = 0; i < values.size(); ++i) out.span()[static_cast<std::size_t>(i)] = std::abs(values.data[i]);
    return out;
}

}  // namespace

Tensor<double> reference_forward(const ConvSpec& spec, const LayerData& data) {
    if (is_pooling(spec.op)) return pool(spec, data.input);
    if (spec.op == Op::conv) return convolve(spec, data);
    assert(spec.op == Op::conv_transpose);
    const Size2 plane = data.input.shape.plane();
    Tensor<double> out =
        cropped(stamped_canvas(spec, data), resolve_pads(spec, plane), output_shape(spec, data.input.shape).plane());
    add_bias(out, data.bias);
    return out;
}

Tensor<double> reference_partial(const ConvSpec& spec, const LayerData& data, std::int64_t n, std::int64_t c_out) {
    const Shape4 in = data.input.shape;
    const Size2 size = output_shape(spec, in).plane();
    const Pads pads = resolve_pads(spec, in.plane());
    const std::int64_t channels = in.c / spec.groups;
    const std::int64_t first_channel = first_input_channel(spec, in.c, c_out);
    if (spec.op == Op::conv_transpose) {
        const Size2 canvas_plane = canvas_size(spec, in.plane());
        Tensor<double> canvas({1, channels, canvas_plane.h, canvas_plane.w});
        const std::int64_t channel = c_out % (spec.out_channels / spec.groups);
        for (std::int64_t j = 0; j < channels; ++j)
            stamp_channel(spec, data, n, first_channel + j, channel, canvas, 0, j);
        return cropped(canvas, pads, size);
    }
    Tensor<double> out({1, channels, size.h, size.w});
    for (std::int64_t j = 0; j < channels; ++j) {
        for (std::int64_t y = 0; y < size.h; ++y) {
            for (std::int64_t x = 0; x < size.w; ++x) {
                const Size2 first{y * spec.stride.h - pads.top, x * spec.stride.w - pads.left};
                out.at(0, j, y, x) = add_window(spec, data, n, first_channel + j, c_out, j, first, 0);
            }
        }
    }
    return out;
}

Tensor<double> padded_input(const ConvSpec& spec, View<double> input) {
    const Pads pads = resolve_pads(spec, input.shape.plane());
    const Shape4 in = input.shape;
    Tensor<double> out({in.n, in.c, in.h + pads.top + pads.bottom, in.w + pads.left + pads.right});
    for (std::int64_t n = 0; n < in.n; ++n)
        for (std::int64_t c = 0; c < in.c; ++c)
            for (std::int64_t y = 0; y < out.shape().h; ++y)
                for (std::int64_t x = 0; x < out.shape().w; ++x)
                    out.at(n, c, y, x) = padded_at(spec, input, n, c, y - pads.top, x - pads.left);
    return out;
}

Tensor<double> stamped_canvas(const ConvSpec& spec, const LayerData& data) {
    const Size2 plane = canvas_size(spec, data.input.shape.plane());
    const std::int64_t per_group = spec.out_channels / spec.groups;
    Tensor<double> canvas({data.input.shape.n, spec.out_channels, plane.h, plane.w});
    for (std::int64_t n = 0; n < data.input.shape.n; ++n) {
        for (std::int64_t c_out = 0; c_out < spec.out_channels; ++c_out) {
            const std::int64_t first_channel = first_input_channel(spec, data.input.shape.c, c_out);
            for (std::int64_t j = 0; j < data.input.shape.c / spec.groups; ++j)
                stamp_channel(spec, data, n, first_channel + j, c_out % per_group, canvas, n, c_out);
        }
    }
    return canvas;
}

Tensor<double> zero_inserted_input(const ConvSpec& spec, View<double> input) {
    const Shape4 in = input.shape;
    const Pads crop = resolve_pads(spec, in.plane());
    const Size2 out_size = output_shape(spec, in).plane();
    const Size2 reach{effective_kernel(spec.kernel.h, spec.dilation.h) - 1,
                      effective_kernel(spec.kernel.w, spec.dilation.w) - 1};
    // A stride-1 window gives out_size cells on this length; what the start border and the spread cells leave of it is
    // the end border, E-1-p+op.
    Tensor<double> out({in.n, in.c, out_size.h + reach.h, out_size.w + reach.w});
    const Size2 border{reach.h - crop.top, reach.w - crop.left};
    for (std::int64_t n = 0; n < in.n; ++n) {
        for (std::int64_t c = 0; c < in.c; ++c) {
            for (std::int64_t h = 0; h < in.h; ++h) {
                for (std::int64_t w = 0; w < in.w; ++w) {
                    const std::int64_t y = border.h + h * spec.stride.h;
                    const std::int64_t x = border.w + w * spec.stride.w;
                    const bool inside = y >= 0 && y < out.shape().h && x >= 0 && x < out.shape().w;
                    if (inside) out.at(n, c, y, x) = input.at(n, c, h, w);
                }
            }
        }
    }
    return out;
}

Tensor<double> flipped(View<double> weight) {
    const Shape4 shape = weight.shape;
    Tensor<double> out(shape);
    for (std::int64_t n = 0; n < shape.n; ++n)
        for (std::int64_t c = 0; c < shape.c; ++c)
            for (std::int64_t h = 0; h < shape.h; ++h)
                for (std::int64_t w = 0; w < shape.w; ++w)
                    out.at(n, c, h, w) = weight.at(n, c, shape.h - 1 - h, shape.w - 1 - w);
    return out;
}

Tensor<double> magnitude(const ConvSpec& spec, const LayerData& data) {
    ConvSpec positive = spec;
    positive.pad_value = std::abs(spec.pad_value);
    if (spec.divisor_override) positive.divisor_override = std::abs(*spec.divisor_override);
    const Tensor<double> input = absolute(data.input);
    if (is_pooling(spec.op)) return pool(positive, input);
    const Tensor<double> weight = absolute(data.weight);
    if (!data.bias.data) return reference_forward(positive, {input, weight, {}});
    const Tensor<double> bias = absolute(data.bias);
    return reference_forward(positive, {input, weight, bias});
}

}  // namespace convlens
