#include "app/views/wedge.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace convlens {

namespace {

// A wedge as it runs along one axis: from `begin` to `end`, the side at each end spanning so much across.
struct Span {
    float low = 0, high = 0;
};
struct Run {
    bool down = false;  // along y, else along x
    float begin = 0, end = 0;
    Span first, last;
    float leaves = 0, enters = 0;  // where it leaves the plane that it begins on and enters the other

    Span at(float along) const {
        const float t = begin == end ? 0 : std::clamp((along - begin) / (end - begin), 0.0F, 1.0F);
        return {first.low + (last.low - first.low) * t, first.high + (last.high - first.high) * t};
    }
    Point point(float along, float across) const { return down ? Point{across, along} : Point{along, across}; }
    float length() const { return std::abs(end - begin); }
};

Run run_between(const WedgeEnd& from, const WedgeEnd& to) {
    const float right = to.plane.x - from.plane.right(), left = from.plane.x - to.plane.right();
    const float below = to.plane.y - from.plane.bottom(), above = from.plane.y - to.plane.bottom();
    Run run;
    run.down = std::max(below, above) > std::max(right, left);
    const bool forward = run.down ? below >= above : right >= left;
    const auto low = [&](const Rect& r) { return run.down ? r.y : r.x; };
    const auto high = [&](const Rect& r) { return run.down ? r.bottom() : r.right(); };
    const auto across = [&](const Rect& r) { return run.down ? Span{r.x, r.right()} : Span{r.y, r.bottom()}; };
    run.begin = forward ? high(from.at) : low(from.at);
    run.end = forward ? low(to.at) : high(to.at);
    run.leaves = forward ? std::max(run.begin, high(from.plane)) : std::min(run.begin, low(from.plane));
    run.enters = forward ? std::min(run.end, low(to.plane)) : std::max(run.end, high(to.plane));
    run.first = across(from.at);
    run.last = across(to.at);
    return run;
}

// The part of a line that lies in a rectangle, as shares of its length; empty where `begin` is not below `end`.
struct Share {
    float begin = 0, end = 1;
};
Share share_in(Point from, Point to, const Rect& rect) {
    Share share;
    const auto cut = [&share](float at, float way, float low, float high) {
        if (way == 0) {
            if (at <= low || at >= high) share.end = share.begin;
            return;
        }
        const auto [in, out] = std::minmax({(low - at) / way, (high - at) / way});  // a list: values, no references
        share = {std::max(share.begin, in), std::min(share.end, out)};
    };
    cut(from.x, to.x - from.x, rect.x, rect.right());
    cut(from.y, to.y - from.y, rect.y, rect.bottom());
    return share;
}

// A line in pieces that leave the words free.
void add_line(std::vector<PolygonMark>& to, PolygonMark line, Point from, Point until, const std::vector<Rect>& words) {
    std::vector<Share> left{{0, 1}};
    for (const Rect& word : words) {
        const Share taken = share_in(from, until, word);
        const bool at_end = taken.begin <= 0 || taken.end >= 1;  // where the line has to arrive
        if (taken.begin >= taken.end || at_end) continue;
        std::vector<Share> rest;
        for (const Share& piece : left) {
            if (piece.begin < taken.begin) rest.push_back({piece.begin, std::min(piece.end, taken.begin)});
            if (taken.end < piece.end) rest.push_back({std::max(piece.begin, taken.end), piece.end});
        }
        left = std::move(rest);
    }
    const auto point = [&](float share) {
        return share == 1 ? until : Point{from.x + (until.x - from.x) * share, from.y + (until.y - from.y) * share};
    };
    for (const Share& piece : left) {
        line.points = {point(piece.begin), point(piece.end)};
        to.push_back(line);
    }
}

// The two edges of a part of the run.
void add_edges(std::vector<PolygonMark>& to, const Run& run, float begin, float end, PolygonMark line,
               const std::vector<Rect>& words) {
    if (std::abs(end - begin) < 1) return;
    const Span a = run.at(begin), b = run.at(end);
    line.closed = false;
    add_line(to, line, run.point(begin, a.low), run.point(end, b.low), words);
    add_line(to, line, run.point(begin, a.high), run.point(end, b.high), words);
}

}  // namespace

std::vector<Rect> word_boxes(const Scene& words, const FontMetrics& fonts) {
    std::vector<Rect> boxes;
    for (const Mark& mark : words.marks) {
        const auto* text = std::get_if<TextMark>(&mark);
        if (text == nullptr) continue;
        const float width = fonts.text_width(text->text, text->size, text->face), air = std::round(text->size * 0.15F);
        const float before = text->align == Align::left ? 0 : text->align == Align::centre ? width / 2 : width;
        boxes.push_back({text->at.x - before - air, text->at.y, width + 2 * air, text->size});
    }
    return boxes;
}

Wedge make_wedge(const WedgeEnd& from, const WedgeEnd& to, const PaneScene& scene, const std::vector<Rect>& words,
                 int number) {
    const Run run = run_between(from, to);
    Wedge wedge;
    if (run.length() < 1) return wedge;
    PolygonMark line;
    line.id = scene.id(Part::wedge, 0, number);
    line.stroke = scene.theme.reading.with_alpha(0.5F);
    line.stroke_width = std::max(1.0F, std::round(scene.page.text_size * 0.1F));
    add_edges(wedge.on_from, run, run.begin, run.leaves, line, {});
    add_edges(wedge.on_to, run, run.enters, run.end, line, {});
    PolygonMark fill;
    fill.id = line.id;
    fill.fill = scene.theme.reading.with_alpha(0.07F);
    const Span a = run.at(run.leaves), b = run.at(run.enters);
    fill.points = {run.point(run.leaves, a.low), run.point(run.enters, b.low), run.point(run.enters, b.high),
                   run.point(run.leaves, a.high)};
    wedge.between.push_back(fill);
    add_edges(wedge.between, run, run.leaves, run.enters, line, words);
    return wedge;
}

bool crosses(const WedgeEnd& from, const WedgeEnd& to, const Rect& plane) {
    if (plane.w <= 0) return false;
    const Run run = run_between(from, to);
    const float low = run.down ? plane.y : plane.x, high = run.down ? plane.bottom() : plane.right();
    const auto [begin, end] = std::minmax(run.begin, run.end);
    if (high <= begin || low >= end) return false;
    const Span a = run.at(std::max(low, begin)), b = run.at(std::min(high, end));
    const float first = run.down ? plane.x : plane.y, last = run.down ? plane.right() : plane.bottom();
    return std::min(a.low, b.low) < last && std::max(a.high, b.high) > first;
}

StepWedges add_step_wedges(Scene& out, const PaneScene& scene, const StepEnds& ends, const std::vector<Rect>& words) {
    StepWedges lines;
    int number = 0;
    const auto add = [&](const WedgeEnd& from, const WedgeEnd& to) {
        if (from.at.w <= 0 || to.at.w <= 0) return Wedge{};
        Wedge wedge = make_wedge(from, to, scene, words, number++);
        for (PolygonMark& mark : wedge.between) out.marks.emplace_back(std::move(mark));
        return wedge;
    };
    const WedgeEnd products{ends.products, ends.products}, kernel{ends.kernel, ends.kernel};
    if (ends.kernel.w > 0 && crosses(ends.read, products, ends.kernel)) {
        lines.on_read = add(ends.read, kernel).on_from;
        add(kernel, products);
    } else {
        lines.on_read = add(ends.read, products).on_from;
    }
    if (ends.channel.at.w <= 0) {
        lines.on_written = add(products, ends.written).on_to;
        return lines;
    }
    // In a narrow picture another plane may stand between them: the operator alone leads on there.
    const WedgeEnd sums{ends.channel.plane, ends.channel.plane};
    if (!crosses(products, ends.channel, ends.kernel)) add(products, ends.channel);
    if (!crosses(sums, ends.written, ends.kernel) && !crosses(sums, ends.written, ends.products))
        lines.on_written = add(sums, ends.written).on_to;
    return lines;
}

}  // namespace convlens
