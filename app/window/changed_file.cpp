// The question before a file is replaced that somebody else has changed.
#include <string>
#include <utility>

#include <fmt/format.h>
#include <imgui.h>
#include <imgui_internal.h>

#include "app/session/files.h"
#include "app/window/chrome.h"
#include "core/text/utf8_path.h"

namespace convlens {

namespace {

constexpr const char* kPopup = "Changed on the disk###changed file";

std::string question(const std::string& path) {
    return fmt::format("“{}” was changed on the disk since it was opened here. Nothing has been saved yet.",
                       to_utf8(from_utf8(path).filename()));
}

// The answer that loses nothing has the keyboard.
void draw_answers(Session& session, bool appearing) {
    if (ImGui::Button("Save as…###save as")) {
        session.changed_file.reset();
        session.ui.requests.push_back(Request::save_as);
    }
    if (appearing) {
        ImGui::FocusItem();
        ImGui::SetNavCursorVisible(true);
    }
    ImGui::SameLine();
    if (ImGui::Button("Replace it")) replace_changed_file(session);
    ImGui::SetItemTooltip("What the file holds now is kept first: File ▸ Earlier work");
    ImGui::SameLine();
    if (ImGui::Button("Open it")) open_changed_file(session);
    ImGui::SetItemTooltip("What is here now is kept first: File ▸ Earlier work");
    ImGui::SameLine();
    if (ImGui::Button("Cancel") || ImGui::IsKeyPressed(ImGuiKey_Escape)) session.changed_file.reset();
}

}  // namespace

void draw_changed_file(ChromeContext& context) {
    Session& session = context.session;
    if (session.changed_file && !ImGui::IsPopupOpen(kPopup)) ImGui::OpenPopup(kPopup);
    const ImGuiViewport* viewport = ImGui::GetMainViewport();
    ImGui::SetNextWindowPos(viewport->GetCenter(), ImGuiCond_Appearing, {0.5F, 0.5F});
    constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_AlwaysAutoResize;
    if (!ImGui::BeginPopupModal(kPopup, nullptr, kFlags)) return;
    if (session.changed_file) {
        ImGui::PushTextWrapPos(context.text_size * 30);
        ImGui::TextUnformatted(question(session.changed_file->path).c_str());
        ImGui::PopTextWrapPos();
        draw_answers(session, ImGui::IsWindowAppearing());
    }
    if (!session.changed_file) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
}

}  // namespace convlens
