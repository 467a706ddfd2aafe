// Parameters: setting what is possible, and being helped with what is not.
#include "app/session/files.h"
#include "core/text/ascii.h"
#include "tests/gui/panels_driver.h"

namespace convlens {
namespace {

constexpr const char* kStride = "//Layer/stride/##h";

const ConvSpec& spec(DrivenApp& driven) { return layer(driven).spec; }

TEST(Parameters, StrideIsSetBySlider) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        const ImRect slider = ctx->ItemInfo("//Layer/stride/##slide").RectFull;
        ctx->MouseMoveToPos({slider.Min.x + 8, slider.GetCenter().y});
        ctx->MouseDown();
        ctx->MouseMoveToPos({slider.GetCenter().x, slider.GetCenter().y});
        ctx->MouseMoveToPos({slider.Max.x - 8, slider.GetCenter().y});
        ctx->MouseUp();
        EXPECT_EQ(spec(driven).stride, (Size2{8, 8}));
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
        EXPECT_EQ(spec(driven).stride, (Size2{1, 1})) << "one drag is one undo step";
        EXPECT_FALSE(driven.session().history.can_undo());
    });
}

TEST(Parameters, StrideIsSetByTyping) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemInputValue(kStride, "2");
        EXPECT_EQ(spec(driven).stride, (Size2{2, 2})) << "the axes are linked";
        EXPECT_EQ(driven.session().derived.layers[0]->output.shape().h, 2);
    });
}

TEST(Parameters, TheChainSetsAxesApart) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemClick("//Layer/stride/##chain");
        ctx->ItemInputValue("//Layer/stride/##w", "3");
        EXPECT_EQ(spec(driven).stride, (Size2{1, 3}));
        driven.screenshot("parameters_apart");
        ctx->ItemClick("//Layer/stride/##chain");
        EXPECT_EQ(spec(driven).stride, (Size2{1, 1}));
    });
}

TEST(Parameters, LinkedPaddingSetsAllFourSides) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemInputValue("//Layer/padding/##h", "2");
        EXPECT_EQ(spec(driven).pads, Pads::all(2));
    });
}

TEST(Parameters, AnImpossibleSettingStaysAndItsButtonFixesIt) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemInputValue("//Layer/kernel/##h", "9");
        ASSERT_TRUE(driven.ui().draft);
        EXPECT_EQ(driven.ui().draft->shape.spec.kernel, (Size2{9, 9}));
        EXPECT_EQ(spec(driven).kernel, (Size2{2, 2})) << "the picture keeps the last good state";
        driven.screenshot("parameters_impossible");
        ASSERT_FALSE(driven.ui().draft->problems.empty());
        const Fix fix = driven.ui().draft->problems[0].fixes.at(0);
        ctx->ItemClick(("//Layer/**/##" + capitalized(english(fix.text))).c_str());
        EXPECT_FALSE(driven.ui().draft);
        EXPECT_EQ(spec(driven), fix.after.spec);
    });
}

// Nothing but the picture is there to say it.
TEST(Parameters, InPresenterModeThePictureSaysThatTheSettingsAreImpossible) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemInputValue("//Layer/kernel/##h", "9");
        ASSERT_TRUE(driven.ui().draft);
        const auto top = [&] { return ctx->ItemInfo("//Diagram/##picture").RectFull.Min.y; };
        ctx->KeyPress(ImGuiKey_P);
        ctx->Yield(4);
        driven.screenshot("presenter_impossible");
        const float said = top();
        driven.ui().draft.reset();
        ctx->Yield(3);
        EXPECT_GT(said, top() + driven.smallest_text()) << "the sentences stand above the picture";
    });
}

// A transposed convolution's padding crops.
TEST(Parameters, APaddingModeIsOfferedOnlyWherePaddingIsFilled) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemClick("//Layer/Advanced");
        choose(ctx, "//Layer/##pad mode", "reflect");
        EXPECT_EQ(spec(driven).pad_mode, PadMode::reflect);
        choose(ctx, "//Layer/##operation", "Transposed convolution");
        ctx->Yield(2);
        EXPECT_FALSE(driven.ui().draft);
        EXPECT_EQ(spec(driven).op, Op::conv_transpose);
        EXPECT_EQ(spec(driven).pad_mode, PadMode::zeros);
        EXPECT_FALSE(ctx->ItemExists("//Layer/##pad mode"));
    });
}

TEST(Parameters, ThereIsAWayBackToWhatThePictureShows) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemInputValue("//Layer/kernel/##h", "9");
        ctx->ItemClick("//Layer/**/##Back to kernel 2");
        EXPECT_FALSE(driven.ui().draft);
        EXPECT_EQ(spec(driven).kernel, (Size2{2, 2}));
    });
}

TEST(Parameters, TextThatIsNoNumberStaysWithItsReason) {
    for (const char* text : {"two", "nan", "", "1e30", "0x3"}) {
        DrivenApp driven;
        driven.drive([&](ImGuiTestContext* ctx) {
            ctx->ItemInputValue(kStride, text);
            ASSERT_EQ(driven.ui().panels.typed.size(), 1U) << text;
            EXPECT_EQ(driven.ui().panels.typed[0].text, text);
            EXPECT_FALSE(driven.ui().panels.typed[0].reason.empty());
            EXPECT_EQ(spec(driven).stride, (Size2{1, 1}));
            ctx->ItemClick("//Layer/**/##Keep 1");
            EXPECT_TRUE(driven.ui().panels.typed.empty());
        });
    }
}

TEST(Parameters, AFractionIsAnsweredWithTheWholeNumbersBesideIt) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemInputValue(kStride, "2.5");
        driven.screenshot("parameters_fraction");
        ctx->ItemClick("//Layer/**/##Set stride to 3");
        EXPECT_EQ(spec(driven).stride, (Size2{3, 3}));
        EXPECT_TRUE(driven.ui().panels.typed.empty());
    });
}

TEST(Parameters, AHugeNumberIsRefusedWithFixes) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemInputValue("//Layer/input/##h", "1e9");
        ASSERT_TRUE(driven.ui().draft);
        EXPECT_EQ(driven.ui().draft->shape.input.h, 1000000000);
        EXPECT_FALSE(driven.ui().draft->problems.empty());
        driven.screenshot("parameters_huge");
    });
}

TEST(Parameters, ZeroAndNegativeNumbersAreRefusedWithFixes) {
    for (const char* field : {"input", "kernel", "stride", "dilation"}) {
        for (const char* text : {"0", "-3"}) {
            DrivenApp driven;
            driven.drive([&](ImGuiTestContext* ctx) {
                ctx->ItemInputValue((std::string("//Layer/") + field + "/##h").c_str(), text);
                ASSERT_TRUE(driven.ui().draft) << field << " " << text;
                EXPECT_FALSE(driven.ui().draft->problems.front().fixes.empty());
            });
        }
    }
}

TEST(Parameters, FillMenusMakeNewNumbers) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        choose(ctx, "//Layer/##fill input", "ones");
        EXPECT_EQ(input(driven).at(0, 0, 1, 2), 1);
        choose(ctx, "//Layer/##fill input", "ramp");
        EXPECT_EQ(input(driven).at(0, 0, 1, 2), 5);
        choose(ctx, "//Layer/##fill kernel", "impulse");
        EXPECT_EQ(driven.session().derived.layers[0]->weight_peak, 1);
        choose(ctx, "//Layer/##fill input", "random");
        const TensorRef once = own_input(layer(driven));
        choose(ctx, "//Layer/##fill input", "random");
        EXPECT_FALSE(once == own_input(layer(driven))) << "each time anew";
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
        EXPECT_TRUE(once == own_input(layer(driven)));
    });
}

TEST(Parameters, TransposedHasOutputPaddingAndThreeReadings) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        EXPECT_FALSE(ctx->ItemExists("//Layer/output padding/##h"));
        choose(ctx, "//Layer/##operation", "Transposed convolution");
        EXPECT_EQ(spec(driven).op, Op::conv_transpose);
        ctx->ItemInputValue(kStride, "2");
        ctx->ItemInputValue("//Layer/output padding/##h", "1");
        EXPECT_EQ(spec(driven).output_padding, (Size2{1, 1}));
        choose(ctx, "//Layer/##shown as", "insert zeros");
        EXPECT_EQ(driven.session().document().panes[0].reading, Reading::zero_inserted);
        driven.screenshot("parameters_transposed");
        choose(ctx, "//Layer/##operation", "Convolution");
        EXPECT_EQ(spec(driven).op, Op::conv);
        EXPECT_FALSE(driven.ui().draft);
    });
}

TEST(Parameters, PoolingHasItsOwnSettingsAndGivesTheKernelBack) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        const TensorRef kernel = layer(driven).weight;
        choose(ctx, "//Layer/##operation", "Max pooling");
        EXPECT_EQ(spec(driven).op, Op::max_pool);
        EXPECT_FALSE(ctx->ItemExists("//Layer/##fill kernel"));
        ctx->ItemInputValue(kStride, "2");
        EXPECT_EQ(driven.session().derived.layers[0]->output.shape().plane(), (Size2{2, 2}));
        ctx->ItemClick("//Layer/Advanced");
        EXPECT_FALSE(ctx->ItemExists("//Layer/flip kernel (true convolution)"));
        EXPECT_FALSE(ctx->ItemExists("//Layer/count_include_pad")) << "an average's";
        ctx->ItemClick("//Layer/ceil_mode");
        EXPECT_EQ(driven.session().derived.layers[0]->output.shape().plane(), (Size2{2, 2}))
            << "a third window would start in the padding";
        choose(ctx, "//Layer/##operation", "Average pooling");
        ctx->ItemClick("//Layer/count_include_pad");
        ctx->ItemClick("//Layer/divisor_override");
        EXPECT_EQ(spec(driven).divisor_override, 4);
        ctx->ItemInputValue("//Layer/##divisor", "0");
        EXPECT_TRUE(driven.ui().draft) << "nothing is divided by 0";
        EXPECT_EQ(spec(driven).divisor_override, 4);
        driven.screenshot("parameters_pooling");
        ctx->ItemInputValue("//Layer/##divisor", "2");
        EXPECT_EQ(spec(driven).divisor_override, 2);
        ctx->KeyPress(ImGuiKey_T);
        EXPECT_FALSE(spec(driven).flip_kernel) << "there is no kernel to turn";
        choose(ctx, "//Layer/##operation", "Convolution");
        EXPECT_TRUE(layer(driven).weight == kernel);
    });
}

TEST(Parameters, RulesOfAProgramRefuseWhatItRefuses) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemClick("//Layer/Advanced");
        choose(ctx, "//Layer/##pad mode", "symmetric");
        EXPECT_EQ(spec(driven).pad_mode, PadMode::symmetric);
        const auto& elsewhere = driven.session().derived.layers[0]->elsewhere;
        ASSERT_FALSE(elsewhere.empty());
        EXPECT_EQ(elsewhere[0].dialect, Dialect::torch);
        ctx->ScrollToBottom("//Explanation");
        ctx->Yield(2);
        driven.screenshot("parameters_border");
        ctx->ItemClick("//Layer/##rules of");
        ctx->KeyPress(ImGuiKey_Escape);
        choose(ctx, "//Layer/##rules of", "PyTorch");
        ASSERT_TRUE(driven.ui().draft);
        EXPECT_EQ(driven.ui().draft->problems[0].kind, ErrorKind::pad_mode_unsupported);
        driven.screenshot("parameters_rules_of");
        choose(ctx, "//Layer/##rules of", "OpenCV");
        EXPECT_FALSE(driven.ui().draft);
        EXPECT_EQ(spec(driven).dialect, Dialect::opencv);
    });
}

TEST(Parameters, AdvancedOpensItselfWhenItIsUsed) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        EXPECT_FALSE(ctx->ItemExists("//Layer/##pad mode"));
        ctx->KeyPress(ImGuiKey_T);
        ctx->Yield(2);
        EXPECT_TRUE(spec(driven).flip_kernel);
        EXPECT_TRUE(ctx->ItemExists("//Layer/##pad mode"));
    });
}

TEST(Parameters, AdvancedSettingsTakeEffect) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemClick("//Layer/Advanced");
        ctx->ItemInputValue("//Layer/input channels/##h", "2");
        ctx->ItemInputValue("//Layer/output channels/##h", "4");
        ctx->ItemInputValue("//Layer/groups/##h", "2");
        EXPECT_EQ(spec(driven).groups, 2);
        EXPECT_EQ(layer(driven).weight->shape(), (Shape4{4, 1, 2, 2}));
        ctx->ItemInputValue("//Layer/sides/##bottom", "0");
        EXPECT_EQ(spec(driven).pads, (Pads{1, 0, 1, 1}));
        choose(ctx, "//Layer/##pad mode", "reflect");
        EXPECT_EQ(spec(driven).pad_mode, PadMode::reflect);
        ctx->ItemClick("//Layer/bias");
        ASSERT_TRUE(static_cast<bool>(layer(driven).bias));
        ctx->ItemInputValue("//Layer/##bias value", "0.25");
        EXPECT_EQ(layer(driven).bias->at(0, 0, 0, 0), 0.25);
        driven.screenshot("parameters_advanced");
    });
}

TEST(Parameters, AProblemOfAFoldedSettingIsShownAllTheSame) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemClick("//Layer/Advanced");
        ctx->ItemInputValue("//Layer/groups/##h", "3");
        ASSERT_TRUE(driven.ui().draft);
        ctx->ItemClick("//Layer/Advanced");
        ctx->Yield(2);
        EXPECT_FALSE(ctx->ItemExists("//Layer/groups/##h"));
        ctx->ItemClick("//Layer/**/##Set groups to 1");
        EXPECT_FALSE(driven.ui().draft);
    });
}

TEST(Parameters, UndoTakesASettingBack) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        const Document before = driven.session().document();
        ctx->ItemInputValue(kStride, "2");
        ctx->ItemInputValue("//Layer/padding/##h", "0");
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
        EXPECT_EQ(driven.session().document(), before);
    });
}

}  // namespace
}  // namespace convlens
