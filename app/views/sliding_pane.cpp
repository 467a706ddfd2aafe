// A window over a plane: conv, and of conv_transpose the two readings that look from the output (gather, zero-inserted).
#include <algorithm>
#include <cmath>
#include <iterator>

#include "app/views/sliding.h"
#include "app/views/wedge.h"
#include "core/engine/pool.h"
#include "core/text/number.h"

namespace convlens {

namespace {

// Padding of a pooling layer. It is no data: an average may count it as 0, a maximum never looks at it.
CellLook outside_look(const PaneScene& scene) {
    CellLook look = padding_look(scene.theme, 0);
    if (!padding_counts(scene.spec())) look.text = "·";
    return look;
}

CellLook surface_look(const PaneScene& scene, const Sliding& m, std::int64_t r, std::int64_t c) {
    const Shape4 in = scene.input_shape();
    const std::int64_t channel = scene.moment.input_channel();
    const std::int64_t n = scene.pane.slice.n;
    const std::int64_t y = r + m.surface.y0;
    const std::int64_t x = c + m.surface.x0;
    const double peak = scene.layer.input_peak;
    if (m.surface.part == Part::zero_inserted) {
        const double value = scene.layer.zero_inserted.at(n, channel, r, c);
        return spread_source(scene.layer, {n, channel, y, x}) ? value_look(scene.theme, value, peak)
                                                              : padding_look(scene.theme, value);
    }
    if (y >= 0 && y < in.h && x >= 0 && x < in.w)
        return value_look(scene.theme, scene.layer.input->at(n, channel, y, x), peak);
    if (scene.pooling()) return outside_look(scene);
    return padding_look(scene.theme, scene.layer.padded.at(n, channel, r - m.surface.start.h, c - m.surface.start.w));
}

// A cell that a negative pad cuts away: its value, if it has one, but nothing reads it.
CellLook cut_look(const PaneScene& scene, const Sliding& m, std::int64_t r, std::int64_t c) {
    CellLook look = empty_look(scene.theme);
    const Shape4 in = scene.input_shape();
    const std::int64_t y = r + m.surface.y0;
    const std::int64_t x = c + m.surface.x0;
    if (y < 0 || x < 0 || y >= in.h || x >= in.w) return look;
    look.value = scene.layer.input->at(scene.pane.slice.n, scene.moment.input_channel(), y, x);
    look.number = true;
    look.ink = scene.theme.faint;
    return look;
}

// The ring of padding (dashed, grown around the input's frame), cells that a negative pad cuts away, unread rows.
void add_surface_marks(Scene& out, const PaneScene& scene, const Sliding& m, const PlacedPlane& placed) {
    const Theme& t = scene.theme;
    const Surface& s = m.surface;
    const MarkId id = scene.id(s.part, scene.moment.input_channel());
    const Rect all = placed.cells(0, 0, s.rows, s.cols);
    const Shape4 in = scene.input_shape();
    const bool grown = s.rows != in.h || s.cols != in.w;
    if (grown) out.marks.push_back(outline(id, all, t.pad, 2, 6));
    if (s.part == Part::input) out.marks.push_back(outline(id, placed.cells(-s.y0, -s.x0, in.h, in.w), t.input, 2));
    if (scene.spec().op != Op::conv_transpose) add_unread(out, scene, placed, s.y0, s.x0);
}

// A dot at the corner of every window: where the kernel may stand.
void add_stride_dots(Scene& out, const PaneScene& scene, const Sliding& m, const PlacedPlane& placed) {
    const Surface& s = m.surface;
    if (!s.window || s.part != Part::input || placed.pitch < 8 || (s.stride == Size2{1, 1})) return;
    const Shape4 shape = scene.layer.output.shape();
    const float radius = std::clamp(placed.pitch * 0.075F, 1.5F, 5.0F);
    const Rect first = placed.cells(s.start.h, s.start.w, 1, 1);
    const CellSpan rows = visible(first.y, first.h * static_cast<float>(s.stride.h), shape.h, scene.page.height);
    const CellSpan cols = visible(first.x, first.w * static_cast<float>(s.stride.w), shape.w, scene.page.width);
    for (std::int64_t y = rows.first; y < rows.last; ++y)
        for (std::int64_t x = cols.first; x < cols.last; ++x) {
            const Rect cell = placed.cells(s.start.h + y * s.stride.h, s.start.w + x * s.stride.w, 1, 1);
            DotMark dot;
            dot.id = scene.id(Part::none, 0, y, x);
            dot.centre = {cell.x, cell.y};
            dot.radius = radius;
            dot.colour = scene.theme.stride;
            out.marks.push_back(dot);
        }
}

// The cells that the window covers, gliding; of one that reaches beyond the padded input as much as shows that it does.
Rect window_cells(const PaneScene& scene, const Surface& s, const PlacedPlane& placed) {
    const Size2 k = scene.spec().kernel;
    const WindowCorner at = window_corner(scene, s);
    const auto seen = [](double corner, std::int64_t extent, std::int64_t length) {
        return std::min(static_cast<double>(extent), static_cast<double>(length) - corner + 0.25);
    };
    return placed.cells(at.row, at.col, seen(at.row, effective_kernel(k.h, s.dilation.h), s.rows),
                        seen(at.col, effective_kernel(k.w, s.dilation.w), s.cols));
}

// The window's frame, and the anchor's mark on the cell over which the output stands. `noted`: its cells show weights.
void add_window(Scene& out, const PaneScene& scene, const Sliding& m, const PlacedPlane& placed, bool noted) {
    const Surface& s = m.surface;
    if (!s.window) return;
    const bool waiting = !scene.moment.out;
    out.marks.push_back(step_outline(scene.id(Part::none, 0), window_cells(scene, s, placed), placed.smaller_side(),
                                     scene.theme.reading, waiting ? 4 : 0));
    const auto anchor = shown_anchor(scene);
    if (!anchor) return;
    const WindowCorner at = window_corner(scene, s);
    const Cell4 here = scene.moment.out.value_or(Cell4{});
    const MarkId id{Part::anchor, scene.index, 1, 0, here.y * s.stride.h, here.x * s.stride.w};
    const auto row = at.row + static_cast<double>(anchor->place.h);
    const auto col = at.col + static_cast<double>(anchor->place.w);
    add_anchor_mark(out, id, placed.cells(row, col, 1, 1), scene.theme, !noted);
}

// A cell of the surface with what the step or the pointer does with it.
CellLook marked_look(const PaneScene& scene, const Sliding& m, CellLook look, std::int64_t r, std::int64_t c) {
    look.lit = is_lit(scene, m, r, c);
    if (m.by_pointer) return look.lit ? lit_look(std::move(look)) : look;
    if (!scene.moment.out) return look;
    const std::optional<Size2> place = reading_place(scene, m, r, c);
    if (!place) return unread_look(std::move(look));
    if (m.on_its_way) return look;
    const std::optional<Size2>& one = m.current ? m.current : m.best;
    look.state = one == place ? CellState::current : CellState::read;
    if (!scene.pooling())
        look.note = "×" + short_number(weight_of(scene, scene.moment.channel, weight_place(scene, *place)));
    return look;
}

void add_surface(Scene& out, const PaneScene& scene, const Sliding& m, const PlacedPlane& placed,
                 std::vector<PolygonMark> beneath) {
    PlaneSpec plane;
    plane.id = scene.id(m.surface.part, scene.moment.input_channel(), m.surface.y0, m.surface.x0);
    plane.origin = placed.origin;
    plane.pitch = placed.pitch;
    plane.stretch = placed.stretch;
    plane.rows = m.surface.rows;
    plane.cols = m.surface.cols;
    plane.outline = m.by_pointer ? scene.theme.pointing : scene.theme.reading;
    plane.note_ink = scene.theme.weight_ink;
    plane.look = [&](std::int64_t r, std::int64_t c) {
        const bool within = m.surface.whole.contains({static_cast<float>(c) + 0.5F, static_cast<float>(r) + 0.5F});
        return marked_look(scene, m, within ? surface_look(scene, m, r, c) : cut_look(scene, m, r, c), r, c);
    };
    GridMark grid = make_plane(plane, scene.theme, scene.page, scene.fonts);
    grid.beneath = std::move(beneath);
    const bool noted = !grid.notes.empty();
    out.marks.push_back(std::move(grid));
    add_surface_marks(out, scene, m, placed);
    add_stride_dots(out, scene, m, placed);
    add_window(out, scene, m, placed, noted);
}

// A value in the window of a pooling layer; the one that is the largest is lit.
CellLook pooled_look(const PaneScene& scene, const Sliding& m, const Tap& tap) {
    const CellLook look =
        tap.in_padding ? outside_look(scene) : value_look(scene.theme, tap.value, scene.layer.input_peak);
    const std::optional<Size2>& one = m.current ? m.current : m.best;
    return one == tap.window ? lit_look(look, CellState::current) : look;
}

// A product (or value of a pooling window) that is not listed, as it is needed.
CellLook unlisted_look(const PaneScene& scene, std::int64_t r, std::int64_t c) {
    const std::optional<double> product = product_at(scene.moment, {r, c});
    if (!product) return empty_look(scene.theme);
    const double factor_peak = scene.pooling() ? 1 : scene.layer.weight_peak;
    return value_look(scene.theme, *product, scene.layer.input_peak * factor_peak);
}

// In rows a dilated kernel's products stand below their cells: each is a plane of its own.
void add_spread_products(Scene& out, const PaneScene& scene, PlaneSpec plane, const PlacedPlane& placed) {
    const std::int64_t d = scene.spec().dilation.w;
    const auto look = plane.look;
    const std::int64_t count = plane.cols;
    for (std::int64_t c = 0; c < count; ++c) {
        const Rect cell = placed.cells(0, static_cast<double>(c * d), 1, 1);
        plane.origin = {cell.x, cell.y};
        plane.id.x = c;
        plane.cols = 1;
        plane.look = [&](std::int64_t r, std::int64_t) { return look(r, c); };
        out.marks.push_back(make_plane(plane, scene.theme, scene.page, scene.fonts));
        out.marks.push_back(outline(plane.id, cell, scene.theme.frame, 1));
    }
}

void add_products(Scene& out, const PaneScene& scene, const Sliding& m, const PlacedPlane& placed, bool in_rows) {
    const Size2 k = m.surface.positions;
    const std::int64_t channel = scene.moment.input_channel();
    std::vector<const Tap*> by_cell(m.listed ? static_cast<std::size_t>(k.h * k.w) : 0, nullptr);
    for (const Tap& tap : m.products.added()) {
        if (tap.input.c != channel) continue;
        const Size2 at = product_place(scene.moment, tap);
        by_cell[static_cast<std::size_t>(at.h * k.w + at.w)] = &tap;
    }
    double peak = 0;
    for (const Tap& tap : m.products.taps)
        if (std::isfinite(tap.product)) peak = std::max(peak, std::abs(tap.product));
    PlaneSpec plane;
    plane.id = scene.id(Part::products, channel);
    plane.origin = placed.origin;
    plane.pitch = placed.pitch;
    plane.stretch = placed.stretch;
    plane.rows = k.h;
    plane.cols = k.w;
    plane.outline = scene.theme.reading;
    plane.look = [&](std::int64_t r, std::int64_t c) {
        if (!m.listed) return unlisted_look(scene, r, c);
        const Tap* tap = by_cell[static_cast<std::size_t>(r * k.w + c)];
        if (!tap) return empty_look(scene.theme);
        if (scene.pooling()) return pooled_look(scene, m, *tap);
        CellLook look =
            tap->in_padding ? padding_look(scene.theme, tap->product) : value_look(scene.theme, tap->product, peak);
        if (scene.moment.product == Size2{r, c}) return lit_look(look, CellState::current);
        if (m.current == Size2{r, c}) look.state = CellState::current;
        return look;
    };
    if (in_rows && scene.spec().dilation.w > 1 && m.surface.window)
        return add_spread_products(out, scene, plane, placed);
    out.marks.push_back(make_plane(plane, scene.theme, scene.page, scene.fonts));
    out.marks.push_back(outline(plane.id, placed.cells(0, 0, k.h, k.w), scene.theme.frame, 1));
}

// The anchor on the kernel. Its place is where the kernel lies; one that is to be turned yet has it mirrored.
void add_kernel_anchor(Scene& out, const PaneScene& scene, const Sliding& m, const PlacedPlane& placed) {
    const auto anchor = shown_anchor(scene);
    if (!anchor || m.turn != 0) return;
    Size2 at = anchor->place;
    if (scene.moment.to_turn())
        at = {scene.layer.h.effective_kernel - 1 - at.h, scene.layer.w.effective_kernel - 1 - at.w};
    const MarkId id{Part::anchor, scene.index, 0, 0, anchor->place.h, anchor->place.w};
    add_anchor_mark(out, id, placed.cells(at.h, at.w, 1, 1), scene.theme);
}

void add_output(Scene& out, const PaneScene& scene, const Sliding& m, const PlacedPlane& placed,
                std::vector<PolygonMark> beneath) {
    const Shape4 shape = scene.layer.output.shape();
    const std::int64_t n = scene.pane.slice.n;
    const std::int64_t c_out = scene.pane.slice.c_out;
    const double running = scene.moment.out && m.listed ? so_far(scene.moment, m.products) : 0;
    PlaneSpec plane;
    plane.id = scene.id(Part::output, c_out);
    plane.origin = placed.origin;
    plane.pitch = placed.pitch;
    plane.stretch = placed.stretch;
    plane.rows = shape.h;
    plane.cols = shape.w;
    plane.outline = scene.theme.pointing;
    plane.look = [&](std::int64_t r, std::int64_t c) {
        const bool here = scene.moment.out && scene.moment.out->y == r && scene.moment.out->x == c;
        const bool written = scene.moment.is_written(r, c);
        CellLook look = empty_look(scene.theme);
        if (written || here) {
            const double value = here && !scene.moment.complete ? running : scene.layer.output.at(n, c_out, r, c);
            if (m.listed || scene.moment.complete || !here)
                look = value_look(scene.theme, value, scene.layer.output_peak);
        }
        if (here) look.lit = true;
        return m.lit.output.at(r, c) ? lit_look(look) : look;
    };
    GridMark grid = make_plane(plane, scene.theme, scene.page, scene.fonts);
    grid.beneath = std::move(beneath);
    out.marks.push_back(std::move(grid));
    out.marks.push_back(outline(plane.id, placed.cells(0, 0, shape.h, shape.w), scene.theme.output, 2));
    if (!scene.moment.out) return;
    const MarkId id = scene.id(Part::output, c_out, scene.moment.out->y, scene.moment.out->x);
    const Rect cell = placed.cells(scene.moment.out->y, scene.moment.out->x, 1, 1);
    out.marks.push_back(step_outline(id, cell, placed.smaller_side(), scene.theme.reading));
}

// What the output that is looked at reads: its window, or the cells that lie scattered.
Rect read_cells(const PaneScene& scene, const Sliding& m, const PlacedPlane& placed) {
    if (m.surface.window) return step_frame(window_cells(scene, m.surface, placed), placed.smaller_side());
    // Rows and columns whose stamps may begin early enough and reach far enough.
    const Cell4& out = *scene.moment.out;
    const Size2 stride = scene.spec().stride;
    const auto span = [](std::int64_t at, std::int64_t extent, std::int64_t step, std::int64_t count) {
        return CellSpan{std::clamp<std::int64_t>((at - extent) / step, 0, count),
                        std::clamp<std::int64_t>(at / step + 1, 0, count)};
    };
    const CellSpan rows = span(out.y + scene.layer.pads.top, scene.layer.h.effective_kernel, stride.h, m.surface.rows);
    const CellSpan cols = span(out.x + scene.layer.pads.left, scene.layer.w.effective_kernel, stride.w, m.surface.cols);
    Size2 first{m.surface.rows, m.surface.cols}, last{-1, -1};
    for (std::int64_t r = rows.first; r < rows.last; ++r) {
        for (std::int64_t c = cols.first; c < cols.last; ++c) {
            if (!reading_place(scene, m, r, c)) continue;
            first = {std::min(first.h, r), std::min(first.w, c)};
            last = {std::max(last.h, r), std::max(last.w, c)};
        }
    }
    if (last.h < 0) return {};
    return placed.cells(static_cast<double>(first.h), static_cast<double>(first.w),
                        static_cast<double>(last.h - first.h + 1), static_cast<double>(last.w - first.w + 1));
}

// From the window over the products, and the sum of their channel where there are several, to the output.
StepWedges add_wedges(Scene& out, const PaneScene& scene, const Sliding& m, const std::vector<PlaneRequest>& planes,
                      const Layout& layout, const std::vector<Rect>& words) {
    if (!scene.moment.out) return {};
    const auto frame = [&](std::size_t i) {
        return layout.planes[i].cells(0, 0, static_cast<double>(planes[i].rows), static_cast<double>(planes[i].cols));
    };
    const std::size_t products = scene.pooling() ? 1 : 2, output = planes.size() - 1;
    const PlacedPlane& written = layout.planes[output];
    StepEnds ends;
    ends.read = {read_cells(scene, m, layout.planes[0]), frame(0)};
    ends.written = {step_frame(written.cells(scene.moment.out->y, scene.moment.out->x, 1, 1), written.smaller_side()),
                    frame(output)};
    ends.products = frame(products);
    if (!scene.pooling()) ends.kernel = frame(1);
    if (has_channel_column(scene)) ends.channel = {channel_row(scene, m, layout.planes[3]), frame(3)};
    return add_step_wedges(out, scene, ends, words);
}

}  // namespace

int add_sliding_pane(Scene& out, const PaneScene& scene) {
    const Sliding m = sliding_of(scene);
    const std::vector<PlaneRequest> planes = sliding_requests(scene, m);
    const Layout layout = place_with_note(out, scene, planes);
    Scene labels;
    add_labels(labels, scene.index, planes, layout, scene.theme, scene.page, scene.fonts);
    StepWedges wedges = add_wedges(out, scene, m, planes, layout, word_boxes(labels, scene.fonts));
    add_surface(out, scene, m, layout.planes[0], std::move(wedges.on_read));
    if (!scene.pooling()) {
        const auto current = m.current ? std::optional(weight_place(scene, *m.current)) : std::nullopt;
        const WeightMarks marks(scene, m.lit.weight, m.by_pointer || m.on_its_way ? std::nullopt : current,
                                m.by_pointer);
        add_kernel(out, scene, layout.planes[1], scene.moment.channel, m.upside_down, m.turn, marks);
        add_kernel_anchor(out, scene, m, layout.planes[1]);
    }
    add_products(out, scene, m, layout.planes[scene.pooling() ? 1 : 2], layout.rows > 0);
    if (has_channel_column(scene)) add_channel_column(out, scene, m, layout.planes[3]);
    add_output(out, scene, m, layout.planes[planes.size() - 1], std::move(wedges.on_written));
    std::ranges::move(labels.marks, std::back_inserter(out.marks));
    if (scene.moment.out) add_sum_line(out, scene, sum_forms(scene, m.products));
    return layout.rows;
}

}  // namespace convlens
