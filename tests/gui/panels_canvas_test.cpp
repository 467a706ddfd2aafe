// Canvas: pointing, clicking, and changing numbers in the picture.
#include "app/document/presets.h"
#include "app/session/files.h"
#include "tests/gui/panels_driver.h"

namespace convlens {
namespace {

using Cells = std::vector<std::pair<std::int64_t, std::int64_t>>;

TEST(Canvas, PointingAtAnOutputLightsWhatItReads) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        point_at(ctx, driven, Part::output, 1, 1);
        ASSERT_TRUE(driven.ui().hover);
        EXPECT_EQ(driven.ui().hover->part, Part::output);
        EXPECT_EQ(lit_cells(picture(driven), Part::input, 0), (Cells{{0, 0}, {0, 1}, {1, 0}, {1, 1}}));
        EXPECT_EQ(text_of(picture(driven), Part::sum, 0), "output[1, 1] = 1·1 + 2·2 + 4·3 + 5·4 = 37");
        driven.screenshot("canvas_pointed_output");
        ctx->MouseMove("//Layer/##operation");
        ctx->Yield(2);
        EXPECT_FALSE(driven.ui().hover) << "leaving gives the highlight back";
    });
}

TEST(Canvas, PointingAtAnInputLightsWhatItFeeds) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        point_at(ctx, driven, Part::input, 1, 1);
        EXPECT_EQ(lit_cells(picture(driven), Part::output, 0), (Cells{{0, 0}, {1, 1}, {1, 2}, {2, 1}, {2, 2}}))
            << "four that read it, and the current one";
        driven.screenshot("canvas_pointed_input");
    });
}

bool shows_tip() {
    const ImGuiWindow* tip = ImGui::FindWindowByName("##Tooltip_00");
    return tip != nullptr && tip->Active && !tip->Hidden;
}

// The keys of the play do what their list says, wherever the pointer was left.
TEST(Canvas, KeysOfThePlayAreNotTypedIntoTheCellUnderAPointerThatRests) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        UiState& ui = driven.ui();
        const auto press = [&](ImGuiKey key, const char* character) {
            ctx->KeyPress(key);
            ctx->KeyChars(character);
            ctx->Yield(2);
        };
        point_at(ctx, driven, Part::input, 1, 1);
        ui.settings.speed = 1;
        press(ImGuiKey_Equal, "+");
        EXPECT_FALSE(ui.panels.diagram.cell_edit) << "no number begins with a plus";
        EXPECT_EQ(ui.settings.speed, 2);
        ctx->KeyPress(ImGuiKey_RightArrow);
        press(ImGuiKey_Minus, "-");
        EXPECT_FALSE(ui.panels.diagram.cell_edit);
        EXPECT_EQ(ui.settings.speed, 1);
        ui.presenter = true;
        ctx->Yield(3);
        point_at(ctx, driven, Part::input, 1, 2);
        press(ImGuiKey_Minus, "-");
        EXPECT_FALSE(ui.panels.diagram.cell_edit) << "before a class";
        EXPECT_EQ(ui.settings.speed, 0.5F);
        ui.presenter = false;
        ctx->Yield(3);
        point_at(ctx, driven, Part::input, 1, 1);
        press(ImGuiKey_Minus, "-");
        EXPECT_TRUE(ui.panels.diagram.cell_edit) << "a negative number is typed where the pointer has just come to";
        EXPECT_EQ(ui.settings.speed, 0.5F);
        const Document before = driven.session().document();
        ctx->MouseWheelY(-1);
        ctx->Yield(2);
        EXPECT_EQ(driven.session().document(), before) << "the wheel changes nothing beneath the field";
        ctx->KeyPress(ImGuiKey_Escape);
    });
}

TEST(Canvas, ACellsTipGoesWithTheFirstKey) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        point_at(ctx, driven, Part::kernel, 1, 1);
        ctx->SleepNoSkip(1, 0.1F);
        ASSERT_TRUE(shows_tip());
        ctx->KeyPress(ImGuiKey_RightArrow);
        ctx->SleepNoSkip(1, 0.1F);
        EXPECT_FALSE(shows_tip());
        point_at(ctx, driven, Part::kernel, 1, 0);
        ctx->SleepNoSkip(1, 0.1F);
        EXPECT_TRUE(shows_tip()) << "the pointer asks again";
    });
}

// The pointer rests on a cell, and the arrow keys make steps: the picture is of the step until the pointer moves on.
TEST(Canvas, AStepByKeyIsSeenUnderAPointerThatRests) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        const auto sum_starts_with = [&](const char* text) {
            return text_of(picture(driven), Part::sum, 0).starts_with(text);
        };
        point_at(ctx, driven, Part::output, 1, 1);
        EXPECT_TRUE(sum_starts_with("output[1, 1]"));
        for (int i = 0; i < 3; ++i) ctx->KeyPress(ImGuiKey_RightArrow);
        ctx->Yield(2);
        EXPECT_EQ(driven.ui().playhead.step, 4);
        EXPECT_TRUE(sum_starts_with("output[0, 3]")) << text_of(picture(driven), Part::sum, 0);
        point_at(ctx, driven, Part::output, 2, 2);
        EXPECT_TRUE(sum_starts_with("output[2, 2]")) << "the pointer speaks again";

        point_at(ctx, driven, Part::input, 2, 0);
        for (int i = 0; i < 2; ++i) ctx->KeyPress(ImGuiKey_RightArrow);
        ctx->Yield(2);
        const Cells over = lit_cells(picture(driven), Part::input, 0);
        ctx->MouseMove("//Layer/##operation");
        ctx->Yield(2);
        EXPECT_EQ(over, lit_cells(picture(driven), Part::input, 0)) << "the cells that the step reads";
    });
}

// A layer of three input channels, seen in both panes; a step is one channel, or one product.
void show_channels(DrivenApp& driven, Op op, Reading reading, StepBy by) {
    Document document = *preset_document("no_padding_no_strides");
    LayerShape shape;
    shape.spec.op = op;
    shape.spec.kernel = {2, 2};
    shape.input = {1, 3, 3, 3};
    document.layers = {new_layer(shape, false)};
    Pane pane;
    pane.reading = reading;
    document.panes = {pane, pane};
    document.step_by = by;
    replace_document(driven.session(), std::move(document), verbatim("test"));
}

// As above where a step shows another channel: what lies under the pointer then is another cell of the same place.
TEST(Canvas, APointerThatRestsDoesNotPointAtTheChannelOfTheNextStep) {
    struct Case {
        Op op;
        Reading reading;
    };
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        const auto lit = [&] { return driven.ui().panels.diagram.scene_key.hover; };
        for (const Case& one :
             {Case{Op::conv, Reading::slide}, Case{Op::conv_transpose, Reading::gather},
              Case{Op::conv_transpose, Reading::stamp}, Case{Op::conv_transpose, Reading::zero_inserted}}) {
            for (const StepBy by : {StepBy::channel, StepBy::product}) {
                show_channels(driven, one.op, one.reading, by);
                ctx->Yield(2);
                for (const Part part : {Part::input, Part::zero_inserted, Part::kernel, Part::products}) {
                    const bool there = std::ranges::any_of(picture(driven).marks, [&](const Mark& mark) {
                        const auto* grid = std::get_if<GridMark>(&mark);
                        return grid != nullptr && grid->id.part == part && grid->id.pane == 0;
                    });
                    if (!there) continue;
                    SCOPED_TRACE(testing::Message() << "op " << int(one.op) << ", reading " << int(one.reading)
                                                    << ", by " << int(by) << ", part " << int(part));
                    ctx->KeyPress(ImGuiKey_Home);
                    ctx->KeyPress(ImGuiKey_RightArrow);
                    point_at(ctx, driven, part, 0, 0);
                    EXPECT_TRUE(lit());
                    for (int i = 0; i < 5; ++i) {
                        ctx->KeyPress(ImGuiKey_RightArrow);
                        EXPECT_FALSE(lit()) << "step " << i;
                    }
                    point_at(ctx, driven, part, 0, 1);
                    EXPECT_TRUE(lit()) << "the pointer speaks again";
                }
            }
        }
    });
}

// The same while it plays: the play is not held.
TEST(Canvas, APlayByChannelGoesOnUnderAPointerThatRests) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        show_channels(driven, Op::conv, Reading::slide, StepBy::channel);
        driven.ui().settings.speed = 8;
        ctx->Yield(2);
        point_at(ctx, driven, Part::input, 1, 1);
        const std::int64_t before = driven.ui().playhead.step;
        ctx->KeyPress(ImGuiKey_Space);
        ctx->SleepNoSkip(0.6F, 1.0F / 60);
        EXPECT_TRUE(driven.ui().playing);
        EXPECT_GE(driven.ui().playhead.step, before + 4);
        EXPECT_FALSE(driven.ui().panels.diagram.scene_key.hover);
    });
}

TEST(Canvas, PointingAtAWeightLightsTheCellsThatItMeets) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        point_at(ctx, driven, Part::kernel, 0, 0);
        EXPECT_EQ(lit_cells(picture(driven), Part::input, 0).size(), 16U);
    });
}

TEST(Canvas, AClickPinsAndAnotherLetsGo) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        point_at(ctx, driven, Part::input, 0, 0);
        ctx->MouseClick();
        ASSERT_TRUE(driven.ui().pinned);
        ctx->MouseMove("//Layer/##operation");
        ctx->Yield(2);
        EXPECT_FALSE(lit_cells(picture(driven), Part::output, 0).empty()) << "the pin holds the highlight";
        point_at(ctx, driven, Part::input, 0, 0);
        ctx->MouseClick();
        EXPECT_FALSE(driven.ui().pinned);
    });
}

TEST(Canvas, AClickOnAnOutputGoesThere) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        point_at(ctx, driven, Part::output, 2, 1);
        ctx->MouseClick();
        EXPECT_EQ(driven.ui().playhead.step, 10);
        EXPECT_FALSE(driven.ui().playing);
    });
}

TEST(Canvas, TheWheelChangesACell) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        point_at(ctx, driven, Part::input, 1, 2);
        ctx->MouseWheelY(1);
        ctx->Yield(2);
        EXPECT_EQ(input(driven).at(0, 0, 1, 2), 7);
        ctx->KeyDown(ImGuiMod_Shift);
        ctx->MouseWheelY(-1);
        ctx->Yield(2);
        ctx->KeyUp(ImGuiMod_Shift);
        EXPECT_EQ(input(driven).at(0, 0, 1, 2), 6.9);
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
        EXPECT_EQ(input(driven).at(0, 0, 1, 2), 6) << "turning the wheel is one undo step";
    });
}

TEST(Canvas, ANumberTypedOverACellReplacesIt) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        point_at(ctx, driven, Part::kernel, 0, 1);
        ctx->KeyChars("-12.5");
        ctx->Yield(2);
        driven.screenshot("canvas_typing");
        ctx->KeyPress(ImGuiKey_Enter);
        ctx->Yield(2);
        EXPECT_EQ(layer(driven).weight->at(0, 0, 0, 1), -12.5);
        EXPECT_FALSE(driven.ui().panels.diagram.cell_edit);
        EXPECT_EQ(driven.ui().settings.speed, 1) << "the minus began a number";
    });
}

TEST(Canvas, EscapeLeavesTheCellAsItWas) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        point_at(ctx, driven, Part::input, 0, 0);
        ctx->KeyChars("99");
        ctx->Yield(2);
        ctx->KeyPress(ImGuiKey_Escape);
        ctx->Yield(2);
        EXPECT_FALSE(driven.ui().panels.diagram.cell_edit);
        EXPECT_EQ(input(driven).at(0, 0, 0, 0), 1);
    });
}

TEST(Canvas, WhatIsNoNumberIsRefusedAndKept) {
    for (const char* text : {"nan", "inf", "a lot", ""}) {
        DrivenApp driven;
        driven.drive([&](ImGuiTestContext* ctx) {
            point_at(ctx, driven, Part::input, 0, 0);
            ctx->MouseDoubleClick();
            ctx->Yield(3);
            ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_A);
            ctx->KeyPress(ImGuiKey_Delete);
            ctx->KeyChars(text);
            ctx->KeyPress(ImGuiKey_Enter);
            ctx->Yield(3);
            ASSERT_TRUE(driven.ui().panels.diagram.cell_edit) << text;
            EXPECT_EQ(driven.ui().panels.diagram.cell_edit->text, text);
            EXPECT_FALSE(driven.ui().panels.diagram.cell_edit->reason.empty());
            EXPECT_EQ(input(driven).at(0, 0, 0, 0), 1);
            if (*text == 'n') driven.screenshot("canvas_nan");
            ctx->KeyPress(ImGuiKey_Escape);
            ctx->Yield(2);
            EXPECT_FALSE(driven.ui().panels.diagram.cell_edit);
        });
    }
}

TEST(Canvas, ADoubleClickOpensTheCellAsItIs) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        point_at(ctx, driven, Part::input, 2, 2);
        ctx->MouseDoubleClick();
        ctx->Yield(3);
        ASSERT_TRUE(driven.ui().panels.diagram.cell_edit);
        EXPECT_EQ(driven.ui().panels.diagram.cell_edit->text, "9");
        EXPECT_FALSE(driven.ui().pinned);
        ctx->KeyCharsReplaceEnter("1/4");
        ctx->Yield(2);
        EXPECT_EQ(input(driven).at(0, 0, 2, 2), 0.25);
    });
}

TEST(Canvas, ADragPaintsTheFirstCellsNumber) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        point_at(ctx, driven, Part::input, 0, 2);
        ctx->MouseDown();
        ctx->MouseMoveToPos(cell_at(ctx, driven, Part::input, 1, 2));
        ctx->MouseMoveToPos(cell_at(ctx, driven, Part::input, 2, 2));
        ctx->MouseUp();
        ctx->Yield(2);
        for (const std::int64_t y : {0, 1, 2}) EXPECT_EQ(input(driven).at(0, 0, y, 2), 3);
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
        EXPECT_EQ(input(driven).at(0, 0, 2, 2), 9) << "a stroke is one undo step";
        EXPECT_FALSE(driven.ui().pinned);
    });
}

TEST(Canvas, ARightDragPaintsZero) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        point_at(ctx, driven, Part::input, 0, 0);
        ctx->MouseDown(1);
        ctx->MouseMoveToPos(cell_at(ctx, driven, Part::input, 0, 1));
        ctx->MouseUp(1);
        ctx->Yield(2);
        EXPECT_EQ(input(driven).at(0, 0, 0, 0), 0);
        EXPECT_EQ(input(driven).at(0, 0, 0, 1), 0);
        EXPECT_EQ(input(driven).at(0, 0, 0, 2), 3);
    });
}

TEST(Canvas, CtrlWheelZoomsAtThePointer) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        const ImVec2 before = cell_at(ctx, driven, Part::input, 2, 2);
        point_at(ctx, driven, Part::input, 2, 2);
        ctx->KeyDown(ImGuiMod_Ctrl);
        for (int i = 0; i < 5; ++i) ctx->MouseWheelY(1);
        ctx->Yield(2);
        ctx->KeyUp(ImGuiMod_Ctrl);
        EXPECT_GT(driven.ui().camera.zoom, 2);
        const ImVec2 after = cell_at(ctx, driven, Part::input, 2, 2);
        EXPECT_NEAR(after.x, before.x, 3);
        EXPECT_NEAR(after.y, before.y, 3);
        driven.screenshot("canvas_zoomed");
        ctx->KeyPress(ImGuiKey_F);
        EXPECT_EQ(driven.ui().camera.zoom, 1);
    });
}

TEST(Canvas, ADragOnTheGroundMovesThePicture) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        const ImRect picture = ctx->ItemInfo("//Diagram/##picture").RectFull;
        ctx->MouseMoveToPos({picture.Min.x + 8, picture.Max.y - 8});
        ctx->MouseDragWithDelta({40, -20});
        EXPECT_EQ(driven.ui().camera.pan, (Point{40, -20}));
    });
}

TEST(Canvas, LayersThatHoldTheSameNumbersKeepHavingTheSame) {
    DrivenApp driven;
    open_preset(driven.session(), "conv2-xcorr2-conv2d", verbatim("compare"));
    driven.frames(3);
    driven.drive([&](ImGuiTestContext* ctx) {
        point_at(ctx, driven, Part::input, 1, 1);
        ctx->MouseWheelY(1);
        ctx->Yield(2);
        for (const Layer& each : driven.session().document().layers) EXPECT_EQ(own_input(each)->at(0, 0, 1, 1), 6);
    });
}

TEST(Canvas, OfStampsAnInputCellIsGoneTo) {
    DrivenApp driven;
    open_preset(driven.session(), "no_padding_strides_transposed", verbatim("stamps"));
    driven.frames(3);
    driven.drive([&](ImGuiTestContext* ctx) {
        point_at(ctx, driven, Part::input, 1, 0);
        ctx->MouseClick();
        EXPECT_EQ(driven.ui().playhead.step, 3);
        point_at(ctx, driven, Part::canvas, 2, 2);
        driven.screenshot("canvas_stamps_pointed");
    });
}

TEST(Canvas, APinThatIsGoneIsForgotten) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        point_at(ctx, driven, Part::input, 2, 2);
        ctx->MouseClick();
        ASSERT_TRUE(driven.ui().pinned);
        ctx->ItemInputValue("//Layer/input/##h", "2");
        ctx->ItemInputValue("//Layer/padding/##h", "0");
        ctx->Yield(2);
        EXPECT_FALSE(driven.ui().pinned);
    });
}

}  // namespace
}  // namespace convlens
