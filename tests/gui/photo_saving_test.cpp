// The filtered photo is saved beside the window: which name it gets, what is told meanwhile, what a click stops.
#include <chrono>
#include <cmath>
#include <thread>

#include "app/document/content_hash.h"
#include "core/io/bytes.h"
#include "tests/gui/photo_to_save.h"

namespace convlens {
namespace {

using Clock = std::chrono::steady_clock;

// Takes seconds to be compressed.
Image noise(std::int64_t width, std::int64_t height) {
    Image image(width, height, 3, Depth::u8);
    std::uint32_t state = 9;
    for (std::byte& sample : image.bytes()) {
        state = state * 1664525U + 1013904223U;
        sample = static_cast<std::byte>(state >> 25U);
    }
    return image;
}

double milliseconds(Clock::duration time) { return std::chrono::duration<double, std::milli>(time).count(); }

TEST(PhotoSaving, CtrlSSavesWhatIsLookedAt) {
    PhotoToSave driven(37, 23, "sobel_x");
    const fs::path target = driven.folder() / "at sea sobel_x.png";
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_S);
        ctx->Yield(10);
        const ImGuiInputTextState* state = ImGui::GetInputTextState(ImGui::GetActiveID());
        ASSERT_NE(state, nullptr) << "the name has the focus";
        EXPECT_STREQ(state->TextA.Data, "at sea sobel_x.png");
        EXPECT_EQ(std::abs(state->GetSelectionEnd() - state->GetSelectionStart()), state->TextLen);
        driven.screenshot("photo_save_name");
        ctx->KeyPress(ImGuiKey_Enter);
        ctx->Yield(2);
        driven.wait(ctx);
        ASSERT_TRUE(fs::exists(target));
        EXPECT_TRUE(tells(driven.ui(), "Saved at sea sobel_x.png"));
        EXPECT_TRUE(driven.session().file.empty()) << "the document has no name by that";

        ctx->KeyPress(ImGuiKey_G);
        ctx->Yield(2);
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_S);
        ctx->Yield(10);
        const ImGuiWindow* dialog = ImGui::GetTopMostPopupModal();
        ASSERT_NE(dialog, nullptr);
        EXPECT_EQ(std::string(dialog->Name).find("Save as"), 0U) << "in the grid it is the document";
        ctx->KeyPress(ImGuiKey_Escape);
    });
    const Image read = load_image(target);
    EXPECT_TRUE(std::ranges::equal(read.bytes(), driven.app().photo().after()->bytes()));
}

// White in the middle of black, sharpened, is 5 times white, and 4 times black below it.
TEST(PhotoSaving, FloatsAreNotClampedToThePhotosDepth) {
    Image dot(7, 5, 4, Depth::u8);
    for (std::int64_t y = 0; y < 5; ++y)
        for (std::size_t x = 0; x < 7; ++x) dot.row<std::uint8_t>(y)[x * 4 + 3] = 255;
    for (std::size_t c = 0; c < 3; ++c) dot.row<std::uint8_t>(2)[12 + c] = 255;
    PhotoToSave driven(dot, "sharpen");
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_S);
        ctx->Yield(10);
        ctx->KeyChars("out.hdr");
        ctx->KeyPress(ImGuiKey_Enter);
        ctx->Yield(2);
        driven.wait(ctx);
        EXPECT_TRUE(tells(driven.ui(),
                          "float samples. Radiance HDR has no alpha: the image was laid on white. 12 of the result's "
                          "105 values were below 0 or above 1.7e+38 and were cut to that range; convlens filter "
                          "--save-as f32 keeps them in .npy."));
        driven.screenshot("photo_saved_hdr");
    });
    const Image read = load_image(driven.folder() / "out.hdr");
    EXPECT_EQ(read.depth(), Depth::f32);
    EXPECT_EQ(read.row<float>(2)[9], 5);
    EXPECT_EQ(read.row<float>(2)[12], 0) << "Radiance has nothing below black";
}

TEST(PhotoSaving, TheDocumentNotesWhatThePhotosFileHeld) {
    PhotoToSave driven(37, 23, "box");
    EXPECT_EQ(driven.session().document().photo.content, content_hash(read_bytes(driven.folder() / "at sea.bmp")));
    EXPECT_EQ(english(driven.session().history.undo_label()), "filter");
}

TEST(PhotoSaving, ThePhotoThatIsOpenIsNotReplacedByOneKey) {
    PhotoToSave driven(37, 23, "box");
    const fs::path photo = driven.folder() / "at sea.bmp", other = driven.folder() / "other.bmp";
    save_image(picture(5, 3), other);
    fs::create_symlink("at sea.bmp", driven.folder() / "link.bmp");
    driven.drive([&](ImGuiTestContext* ctx) {
        const auto save_as = [&](const char* name) {
            ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_S);
            ctx->Yield(10);
            ctx->KeyChars(name);
            ctx->KeyPress(ImGuiKey_Enter);
            ctx->Yield(4);
            return std::string(ctx->ItemInfo(ImGui::GetCurrentContext()->NavId).DebugLabel);
        };
        for (const char* name : {"at sea.bmp", "link.bmp"}) {
            EXPECT_EQ(save_as(name), "Choose another name");
            driven.screenshot("photo_replaces_itself");
            ctx->KeyPress(ImGuiKey_Enter);
            ctx->Yield(4);
            ctx->KeyPress(ImGuiKey_Escape);
            ctx->Yield(4);
            EXPECT_EQ(ImGui::GetTopMostPopupModal(), nullptr);
        }
        EXPECT_EQ(save_as("other.bmp"), "Choose another name");
        ctx->KeyPress(ImGuiKey_Tab);  // to Replace
        ctx->KeyPress(ImGuiKey_Enter);
        driven.wait(ctx);
    });
    EXPECT_TRUE(std::ranges::equal(load_image(photo).bytes(), picture(37, 23).bytes()));
    EXPECT_EQ(image_info(other).width, 37);
}

TEST(PhotoSaving, EndingsThatAreNotWrittenAreRefused) {
    PhotoToSave driven(37, 23, "box");
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_S);
        ctx->Yield(10);
        for (const char* name : {"x.heic", "/dev/null"}) {
            ctx->KeyChars(name);
            ctx->KeyPress(ImGuiKey_Enter);
            ctx->Yield(4);
            ASSERT_NE(ImGui::GetTopMostPopupModal(), nullptr);
            driven.screenshot("photo_ending_refused");
        }
        ctx->KeyChars("y");
        ctx->KeyPress(ImGuiKey_Enter);
        ctx->Yield(2);
        driven.wait(ctx);
    });
    EXPECT_FALSE(fs::exists(driven.folder() / "x.heic.png"));
    EXPECT_FALSE(fs::exists("/dev/null.png"));
    EXPECT_TRUE(fs::exists(driven.folder() / "y.png"));
}

TEST(PhotoSaving, TheMenuNamesWhatCtrlSSaves) {
    PhotoToSave driven(37, 23, "box");
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->SetRef("##MainMenuBar");
        ctx->MenuAction(ImGuiTestAction_Hover, "File/###save.document");
        ctx->Yield(2);
        EXPECT_EQ(std::string(ctx->ItemInfo("//$FOCUSED/###save").DebugLabel).find("Save filtered photo…"), 0U);
        driven.screenshot("photo_file_menu");
    });
}

// A frame at least every tenth of a second; the pace that the window keeps between frames is part of it.
TEST(PhotoSaving, TheWindowGoesOnWhile24MegapixelsAreSaved) {
    PhotoToSave driven(6000, 4000, "box");
    const fs::path target = driven.folder() / "at sea box.png";
    double longest = 0, pace = 0;
    int frames = 0;
    bool told = false;
    driven.drive([&](ImGuiTestContext* ctx) {
        driven.save(ctx);
        const auto began = Clock::now();
        auto last = began;
        std::vector<double> shares;
        while (driven.app().saving().busy()) {
            ctx->Yield();
            const auto now = Clock::now();
            longest = std::max(longest, milliseconds(now - last));
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
            last = Clock::now();
            ++frames;
            pace = std::max(pace, driven.app().wait_seconds() * 1000);
            if (const auto state = driven.app().saving().state(); state && state->share)
                shares.push_back(*state->share);
            if (!told && shares.size() > 1 && shares.back() > 0.3) {
                told = is_shown("###saving");
                driven.screenshot("photo_saving");
                last = Clock::now();  // drawing it takes its time
            }
        }
        EXPECT_TRUE(std::ranges::is_sorted(shares));
        std::printf("24 MP saved in %.0f ms: %d frames, the longest after %.1f ms, the pace %.1f ms\n",
                    milliseconds(Clock::now() - began), frames, longest, pace);
    });
    EXPECT_TRUE(told);
    EXPECT_GT(frames, 10);
    EXPECT_LT(longest, 100);
    EXPECT_LT(pace, 60);
    EXPECT_EQ(image_info(target).width, 6000);
}

TEST(PhotoSaving, CancelLeavesTheOldFile) {
    PhotoToSave driven(noise(2600, 2000), "identity");
    const fs::path target = driven.folder() / "at sea identity.png";
    save_image(picture(5, 3), target);
    driven.drive([&](ImGuiTestContext* ctx) {
        driven.save(ctx);
        ctx->Yield(4);
        ctx->KeyPress(ImGuiKey_Tab);  // to Replace
        ctx->KeyPress(ImGuiKey_Enter);
        for (int i = 0; i < 2000 && !is_shown("###saving"); ++i) rest(ctx);
        ctx->ItemClick("//###saving/Cancel");
        driven.wait(ctx);
        EXPECT_TRUE(tells(driven.ui(), "Saving at sea identity.png was cancelled; nothing was written."));
    });
    EXPECT_EQ(image_info(target).width, 5);
    EXPECT_EQ(std::distance(fs::directory_iterator(driven.folder()), fs::directory_iterator()), 2);
}

TEST(PhotoSaving, ANameThatFailedIsProposedAgain) {
    PhotoToSave driven(37, 23, "box");
    driven.drive([&](ImGuiTestContext* ctx) {
        driven.app().saving().photo(driven.session().document().photo,
                                    (driven.folder() / "gone" / "mine.jpg").string());
        ctx->Yield();
        driven.wait(ctx);
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_S);
        ctx->Yield(10);
        const ImGuiInputTextState* state = ImGui::GetInputTextState(ImGui::GetActiveID());
        ASSERT_NE(state, nullptr);
        EXPECT_STREQ(state->TextA.Data, "mine.jpg");
        ctx->KeyPress(ImGuiKey_Escape);
    });
}

TEST(PhotoSaving, AClosingWindowWaitsForTheFile) {
    PhotoToSave driven(2000, 1000, "box");
    driven.drive([&](ImGuiTestContext* ctx) {
        driven.save(ctx);
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Q);
        ctx->Yield();
        EXPECT_TRUE(driven.app().saving().busy());
        EXPECT_FALSE(driven.app().closing());
        driven.wait(ctx);
        EXPECT_TRUE(driven.app().closing());
    });
    EXPECT_EQ(image_info(driven.folder() / "at sea box.png").width, 2000);
}

TEST(PhotoSaving, AClosingWindowStaysForWhatCouldNotBeSaved) {
    PhotoToSave driven(37, 23, "box");
    driven.drive([&](ImGuiTestContext* ctx) {
        driven.app().saving().photo(driven.session().document().photo, (driven.folder() / "gone" / "x.png").string());
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Q);
        driven.wait(ctx);
        EXPECT_FALSE(driven.app().closing());
        EXPECT_TRUE(tells(driven.ui(), "x.png was not saved in " + (driven.folder() / "gone").string()));
        // What works then takes the complaint back.
        fs::create_directory(driven.folder() / "gone");
        driven.app().saving().photo(driven.session().document().photo, (driven.folder() / "gone" / "x.png").string());
        ctx->Yield();
        driven.wait(ctx);
        EXPECT_TRUE(tells(driven.ui(), "Saved x.png"));
        EXPECT_FALSE(tells(driven.ui(), "was not saved"));
    });
}

TEST(PhotoPaste, SaysThatAPictureCannotBePastedAndWhatWorks) {
    PhotoToSave driven(37, 23, "box");
    driven.drive([&](ImGuiTestContext* ctx) {
        const auto paste = [&](const std::string& text) {
            ImGui::SetClipboardText(text.c_str());
            ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_V);
            ctx->Yield(3);
        };
        driven.ui().messages.clear();
        paste("");
        ASSERT_EQ(driven.ui().messages.size(), 1U);
        EXPECT_TRUE(tells(driven.ui(), "images cannot be pasted. Drop the file onto the window"));
        EXPECT_FALSE(tells(driven.ui(), "layer"));
        driven.screenshot("photo_paste_picture");
        paste("milk, eggs, bread");
        ASSERT_EQ(driven.ui().messages.size(), 1U) << "the next try takes the note of this one back";
        EXPECT_TRUE(tells(driven.ui(), "no kernel and no layer"));

        paste("0 -1 0; -1 5 -1; 0 -1 2");
        EXPECT_EQ(driven.session().document().photo.chain.front().kernel, parse_kernel("0 -1 0; -1 5 -1; 0 -1 2"));
        ASSERT_EQ(driven.ui().messages.size(), 1U);
        EXPECT_FALSE(driven.ui().messages.front().problem);

        const fs::path other = driven.folder() / "the other one.png";
        save_image(picture(11, 7), other);
        paste("file://" + driven.folder().string() + "/the%20other%20one.png\n");
        EXPECT_EQ(driven.session().document().photo.path, other.string());

        paste("nn.MaxPool2d(3, stride=2, padding=1)");
        EXPECT_EQ(driven.session().document().workspace, Workspace::grid);
        EXPECT_EQ(spec(driven).op, Op::max_pool);
        paste("");
        EXPECT_TRUE(tells(driven.ui(), "The clipboard holds no text. Copy the code of a layer"));
    });
}

TEST(PhotoParameters, AreAutomaticWithTheirNumberOrRefusedWithAReason) {
    PhotoToSave driven(37, 23, "gaussian");
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->SetRef("//Photo filter");
        driven.screenshot("photo_automatic");
        const Document before = driven.session().document();
        ctx->ItemInputValue("**/sigma/##value", 250.0F);
        ctx->Yield(2);
        EXPECT_EQ(driven.session().document(), before);
        ASSERT_EQ(driven.ui().panels.typed.size(), 1U);
        EXPECT_NE(english(driven.ui().panels.typed[0].reason).find("at most 166"), std::string::npos);
        driven.screenshot("photo_sigma_refused");
        ctx->ItemInputValue("**/sigma/##value", 50.0F);
        ctx->Yield(2);
        EXPECT_TRUE(driven.ui().panels.typed.empty());
        EXPECT_EQ(driven.session().document().photo.chain[0].name, "gaussian:sigma=50");
        EXPECT_EQ(driven.session().document().photo.chain[0].kernel.rows, 301);
    });
}

}  // namespace
}  // namespace convlens
