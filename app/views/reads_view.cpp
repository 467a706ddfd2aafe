// Reads: how often each input cell is read, or each output cell of a transposed layer is written, as a heat map with its
// counts along both edges. Below it what is never read and why, and the pattern that kernel and stride make.
#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "app/moment/cell.h"
#include "app/moment/plane_area.h"
#include "app/views/edge_profile.h"
#include "app/views/sliding.h"
#include "app/views/views.h"
#include "app/views/wrapped_text.h"
#include "core/text/number.h"
#include "core/trace/coverage.h"

namespace convlens {

namespace {

// The plane with its counts: the padded input, or of a transposed layer the output.
struct Heat {
    EdgeCounts h, w;
    std::int64_t most() const { return h.most * w.most; }
    bool inside(std::int64_t row, std::int64_t col) const { return h.inside(row) && w.inside(col); }
    // Of a cell of the tensor with its copies in the padding; a cell of the padding has what is read where it stands.
    std::int64_t at(std::int64_t row, std::int64_t col) const {
        return inside(row, col) ? h.at(row) * w.at(col) : places(row, col);
    }
    std::int64_t places(std::int64_t row, std::int64_t col) const {
        return h.places[static_cast<std::size_t>(row)] * w.places[static_cast<std::size_t>(col)];
    }
};

// Everything that the parts of the picture look at.
struct Reads {
    const PaneScene& scene;
    bool transposed = false;
    Sliding sliding;  // conv, pooling: the window and what is lit
    Related lit;      // transposed
    Heat heat;
    std::int64_t y0 = 0, x0 = 0;  // the tensor coordinate of the heat map's first cell

    std::optional<Cell4> stamped() const {  // the input cell whose stamp falls now
        if (!scene.moment.stamps() || scene.moment.out || scene.moment.step.before_first) return {};
        const Cell4& cell = scene.moment.step.cell;
        return Cell4{scene.pane.slice.n, scene.moment.input_channel(), cell.y, cell.x};
    }
};

Reads reads_of(const PaneScene& scene) {
    const Moment& m = scene.moment;
    const Size2 plane = scene.input_shape().plane();
    const std::vector<std::int64_t> rows = coverage(scene.spec(), plane, Axis::h),
                                    cols = coverage(scene.spec(), plane, Axis::w);
    Reads reads{scene, m.transposed(), {}, {}, {}};
    if (reads.transposed) {
        const Shape4 out = scene.layer.output.shape();
        reads.heat = {edge_counts(rows, out.h, 0, 0, out.h), edge_counts(cols, out.w, 0, 0, out.w)};
        const auto stamped = reads.stamped();
        const bool by_play = stamped && !m.pointed;
        reads.lit = by_play ? related(m, {m.pane.layer, TensorKind::input, *stamped}) : lit_at(m, listed_products(m));
        return reads;
    }
    reads.sliding = sliding_of(scene);
    const Surface& s = reads.sliding.surface;
    reads.y0 = s.y0;
    reads.x0 = s.x0;
    const PadMode mode = scene.spec().pad_mode;
    reads.heat = {edge_counts(rows, s.rows, s.start.h, -s.y0, plane.h, mode),
                  edge_counts(cols, s.cols, s.start.w, -s.x0, plane.w, mode)};
    return reads;
}

Colour outline_of(const Reads& reads) {
    const bool lit_by_pointer = reads.scene.moment.pointed.has_value();
    return lit_by_pointer ? reads.scene.theme.pointing : reads.scene.theme.reading;
}

CellLook heat_look(const Reads& reads, std::int64_t row, std::int64_t col) {
    const Theme& theme = reads.scene.theme;
    const Heat& heat = reads.heat;
    const std::int64_t count = heat.at(row, col);
    CellLook look;
    look.value = static_cast<double>(count);
    look.fill = heat_colour(theme, heat_share(count, heat.most()));
    look.ink = ink_on(theme, look.fill);
    if (!heat.inside(row, col)) {  // padding: no data
        look.fill = look.fill.with_alpha(0.3F);
        look.ink = theme.faint;
    } else if (count == 0) {
        look.ink = theme.faint;
    }
    const bool lit = reads.transposed ? reads.lit.output.at(row + reads.y0, col + reads.x0)
                                      : is_lit(reads.scene, reads.sliding, row, col);
    return lit ? lit_look(std::move(look)) : look;
}

// Where the stamp of an input cell lies on the output, as much of it as is kept.
std::optional<Rect> stamp_rect(const Reads& reads, const Cell4& source, const PlacedPlane& placed) {
    const PaneScene& scene = reads.scene;
    const Shape4 shape = scene.layer.output.shape();
    const Size2 stride = scene.spec().stride;
    const std::int64_t top = source.y * stride.h - scene.layer.pads.top,
                       left = source.x * stride.w - scene.layer.pads.left;
    const std::int64_t y0 = std::max<std::int64_t>(top, 0), x0 = std::max<std::int64_t>(left, 0);
    const std::int64_t y1 = std::min(top + scene.layer.h.effective_kernel, shape.h),
                       x1 = std::min(left + scene.layer.w.effective_kernel, shape.w);
    if (y1 <= y0 || x1 <= x0) return {};
    return placed.cells(static_cast<double>(y0), static_cast<double>(x0), static_cast<double>(y1 - y0),
                        static_cast<double>(x1 - x0));
}

// What the step is at: the window, or the stamp.
void add_step(Scene& out, const Reads& reads, const PlacedPlane& placed) {
    const PaneScene& scene = reads.scene;
    const MarkId id = scene.id(Part::none, 0);
    if (reads.transposed) {
        if (const auto source = reads.stamped())
            if (const auto rect = stamp_rect(reads, *source, placed))
                out.marks.push_back(step_outline(id, *rect, placed.smaller_side(), scene.theme.reading));
        if (const auto& at = scene.moment.out)
            out.marks.push_back(
                step_outline(id, placed.cells(at->y, at->x, 1, 1), placed.smaller_side(), scene.theme.reading));
        return;
    }
    const Surface& s = reads.sliding.surface;
    const WindowCorner at = window_corner(scene, s);
    const auto seen = [](double corner, std::int64_t extent, std::int64_t length) {
        return std::min(static_cast<double>(extent), static_cast<double>(length) - corner);
    };
    const Rect rect = placed.cells(at.row, at.col, seen(at.row, scene.layer.h.effective_kernel, s.rows),
                                   seen(at.col, scene.layer.w.effective_kernel, s.cols));
    out.marks.push_back(
        step_outline(id, rect, placed.smaller_side(), scene.theme.reading, scene.moment.out ? 0.0F : 4.0F));
}

void add_heat(Scene& out, const Reads& reads, const PlacedPlane& placed) {
    const PaneScene& scene = reads.scene;
    const Heat& heat = reads.heat;
    PlaneSpec plane;
    plane.id = reads.transposed ? scene.id(Part::output, scene.pane.slice.c_out)
                                : scene.id(Part::input, scene.moment.input_channel(), reads.y0, reads.x0);
    plane.origin = placed.origin;
    plane.pitch = placed.pitch;
    plane.stretch = placed.stretch;
    plane.rows = heat.h.drawn();
    plane.cols = heat.w.drawn();
    plane.look = [&](std::int64_t r, std::int64_t c) { return heat_look(reads, r, c); };
    plane.outline = outline_of(reads);
    plane.casing = scene.theme.background;  // counts go from light to dark: neither line stands out from all of them
    out.marks.push_back(make_plane(plane, scene.theme, scene.page, scene.fonts));
    const Rect all = placed.cells(0, 0, static_cast<double>(plane.rows), static_cast<double>(plane.cols));
    const Rect own = placed.cells(heat.h.first, heat.w.first, heat.h.length, heat.w.length);
    if (all != own) out.marks.push_back(outline(plane.id, all, scene.theme.pad, 2, 6));
    out.marks.push_back(outline(plane.id, own, reads.transposed ? scene.theme.output : scene.theme.input, 2));
    if (!reads.transposed) add_unread(out, scene, placed, reads.y0, reads.x0);
    add_step(out, reads, placed);
}

// The other plane, without colours of its own: the output, or of a transposed layer the input.
void add_other(Scene& out, const Reads& reads, const PlacedPlane& placed) {
    const PaneScene& scene = reads.scene;
    const Moment& m = scene.moment;
    const std::int64_t channel = reads.transposed ? m.input_channel() : scene.pane.slice.c_out;
    const Tensor<double>& tensor = reads.transposed ? *scene.layer.input : scene.layer.output;
    const LitPlane& lit = reads.transposed ? reads.lit.input : reads.sliding.lit.output;
    PlaneSpec plane;
    plane.id = scene.id(reads.transposed ? Part::input : Part::output, channel);
    plane.origin = placed.origin;
    plane.pitch = placed.pitch;
    plane.stretch = placed.stretch;
    plane.rows = tensor.shape().h;
    plane.cols = tensor.shape().w;
    plane.look = [&](std::int64_t r, std::int64_t c) {
        CellLook look = empty_look(scene.theme);
        const bool here = m.out && m.out->y == r && m.out->x == c;
        if (reads.transposed || m.is_written(r, c) || (here && m.complete))
            look = value_look(scene.theme, tensor.at(scene.pane.slice.n, channel, r, c), 0);
        return lit.at(r, c) ? lit_look(std::move(look)) : look;
    };
    plane.outline = outline_of(reads);
    out.marks.push_back(make_plane(plane, scene.theme, scene.page, scene.fonts));
    const Rect all = placed.cells(0, 0, static_cast<double>(plane.rows), static_cast<double>(plane.cols));
    out.marks.push_back(outline(plane.id, all, reads.transposed ? scene.theme.input : scene.theme.output, 2));
    if (reads.transposed) add_unread(out, scene, placed, reads.y0, reads.x0);
    const auto at = reads.transposed ? reads.stamped() : m.out;
    if (at)
        out.marks.push_back(
            step_outline(plane.id, placed.cells(at->y, at->x, 1, 1), placed.smaller_side(), scene.theme.reading));
}

// How deep the counts along the edges are, in cells.
Size2 depth_of(const Reads& reads, float pitch) {
    const auto cells = [&](const EdgeCounts& edge, Axis axis) {
        return static_cast<std::int64_t>(
            std::ceil(profile_depth(edge, axis, reads.scene.page, reads.scene.fonts) / pitch));
    };
    return {cells(reads.heat.w, Axis::w), cells(reads.heat.h, Axis::h)};
}

std::vector<PlaneRequest> requests(const Reads& reads, const Size2& depth) {
    const PaneScene& scene = reads.scene;
    const Shape4 in = scene.input_shape(), made = scene.layer.output.shape();
    const Slice& slice = scene.pane.slice;
    const Message input_name = slice_name(key("input"), slice.n, in.n, scene.moment.input_channel(), in.c);
    const Message output_name = slice_name(key("output"), slice.n, made.n, slice.c_out, made.c);
    PlaneRequest input{Part::input,           in.h, in.w, scene.words(input_name),
                       size_text(in.h, in.w), {},   "→",  scene.theme.input};
    PlaneRequest output{Part::output,      made.h, made.w, scene.words(output_name), size_text(made.h, made.w), {}, {},
                        scene.theme.output};
    PlaneRequest& heat = reads.transposed ? output : input;
    heat.rows = reads.heat.h.drawn();
    heat.cols = reads.heat.w.drawn();
    heat.beside = depth;
    heat.name = scene.words(reads.transposed ? msg("{tensor}: times written", "tensor"_is(output_name))
                                             : msg("{tensor}: times read", "tensor"_is(input_name)));
    const Key padding = reads.transposed ? key("cropped by padding") : key("padding");
    heat.detail =
        scene.words(in_a_row({verbatim(heat.detail), sides_text(padding, scene.layer.pads, scene.one_row()),
                              reads.transposed ? output_padding_text(scene.spec(), scene.one_row()) : Message()}));
    return {input, output};
}

// The profiles are some pixels deep. How many cells that is follows from the cells' size, which in turn shrinks with them.
Size2 fitting_depth(const Reads& reads, LayoutRoom room) {
    room.camera = {};
    float pitch = place_planes(requests(reads, {}), room, reads.scene.fonts).pitch;
    while (true) {
        const Size2 depth = depth_of(reads, pitch);
        const float found = place_planes(requests(reads, depth), room, reads.scene.fonts).pitch;
        if (found >= pitch) return depth;
        pitch = found;
    }
}

struct Remark {
    std::string text;
    Colour colour;
};
std::vector<Remark> remarks_of(const Reads& reads) {
    const PaneScene& scene = reads.scene;
    std::vector<Remark> all;
    const UnreadWords unread = in_words(scene.layer.unread_h, scene.layer.unread_w);
    for (const Message& sentence : unread.input) all.push_back({scene.words(sentence), scene.theme.problem});
    if (!unread.padding.empty()) all.push_back({scene.words(unread.padding), scene.theme.faint});
    const std::string pattern = scene.words(pattern_in_words(scene.spec(), scene.input_shape().plane()));
    if (!pattern.empty()) all.push_back({pattern, scene.theme.stride});
    return all;
}

// The sentences in lines, as many as leave three quarters of the pane to the picture.
std::vector<Remark> fitting_lines(const Reads& reads, float size) {
    constexpr std::size_t kMostOfSentence = 3;
    const Rect& area = reads.scene.area;
    const auto most = static_cast<std::size_t>(std::max(0.0F, std::floor(area.h / 4 / wrapped_line(size))));
    std::vector<Remark> lines;
    for (const Remark& sentence : remarks_of(reads)) {
        const std::size_t left = std::min(most - lines.size(), kMostOfSentence);
        if (left == 0) break;
        for (const std::string& text : lines_of(sentence.text, area.w, left, size, reads.scene.fonts))
            lines.push_back({text, sentence.colour});
    }
    return lines;
}

// The ends of an ascending list and some between them, `most` at most.
std::vector<std::int64_t> some_of(const std::set<std::int64_t>& all, std::size_t most) {
    const std::vector<std::int64_t> list(all.begin(), all.end());
    if (list.size() <= most) return list;
    std::vector<std::int64_t> some;
    for (std::size_t i = 0; i < most; ++i) some.push_back(list[i * (list.size() - 1) / (most - 1)]);
    return some;
}

// The different counts of the tensor's own cells, ascending; of many the first, some between and the last.
std::vector<std::int64_t> shown_counts(const Heat& heat) {
    constexpr std::size_t kMost = 7, kMostOfEdge = 12;
    const auto own = [](const EdgeCounts& edge) {
        std::set<std::int64_t> found;
        for (std::int64_t i = edge.first; i < edge.first + edge.length; ++i) found.insert(edge.at(i));
        return some_of(found, kMostOfEdge);
    };
    std::set<std::int64_t> products;
    const std::vector<std::int64_t> rows = own(heat.h), cols = own(heat.w);
    for (const std::int64_t row : rows)
        for (const std::int64_t col : cols) products.insert(row * col);
    return some_of(products, kMost);
}

// What the colours say: a swatch for each count.
void add_legend(Scene& out, const Reads& reads, const Rect& area) {
    const PaneScene& scene = reads.scene;
    const std::vector<std::int64_t> counts = shown_counts(reads.heat);
    const float size = scene.page.text_size, box = std::round(size), gap = std::round(size * 0.35F);
    const std::string word = scene.words(reads.transposed ? msg("times written") : msg("times read"));
    const auto width = [&](const std::string& text, Face face) { return scene.fonts.text_width(text, size, face); };
    float whole = width(word, Face::text) + gap;
    for (const std::int64_t count : counts) whole += box + width(fmt::format("{}", count), Face::mono) + 3 * gap;
    if (whole > area.w) return;
    float x = std::round(area.x + (area.w - whole) / 2);
    std::int64_t number = 0;
    const auto put = [&](const std::string& text, Face face) {
        const MarkId id{Part::title, scene.index, 0, 0, -6, number++};
        out.marks.push_back(TextMark{id, text, {x, area.y}, size, scene.theme.faint, face, Align::left});
        x += width(text, face);
    };
    put(word, Face::text);
    for (const std::int64_t count : counts) {
        x += 2 * gap;
        RectMark swatch = outline(scene.id(Part::none, 0), {std::round(x), area.y, box, box}, scene.theme.line, 1);
        swatch.fill = heat_colour(scene.theme, heat_share(count, reads.heat.most()));
        out.marks.push_back(swatch);
        x += box + gap;
        put(fmt::format("{}", count), Face::mono);
    }
}

// How often the input cell that is pointed at is read.
Message read_text(const Reads& reads, const Cell4& at) {
    const std::int64_t row = at.y - reads.y0, col = at.x - reads.x0, count = reads.heat.at(row, col);
    const auto cell =
        "cell"_is(reads.heat.inside(row, col) ? tensor_cell_name(TensorKind::input, reads.scene.input_shape(), at)
                                              : msg("this cell of the padding"));
    if (count == reads.heat.places(row, col))
        return plural("{cell} is read by {n} window", "{cell} is read by {n} windows", count, cell);
    return plural("{cell} is read {n} time, its copies in the padding included",
                  "{cell} is read {n} times, its copies in the padding included", count, cell);
}

// How often the output is written, or how many cells its window reads.
Message output_text(const Reads& reads, const Cell4& out) {
    const PaneScene& scene = reads.scene;
    const auto cell = "cell"_is(tensor_cell_name(TensorKind::output, scene.layer.output.shape(), out));
    if (reads.transposed)
        return plural("{cell} is written by {n} stamp", "{cell} is written by {n} stamps",
                      reads.heat.at(out.y - reads.y0, out.x - reads.x0), cell);
    const Size2 window = window_positions(scene.moment);
    const std::int64_t cells = window.h * window.w, channels = scene.group_channels();
    const Pads& pads = scene.layer.pads;
    const bool padded = std::max({pads.top, pads.bottom, pads.left, pads.right}) > 0;
    if (channels == 1 && padded)
        return plural("{cell} reads {n} cell of the padded input", "{cell} reads {n} cells of the padded input", cells,
                      cell);
    if (channels == 1)
        return plural("{cell} reads {n} cell of the input", "{cell} reads {n} cells of the input", cells, cell);
    return plural("{cell} reads {n} cell of {channels} channels", "{cell} reads {n} cells of {channels} channels",
                  cells, cell, "channels"_is(channels));
}

// How often the cell that is looked at is covered, or how many cells it covers.
Message sum_text(const Reads& reads) {
    const PaneScene& scene = reads.scene;
    const auto& pointed = scene.moment.pointed;
    if (pointed && pointed->tensor == TensorKind::input && !reads.transposed) return read_text(reads, pointed->at);
    if (scene.moment.out) return output_text(reads, *scene.moment.out);
    const auto source = reads.stamped();
    if (!source) return {};
    const std::int64_t cells = scene.spec().kernel.h * scene.spec().kernel.w;
    const auto cell = "cell"_is(tensor_cell_name(TensorKind::input, scene.input_shape(), *source));
    if (!is_cropped(scene.layer))
        return plural("{cell} is stamped onto {n} cell of the output", "{cell} is stamped onto {n} cells of the output",
                      cells, cell);
    return plural("{cell} is stamped onto {n} cell of the uncropped output",
                  "{cell} is stamped onto {n} cells of the uncropped output", cells, cell);
}

}  // namespace

int add_reads(Scene& out, const PaneScene& scene) {
    const Reads reads = reads_of(scene);
    const float text = scene.page.text_size, legend = wrapped_line(text);
    const float size = std::max(std::round(text * kSmallText), scene.page.least_text), line = wrapped_line(size);
    const std::vector<Remark> lines = fitting_lines(reads, size);
    const float words = legend + line * static_cast<float>(lines.size()) + std::round(text * 0.8F);
    LayoutRoom whole = scene.room();
    whole.area.h -= words;
    const NotedRoom room = room_above_note(scene, requests(reads, fitting_depth(reads, whole)), whole);
    const Size2 depth = fitting_depth(reads, room.planes);
    const std::vector<PlaneRequest> planes = requests(reads, depth);
    const Layout layout = place_planes(planes, room.planes, scene.fonts);
    add_scale_note(out, scene, planes, layout, room);
    const PlacedPlane& heat = layout.planes[reads.transposed ? 1 : 0];
    const PlacedPlane& other = layout.planes[reads.transposed ? 0 : 1];
    add_heat(out, reads, heat);
    const Rect plane =
        heat.cells(0, 0, static_cast<double>(reads.heat.h.drawn()), static_cast<double>(reads.heat.w.drawn()));
    add_profile(out, scene, reads.heat.h, Axis::h, plane);
    add_profile(out, scene, reads.heat.w, Axis::w, plane);
    add_other(out, reads, other);
    add_labels(out, scene.index, planes, layout, scene.theme, scene.page, scene.fonts);
    Rect below{scene.area.x, scene.area.bottom() - words + std::round(text * 0.5F), scene.area.w, legend};
    add_legend(out, reads, below);
    below.y += legend;
    MarkId id{Part::title, scene.index, 0, 0, -7, 0};
    for (const Remark& sentence : lines) {
        below.y += add_lines(out, id, {sentence.text}, below, size, sentence.colour);
        ++id.x;
    }
    const std::string sum = scene.words(sum_text(reads));
    if (!sum.empty()) add_sum_line(out, scene, {{{sum, scene.theme.text, Face::text}}});
    return 0;
}

}  // namespace convlens
