#include "app/window/wakeup.h"

#include <GLFW/glfw3.h>

namespace convlens {

void Wakeup::wake() {
    asked_ = true;
    glfwPostEmptyEvent();
}

}  // namespace convlens
