// The kernel's anchor: dragged on the picture, typed, chosen by program. Layers of height 1, and weight layouts.
#include <algorithm>

#include "app/session/files.h"
#include "tests/gui/panels_driver.h"

namespace convlens {
namespace {

const ConvSpec& spec(DrivenApp& driven) { return layer(driven).spec; }
const Tensor<double>& output(DrivenApp& driven) { return driven.session().derived.layers[0]->output; }

void set_up(DrivenApp& driven, const ConvSpec& spec, const Shape4& input) {
    driven.ui().edit(msg("test"), {}, [&](Document& document) {
        document.layers = {new_layer({spec, input, {}, {}}, false)};
        document.panes = {Pane{}};
    });
    driven.frames(3);
}

ConvSpec even(PadRule rule) {
    ConvSpec spec;
    spec.kernel = {4, 4};
    spec.pad_rule = rule;
    return spec;
}

// The ring's edge on the kernel, on screen.
ImVec2 ring_edge(ImGuiTestContext* ctx, DrivenApp& driven) {
    const ImRect canvas = ctx->ItemInfo("//Diagram/##picture").RectFull;
    for (const Mark& mark : picture(driven).marks) {
        const auto* ring = std::get_if<PolygonMark>(&mark);
        if (ring == nullptr || ring->id.part != Part::anchor || ring->id.n != 0) continue;
        const Point p = ring->points[5];  // to the lower right
        return {canvas.Min.x + p.x, canvas.Min.y + p.y};
    }
    ADD_FAILURE() << "no ring in the picture";
    return canvas.Min;
}

TEST(AnchorControls, TheRingIsDraggedToAnotherWeightAndThatIsOneUndoStep) {
    DrivenApp driven;
    set_up(driven, even(PadRule::octave_imfilter), {1, 1, 6, 6});
    const Tensor<double> weight = *layer(driven).weight;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->MouseMoveToPos(ring_edge(ctx, driven));
        ctx->Yield(2);
        driven.screenshot("anchor_ring");
        const ImVec2 from = cell_at(ctx, driven, Part::kernel, 1, 1), to = cell_at(ctx, driven, Part::kernel, 2, 3);
        ctx->MouseDown();
        ctx->MouseMoveToPos({ImGui::GetMousePos().x + (to.x - from.x) / 2, ImGui::GetMousePos().y});
        ctx->MouseMoveToPos({ImGui::GetMousePos().x + (to.x - from.x) / 2, ImGui::GetMousePos().y + to.y - from.y});
        ctx->Yield(2);
        EXPECT_EQ(spec(driven).anchor, (Size2{2, 3})) << "the picture follows";
        driven.screenshot("anchor_dragged");
        ctx->MouseUp();
        ctx->Yield(2);
        EXPECT_EQ(spec(driven).pad_rule, PadRule::opencv_anchor);
        EXPECT_EQ(output(driven).shape(), (Shape4{1, 1, 6, 6}));
        EXPECT_EQ(*layer(driven).weight, weight) << "no weight was painted";
        EXPECT_FALSE(driven.ui().pinned);
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
        ctx->Yield(2);
        EXPECT_EQ(spec(driven).pad_rule, PadRule::octave_imfilter);
        EXPECT_FALSE(spec(driven).anchor);
    });
}

TEST(AnchorControls, TheRingOfAnotherPaneMakesThatTheCurrentOne) {
    DrivenApp driven;
    set_up(driven, even(PadRule::octave_imfilter), {1, 1, 6, 6});
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->MouseMoveToPos({2, 2});
        ctx->KeyPress(ImGuiKey_C);
        ctx->Yield(3);
        ASSERT_EQ(driven.ui().pane, 1);
        ctx->MouseMoveToPos(ring_edge(ctx, driven));  // of the first pane
        const ImVec2 from = cell_at(ctx, driven, Part::kernel, 1, 1), to = cell_at(ctx, driven, Part::kernel, 2, 2);
        ctx->MouseDown();
        ctx->MouseMoveToPos({ImGui::GetMousePos().x + to.x - from.x, ImGui::GetMousePos().y + to.y - from.y});
        ctx->MouseUp();
        ctx->Yield(2);
        EXPECT_EQ(driven.session().document().layers[0].spec.anchor, (Size2{2, 2}));
        EXPECT_FALSE(driven.session().document().layers[1].spec.anchor) << "the other stays";
        EXPECT_EQ(driven.ui().pane, 0);
    });
}

TEST(AnchorControls, AClickOnTheRingIsAClickOnItsCellAndTheCellsMiddleStillPaints) {
    DrivenApp driven;
    set_up(driven, even(PadRule::octave_imfilter), {1, 1, 6, 6});
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->MouseMoveToPos(ring_edge(ctx, driven));
        ctx->MouseClick();
        ctx->Yield(2);
        ASSERT_TRUE(driven.ui().pinned);
        EXPECT_EQ(driven.ui().pinned->part, Part::kernel);
        EXPECT_EQ(spec(driven).pad_rule, PadRule::octave_imfilter);
        ctx->KeyPress(ImGuiKey_Escape);
        const double value = layer(driven).weight->at(0, 0, 1, 1);
        point_at(ctx, driven, Part::kernel, 1, 1);
        ctx->MouseDown();
        ctx->MouseMoveToPos(cell_at(ctx, driven, Part::kernel, 1, 3));
        ctx->MouseUp();
        ctx->Yield(2);
        EXPECT_EQ(layer(driven).weight->at(0, 0, 1, 3), value);
        EXPECT_FALSE(spec(driven).anchor);
    });
}

TEST(AnchorControls, OfAKernelThatIsToBeTurnedTheRingMovesAsItIsShown) {
    DrivenApp driven;
    ConvSpec turned = even(PadRule::octave_same);
    turned.flip_kernel = true;
    set_up(driven, turned, {1, 1, 6, 6});
    for (const bool later : {false, true}) {
        driven.drive([&](ImGuiTestContext* ctx) {
            ctx->KeyPress(ImGuiKey_Home);
            if (later) ctx->KeyPress(ImGuiKey_RightArrow);
            ctx->Yield(3);
            ctx->MouseMoveToPos(ring_edge(ctx, driven));
            ctx->Yield(2);
            const ImVec2 from = cell_at(ctx, driven, Part::kernel, 2, 2), to = cell_at(ctx, driven, Part::kernel, 3, 2);
            ctx->MouseDown();
            ctx->MouseMoveToPos({ImGui::GetMousePos().x, ImGui::GetMousePos().y + to.y - from.y});
            ctx->MouseUp();
            ctx->Yield(2);
            // Stored weight [3, 2] lies at row 0, column 1.
            EXPECT_EQ(spec(driven).anchor, (Size2{0, 1})) << later;
            ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
            ctx->Yield(2);
        });
    }
}

TEST(AnchorControls, TwoNumbersAreTypedAndWhatIsOutsideTheKernelIsRefused) {
    DrivenApp driven;
    set_up(driven, even(PadRule::octave_imfilter), {1, 1, 6, 6});
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemInputValue("//Layer/##anchor h", "3");
        EXPECT_EQ(spec(driven).anchor, (Size2{3, 1}));
        ctx->ItemInputValue("//Layer/##anchor w", "4");
        ASSERT_TRUE(driven.ui().draft);
        EXPECT_EQ(driven.ui().draft->problems[0].field, Field::anchor);
        driven.screenshot("anchor_refused");
        ctx->ItemClick("//Layer/**/##Set anchor to 3");
        EXPECT_EQ(spec(driven).anchor, (Size2{3, 3}));
    });
}

TEST(AnchorControls, ATeacherFlipsBetweenThePrograms) {
    DrivenApp driven;
    set_up(driven, even(PadRule::explicit_), {1, 1, 6, 6});
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemClick("//Layer/Advanced");
        ctx->Yield(2);
        driven.screenshot("anchor_none");
        ctx->ItemClick("//Layer/##anchor as in");
        ctx->Yield(2);
        driven.screenshot("anchor_programs");
        ctx->KeyPress(ImGuiKey_Escape);
        choose(ctx, "//Layer/##anchor as in", "OpenCV filter2D");
        EXPECT_EQ(spec(driven).pad_rule, PadRule::opencv_anchor);
        EXPECT_EQ(driven.session().derived.layers[0]->pads.top, 2);
        ctx->Yield(5);  // the row below it is gone, and the panel scrolls
        choose(ctx, "//Layer/##anchor as in", "MATLAB conv2 'same'");
        EXPECT_EQ(spec(driven).pad_rule, PadRule::octave_same);
        EXPECT_TRUE(spec(driven).flip_kernel);
        EXPECT_EQ(driven.session().derived.layers[0]->pads.top, 1);
        ctx->Yield(2);
        driven.screenshot("anchor_conv2");
    });
}

TEST(AnchorControls, ATransposedLayerSaysThatItHasNone) {
    DrivenApp driven;
    open_preset(driven.session(), "no_padding_strides_transposed", verbatim("stamps"));
    driven.frames(3);
    driven.drive([&](ImGuiTestContext* ctx) {
        if (!ctx->ItemExists("//Layer/##pad rule")) ctx->ItemClick("//Layer/Advanced");
        ctx->Yield(2);
        EXPECT_FALSE(ctx->ItemExists("//Layer/##anchor h"));
        driven.screenshot("anchor_transposed");
    });
}

TEST(OneRow, OnlyColumnsAreSet) {
    DrivenApp driven;
    open_preset(driven.session(), "causal-1d", verbatim("causal"));
    driven.frames(3);
    driven.drive([&](ImGuiTestContext* ctx) {
        EXPECT_FALSE(ctx->ItemExists("//Layer/kernel/##h"));
        EXPECT_TRUE(ctx->ItemExists("//Layer/input/##h")) << "the way back to two axes";
        driven.screenshot("one_row");
        ctx->ItemInputValue("//Layer/padding/##w", "2");
        EXPECT_EQ(spec(driven).pads, (Pads{0, 0, 2, 2}));
        EXPECT_EQ(output(driven).shape().h, 1);
        ctx->ItemInputValue("//Layer/input/##h", "4");
        EXPECT_TRUE(ctx->ItemExists("//Layer/kernel/##h"));
        driven.screenshot("one_row_no_more");
    });
}

TEST(WeightLayouts, AreListedAndSayWhereThePointedWeightStands) {
    DrivenApp driven;
    ConvSpec depthwise;
    depthwise.groups = 3;
    depthwise.out_channels = 6;
    set_up(driven, depthwise, {1, 3, 6, 6});
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemClick("//Explanation/Weight layouts");
        ctx->Yield(2);
        point_at(ctx, driven, Part::kernel, 1, 2);
        driven.screenshot("weight_layouts");
        EXPECT_TRUE(driven.ui().hover);
    });
}

// At the size of type that the window starts with, and at a large one: no choice lies over the end of its label.
TEST(AnchorControls, LabelsEndBeforeTheirChoicesBegin) {
    DrivenApp driven;
    set_up(driven, even(PadRule::explicit_), {1, 1, 6, 6});
    driven.drive([&](ImGuiTestContext* ctx) {
        if (!ctx->ItemExists("//Layer/##anchor as in")) ctx->ItemClick("//Layer/Advanced");
        for (const float scale : {1.0F, 1.2F}) {
            driven.ui().settings.scale = scale;
            ctx->Yield(4);
            const ImGuiWindow* panel = ctx->GetWindowByRef("//Layer");
            const float left = panel->Pos.x + panel->WindowPadding.x;
            for (const auto& [label, choice] :
                 {std::pair("convention", "//Layer/##anchor as in"), std::pair("padding mode", "//Layer/##pad mode"),
                  std::pair("padding rule", "//Layer/##pad rule")}) {
                ImFont* font = ImGui::GetIO().Fonts->Fonts[0];
                const float size = ImGui::GetStyle().FontSizeBase;
                const float width = font->CalcTextSizeA(size, FLT_MAX, 0, label).x;
                EXPECT_GE(ctx->ItemInfo(choice).RectFull.Min.x, left + width) << label << " at scale " << scale;
            }
        }
    });
}

}  // namespace
}  // namespace convlens
