#include "app/views/build.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/document/compare.h"
#include "app/views/cell_mark.h"
#include "app/views/pane.h"
#include "app/views/setting_line.h"
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

// Lower pages, in text heights, have what stands above the planes closer together.
constexpr float kLowPage = 26;

// What a whole picture is made from.
struct Making {
    const Derived& derived;
    const Playhead& playhead;
    const Theme& theme;
    const SceneOptions& options;
    const FontMetrics& fonts;
    Scatters& scatters;
    std::vector<Rect> areas{};  // of the panes
    bool titles = true;
    SettingPlan settings{};
    SumPlan sums{};
    int label_lines = 1;
};

// What stands above a pane's planes. Where the panes have no titles, the setting line begins with their number.
PaneSettings settings_of(const Making& making, std::size_t index) {
    const Document& document = making.derived.document;
    const bool numbered = document.panes.size() > 1 && !making.titles;
    return {*shown_layer(making.derived, document.panes[index]), numbered ? fmt::format("{}:", index + 1) : ""};
}

// Panes stand side by side, with a margin around each.
std::vector<Rect> pane_areas(const Document& document, const Page& page) {
    const std::size_t count = std::min(document.panes.size(), kMostPanes);
    const float margin = std::round(page.text_size * 0.9F);
    const float width = std::floor((page.width - margin) / static_cast<float>(count)) - margin;
    std::vector<Rect> areas;
    for (std::size_t i = 0; i < count; ++i)
        areas.push_back({margin + static_cast<float>(i) * (width + margin), margin, width, page.height - 2 * margin});
    return areas;
}

// A corner is left for the pane's cross by what stands at its top.
float top_width(const Making& making, float width) {
    const bool several = making.areas.size() > 1;
    return several && !making.titles ? width - 4 * making.options.page.text_size : width;
}

// What all panes have alike: whether there are titles, and how their settings are written.
void plan_tops(Making& making) {
    const auto& [derived, playhead, theme, options, fonts, scatters, areas, titles, settings, sums, label_lines] =
        making;
    std::vector<PaneSettings> all;
    making.titles = false;
    for (std::size_t i = 0; i < areas.size(); ++i)
        making.titles |= options.shown.titles && has_heading(derived.document, i);
    if (options.shown.sum_line) {
        std::vector<Moment> moments;
        for (std::size_t i = 0; i < areas.size(); ++i) {
            Moment moment = moment_of(derived, static_cast<int>(i), {}, std::nullopt);
            if (seen_view(moment.pane, *moment.layer).view->name == kPlanesView) moments.push_back(std::move(moment));
        }
        making.sums = plan_sums(moments, areas.front(), options.page, fonts);
    }
    if (!options.shown.settings) return;
    for (std::size_t i = 0; i < areas.size(); ++i) all.push_back(settings_of(making, i));
    Rect room = areas.front();
    room.w = top_width(making, room.w);
    making.settings = plan_setting_lines(all, room, options.page, fonts);
}

// Title and settings go to the top of the pane's area, the sum below the planes. Returns Layout::rows.
int add_pane(Scene& scene, const Making& making, int index, const Rect& area) {
    const auto& [derived, playhead, theme, options, fonts, scatters, areas, titles, settings, sums, label_lines] =
        making;
    const Page& page = options.page;
    const Moment moment = moment_of(derived, index, playhead, cell_of(derived.document, options.hover));
    const DerivedLayer& layer = *moment.layer;
    Rect rest = area;
    const auto take_top = [&rest](float height) {
        rest.y += height;
        rest.h -= height;
    };
    if (titles) {
        const std::string title = in(page.lang, pane_heading(derived.document, static_cast<std::size_t>(index)));
        if (!title.empty()) add_title(scene, index, title, rest, theme, page, fonts);
        const bool low = area.h < kLowPage * page.text_size;
        take_top(std::round(page.text_size * (low ? 1.6F : 1.9F)));
    }
    if (settings.size > 0) {
        const Rect top{rest.x + (rest.w - top_width(making, rest.w)) / 2, rest.y, top_width(making, rest.w), rest.h};
        add_setting_line(scene, index, settings_of(making, static_cast<std::size_t>(index)), settings, top, theme, page,
                         fonts);
        take_top(settings.height);
    }
    const SeenView seen = seen_view(moment.pane, layer);
    if (!seen.note.empty()) take_top(add_note(scene, index, in(page.lang, seen.note), rest, theme, page, fonts));
    Rect sum{rest.x, rest.bottom(), rest.w, 0};
    if (options.shown.sum_line) {
        sum.h = sums.height;
        sum.y -= sum.h;
        rest.h -= sum.h;
    }
    ShownParts shown = options.shown;
    shown.anchor |= compares_anchors(derived);
    const PaneScene view{moment, moment.pane,    index, layer, scatters, theme,       fonts,
                         page,   options.camera, shown, rest,  sum,      label_lines, sums};
    const std::size_t begin = scene.marks.size();
    const int lines = seen.view->add(scene, view);
    fade_what_goes(scene, begin, view);
    return lines;
}

// Panes whose planes stand as rows have them at one height: the least and the most lines of labels among them.
struct LabelLines {
    int least = 3, most = 0;
};

LabelLines add_panes(Scene& scene, const Making& making) {
    const Page& page = making.options.page;
    const std::size_t count = making.areas.size();
    LabelLines found;
    for (std::size_t i = 0; i < count; ++i) {
        const Rect& area = making.areas[i];
        const float margin = area.y, x = area.x, width = area.w;
        if (i > 0) {
            LineMark rule;
            rule.from = {std::round(x - margin / 2), margin};
            rule.to = {rule.from.x, page.height - margin};
            rule.colour = making.theme.line;
            scene.marks.push_back(rule);
        }
        const std::size_t begin = scene.marks.size();
        const int lines = add_pane(scene, making, static_cast<int>(i), area);
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
    making.areas = pane_areas(derived.document, options.page);
    plan_tops(making);
    Scene scene = empty_scene(options.page, theme);
    const LabelLines lines = add_panes(scene, making);
    if (lines.most <= lines.least) return scene;
    making.label_lines = lines.most;  // drawn anew, so that the rows of all panes stand at one height
    scene = empty_scene(options.page, theme);
    add_panes(scene, making);
    return scene;
}

}  // namespace convlens
