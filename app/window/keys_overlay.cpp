// F1: the table of actions as a sheet, two columns of groups.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <imgui.h>

#include "app/window/actions.h"
#include "app/window/chrome.h"

namespace convlens {

namespace {

constexpr const char* kTitle = "Keys";

struct Group {
    Key name;
    std::vector<const Action*> actions;
};

std::vector<Group> groups() {
    std::vector<Group> all;
    for (const Action& a : actions()) {
        if (a.keys[0] == 0 || a.told_before) continue;
        if (all.empty() || all.back().name != a.group) all.push_back({a.group, {}});
        all.back().actions.push_back(&a);
    }
    return all;
}

// As large as fits: in presenter mode the sheet would not, at the size of other text.
float sheet_text(const ChromeContext& context) {
    return std::min(context.text_size, std::ceil(ImGui::GetMainViewport()->Size.y / 40));
}

// A key as a key cap. All caps of a column are as wide as its widest, so that the titles stand in line.
void key_cap(const std::string& text, float width) {
    const float height = std::round(ImGui::GetFontSize() * 1.28F);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 size = ImGui::CalcTextSize(text.c_str());
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(at, {at.x + width, at.y + height}, ImGui::GetColorU32(ImGuiCol_Button), 4);
    list->AddText({at.x + (width - size.x) / 2, at.y + (height - size.y) / 2}, ImGui::GetColorU32(ImGuiCol_Text),
                  text.c_str());
    ImGui::Dummy({width, height});
}

void draw_group(const ChromeContext& context, const Group& group, float cap) {
    const float text = ImGui::GetFontSize();
    ImGui::PushFont(context.fonts.bold, 0);
    ImGui::TextUnformatted(context.words(group.name).c_str());
    ImGui::PopFont();
    for (const Action* a : group.actions) {
        key_cap(key_text(*a), cap);
        ImGui::SameLine(0, text * 0.7F);
        ImGui::SetCursorPosY(ImGui::GetCursorPosY() + std::round(text * 0.14F));
        ImGui::TextUnformatted(context.words(a->title).c_str());
    }
    ImGui::Dummy({0, text * 0.2F});
}

float widest_cap(const std::vector<Group>& all) {
    float width = 0;
    for (const Group& group : all)
        for (const Action* a : group.actions) width = std::max(width, ImGui::CalcTextSize(key_text(*a).c_str()).x);
    return std::round(width + ImGui::GetFontSize());
}

// Groups go to the left column until it holds half of the lines.
void draw_columns(const ChromeContext& context) {
    const std::vector<Group> all = groups();
    std::size_t lines = 0, done = 0;
    for (const Group& group : all) lines += group.actions.size() + 2;
    const float cap = widest_cap(all);
    ImGui::BeginGroup();
    bool left = true;
    for (const Group& group : all) {
        if (left && done * 2 >= lines) {
            ImGui::EndGroup();
            ImGui::SameLine(0, ImGui::GetFontSize() * 2.5F);
            ImGui::BeginGroup();
            left = false;
        }
        draw_group(context, group, cap);
        done += group.actions.size() + 2;
    }
    ImGui::EndGroup();
}

}  // namespace

void draw_keys(ChromeContext& context) {
    UiState& ui = context.session.ui;
    if (ui.show_keys && !ImGui::IsPopupOpen(kTitle)) ImGui::OpenPopup(kTitle);
    const ImGuiViewport* viewport = ImGui::GetMainViewport();
    const float text = sheet_text(context);
    ImGui::SetNextWindowPos(viewport->GetCenter(), ImGuiCond_Always, {0.5F, 0.5F});
    ImGui::SetNextWindowSizeConstraints({0, 0}, {viewport->Size.x * 0.98F, viewport->Size.y * 0.98F});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(text * 1.8F, text));
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(text * 0.5F, std::round(text * 0.15F)));
    ImGui::PushFont(nullptr, text);
    constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoMove |
                                        ImGuiWindowFlags_NoResize | ImGuiWindowFlags_AlwaysAutoResize |
                                        ImGuiWindowFlags_NoSavedSettings;
    if (ImGui::BeginPopupModal(kTitle, nullptr, kFlags)) {
        draw_columns(context);
        const bool away = ImGui::IsMouseClicked(ImGuiMouseButton_Left) && !ImGui::IsWindowHovered();
        if (away) ui.show_keys = false;
        if (!ui.show_keys) ImGui::CloseCurrentPopup();
        ImGui::EndPopup();
    }
    ImGui::PopFont();
    ImGui::PopStyleVar(2);
}

}  // namespace convlens
