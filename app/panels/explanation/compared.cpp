#include "app/panels/explanation/compared.h"
#include "app/session/playback.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "app/document/chain.h"
#include "app/session/settings.h"
#include "app/views/cell_mark.h"
#include "app/views/difference.h"

namespace convlens {

namespace {

ComparedLayer compared(const DerivedLayer& layer) { return {layer.layer.spec, layer.data(), layer.output.view()}; }

int pane_count(const PanelContext& context) {
    return static_cast<int>(std::min(context.derived.document.panes.size(), kMostPanes));
}

// One headline of the line: of two panes no number is needed, of three "1 and 2: ".
struct Headline {
    ComparedPanes sides;
    std::string text;
    std::optional<Cell4> at;
};

std::vector<Headline> headlines(const PanelContext& context, bool brief) {
    std::vector<Headline> all;
    const int count = pane_count(context);
    for (int a = 0; a < count; ++a) {
        for (int b = a + 1; b < count; ++b) {
            if (!is_compared(context, a, b)) continue;
            const ComparedPanes sides{context, a, b};
            const ShownComparison& shown = comparison_of(sides);
            const CellDifference* cell = shown.cell && !brief ? &*shown.cell : nullptr;
            const Message headline = difference_headline(shown.difference, cell);
            all.push_back({sides,
                           context.words(count == 2 ? headline
                                                    : msg("{first} and {second}: {difference}", "first"_is(a + 1),
                                                          "second"_is(b + 1), "difference"_is(headline))),
                           shown.difference.at});
        }
    }
    return all;
}

float width_of(const std::vector<Headline>& all) {
    float width = 0;
    for (const Headline& one : all) width += button_width(one.text.c_str());
    return width;
}

}  // namespace

bool is_compared(const PanelContext& context, int a, int b) {
    const Document& document = context.derived.document;
    const int first = document.panes[static_cast<std::size_t>(a)].layer;
    const int second = document.panes[static_cast<std::size_t>(b)].layer;
    return !follows(document, first, second) && !follows(document, second, first);
}

const ShownComparison& comparison_of(const ComparedPanes& sides) {
    const auto at = static_cast<std::size_t>(sides.first + sides.second - 1);
    ShownComparison& shown = sides.context.ui.panels.explanation.comparisons.at(at);
    const auto& first = sides.layer(sides.first);
    const auto& second = sides.layer(sides.second);
    if (shown.first == first && shown.second == second) return shown;
    const ComparedLayer a = compared(*first), b = compared(*second);
    shown = {first, second, compare_outputs(a, b), {}};
    if (shown.difference.cells > 0) shown.cell = explain_cell(a, b, shown.difference.at.value_or(Cell4{}));
    return shown;
}

MarkId compared_output(const ComparedPanes& sides, int index, std::int64_t y, std::int64_t x) {
    const Pane& pane = sides.pane(index);
    return mark_of({index, output_cell(pane, y, x)});
}

void show_cell(const ComparedPanes& sides, const Cell4& cell) {
    UiState& ui = sides.context.ui;
    const int current = ui.pane == sides.second ? sides.second : sides.first;
    const PaneCell shown{current, output_cell(sides.pane(current), cell.y, cell.x)};
    if (const auto step = step_of_cell(sides.context.derived, shown)) go_to_step(ui, sides.context.derived, *step);
    MarkId id = compared_output(sides, current, cell.y, cell.x);
    id.n = cell.n;
    id.c = cell.c;
    ui.pinned = id;
    const auto looks_away = [&](int index) {
        const Slice& slice = sides.pane(index).slice;
        return slice.n != cell.n || slice.c_out != cell.c;
    };
    if (!looks_away(sides.first) && !looks_away(sides.second)) return;
    ui.edit(msg("look at the cell that differs"), {}, [cell, first = sides.first, second = sides.second](Document& d) {
        for (const int index : {first, second}) {
            d.panes[static_cast<std::size_t>(index)].slice.n = cell.n;
            d.panes[static_cast<std::size_t>(index)].slice.c_out = cell.c;
        }
    });
}

bool has_compared_line(const PanelContext& context) {
    const UiState& ui = context.ui;
    bool any = false;
    for (int a = 0; a < pane_count(context); ++a)
        for (int b = a + 1; b < pane_count(context); ++b) any = any || is_compared(context, a, b);
    return any && (ui.panels_hidden || ui.presenter || is_closed(ui.settings, "Explanation"));
}

float compared_line_height() { return std::round(ImGui::GetFrameHeight() * 1.15F); }

void draw_compared_line(const PanelContext& context, float left, float top, float width) {
    std::vector<Headline> all = headlines(context, false);
    const float between = context.text_size * 1.5F * static_cast<float>(all.size() + 1);
    if (width_of(all) + between > width) all = headlines(context, true);
    const float gap = std::max(0.0F, (width - width_of(all)) / static_cast<float>(all.size() + 1));
    float x = left + gap;
    ImGui::PushID("compared line");
    ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 0);
    ImGui::PushStyleColor(ImGuiCol_Button, ImVec4(0, 0, 0, 0));
    for (std::size_t i = 0; i < all.size(); ++i) {
        ImGui::SetCursorScreenPos({std::round(x), std::round(top)});
        const bool pressed = ImGui::Button(fmt::format("{}###{}", all[i].text, i).c_str());
        if (all[i].at) tip(context, msg("Click to go to the first cell that differs, in both panes."));
        if (pressed && all[i].at) show_cell(all[i].sides, *all[i].at);
        x += button_width(all[i].text.c_str()) + gap;
    }
    ImGui::PopStyleColor();
    ImGui::PopStyleVar();
    ImGui::PopID();
}

}  // namespace convlens
