// The filters of a photo: kernels are chosen, typed and pasted, refused with a reason, put behind each other.
#include "core/engine/filter/filter_chain.h"
#include "tests/gui/photo_app.h"

namespace convlens {
namespace {

TEST(Photo, CellsOfTheKernelAreTyped) {
    PhotoApp driven;
    driven.open(driven.picture_path);
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->SetRef("//Photo filter");
        ctx->ItemClick("**/Sharpen");
        ctx->ItemInputValue("**/##w 1,1", "6");
        PhotoApp::wait(ctx, driven.app());
        const FilterStep& step = driven.photo().chain[0];
        EXPECT_EQ(step.name, "custom");
        EXPECT_EQ(step.kernel.at(1, 1), 6);
        EXPECT_TRUE(same(*driven.work().after(), *filter(small_picture(), step)));

        // What is no number stays where it was typed, with the reason; the kernel stays as it was.
        ctx->ItemInputValue("**/##w 0,0", "six");
        EXPECT_EQ(driven.photo().chain[0].kernel.at(0, 0), 0);
        ASSERT_EQ(driven.ui().panels.typed.size(), 1U);
        EXPECT_EQ(driven.ui().panels.typed[0].text, "six");
        EXPECT_FALSE(driven.ui().panels.typed[0].reason.empty());
        driven.screenshot("photo_refused");
        ctx->ItemClick("**/##keep 0");
        EXPECT_TRUE(driven.ui().panels.typed.empty());

        ctx->ItemInputValue("**/##cols", "4");
        EXPECT_EQ(driven.photo().chain[0].kernel.cols, 4);
        EXPECT_EQ(driven.photo().chain[0].kernel.at(1, 1), 6);
        ctx->ItemInputValue("**/##divisor", "0");
        EXPECT_EQ(driven.photo().chain[0].kernel.divisor, 1);
        ASSERT_EQ(driven.ui().panels.typed.size(), 1U);
        ctx->ItemInputValue("**/##divisor", "4");
        EXPECT_EQ(driven.photo().chain[0].kernel.divisor, 4);
        ctx->ItemClick("**/##Normalize");
        EXPECT_EQ(driven.photo().chain[0].kernel.sum(), 1);
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
        EXPECT_EQ(driven.photo().chain[0].kernel.divisor, 4);
    });
}

// Two clicks on one spot are two clicks on one kernel.
TEST(Photo, TheFirstFilterMovesNoKernelUnderTheMouse) {
    PhotoApp driven;
    driven.open(driven.picture_path);
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->SetRef("//Photo filter");
        const auto place = [&](const char* kernel) { return ctx->ItemInfo(kernel).RectFull; };
        const ImRect box = place("**/Box blur"), gaussian = place("**/Gaussian blur");
        ASSERT_NE(box.Min.y, gaussian.Min.y);
        ctx->ItemClick("**/Box blur");
        PhotoApp::wait(ctx, driven.app());
        ASSERT_EQ(driven.photo().chain.size(), 1U);
        EXPECT_EQ(place("**/Box blur").Min.y, box.Min.y);
        EXPECT_EQ(place("**/Gaussian blur").Max.y, gaussian.Max.y);
        ctx->MouseClick();
        ctx->Yield(2);
        ASSERT_EQ(driven.photo().chain.size(), 1U);
        EXPECT_EQ(driven.photo().chain[0].name, "box");
    });
}

TEST(Photo, KernelTextIsTakenAndRefusedWithItsReason) {
    PhotoApp driven;
    driven.open(driven.picture_path);
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->SetRef("//Photo filter");
        ctx->ItemClick("**/Identity");
        ctx->ItemInputValue("**/##text", "gaussian:sigma=2");
        EXPECT_EQ(driven.photo().chain[0], named("gaussian:sigma=2"));
        ImGui::SetClipboardText("1/9 * [[1, 1, 1],\n [1, 1, 1],\n [1, 1, 1]]");
        ctx->ItemClick("**/Paste");
        EXPECT_EQ(driven.photo().chain[0].kernel, parse_kernel_text("1 1 1; 1 1 1; 1 1 1 / 9"));
        ctx->ItemInputValue("**/##text", "1 2; 3");
        EXPECT_FALSE(driven.state().kernel_text_reason.empty());
        EXPECT_EQ(driven.photo().chain[0].kernel.rows, 3);
        driven.screenshot("photo_text_refused");
    });
}

// What was typed for a kernel goes with it, however another one comes.
TEST(Photo, ARefusedTextGoesWithItsKernel) {
    PhotoApp driven;
    driven.open(driven.picture_path);
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->SetRef("//Photo filter");
        ctx->ItemClick("**/Sharpen");
        const auto refuse = [&] {
            ctx->ItemInputValue("**/##text", "1 2; 3");
            ctx->ItemInputValue("**/##divisor", "none");
            EXPECT_FALSE(driven.state().kernel_text_reason.empty());
            EXPECT_EQ(driven.ui().panels.typed.size(), 1U);
        };
        const auto forgotten = [&] {
            return driven.state().kernel_text_reason.empty() && driven.ui().panels.typed.empty();
        };
        refuse();
        ctx->ItemClick("**/Emboss");
        ctx->Yield();
        EXPECT_TRUE(forgotten()) << "another kernel of the list";
        refuse();
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
        EXPECT_EQ(driven.photo().chain, std::vector<FilterStep>{named("emboss")});
        EXPECT_TRUE(forgotten()) << "typed last";
        ctx->Yield();
        EXPECT_EQ(ctx->ItemInfo("**/##keep the kernel", ImGuiTestOpFlags_NoError).ID, 0U);
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
        EXPECT_EQ(driven.photo().chain, std::vector<FilterStep>{named("sharpen")});
        refuse();
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Y);
        EXPECT_EQ(driven.photo().chain, std::vector<FilterStep>{named("emboss")});
        EXPECT_TRUE(forgotten()) << "redone";
        refuse();
        ctx->ItemInputValue("**/##w 1,1", "7");
        EXPECT_TRUE(forgotten()) << "a weight of its own";
        refuse();
        ctx->ItemClick("**/+ Add");
        ctx->Yield();
        EXPECT_TRUE(forgotten()) << "another filter";
    });
}

// The photo that would be saved is not the one that was asked for.
TEST(Photo, SavingSaysFirstThatAKernelWasRefused) {
    PhotoApp driven;
    driven.open(driven.picture_path);
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->SetRef("//Photo filter");
        ctx->ItemClick("**/Sharpen");
        ctx->ItemInputValue("**/##text", "1 2; 3");
        PhotoApp::wait(ctx, driven.app());
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_S);
        ctx->Yield(4);
        EXPECT_EQ(ImGui::GetTopMostPopupModal(), nullptr);
        ASSERT_FALSE(driven.ui().messages.empty());
        EXPECT_EQ(driven.ui().messages.back().text().find("The kernel that you typed is not in use: "), 0U);
        driven.screenshot("photo_save_refused_kernel");
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_S);
        ctx->Yield(4);
        EXPECT_NE(ImGui::GetTopMostPopupModal(), nullptr) << "said once, then done";
        ctx->KeyPress(ImGuiKey_Escape);
        ctx->Yield(2);
    });
}

TEST(Photo, DecimalCommasAreAskedFor) {
    PhotoApp driven;
    driven.open(driven.picture_path);
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->SetRef("//Photo filter");
        ctx->ItemClick("**/Identity");
        ctx->ItemInputValue("**/##text", "0,25;0,5;0,75");
        EXPECT_EQ(driven.photo().chain[0].kernel.rows, 1);  // nothing is guessed
        driven.screenshot("photo_text_two_readings");
        ctx->ItemClick("**/##Decimal commas: 3×1");
        EXPECT_EQ(driven.photo().chain[0].kernel, parse_kernel_text("0.25; 0.5; 0.75"));
        EXPECT_TRUE(driven.state().kernel_text_reason.empty());
        ctx->ItemInputValue("**/##text", "0,25;0,5;0,75");
        ctx->ItemClick("**/##Commas separate: 3×2");
        EXPECT_EQ(driven.photo().chain[0].kernel, parse_kernel_text("0 25; 0 5; 0 75"));
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
        EXPECT_EQ(driven.photo().chain[0].kernel.cols, 1);
    });
}

TEST(Photo, FiltersAreAddedMovedAndRemoved) {
    PhotoApp driven;
    driven.open(driven.picture_path);
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->SetRef("//Photo filter");
        ctx->ItemClick("**/Box blur");
        ctx->ItemClick("**/+ Add");
        ctx->ItemClick("**/Sobel, y");
        PhotoApp::wait(ctx, driven.app());
        EXPECT_EQ(driven.photo().chain, (std::vector<FilterStep>{named("box"), named("sobel_y")}));
        const Image before = small_picture();
        const Image blurred = *filter(before, named("box"), step_options({}, before.depth(), 0, 2));
        EXPECT_EQ(blurred.depth(), Depth::f32);
        EXPECT_TRUE(same(*driven.work().after(), filter_chain(before, driven.photo().chain).value()));
        EXPECT_TRUE(same(*driven.work().result()->steps[0].image, blurred));
        ctx->ItemClick("**/Up");
        EXPECT_EQ(driven.photo().chain, (std::vector<FilterStep>{named("sobel_y"), named("box")}));
        EXPECT_EQ(driven.state().step, 0);
        ctx->ItemClick("**/Remove");
        EXPECT_EQ(driven.photo().chain, std::vector<FilterStep>{named("box")});
        ctx->ItemClick("**/Remove");
        PhotoApp::wait(ctx, driven.app());
        EXPECT_TRUE(driven.photo().chain.empty());
        EXPECT_EQ(driven.work().after(), driven.work().before());
    });
}

}  // namespace
}  // namespace convlens
