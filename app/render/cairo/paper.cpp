#include "app/render/cairo/paper.h"

#include "app/render/type/typeface.h"
#include "core/text/utf8.h"

namespace convlens {

void Paper::fill() { cairo_fill(*this); }
void Paper::stroke() { cairo_stroke(*this); }

void Paper::fill_bold(double width) {
    cairo_fill_preserve(*this);
    const CairoSaved saved(*this);
    cairo_set_line_width(*this, width);
    cairo_set_line_join(*this, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke(*this);
}

void Paper::begin_clip() {
    cairo_save(*this);
    cairo_clip(*this);
}
void Paper::end_clip() { cairo_restore(*this); }

void Paper::fade(double opacity, const std::function<void()>& draw) {
    cairo_push_group(*this);
    draw();
    cairo_pop_group_to_source(*this);
    cairo_paint_with_alpha(*this, opacity);
}

void Paper::write(const TextRun& run) {
    for (const PlacedGlyph& placed : Typefaces::of_this_thread().place(run.text, run.size, run.face)) {
        const double s = placed.scale;
        const double x0 = run.start.x + placed.x;
        const double y0 = run.start.y;
        const auto x = [&](Point p) { return x0 + p.x * s; };
        const auto y = [&](Point p) { return y0 - p.y * s; };
        for (const OutlineStep& step : placed.glyph->outline) {
            switch (step.kind) {
                case OutlineStep::Kind::move: cairo_move_to(*this, x(step.a), y(step.a)); break;
                case OutlineStep::Kind::line: cairo_line_to(*this, x(step.a), y(step.a)); break;
                case OutlineStep::Kind::cubic:
                    cairo_curve_to(*this, x(step.a), y(step.a), x(step.b), y(step.b), x(step.c), y(step.c));
                    break;
                case OutlineStep::Kind::close: cairo_close_path(*this); break;
            }
        }
    }
    set_colour(*this, run.colour);
    fill();
}

void Paper::fill_with(cairo_surface_t* picture, const cairo_matrix_t& to_picture, bool nearest, const Rect& rect) {
    const CairoPattern pattern(cairo_pattern_create_for_surface(picture));
    cairo_pattern_set_matrix(pattern.get(), &to_picture);
    cairo_pattern_set_filter(pattern.get(), nearest ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_GOOD);
    cairo_pattern_set_extend(pattern.get(), CAIRO_EXTEND_PAD);  // or the edges would fade
    cairo_rectangle(*this, rect.x, rect.y, rect.w, rect.h);
    cairo_set_source(*this, pattern.get());
    cairo_fill(*this);
}

bool Paper::has_pixels() const {
    return cairo_surface_get_type(cairo_get_group_target(*this)) == CAIRO_SURFACE_TYPE_IMAGE;
}

std::string sound_text(std::string_view text) {
    constexpr char32_t replacement = 0xFFFD;
    std::string sound;
    while (!text.empty()) {
        char32_t c = take_character(text);
        if (c < U' ' || (c >= 0x7F && c < 0xA0) || (c >= 0xD800 && c < 0xE000) || c == 0xFFFE || c == 0xFFFF ||
            c > 0x10FFFF)
            c = replacement;
        append_utf8(sound, c);
    }
    return sound;
}

}  // namespace convlens
