#include "app/scene/build.h"

#include <algorithm>
#include <cmath>

#include "app/scene/pane.h"

namespace convlens {

namespace {

constexpr std::size_t kPanesShown = 3;

void add_title(Scene& scene, int pane, const std::string& title, const Rect& area, const Theme& theme,
               const SceneOptions& options) {
    const float size = std::round(options.text_size * 1.25F);
    scene.marks.push_back(TextMark{{Part::title, pane, 0, 0, -1},
                                   title,
                                   {area.x + area.w / 2, area.y},
                                   size,
                                   theme.text,
                                   Face::bold,
                                   Align::centre});
}

// The size formula with its numbers, above the planes: rows, and columns where they differ.
float add_formula(Scene& scene, int pane, const DerivedLayer& layer, const Rect& area, const Theme& theme,
                  const SceneOptions& options, const FontMetrics& fonts) {
    const Derivation& d = layer.size_h;
    Expr all = Expr::row({d.symbol, Expr::leaf(" = "), d.lines.front()});
    std::string latex = to_latex(all, latex_colour, &theme);
    for (std::size_t i = 1; i < d.lines.size(); ++i) latex += " = " + to_latex(d.lines[i], latex_colour, &theme);
    float size = options.text_size * 1.2F;
    FontMetrics::Box box = fonts.formula_box(latex, size);
    if (box.w > area.w) {  // the numbers alone
        latex = to_latex(d.symbol, latex_colour, &theme);
        for (std::size_t i = 1; i < d.lines.size(); ++i) latex += " = " + to_latex(d.lines[i], latex_colour, &theme);
        box = fonts.formula_box(latex, size);
    }
    if (box.w > area.w || box.w <= 0) return 0;
    scene.marks.push_back(FormulaMark{
        {Part::title, pane, 0, 0, -2}, latex, {std::round(area.x + (area.w - box.w) / 2), area.y}, size, theme.text});
    return box.h;
}

void add_pane(Scene& scene, const Derived& derived, int index, const Rect& area, const Playhead& playhead,
              const Theme& theme, const SceneOptions& options, const FontMetrics& fonts) {
    const Pane& pane = derived.document.panes[static_cast<std::size_t>(index)];
    const DerivedLayer& layer = *derived.layers[static_cast<std::size_t>(pane.layer)];
    Rect rest = area;
    const auto take_top = [&rest](float height) {
        rest.y += height;
        rest.h -= height;
    };
    if (options.titles && !pane.title.empty()) {
        add_title(scene, index, pane.title, rest, theme, options);
        take_top(std::round(options.text_size * 1.9F));
    }
    if (options.formula) {
        const float taken = add_formula(scene, index, layer, rest, theme, options, fonts);
        if (taken > 0) take_top(std::round(taken + options.text_size * 0.6F));
    }
    Rect sum{rest.x, rest.bottom(), rest.w, 0};
    if (options.sum_line) {
        sum.h = std::round(options.text_size * 1.7F);
        sum.y -= sum.h;
        rest.h -= sum.h + std::round(options.text_size * 0.4F);
    }
    const PaneScene view{derived, pane, index, layer, playhead, theme, options, fonts, rest, sum};
    if (layer.layer.spec.op == Op::conv_transpose && pane.reading == Reading::stamp) {
        add_stamp_pane(scene, view);
    } else {
        add_sliding_pane(scene, view);
    }
}

}  // namespace

Scene build_scene(const Derived& derived, const Playhead& playhead, const Theme& theme, const SceneOptions& options,
                  const FontMetrics& fonts) {
    Scene scene;
    scene.width = options.width;
    scene.height = options.height;
    scene.background = options.transparent ? Colour{0, 0, 0, 0} : theme.background;
    const std::size_t count = std::min(derived.document.panes.size(), kPanesShown);
    const float margin = std::round(options.text_size * 0.9F);
    const float width = std::floor((options.width - margin) / static_cast<float>(count)) - margin;
    for (std::size_t i = 0; i < count; ++i) {
        const float x = margin + static_cast<float>(i) * (width + margin);
        if (i > 0) {
            LineMark rule;
            rule.from = {std::round(x - margin / 2), margin};
            rule.to = {rule.from.x, options.height - margin};
            rule.colour = theme.line;
            scene.marks.push_back(rule);
        }
        add_pane(scene, derived, static_cast<int>(i), {x, margin, width, options.height - 2 * margin}, playhead, theme,
                 options, fonts);
    }
    return scene;
}

std::optional<Cell4> current_output(const Derived& derived, const Pane& pane, const Playhead& playhead,
                                    const std::optional<MarkId>& hover, int pane_index) {
    const DerivedLayer& layer = *derived.layers[static_cast<std::size_t>(pane.layer)];
    const Shape4 shape = layer.output.shape();
    if (hover && hover->pane == pane_index && (hover->part == Part::output || hover->part == Part::canvas)) {
        const bool inside = hover->y >= 0 && hover->x >= 0 && hover->y < shape.h && hover->x < shape.w;
        if (inside) return Cell4{pane.slice.n, pane.slice.c_out, hover->y, hover->x};
    }
    const Timeline timeline = pane_timeline(derived, pane);
    if (timeline.stamps) return std::nullopt;
    const TimelineStep step = step_at(timeline, std::clamp<std::int64_t>(playhead.step, 0, timeline.count()));
    if (step.before_first) return std::nullopt;
    return Cell4{pane.slice.n, pane.slice.c_out, step.cell.y, step.cell.x};
}

float step_weight(const Derived& derived, std::int64_t step) {
    if (step != 0) return 1;
    const bool turns = std::any_of(derived.document.panes.begin(), derived.document.panes.end(), [&](const Pane& pane) {
        const ConvSpec& spec = derived.layers[static_cast<std::size_t>(pane.layer)]->layer.spec;
        return spec.op == Op::conv && spec.flip_kernel;
    });
    return turns ? 3 : 1;
}

}  // namespace convlens
