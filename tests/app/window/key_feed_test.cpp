// Every shortcut, pressed as quickly as people and presenters' remotes do, on a window that draws slowly. Keys come in
// through the callback that GLFW calls; Dear ImGui's test engine would put them in behind it.
#include "app/window/key_feed.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <gtest/gtest.h>
#include <imgui_impl_glfw.h>
#include <imgui_internal.h>
#include <misc/cpp/imgui_stdlib.h>

#include "app/document/presets.h"
#include "app/window/actions.h"

ImGuiKey ImGui_ImplGlfw_KeyToImGuiKey(int keycode, int scancode);

namespace convlens {
namespace {

struct KeyEvent {
    double ms = 0;
    int key = 0, action = 0, mods = 0;
    unsigned text = 0;  // the character that comes with it
};

int modifier_bit(int key) {
    if (key == GLFW_KEY_LEFT_CONTROL) return GLFW_MOD_CONTROL;
    return key == GLFW_KEY_LEFT_SHIFT ? GLFW_MOD_SHIFT : 0;
}

// What X11 tells: with each key the modifiers that held before it.
std::vector<KeyEvent> events_of(const std::vector<int>& down, const std::vector<int>& up, double gap) {
    std::vector<KeyEvent> events;
    int mods = 0;
    for (const int key : down) {
        events.push_back({gap * static_cast<double>(events.size()), key, GLFW_PRESS, mods, 0});
        mods |= modifier_bit(key);
    }
    for (const int key : up) {
        events.push_back({gap * static_cast<double>(events.size()), key, GLFW_RELEASE, mods, 0});
        mods &= ~modifier_bit(key);
    }
    return events;
}

// A window of GLFW without a screen, and Dear ImGui as the program sets it up, but for the drawing.
class Keyboard : public testing::Test {
protected:
    void SetUp() override {
        glfwInitHint(GLFW_PLATFORM, GLFW_PLATFORM_NULL);
        ASSERT_EQ(glfwInit(), GLFW_TRUE);
        glfwDefaultWindowHints();
        glfwWindowHint(GLFW_CLIENT_API, GLFW_NO_API);
        window_ = glfwCreateWindow(640, 480, "", nullptr, nullptr);
        ASSERT_NE(window_, nullptr);
        context_ = ImGui::CreateContext();
        ImGui::GetIO().IniFilename = nullptr;
        ImGui::GetIO().BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
        ImGui_ImplGlfw_InitForOther(window_, true);
        watch_keys(window_);
        ImGui::GetIO().DisplaySize = {640, 480};
    }
    void TearDown() override {
        ImGui_ImplGlfw_Shutdown();
        ImGui::DestroyContext(context_);
        glfwDestroyWindow(window_);
        glfwTerminate();
    }

    void send(const KeyEvent& event) {
        const GLFWkeyfun on_key = glfwSetKeyCallback(window_, nullptr);
        glfwSetKeyCallback(window_, on_key);
        on_key(window_, event.key, glfwGetKeyScancode(event.key), event.action, event.mods);
        if (event.text != 0) ImGui_ImplGlfw_CharCallback(window_, event.text);
    }

    // As App::build_frames() does: a frame for what waits, then more until nothing does.
    template <typename Panels>
    void draw(double frame_ms, const Panels& panels) {
        ImGui::GetIO().DeltaTime = static_cast<float>(frame_ms / 1000);
        for (int i = 0; i < 100; ++i) {
            feed_.hold_back(is_focus_moving());
            ImGui::NewFrame();
            feed_.give_back();
            panels();
            ImGui::EndFrame();
            if (!is_input_waiting()) return;
            ImGui::GetIO().DeltaTime = 0.002F;
        }
    }

    // Frames that take frame_ms each. The first begins when the first event wakes the window, and sees no other one.
    std::vector<std::string> ids_pressed(const std::vector<KeyEvent>& events, double frame_ms, bool woken,
                                         const Session& session) {
        std::vector<std::string> ids;
        std::size_t sent = 0;
        for (double now = 0; sent < events.size() || now < 2 * frame_ms; now += frame_ms) {
            while (sent < events.size() && events[sent].ms <= now && !(woken && now == 0 && sent == 1))
                send(events[sent++]);
            draw(frame_ms, [&] {
                for (const Action* action : pressed_actions(session)) ids.emplace_back(action->id);
            });
        }
        for (int i = 0; i < 2; ++i) draw(frame_ms, [] {});
        return ids;
    }

private:
    GLFWwindow* window_ = nullptr;
    ImGuiContext* context_ = nullptr;
    KeyFeed feed_;
};

std::vector<int> keys_of(KeyChord chord) {
    static const std::map<ImGuiKey, int> codes = [] {
        std::map<ImGuiKey, int> all;
        for (int key = GLFW_KEY_SPACE; key <= GLFW_KEY_LAST; ++key)
            all.emplace(ImGui_ImplGlfw_KeyToImGuiKey(key, 0), key);
        return all;
    }();
    std::vector<int> keys;
    if ((chord & ImGuiMod_Ctrl) != 0) keys.push_back(GLFW_KEY_LEFT_CONTROL);
    if ((chord & ImGuiMod_Shift) != 0) keys.push_back(GLFW_KEY_LEFT_SHIFT);
    keys.push_back(codes.at(static_cast<ImGuiKey>(chord & ~ImGuiMod_Mask_)));
    return keys;
}

// Everything that can be possible is: there is something to undo and to redo, a transposed layer of several batch items,
// groups and channels, and two panes.
Session busy_session(Workspace workspace) {
    Document document = *preset_document("no_padding_no_strides_transposed");
    ConvSpec spec = document.layers[0].spec;
    spec.out_channels = 4;
    spec.groups = 2;
    document.layers = {new_layer({spec, {2, 4, 4, 4}, {}, {}}, false)};
    document.panes.push_back(document.panes[0]);
    Session session(document);
    session.ui.edit(msg("workspace"), {}, [workspace](Document& d) { d.workspace = workspace; });
    apply_edits(session);
    session.ui.edit(msg("a"), {}, [](Document& d) { d.step_by = StepBy::channel; });
    apply_edits(session);
    undo(session);
    return session;
}

std::vector<std::string> ids_of(KeyChord chord, const Session& session) {
    std::vector<std::string> ids;
    for (const Action& action : actions())
        if (std::ranges::find(action.keys, chord) != action.keys.end() && is_enabled(action, session))
            ids.emplace_back(action.id);
    return ids;
}

std::vector<KeyChord> all_chords() {
    std::vector<KeyChord> chords;
    for (const Action& action : actions())
        for (const KeyChord chord : action.keys)
            if (chord != 0 && std::ranges::find(chords, chord) == chords.end()) chords.push_back(chord);
    return chords;
}

TEST_F(Keyboard, AnActionOfOneWorkspaceIsPossibleInNoOther) {
    for (const Workspace workspace : {Workspace::grid, Workspace::photo}) {
        const Session session = busy_session(workspace);
        for (const Action& action : actions()) {
            if (action.workspace && *action.workspace != workspace) {
                EXPECT_FALSE(is_enabled(action, session)) << action.id;
            }
        }
        EXPECT_EQ(is_enabled(action("play"), session), workspace == Workspace::grid);
        EXPECT_EQ(is_enabled(action("photo.full"), session), workspace == Workspace::photo);
    }
}

TEST_F(Keyboard, EveryShortcutCountsOnceHoweverQuicklyItIsPressed) {
    const std::vector<Session> sessions = [] {
        std::vector<Session> both;
        for (const Workspace workspace : {Workspace::grid, Workspace::photo}) both.push_back(busy_session(workspace));
        return both;
    }();
    int runs = 0;
    for (const KeyChord chord : all_chords()) {
        const auto session =
            std::ranges::find_if(sessions, [&](const Session& s) { return !ids_of(chord, s).empty(); });
        ASSERT_NE(session, sessions.end()) << "never possible: " << chord;
        const std::vector<std::string> expected = ids_of(chord, *session);
        const std::vector<int> down = keys_of(chord);
        std::vector<int> up = down;
        std::ranges::sort(up);
        do {
            for (const double gap : {0, 10, 50})
                for (const double frame : {10, 100, 500})
                    for (const bool woken : {false, true}) {
                        ++runs;
                        ASSERT_EQ(ids_pressed(events_of(down, up, gap), frame, woken, *session), expected)
                            << "gap " << gap << " ms, frames of " << frame << " ms, first up " << up.front();
                    }
        } while (std::ranges::next_permutation(up).found);
    }
    EXPECT_GT(runs, 1500);
}

// Remote desktops and sticky keys: Ctrl is told with the key, and nobody presses it.
TEST_F(Keyboard, AModifierThatOnlyComesWithTheKeyCounts) {
    const Session session = busy_session(Workspace::grid);
    const std::vector<KeyEvent> sent = {{0, GLFW_KEY_E, GLFW_PRESS, GLFW_MOD_CONTROL, 0},
                                        {0, GLFW_KEY_E, GLFW_RELEASE, GLFW_MOD_CONTROL, 0},
                                        {0, GLFW_KEY_T, GLFW_PRESS, 0, 0},
                                        {0, GLFW_KEY_T, GLFW_RELEASE, 0, 0}};
    EXPECT_EQ(ids_pressed(sent, 100, false, session), (std::vector<std::string>{"export.figure", "turn"}));
}

// A window manager that grabs the keyboard, as for Alt+Tab, keeps a modifier's release to itself.
TEST_F(Keyboard, AModifierWhoseReleaseNeverCameIsUpWithTheNextKey) {
    const Session session = busy_session(Workspace::grid);
    const std::vector<KeyEvent> events{{0, GLFW_KEY_LEFT_ALT, GLFW_PRESS, 0, 0},
                                       {1000, GLFW_KEY_P, GLFW_PRESS, 0, 0},
                                       {1050, GLFW_KEY_P, GLFW_RELEASE, 0, 0},
                                       {1100, GLFW_KEY_P, GLFW_PRESS, 0, 0},
                                       {1150, GLFW_KEY_P, GLFW_RELEASE, 0, 0}};
    EXPECT_EQ(ids_pressed(events, 16, false, session), (std::vector<std::string>{"presenter", "presenter"}));
}

TEST_F(Keyboard, KeysOfOneFrameCountInTheOrderInWhichTheyWerePressed) {
    const Session session = busy_session(Workspace::grid);
    std::vector<KeyEvent> events;
    for (const int key : {GLFW_KEY_END, GLFW_KEY_LEFT, GLFW_KEY_LEFT, GLFW_KEY_T, GLFW_KEY_HOME, GLFW_KEY_RIGHT})
        for (const int action : {GLFW_PRESS, GLFW_RELEASE}) events.push_back({0, key, action, 0, 0});
    EXPECT_EQ(ids_pressed(events, 500, false, session),
              (std::vector<std::string>{"step.last", "step.back", "step.back", "turn", "step.first", "step.forward"}));
}

// Rolled keys: the next key goes down before the last one is up, and the chord's Ctrl is up in between.
TEST_F(Keyboard, AChordAndALetterThatOverlapAreBothTaken) {
    const Session session = busy_session(Workspace::grid);
    const std::vector<KeyEvent> events = {{0, GLFW_KEY_LEFT_CONTROL, GLFW_PRESS, 0, 0},
                                          {0, GLFW_KEY_S, GLFW_PRESS, GLFW_MOD_CONTROL, 0},
                                          {0, GLFW_KEY_LEFT_CONTROL, GLFW_RELEASE, GLFW_MOD_CONTROL, 0},
                                          {0, GLFW_KEY_L, GLFW_PRESS, 0, 0},
                                          {0, GLFW_KEY_S, GLFW_RELEASE, 0, 0},
                                          {0, GLFW_KEY_L, GLFW_RELEASE, 0, 0}};
    EXPECT_EQ(ids_pressed(events, 100, false, session), (std::vector<std::string>{"save", "loop"}));
}

TEST_F(Keyboard, AFieldGetsItsTextAndItsChordsFromOneSlowFrame) {
    const Session session = busy_session(Workspace::grid);
    std::string text;
    std::vector<std::string> ids;
    bool focus = true, entered = false;
    const auto panels = [&] {
        for (const Action* action : pressed_actions(session)) ids.emplace_back(action->id);
        ImGui::Begin("panel");
        if (std::exchange(focus, false)) ImGui::SetKeyboardFocusHere();
        entered |= ImGui::InputText("field", &text, ImGuiInputTextFlags_EnterReturnsTrue);
        ImGui::End();
    };
    draw(100, panels);
    const auto tap = [&](int key, int mods, unsigned character) {
        send({0, key, GLFW_PRESS, mods, character});
        send({0, key, GLFW_RELEASE, mods, 0});
    };
    for (const char c : std::string("sdt")) tap(c - 'a' + GLFW_KEY_A, 0, static_cast<unsigned char>(c));
    for (const KeyEvent& event : events_of({GLFW_KEY_LEFT_CONTROL, GLFW_KEY_A}, {GLFW_KEY_LEFT_CONTROL, GLFW_KEY_A}, 0))
        send(event);
    for (const char c : std::string("lpg")) tap(c - 'a' + GLFW_KEY_A, 0, static_cast<unsigned char>(c));
    for (const KeyEvent& event : events_of({GLFW_KEY_LEFT_CONTROL, GLFW_KEY_Z}, {GLFW_KEY_LEFT_CONTROL, GLFW_KEY_Z}, 0))
        send(event);
    for (const char c : std::string("bm")) tap(c - 'a' + GLFW_KEY_A, 0, static_cast<unsigned char>(c));
    tap(GLFW_KEY_ENTER, 0, 0);
    for (int i = 0; i < 3; ++i) draw(500, panels);
    EXPECT_EQ(text, "lpbm") << "all replaced by lpg, the g undone";
    EXPECT_TRUE(entered);
    EXPECT_TRUE(ids.empty()) << "the first of them is " << (ids.empty() ? "" : ids.front());
}

// Ctrl and a letter is never text; what fields do with it themselves is theirs.
TEST_F(Keyboard, ChordsThatNoFieldUsesAreShortcutsWhileTyping) {
    const Session session = busy_session(Workspace::grid);
    std::string text;
    std::vector<std::string> ids;
    bool focus = true;
    const auto panels = [&] {
        for (const Action* action : pressed_actions(session)) ids.emplace_back(action->id);
        ImGui::Begin("panel");
        if (std::exchange(focus, false)) ImGui::SetKeyboardFocusHere();
        ImGui::InputText("field", &text);
        ImGui::End();
    };
    for (int i = 0; i < 3; ++i) draw(100, panels);
    for (const int key : {GLFW_KEY_S, GLFW_KEY_V, GLFW_KEY_Z, GLFW_KEY_E, GLFW_KEY_Y})
        for (const KeyEvent& event : events_of({GLFW_KEY_LEFT_CONTROL, key}, {GLFW_KEY_LEFT_CONTROL, key}, 0))
            send(event);
    draw(100, panels);
    EXPECT_EQ(ids, (std::vector<std::string>{"save", "export.figure"}));
}

TEST_F(Keyboard, AQuickTurnOfTheWheelKeepsItsModifier) {
    send({0, GLFW_KEY_LEFT_CONTROL, GLFW_PRESS, 0, 0});
    draw(100, [] {});
    ImGui::GetIO().AddMouseWheelEvent(0, 1);
    send({0, GLFW_KEY_LEFT_CONTROL, GLFW_RELEASE, GLFW_MOD_CONTROL, 0});
    std::vector<bool> with_ctrl;
    for (int i = 0; i < 3; ++i)
        draw(100, [&] {
            if (ImGui::GetIO().MouseWheel != 0) with_ctrl.push_back(ImGui::GetIO().KeyCtrl);
        });
    EXPECT_EQ(with_ctrl, std::vector<bool>{true});
}

// The right Ctrl is still down when the left one goes up.
TEST_F(Keyboard, TwoKeysOfAModifierAreOneModifier) {
    const Session session = busy_session(Workspace::grid);
    const std::vector<KeyEvent> events = {{0, GLFW_KEY_LEFT_CONTROL, GLFW_PRESS, 0, 0},
                                          {0, GLFW_KEY_RIGHT_CONTROL, GLFW_PRESS, GLFW_MOD_CONTROL, 0},
                                          {0, GLFW_KEY_LEFT_CONTROL, GLFW_RELEASE, GLFW_MOD_CONTROL, 0},
                                          {0, GLFW_KEY_N, GLFW_PRESS, GLFW_MOD_CONTROL, 0},
                                          {0, GLFW_KEY_N, GLFW_RELEASE, GLFW_MOD_CONTROL, 0},
                                          {0, GLFW_KEY_RIGHT_CONTROL, GLFW_RELEASE, GLFW_MOD_CONTROL, 0},
                                          {0, GLFW_KEY_L, GLFW_PRESS, 0, 0},
                                          {0, GLFW_KEY_L, GLFW_RELEASE, 0, 0}};
    EXPECT_EQ(ids_pressed(events, 100, false, session), (std::vector<std::string>{"new", "loop"}));
}

}  // namespace
}  // namespace convlens
