// Whatever ends the window, nothing that was done in it is lost.
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include "app/document/file.h"
#include "app/document/presets.h"
#include "app/session/files.h"
#include "tests/gui/window_driver.h"

namespace convlens {
namespace {

namespace fs = std::filesystem;

void rename(Session& session, const std::string& title) {
    session.ui.edit(msg("title"), {}, [title](Document& document) { document.title = title; });
    apply_edits(session);
}

std::string kept_title(const fs::path& root) {
    try {
        return load_document(root / "state" / "convlens" / "work.convlens").title;
    } catch (const std::exception&) {
        return "none";
    }
}

// A frame that begins throws away what was posted: a signal that came then was heard with the next event only.
TEST(Window, AWakeupOutlastsTheEventsThatAFrameThrowsAway) {
    const DrivenApp driven;
    Wakeup wakeup;
    wakeup.wake();
    glfwPollEvents();
    EXPECT_TRUE(wakeup.asked());
    EXPECT_TRUE(wakeup.take());
    EXPECT_FALSE(wakeup.take());
}

TEST(Window, SignalsEndItAsItsButtonDoes) {
    for (const int signal : {SIGTERM, SIGHUP, SIGINT}) {
        std::signal(signal, SIG_DFL);  // whoever starts the tests with nohup or in the background has them ignored
        UserFolders folders;
        {
            DrivenApp driven({}, &folders);
            std::jthread sender([signal] {
                std::this_thread::sleep_for(std::chrono::milliseconds(60));
                kill(getpid(), signal);
            });
            rename(driven.session(), "of this moment");
            driven.app().run();
            EXPECT_TRUE(driven.app().closing());
        }
        EXPECT_EQ(kept_title(folders.root()), "of this moment") << signal;
    }
}

// Over the cell (1, 0) of the input, without Enter.
void type_over_a_cell(DrivenApp& driven) {
    driven.session().ui.pinned = MarkId{.part = Part::input, .pane = 0, .n = 0, .c = 0, .y = 1, .x = 0};
    driven.frames(2);
    driven.tap(GLFW_KEY_4, 0, '4');
    driven.tap(GLFW_KEY_4, 0, '4');
}

double kept_cell(const fs::path& root) {
    return own_input(load_document(root / "state" / "convlens" / "work.convlens").layers.front())->at(0, 0, 1, 0);
}

TEST(Window, ANumberWithoutEnterCountsWhicheverWayItEnds) {
    const auto by_its_button = [](DrivenApp& driven) {
        glfwSetWindowShouldClose(driven.app().window().handle(), GLFW_TRUE);
    };
    const auto by_a_key = [](DrivenApp& driven) { driven.tap(GLFW_KEY_Q, GLFW_MOD_CONTROL); };
    const auto by_a_menu = [](DrivenApp& driven) { driven.ui().requests.push_back(Request::quit); };
    const std::array<void (*)(DrivenApp&), 3> ways = {by_its_button, by_a_key, by_a_menu};
    for (const auto& way : ways) {
        UserFolders folders;
        {
            DrivenApp driven({}, &folders);
            type_over_a_cell(driven);
            way(driven);
            driven.app().run();
        }
        EXPECT_EQ(kept_cell(folders.root()), 44) << "way " << &way - ways.data();
    }
}

TEST(Window, ANumberWithoutEnterCountsWhenASignalEndsIt) {
    for (const int signal : {SIGTERM, SIGHUP}) {
        std::signal(signal, SIG_DFL);
        UserFolders folders;
        {
            DrivenApp driven({}, &folders);
            type_over_a_cell(driven);
            std::jthread sender([signal] {
                std::this_thread::sleep_for(std::chrono::milliseconds(60));
                kill(getpid(), signal);
            });
            driven.app().run();
        }
        EXPECT_EQ(kept_cell(folders.root()), 44) << signal;
    }
}

// The state folder of a window that runs: from now on it cannot be written to, as on a full disk, until it is opened.
class Blocked {
public:
    explicit Blocked(const UserFolders& folders) : file_(folders.root() / "state") {
        fs::remove_all(file_);
        std::fclose(std::fopen(file_.c_str(), "w"));
    }
    void open() const { fs::remove(file_); }

private:
    fs::path file_;
};

constexpr const char* kUnkept = "Not everything is kept###unkept";

std::string focused(ImGuiTestContext* ctx) { return ctx->ItemInfo(ImGui::GetCurrentContext()->NavId).DebugLabel; }

void close_by_its_button(DrivenApp& driven) { glfwSetWindowShouldClose(driven.app().window().handle(), GLFW_TRUE); }

TEST(Window, ThatCannotKeepTheWorkStaysAndAsksHoweverItIsClosedByHand) {
    const auto by_a_key = [](DrivenApp& driven) { driven.tap(GLFW_KEY_Q, GLFW_MOD_CONTROL); };
    const auto by_a_menu = [](DrivenApp& driven) { driven.ui().requests.push_back(Request::quit); };
    for (const auto& way : std::array<void (*)(DrivenApp&), 3>{close_by_its_button, by_a_key, by_a_menu}) {
        UserFolders folders;
        DrivenApp driven({}, &folders);
        const Blocked disk(folders);
        rename(driven.session(), "nowhere else");
        way(driven);
        driven.frames(3);
        ASSERT_TRUE(driven.app().closing());
        EXPECT_FALSE(driven.app().close());
        EXPECT_FALSE(driven.app().closing());
        driven.drive([&](ImGuiTestContext* ctx) {
            ctx->Yield(3);
            EXPECT_TRUE(is_shown(kUnkept));
            EXPECT_EQ(focused(ctx), "Save as…###save as");
            driven.screenshot("window_unkept");
            ctx->KeyPress(ImGuiKey_Escape);
            ctx->Yield(3);
            EXPECT_FALSE(is_shown(kUnkept));
            EXPECT_FALSE(driven.app().closing()) << "Escape leads back into the window";
        });
        disk.open();
        close_by_its_button(driven);
        EXPECT_TRUE(driven.app().run());
        EXPECT_EQ(kept_title(folders.root()), "nowhere else");
    }
}

TEST(Window, ThatCannotKeepTheWorkTriesAgainSavesElsewhereOrClosesAnyway) {
    UserFolders folders;
    DrivenApp driven({}, &folders);
    const Blocked disk(folders);
    rename(driven.session(), "nowhere else");
    const auto ask = [&] {
        close_by_its_button(driven);
        EXPECT_FALSE(driven.app().close());
        EXPECT_TRUE(driven.app().asks_to_close());
    };
    const auto tap = [&](int key) {
        driven.tap(key);
        driven.frames(4);
    };
    const auto answer = [&](int rights) {
        driven.frames(4);
        for (int i = 0; i < rights; ++i) tap(GLFW_KEY_RIGHT);
        tap(GLFW_KEY_ENTER);
    };
    ask();
    answer(0);
    EXPECT_TRUE(is_shown("Save as###file browser"));
    EXPECT_FALSE(driven.app().asks_to_close());
    tap(GLFW_KEY_ESCAPE);
    EXPECT_FALSE(is_shown("Save as###file browser"));
    EXPECT_FALSE(driven.app().closing());
    ask();
    answer(1);
    EXPECT_TRUE(driven.app().closing()) << "Try again";
    EXPECT_FALSE(driven.app().close()) << "there is still no room";
    EXPECT_TRUE(driven.app().asks_to_close());
    answer(2);
    testing::internal::CaptureStderr();
    EXPECT_FALSE(driven.app().run()) << "Close anyway: the exit code is 1";
    EXPECT_NE(testing::internal::GetCapturedStderr().find("convlens: The work is not kept: "), std::string::npos);
}

// Closes the window by hand and takes Save as, whose dialog is then shown with this path.
void ask_where(DrivenApp& driven, const fs::path& path) {
    driven.session().proposed_file = path.string();
    close_by_its_button(driven);
    EXPECT_FALSE(driven.app().close());
    driven.frames(4);
    driven.tap(GLFW_KEY_ENTER);
    driven.frames(4);
    EXPECT_TRUE(is_shown("Save as###file browser"));
}

// ... and answers the dialog with `key`.
void save_elsewhere(DrivenApp& driven, const fs::path& path, int key) {
    ask_where(driven, path);
    driven.tap(key);
    driven.frames(4);
    EXPECT_FALSE(is_shown("Save as###file browser"));
}

TEST(Window, ThatCouldNotKeepTheWorkClosesOnceItIsSavedElsewhere) {
    UserFolders folders;
    DrivenApp driven({}, &folders);
    const Blocked disk(folders);
    rename(driven.session(), "nowhere else");
    save_elsewhere(driven, folders.root() / "mine.convlens", GLFW_KEY_ENTER);
    ASSERT_TRUE(driven.app().closing());
    testing::internal::CaptureStderr();
    EXPECT_TRUE(driven.app().run());
    EXPECT_EQ(testing::internal::GetCapturedStderr().find("The work is not kept"), std::string::npos);
    EXPECT_EQ(load_document(folders.root() / "mine.convlens").title, "nowhere else");
}

TEST(Window, ThatCouldNotKeepTheWorkSaysThatItCouldNotBeSavedElsewhereEither) {
    UserFolders folders;
    DrivenApp driven({}, &folders);
    const Blocked disk(folders);
    rename(driven.session(), "nowhere else");
    const fs::path file = folders.root() / "mine.convlens";
    fs::create_symlink(folders.root() / "no/such/folder/mine.convlens", file);  // where nothing can be written
    ask_where(driven, file);
    driven.tap(GLFW_KEY_ENTER);  // is taken by run(), which also takes what jobs have written
    std::signal(SIGTERM, SIG_DFL);
    std::jthread ender([&] {
        for (int i = 0; i < 100 && driven.app().unkept().empty(); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        kill(getpid(), SIGTERM);
    });
    testing::internal::CaptureStderr();
    EXPECT_FALSE(driven.app().run());
    testing::internal::GetCapturedStderr();
    ender.join();
    ASSERT_EQ(driven.app().unkept().size(), 2U);
    EXPECT_TRUE(english(driven.app().unkept()[0]).starts_with(file.string() + " was not saved: "))
        << english(driven.app().unkept()[0]);
}

// The answer to the question is still on its way when the signal comes: the file that it names cannot be written.
TEST(Window, ASignalClosesItAlsoWhereTheLastInputCannotBeDone) {
    std::signal(SIGTERM, SIG_DFL);
    UserFolders folders;
    DrivenApp driven({}, &folders);
    const Blocked disk(folders);
    rename(driven.session(), "nowhere else");
    const fs::path file = folders.root() / "mine.convlens";
    fs::create_symlink(folders.root() / "no/such/folder/mine.convlens", file);  // where nothing can be written
    ask_where(driven, file);
    driven.tap(GLFW_KEY_ENTER);
    std::jthread ender([] {
        struct sigaction now {};
        for (now.sa_handler = SIG_DFL; now.sa_handler == SIG_DFL; std::this_thread::yield())
            sigaction(SIGTERM, nullptr, &now);
        kill(getpid(), SIGTERM);
    });
    testing::internal::CaptureStderr();
    EXPECT_FALSE(driven.app().run());
    EXPECT_NE(testing::internal::GetCapturedStderr().find("The work is not kept: "), std::string::npos);
}

TEST(Window, ThatCouldNotKeepTheWorkStaysWhereItCannotBeSavedElsewhere) {
    UserFolders folders;
    DrivenApp driven({}, &folders);
    const Blocked disk(folders);
    rename(driven.session(), "nowhere else");
    save_elsewhere(driven, folders.root() / "mine.convlens", GLFW_KEY_ESCAPE);
    EXPECT_FALSE(driven.app().closing()) << "no file was named";
    save_file(driven.session(), (folders.root() / "later.convlens").string());
    driven.drive([&](ImGuiTestContext*) { wait_until_saved(driven); });
    EXPECT_FALSE(driven.app().closing()) << "a file that is saved later is no answer to that question";
}

TEST(Window, WithNothingToLoseClosesOnAFullDiskWithoutAQuestion) {
    UserFolders folders;
    DrivenApp driven({}, &folders);
    const Blocked disk(folders);
    close_by_its_button(driven);
    EXPECT_TRUE(driven.app().run());
}

// Nobody can be asked; and a window that asks already does not outlast a signal.
TEST(Window, ASignalClosesItAlsoWhereTheWorkCannotBeKept) {
    for (const bool asks : {false, true}) {
        std::signal(SIGTERM, SIG_DFL);
        UserFolders folders;
        DrivenApp driven({}, &folders);
        const Blocked disk(folders);
        rename(driven.session(), "nowhere else");
        if (asks) close_by_its_button(driven);
        std::jthread sender([] {
            std::this_thread::sleep_for(std::chrono::milliseconds(300));
            kill(getpid(), SIGTERM);
        });
        testing::internal::CaptureStderr();
        EXPECT_FALSE(driven.app().run()) << asks;
        EXPECT_NE(testing::internal::GetCapturedStderr().find("The work is not kept: "), std::string::npos) << asks;
        EXPECT_EQ(driven.app().asks_to_close(), asks);
    }
}

TEST(Window, WritesAnEditWhileItRuns) {
    std::signal(SIGTERM, SIG_DFL);
    UserFolders folders;
    DrivenApp driven({}, &folders);
    std::string seen;
    std::jthread watcher([&] {
        for (int i = 0; i < 200 && kept_title(folders.root()) != "seen at once"; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        seen = kept_title(folders.root());
        kill(getpid(), SIGTERM);
    });
    rename(driven.session(), "seen at once");
    driven.app().run();
    watcher.join();
    EXPECT_EQ(seen, "seen at once");
}

TEST(Window, AnEarlierWorkIsOpenedFromTheMenu) {
    UserFolders folders;
    {
        DrivenApp driven({}, &folders);
        rename(driven.session(), "hours of work");
    }
    WindowOptions fresh;
    fresh.fresh = true;
    {
        DrivenApp driven(fresh, &folders);
        rename(driven.session(), "one edit");
    }
    DrivenApp driven({}, &folders);
    EXPECT_EQ(driven.session().document().title, "one edit");
    driven.drive([&](ImGuiTestContext* ctx) {
        for (int i = 0; i < 200 && driven.session().earlier.empty(); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            driven.app().keep();
            ctx->Yield();
        }
        ASSERT_EQ(driven.session().earlier.size(), 1U);
        choose(ctx, "File/Earlier work/###" + driven.session().earlier[0].file.filename().string());
        EXPECT_EQ(driven.session().document().title, "hours of work");
        undo(driven.session());
        EXPECT_EQ(driven.session().document().title, "one edit");
    });
}

// A program of its own, since the display's end is the program's: this test again, told so by the environment.
class Child {
public:
    Child(const std::string& display, const fs::path& root) {
        setenv("CONVLENS_TEST_FOLDER", root.c_str(), 1);
        pid_ = fork();
        if (pid_ == 0) {
            setenv("DISPLAY", display.c_str(), 1);
            unsetenv("WAYLAND_DISPLAY");
            unsetenv("CONVLENS_HEADLESS");
            execl("/proc/self/exe", "convlens_gui_tests", "--gtest_filter=Window.LosesItsDisplay", "--gtest_brief=1",
                  nullptr);
            _exit(127);
        }
        unsetenv("CONVLENS_TEST_FOLDER");
    }
    int exit_code() const {
        int status = 0;
        waitpid(pid_, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

private:
    pid_t pid_;
};

// A server of its own, which can be ended. Without an Xvfb on this machine display() is empty.
class Server {
public:
    Server() {
        std::array<int, 2> ends{};
        if (pipe(ends.data()) != 0) return;
        pid_ = fork();
        if (pid_ == 0) {
            const std::string number = std::to_string(ends[1]);
            if (const int nowhere = open("/dev/null", O_WRONLY); nowhere >= 0) dup2(nowhere, 2);
            execlp("Xvfb", "Xvfb", "-displayfd", number.c_str(), "-screen", "0", "1280x800x24", "-noreset", nullptr);
            _exit(127);
        }
        close(ends[1]);
        std::string text;
        for (char c = 0; read(ends[0], &c, 1) == 1 && c != '\n';) text += c;
        close(ends[0]);
        if (!text.empty()) display_ = ":" + text;
    }
    ~Server() { end(); }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    const std::string& display() const { return display_; }
    void end() {
        if (pid_ <= 0) return;
        kill(pid_, SIGKILL);
        waitpid(std::exchange(pid_, -1), nullptr, 0);
    }

private:
    pid_t pid_ = -1;
    std::string display_;
};

// The child's part: one edit, and then frames until the display is gone. Nothing but the end writes the edit.
void lose_display(const fs::path& root) {
    setenv("XDG_CONFIG_HOME", (root / "config").c_str(), 1);
    setenv("XDG_STATE_HOME", (root / "state").c_str(), 1);
    WindowOptions options;
    options.native_dialogs = false;
    App app(options);
    app.frame();
    rename(app.session(), "before the end");
    std::fclose(std::fopen((root / "ready").c_str(), "w"));
    while (true) {
        app.frame();
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

TEST(Window, LosesItsDisplay) {
    if (const char* root = std::getenv("CONVLENS_TEST_FOLDER")) return lose_display(root);
    Server server;
    if (server.display().empty()) GTEST_SKIP() << "needs Xvfb";
    UserFolders folders;
    const Child child(server.display(), folders.root());
    for (int i = 0; i < 1000 && !fs::exists(folders.root() / "ready"); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ASSERT_TRUE(fs::exists(folders.root() / "ready"));
    EXPECT_EQ(kept_title(folders.root()), "none") << "frame() alone keeps nothing: the end has to";
    server.end();
    EXPECT_EQ(child.exit_code(), 1);
    EXPECT_EQ(kept_title(folders.root()), "before the end");
}

}  // namespace
}  // namespace convlens
