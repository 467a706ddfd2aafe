// Layers that read each other's outputs, and layers that are computed beside the window.
#include "app/document/chain.h"
#include "app/derived/memory.h"
#include "app/session/files.h"
#include "core/conv/shape.h"
#include "tests/gui/panels_driver.h"

namespace convlens {
namespace {

constexpr const char* kNetwork = "edges-pooling-corner";

const Document& document(DrivenApp& driven) { return driven.session().document(); }

TEST(ChainedLayers, StandSideBySideAndAnEditUpstreamGoesThroughAllOfThem) {
    DrivenApp driven;
    open_preset(driven.session(), kNetwork, verbatim("network"));
    driven.frames(3);
    driven.screenshot("chain_first");
    driven.drive([&](ImGuiTestContext* ctx) {
        const Derived before = driven.session().derived;
        ctx->MouseMoveToPos(cell_at(ctx, driven, Part::input, 4, 4, 0));
        ctx->MouseWheelY(1);
        ctx->Yield(2);
        EXPECT_EQ(own_input(layer(driven))->at(0, 0, 4, 4), 4);
        for (std::size_t i = 0; i < 3; ++i)
            EXPECT_NE(driven.session().derived.layers[i]->output, before.layers[i]->output) << i;
        EXPECT_EQ(driven.session().derived.layers[2]->input.get(), &driven.session().derived.layers[1]->output);
    });
}

TEST(ChainedLayers, TheInputThatIsComputedIsNotEditedAndHasNoSizeToSet) {
    DrivenApp driven;
    open_preset(driven.session(), kNetwork, verbatim("network"));
    driven.session().ui.pane = 1;
    driven.session().ui.panels_hidden = false;
    driven.frames(3);
    driven.drive([&](ImGuiTestContext* ctx) {
        const Document before = document(driven);
        ctx->MouseMoveToPos(cell_at(ctx, driven, Part::input, 2, 2, 1));
        ctx->MouseWheelY(1);
        ctx->KeyChars("7");
        ctx->Yield(2);
        EXPECT_EQ(document(driven), before);
        EXPECT_FALSE(driven.ui().panels.diagram.cell_edit);
        EXPECT_FALSE(ctx->ItemExists("//Layer/input/##h"));
        EXPECT_TRUE(ctx->ItemExists("//Layer/stride/##h"));
        driven.screenshot("chain_computed_input");
    });
}

TEST(ChainedLayers, SettingsThatALaterLayerCannotBeComputedWithAreADraftWithAWayOut) {
    DrivenApp driven;
    open_preset(driven.session(), kNetwork, verbatim("network"));
    driven.session().ui.pane = 0;
    driven.session().ui.panels_hidden = false;
    driven.frames(3);
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemInputValue("//Layer/stride/##h", "6");  // 1×1 comes of it, and the window of the pooling is 2×2
        ctx->Yield(2);
        ASSERT_TRUE(driven.ui().draft);
        EXPECT_EQ(document(driven).layers[0].spec.stride, (Size2{1, 1}));
        const Problem& problem = driven.ui().draft->problems.front();
        EXPECT_TRUE(english(problem.message).starts_with("“pool1” cannot read the output of “conv1”"))
            << english(problem.message);
        driven.screenshot("chain_draft");
        ASSERT_FALSE(problem.fixes.empty());
        const LayerShape after = problem.fixes.front().after;
        propose(driven.ui(), document(driven), 0, after, verbatim("fix"), {});
        ctx->Yield(2);
        EXPECT_FALSE(driven.ui().draft);
        EXPECT_EQ(document(driven).layers[0].spec.stride, after.spec.stride);
    });
}

TEST(ChainedLayers, ALargeLayerIsComputedWhileTheWindowDraws) {
    DrivenApp driven;
    LayerShape shape;
    shape.spec.out_channels = 64;
    shape.spec.kernel = {7, 7};
    shape.input = {1, 128, 64, 64};
    Document large = document(driven);
    large.layers = {new_layer(shape, false)};
    large.panes = {Pane{}};
    replace_document(driven.session(), large, verbatim("large"));
    EXPECT_FALSE(driven.ui().pictured) << "the first document's picture is not this one's";
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->Yield(2);
        driven.screenshot("chain_no_picture");
        for (int i = 0; i < 500 && driven.ui().computing; ++i) ctx->SleepNoSkip(0.01F, 0.01F);
        EXPECT_TRUE(driven.ui().pictured);
        const auto old = driven.session().derived.layers[0];
        shape.spec.pads = Pads::all(3);
        propose(driven.ui(), document(driven), 0, shape, verbatim("padding"), {});
        ctx->Yield(1);
        EXPECT_TRUE(driven.ui().computing);
        EXPECT_EQ(driven.session().derived.layers[0], old);
        ctx->Yield(1);
        driven.screenshot("chain_computing");
        for (int i = 0; i < 500 && driven.ui().computing; ++i) ctx->SleepNoSkip(0.01F, 0.01F);
        EXPECT_FALSE(driven.ui().computing);
        EXPECT_EQ(driven.session().derived.layers[0]->output.shape(), (Shape4{1, 64, 64, 64}));
    });
}

// A layer is as large as the memory of the machine allows, and many of them are larger.
TEST(ChainedLayers, WhatCannotBeComputedSaysSoInPlaceOfThePicture) {
    DrivenApp driven;
    Document large = document(driven);
    LayerShape shape;
    shape.spec.kernel = {1, 1};
    shape.spec.out_channels = 4;
    shape.input = {1, 4, 2000, 2000};
    large.layers = {new_layer(shape, false)};
    Layer next = large.layers[0];
    const std::int64_t count = 2 + free_memory().value_or(0) / bytes_to_derive(large).front() * 17 / 16;
    for (int source = 0; source < count; ++source) {
        next.input = LayerOutput{source, shape.input};
        large.layers.push_back(next);
    }
    large.panes = {Pane{}};
    replace_document(driven.session(), large, verbatim("large"));
    driven.drive([&](ImGuiTestContext* ctx) {
        for (int i = 0; i < 500 && driven.ui().computing; ++i) ctx->SleepNoSkip(0.01F, 0.01F);
        ctx->Yield(2);
        EXPECT_FALSE(driven.ui().not_computed.empty());
        driven.screenshot("chain_not_computed");
        ctx->KeyPress(ImGuiKey_RightArrow);
        ctx->KeyPress(ImGuiKey_Space);
        ctx->KeyPress(ImGuiKey_B);
        ctx->KeyPress(ImGuiKey_F11);
        ctx->KeyPress(ImGuiKey_F11);
        ctx->Yield(3);
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
        ctx->Yield(2);
        EXPECT_TRUE(driven.ui().pictured);
        EXPECT_TRUE(driven.ui().not_computed.empty());
    });
}

}  // namespace
}  // namespace convlens
