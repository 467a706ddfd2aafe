// Explain and Output.
#include <fstream>
#include <string_view>

#include "app/session/files.h"
#include "core/conv/adjustments.h"
#include "core/io/tensor/npy.h"
#include "core/text/ascii.h"
#include "core/text/number.h"
#include "tests/gui/panels_driver.h"

namespace convlens {
namespace {

TEST(Explain, AWantedSizeIsAnsweredWithAButtonThatGivesIt) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemInputValue("//Explanation/wanted/##h", "2");
        ASSERT_TRUE(driven.ui().panels.explanation.asked);
        ASSERT_FALSE(driven.ui().panels.explanation.asked->answers.empty());
        driven.screenshot("explain_wanted");
        const SizeAnswer answer = driven.ui().panels.explanation.asked->answers.front();
        ctx->ItemClick(("//Explanation/wanted/##" + capitalized(english(answer.text))).c_str());
        EXPECT_EQ(driven.session().derived.layers[0]->output.shape().plane(), (Size2{2, 2}));
        EXPECT_EQ(layer(driven).spec, answer.spec);
    });
}

TEST(Explain, AWantedSizeThatIsNoNumberIsAnsweredWithAReason) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemInputValue("//Explanation/wanted/##h", "big");
        ASSERT_EQ(driven.ui().panels.typed.size(), 1U);
        ctx->ItemInputValue("//Explanation/wanted/##h", "0");
        EXPECT_TRUE(driven.ui().panels.typed.empty());
        driven.screenshot("explain_wanted_zero");
    });
}

// ONNX Runtime takes dilated max pooling under SAME_UPPER and pads it otherwise.
TEST(Explain, AProgramThatComputesTheLayerDifferentlyIsNamed) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        LayerShape shape = layer_shape(layer(driven));
        shape.spec.op = Op::max_pool;
        shape.spec.pads = {};
        shape.spec.kernel = {3, 3};
        shape.spec.dilation = {2, 2};
        shape.spec.pad_rule = PadRule::onnx_SAME_UPPER;
        propose(driven.ui(), driven.session().document(), 0, shape, verbatim("pooling"), {});
        ctx->Yield(4);
        ctx->ScrollToBottom("//Explanation");
        ctx->Yield(2);
        driven.screenshot("explain_differs");
    });
    const std::string words = driven.words_of_a_frame();
    EXPECT_NE(words.find("ONNX Runtime computes this layer differently"), std::string::npos) << words;
    EXPECT_NE(words.find("ONNX Runtime's SAME pooling"), std::string::npos) << words;
}

TEST(Explain, TheLayerIsCodeThatCanBeCopied) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ScrollToBottom("//Explanation");
        ctx->ItemClick("//Explanation/Code");
        ctx->Yield(4);
        ctx->ScrollToBottom("//Explanation");
        ctx->ItemClick("//Explanation/Copy##code");
        EXPECT_NE(std::string(ImGui::GetClipboardText()).find("F.conv2d"), std::string::npos);
        driven.screenshot("explain_code");
        choose(ctx, "//Explanation/##framework", "SciPy");
        ctx->ItemClick("//Explanation/Copy##code");
        EXPECT_NE(std::string(ImGui::GetClipboardText()).find("correlate2d"), std::string::npos);
    });
}

// They flowed like a text, 8 and 8 and 8 of a kernel of 9 columns.
TEST(Explain, TheTermsOfAWideKernelStandInItsRowsAndScrollSideways) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        for (const Size2 kernel : {Size2{4, 12}, Size2{9, 9}}) {
            LayerShape shape = layer_shape(layer(driven));
            shape.input.h = shape.input.w = 16;
            shape = adjusted(shape, Field::kernel, only(Axis::h), kernel.h);
            shape = adjusted(shape, Field::kernel, only(Axis::w), kernel.w);
            propose(driven.ui(), driven.session().document(), 0, shape, verbatim("kernel"), {});
            ctx->Yield(4);
            ctx->ScrollToBottom("//Explanation");
            driven.screenshot(kernel.h == 4 ? "explain_terms_4_12" : "explain_terms_9");
            const ImGuiWindow* terms = nullptr;
            for (const ImGuiWindow* window : ImGui::GetCurrentContext()->Windows) {
                if (window->WasActive && std::string_view(window->Name).find("terms_") != std::string_view::npos)
                    terms = window;
            }
            ASSERT_NE(terms, nullptr) << kernel.w;
            EXPECT_GT(terms->ScrollMax.x, 0) << kernel.w << ": the rows are wider than the panel";
            EXPECT_EQ(terms->ScrollMax.y, 0) << kernel.w << ": all rows are seen";
        }
    });
}

TEST(Explain, SeveralChannelsShowTheirParts) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemClick("//Layer/Advanced");
        ctx->ItemInputValue("//Layer/input channels/##h", "3");
        ctx->ItemInputValue("//Layer/output channels/##h", "2");
        ctx->Yield(2);
        driven.screenshot("explain_channels");
        const double part =
            reference_partial(layer(driven).spec, driven.session().derived.layers[0]->data(), 0, 0).at(0, 1, 0, 0);
        ctx->ScrollToBottom("//Explanation");  // the parts' own box has nothing to scroll
        ctx->ItemClick(("//Explanation/**/Z[c 1] = " + full_number(part)).c_str());
        EXPECT_EQ(driven.session().document().panes[0].slice.c_in, 1);
    });
}

TEST(Explain, WhatAnAverageIsDividedByIsWholeInThePanel) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        LayerShape shape = layer_shape(layer(driven));
        shape.spec.op = Op::avg_pool;
        propose(driven.ui(), driven.session().document(), 0, shape, verbatim("average"), {});
        ctx->Yield(4);
        const ImGuiWindow* panel = ctx->GetWindowByRef("//Explanation");
        EXPECT_LE(panel->ContentSize.x, panel->InnerRect.GetWidth()) << "wider than the panel: it is cut off";
        driven.screenshot("explain_average");
    });
}

// Two groups of two channels: the second output channel reads the input's channels 2 and 3.
TEST(Diagram, OfAGroupTheInputChannelIsChosenByItsPlaceAmongAll) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        LayerShape shape = layer_shape(layer(driven));
        shape.input.c = 4;
        shape.spec.out_channels = shape.spec.groups = 2;
        propose(driven.ui(), driven.session().document(), 0, shape, verbatim("groups"), {});
        ctx->Yield(2);
        driven.ui().edit(msg("c_out"), {}, [](Document& d) { d.panes[0].slice.c_out = 1; });
        ctx->Yield(2);
        ctx->ItemInputValue("//Diagram/c_in/##index", "3");
        ctx->Yield(2);
        EXPECT_EQ(driven.session().document().panes[0].slice.c_in, 1);
        driven.screenshot("diagram_group_channel");
        ctx->ItemInputValue("//Diagram/c_in/##index", "0");
        ctx->Yield(2);
        EXPECT_EQ(driven.session().document().panes[0].slice.c_in, 0) << "the nearest of the group";
    });
}

TEST(Output, ThePlaneIsCopiedWithAllDigits) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        bring_forward(ctx, driven, "Output");
        ctx->ItemClick("//Output/Copy…");
        ctx->ItemClick("//$FOCUSED/This channel as a Python list");
        EXPECT_EQ(std::string(ImGui::GetClipboardText()),
                  "[[4, 11, 18, 9],\n [18, 37, 47, 21],\n [36, 67, 77, 33],\n [14, 23, 26, 9]]");
    });
}

TEST(Output, IsSavedAsNpyAndCsv) {
    const UserFolders folders;
    DrivenApp driven({}, &folders);
    const std::filesystem::path npy = folders.root() / "out.npy", csv = folders.root() / "out.csv";
    driven.drive([&](ImGuiTestContext* ctx) {
        bring_forward(ctx, driven, "Output");
        ctx->ItemClick("//Output/Save…");
        ctx->ItemInputValue("//$FOCUSED/##path", npy.c_str());
        driven.screenshot("output_save");
        ctx->ItemClick("//$FOCUSED/###save");
        EXPECT_EQ(to_tensor(read_npy(npy), "out"), driven.session().derived.layers[0]->output);
        ctx->ItemClick("//Output/Save…");
        ctx->ItemInputValue("//$FOCUSED/##path", csv.c_str());
        ctx->ItemClick("//$FOCUSED/###save");
        std::string line;
        std::ifstream(csv) >> line;
        EXPECT_EQ(line, "4,11,18,9");
    });
}

TEST(Output, AFileThatCannotBeWrittenSaysWhy) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        bring_forward(ctx, driven, "Output");
        ctx->ItemClick("//Output/Save…");
        ctx->ItemInputValue("//$FOCUSED/##path", "/proc/no/such/out.npy");
        ctx->ItemClick("//$FOCUSED/###save");
        EXPECT_FALSE(driven.ui().panels.output.save_problem.empty());
        driven.screenshot("output_save_problem");
        ctx->ItemInputValue("//$FOCUSED/##path", "");
        ctx->ItemClick("//$FOCUSED/###save");
        EXPECT_FALSE(driven.ui().panels.output.save_problem.empty());
        ctx->ItemInputValue("//$FOCUSED/##path", "/tmp/out.txt");
        ctx->ItemClick("//$FOCUSED/###save");
        EXPECT_FALSE(driven.ui().panels.output.save_problem.empty());
    });
}

TEST(Output, PointingAtANumberLightsItsCell) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        bring_forward(ctx, driven, "Output");
        ImGuiWindow* numbers = nullptr;
        for (ImGuiWindow* window : ImGui::GetCurrentContext()->Windows)
            if (std::string_view(window->Name).find("Output/numbers") != std::string_view::npos) numbers = window;
        ASSERT_NE(numbers, nullptr);
        ctx->MouseMoveToPos({numbers->Pos.x + 60, numbers->Pos.y + 45});
        ctx->Yield(2);
        ASSERT_TRUE(driven.ui().hover);
        EXPECT_EQ(driven.ui().hover->part, Part::output);
        ctx->MouseClick();
        EXPECT_FALSE(driven.ui().playing);
        driven.screenshot("output_pointed");
    });
}

}  // namespace
}  // namespace convlens
