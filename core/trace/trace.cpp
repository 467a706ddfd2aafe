// The loop nest of core/engine/reference.cpp, asked about one cell at a time, in both directions.
#include "core/trace/trace.h"

#include <algorithm>
#include <limits>

#include "core/conv/pad.h"
#include "core/conv/shape.h"
#include "core/conv/window.h"
#include "core/engine/pool.h"

namespace convlens {

namespace {

// One axis of a layer: where its windows and stamps lie.
struct Line {
    bool transposed = false;
    std::int64_t input = 0;   // length
    std::int64_t output = 0;  // length
    std::int64_t before = 0;  // pad (conv) or crop (conv_transpose) at the start
    std::int64_t padded = 0;  // length with pads, or of the stamped canvas
    std::int64_t kernel = 1;
    std::int64_t stride = 1;
    std::int64_t dilation = 1;

    // Where window position u of output cell o lies on the input (conv); may be outside.
    std::int64_t read(std::int64_t o, std::int64_t u) const { return o * stride + u * dilation - before; }
    // Window positions of output cell o that there are: a last, partial pooling window leaves the padded input.
    std::int64_t positions(std::int64_t o) const {
        return transposed ? kernel : cells_within(o * stride, dilation, kernel, 0, padded).count();
    }
    // Where the stamp of input cell i puts window position u on the output (conv_transpose); may be outside.
    std::int64_t write(std::int64_t i, std::int64_t u) const { return i * stride + u * dilation - before; }
    // The cell whose window (or stamp) has position u on `at`: the inverse of read and write. Nothing where there is none.
    std::optional<std::int64_t> origin(std::int64_t at, std::int64_t u, std::int64_t length) const {
        const std::int64_t start = at + before - u * dilation;
        if (start < 0 || start % stride != 0 || start / stride >= length) return {};
        return start / stride;
    }
    // The output cell that cell i of the input or its padding feeds through window position u. What a partial pooling
    // window has beyond the padded input is no cell.
    std::optional<std::int64_t> fed(std::int64_t i, std::int64_t u) const {
        if (!transposed) return i + before < 0 || i + before >= padded ? std::nullopt : origin(i, u, output);
        if (i < 0 || i >= input) return {};
        const std::int64_t o = write(i, u);
        if (o < 0 || o >= output) return {};
        return o;
    }
};

Line line_of(const ConvSpec& spec, Size2 plane, Axis axis) {
    const AxisShape s = solve_axis(spec, plane, axis);
    return {spec.op == Op::conv_transpose, s.input, s.output, s.pad_before, s.padded, s.kernel, s.stride, s.dilation};
}

// Group-relative bookkeeping of a layer's channels.
struct Channels {
    std::int64_t in_per_group = 1;
    std::int64_t out_per_group = 1;
};
Channels channels_of(const ConvSpec& spec, const Shape4& input) {
    const std::int64_t groups = group_count(spec, input.c);
    return {input.c / groups, output_channels(spec, input.c) / groups};
}

// The stored weight between an input and an output channel, at a window position.
Cell4 weight_cell(const ConvSpec& spec, const Channels& channels, std::int64_t c_in, std::int64_t c_out, Size2 window) {
    if (is_pooling(spec.op)) return {0, 0, window.h, window.w};
    const Size2 cell = stored_cell(spec, window);
    if (spec.op == Op::conv_transpose) return {c_in, c_out % channels.out_per_group, cell.h, cell.w};
    return {c_out, c_in % channels.in_per_group, cell.h, cell.w};
}

double at(View<double> values, const Cell4& cell) { return values.at(cell.n, cell.c, cell.y, cell.x); }

// The product of output cell `out` with window position `window` on input channel c_in.
Tap window_tap(const ConvSpec& spec, const LayerData& data, const Line& h, const Line& w, const Cell4& out,
               Size2 window, std::int64_t c_in) {
    Tap tap;
    tap.window = window;
    tap.input = {out.n, c_in, h.read(out.y, window.h), w.read(out.x, window.w)};
    tap.in_padding = tap.input.y < 0 || tap.input.y >= h.input || tap.input.x < 0 || tap.input.x >= w.input;
    const auto row = source_index(tap.input.y, h.input, spec.pad_mode);
    const auto col = source_index(tap.input.x, w.input, spec.pad_mode);
    tap.has_source = row && col;
    tap.source = tap.has_source ? Cell4{out.n, c_in, *row, *col} : tap.input;
    tap.value = tap.has_source ? at(data.input, tap.source) : pad_constant(spec);
    return tap;
}

// A value that output cell `out` of a pooling layer is made of. Padding takes no part in a maximum, and as 0 in an average.
Tap pool_tap(const ConvSpec& spec, const LayerData& data, const Line& h, const Line& w, const Cell4& out, Size2 window,
             std::int64_t c_in) {
    Tap tap = window_tap(spec, data, h, w, out, window, c_in);
    if (tap.in_padding && spec.op == Op::max_pool) tap.value = -std::numeric_limits<double>::infinity();
    return tap;
}

// The product of output cell `out` with window position `window` of a stamp, where a stamp of channel c_in has it there.
std::optional<Tap> stamp_tap(const LayerData& data, const Line& h, const Line& w, const Cell4& out, Size2 window,
                             std::int64_t c_in) {
    const auto row = h.origin(out.y, window.h, h.input);
    const auto col = w.origin(out.x, window.w, w.input);
    if (!row || !col) return {};
    Tap tap;
    tap.window = window;
    tap.input = tap.source = {out.n, c_in, *row, *col};
    tap.value = at(data.input, tap.input);
    return tap;
}

// How many windows read each cell of one input axis (conv), or stamps cover each cell of one output axis.
std::vector<std::int64_t> counts(const Line& line) {
    std::vector<std::int64_t> count(static_cast<std::size_t>(line.transposed ? line.output : line.input));
    for (std::int64_t i = 0; i < (line.transposed ? line.input : line.output); ++i) {
        for (std::int64_t u = 0; u < line.kernel; ++u) {
            const std::int64_t cell = line.transposed ? line.write(i, u) : line.read(i, u);
            if (cell >= 0 && cell < static_cast<std::int64_t>(count.size())) ++count[static_cast<std::size_t>(cell)];
        }
    }
    return count;
}

}  // namespace

std::vector<Tap> taps(const ConvSpec& spec, const LayerData& data, const Cell4& out) {
    const Shape4 in = data.input.shape;
    const Line h = line_of(spec, in.plane(), Axis::h);
    const Line w = line_of(spec, in.plane(), Axis::w);
    const Channels channels = channels_of(spec, in);
    const std::int64_t first_channel = first_input_channel(spec, in.c, out.c);
    std::vector<Tap> found;
    const std::int64_t rows = h.positions(out.y);
    const std::int64_t columns = w.positions(out.x);
    if (!h.transposed) found.reserve(static_cast<std::size_t>(channels.in_per_group * rows * columns));
    for (std::int64_t c_in = first_channel; c_in < first_channel + channels.in_per_group; ++c_in) {
        for (std::int64_t kh = 0; kh < rows; ++kh) {
            for (std::int64_t kw = 0; kw < columns; ++kw) {
                std::optional<Tap> tap;
                switch (spec.op) {
                    case Op::conv: tap = window_tap(spec, data, h, w, out, {kh, kw}, c_in); break;
                    case Op::conv_transpose: tap = stamp_tap(data, h, w, out, {kh, kw}, c_in); break;
                    default: tap = pool_tap(spec, data, h, w, out, {kh, kw}, c_in); break;
                }
                if (!tap) continue;
                Tap& kept = found.emplace_back(*tap);
                kept.weight = weight_cell(spec, channels, c_in, out.c, kept.window);
                kept.factor = is_pooling(spec.op) ? 1 : at(data.weight, kept.weight);
                kept.product = kept.value * kept.factor;
            }
        }
    }
    return found;
}

double combined(const ConvSpec& spec, Size2 input_plane, const Cell4& out, std::span<const Tap> some) {
    if (!is_pooling(spec.op)) {
        double sum = 0;
        for (const Tap& tap : some) sum += tap.product;
        return sum;
    }
    PooledValue value(spec.op);
    for (const Tap& tap : some)
        if (!tap.in_padding) value.add(tap.value);
    return value.result(pool_window(spec, input_plane, {out.y, out.x}).divisor);
}

std::vector<Feed> fan_out(const ConvSpec& spec, const Shape4& input, const Cell4& in) {
    const Line h = line_of(spec, input.plane(), Axis::h);
    const Line w = line_of(spec, input.plane(), Axis::w);
    const Channels channels = channels_of(spec, input);
    const std::int64_t first_out = in.c / channels.in_per_group * channels.out_per_group;
    std::vector<Feed> found;
    for (std::int64_t c_out = first_out; c_out < first_out + channels.out_per_group; ++c_out) {
        for (std::int64_t kh = 0; kh < h.kernel; ++kh) {
            const auto row = h.fed(in.y, kh);
            for (std::int64_t kw = 0; row && kw < w.kernel; ++kw) {
                const auto col = w.fed(in.x, kw);
                if (col)
                    found.push_back({{in.n, c_out, *row, *col}, weight_cell(spec, channels, in.c, c_out, {kh, kw})});
            }
        }
    }
    return found;
}

Lattice reach(const ConvSpec& spec, Size2 input_plane, Size2 kernel_cell) {
    const Line h = line_of(spec, input_plane, Axis::h);
    const Line w = line_of(spec, input_plane, Axis::w);
    const Size2 window = stored_cell(spec, kernel_cell);  // turning is its own inverse
    Lattice lattice;
    lattice.first = {window.h * h.dilation, window.w * w.dilation};
    lattice.step = {h.stride, w.stride};
    lattice.count = h.transposed ? Size2{h.input, w.input} : Size2{h.output, w.output};
    return lattice;
}

Tensor<double> overlap_count(const ConvSpec& spec, Size2 input_plane) {
    const std::vector<std::int64_t> rows = counts(line_of(spec, input_plane, Axis::h));
    const std::vector<std::int64_t> cols = counts(line_of(spec, input_plane, Axis::w));
    Tensor<double> out({1, 1, static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(cols.size())});
    double* cell = out.span().data();
    for (const std::int64_t row : rows)
        for (const std::int64_t col : cols) *cell++ = static_cast<double>(row * col);
    return out;
}

}  // namespace convlens
