#include "app/panels/widgets/nav_keys.h"

#include <utility>

#include <imgui.h>
#include <imgui_internal.h>

namespace convlens {

int arrow_steps() {
    const ImGuiContext& imgui = *ImGui::GetCurrentContext();
    const bool keyboard = (imgui.IO.ConfigFlags & ImGuiConfigFlags_NavEnableKeyboard) != 0;
    if (!keyboard || !imgui.NavCursorVisible || !ImGui::IsItemFocused()) return 0;
    const ImGuiID id = ImGui::GetItemID();
    int steps = 0;
    for (const auto& [key, step] : {std::pair{ImGuiKey_LeftArrow, -1}, {ImGuiKey_RightArrow, 1}}) {
        ImGui::SetKeyOwner(key, id);
        if (ImGui::IsKeyPressed(key, ImGuiInputFlags_Repeat, id)) steps += step;
    }
    return steps;
}

}  // namespace convlens
