#include "app/window/lost_display.h"

#include <cstdlib>
#include <utility>

#include <X11/Xlib.h>
#include <dlfcn.h>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

namespace convlens {

namespace {

std::function<void()> last_words;

// Must not return: Xlib would end the program, or go on with a display that is gone, for which GLFW would wait for ever.
int on_lost(Display* /*display*/) {
    if (const auto last = std::exchange(last_words, nullptr)) last();
    std::_Exit(EXIT_FAILURE);
}

// XSetIOErrorExitHandler comes too late: the handler that libX11 1.8 has before it calls exit() where the server was
// killed (EPIPE), with every destructor of the program.
using SetHandler = int (*(*)(int (*)(Display*)))(Display*);

// GLFW has loaded the library by itself; this looks into the same one.
SetHandler find_setter() {
    void* library = dlopen("libX11.so.6", RTLD_LAZY | RTLD_NOLOAD);
    if (library == nullptr) return nullptr;
    return reinterpret_cast<SetHandler>(dlsym(library, "XSetIOErrorHandler"));
}

}  // namespace

void at_lost_display(std::function<void()> last) {
    const bool wanted = last != nullptr;
    last_words = std::move(last);
    if (glfwGetPlatform() != GLFW_PLATFORM_X11) return;
    if (const SetHandler set = find_setter()) set(wanted ? on_lost : nullptr);
}

}  // namespace convlens
