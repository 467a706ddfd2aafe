#include "app/panels/layer/compare.h"

#include <algorithm>

#include <imgui.h>

#include "app/panels/widgets/widgets.h"
#include "app/session/session.h"

namespace convlens {

namespace {

Message heading_of(Comparison::Group group) {
    switch (group) {
        case Comparison::Group::program: return msg("padded as another program does");
        case Comparison::Group::border: return msg("with another padding mode");
        default: return {};
    }
}

}  // namespace

void draw_comparisons(UiState& ui, const Document& document, Lang lang) {
    const Pane& pane = document.panes[static_cast<std::size_t>(ui.pane)];
    auto group = Comparison::Group::copy;
    for (const Comparison& comparison : comparisons(document.layers[static_cast<std::size_t>(pane.layer)])) {
        if (comparison.group != group) {
            group = comparison.group;
            if (const Message heading = heading_of(group); !heading.empty())
                ImGui::SeparatorText(in(lang, heading).c_str());
        }
        if (ImGui::MenuItem(item_label(lang, comparison.label).c_str(), nullptr, false, can_compare(document)))
            compare_with(ui, document, comparison.spec, comparison.label);
        tip(in(lang, comparison.about));
    }
}

void draw_compare_button(const PanelContext& context) {
    if (!can_compare(context.document)) return;
    if (ImGui::Button(context.label(msg("Compare with…")).c_str(), {-1, 0})) ImGui::OpenPopup("compare");
    tip(context,
        msg("Opens a copy of this layer to compare with: kernel flipped, padded as another program does, or to change "
            "yourself (C)."));
    if (!ImGui::BeginPopup("compare")) return;
    draw_comparisons(context.ui, context.document, context.lang);
    ImGui::EndPopup();
}

}  // namespace convlens
