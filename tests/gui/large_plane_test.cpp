// A layer of millions of cells in the window: F shows all of it, pointing and zooming reach each cell.
#include <chrono>

#include "app/session/session.h"
#include "tests/gui/panels_driver.h"

namespace convlens {
namespace {

Document large_document(Size2 input) {
    ConvSpec spec;
    spec.kernel = {3, 3};
    Document document;
    document.layers = {new_layer({spec, {1, 1, input.h, input.w}, {}, {}}, false)};
    document.panes = {Pane{}};
    return document;
}

void show(ImGuiTestContext* ctx, DrivenApp& driven, Size2 input) {
    driven.ui().settings.motion = false;
    replace_document(driven.session(), large_document(input), verbatim("large"));
    for (int i = 0; i < 600 && driven.session().derived.layers[0]->output.shape().h != input.h - 2; ++i) ctx->Yield(1);
    ctx->Yield(3);
}

void expect_in_sight(ImGuiTestContext* ctx, DrivenApp& driven) {
    const ImRect panel = ctx->ItemInfo("//Diagram/##picture").RectFull;
    for (const Mark& mark : picture(driven).marks)
        if (const auto* grid = std::get_if<GridMark>(&mark)) {
            const Rect frame = grid->frame();
            EXPECT_GE(frame.x, 0);
            EXPECT_GE(frame.y, 0);
            EXPECT_LE(frame.right(), panel.GetWidth());
            EXPECT_LE(frame.bottom(), panel.GetHeight());
        }
}

TEST(LargePlane, FShowsAllOfItAndTheCellsAreFoundByPointing) {
    for (const Size2 input : {Size2{600, 800}, Size2{2000, 2000}}) {
        DrivenApp driven;
        driven.drive([&](ImGuiTestContext* ctx) {
            show(ctx, driven, input);
            ctx->KeyPress(ImGuiKey_F);
            ctx->Yield(2);
            expect_in_sight(ctx, driven);
            point_at(ctx, driven, Part::output, 101, 203);
            ASSERT_TRUE(driven.ui().hover);
            EXPECT_EQ(driven.ui().hover->part, Part::output);
            const float pitch = cell_rect(picture(driven), {Part::output, 0, 0, 0, 0, 0})->w;
            EXPECT_NEAR(driven.ui().hover->y, 101, 1 / pitch) << "the pointer is on one of the pixel's cells";
            EXPECT_NEAR(driven.ui().hover->x, 203, 1 / pitch);
            driven.screenshot("large_plane_" + std::to_string(input.h));
        });
    }
}

TEST(LargePlane, CtrlWheelBringsItsCellsNearEnoughForNumbers) {
    DrivenApp driven;
    driven.drive(
        [&](ImGuiTestContext* ctx) {
            show(ctx, driven, {2000, 2000});
            point_at(ctx, driven, Part::input, 1000, 1000);
            ASSERT_TRUE(driven.ui().hover);
            const MarkId here = *driven.ui().hover;
            ctx->KeyDown(ImGuiMod_Ctrl);
            for (int i = 0; i < 40; ++i) ctx->MouseWheelY(1);
            ctx->Yield(2);
            ctx->KeyUp(ImGuiMod_Ctrl);
            ctx->Yield(2);
            ASSERT_TRUE(driven.ui().hover);
            const MarkId there = *driven.ui().hover;
            EXPECT_NEAR(there.y, here.y, 24)
                << "what is under the pointer stays there, but for a pixel or two of the first";
            EXPECT_NEAR(there.x, here.x, 24);
            EXPECT_TRUE(number_at(picture(driven), Part::input, 0, there.y, there.x));
            driven.screenshot("large_plane_near");
            ctx->KeyPress(ImGuiKey_F);
            ctx->Yield(2);
            expect_in_sight(ctx, driven);
        });
}

// Three panes between the side panels leave each little room: kernels are still read.
TEST(LargePlane, InThreePanesKernelsKeepTheirNumbers) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        Document document = large_document({28, 28});
        document.panes.assign(3, Pane{});
        replace_document(driven.session(), document, verbatim("three"));
        ctx->Yield(5);
        driven.screenshot("three_panes");
        expect_in_sight(ctx, driven);
        for (int pane = 0; pane < 3; ++pane) EXPECT_TRUE(number_at(picture(driven), Part::kernel, pane, 1, 1)) << pane;
    });
}

TEST(LargePlane, EachStepOfItTakesNoTime) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        show(ctx, driven, {2000, 2000});
        const auto from = std::chrono::steady_clock::now();
        constexpr int kSteps = 10;
        for (int i = 0; i < kSteps; ++i) ctx->KeyPress(ImGuiKey_RightArrow);
        const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - from;
        RecordProperty("ms_a_step", std::to_string(spent.count() / kSteps));
        EXPECT_LT(spent.count() / kSteps, 2000);  // no measurement: a picture of four million cells takes far longer
        EXPECT_EQ(driven.ui().playhead.step, 1 + kSteps);
    });
}

}  // namespace
}  // namespace convlens
