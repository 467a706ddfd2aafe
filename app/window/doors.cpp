// The strip of the first start: five ways in, each one click.
#include <array>
#include <string>

#include <imgui.h>
#include <imgui_internal.h>

#include "app/window/chrome.h"
#include "app/window/files.h"

namespace convlens {

namespace {

void slide_a_kernel(Session& session) {
    open_preset(session, "no_padding_no_strides", "slide a kernel");
    session.ui.playhead.step = 0;
    toggle_play(session);
}

void transposed(Session& session) {
    open_preset(session, "no_padding_strides_transposed", "a transposed convolution");
    session.ui.playhead.step = 0;
    toggle_play(session);
}

// Six cells, a kernel of three, stride two, one of padding: 5/2 leaves a remainder, and a padding cell is never read.
void why_this_size(Session& session) {
    open_preset(session, "padding_strides_odd", "why this size?");
    session.ui.attention = {"Size ruler", "Explain"};
}

void open_a_photo(Session& session) {
    set_mode(session, Mode::photo);
    session.ui.requests.push_back(Request::open_photo);
}

void compare(Session& session) { open_preset(session, "conv2-xcorr2-conv2d", "compare conv2 and xcorr2"); }

struct Door {
    const char* label;
    const char* tip;
    void (*enter)(Session&);
};
constexpr std::array kDoors = {
    Door{"Slide a kernel", "A 3×3 kernel slides over a 4×4 input", slide_a_kernel},
    Door{"Transposed", "Every input cell stamps the kernel onto a larger output", transposed},
    Door{"Why this size?", "A size that does not divide evenly, step by step", why_this_size},
    Door{"Open a photo", "Filter a picture; yours, or the one that comes with the program", open_a_photo},
    Door{"Compare conv2 / xcorr2", "The same numbers with and without the kernel turned", compare},
};

}  // namespace

void draw_doors(ChromeContext& context) {
    UiState& ui = context.session.ui;
    if (!ui.show_doors || ui.presenter) return;
    const float height = ImGui::GetFrameHeight() + context.text_size * 0.9F;
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(context.text_size * 0.75F, context.text_size * 0.45F));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
    constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoDocking |
                                        ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoMove;
    if (ImGui::BeginViewportSideBar("Doors", ImGui::GetMainViewport(), ImGuiDir_Up, height, kFlags)) {
        draw_edge(true);
        ImGui::AlignTextToFramePadding();
        ImGui::PushFont(context.fonts.bold, 0);
        ImGui::TextUnformatted("Space plays");
        ImGui::PopFont();
        for (const Door& door : kDoors) {
            ImGui::SameLine(0, context.text_size * (&door == kDoors.data() ? 1.4F : 0.5F));
            if (ImGui::Button(door.label)) {
                ui.show_doors = false;
                door.enter(context.session);
            }
            ImGui::SetItemTooltip("%s", door.tip);
        }
        const float cross = ImGui::GetFrameHeight();
        ImGui::SameLine(ImGui::GetWindowWidth() - cross - context.text_size * 0.75F);
        if (cross_button("×###close doors")) ui.show_doors = false;
        ImGui::SetItemTooltip("Close (Help brings it back)");
    }
    ImGui::End();
    ImGui::PopStyleVar(2);
}

}  // namespace convlens
