// What the diagram says while the layers are not computed: over an older picture, or in its place.
#include <algorithm>
#include <cmath>
#include <string>

#include <imgui.h>

#include "app/panels/diagram/canvas.h"
#include "app/panels/widgets/widgets.h"

namespace convlens {

namespace {

std::string words(const PanelContext& context) {
    const Message& why = context.ui.not_computed;
    return context.words(why.empty() ? msg("Computing…") : why);
}

}  // namespace

// At the foot of each pane whose layer is not yet what the settings say.
void draw_computing(const CanvasView& view) {
    const PanelContext& context = view.context;
    const auto& panes = context.derived.document.panes;
    const auto count = std::min(panes.size(), kMostPanes);
    const float width = view.width / static_cast<float>(count), em = context.text_size, pad = std::round(em * 0.35F);
    const float margin = std::round(em * 0.75F);
    for (std::size_t i = 0; i < count; ++i) {
        if (!is_stale(context, panes[i].layer)) continue;
        const std::string text = in_lines(words(context), width - 2 * (margin + pad));
        const ImVec2 size = ImGui::CalcTextSize(text.c_str());
        const ImVec2 low{std::round(view.at.x + width * static_cast<float>(i)) + margin,
                         std::round(view.at.y + view.height - size.y - 2 * pad - em * 0.5F)};
        const ImVec2 high{low.x + size.x + 2 * pad, low.y + size.y + 2 * pad};
        const bool failed = !context.ui.not_computed.empty();
        ImDrawList* list = ImGui::GetWindowDrawList();
        list->AddRectFilled(low, high, ImGui::GetColorU32(ImGuiCol_PopupBg), em * 0.25F);
        list->AddRect(low, high, packed_colour(failed ? context.theme.problem : context.theme.accent), em * 0.25F);
        list->AddText({low.x + pad, low.y + pad}, packed_colour(context.theme.text), text.c_str());
    }
}

void no_picture_panel(const PanelContext& context) {
    const UiState& ui = context.ui;
    const bool failed = !ui.not_computed.empty();
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const float margin = context.text_size * 2, most = context.text_size * 36;
    const std::string text = in_lines(words(context), std::min(room.x - 2 * margin, most));
    const ImVec2 size = ImGui::CalcTextSize(text.c_str());
    ImGui::SetCursorPos({std::round(std::max(margin, (room.x - size.x) / 2)), std::round((room.y - size.y) / 2)});
    ImGui::PushStyleColor(ImGuiCol_Text, vec(failed ? context.theme.problem : context.theme.faint));
    ImGui::TextUnformatted(text.c_str());
    ImGui::PopStyleColor();
}

}  // namespace convlens
