#include "app/window/glfw_window.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <utility>

#include <glad/gl.h>
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include "app/scene/theme.h"

namespace convlens {

namespace {

using GlVersion = GlfwWindow::GlVersion;
// 4.5 for its conveniences, 4.3 for compute shaders, 3.3 for everything but those.
constexpr std::array kVersions = {GlVersion{45, 4, 5}, GlVersion{43, 4, 3}, GlVersion{33, 3, 3}};

std::string last_glfw_error;
bool quiet = false;

// Wayland answers some calls with an error each time; each kind is told once.
void on_error(int code, const char* text) {
    static std::set<int> told;
    last_glfw_error = text;
    if (!quiet && told.insert(code).second) std::fprintf(stderr, "convlens: GLFW: %s (%#x)\n", text, code);
}

[[noreturn]] void refuse_display() {
    throw WindowError(
        msg("There is no screen for the window: {reason}\n"
            "  needed      an X11 or Wayland display (DISPLAY, WAYLAND_DISPLAY)\n"
            "  try         start it from a desktop session, or under a virtual screen: xvfb-run convlens\n"
            "              the commands need no screen: convlens render, filter, shape, compute (convlens --help)",
            "reason"_is(last_glfw_error)));
}

[[noreturn]] void refuse_gl(const Message& found) {
    throw WindowError(msg(
        "The window needs OpenGL 3.3 or newer, and this display has none.\n"
        "  needed      OpenGL 4.5, 4.3 and 3.3, core profile\n"
        "  found       {found}\n"
        "  try         install Mesa's software OpenGL (Debian: apt install libgl1-mesa-dri libegl1) and start again\n"
        "              with LIBGL_ALWAYS_SOFTWARE=1; over Remote Desktop, use a session that offers OpenGL\n"
        "              the commands need no OpenGL: convlens render, filter, shape, compute (convlens --help)",
        "found"_is(found)));
}

// What remains of OpenGL when no core context was to be had: asked for the message only.
Message find_legacy_gl() {
    const std::string refusal = last_glfw_error;
    glfwDefaultWindowHints();
    glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
    GLFWwindow* window = glfwCreateWindow(64, 64, "", nullptr, nullptr);
    if (window == nullptr) return msg("no OpenGL context at all ({reason})", "reason"_is(refusal));
    glfwMakeContextCurrent(window);
    Message found = verbatim(refusal);
    if (gladLoadGL(glfwGetProcAddress) != 0)
        found =
            msg("OpenGL {version} on {renderer}", "version"_is(reinterpret_cast<const char*>(glGetString(GL_VERSION))),
                "renderer"_is(reinterpret_cast<const char*>(glGetString(GL_RENDERER))));
    glfwDestroyWindow(window);
    return found;
}

std::vector<WindowPlace> monitors() {
    int count = 0;
    GLFWmonitor** all = glfwGetMonitors(&count);
    std::vector<WindowPlace> found;
    for (int i = 0; i < count; ++i) {
        WindowPlace area;
        glfwGetMonitorWorkarea(all[i], &area.x, &area.y, &area.width, &area.height);
        found.push_back(area);
    }
    return found;
}

std::int64_t shared_area(const WindowPlace& a, const WindowPlace& b) {
    const int width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
    const int height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
    return width > 0 && height > 0 ? std::int64_t{width} * height : 0;
}

constexpr int kEdge = 30;  // a title bar and its frame

bool can_position() { return glfwGetPlatform() != GLFW_PLATFORM_WAYLAND; }

Point to_point(int x, int y) { return {static_cast<float>(x), static_cast<float>(y)}; }

GlfwWindow& owner(GLFWwindow* window) { return *static_cast<GlfwWindow*>(glfwGetWindowUserPointer(window)); }

// Left to itself GLFW tries Wayland first, which complains on stderr where there is none.
int wanted_platform(bool headless) {
    if (headless) return GLFW_PLATFORM_NULL;
    const auto is_set = [](const char* name) {
        const char* value = std::getenv(name);
        return value != nullptr && *value != 0;
    };
    return is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY") ? GLFW_PLATFORM_X11 : GLFW_ANY_PLATFORM;
}

// The program's sign: a 3x3 kernel with its middle lit.
void set_icon(GLFWwindow* window) {
    if (glfwGetPlatform() != GLFW_PLATFORM_X11) return;
    constexpr int kSize = 48, kCell = 14, kGap = 3;
    std::vector<unsigned char> pixels(static_cast<std::size_t>(kSize) * kSize * 4, 0);
    const Theme& theme = dark_theme();
    for (int y = 0; y < kSize; ++y) {
        for (int x = 0; x < kSize; ++x) {
            const int row = y / (kCell + kGap), col = x / (kCell + kGap);
            if (y % (kCell + kGap) >= kCell || x % (kCell + kGap) >= kCell) continue;
            const Colour colour = row == 1 && col == 1   ? theme.accent
                                  : (row + col) % 2 == 0 ? theme.negative
                                                         : theme.positive;
            unsigned char* pixel = &pixels[static_cast<std::size_t>(y * kSize + x) * 4];
            pixel[0] = colour.r, pixel[1] = colour.g, pixel[2] = colour.b, pixel[3] = 255;
        }
    }
    const GLFWimage icon{kSize, kSize, pixels.data()};
    glfwSetWindowIcon(window, 1, &icon);
}

}  // namespace

WindowPlace moved_inside(const WindowPlace& place, const std::vector<WindowPlace>& monitors) {
    if (monitors.empty()) return place;
    std::int64_t seen = 0;
    int left = monitors[0].x, top = monitors[0].y, right = left, bottom = top;  // of all monitors
    for (const WindowPlace& m : monitors) {
        seen += shared_area(place, m);
        left = std::min(left, m.x), right = std::max(right, m.x + m.width);
        top = std::min(top, m.y), bottom = std::max(bottom, m.y + m.height);
    }
    // Without a window manager nobody could take hold of an upper edge that is above all monitors.
    const bool fits = place.width <= right - left && place.height <= bottom - top && place.y + kEdge > top;
    if (fits && seen * 2 >= std::int64_t{place.width} * place.height) return place;
    const auto share = [&](const WindowPlace& m) { return shared_area(place, m); };
    const WindowPlace& home = *std::ranges::max_element(monitors, {}, share);
    WindowPlace moved = place;
    moved.width = std::min(place.width, home.width);
    moved.height = std::min(place.height, home.height);
    moved.x = std::clamp(place.x, home.x, home.x + home.width - moved.width);
    moved.y = std::clamp(place.y, home.y, home.y + home.height - moved.height);
    return moved;
}

GlfwWindow::GlfwWindow(const GlfwOptions& options) {
    glfwSetErrorCallback(on_error);
    glfwInitHint(GLFW_PLATFORM, wanted_platform(options.headless));
    quiet = true;
    if (glfwInit() == GLFW_FALSE) refuse_display();
    try {
        create(options);
    } catch (...) {
        glfwTerminate();
        throw;
    }
    quiet = false;
    watch();
    set_icon(window_);
    if (options.place) restore(*options.place);
    if (!options.place && !options.headless) fit();
    std::fprintf(stderr, "convlens: OpenGL %d.%d, %s\n", gl_version_ / 10, gl_version_ % 10, gl_renderer_.c_str());
}

GlfwWindow::~GlfwWindow() {
    glfwDestroyWindow(window_);
    glfwTerminate();
}

void GlfwWindow::create(const GlfwOptions& options) {
    // A display without GLX may have EGL.
    for (const int api : {GLFW_NATIVE_CONTEXT_API, GLFW_EGL_CONTEXT_API}) {
        if (options.headless && api == GLFW_NATIVE_CONTEXT_API) continue;
        for (const GlVersion& version : kVersions)
            if (window_ == nullptr && version.number <= options.newest_gl) try_context(options, version, api);
    }
    if (window_ == nullptr) refuse_gl(find_legacy_gl());
    gl_renderer_ = reinterpret_cast<const char*>(glGetString(GL_RENDERER));
    glfwSwapInterval(1);
}

// Leaves window_ empty when this context is not to be had.
void GlfwWindow::try_context(const GlfwOptions& options, const GlVersion& version, int api) {
    glfwDefaultWindowHints();
    glfwWindowHint(GLFW_CONTEXT_CREATION_API, api);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, version.major);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, version.minor);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
    glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
    glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);  // shown when there is a picture in it
    window_ = glfwCreateWindow(options.width, options.height, "Convlens", nullptr, nullptr);
    if (window_ == nullptr) return;
    glfwMakeContextCurrent(window_);
    const int loaded = gladLoadGL(glfwGetProcAddress);
    if (loaded == 0) {
        glfwDestroyWindow(std::exchange(window_, nullptr));
        return;
    }
    // A driver may give more than was asked; what was asked is what the program keeps to.
    gl_version_ = std::min(GLAD_VERSION_MAJOR(loaded) * 10 + GLAD_VERSION_MINOR(loaded), options.newest_gl);
}

void GlfwWindow::watch() {
    glfwSetWindowUserPointer(window_, this);
    glfwSetWindowRefreshCallback(window_, [](GLFWwindow* w) { owner(w).damaged_ = true; });
    glfwSetFramebufferSizeCallback(window_, [](GLFWwindow* w, int, int) { owner(w).damaged_ = true; });
    glfwSetWindowContentScaleCallback(window_, [](GLFWwindow* w, float, float) { owner(w).damaged_ = true; });
    glfwSetWindowPosCallback(window_, [](GLFWwindow* w, int x, int y) { owner(w).corner_ = to_point(x, y); });
    if (can_position()) {
        int x = 0, y = 0;
        glfwGetWindowPos(window_, &x, &y);
        corner_ = to_point(x, y);
    }
    glfwSetWindowCloseCallback(window_, [](GLFWwindow* w) { owner(w).damaged_ = true; });
    glfwSetDropCallback(window_, [](GLFWwindow* w, int count, const char** paths) {
        std::vector<std::string>& dropped = owner(w).dropped_;
        dropped.insert(dropped.end(), paths, paths + count);
    });
}

void GlfwWindow::restore(const WindowPlace& kept) {
    // A monitor that was taken away must not take the window with it.
    std::vector<WindowPlace> areas = monitors();
    std::erase_if(areas, [](const WindowPlace& m) { return m.width <= 0 || m.height <= 0; });
    const WindowPlace place = moved_inside(kept, areas);
    if (can_position()) glfwSetWindowPos(window_, place.x, place.y);
    glfwSetWindowSize(window_, place.width, place.height);
    if (place.maximized) glfwMaximizeWindow(window_);
}

void GlfwWindow::fit() {
    const std::vector<WindowPlace> areas = monitors();
    if (areas.empty() || areas[0].width <= 0 || areas[0].height <= 0) return;
    const WindowPlace now = place();
    const int width = std::min(now.width, areas[0].width), height = std::min(now.height, areas[0].height);
    if (width == now.width && height == now.height) return;
    glfwSetWindowSize(window_, width, height);
    if (can_position()) glfwSetWindowPos(window_, areas[0].x, areas[0].y);
}

void GlfwWindow::show() { glfwShowWindow(window_); }

bool GlfwWindow::closing() const { return glfwWindowShouldClose(window_) != GLFW_FALSE; }

bool GlfwWindow::iconified() const { return glfwGetWindowAttrib(window_, GLFW_ICONIFIED) != GLFW_FALSE; }

float GlfwWindow::content_scale() const {
    float x = 1, y = 1;
    glfwGetWindowContentScale(window_, &x, &y);
    // On Wayland and macOS coordinates are scaled already.
    int width = 0, pixels = 0, unused = 0;
    glfwGetWindowSize(window_, &width, &unused);
    glfwGetFramebufferSize(window_, &pixels, &unused);
    const float by_pixels = width > 0 ? static_cast<float>(pixels) / static_cast<float>(width) : 1;
    return std::clamp(x / std::max(by_pixels, 0.1F), 0.5F, 8.0F);
}

void GlfwWindow::set_title(const std::string& title) {
    if (title == title_) return;
    title_ = title;
    glfwSetWindowTitle(window_, title.c_str());
}

void GlfwWindow::toggle_fullscreen() {
    if (glfwGetWindowMonitor(window_) != nullptr) {
        glfwSetWindowMonitor(window_, nullptr, windowed_.x, windowed_.y, windowed_.width, windowed_.height, 0);
        return;
    }
    windowed_ = place();
    // The monitor that holds the window's middle; where positions are not known, the first.
    int count = 0;
    GLFWmonitor** all = glfwGetMonitors(&count);
    if (count == 0) return;
    const std::vector<WindowPlace> areas = monitors();
    const int x = windowed_.x + windowed_.width / 2, y = windowed_.y + windowed_.height / 2;
    const auto found = std::ranges::find_if(
        areas, [&](const WindowPlace& m) { return x >= m.x && x < m.x + m.width && y >= m.y && y < m.y + m.height; });
    GLFWmonitor* monitor = all[found == areas.end() ? 0 : found - areas.begin()];
    const GLFWvidmode* mode = glfwGetVideoMode(monitor);
    if (mode == nullptr) return;
    glfwSetWindowMonitor(window_, monitor, 0, 0, mode->width, mode->height, mode->refreshRate);
}

WindowPlace GlfwWindow::place() const {
    if (glfwGetWindowMonitor(window_) != nullptr) return windowed_;
    WindowPlace place;
    if (can_position()) glfwGetWindowPos(window_, &place.x, &place.y);
    glfwGetWindowSize(window_, &place.width, &place.height);
    place.maximized = glfwGetWindowAttrib(window_, GLFW_MAXIMIZED) != GLFW_FALSE;
    return place;
}

bool GlfwWindow::take_damage() { return std::exchange(damaged_, false); }

std::vector<std::string> GlfwWindow::take_dropped() { return std::exchange(dropped_, {}); }

}  // namespace convlens
