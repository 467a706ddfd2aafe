// Rows and columns of the input, and of its padding, that are never read.
#include <algorithm>
#include <limits>

#include "app/views/pane.h"

namespace convlens {

namespace {

constexpr float kLeastHatched = 2, kLeastApart = 6;  // pixels

// A strip that is too thin for hatching is one line.
RectMark unread_mark(const MarkId& id, const Rect& strip, Colour colour) {
    if (std::min(strip.w, strip.h) >= kLeastHatched) return hatch(id, strip, colour);
    RectMark line;
    line.id = id;
    line.rect = strip;
    line.fill = colour.with_alpha(0.45F);
    return line;
}

}  // namespace

void add_unread(Scene& out, const PaneScene& scene, const PlacedPlane& placed, std::int64_t y0, std::int64_t x0) {
    const Size2 in = scene.input_shape().plane();
    const MarkId id = scene.id(Part::input, scene.moment.input_channel());
    const auto mark = [&](const std::vector<std::int64_t>& unread, auto&& strip_of, float Rect::*start,
                          float Rect::*thickness) {
        float last = -std::numeric_limits<float>::infinity();
        for (const std::int64_t i : unread) {
            const Rect strip = strip_of(i);
            if (strip.*thickness < kLeastHatched && strip.*start < last + kLeastApart) continue;
            last = strip.*start;
            out.marks.push_back(unread_mark(id, strip, scene.theme.problem));
        }
    };
    const auto row = [&](std::int64_t y) { return placed.cells(y - y0, -x0, 1, in.w); };
    const auto column = [&](std::int64_t x) { return placed.cells(-y0, x - x0, in.h, 1); };
    mark(scene.layer.unread_h.input, row, &Rect::y, &Rect::h);
    mark(scene.layer.unread_w.input, column, &Rect::x, &Rect::w);
    // Those of the padding go from end to end of the padded input, from which they are counted.
    const Pads& pads = scene.layer.pads;
    const std::int64_t top = -pads.top - y0, left = -pads.left - x0;
    const auto padded_row = [&](std::int64_t p) { return placed.cells(top + p, left, 1, scene.layer.w.padded); };
    const auto padded_column = [&](std::int64_t p) { return placed.cells(top, left + p, scene.layer.h.padded, 1); };
    mark(scene.layer.unread_h.padding, padded_row, &Rect::y, &Rect::h);
    mark(scene.layer.unread_w.padding, padded_column, &Rect::x, &Rect::w);
}

}  // namespace convlens
