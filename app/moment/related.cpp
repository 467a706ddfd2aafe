#include "app/moment/related.h"

#include <algorithm>

#include "app/moment/plane_area.h"
#include "core/conv/kernel_index.h"
#include "core/conv/pad.h"

namespace convlens {

namespace {

Related nothing_lit(const Moment& m) {
    const auto unlit = [&](TensorKind tensor) {
        const PlaneArea area = plane_area(*m.layer, tensor);
        return LitPlane{area.y0, area.x0, area.size};
    };
    Related lit;
    lit.input = unlit(TensorKind::input);
    if (!m.pooling()) lit.weight = unlit(TensorKind::weight);
    lit.output = unlit(TensorKind::output);
    return lit;
}

// The indices along one axis, from `first` on, `count` of them, at which the number of index `at` stands: `at` itself and,
// where it is of the input, the indices of the padding that copy it.
std::vector<std::int64_t> standing_at(std::int64_t at, std::int64_t length, PadMode mode, std::int64_t first,
                                      std::int64_t count) {
    std::vector<std::int64_t> found;
    for (std::int64_t i = first; i < first + count; ++i)
        if (i == at || source_index(i, length, mode) == at) found.push_back(i);
    return found;
}

// The windows along one axis that have an index, each with the position in the window at which they have it.
struct Reader {
    std::int64_t output = 0, window = 0;
};
std::vector<Reader> readers(const AxisShape& axis, const std::vector<std::int64_t>& indices) {
    std::vector<Reader> found;
    for (const std::int64_t index : indices) {
        for (std::int64_t u = 0; u < axis.kernel; ++u) {
            const std::int64_t start = index + axis.pad_before - u * axis.dilation;
            if (start >= 0 && start % axis.stride == 0 && start / axis.stride < axis.output)
                found.push_back({start / axis.stride, u});
        }
    }
    return found;
}

// What a cell of a convolution's input feeds, by itself and by the cells of the padding that copy it; a cell of the padding
// feeds by itself.
void light_read(const Moment& m, const Cell4& at, Related& lit) {
    const Shape4 in = m.input_shape();
    const Pads& pads = m.layer->pads;
    const bool inside = at.y >= 0 && at.x >= 0 && at.y < in.h && at.x < in.w;
    const PadMode mode = inside ? m.spec().pad_mode : PadMode::zeros;
    const std::vector<std::int64_t> rows = standing_at(at.y, in.h, mode, -pads.top, m.layer->h.padded);
    const std::vector<std::int64_t> cols = standing_at(at.x, in.w, mode, -pads.left, m.layer->w.padded);
    for (const std::int64_t row : rows)
        for (const std::int64_t col : cols) lit.input.light(row, col);
    if (!is_listed(m)) return;
    const std::vector<Reader> above = readers(m.layer->h, rows), beside = readers(m.layer->w, cols);
    for (const Reader& row : above) {
        for (const Reader& col : beside) {
            const Size2 weight = stored_cell(m.spec(), {row.window, col.window});
            lit.output.light(row.output, col.output);
            lit.weight.light(weight.h, weight.w);
        }
    }
}

// What a cell of the input, or of its padding, feeds. Where it is stamped it meets every weight: none is worth pointing out.
void light_fed(const Moment& m, const Cell4& at, Related& lit) {
    lit.input.light(at.y, at.x);
    if (m.spec().op == Op::conv) return light_read(m, at, lit);
    if (!is_listed(m)) return;
    const Cell4 cell{m.pane.slice.n, m.input_channel(), at.y, at.x};
    for (const Feed& feed : fan_out(m.spec(), m.input_shape(), cell)) {
        if (feed.output.c != m.pane.slice.c_out) continue;
        lit.output.light(feed.output.y, feed.output.x);
        if (!m.stamps()) lit.weight.light(feed.weight.y, feed.weight.x);
    }
}

// The input cells that a weight meets.
void light_met(const Moment& m, const Cell4& weight, Related& lit) {
    const Size2 k = m.spec().kernel;
    if (m.pooling() || weight.y >= k.h || weight.x >= k.w) return;  // pinned before the kernel shrank
    lit.weight.light(weight.y, weight.x);
    if (m.transposed()) return;
    const Lattice met = reach(m.spec(), m.input_shape().plane(), {weight.y, weight.x});
    for (std::int64_t i = 0; i < met.count.h; ++i)
        for (std::int64_t j = 0; j < met.count.w; ++j)
            lit.input.light(met.first.h + i * met.step.h - m.layer->pads.top,
                            met.first.w + j * met.step.w - m.layer->pads.left);
}

// The factors of a sum's products in the channel that is looked at, or of the one at a place; the window as a whole where
// the products are not listed.
void light_sum(const Moment& m, std::span<const Tap> some, const std::optional<Size2>& only, bool weights,
               Related& lit) {
    lit.whole_window = !is_listed(m);
    if (lit.whole_window) return;
    for (const Tap& tap : some) {
        if (tap.input.c != m.input_channel() || (only && *only != product_place(m, tap))) continue;
        lit.input.light(tap.input.y, tap.input.x);
        if (weights) lit.weight.light(tap.weight.y, tap.weight.x);
    }
}

}  // namespace

LitPlane::LitPlane(std::int64_t y, std::int64_t x, Size2 size)
    : y_(y), x_(x), size_(size), lit_(static_cast<std::size_t>(size.h * size.w), 0) {}

std::optional<std::size_t> LitPlane::index(std::int64_t y, std::int64_t x) const {
    const std::int64_t row = y - y_, col = x - x_;
    if (row < 0 || col < 0 || row >= size_.h || col >= size_.w) return std::nullopt;
    return static_cast<std::size_t>(row * size_.w + col);
}

void LitPlane::light(std::int64_t y, std::int64_t x) {
    if (const auto i = index(y, x)) lit_[*i] = 1;
}

bool LitPlane::at(std::int64_t y, std::int64_t x) const {
    const auto i = index(y, x);
    return i && lit_[*i] != 0;
}

Related related(const Moment& m, const CellId& cell) {
    Related lit = nothing_lit(m);
    switch (cell.tensor) {
        case TensorKind::input: light_fed(m, cell.at, lit); break;
        case TensorKind::zero_inserted_input:
            if (const auto source = spread_source(*m.layer, cell.at)) light_fed(m, *source, lit);
            break;
        case TensorKind::weight: light_met(m, cell.at, lit); break;
        case TensorKind::output:
        case TensorKind::uncropped_output: {
            if (!plane_area(*m.layer, TensorKind::output).contains(cell.at.y, cell.at.x)) break;
            const Cell4 out{m.pane.slice.n, m.pane.slice.c_out, cell.at.y, cell.at.x};
            light_sum(m, is_listed(m) ? taps(m.spec(), m.layer->data(), out) : std::vector<Tap>{}, {}, true, lit);
            break;
        }
        case TensorKind::product:
            if (m.out) light_sum(m, listed_products(m).added(), Size2{cell.at.y, cell.at.x}, true, lit);
            break;
    }
    return lit;
}

Related lit_at(const Moment& m, const Products& products) {
    const bool of_sum = m.borrowed || (m.pointed && m.pointed->tensor == TensorKind::product);
    if (m.pointed && !of_sum) return related(m, *m.pointed);
    Related lit = nothing_lit(m);
    if (!m.out) return lit;
    // A window that is read as a whole has all weights: none of them is worth pointing out.
    const bool weights = m.product || !m.has_window() || m.borrowed;
    light_sum(m, products.added(), m.product, weights, lit);
    return lit;
}

}  // namespace convlens
