// The start bar of the first start: five starts, one click each.
#include <array>
#include <cmath>
#include <string>

#include <imgui.h>
#include <imgui_internal.h>

#include "app/panels/widgets/widgets.h"
#include "app/session/files.h"
#include "app/session/playback.h"
#include "app/window/chrome.h"

namespace convlens {

namespace {

void slide_a_kernel(Session& session) {
    open_preset(session, "no_padding_no_strides", msg("slide a kernel"));
    session.ui.playhead.step = 0;
    toggle_play(session.ui, session.derived);
}

// Its first stamp is not of a zero, which would show nothing.
void transposed(Session& session) {
    open_preset(session, "no_padding_no_strides_transposed", msg("a transposed convolution"));
    session.ui.playhead.step = 0;
    toggle_play(session.ui, session.derived);
}

// Six cells, a kernel of three, stride two, one of padding: 5/2 leaves a remainder, and a padding cell is never read.
void why_this_size(Session& session) {
    open_preset(session, "padding_strides_odd", msg("why this size?"));
    session.ui.attention = {"Size ruler", "Explanation"};  // no words: names of panels
}

void open_a_photo(Session& session) {
    set_workspace(session, Workspace::photo);
    session.ui.requests.push_back(Request::open_photo);
}

void compare(Session& session) { open_preset(session, "conv2-xcorr2-conv2d", msg("compare conv2 and xcorr2")); }

struct Start {
    Key label;
    Key tip;
    void (*begin)(Session&);
};
constexpr std::array kStarts = {
    Start{key("Slide a kernel"), key("A 3×3 kernel slides over a 4×4 input"), slide_a_kernel},
    Start{key("Transposed"), key("Every input cell stamps the kernel onto a larger output"), transposed},
    Start{key("Why this size?"), key("A size that does not divide evenly, step by step"), why_this_size},
    Start{key("Open a photo"), key("Filter an image: your own, or the sample"), open_a_photo},
    Start{key("Compare conv2 / xcorr2"), key("The same numbers with and without flipping the kernel"), compare},
};

constexpr Key kHeading = key("Press Space to play, or start with:");

// Of the line with its heading, pixels.
float whole_width(const ChromeContext& context) {
    ImGui::PushFont(context.fonts.bold, 0);
    float width = context.text_size * 1.65F + ImGui::CalcTextSize(context.words(kHeading).c_str()).x;
    ImGui::PopFont();
    for (const Start& start : kStarts) width += button_width(context.words(start.label)) + context.text_size * 0.5F;
    return width;
}

void draw_heading(const ChromeContext& context) {
    ImGui::AlignTextToFramePadding();
    ImGui::PushFont(context.fonts.bold, 0);
    ImGui::TextUnformatted(context.words(kHeading).c_str());
    ImGui::PopFont();
    ImGui::SameLine(0, context.text_size * 1.4F);
}

// Up to `end`: in a narrow window heading and gaps go first, and then what does not fit; Presets has it, too.
void draw_buttons(ChromeContext& context, float end) {
    const bool narrow = whole_width(context) > end;
    if (!narrow) draw_heading(context);
    for (const Start& start : kStarts) {
        const bool first = &start == kStarts.data();
        if (!first && ImGui::GetCursorPosX() + button_width(context.words(start.label)) > end) break;
        if (ImGui::Button(context.label(start.label).c_str())) {
            context.session.ui.show_start_bar = false;
            start.begin(context.session);
        }
        ImGui::SetItemTooltip("%s", context.words(start.tip).c_str());
        ImGui::SameLine(0, context.text_size * (narrow ? 0.2F : 0.5F));
    }
}

}  // namespace

void draw_start_bar(ChromeContext& context) {
    UiState& ui = context.session.ui;
    if (!ui.show_start_bar || ui.presenter) return;
    const float height = ImGui::GetFrameHeight() + context.text_size * 0.6F;
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(context.text_size * 0.75F, context.text_size * 0.3F));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
    constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoDocking |
                                        ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoMove;
    if (ImGui::BeginViewportSideBar("Start bar", ImGui::GetMainViewport(), ImGuiDir_Up, height, kFlags)) {
        draw_edge(true);
        const float cross = ImGui::GetFrameHeight(), edge = context.text_size * 0.75F;
        const float end = ImGui::GetWindowWidth() - cross - edge;
        draw_buttons(context, end - std::round(edge / 4));
        ImGui::SetCursorPosX(end);
        if (cross_button("×###close start bar")) ui.show_start_bar = false;
        ImGui::SetItemTooltip("%s", context.words(key("Close (Help brings it back)")).c_str());
    }
    ImGui::End();
    ImGui::PopStyleVar(2);
}

}  // namespace convlens
