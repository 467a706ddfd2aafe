// The desktop's file dialog, played by a script that is called zenity.
#include "app/window/dialogs.h"

#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <imgui.h>
#include <imgui_internal.h>

#include "app/window/file_browser.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

// A desktop whose dialog answers at once with `answer`, and writes down what it was asked.
class Desktop {
public:
    explicit Desktop(const std::string& answer) {
        const std::string program =
            folder_.write("zenity", "#!/bin/sh\necho \"$@\" > '" + (folder_ / "asked") + "'\necho '" + answer + "'\n");
        std::filesystem::permissions(program, std::filesystem::perms::owner_all);
        setenv("PATH", (folder_.path().string() + ":" + old_path_).c_str(), 1);
        setenv("XDG_SESSION_DESKTOP", "gnome", 1);
    }
    ~Desktop() { setenv("PATH", old_path_.c_str(), 1); }
    Desktop(const Desktop&) = delete;
    Desktop& operator=(const Desktop&) = delete;

    std::string asked() const { return folder_.read("asked"); }

private:
    TempFolder folder_;
    std::string old_path_ = std::getenv("PATH");
};

std::optional<FileDialogs::Answer> wait_for(FileDialogs& dialogs) {
    std::optional<FileDialogs::Answer> answer;
    for (int i = 0; i < 500 && !answer && dialogs.polling(); ++i) {
        answer = dialogs.update();
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return answer;
}

TEST(FileDialogs, AskTheDesktopAndAddTheEnding) {
    const Desktop desktop("/tmp/卷积 of mine");
    FileDialogs dialogs(true);
    EXPECT_FALSE(dialogs.polling());
    dialogs.ask(Request::save_as, "/tmp/work.convlens");
    EXPECT_TRUE(dialogs.polling());
    const auto answer = wait_for(dialogs);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->what, Request::save_as);
    EXPECT_EQ(answer->path, "/tmp/卷积 of mine.convlens");
    EXPECT_NE(desktop.asked().find("/tmp/work.convlens"), std::string::npos) << desktop.asked();
    EXPECT_FALSE(dialogs.polling());
}

TEST(FileDialogs, BeginInTheFolderThatIsGivenWhereTheNameHasNone) {
    const Desktop desktop("");
    FileDialogs dialogs(true);
    const auto asked = [&](Request what, const std::string& suggestion) {
        dialogs.ask(what, suggestion, {}, "/tmp");
        wait_for(dialogs);
        return desktop.asked();
    };
    EXPECT_NE(asked(Request::open, "").find("--filename=/tmp/"), std::string::npos) << desktop.asked();
    EXPECT_NE(asked(Request::save_as, "x.convlens").find("/tmp/x.convlens"), std::string::npos) << desktop.asked();
    EXPECT_NE(asked(Request::save_as, "/usr/x.convlens").find("/usr/x.convlens"), std::string::npos);
}

// The desktop asks before it overwrites "work"; what is written is "work.convlens".
TEST(FileDialogs, AskBeforeTheNameWithItsEndingIsOverwritten) {
    const TempFolder folder;
    const std::string path = folder.write("work.convlens", "old work");
    const Desktop desktop(folder / "work");
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    ImGui::GetIO().DisplaySize = {800, 600};
    ImGui::GetIO().BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
    {
        FileDialogs dialogs(true);
        dialogs.ask(Request::save_as, path);
        bool asked = false;
        for (int i = 0; i < 500 && !asked; ++i) {
            ImGui::NewFrame();
            EXPECT_FALSE(dialogs.update());
            asked = ImGui::IsPopupOpen(nullptr, ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel);
            ImGui::EndFrame();
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        EXPECT_TRUE(asked) << "in the window";
    }
    ImGui::DestroyContext();
}

// Its frames, until a browser is open or there is an answer; true: a browser.
bool asks_in_the_window(FileDialogs& dialogs) {
    bool asked = false, answered = false;
    for (int i = 0; i < 500 && !asked && !answered; ++i) {
        ImGui::NewFrame();
        answered = dialogs.update().has_value();
        asked = ImGui::IsPopupOpen(nullptr, ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel);
        ImGui::EndFrame();
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    EXPECT_NE(asked, answered);
    return asked;
}

TEST(FileDialogs, GoOnInTheWindowWhereTheDesktopsAnswerWillNotDo) {
    const TempFolder folder;
    const std::string photo = folder.write("photo.png", "the photo"), other = folder.write("other.png", "another");
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    ImGui::GetIO().DisplaySize = {800, 600};
    ImGui::GetIO().BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
    const auto asks = [&](const std::string& answer) {
        const Desktop desktop(answer);
        FileDialogs dialogs(true);
        dialogs.ask(Request::save_photo, folder / "x.png", photo);
        const bool asked = asks_in_the_window(dialogs);
        ImGui::NewFrame();
        ImGui::ClosePopupToLevel(0, false);
        ImGui::EndFrame();
        return asked;
    };
    EXPECT_TRUE(asks(photo));
    EXPECT_TRUE(asks(folder / "x.heic"));
    EXPECT_FALSE(asks(other)) << "the desktop has asked";
    EXPECT_FALSE(asks(folder / "new"));
    ImGui::DestroyContext();
}

TEST(FileDialogs, TellEndingsFromOtherDots) {
    const FileQuestion photo = file_question(Request::save_photo);
    for (const char* name : {"x", "sigma 2.5", "Mr. X", "/p.d/x", "海.卷积"}) {
        EXPECT_EQ(with_ending(name, photo), std::string(name) + ".png");
        EXPECT_EQ(english(ending_problem(name, photo)), "");
    }
    for (const char* name : {"x.png", "x.PNG", "x.tar.npy", "x.hdr"}) {
        EXPECT_EQ(with_ending(name, photo), name);
        EXPECT_EQ(english(ending_problem(name, photo)), "");
    }
    EXPECT_EQ(english(ending_problem("/p/x.heic", photo)),
              "“x.heic” cannot be written as an image: its name must end in .png, .jpg, .jpeg, .tif, .tiff, .webp, "
              ".bmp, .tga, .pgm, .ppm, .pfm, .hdr or .npy.");
    EXPECT_EQ(english(ending_problem("/dev/null", photo)),
              "“null” cannot be written as an image: its name must end in .png, .jpg, .jpeg, .tif, .tiff, .webp, "
              ".bmp, .tga, .pgm, .ppm, .pfm, .hdr or .npy.");
    EXPECT_EQ(english(ending_problem("a.txt", file_question(Request::save_as))),
              "“a.txt” cannot be written as a Convlens document: its name must end in .convlens.");
    EXPECT_EQ(english(ending_problem("a.png", file_question(Request::export_animation))),
              "“a.png” cannot be written as an animation: its name must end in .gif.");
}

TEST(FileDialogs, ACancelledDialogIsNoAnswer) {
    const Desktop desktop("");
    FileDialogs dialogs(true);
    dialogs.ask(Request::open, {});
    EXPECT_FALSE(wait_for(dialogs));
    EXPECT_FALSE(dialogs.polling());
}

}  // namespace
}  // namespace convlens
