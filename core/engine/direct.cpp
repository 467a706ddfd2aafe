// Row by row: one weight times a whole row is one run over neighbouring numbers. See direct.h.
#include "core/engine/direct.h"

#include <algorithm>
#include <vector>

#include "core/conv/pad.h"
#include "core/conv/shape.h"
#include "core/engine/pool.h"
#include "core/parallel.h"

namespace convlens {

namespace {

// A strided axis laid out by phase: position p stands at p % stride * length + p / stride, so that every stride-th
// position is the next number in memory.
struct Phases {
    std::int64_t stride = 1;
    std::int64_t length = 0;  // of one phase

    static Phases of(std::int64_t positions, std::int64_t stride) {
        return {stride, (positions + stride - 1) / stride};
    }
    std::int64_t at(std::int64_t position) const { return position % stride * length + position / stride; }
    std::int64_t size() const { return stride * length; }
};

// out[i] += weight * in[i]. The blocks' length is known, so that the compiler vectorises them at every level.
void add_scaled(double* __restrict out, const double* __restrict in, double weight, std::int64_t count) {
    constexpr std::int64_t kBlock = 8;
    std::int64_t i = 0;
    for (; i + kBlock <= count; i += kBlock)
        for (std::int64_t j = 0; j < kBlock; ++j) out[i + j] += weight * in[i + j];
    for (; i < count; ++i) out[i] += weight * in[i];
}

// Index of the input cell at each of `length` padded positions from -before on; -1: the padding's constant.
std::vector<std::int64_t> sources(std::int64_t length, std::int64_t before, std::int64_t input, PadMode mode) {
    std::vector<std::int64_t> from(static_cast<std::size_t>(length));
    for (std::int64_t i = 0; i < length; ++i)
        from[static_cast<std::size_t>(i)] = source_index(i - before, input, mode).value_or(-1);
    return from;
}

// The input with its pads filled, [N, C, padded H, phases of padded W].
Tensor<double> padded_by_phase(const ConvSpec& spec, View<double> input, const Pads& pads, const Phases& phases) {
    const Shape4 in = input.shape;
    const std::vector<std::int64_t> rows = sources(in.h + pads.top + pads.bottom, pads.top, in.h, spec.pad_mode);
    const std::vector<std::int64_t> cols = sources(in.w + pads.left + pads.right, pads.left, in.w, spec.pad_mode);
    const double constant = pad_constant(spec);
    Tensor<double> out({in.n, in.c, static_cast<std::int64_t>(rows.size()), phases.size()}, constant);
    double* to = out.span().data();
    for (std::int64_t plane = 0; plane < in.n * in.c; ++plane) {
        for (const std::int64_t row : rows) {
            const double* from = input.data + (plane * in.h + std::max<std::int64_t>(row, 0)) * in.w;
            for (std::size_t x = 0; row >= 0 && x < cols.size(); ++x)
                if (cols[x] >= 0) to[phases.at(static_cast<std::int64_t>(x))] = from[cols[x]];
            to += phases.size();
        }
    }
    return out;
}

// What both operations need to find their weights.
struct Layer {
    const ConvSpec& spec;
    const LayerData& data;
    Pads pads;
    Shape4 out;
    std::int64_t channels;  // input channels per group

    Layer(const ConvSpec& layer_spec, const LayerData& layer_data)
        : spec(layer_spec),
          data(layer_data),
          pads(resolve_pads(layer_spec, layer_data.input.shape.plane())),
          out(output_shape(layer_spec, layer_data.input.shape)),
          channels(layer_data.input.shape.c / layer_spec.groups) {}

    double weight(std::int64_t c_out, std::int64_t first_channel, std::int64_t j, std::int64_t kh,
                  std::int64_t kw) const {
        const Size2 cell = stored_cell(spec, {kh, kw});
        if (spec.op == Op::conv) return data.weight.at(c_out, j, cell.h, cell.w);
        return data.weight.at(first_channel + j, c_out % (spec.out_channels / spec.groups), cell.h, cell.w);
    }
    double bias(std::int64_t c_out) const { return data.bias.data ? data.bias.data[c_out] : 0; }
};

// Calls body(n, c_out, y, row) for every row of the output, `row` pointing at its zeros.
template <typename Body>
Tensor<double> for_rows(const Layer& layer, int threads, const Body& body) {
    constexpr std::int64_t kBand = 16;  // rows: large beside the cost of handing them out
    Tensor<double> out(layer.out);
    double* first_row = out.span().data();
    for_bands(layer.out.n * layer.out.c * layer.out.h, kBand, thread_count(threads),
              [&](std::int64_t first, std::int64_t last) {
                  for (std::int64_t i = first; i < last; ++i) {
                      const std::int64_t plane = i / layer.out.h;
                      body(plane / layer.out.c, plane % layer.out.c, i % layer.out.h, first_row + i * layer.out.w);
                  }
              });
    return out;
}

Tensor<double> convolve(const Layer& layer, int threads) {
    const ConvSpec& spec = layer.spec;
    const Shape4 in = layer.data.input.shape;
    const Phases phases = Phases::of(in.w + layer.pads.left + layer.pads.right, spec.stride.w);
    const Tensor<double> padded = padded_by_phase(spec, layer.data.input, layer.pads, phases);
    const std::int64_t padded_h = padded.shape().h;
    return for_rows(layer, threads, [&](std::int64_t n, std::int64_t c_out, std::int64_t y, double* row) {
        const std::int64_t first_channel = first_input_channel(spec, in.c, c_out);
        for (std::int64_t j = 0; j < layer.channels; ++j) {
            const std::int64_t top = (n * in.c + first_channel + j) * padded_h + y * spec.stride.h;
            for (std::int64_t kh = 0; kh < spec.kernel.h; ++kh) {
                const double* from = padded.span().data() + (top + kh * spec.dilation.h) * phases.size();
                for (std::int64_t kw = 0; kw < spec.kernel.w; ++kw)
                    add_scaled(row, from + phases.at(kw * spec.dilation.w),
                               layer.weight(c_out, first_channel, j, kh, kw), layer.out.w);
            }
        }
        const double bias = layer.bias(c_out);
        for (std::int64_t x = 0; x < layer.out.w; ++x) row[x] += bias;
    });
}

// The stamps that fall on one canvas row, laid out by phase into `canvas_row`.
void stamp_row(const Layer& layer, const Phases& phases, std::int64_t n, std::int64_t c_out, std::int64_t canvas_y,
               double* canvas_row) {
    const ConvSpec& spec = layer.spec;
    const Shape4 in = layer.data.input.shape;
    const std::int64_t first_channel = first_input_channel(spec, in.c, c_out);
    for (std::int64_t j = 0; j < layer.channels; ++j) {
        for (std::int64_t kh = 0; kh < spec.kernel.h; ++kh) {
            const std::int64_t above = canvas_y - kh * spec.dilation.h;
            const std::int64_t h = above / spec.stride.h;
            if (above < 0 || above % spec.stride.h != 0 || h >= in.h) continue;
            const double* from = layer.data.input.data + ((n * in.c + first_channel + j) * in.h + h) * in.w;
            for (std::int64_t kw = 0; kw < spec.kernel.w; ++kw)
                add_scaled(canvas_row + phases.at(kw * spec.dilation.w), from,
                           layer.weight(c_out, first_channel, j, kh, kw), in.w);
        }
    }
}

Tensor<double> convolve_transposed(const Layer& layer, int threads) {
    const ConvSpec& spec = layer.spec;
    const std::int64_t canvas_w =
        (layer.data.input.shape.w - 1) * spec.stride.w + effective_kernel(spec.kernel.w, spec.dilation.w);
    const Phases phases = Phases::of(canvas_w, spec.stride.w);
    return for_rows(layer, threads, [&](std::int64_t n, std::int64_t c_out, std::int64_t y, double* row) {
        std::vector<double> canvas_row(static_cast<std::size_t>(phases.size()));
        stamp_row(layer, phases, n, c_out, y + layer.pads.top, canvas_row.data());
        const double bias = layer.bias(c_out);
        for (std::int64_t x = 0; x < layer.out.w; ++x) {
            const std::int64_t canvas_x = x + layer.pads.left;
            const bool stamped = canvas_x >= 0 && canvas_x < canvas_w;
            row[x] = (stamped ? canvas_row[static_cast<std::size_t>(phases.at(canvas_x))] : 0) + bias;
        }
    });
}

}  // namespace

Tensor<double> forward(const ConvSpec& spec, const LayerData& data, int threads) {
    if (is_pooling(spec.op)) return pool(spec, data.input, threads);
    const Layer layer(spec, data);
    return spec.op == Op::conv ? convolve(layer, threads) : convolve_transposed(layer, threads);
}

}  // namespace convlens
