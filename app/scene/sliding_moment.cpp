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
    const Size2 k = scene.spec().kernel;
    if (scene.spec().op != Op::conv_transpose) {
        Surface s = conv_surface(scene);
        s.positions = {std::min(k.h, (scene.layer.h.padded - 1) / s.dilation.h + 1),
                       std::min(k.w, (scene.layer.w.padded - 1) / s.dilation.w + 1)};
        return s;
    }
    Surface s = scene.pane.reading == Reading::zero_inserted ? zero_inserted_surface(scene) : gather_surface(scene);
    s.positions = k;
    return s;
}

}  // namespace

std::int64_t product_count(const PaneScene& scene, const Surface& surface) {
    std::int64_t rows = surface.positions.h, cols = surface.positions.w;
    if (scene.spec().op == Op::conv_transpose) {
        const Size2 s = scene.spec().stride;
        rows = std::min((rows - 1) / s.h + 1, scene.input_shape().h);
        cols = std::min((cols - 1) / s.w + 1, scene.input_shape().w);
    }
    return scene.group_channels() * rows * cols;
}

bool kernel_turned(const PaneScene& scene) {
    if (scene.spec().op != Op::conv_transpose) return scene.spec().op == Op::conv && scene.spec().flip_kernel;
    // The zero-inserted reading correlates with the turned kernel; turning twice is not turning.
    return scene.pane.reading == Reading::zero_inserted && !scene.spec().flip_kernel;
}

Size2 product_cell(const PaneScene& scene, const Moment& m, const Tap& tap) {
    if (scene.spec().op != Op::conv_transpose) return tap.window;
    const Size2 k = scene.spec().kernel;
    return m.upside_down ? Size2{k.h - 1 - tap.weight.y, k.w - 1 - tap.weight.x} : Size2{tap.weight.y, tap.weight.x};
}

namespace {

// The drawn cell of the surface that a tap reads.
Size2 surface_cell(const PaneScene& scene, const Moment& m, const Tap& tap) {
    const Surface& s = m.surface;
    if (s.part != Part::zero_inserted) return {tap.input.y - s.y0, tap.input.x - s.x0};
    return {tap.input.y * scene.spec().stride.h - s.y0, tap.input.x * scene.spec().stride.w - s.x0};
}

void light(std::vector<char>& cells, std::int64_t rows, std::int64_t cols, std::int64_t r, std::int64_t c) {
    if (r >= 0 && r < rows && c >= 0 && c < cols) cells[static_cast<std::size_t>(r * cols + c)] = 1;
}

void light_taps(const PaneScene& scene, Moment& m, const std::optional<Size2>& only) {
    const std::int64_t channel = scene.first_channel() + m.c_in;
    for (const Tap& tap : m.reached()) {
        if (tap.input.c != channel || (only && *only != product_cell(scene, m, tap))) continue;
        const Size2 at = surface_cell(scene, m, tap);
        light(m.lit_surface, m.surface.rows, m.surface.cols, at.h, at.w);
        if (!scene.pooling() && (only || !m.surface.window || m.borrowed))
            light(m.lit_kernel, scene.spec().kernel.h, scene.spec().kernel.w, tap.weight.y, tap.weight.x);
    }
}

// Where the products are not listed the window is lit as a whole.
void light_window(Moment& m) {
    const Surface& s = m.surface;
    if (!m.out || !s.window) return;
    for (std::int64_t u = 0; u < s.positions.h; ++u)
        for (std::int64_t v = 0; v < s.positions.w; ++v)
            light(m.lit_surface, s.rows, s.cols, s.start.h + m.out->y * s.stride.h + u * s.dilation.h,
                  s.start.w + m.out->x * s.stride.w + v * s.dilation.w);
}

// The pointer on an input cell lights what it feeds, and by which weights.
void light_fan_out(const PaneScene& scene, Moment& m, const MarkId& hover) {
    const Shape4 in = scene.input_shape();
    Cell4 cell{scene.pane.slice.n, scene.first_channel() + m.c_in, hover.y, hover.x};
    if (hover.part == Part::zero_inserted) {
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
void light_reach(const PaneScene& scene, Moment& m, const MarkId& hover) {
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

void light_all(const PaneScene& scene, Moment& m) {
    const std::optional<MarkId> hover = scene.hover();
    if (hover && (hover->part == Part::input || hover->part == Part::zero_inserted))
        return light_fan_out(scene, m, *hover);
    if (hover && hover->part == Part::kernel) return light_reach(scene, m, *hover);
    if (hover && hover->part == Part::products) m.one_product = Size2{hover->y, hover->x};
    if (!m.listed) return light_window(m);
    if (scene.glide() < 0.15F) light_taps(scene, m, m.one_product);
}

// Puts the taps in the order of the products plane and counts those that a partial step has reached.
std::int64_t taps_reached(const PaneScene& scene, Moment& m, StepBy by) {
    const Size2 k = scene.spec().kernel;
    const auto order = [&](const Tap& tap) {
        const Size2 at = product_cell(scene, m, tap);
        return (tap.input.c - scene.first_channel()) * k.h * k.w + at.h * k.w + at.w;
    };
    std::stable_sort(m.taps.begin(), m.taps.end(), [&](const Tap& a, const Tap& b) { return order(a) < order(b); });
    const std::int64_t last = m.step.channel * k.h * k.w + (by == StepBy::product ? m.step.product : k.h * k.w - 1);
    return std::count_if(m.taps.begin(), m.taps.end(), [&](const Tap& tap) { return order(tap) <= last; });
}

std::optional<Size2> largest_place(const PaneScene& scene, const Moment& m) {
    const double most = combined(scene.spec(), scene.input_shape().plane(), *m.out, m.reached());
    for (const Tap& tap : m.reached()) {
        const bool same = tap.value == most || (std::isnan(tap.value) && std::isnan(most));
        if (!tap.in_padding && same) return tap.window;
    }
    return {};
}

}  // namespace

WindowCorner window_corner(const PaneScene& scene, const Moment& m) {
    const Surface& s = m.surface;
    const Cell4 here = m.out.value_or(Cell4{});
    WindowCorner at{static_cast<double>(here.y), static_cast<double>(here.x)};
    const TimelineStep next = pane_step(scene, 1);
    if (!m.borrowed && !m.step.before_first && !next.before_first) {
        at.row += static_cast<float>(next.cell.y - here.y) * scene.glide();
        at.col += static_cast<float>(next.cell.x - here.x) * scene.glide();
    }
    return {static_cast<double>(s.start.h) + at.row * static_cast<double>(s.stride.h),
            static_cast<double>(s.start.w) + at.col * static_cast<double>(s.stride.w)};
}

Moment moment_of(const PaneScene& scene) {
    Moment m;
    m.surface = surface_of(scene);
    m.step = pane_step(scene);
    const StepBy by = scene.derived.document.step_by;
    const std::optional<MarkId> hover = scene.hover();
    m.out =
        current_output(scene.derived, scene.pane, scene.playhead, cell_of(scene.derived.document, hover), scene.index);
    m.borrowed = hover && hover->part == Part::output;
    m.upside_down = kernel_turned(scene);
    const std::optional<std::int64_t> played = played_channel(scene.derived, scene.pane, scene.playhead.step);
    m.c_in = m.borrowed ? scene.pane.slice.c_in : played.value_or(scene.pane.slice.c_in);
    m.listed = product_count(scene, m.surface) <= kMostListed;
    if (m.out) {
        if (m.listed) m.taps = taps(scene.spec(), scene.layer.data(), *m.out);
        const bool partial = !m.borrowed && !m.step.cell_complete;
        m.complete = !partial;
        m.shown = static_cast<std::int64_t>(m.taps.size());
        if (partial && m.listed) m.shown = taps_reached(scene, m, by);
        if (m.listed && scene.spec().op == Op::max_pool) m.best = largest_place(scene, m);
        if (by == StepBy::product && !m.borrowed && m.surface.window)
            m.one_product = Size2{m.step.product / scene.spec().kernel.w, m.step.product % scene.spec().kernel.w};
    }
    // The sheet turns on the way from nothing to the first output.
    if (m.upside_down && m.step.before_first && scene.spec().op == Op::conv) {
        m.turn = 180 * std::min(1.0F, scene.glide() * 1.25F);
        m.upside_down = false;
    }
    const Shape4 out = scene.layer.output.shape();
    m.lit_surface.assign(static_cast<std::size_t>(m.surface.rows * m.surface.cols), 0);
    if (!scene.pooling())
        m.lit_kernel.assign(static_cast<std::size_t>(scene.spec().kernel.h * scene.spec().kernel.w), 0);
    m.lit_output.assign(static_cast<std::size_t>(out.h * out.w), 0);
    light_all(scene, m);
    return m;
}

}  // namespace convlens
