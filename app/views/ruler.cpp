// The size ruler: one axis as a strip of cells, every window (or stamp) a bracket below it, what is never read hatched.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/views/build.h"
#include "app/views/cell_mark.h"
#include "app/views/plane.h"
#include "app/views/ruler.h"
#include "app/words/words.h"

namespace convlens {

namespace {

// One axis of a layer, for conv and conv_transpose alike. Cells are counted from 0 on the strip.
struct Strip {
    std::int64_t cells = 0;
    std::int64_t zero = 0;      // strip cell of tensor coordinate 0 (conv: input; conv_transpose: output)
    std::int64_t inner = 0;     // cells of that tensor
    std::int64_t brackets = 0;  // windows or stamps
    std::int64_t start = 0;     // strip cell where bracket 0 begins
    std::int64_t step = 1;
    std::int64_t reach = 1;
    std::int64_t dilation = 1;
    std::int64_t taps = 1;
    std::vector<std::int64_t> unread;          // strip cells of lost input
    std::vector<std::int64_t> unread_padding;  // strip cells of padding that nothing reads
    std::optional<std::int64_t> current;
    bool transposed = false;
    bool dropped = false;  // one more window, behind the last bracket, would start in the padding (ceil_mode)
};

Strip make_strip(const DerivedLayer& layer, Axis axis) {
    const AxisShape& a = axis == Axis::h ? layer.h : layer.w;
    Strip s;
    s.reach = a.effective_kernel;
    s.step = a.stride;
    s.dilation = a.dilation;
    s.taps = a.kernel;
    s.transposed = layer.layer.spec.op == Op::conv_transpose;
    if (s.transposed) {
        s.zero = std::max<std::int64_t>(a.pad_before, 0);
        s.start = s.zero - a.pad_before;
        s.inner = a.output;
        s.cells = std::max(s.start + a.padded, s.zero + a.output);
        s.brackets = a.input;
        return s;
    }
    s.zero = std::max<std::int64_t>(a.pad_before, 0);
    s.start = s.zero - a.pad_before;
    s.inner = a.input;
    s.cells = s.zero + a.input + std::max<std::int64_t>(a.pad_after, 0);
    s.brackets = a.output;
    s.dropped = a.dropped_window;
    const Unread& unread = axis == Axis::h ? layer.unread_h : layer.unread_w;
    for (const std::int64_t i : unread.input) s.unread.push_back(s.zero + i);
    for (const std::int64_t i : unread.padding) s.unread_padding.push_back(s.start + i);
    return s;
}

struct Drawn {
    Scene& scene;
    const Strip& strip;
    const Theme& theme;
    const Page& page;
    const FontMetrics& fonts;
    float left = 0, top = 0, pitch = 1, height = 1;

    float x(std::int64_t cell) const { return left + pitch * static_cast<float>(cell); }
};

MarkId ruler_id(std::int64_t index) { return {Part::ruler, 0, 0, 0, 0, index}; }

// The cells that the dropped window would have covered.
CellSpan dropped_cells(const Strip& s) {
    if (!s.dropped) return {};
    const std::int64_t from = std::min(s.start + s.brackets * s.step, s.cells);
    return {from, std::min(from + s.reach, s.cells)};
}

// They are hatched as the padding that they are.
void add_dropped_window(Drawn& d) {
    const auto [from, to] = dropped_cells(d.strip);
    if (to <= from) return;
    d.scene.marks.push_back(
        hatch(ruler_id(from), {d.x(from), d.top, d.pitch * static_cast<float>(to - from), d.height}, d.theme.pad));
}

// What is never read, of the input and of the padding alike; what the dropped window would have covered is hatched for
// that.
void add_unread_cells(Drawn& d) {
    const auto mark = [&d](std::int64_t cell) {
        d.scene.marks.push_back(hatch(ruler_id(cell), {d.x(cell), d.top, d.pitch, d.height}, d.theme.problem));
    };
    const CellSpan dropped = dropped_cells(d.strip);
    for (const std::int64_t cell : d.strip.unread) mark(cell);
    for (const std::int64_t cell : d.strip.unread_padding)
        if (cell < dropped.first || cell >= dropped.last) mark(cell);
}

void add_cells(Drawn& d) {
    const Strip& s = d.strip;
    const Theme& t = d.theme;
    const float end = d.x(s.cells);
    RectMark all;
    all.rect = {d.left, d.top, end - d.left, d.height};
    all.fill = t.padding;
    d.scene.marks.push_back(all);
    RectMark inner;
    inner.rect = {d.x(s.zero), d.top, d.pitch * static_cast<float>(s.inner), d.height};
    inner.fill = t.cell;
    d.scene.marks.push_back(inner);
    add_unread_cells(d);
    if (s.transposed) {
        if (s.zero > 0)
            d.scene.marks.push_back(hatch(ruler_id(0), {d.left, d.top, d.x(s.zero) - d.left, d.height}, t.pad));
        const float cut = d.x(s.zero + s.inner);
        if (cut < end) d.scene.marks.push_back(hatch(ruler_id(1), {cut, d.top, end - cut, d.height}, t.pad));
    }
    add_dropped_window(d);
    if (d.pitch >= 5) {
        for (std::int64_t i = 1; i < s.cells; ++i) {
            LineMark rule;
            rule.from = {std::round(d.x(i)), d.top};
            rule.to = {rule.from.x, d.top + d.height};
            rule.colour = t.line;
            d.scene.marks.push_back(rule);
        }
    }
    if (s.cells != s.inner) d.scene.marks.push_back(outline(ruler_id(0), all.rect, t.pad, 2, 5));
    d.scene.marks.push_back(outline(ruler_id(0), inner.rect, s.transposed ? t.output : t.input, 2));
}

// Coordinates in the cells, thinned until they fit.
void add_coordinates(Drawn& d) {
    const Strip& s = d.strip;
    const float size = std::max(d.page.least_text, std::min(d.page.text_size * 0.9F, d.height * 0.75F));
    const float widest = d.fonts.text_width(fmt::format("{}", s.inner), size, Face::mono) + 6;
    std::int64_t every = 1;
    for (const std::int64_t candidate : {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000}) {
        every = candidate;
        if (static_cast<float>(candidate) * d.pitch >= widest) break;
    }
    for (std::int64_t i = 0; i < s.inner; i += every) {
        const float centre = d.x(s.zero + i) + d.pitch / 2;
        d.scene.marks.push_back(TextMark{ruler_id(i),
                                         fmt::format("{}", i),
                                         {centre, d.top + (d.height - size) / 2},
                                         size,
                                         d.theme.faint,
                                         Face::mono,
                                         Align::centre});
    }
}

void add_bracket(Drawn& d, std::int64_t index, float y, Colour colour, float width) {
    const Strip& s = d.strip;
    const float from = d.x(s.start + index * s.step) + 1;
    const float to = d.x(s.start + index * s.step + s.reach) - 1;
    const auto line = [&](Point a, Point b) {
        LineMark mark;
        mark.id = ruler_id(index);
        mark.from = a;
        mark.to = b;
        mark.colour = colour;
        mark.width = width;
        d.scene.marks.push_back(mark);
    };
    const float rise = std::min(5.0F, d.page.text_size * 0.35F);
    line({from, y}, {to, y});
    line({from, y - rise}, {from, y});
    line({to, y - rise}, {to, y});
    if (s.dilation > 1 && d.pitch >= 5) {
        for (std::int64_t tap = 1; tap + 1 < s.taps; ++tap) {
            const float x = d.x(s.start + index * s.step + tap * s.dilation) + d.pitch / 2;
            d.scene.marks.push_back(DotMark{ruler_id(index), {x, y}, width + 1, colour});
        }
    }
}

// Brackets side by side in as few lanes as keep them apart; the current one in the accent, on top.
void add_brackets(Drawn& d, float room) {
    const Strip& s = d.strip;
    const std::int64_t needed = s.reach >= s.step ? s.reach / s.step + 1 : 1;
    const float least = 5;
    const auto lanes =
        std::clamp<std::int64_t>(needed, 1, std::max<std::int64_t>(1, static_cast<std::int64_t>(room / least)));
    const float spacing = std::min(12.0F, room / static_cast<float>(lanes));
    const auto lane_y = [&](std::int64_t index) {
        return std::round(d.top + d.height + 8 + spacing * static_cast<float>(index % lanes));
    };
    for (std::int64_t i = 0; i < s.brackets; ++i)
        if (i != s.current) add_bracket(d, i, lane_y(i), d.theme.stride, 1.5F);
    if (s.current && *s.current < s.brackets) add_bracket(d, *s.current, lane_y(*s.current), d.theme.accent, 3);
}

// What makes a transposed layer's output of what its stamps cover: "cropping 2 and adding output padding 1". Empty where
// they are the same cells.
Message after_stamps(const AxisShape& a) {
    const auto above = [](std::int64_t pad) { return std::max<std::int64_t>(pad, 0); };
    const std::int64_t cropped = above(a.pad_before) + above(a.pad_after);
    const std::int64_t added = above(-a.pad_before) + above(-a.pad_after);
    std::vector<Message> steps;
    if (cropped > 0) steps.push_back(msg("cropping {count}", "count"_is(cropped)));
    if (added > 0) steps.push_back(msg("adding {count} for negative padding", "count"_is(added)));
    if (a.output_padding > 0) steps.push_back(msg("adding output padding {size}", "size"_is(a.output_padding)));
    return in_turn(std::move(steps));
}

Message lines_text(std::int64_t count, Axis axis) {
    return axis == Axis::h ? plural("{n} row", "{n} rows", count) : plural("{n} column", "{n} columns", count);
}

// Whether all of the input is read, and all of the padding.
Message read_caption(const Unread& unread, Axis axis) {
    const bool rows = axis == Axis::h;
    const auto input = std::ssize(unread.input), padding = std::ssize(unread.padding);
    if (input + padding == 0) return rows ? msg("every row is read") : msg("every column is read");
    if (padding == 0)
        return rows ? plural("{n} row never read", "{n} rows never read", input)
                    : plural("{n} column never read", "{n} columns never read", input);
    if (input == 0)
        return rows ? plural("every input row is read; {n} row of padding is not",
                             "every input row is read; {n} rows of padding are not", padding)
                    : plural("every input column is read; {n} column of padding is not",
                             "every input column is read; {n} columns of padding are not", padding);
    const auto lines = "lines"_is(lines_text(padding, axis));
    return rows ? plural("{n} input row and {lines} of padding never read",
                         "{n} input rows and {lines} of padding never read", input, lines)
                : plural("{n} input column and {lines} of padding never read",
                         "{n} input columns and {lines} of padding never read", input, lines);
}

// Of stamps only a loss is told: that each of them leaves something is nothing special.
Message stamps_caption(const AxisShape& a, const Unread& unread, Axis axis) {
    Message stamps = plural("{lines}: {n} stamp of {span} covers {covered}",
                            "{lines}: {n} stamps of {span}, stride {stride}, cover {covered}", a.input,
                            "lines"_is(lines_text(a.input, axis)), "span"_is(lines_text(a.effective_kernel, axis)),
                            "stride"_is(a.stride), "covered"_is(a.padded));
    if (Message steps = after_stamps(a); !steps.empty())
        stamps = msg("{stamps}; {output} after {steps}", "stamps"_is(std::move(stamps)), "output"_is(a.output),
                     "steps"_is(std::move(steps)));
    if (unread.input.empty()) return stamps;
    return msg("{stamps}; {read}", "stamps"_is(std::move(stamps)), "read"_is(read_caption(unread, axis)));
}

Message caption(const DerivedLayer& layer, const Strip& s, Axis axis) {
    const AxisShape& a = axis == Axis::h ? layer.h : layer.w;
    const Unread& unread = axis == Axis::h ? layer.unread_h : layer.unread_w;
    if (s.transposed) return stamps_caption(a, unread, axis);
    Message lines = lines_text(a.input, axis);
    if (a.padded != a.input)
        lines = msg("{lines}, {padded} with padding", "lines"_is(std::move(lines)), "padded"_is(a.padded));
    const auto windows = "windows"_is(plural(
        "{lines}: {n} window of {span}, stride {stride}", "{lines}: {n} windows of {span}, stride {stride}", a.output,
        "lines"_is(std::move(lines)), "span"_is(lines_text(a.effective_kernel, axis)), "stride"_is(a.stride)));
    const auto read = "read"_is(read_caption(unread, axis));
    return s.dropped ? msg("{windows}; one more would start in the padding and is dropped; {read}", windows, read)
                     : msg("{windows}; {read}", windows, read);
}

float ruler_margin(float text_size) { return std::round(text_size * 0.7F); }

std::optional<std::int64_t> current_bracket(const Derived& derived, int layer, Axis axis, const Playhead& playhead,
                                            const std::optional<MarkId>& hover) {
    for (std::size_t p = 0; p < derived.document.panes.size(); ++p) {
        if (derived.document.panes[p].layer != layer) continue;
        const auto along = [axis](const Cell4& cell) { return axis == Axis::h ? cell.y : cell.x; };
        const Moment m = moment_of(derived, static_cast<int>(p), playhead, cell_of(derived.document, hover));
        if (m.stamps()) return m.step.before_first ? std::nullopt : std::optional(along(m.step.cell));
        if (m.out && !m.transposed()) return along(*m.out);
        return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

float ruler_caption_height(float text_size) {
    return std::round(ruler_margin(text_size) * 0.5F + std::round(text_size * 1.35F));
}

Scene build_ruler(const Derived& derived, int layer_index, Axis axis, const Playhead& playhead, const Theme& theme,
                  const Page& page, const std::optional<MarkId>& hover, const FontMetrics& fonts) {
    const DerivedLayer& layer = *derived.layers[static_cast<std::size_t>(layer_index)];
    Scene scene;
    scene.width = page.width;
    scene.height = page.height;
    scene.background = page.transparent ? Colour{0, 0, 0, 0} : theme.background;
    Strip strip = make_strip(layer, axis);
    strip.current = current_bracket(derived, layer_index, axis, playhead, hover);

    const float margin = ruler_margin(page.text_size);
    Drawn d{scene, strip, theme, page, fonts};
    const float most = std::min(page.text_size * 3, 40.0F);
    d.pitch = std::min(most, (page.width - 2 * margin) / static_cast<float>(std::max<std::int64_t>(strip.cells, 1)));
    if (d.pitch >= 5) d.pitch = std::floor(d.pitch);
    d.left = std::round(margin);
    d.top = ruler_caption_height(page.text_size);
    d.height = std::round(std::clamp(d.pitch, page.text_size * 1.1F, page.text_size * 1.7F));
    scene.marks.push_back(TextMark{ruler_id(-1),
                                   in(page.lang, caption(layer, strip, axis)),
                                   {d.left, margin * 0.5F},
                                   page.text_size,
                                   theme.text,
                                   Face::text,
                                   Align::left});
    add_cells(d);
    add_coordinates(d);
    add_brackets(d, page.height - d.top - d.height - 12);
    return scene;
}

}  // namespace convlens
