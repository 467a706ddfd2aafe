#include "app/window/keyboard_focus.h"

#include <algorithm>
#include <array>
#include <vector>

#include <imgui.h>
#include <imgui_internal.h>

#include "app/window/actions.h"
#include "app/window/panel_table.h"

namespace convlens {

namespace {

constexpr const char* kStartBar = "Start bar";  // no words: its window's name
constexpr const char* kMenus = "##MainMenuBar";

// In the order of F6; the first, empty one is the diagram.
std::vector<std::string> stops(const Session& session) {
    std::vector<std::string> all{{}};
    for (const Panel& panel : panels())
        if (is_open(panel, session) && !panel.bare()) all.emplace_back(panel.name);
    if (session.ui.show_start_bar && !session.ui.presenter) all.emplace_back(kStartBar);
    if (has_menu_bar(session)) all.emplace_back(kMenus);
    return all;
}

// The first control of the window gets the frame.
void focus(const std::string& name) {
    ImGuiContext& imgui = *ImGui::GetCurrentContext();
    ImGuiWindow* window = ImGui::FindWindowByName(name.c_str());
    if (window == nullptr) return;
    ImGui::ClearActiveID();
    ImGui::FocusWindow(window);
    imgui.NavLayer = name == kMenus ? ImGuiNavLayer_Menu : ImGuiNavLayer_Main;
    ImGui::NavInitWindow(window, true);
    ImGui::SetNavCursorVisible(true);
}

// A command was chosen: its menu is closed, and the focus is in whatever window had it before.
bool left_menus() {
    const ImGuiWindow* now = ImGui::GetCurrentContext()->NavWindow;
    return !is_popup_open() && now != ImGui::FindWindowByName(kMenus);
}

}  // namespace

void move_keyboard(Session& session, int by) {
    if (is_popup_open()) return;
    const std::vector<std::string> all = stops(session);
    const auto found = std::ranges::find(all, session.keyboard_panel);
    const auto count = static_cast<int>(all.size());
    const int now = found == all.end() ? 0 : static_cast<int>(found - all.begin());
    const std::string& next = all[static_cast<std::size_t>((now + by + count) % count)];
    if (next.empty()) return return_keyboard(session);
    session.keyboard_panel = next;
    focus(next);
}

void return_keyboard(Session& session) {
    session.keyboard_panel.clear();
    ImGui::ClearActiveID();
    ImGui::FocusWindow(ImGui::FindWindowByName(picture_panel(session).name.data()));
    ImGui::SetNavCursorVisible(false);
}

void refocus_keyboard(const Session& session) {
    if (!session.keyboard_panel.empty()) focus(session.keyboard_panel);
}

void update_keyboard(Session& session) {
    const bool clicked = std::ranges::any_of(ImGui::GetIO().MouseClicked, [](bool button) { return button; });
    if (clicked) session.keyboard_panel.clear();
    const std::vector<std::string> all = stops(session);
    if (std::ranges::find(all, session.keyboard_panel) == all.end()) return_keyboard(session);
    if (session.keyboard_panel == kMenus && left_menus()) return_keyboard(session);
    ImGuiConfigFlags& flags = ImGui::GetIO().ConfigFlags;
    flags &= ~ImGuiConfigFlags_NavEnableKeyboard;
    if (!session.keyboard_panel.empty() || is_popup_open()) flags |= ImGuiConfigFlags_NavEnableKeyboard;
}

bool is_of_panels(int chord) {
    constexpr std::array kTheirs = {ImGuiKey_LeftArrow, ImGuiKey_RightArrow, ImGuiKey_UpArrow, ImGuiKey_DownArrow,
                                    ImGuiKey_Space,     ImGuiKey_Tab,        ImGuiKey_Home,    ImGuiKey_End};
    const auto key = static_cast<ImGuiKey>(chord & ~ImGuiMod_Mask_);
    return (chord & ImGuiMod_Ctrl) == 0 && std::ranges::find(kTheirs, key) != kTheirs.end();
}

}  // namespace convlens
