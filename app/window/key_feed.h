// Input as it came, in frames that cannot confuse it. Dear ImGui reads Ctrl, Shift and Alt once a frame, as they are at
// the end of the frame's events. When a frame takes long, or a presenter's remote sends a whole chord at once, "Ctrl down,
// S down, Ctrl up, S up" would be one frame with an S and no Ctrl. KeyFeed parts the events:
//
//     events     Ctrl down, S down | Ctrl up, S up, A down, A up | B down, B up
//     frames     Ctrl+S              A                             B
//
// A frame takes one press of a key at most, with the modifiers that held when the key went down, and its text; and no
// change of a modifier after a press, a click or a turn of the wheel.
#pragma once

#include <span>

#include <imgui.h>

struct GLFWwindow;
struct ImGuiInputEvent;

namespace convlens {

// Puts a key callback over Dear ImGui's own: the modifiers of a press are those that GLFW gives with it, so that a key
// sent with a modifier that nobody holds down (sticky keys, remote desktops) counts, too. Dear ImGui asks for the state
// of the keyboard instead. Call after ImGui_ImplGlfw_Init…().
void watch_keys(GLFWwindow* window);

// How many of the waiting events, oldest first, the next frame takes.
int events_of_next_frame(std::span<const ImGuiInputEvent> events);

class KeyFeed {
public:
    KeyFeed();
    ~KeyFeed();
    KeyFeed(const KeyFeed&) = delete;
    KeyFeed& operator=(const KeyFeed&) = delete;

    // Around ImGui::NewFrame(). `hold`: this frame takes no event at all, because a field is about to get the keyboard.
    // Ten frames in a row at most: what never comes to have the keyboard does not keep it from everything else.
    void hold_back(bool hold);
    void give_back();

private:
    ImVector<ImGuiInputEvent> held_;
    int holding_ = 0;  // frames in a row without an event
};

// A person's events are still waiting; those of the test engine come one a frame by themselves.
bool is_input_waiting();

// A field, a menu or a dialog gets the keyboard in one of the next frames: keys that are pressed now are meant for it.
bool is_focus_moving();

}  // namespace convlens
