#include "app/views/build.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "app/document/compare.h"
#include "app/views/cell_mark.h"
#include "app/views/pane.h"
#include "app/views/views.h"
#include "app/views/wrapped_text.h"
#include "app/words/words.h"

namespace convlens {

namespace {

void add_title(Scene& scene, int pane, const std::string& title, const Rect& area, const Theme& theme, const Page& page,
               const FontMetrics& fonts) {
    const float whole = std::round(page.text_size * 1.25F), least = page.text_size;
    const float room = area.w - 4 * page.text_size;  // a corner is left for the pane's cross
    const float width = fonts.text_width(title, whole, Face::bold);
    const float size = std::clamp(std::floor(whole * room / std::max(width, 1.0F)), least, whole);
    scene.marks.push_back(TextMark{{Part::title, pane, 0, 0, -1},
                                   fitting(title, size, room, Face::bold, fonts),
                                   {area.x + area.w / 2, area.y + std::round((whole - size) / 2)},
                                   size,
                                   theme.text,
                                   Face::bold,
                                   Align::centre});
}

// Why the pane is not drawn as it asks to be. Returns the height that it takes.
float add_note(Scene& scene, int pane, const std::string& note, const Rect& area, const Theme& theme, const Page& page,
               const FontMetrics& fonts) {
    constexpr std::size_t kMostLines = 3;
    const float size = page.text_size;
    const std::vector<std::string> lines = lines_of(note, area.w, kMostLines, size, fonts);
    return add_lines(scene, {Part::title, pane, 0, 0, -3}, lines, area, size, theme.problem) + std::round(size * 0.4F);
}

struct SizedFormula {
    std::string latex;
    FontMetrics::Box box;
};

// The size formula of an axis with its numbers, or where that is too wide the numbers alone.
SizedFormula formula_of(const Derivation& d, float most, float size, const Theme& theme, const FontMetrics& fonts) {
    std::string numbers;
    for (std::size_t i = 1; i < d.lines.size(); ++i) numbers += " = " + to_latex(d.lines[i], latex_colour, &theme);
    const Expr whole = Expr::row({d.symbol, Expr::leaf(" = "), d.lines.front()});
    SizedFormula formula{to_latex(whole, latex_colour, &theme) + numbers, {}};
    formula.box = fonts.formula_box(formula.latex, size);
    if (formula.box.w <= most) return formula;
    formula.latex = to_latex(d.symbol, latex_colour, &theme) + numbers;
    formula.box = fonts.formula_box(formula.latex, size);
    return formula;
}

// Whether the two axes of a size are counted from the same numbers.
bool same_numbers(const Derivation& a, const Derivation& b) {
    const auto numbers = [](const Derivation& d) { return std::span(d.lines).subspan(1); };  // behind the symbols
    return std::ranges::equal(numbers(a), numbers(b),
                              [](const Expr& x, const Expr& y) { return to_text(x) == to_text(y); });
}

// The size formula with its numbers, above the planes: rows, and below it columns where they differ.
float add_formula(Scene& scene, int pane, const DerivedLayer& layer, const Rect& area, const Theme& theme,
                  const Page& page, const FontMetrics& fonts) {
    const bool row = layer.h.input == 1 && layer.h.output == 1;  // a 1-D layer: nothing to tell of its height
    std::vector<const Derivation*> axes{row ? &layer.size_w : &layer.size_h};
    if (!row && !same_numbers(layer.size_h, layer.size_w)) axes.push_back(&layer.size_w);
    const float size = page.text_size * 1.2F;
    float height = 0;
    for (const Derivation* axis : axes) {
        const SizedFormula formula = formula_of(*axis, area.w, size, theme, fonts);
        if (formula.box.w > area.w || formula.box.w <= 0) continue;
        const float gap = height > 0 ? std::round(size * 0.3F) : 0;
        const Point at{std::round(area.x + (area.w - formula.box.w) / 2), area.y + height + gap};
        scene.marks.push_back(FormulaMark{{Part::title, pane, 0, 0, -2}, formula.latex, at, size, theme.text});
        height += gap + formula.box.h;
    }
    return height;
}

// What a whole picture is made from.
struct Making {
    const Derived& derived;
    const Playhead& playhead;
    const Theme& theme;
    const SceneOptions& options;
    const FontMetrics& fonts;
    Scatters& scatters;
    int label_lines = 1;
};

// Title and size formula go to the top of the pane's area, the sum below the planes. Returns Layout::rows.
int add_pane(Scene& scene, const Making& making, int index, const Rect& area) {
    const auto& [derived, playhead, theme, options, fonts, scatters, label_lines] = making;
    const Page& page = options.page;
    const Moment moment = moment_of(derived, index, playhead, cell_of(derived.document, options.hover));
    const DerivedLayer& layer = *moment.layer;
    Rect rest = area;
    const auto take_top = [&rest](float height) {
        rest.y += height;
        rest.h -= height;
    };
    const std::string title = in(page.lang, pane_title(derived.document, static_cast<std::size_t>(index)));
    if (options.shown.titles && !title.empty()) {
        add_title(scene, index, title, rest, theme, page, fonts);
        take_top(std::round(page.text_size * 1.9F));
    }
    const SeenView seen = seen_view(moment.pane, layer);
    if (!seen.note.empty()) take_top(add_note(scene, index, in(page.lang, seen.note), rest, theme, page, fonts));
    if (options.shown.formula) {
        const float taken = add_formula(scene, index, layer, rest, theme, page, fonts);
        if (taken > 0) take_top(std::round(taken + page.text_size * 0.6F));
    }
    Rect sum{rest.x, rest.bottom(), rest.w, 0};
    if (options.shown.sum_line) {
        sum.h = std::round(page.text_size * 1.7F);
        sum.y -= sum.h;
        rest.h -= sum.h + std::round(page.text_size * 0.4F);
    }
    const PaneScene view{moment, moment.pane,    index,         layer, scatters, theme,      fonts,
                         page,   options.camera, options.shown, rest,  sum,      label_lines};
    return seen.view->add(scene, view);
}

// Panes whose planes stand as rows have them at one height: the least and the most lines of labels among them.
struct LabelLines {
    int least = 3, most = 0;
};

LabelLines add_panes(Scene& scene, const Making& making) {
    const Page& page = making.options.page;
    const std::size_t count = std::min(making.derived.document.panes.size(), kMostPanes);
    const float margin = std::round(page.text_size * 0.9F);
    const float width = std::floor((page.width - margin) / static_cast<float>(count)) - margin;
    LabelLines found;
    for (std::size_t i = 0; i < count; ++i) {
        const float x = margin + static_cast<float>(i) * (width + margin);
        if (i > 0) {
            LineMark rule;
            rule.from = {std::round(x - margin / 2), margin};
            rule.to = {rule.from.x, page.height - margin};
            rule.colour = making.theme.line;
            scene.marks.push_back(rule);
        }
        const std::size_t begin = scene.marks.size();
        const int lines = add_pane(scene, making, static_cast<int>(i), {x, margin, width, page.height - 2 * margin});
        // From rule to rule, and to the edges of the picture.
        const float left = i == 0 ? 0 : std::round(x - margin / 2);
        const float right = i + 1 == count ? page.width : std::round(x + width + margin / 2);
        scene.clips.push_back({begin, scene.marks.size(), {left, 0, right - left, page.height}});
        if (lines == 0) continue;
        found.most = std::max(found.most, lines);
        found.least = std::min(found.least, lines);
    }
    return found;
}

Scene empty_scene(const Page& page, const Theme& theme) {
    Scene scene;
    scene.width = page.width;
    scene.height = page.height;
    scene.background = page.transparent ? Colour{0, 0, 0, 0} : theme.background;
    return scene;
}

}  // namespace

Scene build_scene(const Derived& derived, const Playhead& playhead, const Theme& theme, const SceneOptions& options,
                  const FontMetrics& fonts, Scatters* kept) {
    Scatters own;
    Making making{derived, playhead, theme, options, fonts, kept != nullptr ? *kept : own};
    Scene scene = empty_scene(options.page, theme);
    const LabelLines lines = add_panes(scene, making);
    if (lines.most <= lines.least) return scene;
    making.label_lines = lines.most;  // drawn anew, so that the rows of all panes stand at one height
    scene = empty_scene(options.page, theme);
    add_panes(scene, making);
    return scene;
}

}  // namespace convlens
