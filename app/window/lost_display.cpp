#include "app/window/lost_display.h"

#include <cstdlib>
#include <utility>

#include <dlfcn.h>

#define GLFW_INCLUDE_NONE
#define GLFW_EXPOSE_NATIVE_X11
#include <GLFW/glfw3.h>
#include <GLFW/glfw3native.h>

namespace convlens {

namespace {

std::function<void()> last_words;

// Xlib would go on with a display that is gone, and GLFW would wait for it for ever.
void on_lost(Display* /*display*/, void* /*unused*/) {
    if (const auto last = std::exchange(last_words, nullptr)) last();
    std::_Exit(EXIT_FAILURE);
}

using SetHandler = void (*)(Display*, void (*)(Display*, void*), void*);

// GLFW has loaded the library by itself; this looks into the same one.
SetHandler find_setter() {
    void* library = dlopen("libX11.so.6", RTLD_LAZY | RTLD_NOLOAD);
    if (library == nullptr) return nullptr;
    return reinterpret_cast<SetHandler>(dlsym(library, "XSetIOErrorExitHandler"));
}

}  // namespace

void at_lost_display(std::function<void()> last) {
    last_words = std::move(last);
    if (last_words == nullptr || glfwGetPlatform() != GLFW_PLATFORM_X11) return;
    if (const SetHandler set = find_setter()) set(glfwGetX11Display(), on_lost, nullptr);
}

}  // namespace convlens
