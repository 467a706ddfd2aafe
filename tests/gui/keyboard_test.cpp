// Without a mouse: F6 goes through the panels, Esc back to the diagram, and each keeps its keys.
#include <set>
#include <string>

#include "tests/gui/window_driver.h"

namespace convlens {
namespace {

const ImGuiContext& imgui() { return *ImGui::GetCurrentContext(); }

// What settings and layout call it: what stands behind ### of its title.
std::string focused_window() {
    if (imgui().NavWindow == nullptr) return "";
    const std::string name = imgui().NavWindow->RootWindow->Name;
    const std::size_t id = name.find("###");
    return id == std::string::npos ? name : name.substr(id + 3);
}

void press(ImGuiTestContext* ctx, ImGuiKeyChord chord) {
    ctx->KeyPress(chord);
    ctx->Yield(3);
}

// The control that has the frame around it, or 0.
ImGuiID framed() { return imgui().NavCursorVisible ? imgui().NavId : 0; }

TEST(Keyboard, F6GoesThroughTheWindowAndRoundAgain) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        std::vector<std::string> visited;
        for (int i = 0; i < 6; ++i) {
            press(ctx, ImGuiKey_F6);
            visited.push_back(driven.session().keyboard_panel);
            EXPECT_EQ(focused_window(), visited.back());
            EXPECT_NE(framed(), 0U) << visited.back() << ": it can be seen what has the keyboard";
            driven.screenshot("keyboard_" + std::to_string(i));
        }
        EXPECT_EQ(visited, (std::vector<std::string>{"Layer", "Timeline", "Explanation", "Output", "Start bar",
                                                     "##MainMenuBar"}));
        press(ctx, ImGuiKey_F6);
        EXPECT_EQ(driven.session().keyboard_panel, "") << "the diagram";
        EXPECT_EQ(framed(), 0U);
        press(ctx, ImGuiMod_Shift | ImGuiKey_F6);
        EXPECT_EQ(driven.session().keyboard_panel, "##MainMenuBar");
        press(ctx, ImGuiMod_Shift | ImGuiKey_F6);
        press(ctx, ImGuiMod_Shift | ImGuiKey_F6);
        EXPECT_EQ(driven.session().keyboard_panel, "Output");
    });
}

TEST(Keyboard, AfterEscTheDiagramHasItsKeysAgain) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->MouseMoveToPos({2, 2});
        press(ctx, ImGuiKey_F6);
        press(ctx, ImGuiKey_DownArrow);
        press(ctx, ImGuiKey_RightArrow);
        press(ctx, ImGuiKey_Tab);
        EXPECT_EQ(driven.ui().playhead.step, 1) << "those were the panel's";
        press(ctx, ImGuiKey_Escape);
        if (!driven.session().keyboard_panel.empty()) press(ctx, ImGuiKey_Escape);  // Tab went into a field
        for (int i = 0; i < 10; ++i) press(ctx, ImGuiKey_RightArrow);
        EXPECT_EQ(driven.ui().playhead.step, 11);
        press(ctx, ImGuiKey_UpArrow);
        EXPECT_EQ(driven.ui().playhead.step, 7);
        press(ctx, ImGuiKey_Space);
        EXPECT_TRUE(driven.ui().playing);
        press(ctx, ImGuiKey_Space);
        press(ctx, ImGuiKey_C);
        const int pane = driven.ui().pane;
        press(ctx, ImGuiKey_Tab);
        EXPECT_NE(driven.ui().pane, pane);
    });
}

TEST(Keyboard, ASliderIsMovedByArrows) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->MouseMoveToPos({2, 2});
        press(ctx, ImGuiKey_F6);
        const ImGuiID slider = ctx->ItemInfo("//Layer/stride/##slide").ID;
        for (int i = 0; i < 40 && framed() != slider; ++i) press(ctx, ImGuiKey_DownArrow);
        ASSERT_EQ(framed(), slider);
        press(ctx, ImGuiKey_RightArrow);
        EXPECT_EQ(spec(driven).stride.h, 2);
        press(ctx, ImGuiKey_RightArrow);
        EXPECT_EQ(spec(driven).stride.h, 3);
        press(ctx, ImGuiKey_LeftArrow);
        EXPECT_EQ(spec(driven).stride.h, 2);
        EXPECT_EQ(framed(), slider) << "it did not move on";
        press(ctx, ImGuiKey_Space);
        EXPECT_EQ(spec(driven).stride.h, 2) << "the pointer has nothing to say there";
        press(ctx, ImGuiMod_Ctrl | ImGuiKey_Z);
        EXPECT_EQ(spec(driven).stride.h, 3);
    });
}

TEST(Keyboard, AFieldIsReachedAndTypedIn) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        press(ctx, ImGuiKey_F6);
        const ImGuiID field = ctx->ItemInfo("//Layer/kernel/##h").ID;
        for (int i = 0; i < 40 && imgui().ActiveId != field; ++i) press(ctx, ImGuiKey_Tab);
        ASSERT_EQ(imgui().ActiveId, field);
        ctx->KeyChars("3");
        press(ctx, ImGuiKey_Enter);
        EXPECT_EQ(spec(driven).kernel.h, 3);
        EXPECT_EQ(driven.session().keyboard_panel, "Layer") << "and goes on from there";
        press(ctx, ImGuiKey_Escape);
        EXPECT_EQ(driven.session().keyboard_panel, "");
    });
}

TEST(Keyboard, MenusAndListsOpenAndCloseOneAtATime) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        press(ctx, ImGuiMod_Shift | ImGuiKey_F6);
        press(ctx, ImGuiKey_Space);
        EXPECT_EQ(imgui().OpenPopupStack.Size, 1) << "the File menu";
        press(ctx, ImGuiKey_Escape);
        EXPECT_EQ(imgui().OpenPopupStack.Size, 0);
        EXPECT_EQ(driven.session().keyboard_panel, "##MainMenuBar") << "one at a time";
        press(ctx, ImGuiKey_Escape);
        EXPECT_EQ(driven.session().keyboard_panel, "");
    });
}

// After a command of a menu the keys step again, without an Esc.
TEST(Keyboard, ACommandOfAMenuGivesTheDiagramItsKeysBack) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        press(ctx, ImGuiKey_F6);  // into a panel first, which menus give the focus back to
        press(ctx, ImGuiMod_Shift | ImGuiKey_F6);
        press(ctx, ImGuiMod_Shift | ImGuiKey_F6);
        ASSERT_EQ(driven.session().keyboard_panel, "##MainMenuBar");
        for (int i = 0; i < 3; ++i) press(ctx, ImGuiKey_RightArrow);
        const std::string before = driven.session().document().title;
        press(ctx, ImGuiKey_Enter);  // the fourth menu: presets
        ASSERT_EQ(imgui().OpenPopupStack.Size, 1);
        for (int i = 0; i < 3; ++i) press(ctx, ImGuiKey_DownArrow);
        press(ctx, ImGuiKey_Enter);
        ctx->Yield(3);
        ASSERT_NE(driven.session().document().title, before);
        EXPECT_EQ(driven.session().keyboard_panel, "");
        const std::int64_t step = driven.ui().playhead.step;
        press(ctx, ImGuiKey_RightArrow);
        EXPECT_EQ(driven.ui().playhead.step, step + 1);
        press(ctx, ImGuiKey_Space);
        EXPECT_TRUE(driven.ui().playing);
    });
}

TEST(Keyboard, AClickGivesTheDiagramItsKeysBack) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        press(ctx, ImGuiKey_F6);
        ctx->ItemClick("//Timeline/##forward");
        ctx->Yield(2);
        EXPECT_EQ(driven.session().keyboard_panel, "");
        const std::int64_t step = driven.ui().playhead.step;
        press(ctx, ImGuiKey_RightArrow);
        EXPECT_EQ(driven.ui().playhead.step, step + 1);
    });
}

TEST(Keyboard, APanelThatGoesAwayGivesItBack) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        press(ctx, ImGuiKey_F6);
        press(ctx, ImGuiKey_S);  // the side panels are hidden
        EXPECT_EQ(driven.session().keyboard_panel, "");
        press(ctx, ImGuiKey_RightArrow);
        EXPECT_EQ(driven.ui().playhead.step, 2);
    });
}

TEST(Keyboard, ADialogIsWorkedByKeys) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        press(ctx, ImGuiMod_Ctrl | ImGuiKey_O);
        ctx->Yield(5);
        ASSERT_EQ(imgui().OpenPopupStack.Size, 1);
        std::set<ImGuiID> reached;
        for (int i = 0; i < 8; ++i) {
            press(ctx, ImGuiKey_Tab);
            if (framed() != 0) reached.insert(framed());
        }
        EXPECT_GE(reached.size(), 3U) << "its controls, one after the other";
        for (int i = 0; i < 3 && imgui().OpenPopupStack.Size > 0; ++i) press(ctx, ImGuiKey_Escape);
        EXPECT_EQ(imgui().OpenPopupStack.Size, 0);
    });
}

}  // namespace
}  // namespace convlens
