// Timeline and size ruler.
#include "app/session/files.h"
#include "app/session/settings.h"
#include "tests/gui/panels_driver.h"

namespace convlens {
namespace {

TEST(Timeline, ButtonsStepBothWays) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemClick("//Timeline/##forward");
        EXPECT_EQ(driven.ui().playhead.step, 2);
        ctx->ItemClick("//Timeline/##last");
        EXPECT_EQ(driven.ui().playhead.step, 16);
        ctx->ItemClick("//Timeline/##back");
        EXPECT_EQ(driven.ui().playhead.step, 15);
        ctx->ItemClick("//Timeline/##first");
        EXPECT_EQ(driven.ui().playhead.step, 0);
        driven.screenshot("timeline_start");
    });
}

TEST(Timeline, ScrubbingGoesToAnyStep) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        const ImRect scrub = ctx->ItemInfo("//Timeline/##scrub").RectFull;
        ctx->MouseMoveToPos({scrub.Min.x + 4, scrub.GetCenter().y});
        ctx->MouseDown();
        ctx->MouseMoveToPos(scrub.GetCenter());
        EXPECT_EQ(driven.ui().playhead.step, 8);
        ctx->MouseMoveToPos({scrub.Max.x - 4, scrub.GetCenter().y});
        EXPECT_EQ(driven.ui().playhead.step, 16);
        ctx->MouseUp();
    });
}

TEST(Timeline, PlayMovesAndPauses) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemClick("//Timeline/##play");
        EXPECT_TRUE(driven.ui().playing);
        ctx->SleepNoSkip(2, 1.0F / 60);
        EXPECT_GT(driven.ui().playhead.step, 2);
        ctx->ItemClick("//Timeline/##play");
        EXPECT_FALSE(driven.ui().playing);
    });
}

TEST(Timeline, AStepMayBeOneProduct) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        choose(ctx, "//Timeline/##by", "one product at a time");
        EXPECT_EQ(driven.session().document().step_by, StepBy::product);
        EXPECT_EQ(step_count(driven.session().derived), 64);
        ctx->ItemClick("//Timeline/##forward");
        driven.screenshot("timeline_by_product");
    });
}

TEST(Timeline, SpeedAndLoopAreSettings) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        choose(ctx, "//Timeline/##speed", "4×");
        EXPECT_EQ(driven.ui().settings.speed, 4);
        ctx->ItemClick("//Timeline/##loop");
        EXPECT_FALSE(driven.ui().settings.loop);
    });
}

// Between the side panels of a small window there is little room; what can be pressed stays inside of it.
TEST(Timeline, EveryButtonIsReachableInASmallWindow) {
    for (const int width : {820, 900, 1000, 1280}) {
        for (const StepBy by : {StepBy::output, StepBy::product}) {
            WindowOptions options;
            options.width = width;
            options.height = 600;
            DrivenApp driven(options);
            driven.ui().edit(msg("what a step is"), {}, [by](Document& document) { document.step_by = by; });
            driven.drive([&](ImGuiTestContext* ctx) {
                ctx->Yield(3);
                const ImRect inside = ctx->GetWindowByRef("//Timeline")->InnerRect;
                for (const char* item :
                     {"##first", "##back", "##play", "##forward", "##last", "##scrub", "##by", "##speed", "##loop"}) {
                    const ImRect item_rect = ctx->ItemInfo((std::string("//Timeline/") + item).c_str()).RectFull;
                    EXPECT_TRUE(inside.Contains(item_rect))
                        << item << " at " << width << ": " << item_rect.Min.x << " to " << item_rect.Max.x << ", "
                        << item_rect.Max.y << " in " << inside.Max.x << ", " << inside.Max.y;
                }
                if (width == 900)
                    driven.screenshot(by == StepBy::output ? "timeline_small" : "timeline_small_by_product");
            });
        }
    }
}

TEST(Ruler, PointingAtAWindowLightsItsOutput) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        set_closed(driven.ui().settings, "Size ruler", false);
        ctx->Yield(3);
        const ImRect strip = ctx->ItemInfo("//Size ruler/##strip").RectFull;
        bool found = false;
        // The brackets lie below the strip: down a column of the screen until one is met.
        for (float y = strip.Min.y + 30; y < strip.Max.y && !found; y += 3) {
            ctx->MouseMoveToPos({strip.Min.x + 130, y});
            ctx->Yield(2);
            found = driven.ui().hover.has_value();
        }
        ASSERT_TRUE(found);
        EXPECT_EQ(driven.ui().hover->part, Part::output);
        driven.screenshot("ruler_pointed");
    });
}

TEST(Ruler, StartsOnTheColumnsOfALayerOfHeightOne) {
    DrivenApp driven;
    open_preset(driven.session(), "causal-1d", verbatim("preset"));
    driven.drive([&](ImGuiTestContext* ctx) {
        set_closed(driven.ui().settings, "Size ruler", false);
        ctx->Yield(3);
        EXPECT_FALSE(driven.ui().panels.diagram.ruler_axis) << "nobody has chosen";
        driven.screenshot("ruler_row");
        ctx->ItemClick("//Size ruler/H");
        EXPECT_EQ(driven.ui().panels.diagram.ruler_axis, Axis::h);
    });
}

TEST(Ruler, ShowsEitherAxis) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        set_closed(driven.ui().settings, "Size ruler", false);
        ctx->Yield(3);
        ctx->ItemClick("//Size ruler/W");
        EXPECT_EQ(driven.ui().panels.diagram.ruler_axis, Axis::w);
        ctx->ItemClick("//Size ruler/H");
        EXPECT_EQ(driven.ui().panels.diagram.ruler_axis, Axis::h);
    });
}

TEST(Ruler, ComesUpByItselfAndStaysAsItWasAskedTo) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        const auto shown = [&] {
            ctx->Yield(4);
            const ImGuiWindow* ruler = ImGui::FindWindowByName("Size ruler");
            return ruler != nullptr && ruler->WasActive;
        };
        EXPECT_FALSE(shown()) << "every row is read";
        open_preset(driven.session(), "padding_strides_odd", verbatim("preset"));
        EXPECT_TRUE(shown());
        EXPECT_LT(ImGui::FindWindowByName("Size ruler")->Size.y, ImGui::GetIO().DisplaySize.y / 7);
        driven.screenshot("ruler_by_itself");
        ctx->ItemClick("//Size ruler/×###close ruler");
        EXPECT_FALSE(shown());
        open_preset(driven.session(), "padding_strides_odd", verbatim("preset"));
        EXPECT_FALSE(shown()) << "it was closed";
    });
}

}  // namespace
}  // namespace convlens
