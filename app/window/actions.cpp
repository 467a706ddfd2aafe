#include "app/window/actions.h"

#include <algorithm>
#include <array>
#include <cassert>

#include <imgui.h>
#include <imgui_internal.h>

#include "app/window/keyboard_focus.h"

namespace convlens {

namespace {

constexpr KeyChord kCtrl = ImGuiMod_Ctrl;
constexpr KeyChord kShift = ImGuiMod_Shift;

// The chord of the action that was pressed in this frame, or 0.
KeyChord pressed_chord(const Action& action) {
    const ImGuiInputFlags flags = action.repeats ? ImGuiInputFlags_Repeat : ImGuiInputFlags_None;
    const auto found = std::ranges::find_if(
        action.keys, [&](KeyChord key) { return key != 0 && ImGui::IsKeyChordPressed(key, flags, ImGuiKeyOwner_Any); });
    return found == action.keys.end() ? 0 : *found;
}

// What a text field does itself: copy, cut, paste, select all, undo, redo. Other chords with Ctrl are never text.
bool is_of_text_fields(KeyChord chord) {
    constexpr std::array kTheirs = {ImGuiKey_A, ImGuiKey_C, ImGuiKey_V, ImGuiKey_X, ImGuiKey_Y, ImGuiKey_Z};
    return (chord & kCtrl) == 0 ||
           std::ranges::find(kTheirs, static_cast<ImGuiKey>(chord & ~ImGuiMod_Mask_)) != kTheirs.end();
}

std::string_view key_name(KeyChord key) {
    switch (key) {
        case ImGuiKey_LeftArrow: return "←";
        case ImGuiKey_RightArrow: return "→";
        case ImGuiKey_UpArrow: return "↑";
        case ImGuiKey_DownArrow: return "↓";
        case ImGuiKey_Equal: return "+";
        case ImGuiKey_Minus: return "−";
        case ImGuiKey_Escape: return "Esc";
        default: return ImGui::GetKeyName(static_cast<ImGuiKey>(key));
    }
}

}  // namespace

const Action& action(std::string_view id) {
    const auto found = std::ranges::find(actions(), id, &Action::id);
    assert(found != actions().end());
    return *found;
}

bool is_of_workspace(const Action& action, const Session& session) {
    return !action.workspace || *action.workspace == session.document().workspace;
}

bool is_enabled(const Action& action, const Session& session) {
    return is_of_workspace(action, session) && (action.enabled == nullptr || action.enabled(session));
}

bool is_popup_open() { return ImGui::IsPopupOpen(nullptr, ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel); }

std::string key_text(const Action& action) {
    const KeyChord chord = action.keys[0];
    if (chord == 0) return {};
    const KeyChord key = chord & ~ImGuiMod_Mask_;
    std::string text;
    if ((chord & kCtrl) != 0) text += "Ctrl+";
    // "+" needs no Shift on every keyboard, so it is not named.
    if ((chord & kShift) != 0 && key != ImGuiKey_Equal) text += "Shift+";
    return text + std::string(key_name(key));
}

std::vector<const Action*> pressed_actions(const Session& session) {
    const bool typing = ImGui::GetIO().WantTextInput, popup = is_popup_open();
    // Over a cell a minus begins a number; it is not "slower" then.
    const bool minus_taken = session.ui.panels.diagram.takes_minus;
    std::vector<const Action*> pressed;
    for (const Action& action : actions()) {
        const KeyChord chord = pressed_chord(action);
        if (chord == 0 || !is_enabled(action, session)) continue;
        if (!action.anywhere && (popup || (typing && is_of_text_fields(chord)))) continue;
        if (!session.keyboard_panel.empty() && is_of_panels(chord)) continue;
        if (minus_taken && action.id == "speed.down") continue;
        pressed.push_back(&action);
    }
    return pressed;
}

void run_keys(Session& session) {
    const bool typing = ImGui::GetIO().WantTextInput;
    for (const Action* action : pressed_actions(session)) {
        // What is typed is meant to count: the field is left as by Enter, before the panels draw it.
        if (typing && !action->anywhere) ImGui::ClearActiveID();
        action->run(session);
    }
    // Escape is an action, also where Dear ImGui would close a popup with it; in a field it is the field's.
    if (!typing) ImGui::SetKeyOwner(ImGuiKey_Escape, ImGui::GetID("convlens keys"));
    // Tab moves between panes; Dear ImGui would move into the first text field with it. In a field it is the field's.
    if (!typing && !is_popup_open() && session.keyboard_panel.empty())
        ImGui::SetKeyOwner(ImGuiKey_Tab, ImGui::GetID("convlens keys"));
}

}  // namespace convlens
