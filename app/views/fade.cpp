// Between two steps: what is of the place that the window leaves goes before the window comes elsewhere.
#include <algorithm>

#include "app/views/pane.h"

namespace convlens {

namespace {

constexpr float kGone = 0.3F;  // of the way

// A window on its way: stamps show by themselves where they go, and one product after the other stays in its window.
bool moves(const PaneScene& scene) {
    const Moment& m = scene.moment;
    return !m.stamps() && m.has_window() && m.out && !m.borrowed && !m.step.before_first && !m.next.before_first &&
           m.next.cell != *m.out;
}

Colour fainter(Colour colour, float share) { return colour.with_alpha(static_cast<float>(colour.a) / 255 * share); }

void fade_wedge(PolygonMark& line, float share) {
    line.fill = fainter(line.fill, share);
    line.stroke = fainter(line.stroke, share);
}

}  // namespace

void fade_what_goes(Scene& out, std::size_t begin, const PaneScene& scene) {
    const float seen = 1 - std::min(scene.glide() / kGone, 1.0F);
    if (seen >= 1 || !moves(scene)) return;
    for (std::size_t i = begin; i < out.marks.size(); ++i) {
        Mark& mark = out.marks[i];
        if (auto* plane = std::get_if<GridMark>(&mark))
            for (PolygonMark& line : plane->beneath) fade_wedge(line, seen);
        if (auto* line = std::get_if<PolygonMark>(&mark); line != nullptr && line->id.part == Part::wedge)
            fade_wedge(*line, seen);
        if (auto* grid = std::get_if<GridMark>(&mark);
            grid != nullptr && (grid->id.part == Part::products || grid->id.part == Part::sum)) {
            for (Colour& fill : grid->fill) fill = fainter(fill, seen);
            for (GridText& number : grid->texts) number.colour = fainter(number.colour, seen);
        } else if (auto* text = std::get_if<TextMark>(&mark); text != nullptr && text->id.part == Part::sum) {
            text->colour = fainter(text->colour, seen);
        } else if (auto* rect = std::get_if<RectMark>(&mark);
                   rect != nullptr && (rect->id.part == Part::output || rect->id.part == Part::sum)) {
            if (rect->stroke == scene.theme.reading) rect->stroke = fainter(rect->stroke, seen);
        }
    }
}

}  // namespace convlens
