// A window over a plane: conv, and of conv_transpose the two readings that look from the output (gather, zero-inserted).
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/scene/sliding.h"
#include "core/engine/pool.h"

namespace convlens {

namespace {

// What a pooling window is for: "largest of 9".
std::string pooling_detail(const ConvSpec& spec) {
    return fmt::format("{} of {}", spec.op == Op::max_pool ? "largest" : "average", spec.kernel.h * spec.kernel.w);
}

// Pooling has three planes, without a kernel, all others four.
std::vector<PlaneRequest> requests(const PaneScene& scene, const Moment& m) {
    const ConvSpec& spec = scene.spec();
    const Shape4 in = scene.input_shape();
    const Shape4 out = scene.layer.output.shape();
    const Theme& t = scene.theme;
    const std::int64_t eh = effective_kernel(spec.kernel.h, spec.dilation.h);
    const std::int64_t ew = effective_kernel(spec.kernel.w, spec.dilation.w);
    const bool zeros = m.surface.part == Part::zero_inserted;
    const std::int64_t channel = scene.first_channel() + m.c_in;

    PlaneRequest input{m.surface.part, m.surface.rows, m.surface.cols, {}, size_text(in.h, in.w), {}, "∗", t.input};
    input.name = slice_name("input", scene.pane.slice.n, in.n, channel, in.c);
    if (spec.op != Op::conv_transpose) input.detail += padding_text(scene.layer.pads);
    if (zeros) {
        input.name += ", zeros between";
        input.detail = fmt::format("{}, border {}", size_text(m.surface.rows, m.surface.cols), -m.surface.y0);
        if (m.surface.x0 != m.surface.y0) input.detail += fmt::format(", {}", -m.surface.x0);
    }
    const std::size_t lost = scene.layer.unread_h.input.size() + scene.layer.unread_w.input.size();
    if (spec.op != Op::conv_transpose && lost > 0) {
        const std::size_t rows = scene.layer.unread_h.input.size();
        const std::size_t cols = scene.layer.unread_w.input.size();
        input.note = "never read: ";
        if (rows > 0) input.note += fmt::format("{} row{}", rows, rows > 1 ? "s" : "");
        if (rows > 0 && cols > 0) input.note += ", ";
        if (cols > 0) input.note += fmt::format("{} column{}", cols, cols > 1 ? "s" : "");
    }

    PlaneRequest output{Part::output, out.h, out.w, {}, size_text(out.h, out.w), {}, {}, t.output};
    output.name = slice_name("output", scene.pane.slice.n, out.n, scene.pane.slice.c_out, out.c);
    if (scene.pooling()) {
        input.then = "→";
        return {input,
                {Part::products, spec.kernel.h, spec.kernel.w, "window", pooling_detail(spec), reach_note(spec), "→",
                 t.kernel},
                output};
    }

    PlaneRequest kernel{Part::kernel,     eh,  ew,      "kernel", size_text(spec.kernel.h, spec.kernel.w),
                        reach_note(spec), "→", t.kernel};
    if (in.c > 1 || spec.out_channels > 1) kernel.name = fmt::format("kernel [{}, {}]", scene.pane.slice.c_out, m.c_in);
    if (kernel_turned(scene)) kernel.detail += m.upside_down || m.turn > 0 ? ", turned 180°" : ", to be turned";

    PlaneRequest products{Part::products, spec.kernel.h, spec.kernel.w, "products", "cell × weight", {}, "Σ", t.text};
    if (spec.op == Op::conv_transpose && spec.output_padding != Size2{0, 0})
        output.detail += fmt::format(", output padding {}", std::max(spec.output_padding.h, spec.output_padding.w));
    return {input, kernel, products, output};
}

// Padding of a pooling layer. It is no data: an average may count it as 0, a maximum never looks at it.
CellLook outside_look(const PaneScene& scene) {
    CellLook look = padding_look(scene.theme, 0);
    if (!padding_counts(scene.spec())) look.text = "·";
    return look;
}

CellLook surface_look(const PaneScene& scene, const Moment& m, std::int64_t r, std::int64_t c) {
    const Shape4 in = scene.input_shape();
    const std::int64_t channel = scene.first_channel() + m.c_in;
    const std::int64_t n = scene.pane.slice.n;
    const std::int64_t y = r + m.surface.y0;
    const std::int64_t x = c + m.surface.x0;
    const double peak = scene.layer.input_peak;
    if (m.surface.part == Part::zero_inserted) {
        const Size2 s = scene.spec().stride;
        const bool from_input = y >= 0 && x >= 0 && y % s.h == 0 && x % s.w == 0 && y / s.h < in.h && x / s.w < in.w;
        const double value = scene.layer.zero_inserted.at(n, channel, r, c);
        return from_input ? value_look(scene.theme, value, peak) : padding_look(scene.theme, value);
    }
    if (y >= 0 && y < in.h && x >= 0 && x < in.w)
        return value_look(scene.theme, scene.layer.layer.input->at(n, channel, y, x), peak);
    if (scene.pooling()) return outside_look(scene);
    return padding_look(scene.theme, scene.layer.padded.at(n, channel, r - m.surface.start.h, c - m.surface.start.w));
}

// A cell that a negative pad cuts away: its value, if it has one, but nothing reads it.
CellLook cut_look(const PaneScene& scene, const Moment& m, std::int64_t r, std::int64_t c) {
    CellLook look = empty_look(scene.theme);
    const Shape4 in = scene.input_shape();
    const std::int64_t y = r + m.surface.y0;
    const std::int64_t x = c + m.surface.x0;
    if (y < 0 || x < 0 || y >= in.h || x >= in.w) return look;
    look.value = scene.layer.layer.input->at(scene.pane.slice.n, scene.first_channel() + m.c_in, y, x);
    look.number = true;
    look.ink = scene.theme.faint;
    return look;
}

// The ring of padding (dashed, grown around the input's frame), cells that a negative pad cuts away, unread rows.
void add_surface_marks(Scene& out, const PaneScene& scene, const Moment& m, const PlacedPlane& placed, float pitch) {
    const Theme& t = scene.theme;
    const Surface& s = m.surface;
    const MarkId id = scene.id(s.part, scene.first_channel() + m.c_in);
    const Rect all = placed.cells(pitch, 0, 0, s.rows, s.cols);
    const Shape4 in = scene.input_shape();
    const bool grown = s.rows != in.h || s.cols != in.w;
    if (grown) out.marks.push_back(outline(id, all, t.pad, 2, 6));
    if (s.part == Part::input)
        out.marks.push_back(outline(id, placed.cells(pitch, -s.y0, -s.x0, in.h, in.w), t.input, 2));
    if (scene.spec().op == Op::conv_transpose) return;
    for (const std::int64_t y : scene.layer.unread_h.input)
        out.marks.push_back(hatch(id, placed.cells(pitch, y - s.y0, -s.x0, 1, in.w), t.problem));
    for (const std::int64_t x : scene.layer.unread_w.input)
        out.marks.push_back(hatch(id, placed.cells(pitch, -s.y0, x - s.x0, in.h, 1), t.problem));
}

// A dot at the corner of every window: where the kernel may stand.
void add_stride_dots(Scene& out, const PaneScene& scene, const Moment& m, const PlacedPlane& placed, float pitch) {
    const Surface& s = m.surface;
    if (!s.window || s.part != Part::input || pitch < 8 || (s.stride == Size2{1, 1})) return;
    const Shape4 shape = scene.layer.output.shape();
    const float radius = std::clamp(pitch * 0.09F, 1.5F, 5.0F);
    for (std::int64_t y = 0; y < shape.h; ++y)
        for (std::int64_t x = 0; x < shape.w; ++x) {
            const Rect cell = placed.cells(pitch, s.start.h + y * s.stride.h, s.start.w + x * s.stride.w, 1, 1);
            DotMark dot;
            dot.id = scene.id(Part::none, 0, y, x);
            dot.centre = {cell.x + radius + 3, cell.y + radius + 3};
            dot.radius = radius;
            dot.colour = scene.theme.stride;
            out.marks.push_back(dot);
        }
}

// The window's frame, gliding from this output to the next.
void add_window(Scene& out, const PaneScene& scene, const Moment& m, const PlacedPlane& placed, float pitch) {
    const Surface& s = m.surface;
    if (!s.window) return;
    const Size2 k = scene.spec().kernel;
    Cell4 here{0, 0, 0, 0};
    if (m.out) here = *m.out;
    auto y = static_cast<double>(here.y);
    auto x = static_cast<double>(here.x);
    const TimelineStep next = pane_step(scene, 1);
    if (!m.borrowed && !m.step.before_first && !next.before_first) {
        y += static_cast<float>(next.cell.y - here.y) * scene.glide();
        x += static_cast<float>(next.cell.x - here.x) * scene.glide();
    }
    const Rect rect = placed.cells(pitch, s.start.h + y * s.stride.h, s.start.w + x * s.stride.w,
                                   effective_kernel(k.h, s.dilation.h), effective_kernel(k.w, s.dilation.w));
    const bool waiting = !m.out;
    out.marks.push_back(outline(scene.id(Part::none, 0), rect, scene.theme.accent, 3, waiting ? 4 : 0));
}

void add_surface(Scene& out, const PaneScene& scene, const Moment& m, const PlacedPlane& placed, float pitch) {
    const std::optional<MarkId> hover = scene.hover();
    const bool by_pointer = hover && hover->part != Part::output && hover->part != Part::products;
    const Colour tint = by_pointer ? scene.theme.hover : scene.theme.accent;
    PlaneSpec plane;
    plane.id = scene.id(m.surface.part, scene.first_channel() + m.c_in, m.surface.y0, m.surface.x0);
    plane.origin = placed.origin;
    plane.pitch = pitch;
    plane.rows = m.surface.rows;
    plane.cols = m.surface.cols;
    plane.look = [&](std::int64_t r, std::int64_t c) {
        const bool read = m.surface.whole.contains({static_cast<float>(c) + 0.5F, static_cast<float>(r) + 0.5F});
        const CellLook look = read ? surface_look(scene, m, r, c) : cut_look(scene, m, r, c);
        return m.lit_surface[static_cast<std::size_t>(r * m.surface.cols + c)] ? lit_look(look, tint) : look;
    };
    out.marks.push_back(make_plane(plane, scene.theme, scene.options, scene.fonts));
    add_surface_marks(out, scene, m, placed, pitch);
    add_stride_dots(out, scene, m, placed, pitch);
    add_window(out, scene, m, placed, pitch);
}

// A value in the window of a pooling layer; the one that is the largest is lit.
CellLook pooled_look(const PaneScene& scene, const Moment& m, const Tap& tap) {
    const CellLook look =
        tap.in_padding ? outside_look(scene) : value_look(scene.theme, tap.value, scene.layer.input_peak);
    if (m.one_product) return m.one_product == tap.window ? lit_look(look, scene.theme.accent) : look;
    const bool largest = scene.spec().op == Op::max_pool && m.best == tap.window;
    return largest ? lit_look(look, scene.theme.output) : look;
}

void add_products(Scene& out, const PaneScene& scene, const Moment& m, const PlacedPlane& placed, float pitch) {
    const Size2 k = scene.spec().kernel;
    const std::int64_t channel = scene.first_channel() + m.c_in;
    std::vector<const Tap*> by_cell(static_cast<std::size_t>(k.h * k.w), nullptr);
    for (const Tap& tap : m.reached()) {
        if (tap.input.c != channel) continue;
        const Size2 at = product_cell(scene, m, tap);
        by_cell[static_cast<std::size_t>(at.h * k.w + at.w)] = &tap;
    }
    double peak = 0;
    for (const Tap& tap : m.taps)
        if (std::isfinite(tap.product)) peak = std::max(peak, std::abs(tap.product));
    PlaneSpec plane;
    plane.id = scene.id(Part::products, channel);
    plane.origin = placed.origin;
    plane.pitch = pitch;
    plane.rows = k.h;
    plane.cols = k.w;
    plane.look = [&](std::int64_t r, std::int64_t c) {
        const Tap* tap = by_cell[static_cast<std::size_t>(r * k.w + c)];
        if (!tap) return empty_look(scene.theme);
        if (scene.pooling()) return pooled_look(scene, m, *tap);
        const CellLook look =
            tap->in_padding ? padding_look(scene.theme, tap->product) : value_look(scene.theme, tap->product, peak);
        return m.one_product == Size2{r, c} ? lit_look(look, scene.theme.accent) : look;
    };
    GridMark grid = make_plane(plane, scene.theme, scene.options, scene.fonts);
    const Rect frame = grid.frame();
    out.marks.push_back(std::move(grid));
    out.marks.push_back(outline(plane.id, frame, scene.theme.frame, 1));
}

void add_output(Scene& out, const PaneScene& scene, const Moment& m, const PlacedPlane& placed, float pitch) {
    const Shape4 shape = scene.layer.output.shape();
    const std::int64_t n = scene.pane.slice.n;
    const std::int64_t c_out = scene.pane.slice.c_out;
    const double running = m.out ? combined(scene.spec(), scene.input_shape().plane(), *m.out, m.reached()) : 0;
    PlaneSpec plane;
    plane.id = scene.id(Part::output, c_out);
    plane.origin = placed.origin;
    plane.pitch = pitch;
    plane.rows = shape.h;
    plane.cols = shape.w;
    plane.look = [&](std::int64_t r, std::int64_t c) {
        const bool here = m.out && m.out->y == r && m.out->x == c;
        const bool written = r * shape.w + c < m.step.cells_done;
        CellLook look = empty_look(scene.theme);
        if (written || here) {
            const double value = here && !m.complete ? running : scene.layer.output.at(n, c_out, r, c);
            look = value_look(scene.theme, value, scene.layer.output_peak);
        }
        if (here) look.lit = true;
        return m.lit_output[static_cast<std::size_t>(r * shape.w + c)] ? lit_look(look, scene.theme.hover) : look;
    };
    GridMark grid = make_plane(plane, scene.theme, scene.options, scene.fonts);
    const Rect frame = grid.frame();
    out.marks.push_back(std::move(grid));
    out.marks.push_back(outline(plane.id, frame, scene.theme.output, 2));
    if (!m.out) return;
    const MarkId id = scene.id(Part::output, c_out, m.out->y, m.out->x);
    const Rect cell = placed.cells(pitch, m.out->y, m.out->x, 1, 1);
    out.marks.push_back(outline(id, cell, scene.theme.accent, 3));
}

}  // namespace

void add_sliding_pane(Scene& out, const PaneScene& scene) {
    const Moment m = moment_of(scene);
    const std::vector<PlaneRequest> planes = requests(scene, m);
    const Layout layout = place_planes(planes, scene.area, scene.options, scene.fonts);
    const Size2 k = scene.spec().kernel;
    add_surface(out, scene, m, layout.planes[0], layout.pitch);
    if (!scene.pooling()) {
        add_kernel(out, scene, layout.planes[1], layout.pitch, m.c_in, m.upside_down, m.turn,
                   [&](std::int64_t kh, std::int64_t kw) {
                       return m.lit_kernel[static_cast<std::size_t>(kh * k.w + kw)] != 0;
                   });
    }
    add_products(out, scene, m, layout.planes[planes.size() - 2], layout.pitch);
    add_output(out, scene, m, layout.planes[planes.size() - 1], layout.pitch);
    add_labels(out, scene.index, planes, layout, scene.theme, scene.options);
    if (m.out) add_sum_line(out, scene, sum_forms(scene, *m.out, m.taps, m.shown, m.complete));
}

}  // namespace convlens
