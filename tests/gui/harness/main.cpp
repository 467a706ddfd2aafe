// Tests that drive the window: one GoogleTest each, see driven_app.h.
#include <cstdlib>

#include <dlfcn.h>
#include <gtest/gtest.h>

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    setenv("LC_ALL", "C.UTF-8", 1);  // the window speaks English, whatever language the system has
    // Each window of the tests loads the graphics libraries and lets them go again, and each time some of the process's
    // 1024 thread keys stay taken: the 210th window would get no display. Kept loaded, they take theirs once.
    for (const char* library : {"libEGL.so.1", "libGLX.so.0", "libGLdispatch.so.0"})
        dlopen(library, RTLD_NOW | RTLD_GLOBAL | RTLD_NODELETE);
    return RUN_ALL_TESTS();
}
