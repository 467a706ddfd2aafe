#include "app/render/cairo/pdf_paper.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <new>
#include <stdexcept>
#include <vector>

#include <cairo-ft.h>
#include <cairo-pdf.h>
#include <ft2build.h>
#include FT_FREETYPE_H

#include "app/render/cairo/painter.h"
#include "app/render/type/typeface.h"
#include "core/io/error.h"

namespace convlens {

namespace {

constexpr double kPointsPerPixel = 0.75;  // 72 of 96 to the inch

// cairo's faces of the fonts. cairo keeps what it has read of them, so they stay as long as the process does; it locks
// them itself.
class PdfFonts {
public:
    static cairo_font_face_t* face(FontId font) {
        static auto& fonts = *new PdfFonts();
        const std::lock_guard lock(fonts.mutex_);
        const auto known = fonts.faces_.find(font);
        if (known != fonts.faces_.end()) return known->second;
        FT_Face face = open_font(fonts.library_, font);
        if (face == nullptr) throw SaidError(msg("A font of the program cannot be read."));
        return fonts.faces_[font] = cairo_ft_font_face_create_for_ft_face(face, FT_LOAD_NO_HINTING);
    }

private:
    PdfFonts() {
        if (FT_Init_FreeType(&library_) != 0) throw SaidError(msg("The library for fonts, FreeType, does not start."));
    }
    std::mutex mutex_;
    FT_Library library_ = nullptr;
    std::map<FontId, cairo_font_face_t*> faces_;
};

class SelectablePdfPaper final : public Paper {
public:
    using Paper::Paper;

    void write(const TextRun& run) override {
        const CairoSaved saved(*this);
        set_colour(*this, run.colour);
        show(run.text, run.start, run.size, run.face);
    }

    bool holds_text() const override { return true; }

    // cairo leaves out what has no colour at all. Of this one every pixel stays what it is.
    void write_unseen(std::string_view text, const Rect& box) override {
        Typefaces& faces = Typefaces::of_this_thread();
        constexpr float kTried = 100;
        const float width = faces.width(text, kTried, Face::text);
        if (width <= 0 || box.w <= 0 || box.h <= 0) return;
        const CairoSaved saved(*this);
        const double x_scale = box.w / width, y_scale = std::min<double>(x_scale, box.h / kTried);
        cairo_translate(*this, box.x, box.y + (box.h - kTried * y_scale) / 2);
        cairo_scale(*this, x_scale, y_scale);
        set_colour(*this, {128, 128, 128, 1});
        show(text, {0, faces.baseline(kTried, Face::text)}, kTried, Face::text);
    }

private:
    void show(std::string_view unsound, Point start, float size, Face face) {
        const std::string text = sound_text(unsound);
        Typefaces& faces = Typefaces::of_this_thread();
        const std::vector<PlacedGlyph> placed = faces.place(text, size, face);
        const char* from = text.data();
        for (std::size_t i = 0; i < placed.size();) {
            const FontId font = placed[i].font;
            std::vector<cairo_glyph_t> glyphs;
            std::vector<cairo_text_cluster_t> clusters;
            int bytes = 0;
            for (; i < placed.size() && placed[i].font == font; ++i) {
                glyphs.push_back({placed[i].index, static_cast<double>(start.x + placed[i].x), start.y});
                clusters.push_back({placed[i].bytes, 1});
                bytes += placed[i].bytes;
            }
            cairo_set_font_face(*this, PdfFonts::face(font));
            cairo_set_font_size(*this, faces.em(size, font));
            const int count = static_cast<int>(glyphs.size());
            cairo_show_text_glyphs(*this, from, bytes, glyphs.data(), count, clusters.data(), count, {});
            from += bytes;
        }
    }
};

struct Output {
    std::string bytes;
    std::stop_token stopped;
};

// cairo keeps the page until its end and writes it then: that takes longer than the painting, and ends at an error.
cairo_status_t append(void* to, const unsigned char* data, unsigned int count) {
    auto& output = *static_cast<Output*>(to);
    if (output.stopped.stop_requested()) return CAIRO_STATUS_WRITE_ERROR;
    output.bytes.append(reinterpret_cast<const char*>(data), count);
    return CAIRO_STATUS_SUCCESS;
}

}  // namespace

std::optional<std::string> pdf_of(const Scene& scene, TextAs text, const Progress& progress) {
    Output output{{}, progress.stopped};
    const CairoSurface surface(cairo_pdf_surface_create_for_stream(append, &output, scene.width * kPointsPerPixel,
                                                                   scene.height * kPointsPerPixel));
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, "");
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATOR, "Convlens");
    const CairoContext context(cairo_create(surface.get()));
    cairo_scale(context.get(), kPointsPerPixel, kPointsPerPixel);
    if (scene.background.a > 0) {
        set_colour(context.get(), scene.background);
        cairo_paint(context.get());
    }
    Paper outlines(context.get(), progress.stopped);
    SelectablePdfPaper selectable(context.get(), progress.stopped);
    Paper& paper = text == TextAs::selectable ? selectable : outlines;
    paint_marks(paper, scene);
    cairo_surface_finish(surface.get());
    if (progress.is_stopped()) return std::nullopt;
    for (const cairo_status_t status : {cairo_status(context.get()), cairo_surface_status(surface.get())})
        if (status == CAIRO_STATUS_NO_MEMORY)
            throw std::bad_alloc();
        else if (status != CAIRO_STATUS_SUCCESS)
            throw std::runtime_error(cairo_status_to_string(status));
    return std::move(output.bytes);
}

}  // namespace convlens
