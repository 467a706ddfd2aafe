#include "app/panels/widgets/buttons.h"

#include <algorithm>
#include <cmath>

#include "app/panels/widgets/widgets.h"

namespace convlens {

namespace {

// One link: a rounded bar, left or right of the middle.
void draw_link(ImDrawList* list, ImVec2 low, ImVec2 high, ImU32 colour, float width) {
    list->AddRect(low, high, colour, (high.y - low.y) / 2, width);
}

struct IconPen {
    ImDrawList* list = nullptr;
    ImVec2 at;       // top left of a square
    float size = 0;  // of the square
    ImU32 colour = 0;

    ImVec2 point(float x, float y) const { return {std::round(at.x + x * size), std::round(at.y + y * size)}; }
    void bar(float x, float width) const { list->AddRectFilled(point(x, 0.2F), point(x + width, 0.8F), colour); }
    void to_right(float x, float width) const {
        list->AddTriangleFilled(point(x, 0.2F), point(x + width, 0.5F), point(x, 0.8F), colour);
    }
    void to_left(float x, float width) const {
        list->AddTriangleFilled(point(x + width, 0.2F), point(x, 0.5F), point(x + width, 0.8F), colour);
    }
    void loop() const {
        const float width = std::max(1.5F, size * 0.1F);
        const ImVec2 middle = point(0.5F, 0.5F);
        list->PathArcTo(middle, size * 0.28F, -0.9F, 4.4F);
        list->PathStroke(colour, width);
        const ImVec2 tip = {middle.x + size * 0.28F * std::cos(-0.9F), middle.y + size * 0.28F * std::sin(-0.9F)};
        const float head = size * 0.18F;
        list->AddTriangleFilled({tip.x - head, tip.y - head * 0.9F}, {tip.x + head * 0.9F, tip.y - head * 0.3F},
                                {tip.x - head * 0.5F, tip.y + head}, colour);
    }
};

void draw_icon(const IconPen& pen, Icon icon) {
    switch (icon) {
        case Icon::first: pen.bar(0.18F, 0.12F); return pen.to_left(0.34F, 0.48F);
        case Icon::back: pen.bar(0.66F, 0.12F); return pen.to_left(0.2F, 0.4F);
        case Icon::play: return pen.to_right(0.28F, 0.52F);
        case Icon::pause: pen.bar(0.26F, 0.17F); return pen.bar(0.57F, 0.17F);
        case Icon::forward: pen.bar(0.22F, 0.12F); return pen.to_right(0.4F, 0.4F);
        case Icon::last: pen.bar(0.7F, 0.12F); return pen.to_right(0.18F, 0.48F);
        case Icon::loop: return pen.loop();
    }
}

}  // namespace

bool chain_button(const PanelContext& context, const char* label, bool closed, Colour hue, float width) {
    ImGui::PushStyleColor(ImGuiCol_Button, ImVec4(0, 0, 0, 0));
    ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 0);
    const bool pressed = ImGui::Button(label, {width, ImGui::GetFrameHeight()});
    ImGui::PopStyleVar();
    ImGui::PopStyleColor();
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    const ImVec2 middle{std::round((low.x + high.x) / 2), std::round((low.y + high.y) / 2)};
    const float em = context.text_size, half = std::round(em * 0.17F);
    const float line = std::max(1.5F, em * 0.1F), length = std::round(em * 0.5F);
    const float apart = closed ? -em * 0.14F : em * 0.14F;
    const ImU32 colour = packed_colour(closed ? hue : context.theme.faint);
    ImDrawList* list = ImGui::GetWindowDrawList();
    draw_link(list, {middle.x - apart - length, middle.y - half}, {middle.x - apart, middle.y + half}, colour, line);
    draw_link(list, {middle.x + apart, middle.y - half}, {middle.x + apart + length, middle.y + half}, colour, line);
    tip(context, closed ? msg("Height and width change together. Click to set them separately.")
                        : msg("Click to give height and width the same value."));
    return pressed;
}

bool icon_button(const PanelContext& context, const char* label, Icon icon, bool on) {
    const float side = ImGui::GetFrameHeight();
    ImGui::PushStyleColor(ImGuiCol_Button, on ? ImGui::GetStyleColorVec4(ImGuiCol_Header) : ImVec4(0, 0, 0, 0));
    ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 0);
    const bool pressed = ImGui::Button(label, {std::round(side * 1.15F), side});
    ImGui::PopStyleVar();
    ImGui::PopStyleColor();
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    const float size = std::round(context.text_size * 1.1F);
    const ImVec2 at{std::round((low.x + high.x - size) / 2), std::round((low.y + high.y - size) / 2)};
    const Colour ink = on ? context.theme.accent : context.theme.text;
    draw_icon({ImGui::GetWindowDrawList(), at, size, packed_colour(ink)}, icon);
    return pressed;
}

bool switch_button(const PanelContext& context, const char* label, bool on) {
    ImGui::PushStyleColor(ImGuiCol_Button, on ? ImGui::GetStyleColorVec4(ImGuiCol_Header) : ImVec4(0, 0, 0, 0));
    ImGui::PushFont(on ? context.screen.faces().bold : context.screen.faces().text, 0);
    const bool pressed = ImGui::Button(label);
    ImGui::PopFont();
    ImGui::PopStyleColor();
    return pressed;
}

bool wide_button(const PanelContext& context, const Message& message) {
    const ImVec2 padding = ImGui::GetStyle().FramePadding;
    const float room = std::max(context.text_size * 4, ImGui::GetContentRegionAvail().x - 2 * padding.x);
    const std::string text = in_lines(context.words(message), room);
    ImVec2 size = ImGui::CalcTextSize(text.c_str());
    if (size.x > room) size = ImGui::CalcTextSize(text.c_str(), nullptr, false, room);
    const std::string label = "##" + english(message);
    const bool pressed = ImGui::Button(label.c_str(), {size.x + 2 * padding.x, size.y + 2 * padding.y});
    const ImVec2 low = ImGui::GetItemRectMin();
    ImGui::GetWindowDrawList()->AddText(nullptr, 0, {low.x + padding.x, low.y + padding.y},
                                        ImGui::GetColorU32(ImGuiCol_Text), text.c_str(), nullptr, room + 1);
    return pressed;
}

bool cross_button(const char* label) {
    ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 0);
    ImGui::PushStyleColor(ImGuiCol_Button, ImVec4(0, 0, 0, 0));
    const bool pressed = ImGui::Button(label, {ImGui::GetFrameHeight(), 0});
    ImGui::PopStyleColor();
    ImGui::PopStyleVar();
    return pressed;
}

float button_width(std::string_view text) {
    return ImGui::CalcTextSize(text.data(), text.data() + text.size()).x + 2 * ImGui::GetStyle().FramePadding.x;
}

}  // namespace convlens
