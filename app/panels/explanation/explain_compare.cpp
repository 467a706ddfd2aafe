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
    heading(context, msg("Compared"));
    std::vector<int> others = other_panes(context, current);
    std::ranges::sort(others);
    if (others.size() > 1) {
        ImGui::AlignTextToFramePadding();
        ImGui::TextUnformatted(context.words(msg("the current pane with")).c_str());
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
    wrapped(context,
            msg("{first} vs {second}", "first"_is(sides.title(sides.first)), "second"_is(sides.title(sides.second))),
            context.theme.text);
}

// Of layers that have no tensor in common, or none that is edited.
Message nothing_shared(const PanelContext& context, const Layer& first, const Layer& second, bool input) {
    const bool weights = !is_pooling(first.spec.op) && !is_pooling(second.spec.op);
    if (!input) return weights ? msg("Input and weights both differ.") : msg("Their inputs differ.");
    const auto layer = "layer"_is(layer_title(context.document, *source_of(first)));
    return weights ? msg("Both read the output of {layer}; their weights differ.", layer)
                   : msg("Both read the output of {layer}.", layer);
}

Message together_label(bool input, bool weights, bool all) {
    if (input && weights)
        return all ? msg("edit the input and weights of all panes at once")
                   : msg("edit the input and weights of both panes at once");
    if (input) return all ? msg("edit the input of all panes at once") : msg("edit the input of both panes at once");
    return all ? msg("edit the weights of all panes at once") : msg("edit the weights of both panes at once");
}

// What both are made of, and whether an edit of it goes to both.
void draw_shared(const ComparedPanes& sides) {
    const PanelContext& context = sides.context;
    const Layer &first = sides.layer(sides.first)->layer, &second = sides.layer(sides.second)->layer;
    const SharedTensors shared = shared_tensors(first, second);
    const bool input = shared.input && own_input(first);  // one that is computed is not edited
    if (!input && !shared.weight)
        return wrapped(context, nothing_shared(context, first, second, shared.input), context.theme.faint);
    bool together = context.document.edit_together;
    const Message label = together_label(input, shared.weight, context.document.panes.size() > 2);
    if (ImGui::Checkbox(context.label(label, "###together").c_str(), &together))
        context.ui.edit(together ? msg("edit together") : msg("edit apart"), {},
                        [together](Document& document) { document.edit_together = together; });
    tip(context,
        msg("On: a value changed in one pane changes in every pane with the same values, and so does the input size. "
            "Off: only in its own pane."));
}

void point_at_difference(const ComparedPanes& sides, const ShownComparison& shown, const MarkId& at) {
    UiState& ui = sides.context.ui;
    const OutputDifference& d = shown.difference;
    const bool both = at.y < d.shared.h && at.x < d.shared.w;
    const bool in_first = at.y < d.first.h && at.x < d.first.w;
    ui.hover = compared_output(sides, in_first ? sides.first : sides.second, at.y, at.x);
    const auto place = "place"_is(fmt::format("[{}, {}]", at.y, at.x));
    const auto show = [&](const Message& text) {
        if (!ui.tips_wait) ImGui::SetTooltip("%s", sides.context.words(text).c_str());
    };
    if (!both) return show(msg("{place}: only one of them has it", place));
    const double a = shown.first->output.at(at.n, at.c, at.y, at.x),
                 b = shown.second->output.at(at.n, at.c, at.y, at.x);
    const auto one = "first"_is(full_number(a));
    const auto other = "second"_is(full_number(b));
    show(d.by.at(at.n, at.c, at.y, at.x) == 0 ? msg("{place}: {first} vs {second}, equal", place, one, other)
                                              : msg("{place}: {first} vs {second}", place, one, other));
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
    page.lang = context.lang;
    const Scene scene = build_difference(shown.difference, slice.n, slice.c_out, context.theme, page, context.fonts);
    if (scene.height <= 0) return;
    wrapped(context, msg("difference (blank = equal)"), context.theme.faint);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    context.screen.draw(scene, {at.x, at.y}, ImGui::GetWindowDrawList());
    ImGui::SetNextItemAllowOverlap();
    ImGui::InvisibleButton("##difference", {scene.width, scene.height});
    if (!ImGui::IsItemHovered()) return;
    const ImVec2 mouse = ImGui::GetMousePos();
    if (const auto cell = hit_test(scene, {mouse.x - at.x, mouse.y - at.y})) point_at_difference(sides, shown, *cell);
}

void draw_terms_of(const PanelContext& context, const Message& whose, const DerivedLayer& layer,
                   const std::vector<Tap>& taps) {
    ImGui::TextColored(vec(context.theme.faint), "%s", context.words(whose).c_str());
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
    heading(context, msg("first difference at {place}: {first} vs {second}", "place"_is(place),
                         "first"_is(sum_number(cell.first)), "second"_is(sum_number(cell.second))));
    flow(button_width(context.words(msg("Show"))));
    if (ImGui::Button(context.label(msg("Show"), "###show difference").c_str())) show_cell(sides, at);
    tip(context, msg("Goes to this cell in both panes."));
    wrapped(context, cell.why, context.theme.text);
}

void draw_terms(const ComparedPanes& sides, const CellDifference& cell) {
    const DerivedLayer &first = *sides.layer(sides.first), &second = *sides.layer(sides.second);
    draw_terms_of(sides.context, msg("only in {pane}", "pane"_is(sides.first + 1)), first, cell.only_first);
    draw_terms_of(sides.context, msg("only in {pane}", "pane"_is(sides.second + 1)), second, cell.only_second);
    draw_terms_of(sides.context, msg("in both"), first, cell.common);
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
        wrapped(sides.context, shown.cell->why, sides.context.theme.text);
}

}  // namespace

void draw_comparison(const ExplainView& view) {
    const std::vector<int> others = other_panes(view.context, view.moment.pane_index);
    if (others.empty()) return;
    ImGui::PushID("compared");
    const ComparedPanes sides = sides_of(view, others);
    const ShownComparison& shown = comparison_of(sides);
    draw_against(sides);
    wrapped(view.context, in_words(shown.difference), view.context.theme.text);
    draw_reason(sides, shown);
    if (shown.difference.differing > 0 || !shown.difference.same_shape()) draw_picture(sides, shown);
    draw_shared(sides);
    ImGui::PopID();
    ImGui::Separator();
}

}  // namespace convlens
