// The product's own window, driven as a person would: the test engine moves the pointer, clicks items by their labels
// and types; what happened is asked of the session, not of pixels.
//
//   TEST(Timeline, steps_forward) {
//       DrivenApp driven;
//       driven.drive([&](ImGuiTestContext* ctx) {
//           ctx->KeyPress(ImGuiKey_RightArrow);
//           EXPECT_EQ(driven.session().ui.playhead.step, 2);
//       });
//   }
//
// Runs under a screen (xvfb-run) or, with CONVLENS_HEADLESS=1 or without a DISPLAY, under GLFW's null platform.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <imgui.h>
#include <imgui_te_context.h>

#include "app/window/app.h"

struct ImGuiTestEngine;

namespace convlens {

// Config and state folders of one test, empty at first and removed at its end. Apps that are made while it lives use
// them, one after the other: that is a restart.
class UserFolders {
public:
    UserFolders();
    ~UserFolders();
    UserFolders(const UserFolders&) = delete;
    UserFolders& operator=(const UserFolders&) = delete;

    const std::filesystem::path& root() const { return root_; }

private:
    std::filesystem::path root_;
};

class DrivenApp {
public:
    // Without `folders` it has some of its own: a first start.
    explicit DrivenApp(WindowOptions options = {}, const UserFolders* folders = nullptr);
    ~DrivenApp();
    DrivenApp(const DrivenApp&) = delete;
    DrivenApp& operator=(const DrivenApp&) = delete;

    using Script = std::function<void(ImGuiTestContext*)>;
    // Runs the script while the window draws. An item that is not there, a failed IM_CHECK or a script that takes a
    // minute is a failure of the test.
    void drive(const Script& script);

    // What GLFW calls when a key goes down or up, and the character that comes with it: `key`, `action` and `mods` are
    // GLFW's. Outside a script; the test engine drops input that is not its own.
    void key(int key, int action, int mods = 0, unsigned character = 0);
    // Down and up.
    void tap(int key, int mods = 0, unsigned character = 0);

    // Draws n frames without anybody at the controls.
    void frames(int n);

    // Saves what the window shows as <build folder>/artifacts/<name>.png. Inside a script and outside.
    void screenshot(const std::string& name);

    // Every text of the next frame, in the order in which it is drawn. Outside a script.
    std::string words_of_a_frame();

    // The smallest text in the last frame, pixels.
    float smallest_text();

    App& app() { return *app_; }
    Session& session() { return app_->session(); }
    UiState& ui() { return app_->session().ui; }

private:
    void capture();
    void measure();

    std::unique_ptr<UserFolders> own_folders_;
    std::unique_ptr<App> app_;
    ImGuiTestEngine* engine_ = nullptr;
    ImGuiTestContext* context_ = nullptr;  // while a script runs
    std::string capture_to_;               // set: the next frame is saved there
    enum class Measuring { done, arm, count } measuring_ = Measuring::done;
    float smallest_text_ = 0;
};

// <build folder>/artifacts, made when needed.
std::filesystem::path artifacts_folder();

}  // namespace convlens
