#include "tests/gui/harness/driven_app.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <limits>
#include <utility>

#include <unistd.h>

#include <glad/gl.h>
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <imgui_internal.h>
#include <imgui_te_engine.h>
#include <imgui_te_ui.h>

#include "app/export/png.h"
#include "app/render/cairo/figure.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

bool without_screen() {
    const char* headless = std::getenv("CONVLENS_HEADLESS");
    if (headless != nullptr && *headless != 0 && *headless != '0') return true;
    return std::getenv("DISPLAY") == nullptr && std::getenv("WAYLAND_DISPLAY") == nullptr;
}

Bitmap read_window(App& app) {
    Bitmap bitmap;
    glfwGetFramebufferSize(app.window().handle(), &bitmap.width, &bitmap.height);
    const auto row = static_cast<std::size_t>(bitmap.width) * 4;
    std::vector<std::uint8_t> upside_down(row * static_cast<std::size_t>(bitmap.height));
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadBuffer(GL_BACK);
    glReadPixels(0, 0, bitmap.width, bitmap.height, GL_RGBA, GL_UNSIGNED_BYTE, upside_down.data());
    bitmap.rgba.resize(upside_down.size());
    for (int y = 0; y < bitmap.height; ++y) {
        const auto from = upside_down.begin() + static_cast<std::ptrdiff_t>(row) * (bitmap.height - 1 - y);
        std::copy_n(from, row, bitmap.rgba.begin() + static_cast<std::ptrdiff_t>(row) * y);
    }
    for (std::size_t i = 3; i < bitmap.rgba.size(); i += 4) bitmap.rgba[i] = 255;
    return bitmap;
}

ImGuiTestEngine* make_engine() {
    ImGuiTestEngine* engine = ImGuiTestEngine_CreateContext();
    ImGuiTestEngineIO& io = ImGuiTestEngine_GetIO(engine);
    io.ConfigSavedSettings = false;
    io.ConfigRunSpeed = ImGuiTestRunSpeed_Fast;
    io.ConfigNoThrottle = true;
    io.ConfigVerboseLevel = ImGuiTestVerboseLevel_Error;
    io.ConfigVerboseLevelOnError = ImGuiTestVerboseLevel_Info;
    io.ConfigLogToTTY = true;
    io.ConfigFixedDeltaTime = 1.0F / 60;  // the play goes as fast as the test, not as the machine
    // By that clock a job in the background takes minutes: drive() looks at the wall's.
    io.ConfigWatchdogWarning = io.ConfigWatchdogKillTest = std::numeric_limits<float>::max();
    io.ConfigMouseDrawCursor = false;  // screenshots show what a person's would
    return engine;
}

}  // namespace

fs::path artifacts_folder() {
    const fs::path folder = fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "artifacts";
    fs::create_directories(folder);
    return folder;
}

UserFolders::UserFolders() {
    std::string pattern = (fs::temp_directory_path() / "convlens-gui-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) std::abort();
    root_ = pattern;
}

UserFolders::~UserFolders() {
    std::error_code code;
    fs::remove_all(root_, code);
}

DrivenApp::DrivenApp(WindowOptions options, const UserFolders* folders) {
    if (folders == nullptr) own_folders_ = std::make_unique<UserFolders>();
    const fs::path root = folders == nullptr ? own_folders_->root() : folders->root();
    setenv("XDG_CONFIG_HOME", (root / "config").c_str(), 1);
    setenv("XDG_STATE_HOME", (root / "state").c_str(), 1);
    options.headless = without_screen();
    options.native_dialogs = false;
    app_ = std::make_unique<App>(options);
    engine_ = make_engine();
    ImGuiTestEngine_Start(engine_, ImGui::GetCurrentContext());
    app_->before_swap = [this] {
        ImGuiTestEngine_PreSwap(engine_);
        capture();
        measure();
    };
    app_->after_swap = [this] { ImGuiTestEngine_PostSwap(engine_); };
    glfwSwapInterval(0);
    frames(3);
    app_->draws = false;  // on a software OpenGL it takes most of the time
}

DrivenApp::~DrivenApp() {
    ImGuiTestEngine_Stop(engine_);
    app_.reset();
    ImGuiTestEngine_DestroyContext(engine_);
}

void DrivenApp::drive(const Script& script) {
    ImGuiTest* test = ImGuiTestEngine_RegisterTest(engine_, "driven", "script", __FILE__, __LINE__);
    test->TestFunc = [&](ImGuiTestContext* context) {
        context_ = context;
        try {
            script(context);
        } catch (const std::exception& error) {
            ADD_FAILURE() << error.what();
        }
        context_ = nullptr;
    };
    ImGuiTestEngine_QueueTest(engine_, test, ImGuiTestRunFlags_RunFromCommandLine);
    constexpr std::chrono::seconds kMost(60);
    const auto start = std::chrono::steady_clock::now();
    while (!ImGuiTestEngine_IsTestQueueEmpty(engine_)) {
        app_->frame();
        if (std::chrono::steady_clock::now() - start > kMost) ImGuiTestEngine_AbortCurrentTest(engine_);
    }
    EXPECT_EQ(test->Output.Status, ImGuiTestStatus_Success) << "the test engine's log above says at what";
    ImGuiTestEngine_UnregisterTest(engine_, test);
}

void DrivenApp::key(int key, int action, int mods, unsigned character) {
    GLFWwindow* window = app_->window().handle();
    const GLFWkeyfun on_key = glfwSetKeyCallback(window, nullptr);
    glfwSetKeyCallback(window, on_key);
    on_key(window, key, glfwGetKeyScancode(key), action, mods);
    if (character == 0) return;
    const GLFWcharfun on_character = glfwSetCharCallback(window, nullptr);
    glfwSetCharCallback(window, on_character);
    on_character(window, character);
}

void DrivenApp::tap(int key, int mods, unsigned character) {
    this->key(key, GLFW_PRESS, mods, character);
    this->key(key, GLFW_RELEASE, mods);
}

void DrivenApp::frames(int n) {
    for (int i = 0; i < n; ++i) app_->frame();
}

void DrivenApp::screenshot(const std::string& name) {
    const fs::path path = artifacts_folder() / (name + ".png");
    capture_to_ = path.string();
    app_->draws = true;
    while (!capture_to_.empty()) context_ != nullptr ? context_->Yield() : frames(1);
    app_->draws = false;
}

void DrivenApp::capture() {
    if (capture_to_.empty()) return;
    save_png(read_window(*app_), capture_to_);
    capture_to_.clear();
}

std::string DrivenApp::words_of_a_frame() {
    ImGuiContext& g = *ImGui::GetCurrentContext();
    g.LogBuffer.clear();
    g.LogFlags = ImGuiLogFlags_OutputBuffer;
    g.LogWindow = nullptr;
    g.LogEnabled = true;
    frames(1);
    g.LogEnabled = false;
    g.LogFlags = ImGuiLogFlags_None;
    std::string words = g.LogBuffer.c_str();
    g.LogBuffer.clear();
    return words;
}

float DrivenApp::smallest_text() {
    measuring_ = Measuring::arm;
    while (measuring_ != Measuring::done) context_ != nullptr ? context_->Yield() : frames(1);
    return smallest_text_;
}

// A font remembers the size that it had last and does not note its use again, so one frame makes it forget, and the
// next one counts.
void DrivenApp::measure() {
    ImFontAtlas* atlas = ImGui::GetIO().Fonts;
    if (measuring_ == Measuring::arm) {
        for (ImFont* font : atlas->Fonts) font->LastBaked = nullptr;
        measuring_ = Measuring::count;
    } else if (measuring_ == Measuring::count) {
        smallest_text_ = std::numeric_limits<float>::infinity();
        ImStableVector<ImFontBaked, 32>& pool = atlas->Builder->BakedPool;
        for (int i = 0; i < pool.Size; ++i) {
            const ImFontBaked& baked = pool[i];
            if (baked.LastUsedFrame == atlas->Builder->FrameCount && !baked.WantDestroy)
                smallest_text_ = std::min(smallest_text_, baked.Size);
        }
        measuring_ = Measuring::done;
    }
}

}  // namespace convlens
