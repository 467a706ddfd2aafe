#include "app/window/docking.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <imgui.h>
#include <imgui_internal.h>

#include "app/session/settings.h"
#include "app/window/layout_check.h"

namespace convlens {

namespace {

// Widths and heights of the first arrangement, in text heights.
constexpr float kLeft = 17, kRight = 23, kBottom = 4.9F, kBelow = 8.2F;
constexpr float kRightBelowShare = 0.36F;

// The share of `whole` that `wanted` pixels are, within reason.
float share(float wanted, float whole) { return std::clamp(wanted / std::max(whole, 1.0F), 0.08F, 0.45F); }

void without_tabs(ImGuiID id) {
    ImGuiDockNode* node = ImGui::DockBuilderGetNode(id);
    node->SetLocalFlags(node->LocalFlags | ImGuiDockNodeFlags_NoTabBar | ImGuiDockNodeFlags_NoDockingOverMe);
}

void arrange(ImGuiID space, ImVec2 size, float text) {
    ImGui::DockBuilderRemoveNode(space);
    ImGui::DockBuilderAddNode(space, ImGuiDockNodeFlags_DockSpace);
    ImGui::DockBuilderSetNodeSize(space, size);
    ImGuiID middle = space, left = 0, right = 0, bottom = 0, below = 0, right_below = 0;
    ImGui::DockBuilderSplitNode(middle, ImGuiDir_Left, share(kLeft * text, size.x), &left, &middle);
    ImGui::DockBuilderSplitNode(middle, ImGuiDir_Right, share(kRight * text, size.x - kLeft * text), &right, &middle);
    ImGui::DockBuilderSplitNode(middle, ImGuiDir_Down, share(kBottom * text, size.y), &bottom, &middle);
    ImGui::DockBuilderSplitNode(middle, ImGuiDir_Down, share(kBelow * text, size.y - kBottom * text), &below, &middle);
    ImGui::DockBuilderSplitNode(right, ImGuiDir_Down, kRightBelowShare, &right_below, &right);
    const auto node = [&](PanelPlace place) {
        switch (place) {
            case PanelPlace::left: return left;
            case PanelPlace::middle: return middle;
            case PanelPlace::below: return below;
            case PanelPlace::bottom: return bottom;
            case PanelPlace::right: return right;
            case PanelPlace::right_below: return right_below;
        }
        return middle;
    };
    for (const Panel& panel : panels()) ImGui::DockBuilderDockWindow(panel.name.data(), node(panel.place));
    without_tabs(middle);
    without_tabs(bottom);
    ImGui::DockBuilderFinish(space);
}

// Panels hold text: where that grows, so do they. The middle takes what is left.
void rescale(ImGuiDockNode* node, float factor) {
    if (node == nullptr) return;
    constexpr float kMost = 32000;  // layout.ini keeps 16 bits; at 0 a panel could not come back
    const auto side = [&](float pixels) { return std::clamp(std::round(pixels * factor), 1.0F, kMost); };
    node->Size = node->SizeRef = {side(node->SizeRef.x), side(node->SizeRef.y)};
    rescale(node->ChildNodes[0], factor);
    rescale(node->ChildNodes[1], factor);
}

ImVec4 colour_of(Colour c) {
    return {static_cast<float>(c.r) / 255, static_cast<float>(c.g) / 255, static_cast<float>(c.b) / 255, 1};
}

// Around the panel that has the keyboard.
void frame_panel(const Theme& theme) {
    const ImGuiWindow* window = ImGui::GetCurrentWindow();
    const float width = std::max(2.0F, std::round(ImGui::GetFontSize() * 0.13F)), in = width / 2;
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->PushClipRectFullScreen();
    list->AddRect({window->Pos.x + in, window->Pos.y + in},
                  {window->Pos.x + window->Size.x - in, window->Pos.y + window->Size.y - in},
                  ImGui::ColorConvertFloat4ToU32(colour_of(theme.accent)), 0, width);
    list->PopClipRect();
}

// A heading begins where the panel's text begins; ImGui pads a tab twice.
ImVec2 heading_padding() {
    return {ImGui::GetStyle().WindowPadding.x / 2 - 0.5F, std::round(ImGui::GetFontSize() * 0.3F)};
}

bool is_hovered(const Panel& panel) {
    const ImGuiWindow* hovered = ImGui::GetCurrentContext()->HoveredWindow;
    return hovered != nullptr && hovered->RootWindow == ImGui::FindWindowByName(panel.name.data());
}

}  // namespace

void Docking::begin_frame(float text_size, ImFont* heading) {
    const ImGuiID space = dock_space_id();
    const ImGuiViewport* viewport = ImGui::GetMainViewport();
    if (reset_ || ImGui::DockBuilderGetNode(space) == nullptr) {
        arrange(space, viewport->WorkSize, text_size);
        reset_ = false;
    } else if (text_size_ > 0 && text_size != text_size_) {
        rescale(ImGui::DockBuilderGetNode(space), text_size / text_size_);
    }
    text_size_ = text_size;
    ImGui::PushFont(heading, 0);  // tabs are drawn with the space, and are headings
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, heading_padding());
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);  // round corners would let what is below shine through
    ImGui::DockSpaceOverViewport(space, viewport, ImGuiDockNodeFlags_NoWindowMenuButton);
    ImGui::PopStyleVar(2);
    ImGui::PopFont();
}

void Docking::draw_panels(Session& session, PanelContext& context, PhotoWork& photo) {
    for (std::string& name : session.ui.attention) {
        set_closed(session.ui.settings, name, false);
        session.ui.panels_hidden = false;
        ImGui::SetWindowFocus(name.c_str());
        attention_.push_back({std::move(name), ImGui::GetTime()});
    }
    session.ui.attention.clear();
    keyboard_ = session.keyboard_panel;

    for (const bool hovered : {true, false}) {
        for (const Panel& panel : panels())
            if (is_open(panel, session) && is_hovered(panel) == hovered) draw_panel(panel, context, photo);
    }
}

void Docking::draw_panel(const Panel& panel, PanelContext& context, PhotoWork& photo) {
    ImGuiWindowFlags flags = ImGuiWindowFlags_NoCollapse;
    if (panel.presented) flags |= ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse;
    if (panel.bare()) {
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
        ImGui::PushStyleColor(ImGuiCol_WindowBg, colour_of(context.theme.background));
    }
    bool open = true;
    const bool closable = !panel.presented;
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, heading_padding());
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);
    const bool visible = ImGui::Begin(window_name(panel, context.lang).c_str(), closable ? &open : nullptr, flags);
    ImGui::PopStyleVar(2);
    if (panel.bare()) {
        ImGui::PopStyleColor();
        ImGui::PopStyleVar();
    }
    if (visible && (context.ui.pictured || !panel.computed)) {
        panel.draw(context, photo);
    } else if (visible && panel.bare()) {
        no_picture_panel(context);
    }
    if (panel.name == keyboard_) frame_panel(context.theme);
    point_at(panel, context.theme);
    ImGui::End();
    if (!open) set_closed(context.ui.settings, panel.name, true);
}

// A frame in the accent colour that fades: the eye is led to where the answer stands.
void Docking::point_at(const Panel& panel, const Theme& theme) {
    constexpr double kSeconds = 2.4;
    const auto found = std::ranges::find(attention_, panel.name, &Attention::name);
    if (found == attention_.end()) return;
    const double share = (ImGui::GetTime() - found->since) / kSeconds;
    if (share >= 1) {
        attention_.erase(found);
        return;
    }
    const auto beat = static_cast<float>(0.5 + 0.5 * std::cos(share * 4 * std::numbers::pi));
    ImVec4 colour = colour_of(theme.accent);
    colour.w = (1 - static_cast<float>(share)) * (0.35F + 0.65F * beat);
    const ImGuiWindow* window = ImGui::GetCurrentWindow();
    ImGui::GetForegroundDrawList()->AddRect(window->Pos,
                                            {window->Pos.x + window->Size.x, window->Pos.y + window->Size.y},
                                            ImGui::ColorConvertFloat4ToU32(colour), 4, 3);
}

}  // namespace convlens
