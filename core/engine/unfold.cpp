// One loop over the entries of a channel's columns serves both directions, which makes them adjoint.
#include "core/engine/unfold.h"

#include "core/conv/pad.h"
#include "core/conv/shape.h"
#include "core/engine/reference.h"

namespace convlens {

namespace {

// An entry of the columns of one channel.
struct Entry {
    std::int64_t row = 0;         // kh*kW + kw
    std::int64_t window = 0;      // ho*W_o + wo
    std::optional<Size2> source;  // the input cell that it copies; nothing: a constant
};

// Calls visit(Entry) for each position in the kernel window and each window, in the order in which they are stored.
template <typename Visit>
void for_each_entry(const ConvSpec& spec, Size2 plane, Visit visit) {
    const Size2 count = windows(spec, plane);
    const Pads pads = resolve_pads(spec, plane);
    for (std::int64_t kh = 0; kh < spec.kernel.h; ++kh) {
        for (std::int64_t kw = 0; kw < spec.kernel.w; ++kw) {
            for (std::int64_t y = 0; y < count.h; ++y) {
                for (std::int64_t x = 0; x < count.w; ++x) {
                    const Size2 cell{y * spec.stride.h + kh * spec.dilation.h - pads.top,
                                     x * spec.stride.w + kw * spec.dilation.w - pads.left};
                    visit(Entry{kh * spec.kernel.w + kw, y * count.w + x, source_cell(spec, plane, cell)});
                }
            }
        }
    }
}

}  // namespace

Size2 windows(const ConvSpec& spec, Size2 input_plane) {
    assert(spec.op == Op::conv);
    return output_shape(spec, {1, 1, input_plane.h, input_plane.w}).plane();
}

Tensor<double> unfold(const ConvSpec& spec, View<double> input) {
    const Shape4 in = input.shape;
    const Size2 count = windows(spec, in.plane());
    const std::int64_t kernel_cells = spec.kernel.h * spec.kernel.w;
    Tensor<double> columns({in.n, in.c * kernel_cells, 1, count.h * count.w});
    for (std::int64_t n = 0; n < in.n; ++n) {
        for (std::int64_t c = 0; c < in.c; ++c) {
            for_each_entry(spec, in.plane(), [&](const Entry& entry) {
                const double value =
                    entry.source ? input.at(n, c, entry.source->h, entry.source->w) : pad_constant(spec);
                columns.at(n, c * kernel_cells + entry.row, 0, entry.window) = value;
            });
        }
    }
    return columns;
}

Tensor<double> fold(const ConvSpec& spec, View<double> columns, Size2 output_plane) {
    const std::int64_t kernel_cells = spec.kernel.h * spec.kernel.w;
    const std::int64_t channels = columns.shape.c / kernel_cells;
    assert(columns.shape.c % kernel_cells == 0 && columns.shape.h == 1);
    assert(columns.shape.w == windows(spec, output_plane).h * windows(spec, output_plane).w);
    Tensor<double> out({columns.shape.n, channels, output_plane.h, output_plane.w});
    for (std::int64_t n = 0; n < columns.shape.n; ++n) {
        for (std::int64_t c = 0; c < channels; ++c) {
            for_each_entry(spec, output_plane, [&](const Entry& entry) {
                if (!entry.source) return;
                out.at(n, c, entry.source->h, entry.source->w) +=
                    columns.at(n, c * kernel_cells + entry.row, 0, entry.window);
            });
        }
    }
    return out;
}

std::optional<Size2> source_cell(const ConvSpec& spec, Size2 input_plane, Size2 cell) {
    const auto row = source_index(cell.h, input_plane.h, spec.pad_mode);
    const auto col = source_index(cell.w, input_plane.w, spec.pad_mode);
    if (!row || !col) return {};
    return Size2{*row, *col};
}

}  // namespace convlens
