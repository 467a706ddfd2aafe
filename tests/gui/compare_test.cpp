// Layers side by side, and there and back.
#include "app/document/compare.h"
#include "app/session/files.h"
#include "core/text/ascii.h"
#include "tests/gui/panels_driver.h"

namespace convlens {
namespace {

const Document& document(DrivenApp& driven) { return driven.session().document(); }

void compare_with(ImGuiTestContext* ctx, const char* item) {
    ctx->ItemClick("//Layer/Compare with…");
    ctx->ItemClick((std::string("//$FOCUSED/") + item).c_str());
    ctx->Yield(3);
}

TEST(Compare, TheButtonPutsTheTurnedLayerBesideAndParametersSpeakToIt) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        compare_with(ctx, "conv2: kernel flipped");
        ASSERT_EQ(document(driven).panes.size(), 2U);
        EXPECT_EQ(driven.ui().pane, 1);
        EXPECT_TRUE(document(driven).layers[1].spec.flip_kernel);
        ctx->ItemInputValue("//Layer/stride/##h", "2");
        EXPECT_EQ(document(driven).layers[1].spec.stride, (Size2{2, 2}));
        EXPECT_EQ(document(driven).layers[0].spec.stride, (Size2{1, 1})) << "each pane is set by itself";
        driven.screenshot("compare_turned");
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
        ctx->Yield(2);
        EXPECT_EQ(document(driven).panes.size(), 1U) << "one step of undo";
    });
}

TEST(Compare, KeysPutACopyBesideAndCloseIt) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->MouseMoveToPos({2, 2});
        ctx->KeyPress(ImGuiKey_C);
        ctx->KeyPress(ImGuiKey_C);
        ctx->Yield(2);
        EXPECT_EQ(document(driven).panes.size(), 3U);
        ctx->KeyPress(ImGuiKey_C);
        ctx->Yield(2);
        EXPECT_EQ(document(driven).panes.size(), 3U) << "no room for a fourth";
        ctx->KeyPress(ImGuiMod_Shift | ImGuiKey_C);
        ctx->KeyPress(ImGuiMod_Shift | ImGuiKey_C);
        ctx->KeyPress(ImGuiMod_Shift | ImGuiKey_C);
        ctx->Yield(2);
        EXPECT_EQ(document(driven).panes.size(), 1U) << "the last stays";
        EXPECT_EQ(document(driven).layers.size(), 1U);
    });
}

TEST(Compare, AClickPicksThePaneAndItsCrossClosesIt) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        compare_with(ctx, "conv2: kernel flipped");
        const ImRect picture = ctx->ItemInfo("//Diagram/##picture").RectFull;
        ctx->MouseMoveToPos({picture.Min.x + 12, picture.Max.y - 12});
        ctx->MouseClick();
        ctx->Yield(2);
        EXPECT_EQ(driven.ui().pane, 0);
        ctx->ItemClick("//Diagram/$$0/###close");
        ctx->Yield(2);
        ASSERT_EQ(document(driven).panes.size(), 1U);
        EXPECT_TRUE(document(driven).layers[0].spec.flip_kernel) << "the second is left";
    });
}

TEST(Compare, ANumberGoesToBothUntilTheyAreEditedApart) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        compare_with(ctx, "an identical copy");
        ctx->MouseMoveToPos(cell_at(ctx, driven, Part::input, 1, 1, 1));
        ctx->MouseWheelY(1);
        ctx->Yield(2);
        EXPECT_EQ(own_input(document(driven).layers[0])->at(0, 0, 1, 1), 6);
        EXPECT_EQ(own_input(document(driven).layers[1])->at(0, 0, 1, 1), 6);
        ctx->ItemClick("//Explanation/compared/###together");
        ctx->Yield(2);
        ctx->MouseMoveToPos(cell_at(ctx, driven, Part::input, 1, 1, 1));
        ctx->MouseWheelY(1);
        ctx->Yield(2);
        EXPECT_EQ(own_input(document(driven).layers[0])->at(0, 0, 1, 1), 6);
        EXPECT_EQ(own_input(document(driven).layers[1])->at(0, 0, 1, 1), 7);
        driven.screenshot("compare_apart");
    });
}

TEST(Compare, PointingAtAnOutputLightsItInBothPanes) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        compare_with(ctx, "conv2: kernel flipped");
        ctx->MouseMoveToPos(cell_at(ctx, driven, Part::output, 2, 1, 1));
        ctx->Yield(3);
        EXPECT_TRUE(lit_at(picture(driven), Part::output, 0, 2, 1));
        EXPECT_TRUE(lit_at(picture(driven), Part::output, 1, 2, 1));
    });
}

TEST(Compare, ShowGoesToTheFirstCellThatDiffersInBothPanes) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        compare_with(ctx, "an identical copy");
        ctx->ItemInputValue("//Layer/padding/##h", "1");
        ctx->ItemClick("//Explanation/compared/###together");
        ctx->MouseMoveToPos(cell_at(ctx, driven, Part::input, 1, 1, 1));
        ctx->MouseWheelY(1);
        ctx->Yield(3);
        const auto& shown = driven.ui().panels.explanation.comparisons[0];
        ASSERT_TRUE(shown.cell);
        EXPECT_EQ(shown.difference.differing, 4) << "the cell is read by four windows";
        EXPECT_EQ(english(shown.cell->why), "1 input cell differs, the first at input[1, 1]: 5 vs 6.");
        ctx->ItemClick("//Explanation/compared/Show###show difference");
        ctx->Yield(3);
        EXPECT_EQ(driven.ui().playhead.step, 1 * 4 + 1 + 1);
        ctx->MouseMoveToPos({2, 2});
        ctx->Yield(3);
        EXPECT_TRUE(lit_at(picture(driven), Part::output, 0, 1, 1));
        EXPECT_TRUE(lit_at(picture(driven), Part::output, 1, 1, 1));
        driven.screenshot("compare_show");
    });
}

// Without the side panels the line below the picture says what differs, and leads there.
TEST(Compare, WithoutPanelsALineBelowThePictureGoesToTheFirstCellThatDiffers) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        compare_with(ctx, "border replicate");
        EXPECT_FALSE(ctx->ItemExists("//Diagram/compared line/###0")) << "Explain says it";
        ctx->MouseMoveToPos({2, 2});
        for (const ImGuiKey key : {ImGuiKey_S, ImGuiKey_P}) {
            ctx->KeyPress(key);
            ctx->Yield(3);
            ctx->ItemClick("//Diagram/compared line/###0");
            ctx->Yield(3);
            EXPECT_EQ(driven.ui().playhead.step, 1);
            ASSERT_TRUE(driven.ui().pinned);
            EXPECT_EQ(driven.ui().pinned->part, Part::output);
            ctx->MouseMoveToPos({2, 2});
            ctx->Yield(3);
            EXPECT_TRUE(lit_at(picture(driven), Part::output, 0, 0, 0));
            EXPECT_TRUE(lit_at(picture(driven), Part::output, 1, 0, 0));
            ctx->KeyPress(ImGuiKey_Escape);
        }
        driven.screenshot("compare_line");
    });
}

TEST(Compare, TheDifferencePointsAtBothOutputs) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        compare_with(ctx, "border replicate");
        const ImRect difference = ctx->ItemInfo("//Explanation/compared/##difference").RectFull;
        ctx->MouseMoveToPos({difference.Min.x + 10, difference.Min.y + 10});
        ctx->Yield(3);
        ASSERT_TRUE(driven.ui().hover);
        EXPECT_EQ(driven.ui().hover->part, Part::output);
        EXPECT_TRUE(lit_at(picture(driven), Part::output, 0, 0, 0));
        EXPECT_TRUE(lit_at(picture(driven), Part::output, 1, 0, 0));
        driven.screenshot("compare_difference");
    });
}

TEST(Compare, OfThreePanesOneChoosesTheOther) {
    WindowOptions options;
    options.width = 1900;
    options.height = 1000;
    DrivenApp driven(options);
    open_preset(driven.session(), "turn-and-reflections", verbatim("preset"));
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->Yield(5);
        EXPECT_EQ(english(driven.ui().panels.explanation.comparisons[0].cell->why),
                  "The kernel is mirrored left-right: its columns are reversed.");
        choose(ctx, "//Explanation/compared/##against", "3: columns reversed##2");
        ctx->Yield(3);
        EXPECT_EQ(english(driven.ui().panels.explanation.comparisons[1].cell->why),
                  "The kernel is mirrored up-down: its rows are reversed.");
        driven.screenshot("compare_three");
        EXPECT_TRUE(ctx->ItemExists("//Explanation/compared/###together"));
    });
}

// Zoomed in, an output does not reach into the pane beside it: neither on the screen nor for the pointer.
TEST(Compare, ZoomedPanesKeepToThemselves) {
    DrivenApp driven;
    driven.ui().settings.motion = false;
    driven.drive([&](ImGuiTestContext* ctx) {
        compare_with(ctx, "conv2: kernel flipped");
        const auto picture = [&] { return ctx->ItemInfo("//Diagram/##picture").RectFull; };
        ctx->MouseMoveToPos({picture().GetCenter().x - 30, picture().GetCenter().y});
        ctx->KeyDown(ImGuiMod_Ctrl);
        ctx->MouseWheelY(8);
        ctx->KeyUp(ImGuiMod_Ctrl);
        ctx->Yield(2);
        EXPECT_GT(driven.ui().camera.zoom, 2);
        for (float x = picture().Min.x + 5; x < picture().Max.x; x += 41) {
            ctx->MouseMoveToPos({x, picture().GetCenter().y});
            ctx->Yield();
            const int pane = x < picture().GetCenter().x ? 0 : 1;
            const bool beside = std::abs(x - picture().GetCenter().x) > 12;  // the rule, which is between them
            EXPECT_TRUE(!beside || !driven.ui().hover || driven.ui().hover->pane == pane) << x;
        }
        driven.screenshot("compare_zoomed");
    });
}

TEST(Explain, AWantedSizeMayBeReachedByAnotherInput) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemInputValue("//Explanation/wanted/##h", "9");
        ASSERT_TRUE(driven.ui().panels.explanation.asked);
        const SizeAnswer answer = driven.ui().panels.explanation.asked->answers.back();
        EXPECT_EQ(english(answer.text), "input 8×8");
        ctx->ItemClick(("//Explanation/wanted/##" + capitalized(english(answer.text))).c_str());
        EXPECT_EQ(input(driven).shape(), (Shape4{1, 1, 8, 8}));
        EXPECT_EQ(driven.session().derived.layers[0]->output.shape().plane(), (Size2{9, 9}));
    });
}

TEST(Explain, AStrideShowsTheWayThereAndBack) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemInputValue("//Layer/stride/##h", "2");
        ctx->Yield(3);
        driven.screenshot("explain_round_trip");
    });
}

}  // namespace
}  // namespace convlens
