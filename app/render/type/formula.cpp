#include "app/render/type/formula.h"

#include <algorithm>
#include <exception>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "box/box.h"
#include "core/formula.h"
#include "env/env.h"
#include "microtex.h"

#include "app/render/cairo/cairo_handle.h"
#include "app/render/cairo/painter.h"
#include "app/render/type/latex_check.h"
#include "app/render/type/latex_text.h"
#include "app/render/type/microtex_cairo.h"
#include "app/render/type/typeface.h"
#include "convlens_assets.h"

namespace convlens {

namespace {

// A formula laid out, or the reason why it is not one.
struct Typeset {
    microtex::sptr<microtex::Box> box;
    float scale = 1;  // pixels per unit of the box
    std::string error;
    Rect frame;  // what it covers, relative to the layout's top left corner
};

constexpr std::size_t kErrorLetters = 90;
constexpr std::size_t kKept = 512;              // formulas
constexpr float kErrorSize = 0.9F;              // of the formula's size
constexpr Colour kErrorColour = rgb(0xD9363E);  // reads on the light and on the dark ground

// LaTeX's \textcolor keeps to the mode it stands in; MicroTeX's sets its argument as text, and H_i with an underscore.
// The one that is meant is called \fgcolor there.
std::string in_their_words(std::string_view latex) {
    constexpr std::string_view ours = "\\textcolor";
    std::string result;
    for (std::size_t at = latex.find(ours); at != std::string_view::npos; at = latex.find(ours)) {
        result.append(latex.substr(0, at)).append("\\fgcolor");
        latex.remove_prefix(at + ours.size());
    }
    return result.append(latex);
}

std::string shortened(std::string_view reason) {
    std::string line;
    std::size_t letters = 0;
    for (std::string_view rest = reason; !rest.empty();) {
        const std::string_view before = rest;
        const char32_t character = take_character(rest);
        if (++letters > kErrorLetters) return line + "…";
        if (character == U'\n')
            line += ' ';
        else
            line += before.substr(0, before.size() - rest.size());
    }
    return line;
}

// MicroTeX and what it has laid out lately. All of MicroTeX is one state, so all of it happens under one lock.
class Typesetter {
public:
    static Typesetter& one() {
        static Typesetter typesetter;
        return typesetter;
    }

    FontMetrics::Box measure(std::string_view latex, float size) {
        const std::lock_guard lock(mutex_);
        const Rect& frame = typeset(latex, size).frame;
        return {frame.w, frame.h};
    }

    // Returns the box that was filled.
    FontMetrics::Box paint(Paper& paper, std::string_view latex, Point at, float size, Colour colour) {
        const std::lock_guard lock(mutex_);
        const Typeset& formula = typeset(latex, size);
        const CairoSaved saved(paper);
        cairo_translate(paper, at.x - formula.frame.x, at.y - formula.frame.y);
        if (colour.a == 255) {
            draw(paper, formula, size, colour);
        } else {  // parts with a colour of their own fade with the rest
            paper.fade(colour.a / 255.0, [&] { draw(paper, formula, size, colour.with_alpha(1)); });
        }
        return {formula.frame.w, formula.frame.h};
    }

private:
    Typesetter() {
        microtex::PlatformFactory::registerFactory("convlens", std::make_unique<MicrotexFallback>());
        microtex::PlatformFactory::activate("convlens");
        const std::string_view font = assets::math_font();
        const microtex::FontSrcData source(font.size(), reinterpret_cast<const microtex::u8*>(font.data()));
        math_font_ = microtex::MicroTeX::init(source).name;
    }

    const Typeset& typeset(std::string_view latex, float size) {
        std::pair<std::string, float> key(latex, size);
        const auto known = kept_.find(key);
        if (known != kept_.end()) return known->second;
        if (kept_.size() >= kKept) kept_.clear();
        Typeset formula = lay_out(key.first, size);
        formula.frame = frame_of(formula, size);
        return kept_.emplace(std::move(key), std::move(formula)).first->second;
    }

    Typeset lay_out(const std::string& latex, float size) const {
        Typeset result;
        if (const auto problem = latex_problem(latex)) {
            result.error = *problem;
            return result;
        }
        try {
            microtex::Formula formula(in_their_words(latex));
            const auto fonts = std::make_shared<microtex::FontContext>();
            fonts->selectMathFont(math_font_);
            microtex::Env env(microtex::TexStyle::display, fonts, size);
            result.box = formula.createBox(env);
            result.scale = size / microtex::Env::fixedTextSize();
        } catch (const std::exception& problem) {  // also std::out_of_range and the like, from inside the parser
            result.error = shortened(problem.what());
        }
        return result;
    }

    static void draw(Paper& paper, const Typeset& formula, float size, Colour colour) {
        if (!formula.box) {
            const float height = size * kErrorSize;
            const float baseline = Typefaces::of_this_thread().baseline(height, Face::mono);
            return paper.write({formula.error, {0, baseline}, height, Face::mono, kErrorColour, Align::left});
        }
        MicrotexCairo graphics(paper);
        graphics.setColor(microtex::argb(255, colour.r, colour.g, colour.b));
        graphics.scale(formula.scale, formula.scale);
        formula.box->draw(graphics, 0, formula.box->_height);
    }

    // Slanted letters and large operators reach over their boxes; whoever leaves room for the formula wants it all.
    static Rect frame_of(const Typeset& formula, float size) {
        Rect frame;
        if (formula.box) {
            frame.w = formula.box->_width * formula.scale;
            frame.h = formula.box->vlen() * formula.scale;
        } else {
            frame.h = size * kErrorSize;
            frame.w = Typefaces::of_this_thread().width(formula.error, frame.h, Face::mono);
        }
        constexpr double fine = 64;  // cairo tells ink in whole units
        const CairoSurface recording(cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, nullptr));
        const CairoContext context(cairo_create(recording.get()));
        Paper paper(context.get());
        cairo_scale(paper, fine, fine);
        draw(paper, formula, size, rgb(0));
        double x = 0;
        double y = 0;
        double w = 0;
        double h = 0;
        cairo_recording_surface_ink_extents(recording.get(), &x, &y, &w, &h);
        if (w <= 0 || h <= 0) return frame;
        const auto right = std::max(frame.w, static_cast<float>((x + w) / fine));
        const auto bottom = std::max(frame.h, static_cast<float>((y + h) / fine));
        frame.x = std::min(0.0F, static_cast<float>(x / fine));
        frame.y = std::min(0.0F, static_cast<float>(y / fine));
        frame.w = right - frame.x;
        frame.h = bottom - frame.y;
        return frame;
    }

    std::mutex mutex_;
    std::string math_font_;
    std::map<std::pair<std::string, float>, Typeset> kept_;
};

}  // namespace

FontMetrics::Box measure_formula(std::string_view latex, float size) { return Typesetter::one().measure(latex, size); }

void paint_formula(Paper& paper, std::string_view latex, Point at, float size, Colour colour) {
    const FontMetrics::Box box = Typesetter::one().paint(paper, latex, at, size, colour);
    if (paper.holds_text()) paper.write_unseen(latex_text(latex), {at.x, at.y, box.w, box.h});
}

}  // namespace convlens
