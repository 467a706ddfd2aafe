// The keyboard on controls of our own. Dear ImGui's move by themselves.
#pragma once

namespace convlens {

// The item before has the keyboard, and ← or → was pressed: -1 or 1 step of its value, else 0. Takes both keys away from
// the moving of the focus while the item has it; ↑, ↓ and Tab go on.
int arrow_steps();

}  // namespace convlens
