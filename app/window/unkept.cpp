#include "app/window/unkept.h"

#include <utility>

#include <imgui.h>
#include <imgui_internal.h>

namespace convlens {

namespace {

constexpr const char* kPopup = "Not everything is kept###unkept";

}  // namespace

void Unkept::ask(std::vector<std::string> what) {
    what_ = std::move(what);
    appearing_ = asks();
}

std::optional<Unkept::Answer> Unkept::draw(float text_size) {
    if (!asks()) return {};
    if (std::exchange(appearing_, false)) {
        ImGui::OpenPopup(kPopup, ImGuiPopupFlags_NoReopen);
        // From this frame on: without it Dear ImGui hides in the next one which button has the keyboard.
        ImGui::GetIO().ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
    }
    ImGui::SetNextWindowPos(ImGui::GetMainViewport()->GetCenter(), ImGuiCond_Appearing, {0.5F, 0.5F});
    constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_AlwaysAutoResize;
    if (!ImGui::BeginPopupModal(kPopup, nullptr, kFlags)) {
        what_.clear();  // another question took its place
        return {};
    }
    ImGui::PushTextWrapPos(text_size * 30);
    for (const std::string& line : what_) ImGui::TextUnformatted(line.c_str());
    ImGui::TextUnformatted("Nothing is lost as long as the window is open.");
    ImGui::PopTextWrapPos();
    const std::optional<Answer> answer = draw_answers(ImGui::IsWindowAppearing());
    if (answer || ImGui::IsKeyPressed(ImGuiKey_Escape)) what_.clear();
    if (!asks()) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
    return answer;
}

std::optional<Unkept::Answer> Unkept::draw_answers(bool appearing) {
    std::optional<Answer> answer;
    if (ImGui::Button("Save as…###save as")) answer = Answer::save_as;
    if (appearing) {
        ImGui::FocusItem();
        ImGui::SetNavCursorVisible(true);
    }
    ImGui::SetItemTooltip("Where there is room. The window closes once the file is written");
    ImGui::SameLine();
    if (ImGui::Button("Try again")) answer = Answer::try_again;
    ImGui::SameLine();
    if (ImGui::Button("Close anyway")) answer = Answer::close_anyway;
    return answer;
}

}  // namespace convlens
