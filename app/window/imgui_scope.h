// Dear ImGui's context with its backends for the window and its OpenGL context.
#pragma once

struct ImGuiContext;

namespace convlens {

class GlfwWindow;

// Made after the window, and gone before it.
struct ImGuiScope {
    explicit ImGuiScope(GlfwWindow& window);
    ~ImGuiScope();
    ImGuiScope(const ImGuiScope&) = delete;
    ImGuiScope& operator=(const ImGuiScope&) = delete;

    ImGuiContext* context = nullptr;
};

}  // namespace convlens
