#include "app/window/unkept.h"

#include <string>
#include <utility>

#include <imgui.h>
#include <imgui_internal.h>

#include "app/panels/panels.h"

namespace convlens {

namespace {

constexpr const char* kPopup = "###unkept";

}  // namespace

void Unkept::ask(std::vector<Message> what) {
    what_ = std::move(what);
    appearing_ = asks();
}

std::optional<Unkept::Answer> Unkept::draw(float text_size, Lang lang) {
    if (!asks()) return {};
    if (std::exchange(appearing_, false)) {
        ImGui::OpenPopup(kPopup, ImGuiPopupFlags_NoReopen);
        // From this frame on: without it Dear ImGui hides in the next one which button has the keyboard.
        ImGui::GetIO().ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
    }
    ImGui::SetNextWindowPos(ImGui::GetMainViewport()->GetCenter(), ImGuiCond_Appearing, {0.5F, 0.5F});
    constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_AlwaysAutoResize;
    const std::string title = in(lang, key("Not everything is kept")) + kPopup;
    if (!ImGui::BeginPopupModal(title.c_str(), nullptr, kFlags)) {
        what_.clear();  // another question took its place
        return {};
    }
    ImGui::PushTextWrapPos(text_size * 30);
    for (const Message& line : what_) ImGui::TextUnformatted(in(lang, line).c_str());
    ImGui::TextUnformatted(in(lang, key("Nothing is lost as long as the window is open.")).c_str());
    ImGui::PopTextWrapPos();
    const std::optional<Answer> answer = draw_answers(ImGui::IsWindowAppearing(), lang);
    if (answer || ImGui::IsKeyPressed(ImGuiKey_Escape)) what_.clear();
    if (!asks()) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
    return answer;
}

std::optional<Unkept::Answer> Unkept::draw_answers(bool appearing, Lang lang) {
    std::optional<Answer> answer;
    if (ImGui::Button((in(lang, key("Save as…")) + "###save as").c_str())) answer = Answer::save_as;
    if (appearing) {
        ImGui::FocusItem();
        ImGui::SetNavCursorVisible(true);
    }
    ImGui::SetItemTooltip("%s",
                          in(lang, key("Where there is room. The window closes once the file is written")).c_str());
    ImGui::SameLine();
    if (ImGui::Button(item_label(lang, key("Try again")).c_str())) answer = Answer::try_again;
    ImGui::SameLine();
    if (ImGui::Button(item_label(lang, key("Close anyway")).c_str())) answer = Answer::close_anyway;
    return answer;
}

}  // namespace convlens
