#include "app/render/cairo/painter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <optional>
#include <variant>

#include "app/render/type/formula.h"
#include "app/render/type/typeface.h"

namespace convlens {

namespace {

constexpr float kHatchSpacing = 7;  // between lines, along the axes: open enough for a number to be read through it

float distance(Point a, Point b) { return std::hypot(b.x - a.x, b.y - a.y); }

// The middle of a line of this width whose edges lie on whole pixels.
float line_middle(float at, float width) {
    const bool odd = std::lround(width) % 2 == 1;
    return odd ? std::floor(at) + 0.5F : std::round(at);
}

bool along_axes(const std::vector<Point>& points, bool closed) {
    for (std::size_t i = closed ? 0 : 1; i < points.size(); ++i) {
        const Point a = points[i == 0 ? points.size() - 1 : i - 1];
        if (a.x != points[i].x && a.y != points[i].y) return false;
    }
    return true;
}

void set_dash(Paper& paper, float dash) {
    const double lengths[] = {dash, dash};
    cairo_set_dash(paper, lengths, dash > 0 ? 2 : 0, 0);
}

// A dashed side that begins and ends with half a dash, so that corners are closed, in dashes of about `dash`.
void dashed_side(Paper& paper, Point from, Point to, float dash) {
    const float length = distance(from, to);
    const float periods = std::max(1.0F, std::round(length / (2 * dash)));
    const double on = length / periods / 2;
    const double lengths[] = {on, on};
    cairo_set_dash(paper, lengths, 2, on / 2);
    cairo_move_to(paper, from.x, from.y);
    cairo_line_to(paper, to.x, to.y);
    paper.stroke();
}

void dashed_frame(Paper& paper, const Rect& middle, float width, float dash) {
    const float h = width / 2;  // sides reach through the corners
    const Rect& r = middle;
    dashed_side(paper, {r.x - h, r.y}, {r.right() + h, r.y}, dash);
    dashed_side(paper, {r.x - h, r.bottom()}, {r.right() + h, r.bottom()}, dash);
    dashed_side(paper, {r.x, r.y - h}, {r.x, r.bottom() + h}, dash);
    dashed_side(paper, {r.right(), r.y - h}, {r.right(), r.bottom() + h}, dash);
}

void stroke_frame(Paper& paper, const RectMark& mark, const Rect& rect) {
    const float width = std::min({mark.stroke_width, rect.w / 2, rect.h / 2});
    const Rect middle{rect.x + width / 2, rect.y + width / 2, rect.w - width, rect.h - width};
    set_colour(paper, mark.stroke);
    cairo_set_line_width(paper, width);
    if (mark.dash > 0 && mark.radius <= 0) return dashed_frame(paper, middle, width, mark.dash);
    if (mark.dash > 0) {
        const float around = 2 * (middle.w + middle.h) - (8 - 2 * std::numbers::pi_v<float>)*mark.radius;
        set_dash(paper, around / std::max(1.0F, std::round(around / (2 * mark.dash))) / 2);
    }
    rounded_path(paper, middle, mark.radius - width / 2);
    paper.stroke();
}

// Lines of one family (x + y a multiple of the spacing), so that hatched neighbours make one hatching.
void hatch(Paper& paper, const RectMark& mark, const Rect& rect) {
    rounded_path(paper, rect, mark.radius);
    const Clipped clipped(paper);
    const auto first = static_cast<int>(std::ceil((rect.x + rect.y) / kHatchSpacing));
    const auto end = static_cast<int>(std::ceil((rect.right() + rect.bottom()) / kHatchSpacing));
    for (int i = first; i < end; ++i) {
        const float sum = static_cast<float>(i) * kHatchSpacing;
        cairo_move_to(paper, sum - rect.y + 1, rect.y - 1);
        cairo_line_to(paper, sum - rect.bottom() - 1, rect.bottom() + 1);
    }
    cairo_set_line_width(paper, 1.2);
    set_colour(paper, mark.stroke);
    paper.stroke();
}

void points_path(Paper& paper, const std::vector<Point>& points, bool closed) {
    for (const Point p : points) cairo_line_to(paper, p.x, p.y);
    if (closed) cairo_close_path(paper);
}

// The head: four widths long and as wide, but never so small that it reads as a blot.
struct ArrowHead {
    float length = 0, half = 0;
};
ArrowHead arrow_head(float width) {
    const float length = std::max(4 * width, 5.0F);
    return {length, length / 2};
}

// How long a mark takes, in that of one with a text.
double work_of(const Mark& mark) {
    const auto* grid = std::get_if<GridMark>(&mark);
    return grid == nullptr ? 1 : 1 + static_cast<double>(grid->texts.size() + grid->notes.size());
}

}  // namespace

Rect snapped(const Rect& rect) {
    const float x = std::round(rect.x);
    const float y = std::round(rect.y);
    float w = std::round(rect.right()) - x;
    float h = std::round(rect.bottom()) - y;
    if (rect.w > 0) w = std::max(w, 1.0F);
    if (rect.h > 0) h = std::max(h, 1.0F);
    return {x, y, w, h};
}

void rounded_path(Paper& paper, const Rect& rect, float radius) {
    const double r = std::min({radius, rect.w / 2, rect.h / 2});
    if (r <= 0) {
        cairo_rectangle(paper, rect.x, rect.y, rect.w, rect.h);
        return;
    }
    constexpr double quarter = std::numbers::pi / 2;
    cairo_new_sub_path(paper);
    cairo_arc(paper, rect.right() - r, rect.y + r, r, -quarter, 0);
    cairo_arc(paper, rect.right() - r, rect.bottom() - r, r, 0, quarter);
    cairo_arc(paper, rect.x + r, rect.bottom() - r, r, quarter, 2 * quarter);
    cairo_arc(paper, rect.x + r, rect.y + r, r, 2 * quarter, 3 * quarter);
    cairo_close_path(paper);
}

void fill_crisp(Paper& paper, const Rect& rect, Colour colour) {
    set_colour(paper, colour);
    cairo_set_antialias(paper, CAIRO_ANTIALIAS_NONE);
    cairo_rectangle(paper, rect.x, rect.y, rect.w, rect.h);
    paper.fill();
    cairo_set_antialias(paper, CAIRO_ANTIALIAS_DEFAULT);
}

void paint_mark(Paper& paper, const RectMark& mark) {
    if (mark.rect.w <= 0 || mark.rect.h <= 0) return;
    const Rect rect = snapped(mark.rect);
    if (mark.fill.a > 0 && mark.radius <= 0) {
        fill_crisp(paper, rect, mark.fill);
    } else if (mark.fill.a > 0) {
        rounded_path(paper, rect, mark.radius);
        set_colour(paper, mark.fill);
        paper.fill();
    }
    const CairoSaved saved(paper);
    if (mark.hatched) hatch(paper, mark, rect);
    if (mark.stroke.a > 0 && mark.stroke_width > 0) stroke_frame(paper, mark, rect);
}

void paint_mark(Paper& paper, const LineMark& mark) {
    const CairoSaved saved(paper);
    Point from = mark.from;
    Point to = mark.to;
    if (from.x == to.x) from.x = to.x = line_middle(to.x, mark.width);
    if (from.y == to.y) from.y = to.y = line_middle(to.y, mark.width);
    const float length = distance(from, to);
    if (length <= 0) return;
    set_colour(paper, mark.colour);
    const Point along{(to.x - from.x) / length, (to.y - from.y) / length};
    Point end = to;
    if (mark.arrow) {
        const ArrowHead head = arrow_head(mark.width);
        const Point base{to.x - along.x * head.length, to.y - along.y * head.length};
        cairo_move_to(paper, to.x, to.y);
        cairo_line_to(paper, base.x - along.y * head.half, base.y + along.x * head.half);
        cairo_line_to(paper, base.x + along.y * head.half, base.y - along.x * head.half);
        cairo_close_path(paper);
        paper.fill();
        if (head.length >= length) return;
        end = base;
    }
    set_dash(paper, mark.dash);
    cairo_set_line_width(paper, mark.width);
    cairo_move_to(paper, from.x, from.y);
    cairo_line_to(paper, end.x, end.y);
    paper.stroke();
}

void paint_mark(Paper& paper, const DotMark& mark) {
    if (mark.radius <= 0) return;
    set_colour(paper, mark.colour);
    cairo_new_sub_path(paper);
    cairo_arc(paper, mark.centre.x, mark.centre.y, mark.radius, 0, 2 * std::numbers::pi);
    paper.fill();
}

void paint_mark(Paper& paper, const PolygonMark& mark) {
    if (mark.points.size() < 2) return;
    const CairoSaved saved(paper);
    if (mark.closed && mark.fill.a > 0) {
        points_path(paper, mark.points, true);
        set_colour(paper, mark.fill);
        paper.fill();
    }
    if (mark.stroke.a == 0 || mark.stroke_width <= 0) return;
    if (along_axes(mark.points, mark.closed)) {
        std::vector<Point> points = mark.points;
        for (Point& p : points) p = {line_middle(p.x, mark.stroke_width), line_middle(p.y, mark.stroke_width)};
        points_path(paper, points, mark.closed);
        cairo_set_line_cap(paper, CAIRO_LINE_CAP_SQUARE);
    } else {
        points_path(paper, mark.points, mark.closed);
        cairo_set_line_join(paper, CAIRO_LINE_JOIN_ROUND);
        cairo_set_line_cap(paper, CAIRO_LINE_CAP_ROUND);
    }
    cairo_set_line_width(paper, mark.stroke_width);
    set_colour(paper, mark.stroke);
    paper.stroke();
}

void paint_mark(Paper& paper, const TextMark& mark) {
    Typefaces& faces = Typefaces::of_this_thread();
    const float part = mark.align == Align::left ? 0 : mark.align == Align::centre ? 0.5F : 1;
    const float x = part == 0 ? mark.at.x : mark.at.x - part * faces.width(mark.text, mark.size, mark.face);
    // Feet on a row of pixels: unhinted letters are sharpest so, and the screen puts them there too.
    const float y = std::floor(mark.at.y) + faces.baseline(mark.size, mark.face);
    paper.write({mark.text, {x, y}, mark.size, mark.face, mark.colour, mark.align});
}

void paint_mark(Paper& paper, const FormulaMark& mark) {
    paint_formula(paper, mark.latex, mark.at, mark.size, mark.colour);
}

bool paint_marks(Paper& paper, const Scene& scene, const std::function<void(double)>& share) {
    const double all = std::accumulate(scene.marks.begin(), scene.marks.end(), 0.0,
                                       [](double sum, const Mark& mark) { return sum + work_of(mark); });
    double done = 0;
    std::optional<Clipped> clipped;
    const SceneClip* clip = nullptr;
    for (std::size_t i = 0; i < scene.marks.size(); ++i) {
        if (paper.is_stopped()) return false;
        if (const SceneClip* next = clip_of(scene, i); next != clip) {
            clipped.reset();
            if (next != nullptr) {
                cairo_rectangle(paper, next->rect.x, next->rect.y, next->rect.w, next->rect.h);
                clipped.emplace(paper);
            }
            clip = next;
        }
        std::visit([&](const auto& one) { paint_mark(paper, one); }, scene.marks[i]);
        done += work_of(scene.marks[i]);
        if (share) share(done / all);
    }
    return !paper.is_stopped();
}

}  // namespace convlens
