#include "app/panels/layer/compare.h"

#include <algorithm>

#include <imgui.h>

#include "app/panels/widgets/widgets.h"
#include "app/session/session.h"

namespace convlens {

namespace {

const char* heading_of(Comparison::Group group) {
    switch (group) {
        case Comparison::Group::program: return "padded as another program does";
        case Comparison::Group::border: return "with another padding mode";
        default: return nullptr;
    }
}

}  // namespace

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
    tip("Opens a copy of this layer to compare with: kernel flipped, padded as another program does, or to change "
        "yourself (C).");
    if (!ImGui::BeginPopup("compare")) return;
    draw_comparisons(ui, document);
    ImGui::EndPopup();
}

}  // namespace convlens
