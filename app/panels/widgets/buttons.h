// Buttons of the panels, for what Dear ImGui has none.
#pragma once

#include <string_view>

#include "app/panels/panels.h"

namespace convlens {

// Two links of a chain, closed or open.
bool chain_button(const PanelContext& context, const char* label, bool closed, Colour hue, float width);

enum class Icon { first, back, play, pause, forward, last, loop };
bool icon_button(const PanelContext& context, const char* label, Icon icon, bool on);

// One of several, side by side: "H|W".
bool switch_button(const PanelContext& context, const char* label, bool on);

// A button whose text breaks into lines where it is wider than the panel. Its id is "##" and the English text.
bool wide_button(const PanelContext& context, const Message& message);

// A cross that closes something, without a box until it is pointed at.
bool cross_button(const char* label);

// Of a button with this text, in pixels.
float button_width(std::string_view text);

}  // namespace convlens
