// What MicroTeX asks of a drawing surface, answered by a Paper.
#pragma once

#include <cairo.h>

#include "graphic/graphic.h"

#include "app/render/cairo/paper.h"

namespace convlens {

// Draws on a paper from its present matrix on. Horizontal rules (fraction bars) are fitted to whole pixels where the
// target has pixels.
class MicrotexCairo final : public microtex::Graphics2D {
public:
    explicit MicrotexCairo(Paper& paper);

    void setColor(microtex::color colour) override;
    microtex::color getColor() const override { return colour_; }
    void setStroke(const microtex::Stroke& stroke) override;
    const microtex::Stroke& getStroke() const override { return stroke_; }
    void setStrokeWidth(float width) override;
    void setDash(const std::vector<float>& dash) override;
    std::vector<float> getDash() override { return dash_; }

    // Glyphs come as paths: there is no font to set.
    microtex::sptr<microtex::Font> getFont() const override { return nullptr; }
    void setFont(const microtex::sptr<microtex::Font>&) override {}
    float getFontSize() const override { return font_size_; }
    void setFontSize(float size) override { font_size_ = size; }
    void drawGlyph(microtex::u16, float, float) override {}

    void translate(float dx, float dy) override;
    void scale(float sx, float sy) override;
    void rotate(float angle) override;
    void rotate(float angle, float px, float py) override;
    void reset() override;
    float sx() const override { return sx_; }
    float sy() const override { return sy_; }

    bool beginPath(microtex::i32 id) override;
    void moveTo(float x, float y) override;
    void lineTo(float x, float y) override;
    void cubicTo(float x1, float y1, float x2, float y2, float x3, float y3) override;
    void quadTo(float x1, float y1, float x2, float y2) override;
    void closePath() override;
    void fillPath(microtex::i32 id) override;

    void drawLine(float x1, float y1, float x2, float y2) override;
    void drawRect(float x, float y, float w, float h) override;
    void fillRect(float x, float y, float w, float h) override;
    void drawRoundRect(float x, float y, float w, float h, float rx, float ry) override;
    void fillRoundRect(float x, float y, float w, float h, float rx, float ry) override;

    Paper& paper() const { return paper_; }

private:
    bool draw_rule(float x1, float x2, float y);

    Paper& paper_;
    cairo_matrix_t origin_;
    microtex::color colour_ = microtex::black;
    microtex::Stroke stroke_;
    std::vector<float> dash_;
    float font_size_ = 1;
    float sx_ = 1, sy_ = 1;
};

// Lays out, in the program's own faces, what the math font has no glyphs for. Registered once, before MicroTeX starts.
class MicrotexFallback final : public microtex::PlatformFactory {
public:
    microtex::sptr<microtex::Font> createFont(const std::string&) override { return nullptr; }
    microtex::sptr<microtex::TextLayout> createTextLayout(const std::string& text, microtex::FontStyle style,
                                                          float size) override;
};

}  // namespace convlens
