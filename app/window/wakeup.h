// Another thread has something for the window's own one, which may be waiting for events.
//
// glfwPostEmptyEvent() alone is not enough: on X11 and Wayland glfwPollEvents() throws away what was posted before it. A job
// that ends, or a signal that comes, while a frame begins would be seen only when the user moves the mouse. So it is
// remembered here until the window's thread has taken it.
#pragma once

#include <atomic>

namespace convlens {

class Wakeup {
public:
    void wake();  // on any thread
    // On the window's thread. Precondition of waiting for events without a limit: not asked().
    bool asked() const { return asked_; }
    bool take() { return asked_.exchange(false); }

private:
    std::atomic<bool> asked_ = false;
};

}  // namespace convlens
