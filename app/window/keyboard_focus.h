// Who has the keyboard: the diagram, whose arrows, Space and Tab step and play; or, after F6, a panel, in which they move
// from control to control with a frame around the one they are on. Esc, a click, or the panel's going away give it back.
#pragma once

#include "app/session/session.h"

namespace convlens {

// The next of: the diagram, the panels that are open, the start bar, the menus; and around again. `by` 1 or -1.
void move_keyboard(Session& session, int by);

void return_keyboard(Session& session);  // to the diagram

// Between ImGui::NewFrame() and the panels, after the keys: lets Dear ImGui use the keyboard in the next frame where a
// panel or a dialog has it, and notices that it is to go back.
void update_keyboard(Session& session);
// The window that had the keyboard has it again, after a menu or a list over it was closed.
void refocus_keyboard(const Session& session);

// The arrows, Space, Tab and so on, which a panel that has the keyboard uses itself. `chord` as in actions.h.
bool is_of_panels(int chord);

}  // namespace convlens
