// The file browser in the window, by keys alone.
#include <sys/stat.h>

#include <fstream>

#include "app/document/file.h"
#include "app/document/presets.h"
#include "core/io/image/image_file.h"
#include "tests/gui/window_driver.h"

namespace convlens {
namespace {

namespace fs = std::filesystem;

// Three folders and two documents.
class Tree {
public:
    Tree() {
        for (const char* folder : {"b folder", "a folder", "c"}) fs::create_directory(root() / folder);
        save_document(*preset_document("no_padding_no_strides"), root() / "first.convlens");
        save_document(*preset_document("dilation"), root() / "second.convlens");
        save_document(*preset_document("padding_strides"), root() / "a folder" / "inside.convlens");
    }
    fs::path root() const { return fs::canonical(files_.root()); }

private:
    UserFolders files_;
};

bool is_browser_open() {
    const ImGuiWindow* top = ImGui::GetTopMostPopupModal();
    return top != nullptr && std::string(top->Name).find("###file browser") != std::string::npos;
}

// The label of what the keyboard's focus is on, as far as the test engine knows it.
std::string focused(ImGuiTestContext* ctx) {
    const ImGuiContext& imgui = *ImGui::GetCurrentContext();
    if (imgui.NavId == 0) return "";
    return ctx->ItemInfo(imgui.NavId).DebugLabel;
}

void press(ImGuiTestContext* ctx, ImGuiKeyChord key) {
    ctx->KeyPress(key);
    ctx->Yield(3);
}

void ask(ImGuiTestContext* ctx, DrivenApp& driven, const fs::path& folder, ImGuiKeyChord key) {
    driven.session().file = (folder / "first.convlens").string();
    press(ctx, key);
    ctx->Yield(10);
    EXPECT_TRUE(is_browser_open());
}

std::string typed_name() {
    const ImGuiInputTextState* state = ImGui::GetInputTextState(ImGui::GetActiveID());
    return state == nullptr ? "" : std::string(state->TextA.Data, static_cast<std::size_t>(state->TextLen));
}

std::string selected_text() {
    const ImGuiInputTextState* state = ImGui::GetInputTextState(ImGui::GetActiveID());
    if (state == nullptr || !state->HasSelection()) return "";
    const int from = std::min(state->GetSelectionStart(), state->GetSelectionEnd());
    return typed_name().substr(
        static_cast<std::size_t>(from),
        static_cast<std::size_t>(std::abs(state->GetSelectionEnd() - state->GetSelectionStart())));
}

TEST(FileBrowser, ANameIsSelectedAndEnterSaves) {
    const Tree tree;
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ask(ctx, driven, tree.root(), ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_S);
        EXPECT_EQ(typed_name(), "first.convlens");
        EXPECT_EQ(selected_text(), "first.convlens");
        driven.screenshot("file_browser_save");
        ctx->KeyChars("third");
        press(ctx, ImGuiKey_Enter);
        EXPECT_FALSE(is_browser_open());
        wait_until_saved(driven);
        EXPECT_EQ(driven.session().file, (tree.root() / "third.convlens").string());
        EXPECT_EQ(load_document(tree.root() / "third.convlens"), driven.session().document());
    });
}

TEST(FileBrowser, AsksBeforeItReplacesAFile) {
    const Tree tree;
    const Document before = load_document(tree.root() / "second.convlens");
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ask(ctx, driven, tree.root(), ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_S);
        ctx->KeyChars("second");
        press(ctx, ImGuiKey_Enter);
        ASSERT_TRUE(is_browser_open());
        EXPECT_EQ(load_document(tree.root() / "second.convlens"), before);
        EXPECT_EQ(focused(ctx), "Choose another name");
        EXPECT_TRUE(ImGui::GetCurrentContext()->NavCursorVisible);
        driven.screenshot("file_browser_replace");

        // However often Enter is pressed, it leads back to the name, and from there to the question.
        for (int i = 0; i < 3; ++i) {
            press(ctx, ImGuiKey_Enter);
            EXPECT_EQ(selected_text(), "second.convlens");
            press(ctx, ImGuiKey_Enter);
            EXPECT_EQ(focused(ctx), "Choose another name");
        }
        // From the question into the name by a click, and Enter there.
        ctx->ItemClick("//###file browser/##name");
        press(ctx, ImGuiKey_Enter);
        ASSERT_TRUE(is_browser_open());
        EXPECT_EQ(load_document(tree.root() / "second.convlens"), before);
        EXPECT_EQ(focused(ctx), "Choose another name");
        press(ctx, ImGuiKey_Tab);
        EXPECT_EQ(focused(ctx), "Replace###choose");
        press(ctx, ImGuiKey_Enter);
        EXPECT_FALSE(is_browser_open());
        wait_until_saved(driven);
        EXPECT_EQ(load_document(tree.root() / "second.convlens"), driven.session().document());
    });
}

TEST(FileBrowser, DoesNotSaveIntoAPipe) {
    const Tree tree;
    const fs::path pipe = tree.root() / "pipe.convlens";
    ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ask(ctx, driven, tree.root(), ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_S);
        ctx->KeyChars("pipe");
        press(ctx, ImGuiKey_Enter);
        ASSERT_TRUE(is_browser_open());
        EXPECT_EQ(selected_text(), "pipe.convlens")
            << "another name is typed at once, and nothing asks for a replacement";
        ctx->KeyChars("file");
        press(ctx, ImGuiKey_Enter);
        wait_until_saved(driven);
    });
    EXPECT_TRUE(fs::is_fifo(pipe));
    EXPECT_TRUE(fs::is_regular_file(tree.root() / "file.convlens"));
}

TEST(FileBrowser, TheListIsWalkedByKeys) {
    const Tree tree;
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ask(ctx, driven, tree.root(), ImGuiMod_Ctrl | ImGuiKey_O);
        // What had the focus in one folder has none in the next, though a name of it is the same.
        fs::create_directories(tree.root() / "b folder" / "c");
        ctx->ItemInputValue("//###file browser/##folder", (tree.root() / "b folder").c_str());
        ctx->Yield(4);
        EXPECT_EQ(focused(ctx), "c/");
        ctx->ItemInputValue("//###file browser/##folder", tree.root().c_str());
        ctx->Yield(4);
        EXPECT_EQ(focused(ctx), "a folder/");
        EXPECT_TRUE(ImGui::GetCurrentContext()->NavCursorVisible);
        press(ctx, ImGuiKey_DownArrow);
        press(ctx, ImGuiKey_DownArrow);
        EXPECT_EQ(focused(ctx), "c/");
        driven.screenshot("file_browser_list");
        press(ctx, ImGuiKey_UpArrow);
        press(ctx, ImGuiKey_UpArrow);
        press(ctx, ImGuiKey_Enter);
        EXPECT_EQ(focused(ctx), "inside.convlens");
        press(ctx, ImGuiKey_Backspace);
        EXPECT_EQ(focused(ctx), "a folder/") << "where it came from";
        for (int i = 0; i < 4; ++i) press(ctx, ImGuiKey_DownArrow);
        EXPECT_EQ(focused(ctx), "second.convlens");
        press(ctx, ImGuiKey_Enter);
        EXPECT_FALSE(is_browser_open());
        EXPECT_EQ(driven.session().file, (tree.root() / "second.convlens").string());
        EXPECT_EQ(driven.session().document(), load_document(tree.root() / "second.convlens"));
    });
}

TEST(FileBrowser, EnterOpensTheFileThatWasClicked) {
    const Tree tree;
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ask(ctx, driven, tree.root(), ImGuiMod_Ctrl | ImGuiKey_O);
        ctx->ItemClick("**/second.convlens");
        ctx->Yield(2);
        ASSERT_TRUE(is_browser_open()) << "one click only chooses";
        press(ctx, ImGuiKey_Enter);
        EXPECT_FALSE(is_browser_open());
        EXPECT_EQ(driven.session().file, (tree.root() / "second.convlens").string());
    });
}

TEST(FileBrowser, EscapeClosesAndKeysAreTheDiagramsAgain) {
    const Tree tree;
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        for (const ImGuiKeyChord key : {ImGuiMod_Ctrl | ImGuiKey_O, ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_S}) {
            ask(ctx, driven, tree.root(), key);
            press(ctx, ImGuiKey_Escape);
            EXPECT_FALSE(is_browser_open());
        }
        const std::int64_t step = driven.ui().playhead.step;
        for (int i = 0; i < 10; ++i) press(ctx, i % 2 == 0 ? ImGuiKey_RightArrow : ImGuiKey_LeftArrow);
        press(ctx, ImGuiKey_RightArrow);
        EXPECT_EQ(driven.ui().playhead.step, step + 1);
    });
}

TEST(FileBrowser, SaysWhatIsNotThereAndWhatWorks) {
    const Tree tree;
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ask(ctx, driven, tree.root(), ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_S);
        ctx->KeyChars("no folder/x");
        press(ctx, ImGuiKey_Enter);
        EXPECT_TRUE(is_browser_open());
        EXPECT_EQ(selected_text(), "no folder/x.convlens");
        driven.screenshot("file_browser_problem");
        // The name of a folder is entered, not overwritten.
        ctx->KeyChars("a folder");
        press(ctx, ImGuiKey_Enter);
        ASSERT_TRUE(is_browser_open());
        ctx->KeyChars("x");
        press(ctx, ImGuiKey_Enter);
        wait_until_saved(driven);
        EXPECT_TRUE(fs::exists(tree.root() / "a folder" / "x.convlens"));
    });
}

// One that has no such ending is not made longer.
TEST(FileBrowser, RefusesEndingsThatItDoesNotWrite) {
    const Tree tree;
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ask(ctx, driven, tree.root(), ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_S);
        ctx->KeyChars("notes.txt");
        press(ctx, ImGuiKey_Enter);
        EXPECT_TRUE(is_browser_open());
        EXPECT_EQ(selected_text(), "notes.txt");
        driven.screenshot("file_browser_ending");
        ctx->KeyChars("sigma 2.5");
        press(ctx, ImGuiKey_Enter);
        EXPECT_FALSE(is_browser_open());
        wait_until_saved(driven);
    });
    EXPECT_TRUE(fs::exists(tree.root() / "sigma 2.5.convlens"));
    EXPECT_FALSE(fs::exists(tree.root() / "notes.txt"));
    EXPECT_FALSE(fs::exists(tree.root() / "notes.txt.convlens"));
}

TEST(FileBrowser, EscapeLeadsFromTheQuestionBackToTheName) {
    const Tree tree;
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ask(ctx, driven, tree.root(), ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_S);
        ctx->KeyChars("second");
        press(ctx, ImGuiKey_Enter);
        ASSERT_EQ(focused(ctx), "Choose another name");
        press(ctx, ImGuiKey_Escape);
        ASSERT_TRUE(is_browser_open());
        EXPECT_EQ(selected_text(), "second.convlens");
        ctx->KeyChars("fourth");
        press(ctx, ImGuiKey_Enter);
        EXPECT_FALSE(is_browser_open());
        wait_until_saved(driven);
        EXPECT_TRUE(fs::exists(tree.root() / "fourth.convlens"));
    });
}

// It begins where it was last.
TEST(FileBrowser, WhatIsTypedIsTheNameOfTheFileToOpen) {
    const Tree tree;
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ask(ctx, driven, tree.root(), ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_S);
        press(ctx, ImGuiKey_Escape);
        ask(ctx, driven, tree.root(), ImGuiMod_Ctrl | ImGuiKey_O);
        EXPECT_EQ(focused(ctx), "##name");
        ctx->KeyChars("thrid.convlens");
        press(ctx, ImGuiKey_Enter);
        EXPECT_TRUE(is_browser_open()) << "there is none";
        ctx->KeyChars("second.convlens");
        EXPECT_EQ(typed_name(), "second.convlens");
        driven.screenshot("file_browser_open");
        press(ctx, ImGuiKey_Enter);
        EXPECT_FALSE(is_browser_open());
        EXPECT_EQ(driven.session().file, (tree.root() / "second.convlens").string());
    });
}

TEST(FileBrowser, AfterARestartItBeginsWhereTheWorkIs) {
    const Tree tree;
    const UserFolders folders;
    {
        DrivenApp driven({}, &folders);
        driven.app().drop({(tree.root() / "second.convlens").string()});
        driven.frames(3);
        ASSERT_EQ(driven.session().file, (tree.root() / "second.convlens").string());
    }
    DrivenApp driven({}, &folders);
    driven.drive([&](ImGuiTestContext* ctx) {
        press(ctx, ImGuiMod_Ctrl | ImGuiKey_O);
        ctx->Yield(10);
        ASSERT_TRUE(is_browser_open());
        EXPECT_EQ(focused(ctx), "##name");
        press(ctx, ImGuiKey_DownArrow);
        EXPECT_EQ(focused(ctx), "a folder/") << "not the user's home";
        press(ctx, ImGuiKey_Escape);
    });
}

// Arrows lead into the list there, too; a name that was given stays until Enter takes another one.
TEST(FileBrowser, DownLeadsIntoTheListWhereAFileIsSaved) {
    const Tree tree;
    for (const char* folder : {"a folder", "b folder", "c"}) fs::remove_all(tree.root() / folder);
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ask(ctx, driven, tree.root(), ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_S);
        ctx->KeyChars("mine");
        press(ctx, ImGuiKey_DownArrow);
        EXPECT_EQ(focused(ctx), "first.convlens");
        press(ctx, ImGuiKey_DownArrow);
        EXPECT_EQ(focused(ctx), "second.convlens");
        press(ctx, ImGuiKey_Enter);
        ASSERT_TRUE(is_browser_open());
        EXPECT_EQ(focused(ctx), "Choose another name") << "it exists";
        press(ctx, ImGuiKey_Enter);
        EXPECT_EQ(typed_name(), "second.convlens");
        press(ctx, ImGuiKey_Escape);
    });
}

TEST(FileBrowser, DownLeadsFromTheNameIntoTheList) {
    const Tree tree;
    for (const char* folder : {"b folder", "c"}) fs::remove(tree.root() / folder);
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ask(ctx, driven, tree.root(), ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_S);
        press(ctx, ImGuiKey_Escape);
        ask(ctx, driven, tree.root(), ImGuiMod_Ctrl | ImGuiKey_O);
        press(ctx, ImGuiKey_DownArrow);
        EXPECT_EQ(focused(ctx), "a folder/");
        EXPECT_TRUE(ImGui::GetCurrentContext()->NavCursorVisible);
        press(ctx, ImGuiKey_DownArrow);
        EXPECT_EQ(focused(ctx), "first.convlens");
        press(ctx, ImGuiKey_DownArrow);
        press(ctx, ImGuiKey_Enter);
        EXPECT_FALSE(is_browser_open());
        EXPECT_EQ(driven.session().file, (tree.root() / "second.convlens").string());
    });
}

}  // namespace
}  // namespace convlens
