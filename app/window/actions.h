// Everything a key or a menu item does, as one table: menus, keys and the F1 overlay all read it.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/session/session.h"
#include "core/text/message.h"

namespace convlens {

// A key with modifiers: an ImGuiKey, or'ed with ImGuiMod_ values (an ImGuiKeyChord).
using KeyChord = int;

struct Action {
    std::string_view id;  // "step.forward"
    Key group;            // heading in the F1 overlay
    Key title;
    std::array<KeyChord, 4> keys{};  // any of them; the first is the one that is shown
    void (*run)(Session&) = nullptr;
    std::optional<Workspace> workspace = {};    // the only one in which it is possible; nothing: in all
    bool (*enabled)(const Session&) = nullptr;  // nullptr: always there
    bool (*checked)(const Session&) = nullptr;  // menu items with a tick
    bool repeats = false;                       // while the key is held down
    bool told_before = false;                   // by the title of the action before it, in the F1 overlay
    bool anywhere = false;                      // also while a text field is typed in, or a popup is open
};

// In the order of the overlay: groups stand together.
std::span<const Action> actions();

// Precondition: the id is one of the table's.
const Action& action(std::string_view id);

// Is it an action of the workspace that is shown?
bool is_of_workspace(const Action& action, const Session& session);
bool is_enabled(const Action& action, const Session& session);

// A menu, a dialog, the overlay: keys belong to it.
bool is_popup_open();

// "Ctrl+Z", "→", "Space"; empty without a key.
std::string key_text(const Action& action);

// The actions whose keys were pressed in this frame, and which are possible now.
std::vector<const Action*> pressed_actions(const Session& session);

// Runs them. Call between ImGui::NewFrame() and the panels.
void run_keys(Session& session);

}  // namespace convlens
