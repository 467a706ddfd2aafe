#include "app/window/key_feed.h"

#include <algorithm>
#include <array>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <imgui_impl_glfw.h>
#include <imgui_internal.h>

namespace convlens {

namespace {

struct Modifier {
    ImGuiKey key;  // what chords are made of
    int glfw;      // its bit in what GLFW tells with a key
    std::array<ImGuiKey, 2> sides;
    std::array<int, 2> glfw_sides;
};
constexpr std::array kModifiers = {
    Modifier{ImGuiMod_Ctrl,
             GLFW_MOD_CONTROL,
             {ImGuiKey_LeftCtrl, ImGuiKey_RightCtrl},
             {GLFW_KEY_LEFT_CONTROL, GLFW_KEY_RIGHT_CONTROL}},
    Modifier{ImGuiMod_Shift,
             GLFW_MOD_SHIFT,
             {ImGuiKey_LeftShift, ImGuiKey_RightShift},
             {GLFW_KEY_LEFT_SHIFT, GLFW_KEY_RIGHT_SHIFT}},
    Modifier{
        ImGuiMod_Alt, GLFW_MOD_ALT, {ImGuiKey_LeftAlt, ImGuiKey_RightAlt}, {GLFW_KEY_LEFT_ALT, GLFW_KEY_RIGHT_ALT}},
    Modifier{ImGuiMod_Super,
             GLFW_MOD_SUPER,
             {ImGuiKey_LeftSuper, ImGuiKey_RightSuper},
             {GLFW_KEY_LEFT_SUPER, GLFW_KEY_RIGHT_SUPER}},
};

bool is_chord_modifier(ImGuiKey key) { return (key & ImGuiMod_Mask_) != 0; }
bool is_modifier(ImGuiKey key) {
    return is_chord_modifier(key) || (key >= ImGuiKey_LeftCtrl && key <= ImGuiKey_RightSuper);
}

// Is the key down once the first `count` waiting events have happened?
bool is_down(ImGuiKey key, int count) {
    const ImVector<ImGuiInputEvent>& queue = ImGui::GetCurrentContext()->InputEventsQueue;
    for (int i = count - 1; i >= 0; --i)
        if (queue[i].Type == ImGuiInputEventType_Key && queue[i].Key.Key == key) return queue[i].Key.Down;
    return ImGui::GetKeyData(key)->Down;
}

ImGuiInputEvent modifier_event(ImGuiKey key, bool down) {
    ImGuiInputEvent event;
    event.Type = ImGuiInputEventType_Key;
    event.Source = ImGuiInputSource_Keyboard;
    event.EventId = ImGui::GetCurrentContext()->InputEventsNextEventId++;
    event.Key.Key = key;
    event.Key.Down = down;
    event.Key.AnalogValue = down ? 1.0F : 0.0F;
    return event;
}

// The modifier's own keys decide; what GLFW gives with them is the state before on X11 and the one after elsewhere.
bool holds(const Modifier& modifier, int glfw_key, int mods) {
    const int now = ImGui::GetCurrentContext()->InputEventsQueue.Size;
    const bool own = std::ranges::find(modifier.glfw_sides, glfw_key) != modifier.glfw_sides.end();
    return (!own && (mods & modifier.glfw) != 0) || is_down(modifier.sides[0], now) || is_down(modifier.sides[1], now);
}

// A window manager that grabs the keyboard (Alt+Tab, Alt+Space) may keep a modifier's release to itself. The next press
// of another key tells that it is up.
void release_unseen(const Modifier& modifier, int glfw_key, int mods, int at) {
    const bool own = std::ranges::find(modifier.glfw_sides, glfw_key) != modifier.glfw_sides.end();
    if (own || (mods & modifier.glfw) != 0) return;
    ImVector<ImGuiInputEvent>& queue = ImGui::GetCurrentContext()->InputEventsQueue;
    for (const ImGuiKey side : modifier.sides)
        if (is_down(side, at)) queue.insert(queue.begin() + at, modifier_event(side, false));
}

void on_key(GLFWwindow* window, int key, int scancode, int action, int mods) {
    ImVector<ImGuiInputEvent>& queue = ImGui::GetCurrentContext()->InputEventsQueue;
    const int before = queue.Size;
    ImGui_ImplGlfw_KeyCallback(window, key, scancode, action, mods);
    if (action == GLFW_REPEAT) return;  // Dear ImGui repeats keys by its own clock
    const auto added = std::remove_if(queue.begin() + before, queue.end(), [](const ImGuiInputEvent& event) {
        return event.Type == ImGuiInputEventType_Key && is_chord_modifier(event.Key.Key);
    });
    queue.resize(static_cast<int>(added - queue.begin()));
    for (const Modifier& modifier : kModifiers) {
        if (action == GLFW_PRESS) release_unseen(modifier, key, mods, before);
        const bool down = holds(modifier, key, mods);
        if (down != is_down(modifier.key, before))
            queue.insert(queue.begin() + before, modifier_event(modifier.key, down));
    }
}

}  // namespace

void watch_keys(GLFWwindow* window) { glfwSetKeyCallback(window, on_key); }

int events_of_next_frame(std::span<const ImGuiInputEvent> events) {
    bool pressed = false, used = false;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const ImGuiInputEvent& event = events[i];
        if (event.Type == ImGuiInputEventType_Key) {
            const ImGuiKey key = event.Key.Key;
            if (is_chord_modifier(key) && used) return static_cast<int>(i);
            if (is_modifier(key) || !event.Key.Down) continue;
            if (pressed) return static_cast<int>(i);
            pressed = true;
        }
        used |= pressed || event.Type == ImGuiInputEventType_Text || event.Type == ImGuiInputEventType_MouseButton ||
                event.Type == ImGuiInputEventType_MouseWheel;
    }
    return static_cast<int>(events.size());
}

KeyFeed::KeyFeed() = default;
KeyFeed::~KeyFeed() = default;

void KeyFeed::hold_back(bool hold) {
    ImVector<ImGuiInputEvent>& queue = ImGui::GetCurrentContext()->InputEventsQueue;
    constexpr int kMostHolding = 10;
    holding_ = hold && holding_ < kMostHolding ? holding_ + 1 : 0;
    const int taken = holding_ > 0 ? 0 : events_of_next_frame({queue.Data, static_cast<std::size_t>(queue.Size)});
    held_.resize(0);
    for (int i = taken; i < queue.Size; ++i) held_.push_back(queue[i]);
    queue.resize(taken);
}

void KeyFeed::give_back() {
    ImVector<ImGuiInputEvent>& queue = ImGui::GetCurrentContext()->InputEventsQueue;
    for (const ImGuiInputEvent& event : held_) queue.push_back(event);
    held_.resize(0);
}

bool is_input_waiting() {
    const ImVector<ImGuiInputEvent>& queue = ImGui::GetCurrentContext()->InputEventsQueue;
    return std::ranges::any_of(queue, [](const ImGuiInputEvent& event) {
        const bool counts = event.Type == ImGuiInputEventType_Key || event.Type == ImGuiInputEventType_Text ||
                            event.Type == ImGuiInputEventType_MouseButton;
        return counts && !event.AddedByTestEngine;
    });
}

bool is_focus_moving() {
    const ImGuiContext& imgui = *ImGui::GetCurrentContext();
    // A field that has just become active asks for Enter and Escape in its next frame, and gets them from the one after.
    const bool field = imgui.ActiveIdIsJustActivated && imgui.WantTextInputNextFrame == 1;
    return field || imgui.NavMoveSubmitted || imgui.NavInitRequest || imgui.NavNextActivateId != 0;
}

}  // namespace convlens
