#include "app/render/cairo/svg_paper.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <new>
#include <set>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "app/document/base64.h"
#include "app/render/cairo/painter.h"
#include "app/render/type/typeface.h"

namespace convlens {

namespace {

// At most two digits behind the point: a hundredth of a pixel.
std::string number(double value) {
    const long hundredths = std::lround(value * 100);
    std::string text = fmt::format("{}{}", hundredths < 0 ? "-" : "", std::abs(hundredths) / 100);
    if (const long rest = std::abs(hundredths) % 100; rest != 0) {
        text += fmt::format(".{:02}", rest);
        if (text.back() == '0') text.pop_back();
    }
    return text;
}

std::string transform(const cairo_matrix_t& m) {
    return fmt::format(" transform=\"matrix({:.6g} {:.6g} {:.6g} {:.6g} {} {})\"", m.xx, m.yx, m.xy, m.yy, number(m.x0),
                       number(m.y0));
}

bool is_identity(const cairo_matrix_t& m) {
    return m.xx == 1 && m.yy == 1 && m.xy == 0 && m.yx == 0 && m.x0 == 0 && m.y0 == 0;
}

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : sound_text(text)) {
        switch (c) {
            case '&': result += "&amp;"; break;
            case '<': result += "&lt;"; break;
            case '>': result += "&gt;"; break;
            default: result += c;
        }
    }
    return result;
}

// ` fill="#rrggbb"`, with its opacity where it is not opaque.
std::string paint(std::string_view what, Colour colour) {
    std::string text = fmt::format(R"( {}="#{:02x}{:02x}{:02x}")", what, colour.r, colour.g, colour.b);
    if (colour.a < 255) text += fmt::format(R"( {}-opacity="{:.3g}")", what, colour.a / 255.0);
    return text;
}

Colour source_of(cairo_t* context) {
    double r = 0, g = 0, b = 0, a = 0;
    cairo_pattern_get_rgba(cairo_get_source(context), &r, &g, &b, &a);
    const auto byte = [](double v) { return static_cast<std::uint8_t>(std::lround(v * 255)); };
    return {byte(r), byte(g), byte(b), byte(a)};
}

struct PathDelete {
    void operator()(cairo_path_t* path) const { cairo_path_destroy(path); }
};
using CairoPath = std::unique_ptr<cairo_path_t, PathDelete>;

// The context's path in the figure's own coordinates.
CairoPath path_of(cairo_t* context) {
    const CairoSaved saved(context);
    cairo_identity_matrix(context);
    CairoPath path(cairo_copy_path(context));
    if (path->status != CAIRO_STATUS_SUCCESS) throw std::bad_alloc();
    return path;
}

// "M1 2H5L7 8Z"
class PathText {
public:
    void move(double x, double y) { start_ = {number(x), number(y)}, begun_ = false; }
    void line(double x, double y) {
        begin();
        const std::string to_x = number(x), to_y = number(y);
        if (to_y == at_.y)
            text_ += "H" + to_x;
        else if (to_x == at_.x)
            text_ += "V" + to_y;
        else
            text_ += "L" + to_x + " " + to_y;
        at_ = {to_x, to_y};
    }
    void curve(Point a, Point b, Point to) {
        begin();
        at_ = {number(to.x), number(to.y)};
        text_ += fmt::format("C{} {} {} {} {} {}", number(a.x), number(a.y), number(b.x), number(b.y), at_.x, at_.y);
    }
    void close() {
        if (begun_) text_ += "Z";
        begun_ = false;
    }
    std::string take() { return std::move(text_); }

private:
    struct Place {
        std::string x, y;
    };
    // A move that nothing follows leaves no trace.
    void begin() {
        if (begun_) return;
        text_ += "M" + start_.x + " " + start_.y;
        at_ = start_;
        begun_ = true;
    }
    std::string text_;
    Place start_, at_;
    bool begun_ = false;
};

std::string text_of(const cairo_path_t& path) {
    PathText text;
    const auto point = [](const cairo_path_data_t& d) {
        return Point{static_cast<float>(d.point.x), static_cast<float>(d.point.y)};
    };
    for (int i = 0; i < path.num_data; i += path.data[i].header.length) {
        const cairo_path_data_t* d = &path.data[i];
        switch (d->header.type) {
            case CAIRO_PATH_MOVE_TO: text.move(d[1].point.x, d[1].point.y); break;
            case CAIRO_PATH_LINE_TO: text.line(d[1].point.x, d[1].point.y); break;
            case CAIRO_PATH_CURVE_TO: text.curve(point(d[1]), point(d[2]), point(d[3])); break;
            case CAIRO_PATH_CLOSE_PATH: text.close(); break;
        }
    }
    return text.take();
}

// ` d="…"` of a path, or where it is one upright rectangle what a <rect> says of it.
std::string shape(const cairo_path_t& path) {
    const auto at = [&](int i) { return path.data[i * 2 + 1].point; };
    const auto is = [&](int i, cairo_path_data_type_t type) { return path.data[i].header.type == type; };
    // Move, three lines, close, and the move that cairo adds: two entries each but the closing.
    const bool four = path.num_data == 11 && is(0, CAIRO_PATH_MOVE_TO) && is(2, CAIRO_PATH_LINE_TO) &&
                      is(4, CAIRO_PATH_LINE_TO) && is(6, CAIRO_PATH_LINE_TO) && is(8, CAIRO_PATH_CLOSE_PATH);
    const bool upright = four && at(0).y == at(1).y && at(1).x == at(2).x && at(2).y == at(3).y && at(3).x == at(0).x;
    if (!upright) return fmt::format(R"(<path d="{}")", text_of(path));
    return fmt::format(R"(<rect x="{}" y="{}" width="{}" height="{}")", number(std::min(at(0).x, at(1).x)),
                       number(std::min(at(0).y, at(2).y)), number(std::abs(at(1).x - at(0).x)),
                       number(std::abs(at(2).y - at(0).y)));
}

std::string outline_text(const Glyph& glyph) {
    PathText text;
    const auto down = [](Point p) { return Point{p.x, -p.y}; };
    for (const OutlineStep& step : glyph.outline) {
        switch (step.kind) {
            case OutlineStep::Kind::move: text.move(step.a.x, -step.a.y); break;
            case OutlineStep::Kind::line: text.line(step.a.x, -step.a.y); break;
            case OutlineStep::Kind::cubic: text.curve(down(step.a), down(step.b), down(step.c)); break;
            case OutlineStep::Kind::close: text.close(); break;
        }
    }
    return text.take();
}

std::string_view font_attributes(Face face) {
    switch (face) {
        case Face::text: return R"(font-family="Inter, DejaVu Sans, sans-serif")";
        case Face::bold: return R"(font-family="Inter, DejaVu Sans, sans-serif" font-weight="600")";
        case Face::mono: break;
    }
    return R"(font-family="JetBrains Mono, DejaVu Sans Mono, monospace")";
}

// FNV-1a
std::uint64_t hash(std::string_view text) {
    std::uint64_t value = 0xcbf29ce484222325U;
    for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return value;
}

std::vector<std::byte> png_of(cairo_surface_t* picture) {
    std::vector<std::byte> bytes;
    const auto add = [](void* to, const unsigned char* data, unsigned int count) {
        const auto more = std::as_bytes(std::span(data, count));
        static_cast<std::vector<std::byte>*>(to)->insert(static_cast<std::vector<std::byte>*>(to)->end(), more.begin(),
                                                         more.end());
        return CAIRO_STATUS_SUCCESS;
    };
    if (cairo_surface_write_to_png_stream(picture, add, &bytes) != CAIRO_STATUS_SUCCESS) throw std::bad_alloc();
    return bytes;
}

class SvgPaper final : public Paper {
public:
    SvgPaper(cairo_t* context, TextAs text, const std::stop_token& stopped) : Paper(context, stopped), text_(text) {}

    void fill() override { element(paint("fill", source_of(*this))); }

    void stroke() override {
        const double scale = scale_of_lines();
        std::string style = R"( fill="none")" + paint("stroke", source_of(*this)) +
                            fmt::format(R"( stroke-width="{}")", number(cairo_get_line_width(*this) * scale));
        if (const int count = cairo_get_dash_count(*this); count > 0) {
            std::vector<double> lengths(static_cast<std::size_t>(count));
            double offset = 0;
            cairo_get_dash(*this, lengths.data(), &offset);
            style += R"( stroke-dasharray=")";
            for (const double length : lengths) style += (style.back() == '"' ? "" : " ") + number(length * scale);
            style += '"';
            if (offset != 0) style += fmt::format(R"( stroke-dashoffset="{}")", number(offset * scale));
        }
        if (cairo_get_line_cap(*this) == CAIRO_LINE_CAP_ROUND) style += R"( stroke-linecap="round")";
        if (cairo_get_line_cap(*this) == CAIRO_LINE_CAP_SQUARE) style += R"( stroke-linecap="square")";
        if (cairo_get_line_join(*this) == CAIRO_LINE_JOIN_ROUND) style += R"( stroke-linejoin="round")";
        if (cairo_get_line_join(*this) == CAIRO_LINE_JOIN_BEVEL) style += R"( stroke-linejoin="bevel")";
        element(style);
    }

    void fill_bold(double width) override {
        const Colour colour = source_of(*this);
        element(paint("fill", colour) + paint("stroke", colour) +
                fmt::format(R"( stroke-width="{}" stroke-linejoin="round")", number(width * scale_of_lines())));
    }

    void begin_clip() override {
        const std::string inside = shape(*path_of(*this));
        cairo_new_path(*this);
        const std::string id = fmt::format("clip-{:016x}", hash(inside));
        if (defined_.insert(id).second) defs_ += fmt::format("<clipPath id=\"{}\">{}/></clipPath>\n", id, inside);
        body_ += fmt::format("<g clip-path=\"url(#{})\">\n", id);
        cairo_save(*this);
    }
    void end_clip() override {
        cairo_restore(*this);
        body_ += "</g>\n";
    }

    void fade(double opacity, const std::function<void()>& draw) override {
        body_ += fmt::format("<g opacity=\"{:.3g}\">\n", opacity);
        draw();
        body_ += "</g>\n";
    }

    void write(const TextRun& run) override { text_ == TextAs::paths ? outline(run) : letter(run); }

    bool holds_text() const override { return text_ != TextAs::paths; }

    void write_unseen(std::string_view text, const Rect& box) override {
        if (!holds_text() || text.empty()) return;
        Typefaces& faces = Typefaces::of_this_thread();
        // As large as fits into the box in its natural width, too.
        const float unit = faces.width(text, 100, Face::text) / 100;
        const float size = std::min(box.h, unit > 0 ? box.w / unit : box.h);
        const float y = box.y + (box.h - size) / 2 + faces.baseline(size, Face::text);
        text_element({text, {box.x, y}, size, Face::text, {0, 0, 0, 0}, Align::left}, box.w);
    }

    void fill_with(cairo_surface_t* picture, const cairo_matrix_t& to_picture, bool nearest,
                   const Rect& rect) override {
        cairo_matrix_t place = to_picture;
        if (cairo_matrix_invert(&place) != CAIRO_STATUS_SUCCESS) return;
        cairo_matrix_t now;
        cairo_get_matrix(*this, &now);
        cairo_matrix_multiply(&place, &place, &now);
        cairo_rectangle(*this, rect.x, rect.y, rect.w, rect.h);
        const Clipped clipped(*this);
        body_ += fmt::format(R"(<image width="{}" height="{}"{}{} xlink:href="data:image/png;base64,)",
                             cairo_image_surface_get_width(picture), cairo_image_surface_get_height(picture),
                             transform(place), nearest ? R"( style="image-rendering:pixelated")" : "");
        body_ += to_base64(png_of(picture)) + "\"/>\n";
    }

    std::string file(const Scene& scene) const {
        const std::string width = number(scene.width), height = number(scene.height);
        std::string text = fmt::format(
            R"(<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{0}" height="{1}" viewBox="0 0 {0} {1}" stroke-miterlimit="10" xml:space="preserve">
)",
            width, height);
        if (!defs_.empty()) text += "<defs>\n" + defs_ + "</defs>\n";
        if (scene.background.a > 0)
            text +=
                fmt::format("<rect width=\"{}\" height=\"{}\"{}/>\n", width, height, paint("fill", scene.background));
        return text + body_ + "</svg>\n";
    }

private:
    // Ends the context's path.
    void element(const std::string& style) {
        body_ += shape(*path_of(*this)) + style;
        if (cairo_get_antialias(*this) == CAIRO_ANTIALIAS_NONE) body_ += R"( shape-rendering="crispEdges")";
        body_ += "/>\n";
        cairo_new_path(*this);
    }

    // How much longer lines become by the matrix.
    double scale_of_lines() const {
        cairo_matrix_t m;
        cairo_get_matrix(*this, &m);
        return std::sqrt(std::abs(m.xx * m.yy - m.xy * m.yx));
    }

    // Each glyph is in the file once, in units of its font.
    void outline(const TextRun& run) {
        const std::vector<PlacedGlyph> glyphs = Typefaces::of_this_thread().place(run.text, run.size, run.face);
        for (std::size_t i = 0; i < glyphs.size();) {
            const PlacedGlyph& first = glyphs[i];
            std::string uses;
            for (; i < glyphs.size() && glyphs[i].font == first.font; ++i) {
                if (glyphs[i].glyph->outline.empty()) continue;
                uses += fmt::format("<use xlink:href=\"#{}\"", define(glyphs[i]));
                if (const std::string x = number((glyphs[i].x - first.x) / first.scale); x != "0")
                    uses += " x=\"" + x + "\"";
                uses += "/>";
            }
            if (uses.empty()) continue;
            cairo_matrix_t m;
            cairo_get_matrix(*this, &m);
            cairo_matrix_translate(&m, run.start.x + first.x, run.start.y);
            cairo_matrix_scale(&m, first.scale, first.scale);
            body_ += "<g" + paint("fill", run.colour) + transform(m) + ">" + uses + "</g>\n";
        }
    }

    std::string define(const PlacedGlyph& placed) {
        std::string id = fmt::format("{}-{}", font_file(placed.font).name, placed.index);
        if (defined_.insert(id).second)
            defs_ += fmt::format("<path id=\"{}\" d=\"{}\"/>\n", id, outline_text(*placed.glyph));
        return id;
    }

    void letter(const TextRun& run) {
        if (!run.text.empty()) text_element(run, Typefaces::of_this_thread().width(run.text, run.size, run.face));
    }

    void text_element(const TextRun& run, float width) {
        const float part = run.align == Align::left ? 0 : run.align == Align::centre ? 0.5F : 1;
        body_ +=
            fmt::format(R"(<text x="{}" y="{}" {} font-size="{}" textLength="{}" lengthAdjust="spacingAndGlyphs")",
                        number(run.start.x + width * part), number(run.start.y), font_attributes(run.face),
                        number(Typefaces::of_this_thread().em(run.size, fonts_of(run.face).front())), number(width));
        if (run.align != Align::left)
            body_ += run.align == Align::centre ? R"( text-anchor="middle")" : R"( text-anchor="end")";
        cairo_matrix_t m;
        cairo_get_matrix(*this, &m);
        if (!is_identity(m)) body_ += transform(m);
        body_ += paint("fill", run.colour) + ">" + escaped(run.text) + "</text>\n";
    }

    TextAs text_;
    std::string defs_, body_;
    std::set<std::string> defined_;  // ids in defs_
};

}  // namespace

std::optional<std::string> svg_of(const Scene& scene, TextAs text, const Progress& progress) {
    // Paths alone are asked of the context: nothing is ever drawn on it.
    const CairoSurface surface(cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, nullptr));
    const CairoContext context(cairo_create(surface.get()));
    SvgPaper paper(context.get(), text, progress.stopped);
    if (!paint_marks(paper, scene, progress.done)) return std::nullopt;
    return paper.file(scene);
}

}  // namespace convlens
