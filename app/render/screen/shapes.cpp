// Rectangles, lines, dots, polygons and text on the draw list.
#include <algorithm>
#include <cmath>
#include <vector>

#include "app/render/screen/draw.h"

namespace convlens {

namespace {

constexpr float kHatchSpacing = 7;
constexpr float kHatchWidth = 1.2F;

// To whole pixels; what has an extent keeps at least one pixel of it.
Rect snapped(const Rect& rect) {
    const float x = std::round(rect.x), y = std::round(rect.y);
    float w = std::round(rect.right()) - x, h = std::round(rect.bottom()) - y;
    if (rect.w > 0) w = std::max(w, 1.0F);
    if (rect.h > 0) h = std::max(h, 1.0F);
    return {x, y, w, h};
}

void fill(const ScreenTarget& target, const Rect& rect, ImU32 colour, float radius = 0) {
    target.list->AddRectFilled(target.place({rect.x, rect.y}), target.place({rect.right(), rect.bottom()}), colour,
                               radius);
}

// Lines of one family (x + y a multiple of the spacing), so that hatched neighbours make one hatching. Each is cut to
// the rectangle by arithmetic: a clip rectangle would cost a draw call.
void hatch(const ScreenTarget& target, const Rect& rect, ImU32 colour) {
    const float first = std::ceil((rect.x + rect.y) / kHatchSpacing) * kHatchSpacing;
    for (float sum = first; sum < rect.right() + rect.bottom(); sum += kHatchSpacing) {
        const float right = std::min(rect.right(), sum - rect.y);
        const float left = std::max(rect.x, sum - rect.bottom());
        if (right <= left) continue;
        target.list->AddLine(target.place({left, sum - left}), target.place({right, sum - right}), colour, kHatchWidth);
    }
}

// Rectangles of about `dash` length along a side, beginning and ending with half a dash, so that corners are closed.
// `along` x or y grows from `from` to `to`; the side is `width` wide from `edge` on.
void dashed_side(const ScreenTarget& target, bool horizontal, float from, float to, float edge, float width, float dash,
                 ImU32 colour) {
    const float length = to - from;
    const float periods = std::max(1.0F, std::round(length / (2 * dash)));
    const float on = length / periods / 2;
    for (float start = from - on / 2; start < to; start += 2 * on) {
        const float a = std::round(std::max(start, from)), b = std::round(std::min(start + on, to));
        if (b <= a) continue;
        fill(target, horizontal ? Rect{a, edge, b - a, width} : Rect{edge, a, width, b - a}, colour);
    }
}

void dashed_frame(const ScreenTarget& target, const Rect& rect, float width, float dash, ImU32 colour) {
    dashed_side(target, true, rect.x, rect.right(), rect.y, width, dash, colour);
    dashed_side(target, true, rect.x, rect.right(), rect.bottom() - width, width, dash, colour);
    dashed_side(target, false, rect.y, rect.bottom(), rect.x, width, dash, colour);
    dashed_side(target, false, rect.y, rect.bottom(), rect.right() - width, width, dash, colour);
}

void dashed_line(const ScreenTarget& target, Point from, Point to, float width, float dash, ImU32 colour) {
    const float length = std::hypot(to.x - from.x, to.y - from.y);
    if (length <= 0) return;
    const Point along{(to.x - from.x) / length, (to.y - from.y) / length};
    for (float start = 0; start < length; start += 2 * dash) {
        const float end = std::min(start + dash, length);
        target.list->AddLine(target.place({from.x + along.x * start, from.y + along.y * start}),
                             target.place({from.x + along.x * end, from.y + along.y * end}), colour, width);
    }
}

// A line along an axis covers whole pixels.
void axis_line(const ScreenTarget& target, const LineMark& mark, ImU32 colour) {
    const float width = std::max(1.0F, std::round(mark.width));
    const bool horizontal = mark.from.y == mark.to.y;
    const auto edge = [width](float at) { return std::round(at - width / 2); };
    const auto [low, high] = horizontal ? std::minmax(mark.from.x, mark.to.x) : std::minmax(mark.from.y, mark.to.y);
    const float from = std::round(low), to = std::round(high);
    const float side = edge(horizontal ? mark.from.y : mark.from.x);
    if (mark.dash > 0) {
        dashed_side(target, horizontal, from, to, side, width, mark.dash, colour);
    } else {
        fill(target, horizontal ? Rect{from, side, to - from, width} : Rect{side, from, width, to - from}, colour);
    }
}

// The head: four widths long and as wide, but never so small that it reads as a blot. Gives back where the shaft ends.
Point arrow_head(const ScreenTarget& target, const LineMark& mark, ImU32 colour) {
    const float length = std::hypot(mark.to.x - mark.from.x, mark.to.y - mark.from.y);
    const float head = std::max(4 * mark.width, 5.0F), half = head / 2;
    const Point along{(mark.to.x - mark.from.x) / length, (mark.to.y - mark.from.y) / length};
    const Point base{mark.to.x - along.x * head, mark.to.y - along.y * head};
    target.list->AddTriangleFilled(target.place(mark.to),
                                   target.place({base.x - along.y * half, base.y + along.x * half}),
                                   target.place({base.x + along.y * half, base.y - along.x * half}), colour);
    return head < length ? base : mark.from;
}

}  // namespace

float whole_size(float size) { return std::max(1.0F, std::floor(size + 0.05F)); }

ImFont* face_font(const ScreenFonts& fonts, Face face) {
    switch (face) {
        case Face::bold: return fonts.bold;
        case Face::mono: return fonts.mono;
        case Face::text: break;
    }
    return fonts.text;
}

ImU32 packed(Colour colour) { return IM_COL32(colour.r, colour.g, colour.b, colour.a); }

void draw_mark(const ScreenTarget& target, const RectMark& mark) {
    if (mark.rect.w <= 0 || mark.rect.h <= 0) return;
    const Rect rect = snapped(mark.rect);
    if (mark.fill.a > 0) fill(target, rect, packed(mark.fill), mark.radius);
    if (mark.stroke.a == 0) return;
    const ImU32 stroke = packed(mark.stroke);
    if (mark.hatched) hatch(target, rect, stroke);
    if (mark.stroke_width <= 0) return;
    const float width = std::clamp(std::round(mark.stroke_width), 1.0F, std::max(1.0F, std::min(rect.w, rect.h) / 2));
    if (mark.dash > 0) {
        dashed_frame(target, rect, width, mark.dash, stroke);
    } else {
        target.list->AddRect(target.place({rect.x, rect.y}), target.place({rect.right(), rect.bottom()}), stroke,
                             mark.radius, width);
    }
}

void draw_mark(const ScreenTarget& target, const LineMark& mark) {
    if (mark.from == mark.to) return;
    const ImU32 colour = packed(mark.colour);
    LineMark shaft = mark;
    if (mark.arrow) {
        shaft.to = arrow_head(target, mark, colour);
        if (shaft.to == shaft.from) return;
    }
    if (shaft.from.x == shaft.to.x || shaft.from.y == shaft.to.y) {
        axis_line(target, shaft, colour);
    } else if (shaft.dash > 0) {
        dashed_line(target, shaft.from, shaft.to, shaft.width, shaft.dash, colour);
    } else {
        target.list->AddLine(target.place(shaft.from), target.place(shaft.to), colour, shaft.width);
    }
}

void draw_mark(const ScreenTarget& target, const DotMark& mark) {
    if (mark.radius > 0) target.list->AddCircleFilled(target.place(mark.centre), mark.radius, packed(mark.colour));
}

void draw_mark(const ScreenTarget& target, const PolygonMark& mark) {
    if (mark.points.size() < 2) return;
    const float width = std::max(1.0F, std::round(mark.stroke_width));
    // An odd line's middle is the middle of a pixel.
    const float shift = std::lround(width) % 2 == 1 ? 0.5F : 0;
    bool along_axes = true;
    for (std::size_t i = 1; i < mark.points.size(); ++i)
        along_axes &= mark.points[i].x == mark.points[i - 1].x || mark.points[i].y == mark.points[i - 1].y;
    std::vector<ImVec2> points;
    points.reserve(mark.points.size());
    for (const Point p : mark.points) {
        points.push_back(target.place(along_axes ? Point{std::floor(p.x) + shift, std::floor(p.y) + shift} : p));
    }
    const auto count = static_cast<int>(points.size());
    if (mark.closed && mark.fill.a > 0 && count > 2) {
        // ImGui's antialiasing wants points clockwise.
        float area = 0;
        for (std::size_t i = 0; i < points.size(); ++i) {
            const ImVec2 a = points[i], b = points[(i + 1) % points.size()];
            area += a.x * b.y - b.x * a.y;
        }
        if (area < 0) std::ranges::reverse(points);
        target.list->AddConvexPolyFilled(points.data(), count, packed(mark.fill));
    }
    if (mark.stroke.a == 0 || mark.stroke_width <= 0) return;
    ImDrawFlags flags = mark.closed ? ImDrawFlags_Closed : ImDrawFlags_None;
    if (!mark.closed && along_axes) flags |= ImDrawFlags_CapSquare;
    target.list->AddPolyline(points.data(), count, packed(mark.stroke), width, flags);
}

void draw_mark(const ScreenTarget& target, const TextMark& mark) {
    ImFont* font = face_font(target.fonts, mark.face);
    const float size = whole_size(mark.size);
    const char* begin = mark.text.data();
    const char* end = begin + mark.text.size();
    ImVec2 at = target.place(mark.at);
    if (mark.align != Align::left) {
        const float width = font->CalcTextSizeA(size, FLT_MAX, 0, begin, end).x;
        at.x -= mark.align == Align::centre ? width / 2 : width;
    }
    target.list->AddText(font, size, {std::round(at.x), std::floor(at.y)}, packed(mark.colour), begin, end);
}

}  // namespace convlens
