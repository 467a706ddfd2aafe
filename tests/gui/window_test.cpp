// The window as a whole: how it starts, its start bar, menus, themes and sizes.
#include <chrono>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include "app/document/presets.h"
#include "app/window/actions.h"
#include "tests/gui/window_driver.h"

namespace convlens {
namespace {

TEST(Window, FirstStartRestsAtTheFirstOutputWithTheStartBar) {
    DrivenApp driven;
    EXPECT_EQ(driven.session().document(), first_document());
    EXPECT_EQ(driven.ui().playhead.step, 1);
    EXPECT_FALSE(driven.ui().playing);
    EXPECT_TRUE(driven.ui().show_start_bar);
    driven.screenshot("window_first_start");
}

TEST(Window, FirstFrameIsThereWithinHalfASecond) {
    const double before = ImGui::GetCurrentContext() == nullptr ? 0 : -1;
    ASSERT_EQ(before, 0);
    const auto start = std::chrono::steady_clock::now();
    UserFolders folders;
    DrivenApp driven({}, &folders);  // draws three frames
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    RecordProperty("seconds", std::to_string(seconds.count()));
    EXPECT_LT(seconds.count(), 1.0) << "three frames and the test engine";
}

TEST(Window, ItsCornerFollowsItOverTheScreen) {
    DrivenApp driven;
    GlfwWindow& window = driven.app().window();
    for (const Point corner : {Point{40, 30}, Point{7, 90}}) {
        glfwSetWindowPos(window.handle(), static_cast<int>(corner.x), static_cast<int>(corner.y));
        for (int i = 0; i < 200 && window.corner() != corner; ++i) {  // X tells it later
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            glfwPollEvents();
        }
        EXPECT_EQ(window.corner().x, corner.x);
        EXPECT_EQ(window.corner().y, corner.y);
        EXPECT_EQ(static_cast<float>(window.place().x), corner.x);
        EXPECT_EQ(static_cast<float>(window.place().y), corner.y);
    }
}

TEST(Window, StartSlideAKernelPlays) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        click_start(ctx, "Slide a kernel");
        EXPECT_EQ(driven.session().document().layers, preset_document("no_padding_no_strides")->layers);
        EXPECT_TRUE(driven.ui().playing);
        EXPECT_FALSE(driven.ui().show_start_bar);
        ctx->MouseMoveToPos({2, 2});
        ctx->Yield(200);
        EXPECT_GT(driven.ui().playhead.step, 1);
    });
}

TEST(Window, StartTransposedShowsATransposedLayer) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) { click_start(ctx, "Transposed"); });
    EXPECT_NE(own_input(driven.session().document().layers.front())->at(0, 0, 0, 0), 0) << "a stamp of zeros";
    EXPECT_EQ(spec(driven).op, Op::conv_transpose);
    driven.screenshot("window_transposed");
}

TEST(Window, StartWhyThisSizeLeavesARemainder) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) { click_start(ctx, "Why this size?"); });
    const AxisShape& rows = driven.session().derived.layers.front()->h;
    EXPECT_NE(rows.numerator % rows.stride, 0);
    EXPECT_FALSE(driven.ui().playing);
    driven.screenshot("window_why_this_size");
}

TEST(Window, StartOpenAPhotoShowsTheSampleAndAsksForAFile) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        click_start(ctx, "Open a photo");
        EXPECT_EQ(driven.session().document().workspace, Workspace::photo);
        EXPECT_TRUE(driven.session().document().photo.path.empty());
        IM_CHECK(ctx->ItemExists("//$FOCUSED/Cancel"));
        ctx->ItemClick("//$FOCUSED/Cancel");
        ctx->Yield(60);
        driven.screenshot("window_photo");
    });
}

TEST(Window, StartCompareShowsThePanesSideBySide) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) { click_start(ctx, "Compare conv2 \\/ xcorr2"); });
    EXPECT_EQ(driven.session().document().panes.size(), 3U);
    driven.screenshot("window_compare");
}

// Beside the side panels three panes would have no room for numbers.
TEST(Window, SeveralPanesTakeTheRoomOfTheSidePanelsInANarrowWindow) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        click_start(ctx, "Compare conv2 \\/ xcorr2");
        EXPECT_FALSE(is_shown("Layer"));
        ctx->KeyPress(ImGuiKey_S);
        ctx->Yield(2);
        EXPECT_TRUE(is_shown("Layer"));
        choose(ctx, "View/###wide");
        EXPECT_FALSE(is_shown("Layer"));
    });
}

TEST(Window, SeveralPanesStandBesideTheSidePanelsInAWideWindow) {
    WindowOptions options;
    options.width = 1920;
    options.height = 1080;
    DrivenApp driven(options);
    driven.drive([&](ImGuiTestContext* ctx) {
        click_start(ctx, "Compare conv2 \\/ xcorr2");
        EXPECT_TRUE(is_shown("Layer"));
        EXPECT_EQ(driven.ui().pane, 0);
        ctx->KeyPress(ImGuiKey_Tab);
        EXPECT_EQ(driven.ui().pane, 1);
        ctx->KeyPress(ImGuiMod_Shift | ImGuiKey_Tab);
        EXPECT_EQ(driven.ui().pane, 0);
    });
    driven.screenshot("window_compare_1080");
}

TEST(Window, ScaleChangesTypeAndPanelsTogether) {
    WindowOptions options;
    options.width = 1920;
    options.height = 1080;
    DrivenApp driven(options);
    driven.drive([&](ImGuiTestContext* ctx) {
        const float width = window("Layer").Size.x;
        for (int i = 0; i < 5; ++i) ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Equal);
        ctx->Yield(3);
        EXPECT_NEAR(ImGui::GetStyle().FontSizeBase, 24, 0.5F);
        EXPECT_NEAR(window("Layer").Size.x, width * 1.5F, 3);
        driven.screenshot("window_scale_150");
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_0);
        ctx->Yield(3);
        EXPECT_NEAR(window("Layer").Size.x, width, 3);
    });
}

TEST(Window, TypeTooLargeForTheWindowHidesTheSidePanelsAsLongAsItIs) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        for (int i = 0; i < 5; ++i) ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Equal);
        ctx->Yield(3);
        EXPECT_FALSE(is_shown("Layer"));
        driven.screenshot("window_large_type");
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_0);
        ctx->Yield(3);
        EXPECT_TRUE(is_shown("Layer"));
    });
}

TEST(Window, TheStartBarCanBeClosedAndBroughtBack) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->SetRef("Start bar");
        ctx->ItemClick("###close start bar");
        EXPECT_FALSE(driven.ui().show_start_bar);
        choose(ctx, "Help/Start bar");
        EXPECT_TRUE(driven.ui().show_start_bar);
    });
}

TEST(Window, ThemeSwitchChangesColours) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ASSERT_TRUE(driven.ui().settings.dark);
        const float dark = ImGui::GetStyle().Colors[ImGuiCol_WindowBg].x;
        ctx->KeyPress(ImGuiKey_D);
        ctx->Yield(2);
        EXPECT_FALSE(driven.ui().settings.dark);
        EXPECT_GT(ImGui::GetStyle().Colors[ImGuiCol_WindowBg].x, dark + 0.5F);
        driven.screenshot("window_light");
        ctx->SetRef("##MainMenuBar");
        ctx->ItemClick("##MenuBar/###theme");
        EXPECT_TRUE(driven.ui().settings.dark);
    });
}

// At two sizes: no text is smaller than a 45th of the window's height, menu and timeline included.
TEST(Window, PresenterModeHasLargeTypeOnly) {
    for (const auto& [width, height] : {std::pair(1280, 720), std::pair(1920, 1080)}) {
        WindowOptions options;
        options.width = width;
        options.height = height;
        DrivenApp driven(options);
        driven.drive([&](ImGuiTestContext* ctx) {
            ctx->KeyPress(ImGuiKey_P);
            ctx->Yield(4);
            EXPECT_GE(driven.smallest_text(), static_cast<float>(height) / 45);
            EXPECT_FALSE(is_shown("Layer"));
            driven.screenshot("window_presenter_" + std::to_string(height));
            ctx->KeyPress(ImGuiKey_Escape);
            for (int i = 0; i < 2 && driven.ui().presenter; ++i) ctx->KeyPress(ImGuiKey_Escape);
            ctx->Yield(4);
            EXPECT_FALSE(driven.ui().presenter);
            EXPECT_TRUE(is_shown("Layer"));
        });
    }
}

TEST(Window, PresenterModeAndBackLeavesTheLayoutAsItWas) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        const ImVec2 before = window("Layer").Size;
        for (int i = 0; i < 4; ++i) {
            ctx->KeyPress(ImGuiKey_P);
            ctx->Yield(4);
        }
        const ImVec2 after = window("Layer").Size;
        EXPECT_NEAR(after.x, before.x, 2);
        EXPECT_NEAR(after.y, before.y, 2);
    });
}

// Its keys, too: a comparison, or what hides the panels elsewhere.
TEST(Window, PresenterModeHidesNoPanelOfTheOrdinaryArrangement) {
    for (const ImGuiKey key : {ImGuiKey_C, ImGuiKey_S, ImGuiKey_R, ImGuiKey_B, ImGuiKey_T}) {
        DrivenApp driven;
        driven.drive([&](ImGuiTestContext* ctx) {
            ASSERT_TRUE(is_shown("Layer"));
            ctx->KeyPress(ImGuiKey_P);
            ctx->Yield(4);
            ctx->KeyPress(key);
            ctx->Yield(4);
            EXPECT_FALSE(is_shown("Layer"));
            ctx->KeyPress(ImGuiKey_P);
            ctx->Yield(4);
            for (const char* panel : {"Layer", "Explanation"})
                EXPECT_TRUE(is_shown(panel)) << panel << ", key " << ImGui::GetKeyName(key);
        });
    }
}

// What the user hid before stays hidden, and what is hidden for room is hidden by the room that there is afterwards.
TEST(Window, PresenterModeShowsNoPanelThatWasHidden) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->KeyPress(ImGuiKey_S);
        ctx->Yield(2);
        ASSERT_FALSE(is_shown("Layer"));
        for (const ImGuiKey key : {ImGuiKey_P, ImGuiKey_C, ImGuiKey_P}) ctx->KeyPress(key);
        ctx->Yield(4);
        EXPECT_FALSE(is_shown("Layer"));
        ctx->KeyPress(ImGuiKey_S);
        ctx->Yield(4);
        EXPECT_TRUE(is_shown("Layer"));
    });
}

TEST(Window, EveryLayerPresetOpensFromTheMenu) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        for (const PresetInfo& preset : presets()) {
            if (!has_document(preset)) continue;
            choose(ctx, ("Presets/###" + preset.name).c_str());
            EXPECT_EQ(driven.session().document().layers, preset_document(preset.name)->layers) << preset.name;
        }
    });
}

TEST(Window, PanelsCloseAndComeBackFromTheViewMenu) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        choose(ctx, "View/Panels/Explanation");
        EXPECT_FALSE(is_shown("Explanation"));
        driven.screenshot("window_without_explanation");
        choose(ctx, "View/Panels/Explanation");
        EXPECT_TRUE(is_shown("Explanation"));
        choose(ctx, "View/Panels/Size ruler");
        EXPECT_TRUE(is_shown("Size ruler"));
    });
}

TEST(Window, RunsOnOpenGl33AndSaysWhatThatMeans) {
    WindowOptions options;
    options.newest_gl = 33;
    DrivenApp driven(options);
    EXPECT_EQ(driven.app().window().gl_version(), 33);
    driven.screenshot("window_gl33");
}

}  // namespace
}  // namespace convlens
