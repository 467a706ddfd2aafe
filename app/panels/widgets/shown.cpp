#include "app/panels/widgets/shown.h"

#include <imgui.h>

#include "app/session/playback.h"
#include "app/views/cell_mark.h"

namespace convlens {

const std::optional<MarkId>& highlight(const UiState& ui) {
    static const std::optional<MarkId> nothing;
    if (ui.pinned) return ui.pinned;
    return passes_over(ui) ? nothing : ui.hover;
}

std::optional<PaneCell> highlighted_cell(const PanelContext& context) {
    return cell_of(context.derived.document, highlight(context.ui));
}

bool is_stale(const PanelContext& context, int layer) {
    const std::vector<bool> current = up_to_date(context.document, context.derived);
    const auto index = static_cast<std::size_t>(layer);
    return index >= current.size() || !current[index];
}

StaleLook::StaleLook(const PanelContext& context, int layer) {
    constexpr float kFaded = 0.55F;
    const float now = ImGui::GetStyle().Alpha;
    ImGui::PushStyleVar(ImGuiStyleVar_Alpha, is_stale(context, layer) ? now * kFaded : now);
}
StaleLook::~StaleLook() { ImGui::PopStyleVar(); }

Moment shown_moment(const PanelContext& context, int pane) {
    return moment_of(context.derived, pane, context.ui.playhead, highlighted_cell(context));
}

}  // namespace convlens
