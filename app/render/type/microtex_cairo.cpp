#include "app/render/type/microtex_cairo.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "app/render/cairo/painter.h"
#include "app/render/type/typeface.h"

namespace convlens {

namespace {

constexpr double kExtraWeight = 14;  // thousandths of an em

cairo_line_cap_t cairo_cap(microtex::Cap cap) {
    switch (cap) {
        case microtex::CAP_ROUND: return CAIRO_LINE_CAP_ROUND;
        case microtex::CAP_SQUARE: return CAIRO_LINE_CAP_SQUARE;
        case microtex::CAP_BUTT: break;
    }
    return CAIRO_LINE_CAP_BUTT;
}

cairo_line_join_t cairo_join(microtex::Join join) {
    switch (join) {
        case microtex::JOIN_BEVEL: return CAIRO_LINE_JOIN_BEVEL;
        case microtex::JOIN_ROUND: return CAIRO_LINE_JOIN_ROUND;
        case microtex::JOIN_MITER: break;
    }
    return CAIRO_LINE_JOIN_MITER;
}

class FallbackLayout final : public microtex::TextLayout {
public:
    // MicroTeX's size is the em, ours the height of the line.
    FallbackLayout(std::string text, Face face, float em) : text_(std::move(text)), face_(face), size_(em * 1.2F) {}

    void getBounds(microtex::Rect& bounds) override {
        Typefaces& faces = Typefaces::of_this_thread();
        bounds = {0, -faces.baseline(size_, face_), faces.width(text_, size_, face_), size_};
    }
    void draw(microtex::Graphics2D& g2, float x, float y) override {
        const microtex::color c = g2.getColor();
        const auto channel = [c](unsigned shift) { return static_cast<std::uint8_t>(c >> shift); };
        const Colour colour{channel(16), channel(8), channel(0), channel(24)};
        static_cast<MicrotexCairo&>(g2).paper().write({text_, {x, y}, size_, face_, colour, Align::left});
        g2.setColor(c);
    }

private:
    std::string text_;
    Face face_;
    float size_;
};

}  // namespace

microtex::sptr<microtex::TextLayout> MicrotexFallback::createTextLayout(const std::string& text,
                                                                        microtex::FontStyle style, float size) {
    const Face face = microtex::isMono(style) ? Face::mono : microtex::isBold(style) ? Face::bold : Face::text;
    return std::make_shared<FallbackLayout>(text, face, size);
}

MicrotexCairo::MicrotexCairo(Paper& paper) : paper_(paper), origin_{} {
    cairo_get_matrix(paper_, &origin_);
    setColor(microtex::black);
    setStroke({});
}

void MicrotexCairo::setColor(microtex::color colour) {
    colour_ = colour;
    const auto channel = [colour](unsigned shift) { return (colour >> shift & 0xFFU) / 255.0; };
    cairo_set_source_rgba(paper_, channel(16), channel(8), channel(0), channel(24));
}

void MicrotexCairo::setStroke(const microtex::Stroke& stroke) {
    stroke_ = stroke;
    cairo_set_line_width(paper_, stroke.lineWidth);
    cairo_set_line_cap(paper_, cairo_cap(stroke.cap));
    cairo_set_line_join(paper_, cairo_join(stroke.join));
    cairo_set_miter_limit(paper_, stroke.miterLimit > 0 ? stroke.miterLimit : 10);
}

void MicrotexCairo::setStrokeWidth(float width) {
    stroke_.lineWidth = width;
    cairo_set_line_width(paper_, width);
}

void MicrotexCairo::setDash(const std::vector<float>& dash) {
    dash_ = dash;
    const std::vector<double> lengths(dash.begin(), dash.end());
    cairo_set_dash(paper_, lengths.data(), static_cast<int>(lengths.size()), 0);
}

void MicrotexCairo::translate(float dx, float dy) { cairo_translate(paper_, dx, dy); }

void MicrotexCairo::scale(float sx, float sy) {
    // cairo stops at a matrix that has no inverse; a box scaled to nothing is better drawn as next to nothing.
    const auto safe = [](float s) { return std::abs(s) < 1e-6F ? 1e-6F : s; };
    sx_ *= safe(sx);
    sy_ *= safe(sy);
    cairo_scale(paper_, safe(sx), safe(sy));
}

void MicrotexCairo::rotate(float angle) { cairo_rotate(paper_, angle); }

void MicrotexCairo::rotate(float angle, float px, float py) {
    cairo_translate(paper_, px, py);
    cairo_rotate(paper_, angle);
    cairo_translate(paper_, -px, -py);
}

void MicrotexCairo::reset() {
    cairo_set_matrix(paper_, &origin_);
    sx_ = sy_ = 1;
}

bool MicrotexCairo::beginPath(microtex::i32) {
    cairo_new_path(paper_);
    return false;
}

void MicrotexCairo::moveTo(float x, float y) { cairo_move_to(paper_, x, y); }
void MicrotexCairo::lineTo(float x, float y) { cairo_line_to(paper_, x, y); }

void MicrotexCairo::cubicTo(float x1, float y1, float x2, float y2, float x3, float y3) {
    cairo_curve_to(paper_, x1, y1, x2, y2, x3, y3);
}

void MicrotexCairo::quadTo(float x1, float y1, float x2, float y2) {
    double x0 = 0;
    double y0 = 0;
    cairo_get_current_point(paper_, &x0, &y0);
    cairo_curve_to(paper_, x0 + (x1 - x0) * 2 / 3, y0 + (y1 - y0) * 2 / 3, x2 + (x1 - x2) * 2 / 3,
                   y2 + (y1 - y2) * 2 / 3, x2, y2);
}

void MicrotexCairo::closePath() { cairo_close_path(paper_); }

// Latin Modern is drawn for paper: on a screen its hairlines fade, so each letter gets a little more weight.
void MicrotexCairo::fillPath(microtex::i32) { paper_.fill_bold(kExtraWeight); }

// A fraction bar of 1.3 pixels between two rows of pixels would be a grey smear.
bool MicrotexCairo::draw_rule(float x1, float x2, float y) {
    cairo_matrix_t m;
    cairo_get_matrix(paper_, &m);
    if (m.xy != 0 || m.yx != 0 || !paper_.has_pixels()) return false;
    double left = std::min(x1, x2);
    double right = std::max(x1, x2);
    double top = y - stroke_.lineWidth / 2;
    double height = stroke_.lineWidth;
    double unused = 0;
    cairo_user_to_device(paper_, &left, &top);
    cairo_user_to_device(paper_, &right, &unused);
    height = std::max(1.0, std::round(height * std::abs(m.yy)));
    top = std::round(top);
    const CairoSaved saved(paper_);
    cairo_identity_matrix(paper_);
    cairo_rectangle(paper_, left, top, right - left, height);
    paper_.fill();
    return true;
}

void MicrotexCairo::drawLine(float x1, float y1, float x2, float y2) {
    if (y1 == y2 && dash_.empty() && draw_rule(x1, x2, y1)) return;
    cairo_move_to(paper_, x1, y1);
    cairo_line_to(paper_, x2, y2);
    paper_.stroke();
}

void MicrotexCairo::drawRect(float x, float y, float w, float h) {
    cairo_rectangle(paper_, x, y, w, h);
    paper_.stroke();
}

void MicrotexCairo::fillRect(float x, float y, float w, float h) {
    cairo_rectangle(paper_, x, y, w, h);
    paper_.fill();
}

void MicrotexCairo::drawRoundRect(float x, float y, float w, float h, float rx, float ry) {
    rounded_path(paper_, {x, y, w, h}, std::max(rx, ry));
    paper_.stroke();
}

void MicrotexCairo::fillRoundRect(float x, float y, float w, float h, float rx, float ry) {
    rounded_path(paper_, {x, y, w, h}, std::max(rx, ry));
    paper_.fill();
}

}  // namespace convlens

#ifdef __SANITIZE_ADDRESS__
// MicroTeX never frees its font and its table of commands, which static initialisers fill. Both are made once; the leak
// checker need not mention them. fontconfig keeps patterns as long as the process lives and has the places of their parts as
// distances, which the checker does not follow.
extern "C" const char* __lsan_default_suppressions() {
    return "leak:microtex::\nleak:__static_initialization_and_destruction_0\nleak:libfontconfig\n";
}
#endif
