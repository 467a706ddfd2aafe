#include "app/panels/compare.h"

#include <algorithm>

#include <imgui.h>

#include "app/panels/widgets.h"

namespace convlens {

namespace {

const char* heading_of(Comparison::Group group) {
    switch (group) {
        case Comparison::Group::program: return "as another program pads it";
        case Comparison::Group::border: return "with another border";
        default: return nullptr;
    }
}

}  // namespace

void compare_with(UiState& ui, const Document& document, const ConvSpec& spec, const std::string& label) {
    if (!can_compare(document)) return;
    const int pane = std::clamp(ui.pane, 0, static_cast<int>(document.panes.size()) - 1);
    ui.edit("compare with " + label, {},
            [pane, spec](Document& d) { add_comparison(d, static_cast<std::size_t>(pane), spec); });
    ui.next_pane = pane + 1;
    ui.draft.reset();
    ui.pinned.reset();
    ui.panels.compared_with = pane;
}

void close_pane(UiState& ui, const Document& document, int pane) {
    if (document.panes.size() < 2) return;
    ui.edit("close pane", {}, [pane](Document& d) { close_pane(d, static_cast<std::size_t>(pane)); });
    ui.next_pane = ui.pane > pane ? ui.pane - 1 : ui.pane;
    ui.draft.reset();
    ui.pinned.reset();
    ui.panels.cell_edit.reset();
}

void draw_comparisons(UiState& ui, const Document& document) {
    const Pane& pane = document.panes[static_cast<std::size_t>(ui.pane)];
    auto group = Comparison::Group::copy;
    for (const Comparison& comparison : comparisons(document.layers[static_cast<std::size_t>(pane.layer)])) {
        if (comparison.group != group) {
            group = comparison.group;
            if (const char* heading = heading_of(group)) ImGui::SeparatorText(heading);
        }
        if (ImGui::MenuItem(comparison.label.c_str(), nullptr, false, can_compare(document)))
            compare_with(ui, document, comparison.spec, comparison.label);
        tip(comparison.about);
    }
}

void draw_compare_button(UiState& ui, const Document& document) {
    if (!can_compare(document)) return;
    if (ImGui::Button("Compare with…", {-1, 0})) ImGui::OpenPopup("compare");
    tip("Puts the layer beside itself, turned, padded as another program does, or to be set by hand (C).");
    if (!ImGui::BeginPopup("compare")) return;
    draw_comparisons(ui, document);
    ImGui::EndPopup();
}

}  // namespace convlens
