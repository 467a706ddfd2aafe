#include "app/render/cairo/painter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
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

void set_dash(cairo_t* context, float dash) {
    const double lengths[] = {dash, dash};
    cairo_set_dash(context, lengths, dash > 0 ? 2 : 0, 0);
}

// A dashed side that begins and ends with half a dash, so that corners are closed, in dashes of about `dash`.
void dashed_side(cairo_t* context, Point from, Point to, float dash) {
    const float length = distance(from, to);
    const float periods = std::max(1.0F, std::round(length / (2 * dash)));
    const double on = length / periods / 2;
    const double lengths[] = {on, on};
    cairo_set_dash(context, lengths, 2, on / 2);
    cairo_move_to(context, from.x, from.y);
    cairo_line_to(context, to.x, to.y);
    cairo_stroke(context);
}

void dashed_frame(cairo_t* context, const Rect& middle, float width, float dash) {
    const float h = width / 2;  // sides reach through the corners
    const Rect& r = middle;
    dashed_side(context, {r.x - h, r.y}, {r.right() + h, r.y}, dash);
    dashed_side(context, {r.x - h, r.bottom()}, {r.right() + h, r.bottom()}, dash);
    dashed_side(context, {r.x, r.y - h}, {r.x, r.bottom() + h}, dash);
    dashed_side(context, {r.right(), r.y - h}, {r.right(), r.bottom() + h}, dash);
}

void stroke_frame(cairo_t* context, const RectMark& mark, const Rect& rect) {
    const float width = std::min({mark.stroke_width, rect.w / 2, rect.h / 2});
    const Rect middle{rect.x + width / 2, rect.y + width / 2, rect.w - width, rect.h - width};
    set_colour(context, mark.stroke);
    cairo_set_line_width(context, width);
    if (mark.dash > 0 && mark.radius <= 0) return dashed_frame(context, middle, width, mark.dash);
    if (mark.dash > 0) {
        const float around = 2 * (middle.w + middle.h) - (8 - 2 * std::numbers::pi_v<float>)*mark.radius;
        set_dash(context, around / std::max(1.0F, std::round(around / (2 * mark.dash))) / 2);
    }
    rounded_path(context, middle, mark.radius - width / 2);
    cairo_stroke(context);
}

// Lines of one family (x + y a multiple of the spacing), so that hatched neighbours make one hatching.
void hatch(cairo_t* context, const RectMark& mark, const Rect& rect) {
    const CairoSaved saved(context);
    rounded_path(context, rect, mark.radius);
    cairo_clip(context);
    const auto first = static_cast<int>(std::ceil((rect.x + rect.y) / kHatchSpacing));
    const auto end = static_cast<int>(std::ceil((rect.right() + rect.bottom()) / kHatchSpacing));
    for (int i = first; i < end; ++i) {
        const float sum = static_cast<float>(i) * kHatchSpacing;
        cairo_move_to(context, sum - rect.y + 1, rect.y - 1);
        cairo_line_to(context, sum - rect.bottom() - 1, rect.bottom() + 1);
    }
    cairo_set_line_width(context, 1.2);
    set_colour(context, mark.stroke);
    cairo_stroke(context);
}

void points_path(cairo_t* context, const std::vector<Point>& points, bool closed) {
    for (const Point p : points) cairo_line_to(context, p.x, p.y);
    if (closed) cairo_close_path(context);
}

// The head: four widths long and as wide, but never so small that it reads as a blot.
struct ArrowHead {
    float length = 0, half = 0;
};
ArrowHead arrow_head(float width) {
    const float length = std::max(4 * width, 5.0F);
    return {length, length / 2};
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

void rounded_path(cairo_t* context, const Rect& rect, float radius) {
    const double r = std::min({radius, rect.w / 2, rect.h / 2});
    if (r <= 0) {
        cairo_rectangle(context, rect.x, rect.y, rect.w, rect.h);
        return;
    }
    constexpr double quarter = std::numbers::pi / 2;
    cairo_new_sub_path(context);
    cairo_arc(context, rect.right() - r, rect.y + r, r, -quarter, 0);
    cairo_arc(context, rect.right() - r, rect.bottom() - r, r, 0, quarter);
    cairo_arc(context, rect.x + r, rect.bottom() - r, r, quarter, 2 * quarter);
    cairo_arc(context, rect.x + r, rect.y + r, r, 2 * quarter, 3 * quarter);
    cairo_close_path(context);
}

void fill_crisp(cairo_t* context, const Rect& rect, Colour colour) {
    set_colour(context, colour);
    cairo_set_antialias(context, CAIRO_ANTIALIAS_NONE);
    cairo_rectangle(context, rect.x, rect.y, rect.w, rect.h);
    cairo_fill(context);
    cairo_set_antialias(context, CAIRO_ANTIALIAS_DEFAULT);
}

void paint_mark(cairo_t* context, const RectMark& mark) {
    if (mark.rect.w <= 0 || mark.rect.h <= 0) return;
    const Rect rect = snapped(mark.rect);
    if (mark.fill.a > 0 && mark.radius <= 0) {
        fill_crisp(context, rect, mark.fill);
    } else if (mark.fill.a > 0) {
        rounded_path(context, rect, mark.radius);
        set_colour(context, mark.fill);
        cairo_fill(context);
    }
    const CairoSaved saved(context);
    if (mark.hatched) hatch(context, mark, rect);
    if (mark.stroke.a > 0 && mark.stroke_width > 0) stroke_frame(context, mark, rect);
}

void paint_mark(cairo_t* context, const LineMark& mark) {
    const CairoSaved saved(context);
    Point from = mark.from;
    Point to = mark.to;
    if (from.x == to.x) from.x = to.x = line_middle(to.x, mark.width);
    if (from.y == to.y) from.y = to.y = line_middle(to.y, mark.width);
    const float length = distance(from, to);
    if (length <= 0) return;
    set_colour(context, mark.colour);
    const Point along{(to.x - from.x) / length, (to.y - from.y) / length};
    Point end = to;
    if (mark.arrow) {
        const ArrowHead head = arrow_head(mark.width);
        const Point base{to.x - along.x * head.length, to.y - along.y * head.length};
        cairo_move_to(context, to.x, to.y);
        cairo_line_to(context, base.x - along.y * head.half, base.y + along.x * head.half);
        cairo_line_to(context, base.x + along.y * head.half, base.y - along.x * head.half);
        cairo_close_path(context);
        cairo_fill(context);
        if (head.length >= length) return;
        end = base;
    }
    set_dash(context, mark.dash);
    cairo_set_line_width(context, mark.width);
    cairo_move_to(context, from.x, from.y);
    cairo_line_to(context, end.x, end.y);
    cairo_stroke(context);
}

void paint_mark(cairo_t* context, const DotMark& mark) {
    if (mark.radius <= 0) return;
    set_colour(context, mark.colour);
    cairo_new_sub_path(context);
    cairo_arc(context, mark.centre.x, mark.centre.y, mark.radius, 0, 2 * std::numbers::pi);
    cairo_fill(context);
}

void paint_mark(cairo_t* context, const PolygonMark& mark) {
    if (mark.points.size() < 2) return;
    const CairoSaved saved(context);
    if (mark.closed && mark.fill.a > 0) {
        points_path(context, mark.points, true);
        set_colour(context, mark.fill);
        cairo_fill(context);
    }
    if (mark.stroke.a == 0 || mark.stroke_width <= 0) return;
    if (along_axes(mark.points, mark.closed)) {
        std::vector<Point> points = mark.points;
        for (Point& p : points) p = {line_middle(p.x, mark.stroke_width), line_middle(p.y, mark.stroke_width)};
        points_path(context, points, mark.closed);
        cairo_set_line_cap(context, CAIRO_LINE_CAP_SQUARE);
    } else {
        points_path(context, mark.points, mark.closed);
        cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND);
        cairo_set_line_cap(context, CAIRO_LINE_CAP_ROUND);
    }
    cairo_set_line_width(context, mark.stroke_width);
    set_colour(context, mark.stroke);
    cairo_stroke(context);
}

void paint_text(cairo_t* context, std::string_view text, Point start, float size, Face face, Colour colour) {
    for (const PlacedGlyph& placed : Typefaces::of_this_thread().place(text, size, face)) {
        const double s = placed.scale;
        const double x0 = start.x + placed.x;
        const double y0 = start.y;
        const auto x = [&](Point p) { return x0 + p.x * s; };
        const auto y = [&](Point p) { return y0 - p.y * s; };
        for (const OutlineStep& step : placed.glyph->outline) {
            switch (step.kind) {
                case OutlineStep::Kind::move: cairo_move_to(context, x(step.a), y(step.a)); break;
                case OutlineStep::Kind::line: cairo_line_to(context, x(step.a), y(step.a)); break;
                case OutlineStep::Kind::cubic:
                    cairo_curve_to(context, x(step.a), y(step.a), x(step.b), y(step.b), x(step.c), y(step.c));
                    break;
                case OutlineStep::Kind::close: cairo_close_path(context); break;
            }
        }
    }
    set_colour(context, colour);
    cairo_fill(context);
}

void paint_mark(cairo_t* context, const TextMark& mark) {
    Typefaces& faces = Typefaces::of_this_thread();
    const float part = mark.align == Align::left ? 0 : mark.align == Align::centre ? 0.5F : 1;
    const float x = part == 0 ? mark.at.x : mark.at.x - part * faces.width(mark.text, mark.size, mark.face);
    // Feet on a row of pixels: unhinted letters are sharpest so, and the screen puts them there too.
    const float y = std::floor(mark.at.y) + faces.baseline(mark.size, mark.face);
    paint_text(context, mark.text, {x, y}, mark.size, mark.face, mark.colour);
}

void paint_mark(cairo_t* context, const FormulaMark& mark) {
    paint_formula(context, mark.latex, mark.at, mark.size, mark.colour);
}

void paint_marks(cairo_t* context, const Scene& scene) {
    const SceneClip* clip = nullptr;
    for (std::size_t i = 0; i < scene.marks.size(); ++i) {
        if (const SceneClip* next = clip_of(scene, i); next != clip) {
            if (clip != nullptr) cairo_restore(context);
            if (next != nullptr) {
                cairo_save(context);
                cairo_rectangle(context, next->rect.x, next->rect.y, next->rect.w, next->rect.h);
                cairo_clip(context);
            }
            clip = next;
        }
        std::visit([&](const auto& one) { paint_mark(context, one); }, scene.marks[i]);
    }
    if (clip != nullptr) cairo_restore(context);
}

}  // namespace convlens
