// What the tests of the window have in common: ways through its menus, and questions to it.
#pragma once

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

#include <imgui_internal.h>

#include "tests/gui/harness/driven_app.h"

namespace convlens {

inline const ConvSpec& spec(DrivenApp& driven) { return driven.session().document().layers.front().spec; }

inline void choose(ImGuiTestContext* ctx, const std::string& menu_item) {
    ctx->SetRef("##MainMenuBar");
    ctx->MenuClick(menu_item.c_str());
    ctx->Yield(2);
}

inline void click_start(ImGuiTestContext* ctx, const char* start) {
    ctx->SetRef("Start bar");
    ctx->ItemClick(start);
    ctx->Yield(3);
}

inline ImGuiWindow& window(const char* name) {
    ImGuiWindow* found = ImGui::FindWindowByName(name);
    if (found == nullptr) throw std::runtime_error(std::string("there is no window ") + name);
    return *found;
}

// In the frame before the script went on.
inline bool is_shown(const char* name) {
    const ImGuiWindow* found = ImGui::FindWindowByName(name);
    return found != nullptr && found->WasActive;
}

inline bool tells(const UiState& ui, const std::string& words) {
    return std::ranges::any_of(ui.messages, [&](const Notice& m) { return m.text().find(words) != std::string::npos; });
}

// Documents are written by a job: gives the session what has come of it, for two seconds at most.
inline void wait_until_saved(DrivenApp& driven) {
    for (int i = 0; i < 400 && !tells(driven.ui(), "Saved "); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        driven.app().keep();
    }
}

}  // namespace convlens
