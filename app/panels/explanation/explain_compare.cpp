// Compared: this pane's output against another's. Where they differ, and why the first cell that does.
#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "app/document/chain.h"
#include "app/moment/padding_words.h"
#include "app/panels/explanation/compared.h"
#include "app/panels/explanation/explain.h"
#include "app/views/difference.h"
#include "core/text/number.h"

namespace convlens {

namespace {

// The panes that the current one is compared with.
std::vector<int> other_panes(const PanelContext& context, int current) {
    std::vector<int> others;
    const int count = static_cast<int>(context.derived.document.panes.size());
    for (int i = 1; i < count; ++i) {
        const int other = (current + i) % count;
        if (is_compared(context, current, other)) others.push_back(other);
    }
    return others;
}

ComparedPanes sides_of(const ExplainView& view, const std::vector<int>& others) {
    const int current = view.moment.pane_index, wanted = view.context.ui.panels.explanation.compared_with;
    const int other = std::ranges::find(others, wanted) != others.end() ? wanted : others.front();
    return {view.context, std::min(current, other), std::max(current, other)};
}

// "1: xcorr2 against 2: conv2"; of three, a choice which the current one stands against.
void draw_against(const ComparedPanes& sides) {
    const PanelContext& context = sides.context;
    const int current = context.ui.pane;
    heading(context, "Compared");
    std::vector<int> others = other_panes(context, current);
    std::ranges::sort(others);
    if (others.size() > 1) {
        ImGui::AlignTextToFramePadding();
        ImGui::TextUnformatted("the current pane with");
        ImGui::SameLine();
        ImGui::SetNextItemWidth(-1);
        const int other = sides.first == current ? sides.second : sides.first;
        if (ImGui::BeginCombo("##against", sides.title(other).c_str())) {
            for (const int i : others) {
                const std::string label = fmt::format("{}##{}", sides.title(i), i);
                if (ImGui::Selectable(label.c_str(), i == other)) context.ui.panels.explanation.compared_with = i;
            }
            ImGui::EndCombo();
        }
    }
    wrapped(fmt::format("{} vs {}", sides.title(sides.first), sides.title(sides.second)), context.theme.text);
}

// What both are made of, and whether an edit of it goes to both.
void draw_shared(const ComparedPanes& sides) {
    const PanelContext& context = sides.context;
    const Layer &first = sides.layer(sides.first)->layer, &second = sides.layer(sides.second)->layer;
    const SharedTensors shared = shared_tensors(first, second);
    std::string what;
    if (shared.input && own_input(first)) what = "input";  // one that is computed is not edited
    if (shared.weight) what += what.empty() ? "weights" : " and weights";
    if (what.empty()) {
        const bool weights = !is_pooling(first.spec.op) && !is_pooling(second.spec.op);
        if (shared.input)
            return wrapped(
                fmt::format("Both read the output of {}{}.", layer_title(context.document, *source_of(first)),
                            weights ? "; their weights differ" : ""),
                context.theme.faint);
        return wrapped(weights ? "Input and weights both differ." : "Their inputs differ.", context.theme.faint);
    }
    bool together = context.document.edit_together;
    const char* panes = context.document.panes.size() > 2 ? "all" : "both";
    if (ImGui::Checkbox(fmt::format("edit the {} of {} panes at once###together", what, panes).c_str(), &together))
        context.ui.edit(together ? "edit together" : "edit apart", {},
                        [together](Document& document) { document.edit_together = together; });
    tip("On: a value changed in one pane changes in every pane with the same values, and so does the input size. Off: "
        "only in its own pane.");
}

void point_at_difference(const ComparedPanes& sides, const ShownComparison& shown, const MarkId& at) {
    UiState& ui = sides.context.ui;
    const OutputDifference& d = shown.difference;
    const bool both = at.y < d.shared.h && at.x < d.shared.w;
    const bool in_first = at.y < d.first.h && at.x < d.first.w;
    ui.hover = compared_output(sides, in_first ? sides.first : sides.second, at.y, at.x);
    if (!both) {
        ImGui::SetTooltip("[%lld, %lld]: only one of them has it", static_cast<long long>(at.y),
                          static_cast<long long>(at.x));
        return;
    }
    const double a = shown.first->output.at(at.n, at.c, at.y, at.x),
                 b = shown.second->output.at(at.n, at.c, at.y, at.x);
    const double by = d.by.at(at.n, at.c, at.y, at.x);
    ImGui::SetTooltip("[%lld, %lld]: %s vs %s%s", static_cast<long long>(at.y), static_cast<long long>(at.x),
                      full_number(a).c_str(), full_number(b).c_str(), by == 0 ? ", equal" : "");
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) show_cell(sides, {at.n, at.c, at.y, at.x});
}

void draw_picture(const ComparedPanes& sides, const ShownComparison& shown) {
    const PanelContext& context = sides.context;
    const Slice& slice = sides.pane(sides.context.ui.pane).slice;
    Page page;
    page.width = std::floor(ImGui::GetContentRegionAvail().x);
    page.height = std::round(context.text_size * 13);
    page.text_size = context.text_size;
    page.least_text = std::round(context.text_size * 0.7F);
    page.transparent = true;
    const Scene scene = build_difference(shown.difference, slice.n, slice.c_out, context.theme, page, context.fonts);
    if (scene.height <= 0) return;
    wrapped("difference (blank = equal)", context.theme.faint);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    context.screen.draw(scene, {at.x, at.y}, ImGui::GetWindowDrawList());
    ImGui::SetNextItemAllowOverlap();
    ImGui::InvisibleButton("##difference", {scene.width, scene.height});
    if (!ImGui::IsItemHovered()) return;
    const ImVec2 mouse = ImGui::GetMousePos();
    if (const auto cell = hit_test(scene, {mouse.x - at.x, mouse.y - at.y})) point_at_difference(sides, shown, *cell);
}

void draw_terms_of(const PanelContext& context, const std::string& whose, const DerivedLayer& layer,
                   const std::vector<Tap>& taps) {
    ImGui::TextColored(vec(context.theme.faint), "%s", whose.c_str());
    ImGui::SameLine(context.text_size * 5.5F);
    ImGui::PushFont(context.screen.faces().mono, 0);
    wrapped(context.words(products_text(layer.layer.spec, taps)), context.theme.text);
    ImGui::PopFont();
}

void draw_first(const ComparedPanes& sides, const ShownComparison& shown) {
    const PanelContext& context = sides.context;
    const CellDifference& cell = *shown.cell;
    const Cell4& at = cell.cell;
    const Shape4& shape = shown.difference.shared;
    const std::string place = shape.n > 1 || shape.c > 1 ? fmt::format("[{}, {}, {}, {}]", at.n, at.c, at.y, at.x)
                                                         : fmt::format("[{}, {}]", at.y, at.x);
    ImGui::AlignTextToFramePadding();
    heading(context,
            fmt::format("first difference at {}: {} vs {}", place, sum_number(cell.first), sum_number(cell.second)));
    flow(button_width("Show"));
    if (ImGui::Button("Show###show difference")) show_cell(sides, at);
    tip("Goes to this cell in both panes.");
    wrapped(english(cell.why), context.theme.text);
}

void draw_terms(const ComparedPanes& sides, const CellDifference& cell) {
    const DerivedLayer &first = *sides.layer(sides.first), &second = *sides.layer(sides.second);
    draw_terms_of(sides.context, fmt::format("only in {}", sides.first + 1), first, cell.only_first);
    draw_terms_of(sides.context, fmt::format("only in {}", sides.second + 1), second, cell.only_second);
    draw_terms_of(sides.context, "in both", first, cell.common);
}

// Why the first cell differs; or, where none does, why not though settings do.
void draw_reason(const ComparedPanes& sides, const ShownComparison& shown) {
    if (!shown.cell) return;
    if (shown.difference.at) {
        draw_first(sides, shown);
        return draw_terms(sides, *shown.cell);
    }
    const ConvSpec& a = sides.layer(sides.first)->layer.spec;
    const ConvSpec& b = sides.layer(sides.second)->layer.spec;
    if (!shown.cell->causes.empty() || (a.op == b.op && a.flip_kernel != b.flip_kernel))
        wrapped(english(shown.cell->why), sides.context.theme.text);
}

}  // namespace

void draw_comparison(const ExplainView& view) {
    const std::vector<int> others = other_panes(view.context, view.moment.pane_index);
    if (others.empty()) return;
    ImGui::PushID("compared");
    const ComparedPanes sides = sides_of(view, others);
    const ShownComparison& shown = comparison_of(sides);
    draw_against(sides);
    wrapped(english(in_words(shown.difference)), view.context.theme.text);
    draw_reason(sides, shown);
    if (shown.difference.differing > 0 || !shown.difference.same_shape()) draw_picture(sides, shown);
    draw_shared(sides);
    ImGui::PopID();
    ImGui::Separator();
}

}  // namespace convlens
