// The question before a file is replaced that somebody else has changed.
#include <string>
#include <utility>

#include <imgui.h>
#include <imgui_internal.h>

#include "app/panels/widgets/widgets.h"
#include "app/session/files.h"
#include "app/window/chrome.h"
#include "core/text/utf8_path.h"

namespace convlens {

namespace {

constexpr const char* kPopup = "###changed file";

Message question(const std::string& path) {
    return msg("“{file}” was changed on the disk since it was opened here. Nothing has been saved yet.",
               "file"_is(to_utf8(from_utf8(path).filename())));
}

// The answer that loses nothing has the keyboard.
void draw_answers(const ChromeContext& context, bool appearing) {
    Session& session = context.session;
    const auto button = [&](Key title) { return ImGui::Button(context.label(title).c_str()); };
    const auto tip = [&](Key words) { ImGui::SetItemTooltip("%s", context.words(words).c_str()); };
    if (ImGui::Button((context.words(key("Save as…")) + "###save as").c_str())) {
        session.changed_file.reset();
        session.ui.requests.push_back(Request::save_as);
    }
    if (appearing) {
        ImGui::FocusItem();
        ImGui::SetNavCursorVisible(true);
    }
    ImGui::SameLine();
    if (button(key("Replace it"))) replace_changed_file(session);
    tip(key("What the file holds now is kept first: File ▸ Earlier work"));
    ImGui::SameLine();
    if (button(key("Open it"))) open_changed_file(session);
    tip(key("What is here now is kept first: File ▸ Earlier work"));
    ImGui::SameLine();
    if (button(key("Cancel")) || ImGui::IsKeyPressed(ImGuiKey_Escape)) session.changed_file.reset();
}

}  // namespace

void draw_changed_file(ChromeContext& context) {
    Session& session = context.session;
    if (session.changed_file && !ImGui::IsPopupOpen(kPopup)) ImGui::OpenPopup(kPopup);
    const ImGuiViewport* viewport = ImGui::GetMainViewport();
    ImGui::SetNextWindowPos(viewport->GetCenter(), ImGuiCond_Appearing, {0.5F, 0.5F});
    constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_AlwaysAutoResize;
    const std::string title = context.words(key("Changed on the disk")) + kPopup;
    if (!ImGui::BeginPopupModal(title.c_str(), nullptr, kFlags)) return;
    if (session.changed_file) {
        ImGui::PushTextWrapPos(context.text_size * 30);
        const float width = context.text_size * 30 - ImGui::GetCursorPosX();
        ImGui::TextUnformatted(in_lines(context.words(question(session.changed_file->path)), width).c_str());
        ImGui::PopTextWrapPos();
        draw_answers(context, ImGui::IsWindowAppearing());
    }
    if (!session.changed_file) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
}

}  // namespace convlens
