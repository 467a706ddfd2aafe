#include "app/render/type/fonts.h"

#include "app/render/type/formula.h"
#include "app/render/type/typeface.h"

namespace convlens {

namespace {

class FreeTypeMetrics final : public FontMetrics {
public:
    float text_width(std::string_view text, float size, Face face) const override {
        return Typefaces::of_this_thread().width(text, size, face);
    }
    Box formula_box(std::string_view latex, float size) const override { return measure_formula(latex, size); }
};

}  // namespace

std::unique_ptr<FontMetrics> make_font_metrics() { return std::make_unique<FreeTypeMetrics>(); }

float text_baseline(float size, Face face) { return Typefaces::of_this_thread().baseline(size, face); }

float digit_height(float size, Face face) { return Typefaces::of_this_thread().digit_height(size, face); }

}  // namespace convlens
