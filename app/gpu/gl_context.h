// What the OpenGL of this machine can do, and a context of our own where there is no window.
#pragma once

#include <memory>
#include <string>

#include "core/text/message.h"

namespace convlens {

// What a context offers. Read once, while it is current.
struct GpuCaps {
    int version = 0;           // 45 is OpenGL 4.5; 0 without a context
    std::string renderer;      // "llvmpipe (LLVM 15.0.6, 256 bits)"
    bool software = false;     // no GPU, but the processor in its place: the CPU filter is faster
    bool compute = false;      // compute shaders can be used
    int max_texture_size = 0;  // longest side of a texture
    Message reason;            // why there is no compute, for people; empty when there is
};

// Of the current context, whose functions glad has loaded.
GpuCaps read_gpu_caps();

// A context without a window, for the command line and for tests: on the screen's own driver where there is a screen,
// through EGL where there is none. It is current on the thread that made it and must be destroyed there, after
// everything that was made in it. glad is loaded.
class GlContext {
public:
    // Nothing, with the reason for people, where OpenGL cannot be had. Asks for 4.5, then 4.3, then 3.3.
    static std::unique_ptr<GlContext> create_headless(Message& reason);

    ~GlContext();
    GlContext(const GlContext&) = delete;
    GlContext& operator=(const GlContext&) = delete;

    const GpuCaps& caps() const { return caps_; }
    void make_current() const;

private:
    GlContext() = default;

    void* window_ = nullptr;  // a GLFWwindow that is never shown
    bool owns_glfw_ = false;  // GLFW was started here and ends here
    GpuCaps caps_;
};

}  // namespace convlens
