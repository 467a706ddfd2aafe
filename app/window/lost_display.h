// The X display may go while the window is open: the connection is cut, the server ends. Xlib then ends the program.
#pragma once

#include <functional>

namespace convlens {

// `last` is called before the program ends, with exit code 1, because the window's display is gone; on the thread that
// noticed it, from within whatever it asked of X: nothing may be asked of X any more. Empty: Xlib ends the program by
// itself again. Does nothing on other displays (on Wayland GLFW closes the window).
void at_lost_display(std::function<void()> last);

}  // namespace convlens
