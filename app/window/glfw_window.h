// The operating system's window and its OpenGL context.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/scene/geometry.h"
#include "app/session/settings.h"
#include "core/io/error.h"

struct GLFWwindow;

namespace convlens {

// There is no window to be had: what was asked, what was found, what helps. For people, several lines.
class WindowError : public SaidError {
public:
    using SaidError::SaidError;
};

struct GlfwOptions {
    int width = 1280, height = 720;    // in screen coordinates, before the monitor's scale
    std::optional<WindowPlace> place;  // where it stood last time
    bool headless = false;             // no screen: GLFW's null platform, EGL (tests, pictures)
    int newest_gl = 45;                // the first version that is asked for; then 4.3, then 3.3
};

class GlfwWindow {
public:
    explicit GlfwWindow(const GlfwOptions& options);  // throws WindowError
    ~GlfwWindow();
    GlfwWindow(const GlfwWindow&) = delete;
    GlfwWindow& operator=(const GlfwWindow&) = delete;

    GLFWwindow* handle() const { return window_; }

    // The context: 45 is OpenGL 4.5. Compute shaders from 43.
    int gl_version() const { return gl_version_; }
    const std::string& gl_renderer() const { return gl_renderer_; }

    void show();  // it is made invisible, so that it appears with a picture in it
    bool closing() const;
    bool iconified() const;
    float content_scale() const;  // of the monitor that it stands on
    void set_title(const std::string& title);
    void toggle_fullscreen();
    // The corner of what it holds on the screen, as the system told it last; 0, 0 where that is not known. Asks nobody:
    // to ask X takes a round trip.
    Point corner() const { return corner_; }
    // Where it stands, to be kept; the place before while it fills the screen.
    WindowPlace place() const;

    // Events seen since the last call: the window was uncovered, resized, or moved to a monitor of another scale.
    bool take_damage();
    std::vector<std::string> take_dropped();  // UTF-8 paths of files dropped on it

    struct GlVersion {
        int number, major, minor;
    };

private:
    void create(const GlfwOptions& options);
    void try_context(const GlfwOptions& options, const GlVersion& version, int api);
    void watch();
    void restore(const WindowPlace& kept);
    void fit();  // into its monitor, if it is larger: a scale of 2 makes it twice as large

    GLFWwindow* window_ = nullptr;
    int gl_version_ = 0;
    std::string gl_renderer_;
    std::string title_;
    bool damaged_ = true;
    Point corner_;
    std::vector<std::string> dropped_;
    WindowPlace windowed_;  // before it became full screen
};

// The frame, moved and made smaller where less than half of it would be seen or it is larger than all monitors together:
// onto the monitor that holds most of it, or the first. `monitors` x, y, width, height in screen coordinates; without
// any the frame stays as it is.
WindowPlace moved_inside(const WindowPlace& place, const std::vector<WindowPlace>& monitors);

}  // namespace convlens
