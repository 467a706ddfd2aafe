#include "app/window/docking.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include <imgui.h>
#include <imgui_internal.h>

#include "app/session/settings.h"
#include "app/window/actions.h"
#include "app/window/first_arrangement.h"
#include "app/window/layout_check.h"

namespace convlens {

namespace {

// The share of `whole` that `wanted` pixels are, within reason.
float share(float wanted, float whole) { return std::clamp(wanted / std::max(whole, 1.0F), 0.03F, 0.45F); }

void without_tabs(ImGuiID id) {
    ImGuiDockNode* node = ImGui::DockBuilderGetNode(id);
    node->SetLocalFlags(node->LocalFlags | ImGuiDockNodeFlags_NoTabBar | ImGuiDockNodeFlags_NoDockingOverMe);
}

void arrange(ImGuiID space, ImVec2 size, float text) {
    ImGui::DockBuilderRemoveNode(space);
    ImGui::DockBuilderAddNode(space, ImGuiDockNodeFlags_DockSpace);
    ImGui::DockBuilderSetNodeSize(space, size);
    const FirstArrangement sizes = first_arrangement(size.x, text);
    ImGuiID middle = space, left = 0, photo_left = 0, right = 0, bottom = 0, below = 0;
    const auto split = [&middle](ImGuiDir side, float wanted, float whole, ImGuiID& made) {
        ImGui::DockBuilderSplitNode(middle, side, share(wanted, whole), &made, &middle);
    };
    split(ImGuiDir_Down, sizes.bottom, size.y, bottom);
    split(ImGuiDir_Left, sizes.left, size.x, left);
    split(ImGuiDir_Left, sizes.photo_left, size.x - sizes.left, photo_left);
    split(ImGuiDir_Right, sizes.right, size.x - sizes.left - sizes.photo_left, right);
    split(ImGuiDir_Down, sizes.below, size.y - sizes.bottom, below);
    const auto node = [&](PanelPlace place) {
        switch (place) {
            case PanelPlace::left: return left;
            case PanelPlace::photo_left: return photo_left;
            case PanelPlace::middle: return middle;
            case PanelPlace::below: return below;
            case PanelPlace::bottom: return bottom;
            case PanelPlace::right: return right;
        }
        return middle;
    };
    for (const Panel& panel : panels()) ImGui::DockBuilderDockWindow(panel.name.data(), node(panel.place));
    for (const ImGuiID bare : {middle, below, bottom}) without_tabs(bare);
    ImGui::DockBuilderFinish(space);
}

// Of the panels that share a place the first one stands in front. Dear ImGui would have it the one that came last.
void bring_first_panels_forward(const Session& session) {
    std::vector<const ImGuiDockNode*> seen;
    for (const Panel& panel : panels()) {
        const ImGuiWindow* window = ImGui::FindWindowByName(panel.name.data());
        if (!is_open(panel, session) || window == nullptr || window->DockNode == nullptr) continue;
        ImGuiDockNode* node = window->DockNode;
        if (node->TabBar == nullptr || std::ranges::find(seen, node) != seen.end()) continue;
        seen.push_back(node);
        // What has the keyboard would come back in front.
        const ImGuiWindow* focused = ImGui::GetCurrentContext()->NavWindow;
        if (focused != nullptr && focused->RootWindow->DockNode == node && focused->RootWindow != window)
            ImGui::FocusWindow(ImGui::FindWindowByName(picture_panel(session).name.data()));
        node->TabBar->NextSelectedTabId = window->TabId;
    }
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

bool any_key_down() {
    for (int key = ImGuiKey_NamedKey_BEGIN; key < ImGuiKey_NamedKey_END; ++key)
        if (ImGui::IsKeyDown(static_cast<ImGuiKey>(key))) return true;
    return false;
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
        constexpr int kSettles = 3;
        arranged_ = kSettles;
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

void Docking::draw_panels(Session& session, PanelContext& context, PhotoWork& photo,
                          const std::function<void()>& presenter_menu) {
    if (!ImGui::IsAnyMouseDown()) update_panels(session);
    for (std::string& name : session.ui.attention) {
        session.ui.panels_hidden = false;
        const auto panel = std::ranges::find(panels(), name, &Panel::name);
        if (panel != panels().end() && !is_wanted(*panel, session)) set_closed(session.ui.settings, name, false);
        ImGui::SetWindowFocus(name.c_str());
        attention_.push_back({std::move(name), ImGui::GetTime()});
    }
    session.ui.attention.clear();
    keyboard_ = session.keyboard_panel;
    other_work_ = std::exchange(work_, session.work) != session.work;
    update_line(session);
    const auto in_tabs = [&](const Panel& panel) {
        return panel.place == PanelPlace::right && is_open(panel, session);
    };
    if (arranged_ > 0 && std::ranges::any_of(panels(), in_tabs)) {
        --arranged_;
        bring_first_panels_forward(session);
    }

    for (const bool hovered : {true, false}) {
        for (const Panel& panel : panels())
            if (is_open(panel, session) && is_hovered(panel) == hovered)
                draw_panel(panel, context, photo, presenter_menu);
    }
}

// In front of a class the line below the picture goes while the play runs and nobody uses pointer or keys. It keeps its
// room, so that the picture stays where it is.
void Docking::update_line(const Session& session) {
    constexpr double kUsedSeconds = 1.5, kFadeSeconds = 0.4;
    const ImGuiIO& io = ImGui::GetIO();
    const double now = ImGui::GetTime();
    const bool busy = is_popup_open() || !keyboard_.empty() || session.ui.show_keys;
    const bool used = io.MouseDelta.x != 0 || io.MouseDelta.y != 0 || io.MouseWheel != 0 || ImGui::IsAnyMouseDown() ||
                      io.InputQueueCharacters.Size > 0 || any_key_down();
    if (busy || used || !session.ui.presenter || !session.ui.playing) line_used_ = now;
    const double over = (now - line_used_ - kUsedSeconds) / kFadeSeconds;
    line_alpha_ = 1 - static_cast<float>(std::clamp(over, 0.0, 1.0));
    fading_ = now > line_used_ && line_alpha_ > 0;
}

void Docking::draw_panel(const Panel& panel, PanelContext& context, PhotoWork& photo,
                         const std::function<void()>& presenter_menu) {
    ImGuiWindowFlags flags = ImGuiWindowFlags_NoCollapse;
    if (panel.presented || panel.strip()) flags |= ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse;
    if (!panel.bare()) flags |= ImGuiWindowFlags_NoFocusOnAppearing;  // one that comes by itself takes no keyboard
    const bool presented_line = context.ui.presenter && panel.place == PanelPlace::bottom;
    const float em = context.text_size;
    int colours = 0;
    if (panel.bare() || presented_line) {
        ImGui::PushStyleColor(ImGuiCol_WindowBg, colour_of(context.theme.background));
        ++colours;
    }
    if (panel.bare() || panel.strip()) {
        const ImVec2 padding = panel.strip() ? ImVec2(std::round(em * 0.75F), strip_padding(em)) : ImVec2(0, 0);
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, padding);
    }
    bool open = true;
    const bool closable = !panel.presented;
    if (other_work_ && !panel.presented) ImGui::SetNextWindowScroll({0, 0});
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, heading_padding());
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);
    const bool visible = ImGui::Begin(window_name(panel, context.lang).c_str(), closable ? &open : nullptr, flags);
    ImGui::PopStyleVar(2);
    if (panel.bare() || panel.strip()) ImGui::PopStyleVar();
    ImGui::PopStyleColor(colours);
    if (presented_line) ImGui::PushStyleVar(ImGuiStyleVar_Alpha, line_alpha_);
    if (visible && presented_line) presenter_menu();
    if (visible && (context.ui.pictured || !panel.computed)) {
        panel.draw(context, photo);
    } else if (visible && panel.bare()) {
        no_picture_panel(context);
    }
    if (presented_line) ImGui::PopStyleVar();
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
