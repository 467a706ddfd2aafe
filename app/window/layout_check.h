// Is a layout one that this program wrote? Dear ImGui builds its tree of docked panels from layout.ini without looking: an
// id that is there twice, a child before its parent or a split without children ends the program at every start. So a
// layout is read strictly first, and refused as a whole when anything in it is not as SaveIniSettingsToMemory() writes it.
#pragma once

#include <optional>
#include <string_view>

#include <imgui.h>

#include "core/text/message.h"

namespace convlens {

// The space that all panels are docked in, and its id in layouts. Ids follow from names.
inline constexpr const char* kDockSpace = "convlens dock space";  // no words: an id
ImGuiID dock_space_id();

// What is wrong with the text, as a clause for a sentence ("line 41 …", lines count from 1); nothing when it can be handed
// to Dear ImGui. Checked: every line's form; ids are unique, none is 0; a parent comes before its children; a node is
// split exactly when it has children, and then it has two; each tree that fills the window has one central node, a leaf;
// one dock space; sizes are 1 to 32,767 pixels. A panel may name a node that is not there any more, but no split one.
std::optional<Message> layout_fault(std::string_view text);

}  // namespace convlens
