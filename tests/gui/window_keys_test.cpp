// Keys, playing, undo; being quick, and quiet when nothing happens.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <variant>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include "app/document/file.h"
#include "app/document/presets.h"
#include "tests/gui/window_driver.h"

namespace convlens {
namespace {

TEST(Window, UndoAndRedoGoBackAndForth) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        const bool flipped = spec(driven).flip_kernel;
        ctx->KeyPress(ImGuiKey_T);
        ctx->Yield();
        EXPECT_NE(spec(driven).flip_kernel, flipped);
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
        ctx->Yield();
        EXPECT_EQ(spec(driven).flip_kernel, flipped);
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Y);
        ctx->Yield();
        EXPECT_NE(spec(driven).flip_kernel, flipped);
        choose(ctx, "Edit/###undo");
        EXPECT_EQ(spec(driven).flip_kernel, flipped);
        choose(ctx, "Edit/###redo");
        EXPECT_NE(spec(driven).flip_kernel, flipped);
    });
}

TEST(Window, DerivedIsOfTheDocumentInEveryFrame) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        for (int i = 0; i < 20; ++i) {
            ctx->KeyPress(i % 3 == 2 ? ImGuiMod_Ctrl | ImGuiKey_Z : ImGuiKey_T);
            EXPECT_EQ(driven.session().derived.document, driven.session().document());
        }
    });
}

TEST(Window, F1ShowsEveryKey) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->KeyPress(ImGuiKey_F1);
        ctx->Yield(20);
        ASSERT_TRUE(is_shown("Keys"));
        EXPECT_EQ(window("Keys").ScrollMax.y, 0) << "it fits";
        driven.screenshot("window_keys");
        ctx->KeyPress(ImGuiKey_Escape);
        ctx->Yield(2);
        EXPECT_FALSE(driven.ui().show_keys);
        EXPECT_FALSE(is_shown("Keys"));
    });
}

TEST(Window, KeysStepThroughTheTimeline) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        const auto step = [&] { return driven.ui().playhead.step; };
        const std::int64_t width = driven.session().derived.layers.front()->output.shape().w;
        ctx->KeyPress(ImGuiKey_RightArrow);
        EXPECT_EQ(step(), 2);
        ctx->KeyPress(ImGuiKey_LeftArrow);
        EXPECT_EQ(step(), 1);
        ctx->KeyPress(ImGuiKey_DownArrow);
        EXPECT_EQ(step(), 1 + width);
        ctx->KeyPress(ImGuiKey_UpArrow);
        EXPECT_EQ(step(), 1);
        ctx->KeyPress(ImGuiKey_End);
        EXPECT_EQ(step(), step_count(driven.session().derived));
        ctx->KeyPress(ImGuiKey_Home);
        EXPECT_EQ(step(), 0);
        ctx->KeyPress(ImGuiKey_LeftArrow);
        EXPECT_EQ(step(), 0);
    });
}

bool is_tip_shown() {
    const ImGuiContext& imgui = *ImGui::GetCurrentContext();
    return std::ranges::any_of(imgui.Windows, [](const ImGuiWindow* window) {
        return (window->Flags & ImGuiWindowFlags_Tooltip) != 0 && window->WasActive && !window->Hidden;
    });
}

// Presenter mode brings other controls under a pointer that nobody moves.
TEST(Window, ATipStaysAwayUntilThePointerMoves) {
    DrivenApp driven;
    driven.ui().show_start_bar = false;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->KeyPress(ImGuiKey_P);
        ctx->Yield(5);
        const ImVec2 there = ctx->ItemInfo("//Timeline/##forward").RectFull.GetCenter();
        ctx->KeyPress(ImGuiKey_P);
        ctx->Yield(5);
        ctx->MouseMoveToPos(there);
        ctx->Yield(60);
        ctx->KeyPress(ImGuiKey_P);
        ctx->Yield(90);
        EXPECT_EQ(ctx->ItemInfo("//Timeline/##forward").ID, ImGui::GetCurrentContext()->HoveredId);
        EXPECT_FALSE(is_tip_shown());
        ctx->MouseMoveToPos({there.x + 2, there.y + 2});
        ctx->Yield(90);
        EXPECT_TRUE(is_tip_shown()) << "whoever moves the pointer wants to know";
    });
}

TEST(Window, SpacePlaysAndPauses) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->MouseMoveToPos({2, 2});
        ctx->KeyPress(ImGuiKey_Space);
        ctx->Yield(120);  // two seconds: two and a half steps
        EXPECT_TRUE(driven.ui().playing);
        EXPECT_EQ(driven.ui().playhead.step, 3);
        ctx->KeyPress(ImGuiKey_Space);
        EXPECT_FALSE(driven.ui().playing);
        EXPECT_EQ(driven.ui().playhead.phase, 0);
    });
}

TEST(Window, WithoutMotionNothingGlides) {
    DrivenApp driven;
    driven.ui().settings.motion = false;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->MouseMoveToPos({2, 2});
        ctx->KeyPress(ImGuiKey_Space);
        for (int i = 0; i < 100; ++i) {
            ctx->Yield();
            ASSERT_EQ(driven.ui().playhead.phase, 0);
        }
        EXPECT_GT(driven.ui().playhead.step, 1);
    });
}

// Letters and digits belong to the field while somebody types in it.
TEST(Window, KeysAreNotTakenFromATextField) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_O);
        ctx->Yield(20);
        ctx->ItemClick("//$FOCUSED/##folder");
        ctx->KeyChars("dgtp");
        ctx->KeyPress(ImGuiKey_D);
        ctx->KeyPress(ImGuiKey_Space);
        ctx->Yield(2);
        EXPECT_TRUE(driven.ui().settings.dark);
        EXPECT_FALSE(driven.ui().playing);
        EXPECT_FALSE(driven.ui().presenter);
    });
}

MarkId input_cell(DrivenApp& driven, std::int64_t y, std::int64_t x) {
    for (const Mark& mark : driven.ui().panels.diagram.scene->marks) {
        const auto* grid = std::get_if<GridMark>(&mark);
        if (grid == nullptr || grid->id.part != Part::input) continue;
        MarkId id = grid->id;
        id.y = y;
        id.x = x;
        return id;
    }
    throw std::runtime_error("there is no input in the picture");
}

double input_value(DrivenApp& driven, const MarkId& cell) {
    return own_input(driven.session().document().layers.front())->at(cell.n, cell.c, cell.y, cell.x);
}

// A window that draws slowly finds the digit, Enter and what follows waiting all at once.
TEST(Window, ADigitAndEnterWithinOneFrameAreBothTaken) {
    DrivenApp driven;
    driven.frames(1);
    const MarkId cell = input_cell(driven, 1, 2), other = input_cell(driven, 2, 0);
    driven.ui().pinned = cell;
    driven.tap(GLFW_KEY_4, 0, '4');
    driven.tap(GLFW_KEY_7, 0, '7');
    driven.tap(GLFW_KEY_ENTER);
    driven.tap(GLFW_KEY_T);
    const bool flipped = spec(driven).flip_kernel;
    driven.frames(1);
    EXPECT_EQ(input_value(driven, cell), 47);
    EXPECT_FALSE(driven.ui().panels.diagram.cell_edit);
    EXPECT_NE(spec(driven).flip_kernel, flipped) << "the letter after Enter is a key again";

    driven.ui().pinned = other;
    const double before = input_value(driven, other);
    driven.tap(GLFW_KEY_6, 0, '6');
    driven.tap(GLFW_KEY_ESCAPE);
    driven.frames(2);
    EXPECT_EQ(input_value(driven, other), before) << "Escape keeps the old number";
    EXPECT_FALSE(driven.ui().panels.diagram.cell_edit);
    EXPECT_TRUE(driven.ui().pinned) << "Escape was the field's";
}

// Ctrl is let go before Z, all within one frame.
TEST(Window, AQuickChordIsTaken) {
    DrivenApp driven;
    const bool flipped = spec(driven).flip_kernel;
    driven.tap(GLFW_KEY_T);
    driven.frames(2);
    EXPECT_NE(spec(driven).flip_kernel, flipped);
    driven.key(GLFW_KEY_LEFT_CONTROL, GLFW_PRESS);
    driven.frames(1);
    driven.key(GLFW_KEY_Z, GLFW_PRESS, GLFW_MOD_CONTROL);
    driven.key(GLFW_KEY_LEFT_CONTROL, GLFW_RELEASE, GLFW_MOD_CONTROL);
    driven.key(GLFW_KEY_Z, GLFW_RELEASE);
    driven.frames(1);
    EXPECT_EQ(spec(driven).flip_kernel, flipped);
    EXPECT_FALSE(driven.session().history.can_undo()) << "once";
}

TEST(Window, WhatIsBeingTypedIsSavedToo) {
    const UserFolders folders;
    DrivenApp driven({}, &folders);
    driven.session().file = (folders.root() / "typed.convlens").string();
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemClick("//Layer/stride/##h");
        ctx->KeyCharsReplace("2");
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_S);
        ctx->Yield(2);
    });
    EXPECT_EQ(spec(driven).stride.h, 2);
    wait_until_saved(driven);
    EXPECT_TRUE(driven.session().named_and_saved());
    EXPECT_EQ(load_document(driven.session().file).layers.front().spec.stride.h, 2);
}

// Nothing plays, nobody is there: no frame is due, ever.
TEST(Window, DrawsNothingWhenIdle) {
    DrivenApp driven;
    const auto start = std::chrono::steady_clock::now();
    while (!std::isinf(driven.app().wait_seconds())) {
        driven.frames(1);
        ASSERT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5)) << "it never comes to rest";
    }
    driven.frames(1);
    EXPECT_TRUE(std::isinf(driven.app().wait_seconds())) << "a frame without cause does not call for another";
}

TEST(Window, NeedsNoFrameWhileAStepRests) {
    DrivenApp driven;
    driven.frames(40);
    driven.ui().playing = true;
    driven.ui().settings.motion = false;
    driven.ui().step_started = ImGui::GetTime();
    driven.frames(1);
    EXPECT_TRUE(std::isfinite(driven.app().wait_seconds()));
}

// 32x32 and 30x30 numbered cells: our own code, up to the finished draw list, is quick.
TEST(Speed, ThousandsOfNumbersAreDrawnQuickly) {
    WindowOptions options;
    options.width = 1920;
    options.height = 1080;
    DrivenApp driven(options);
    Document document = *preset_document("no_padding_no_strides");
    document.layers = {new_layer({document.layers.front().spec, {1, 1, 32, 32}, {}, {}}, false)};
    replace_document(driven.session(), document, verbatim("large"));
    driven.ui().playhead.step = 900;
    driven.ui().show_start_bar = false;
    driven.ui().panels_hidden = true;
    driven.frames(10);
    driven.screenshot("window_many_cells");
    std::size_t numbers = 0;
    for (const Mark& mark : driven.ui().panels.diagram.scene->marks)
        if (const auto* grid = std::get_if<GridMark>(&mark)) numbers += grid->texts.size();
    EXPECT_GE(numbers, 1924U);
    double least = 1e9;
    for (int i = 0; i < 30; ++i) {
        driven.frames(1);
        least = std::min(least, driven.app().build_ms());
    }
    std::printf("%zu numbers: %.2f ms to build a frame\n", numbers, least);
    EXPECT_LT(least, 10);
}

TEST(Paste, MakesALayerOfACallAndUndoTakesItBack) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        const Layer before = driven.session().document().layers[0];
        ImGui::SetClipboardText("self.pool = nn.MaxPool2d(3, stride=2, padding=1)");
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_V);
        ctx->Yield(2);
        EXPECT_EQ(driven.session().document().layers[0].spec.op, Op::max_pool);
        driven.screenshot("window_pooling");
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
        EXPECT_TRUE(driven.session().document().layers[0] == before);
    });
}

// Two pastes, the second of nothing that can be used: what the first one said does not stand beside the refusal.
TEST(Paste, ThatIsRefusedIsNotCalledPasted) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        const auto paste = [&](const char* text) {
            ImGui::SetClipboardText(text);
            ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_V);
            ctx->Yield(2);
        };
        paste("nn.Conv2d(1, 1, 2)");
        EXPECT_TRUE(tells(driven.ui(), "Pasted a layer of PyTorch"));
        const Document pasted = driven.session().document();
        for (const char* text : {"milk, eggs, bread", "nn.Conv2d(1, 1, 3, stride=0)", ""}) {
            paste("nn.Conv2d(1, 1, 2)");
            paste(text);
            EXPECT_FALSE(tells(driven.ui(), "Pasted")) << text;
            ASSERT_EQ(driven.ui().messages.size(), 1U) << text;
            EXPECT_TRUE(driven.ui().messages.front().problem) << text;
            EXPECT_EQ(driven.session().document(), pasted) << text;
        }
    });
}

TEST(Paste, ExplainsWhatIsImpossibleAndWhatIsNoLayer) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        const Layer before = driven.session().document().layers[0];
        ImGui::SetClipboardText("nn.Conv2d(1, 1, 3, stride=0)");
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_V);
        ctx->Yield(2);
        ASSERT_TRUE(driven.ui().draft);
        EXPECT_EQ(driven.ui().draft->problems.front().kind, ErrorKind::bad_stride);
        EXPECT_FALSE(tells(driven.ui(), "Pasted")) << "it was not";
        EXPECT_TRUE(tells(driven.ui(), "is not allowed: The stride must be at least 1; it is 0."));
        driven.screenshot("window_pasted_impossible");
        ImGui::SetClipboardText("milk, eggs, bread");
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_V);
        ctx->Yield(2);
        ASSERT_FALSE(driven.ui().messages.empty());
        EXPECT_EQ(driven.ui().messages.size(), 1U) << "what the first one said is gone";
        EXPECT_TRUE(driven.ui().messages.front().problem);
        EXPECT_TRUE(driven.session().document().layers[0] == before);
    });
}

}  // namespace
}  // namespace convlens
