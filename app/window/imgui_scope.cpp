#include "app/window/imgui_scope.h"

#include <imgui.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>
#include <imgui_internal.h>

#include "app/window/glfw_window.h"
#include "app/window/key_feed.h"

namespace convlens {

ImGuiScope::ImGuiScope(GlfwWindow& window) {
    IMGUI_CHECKVERSION();
    context = ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;  // kept in the user's config folder by App::keep, not wherever the program was started
    io.LogFilename = nullptr;
    io.ConfigFlags |= ImGuiConfigFlags_DockingEnable;
    io.ConfigWindowsMoveFromTitleBarOnly = true;
    context->ConfigNavWindowingKeyNext = context->ConfigNavWindowingKeyPrev = 0;  // F6 goes from panel to panel
    ImGui_ImplGlfw_InitForOpenGL(window.handle(), true);
    watch_keys(window.handle());
    ImGui_ImplOpenGL3_Init("#version 330");
}

ImGuiScope::~ImGuiScope() {
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
    ImGui::DestroyContext(context);
}

}  // namespace convlens
