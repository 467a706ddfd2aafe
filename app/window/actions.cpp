#include "app/window/actions.h"

#include <algorithm>
#include <cassert>

#include <imgui.h>
#include <imgui_internal.h>

namespace convlens {

namespace {

constexpr KeyChord kCtrl = ImGuiMod_Ctrl;
constexpr KeyChord kShift = ImGuiMod_Shift;

bool pressed(const Action& action) {
    const ImGuiInputFlags flags = action.repeats ? ImGuiInputFlags_Repeat : ImGuiInputFlags_None;
    return std::ranges::any_of(
        action.keys, [&](KeyChord key) { return key != 0 && ImGui::IsKeyChordPressed(key, flags, ImGuiKeyOwner_Any); });
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

bool is_enabled(const Action& action, const Session& session) {
    return action.enabled == nullptr || action.enabled(session);
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

void run_keys(Session& session) {
    const bool typing = ImGui::GetIO().WantTextInput;
    const bool popup = is_popup_open();
    // Over a cell a minus begins a number; it is not "slower" then.
    const bool minus_taken = session.ui.panels.takes_digits;
    for (const Action& action : actions()) {
        if ((typing || popup) && !action.anywhere) continue;
        if (minus_taken && action.id == "speed.down") continue;
        if (pressed(action) && is_enabled(action, session)) action.run(session);
    }
    // Tab moves between panes; Dear ImGui would move into the first text field with it. In a field it is the field's.
    if (!typing && !popup) ImGui::SetKeyOwner(ImGuiKey_Tab, ImGui::GetID("convlens keys"));
}

}  // namespace convlens
