#include "app/gpu/gl_context.h"
#include "core/text/ascii.h"

#include <glad/gl.h>
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <fmt/format.h>

#include <cctype>
#include <cstdlib>

namespace convlens {

namespace {

std::string gl_text(GLenum name) {
    const GLubyte* text = glGetString(name);
    return text == nullptr ? std::string() : reinterpret_cast<const char*>(text);
}

// The renderers that stand in for a GPU: Mesa's, Microsoft's, Google's.
// no words: their names
bool is_software(std::string_view name_of_renderer) {
    const std::string renderer = lower(name_of_renderer);
    for (const char* name :
         {"llvmpipe", "softpipe", "swrast", "software rasterizer", "gdi generic", "basic render", "swiftshader"})
        if (renderer.find(name) != std::string::npos) return true;
    return false;
}

// What GLFW says about its last failure.
Message glfw_reason() {
    const char* text = nullptr;
    glfwGetError(&text);
    return text == nullptr ? msg("no reason given") : verbatim(text);
}

// Errors are asked for where they matter; another part of the program may have a callback that prints them.
class QuietGlfw {
public:
    QuietGlfw() : before_(glfwSetErrorCallback(nullptr)) {}
    ~QuietGlfw() { glfwSetErrorCallback(before_); }
    QuietGlfw(const QuietGlfw&) = delete;
    QuietGlfw& operator=(const QuietGlfw&) = delete;

private:
    GLFWerrorfun before_;
};

bool glfw_is_running() {
    const bool running = glfwGetPlatform() != 0;
    glfwGetError(nullptr);
    return running;
}

bool has_screen() {
    const auto set = [](const char* name) {
        const char* value = std::getenv(name);
        return value != nullptr && *value != '\0';
    };
    return set("DISPLAY") || set("WAYLAND_DISPLAY");
}

bool start_glfw(bool on_screen) {
    glfwInitHint(GLFW_PLATFORM, on_screen ? GLFW_ANY_PLATFORM : GLFW_PLATFORM_NULL);
    const bool started = glfwInit() == GLFW_TRUE;
    glfwInitHint(GLFW_PLATFORM, GLFW_ANY_PLATFORM);
    return started;
}

GLFWwindow* hidden_window(int major, int minor) {
    glfwDefaultWindowHints();
    glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, major);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, minor);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
    // The null platform has no windowing system to make contexts with, but EGL needs none.
    if (glfwGetPlatform() == GLFW_PLATFORM_NULL) glfwWindowHint(GLFW_CONTEXT_CREATION_API, GLFW_EGL_CONTEXT_API);
    GLFWwindow* window = glfwCreateWindow(16, 16, "", nullptr, nullptr);
    glfwDefaultWindowHints();
    return window;
}

// A current context with its functions loaded, or nothing and a reason.
GLFWwindow* open_context(Message& reason) {
    constexpr int kVersions[][2] = {{4, 5}, {4, 3}, {3, 3}};
    for (const auto& [major, minor] : kVersions) {
        GLFWwindow* window = hidden_window(major, minor);
        if (window == nullptr) {
            reason = glfw_reason();
            continue;
        }
        glfwMakeContextCurrent(window);
        if (gladLoadGL(glfwGetProcAddress) != 0) return window;
        reason = msg("its functions could not be loaded");
        glfwDestroyWindow(window);
    }
    return nullptr;
}

}  // namespace

GpuCaps read_gpu_caps() {
    GpuCaps caps;
    GLint major = 0, minor = 0;
    glGetIntegerv(GL_MAJOR_VERSION, &major);
    glGetIntegerv(GL_MINOR_VERSION, &minor);
    caps.version = major * 10 + minor;
    caps.renderer = gl_text(GL_RENDERER);
    caps.software = is_software(caps.renderer);
    glGetIntegerv(GL_MAX_TEXTURE_SIZE, &caps.max_texture_size);
    const auto renderer = "renderer"_is(caps.renderer);
    const auto version = "version"_is(fmt::format("{}.{}", major, minor));
    if (caps.version < 43) {
        caps.reason = msg("compute shaders need OpenGL 4.3, and {renderer} offers {version}", renderer, version);
    } else if (glad_glDispatchCompute == nullptr || glad_glTextureView == nullptr) {
        caps.reason = msg("{renderer} says OpenGL {version} but lacks its compute functions", renderer, version);
    } else {
        caps.compute = true;
    }
    return caps;
}

std::unique_ptr<GlContext> GlContext::create_headless(Message& reason) {
    const QuietGlfw quiet;
    const bool running = glfw_is_running();  // the window's, or another context's: its platform is used as it is
    for (const bool on_screen : {true, false}) {
        if (on_screen && !running && !has_screen()) continue;
        if (!on_screen && running) continue;
        if (!running && !start_glfw(on_screen)) {
            reason = msg("no OpenGL: {reason}", "reason"_is(glfw_reason()));
            continue;
        }
        if (GLFWwindow* window = open_context(reason)) {
            std::unique_ptr<GlContext> context(new GlContext);
            context->window_ = window;
            context->owns_glfw_ = !running;
            context->caps_ = read_gpu_caps();
            reason = {};
            return context;
        }
        reason = msg("no OpenGL: {reason}", "reason"_is(reason));
        if (!running) glfwTerminate();
    }
    return nullptr;
}

GlContext::~GlContext() {
    const QuietGlfw quiet;
    glfwDestroyWindow(static_cast<GLFWwindow*>(window_));
    if (owns_glfw_) glfwTerminate();
}

void GlContext::make_current() const { glfwMakeContextCurrent(static_cast<GLFWwindow*>(window_)); }

}  // namespace convlens
