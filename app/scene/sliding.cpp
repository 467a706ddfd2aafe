#include "app/scene/sliding.h"

#include <algorithm>
#include <cmath>

#include "app/scene/cell_mark.h"

namespace convlens {

namespace {

Surface conv_surface(const PaneScene& scene) {
    const Pads& p = scene.layer.pads;
    const Shape4 in = scene.input_shape();
    Surface s;
    s.y0 = -std::max<std::int64_t>(p.top, 0);
    s.x0 = -std::max<std::int64_t>(p.left, 0);
    s.rows = in.h + std::max<std::int64_t>(p.bottom, 0) - s.y0;
    s.cols = in.w + std::max<std::int64_t>(p.right, 0) - s.x0;
    s.stride = scene.spec().stride;
    s.dilation = scene.spec().dilation;
    s.start = {-p.top - s.y0, -p.left - s.x0};
    s.whole = {static_cast<float>(s.start.w), static_cast<float>(s.start.h), static_cast<float>(scene.layer.w.padded),
               static_cast<float>(scene.layer.h.padded)};
    return s;
}

Surface gather_surface(const PaneScene& scene) {
    Surface s;
    s.rows = scene.input_shape().h;
    s.cols = scene.input_shape().w;
    s.window = false;
    s.whole = {0, 0, static_cast<float>(s.cols), static_cast<float>(s.rows)};
    return s;
}

Surface zero_inserted_surface(const PaneScene& scene) {
    const Shape4 plane = scene.layer.zero_inserted.shape();
    Surface s;
    s.part = Part::zero_inserted;
    s.rows = plane.h;
    s.cols = plane.w;
    s.y0 = -(scene.layer.h.effective_kernel - 1 - scene.layer.pads.top);
    s.x0 = -(scene.layer.w.effective_kernel - 1 - scene.layer.pads.left);
    s.dilation = scene.spec().dilation;
    s.whole = {0, 0, static_cast<float>(s.cols), static_cast<float>(s.rows)};
    return s;
}

Surface surface_of(const PaneScene& scene) {
    Surface s = !scene.moment.transposed()                     ? conv_surface(scene)
                : scene.pane.reading == Reading::zero_inserted ? zero_inserted_surface(scene)
                                                               : gather_surface(scene);
    s.positions = window_positions(scene.moment);
    return s;
}

// The drawn cell of the surface that a tap reads.
Size2 surface_cell(const PaneScene& scene, const Surface& s, const Tap& tap) {
    if (s.part != Part::zero_inserted) return {tap.input.y - s.y0, tap.input.x - s.x0};
    return {tap.input.y * scene.spec().stride.h - s.y0, tap.input.x * scene.spec().stride.w - s.x0};
}

void light(std::vector<char>& cells, std::int64_t rows, std::int64_t cols, std::int64_t r, std::int64_t c) {
    if (r >= 0 && r < rows && c >= 0 && c < cols) cells[static_cast<std::size_t>(r * cols + c)] = 1;
}

void light_taps(const PaneScene& scene, Sliding& m) {
    const std::int64_t channel = scene.moment.input_channel();
    const std::optional<Size2>& only = scene.moment.product;
    for (const Tap& tap : m.products.added()) {
        if (tap.input.c != channel || (only && *only != product_place(scene.moment, tap))) continue;
        const Size2 at = surface_cell(scene, m.surface, tap);
        light(m.lit_surface, m.surface.rows, m.surface.cols, at.h, at.w);
        if (!scene.pooling() && (only || !m.surface.window || scene.moment.borrowed))
            light(m.lit_kernel, scene.spec().kernel.h, scene.spec().kernel.w, tap.weight.y, tap.weight.x);
    }
}

// Where the products are not listed the window is lit as a whole.
void light_window(const PaneScene& scene, Sliding& m) {
    const Surface& s = m.surface;
    const std::optional<Cell4>& out = scene.moment.out;
    if (!out || !s.window) return;
    for (std::int64_t u = 0; u < s.positions.h; ++u)
        for (std::int64_t v = 0; v < s.positions.w; ++v)
            light(m.lit_surface, s.rows, s.cols, s.start.h + out->y * s.stride.h + u * s.dilation.h,
                  s.start.w + out->x * s.stride.w + v * s.dilation.w);
}

// The pointer on an input cell lights what it feeds, and by which weights.
void light_fan_out(const PaneScene& scene, Sliding& m, const CellId& pointed) {
    const Shape4 in = scene.input_shape();
    const Cell4& hover = pointed.at;
    Cell4 cell{scene.pane.slice.n, scene.moment.input_channel(), hover.y, hover.x};
    if (pointed.tensor == TensorKind::zero_inserted_input) {
        const Size2 s = scene.spec().stride;
        if (hover.y % s.h != 0 || hover.x % s.w != 0) return;  // an inserted zero feeds nothing
        cell.y = hover.y / s.h;
        cell.x = hover.x / s.w;
    }
    if (cell.y < 0 || cell.x < 0 || cell.y >= in.h || cell.x >= in.w) return;
    const Shape4 out = scene.layer.output.shape();
    light(m.lit_surface, m.surface.rows, m.surface.cols, hover.y - m.surface.y0, hover.x - m.surface.x0);
    if (!m.listed) return;
    for (const Feed& feed : fan_out(scene.spec(), in, cell)) {
        if (feed.output.c != scene.pane.slice.c_out) continue;
        light(m.lit_output, out.h, out.w, feed.output.y, feed.output.x);
        if (!scene.pooling())
            light(m.lit_kernel, scene.spec().kernel.h, scene.spec().kernel.w, feed.weight.y, feed.weight.x);
    }
}

// The pointer on a weight lights every cell that it meets while the kernel slides.
void light_reach(const PaneScene& scene, Sliding& m, const Cell4& hover) {
    const Size2 k = scene.spec().kernel;
    if (scene.pooling() || hover.y >= k.h || hover.x >= k.w) return;  // pinned before the kernel shrank
    light(m.lit_kernel, k.h, k.w, hover.y, hover.x);
    if (scene.spec().op == Op::conv_transpose) return;
    const Lattice lattice = reach(scene.spec(), scene.input_shape().plane(), {hover.y, hover.x});
    for (std::int64_t i = 0; i < lattice.count.h; ++i)
        for (std::int64_t j = 0; j < lattice.count.w; ++j)
            light(m.lit_surface, m.surface.rows, m.surface.cols,
                  m.surface.start.h + lattice.first.h + i * lattice.step.h,
                  m.surface.start.w + lattice.first.w + j * lattice.step.w);
}

void light_all(const PaneScene& scene, Sliding& m) {
    if (const std::optional<CellId>& pointed = scene.moment.pointed) {
        if (pointed->tensor == TensorKind::input || pointed->tensor == TensorKind::zero_inserted_input)
            return light_fan_out(scene, m, *pointed);
        if (pointed->tensor == TensorKind::weight) return light_reach(scene, m, pointed->at);
    }
    if (!m.listed) return light_window(scene, m);
    if (scene.glide() < 0.15F) light_taps(scene, m);
}

}  // namespace

WindowCorner window_corner(const PaneScene& scene, const Surface& s) {
    const Moment& m = scene.moment;
    const Cell4 here = m.out.value_or(Cell4{});
    WindowCorner at{static_cast<double>(here.y), static_cast<double>(here.x)};
    if (!m.borrowed && !m.step.before_first && !m.next.before_first) {
        at.row += static_cast<float>(m.next.cell.y - here.y) * scene.glide();
        at.col += static_cast<float>(m.next.cell.x - here.x) * scene.glide();
    }
    return {static_cast<double>(s.start.h) + at.row * static_cast<double>(s.stride.h),
            static_cast<double>(s.start.w) + at.col * static_cast<double>(s.stride.w)};
}

Sliding sliding_of(const PaneScene& scene) {
    const Moment& m = scene.moment;
    Sliding sliding;
    sliding.surface = surface_of(scene);
    sliding.listed = product_count(m) <= kMostListed;
    if (m.out && sliding.listed) {
        sliding.products = products_of(m);
        if (scene.spec().op == Op::max_pool) sliding.best = largest_place(m, sliding.products);
    }
    // The sheet turns on the way from nothing to the first output.
    sliding.upside_down = m.turned() && !m.to_turn();
    if (m.to_turn()) sliding.turn = 180 * std::min(1.0F, scene.glide() * 1.25F);
    const Shape4 out = scene.layer.output.shape();
    const Surface& s = sliding.surface;
    sliding.lit_surface.assign(static_cast<std::size_t>(s.rows * s.cols), 0);
    if (!scene.pooling())
        sliding.lit_kernel.assign(static_cast<std::size_t>(scene.spec().kernel.h * scene.spec().kernel.w), 0);
    sliding.lit_output.assign(static_cast<std::size_t>(out.h * out.w), 0);
    light_all(scene, sliding);
    return sliding;
}

}  // namespace convlens
