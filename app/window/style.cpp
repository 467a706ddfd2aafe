#include "app/window/style.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <span>

#include <convlens_assets.h>
#include <imgui.h>

namespace convlens {

namespace {

constexpr float kBaseText = 16;        // pixels at scale 1: 1280x720
constexpr float kPresenterShare = 40;  // of the window's height

// ImGui's text height runs from ascender to descender, so the letters themselves are smaller: a little room on top.
constexpr float kPresenterRoom = 1.02F;

ImFont* add_face(std::string_view bytes, ImFont* behind = nullptr) {
    ImFontConfig config;
    config.FontDataOwnedByAtlas = false;
    config.MergeMode = behind != nullptr;
    config.DstFont = behind;
    // Compiled-in bytes are never written to; ImGui only lacks the const.
    void* data = const_cast<char*>(bytes.data());
    return ImGui::GetIO().Fonts->AddFontFromMemoryTTF(data, static_cast<int>(bytes.size()), 0, &config);
}

ImVec4 vec(Colour c, float alpha = 1) {
    return {static_cast<float>(c.r) / 255, static_cast<float>(c.g) / 255, static_cast<float>(c.b) / 255, alpha};
}

Colour mix(Colour a, Colour b, float share) {
    const auto channel = [share](std::uint8_t from, std::uint8_t to) {
        return static_cast<std::uint8_t>(
            std::lround(static_cast<float>(from) * (1 - share) + static_cast<float>(to) * share));
    };
    return {channel(a.r, b.r), channel(a.g, b.g), channel(a.b, b.b), 255};
}

void set_sizes(ImGuiStyle& style) {
    style.WindowPadding = {12, 10};
    style.WindowRounding = 6;
    style.WindowBorderSize = 1;
    style.WindowMinSize = {80, 48};
    style.WindowMenuButtonPosition = ImGuiDir_None;
    style.WindowTitleAlign = {0, 0.5F};
    style.ChildRounding = 4;
    style.PopupRounding = 6;
    style.PopupBorderSize = 1;
    style.FramePadding = {8, 4};
    style.FrameRounding = 4;
    style.FrameBorderSize = 0;
    style.ItemSpacing = {8, 6};
    style.ItemInnerSpacing = {6, 4};
    style.CellPadding = {6, 3};
    style.IndentSpacing = 18;
    style.ScrollbarSize = 12;
    style.ScrollbarRounding = 6;
    style.ScrollbarPadding = 3;
    style.GrabMinSize = 12;
    style.GrabRounding = 4;
    style.TabRounding = 4;
    style.TabBorderSize = 0;
    style.TabBarBorderSize = 0;
    style.TabBarOverlineSize = 0;
    style.TabCloseButtonMinWidthSelected = 0;
    style.TabCloseButtonMinWidthUnselected = 0;
    style.SeparatorTextBorderSize = 1;
    style.SeparatorTextPadding = {0, 6};
    style.MenuItemRounding = 4;
    style.SelectableRounding = 4;
    style.DockingNodeHasCloseButton = false;  // each tab has one
    style.DockingSeparatorSize = 1;
    style.DragDropTargetBorderSize = 2;
    style.DisabledAlpha = 0.45F;
    style.HoverDelayShort = 0.2F;
    style.HoverDelayNormal = 0.45F;
}

struct Surfaces {
    Colour panel, popup, frame, frame_hovered, frame_active, border;
};

Surfaces surfaces(const Theme& theme) {
    const Colour up = theme.dark ? rgb(0xFFFFFF) : rgb(0x000000);
    return {
        .panel = theme.panel,
        .popup = theme.dark ? mix(theme.panel, rgb(0xFFFFFF), 0.04F) : rgb(0xFDFDFC),
        .frame = theme.dark ? mix(theme.panel, up, 0.08F) : rgb(0xFFFFFF),
        .frame_hovered = mix(theme.panel, up, theme.dark ? 0.13F : 0.02F),
        .frame_active = mix(theme.panel, up, theme.dark ? 0.17F : 0.06F),
        .border = mix(theme.panel, up, theme.dark ? 0.14F : 0.13F),
    };
}

void set_surfaces(ImVec4* colours, const Theme& theme, const Surfaces& s) {
    colours[ImGuiCol_Text] = vec(theme.text);
    colours[ImGuiCol_TextDisabled] = vec(theme.faint);
    colours[ImGuiCol_WindowBg] = vec(s.panel);
    colours[ImGuiCol_ChildBg] = {0, 0, 0, 0};
    colours[ImGuiCol_PopupBg] = vec(s.popup);
    colours[ImGuiCol_Border] = vec(s.border);
    colours[ImGuiCol_BorderShadow] = {0, 0, 0, 0};
    colours[ImGuiCol_FrameBg] = vec(s.frame);
    colours[ImGuiCol_FrameBgHovered] = vec(s.frame_hovered);
    colours[ImGuiCol_FrameBgActive] = vec(s.frame_active);
    colours[ImGuiCol_TitleBg] = vec(s.panel);
    colours[ImGuiCol_TitleBgActive] = vec(s.panel);
    colours[ImGuiCol_TitleBgCollapsed] = vec(s.panel);
    colours[ImGuiCol_MenuBarBg] = vec(s.panel);
    colours[ImGuiCol_DockingEmptyBg] = vec(theme.background);
    colours[ImGuiCol_ScrollbarBg] = {0, 0, 0, 0};
    colours[ImGuiCol_ScrollbarGrab] = vec(theme.text, 0.22F);
    colours[ImGuiCol_ScrollbarGrabHovered] = vec(theme.text, 0.35F);
    colours[ImGuiCol_ScrollbarGrabActive] = vec(theme.text, 0.5F);
    colours[ImGuiCol_Separator] = vec(s.border);
    // A tab is a heading: no box of its own, dimmed while another panel is in front of it.
    for (const ImGuiCol tab : {ImGuiCol_Tab, ImGuiCol_TabSelected, ImGuiCol_TabDimmed, ImGuiCol_TabDimmedSelected})
        colours[tab] = vec(s.panel);
    colours[ImGuiCol_TabHovered] = vec(s.frame_active);
    colours[ImGuiCol_TabSelectedOverline] = {0, 0, 0, 0};
    colours[ImGuiCol_TabDimmedSelectedOverline] = {0, 0, 0, 0};
    colours[ImGuiCol_TableHeaderBg] = vec(s.frame_active);
    colours[ImGuiCol_TableBorderStrong] = vec(s.border);
    colours[ImGuiCol_TableBorderLight] = vec(s.border, 0.6F);
    colours[ImGuiCol_TableRowBg] = {0, 0, 0, 0};
    colours[ImGuiCol_TableRowBgAlt] = vec(theme.text, 0.03F);
    colours[ImGuiCol_TreeLines] = vec(s.border);
    colours[ImGuiCol_NavWindowingDimBg] = {0, 0, 0, 0.25F};
    colours[ImGuiCol_ModalWindowDimBg] = {0, 0, 0, theme.dark ? 0.55F : 0.30F};
}

// One accent, so that what can be acted on and what is current share a colour.
void set_accents(ImVec4* colours, const Theme& theme) {
    const Colour accent = theme.accent;
    colours[ImGuiCol_CheckMark] = vec(accent);
    colours[ImGuiCol_CheckboxSelectedBg] = colours[ImGuiCol_FrameBg];
    colours[ImGuiCol_SliderGrab] = vec(accent, 0.85F);
    colours[ImGuiCol_SliderGrabActive] = vec(accent);
    colours[ImGuiCol_Button] = vec(theme.text, theme.dark ? 0.10F : 0.07F);
    colours[ImGuiCol_ButtonHovered] = vec(theme.text, theme.dark ? 0.17F : 0.12F);
    colours[ImGuiCol_ButtonActive] = vec(accent, 0.35F);
    colours[ImGuiCol_Header] = vec(theme.text, theme.dark ? 0.09F : 0.07F);
    colours[ImGuiCol_HeaderHovered] = vec(theme.text, theme.dark ? 0.14F : 0.11F);
    colours[ImGuiCol_HeaderActive] = vec(accent, 0.30F);
    colours[ImGuiCol_SeparatorHovered] = vec(accent, 0.6F);
    colours[ImGuiCol_SeparatorActive] = vec(accent);
    colours[ImGuiCol_ResizeGrip] = {0, 0, 0, 0};
    colours[ImGuiCol_ResizeGripHovered] = vec(accent, 0.5F);
    colours[ImGuiCol_ResizeGripActive] = vec(accent);
    colours[ImGuiCol_InputTextCursor] = vec(theme.text);
    colours[ImGuiCol_TextSelectedBg] = vec(accent, 0.30F);
    colours[ImGuiCol_TextLink] = vec(theme.input);
    colours[ImGuiCol_DockingPreview] = vec(accent, 0.35F);
    colours[ImGuiCol_DragDropTarget] = vec(accent);
    colours[ImGuiCol_DragDropTargetBg] = vec(accent, 0.10F);
    colours[ImGuiCol_UnsavedMarker] = vec(theme.faint);
    colours[ImGuiCol_NavCursor] = vec(accent);
    colours[ImGuiCol_NavWindowingHighlight] = vec(accent);
    colours[ImGuiCol_PlotLines] = vec(theme.text);
    colours[ImGuiCol_PlotLinesHovered] = vec(accent);
    colours[ImGuiCol_PlotHistogram] = vec(theme.input);
    colours[ImGuiCol_PlotHistogramHovered] = vec(accent);
}

// Beyond Latin, Greek and Cyrillic, which the program's own faces have.
bool is_wide(std::string_view text) {
    // UTF-8 of U+2E80 (CJK radicals) and above begins with E2 BA or a larger pair.
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        const auto lead = static_cast<unsigned char>(text[i]), next = static_cast<unsigned char>(text[i + 1]);
        if (lead >= 0xE3 || (lead == 0xE2 && next >= 0xBA)) return true;
    }
    return false;
}

}  // namespace

ScreenFonts load_fonts() {
    ScreenFonts fonts;
    fonts.text = add_face(assets::inter_regular());
    add_face(assets::dejavu_sans(), fonts.text);
    fonts.bold = add_face(assets::inter_semibold());
    add_face(assets::dejavu_sans(), fonts.bold);
    fonts.mono = add_face(assets::jetbrains_mono());
    add_face(assets::dejavu_sans_mono(), fonts.mono);
    ImGui::GetIO().FontDefault = fonts.text;
    return fonts;
}

void WiderFonts::need(std::string_view text) {
    if (tried_ || !is_wide(text)) return;
    tried_ = true;
    constexpr std::array kFaces = {
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    };
    for (const char* face : kFaces) {
        std::error_code code;
        if (!std::filesystem::is_regular_file(face, code)) continue;
        ImFontAtlas* atlas = ImGui::GetIO().Fonts;
        const ImVector<ImFont*> all = atlas->Fonts;  // merging must not walk a list that grows
        for (ImFont* font : std::span(all.Data, static_cast<std::size_t>(all.Size))) {
            ImFontConfig config;
            config.MergeMode = true;
            config.DstFont = font;
            atlas->AddFontFromFileTTF(face, 0, &config);
        }
        return;
    }
}

float text_pixels(float content_scale, float settings_scale, bool presenter, float window_height) {
    float size = kBaseText * content_scale * settings_scale;
    if (presenter) size = std::max(size, window_height / kPresenterShare / kSmallText * kPresenterRoom);
    return std::round(size);
}

void apply_style(const Theme& theme, float text_size) {
    ImGuiStyle& style = ImGui::GetStyle();
    const float scale = text_size / kBaseText;
    style = ImGuiStyle();
    set_sizes(style);
    style.ScaleAllSizes(scale);
    // One pixel stays one pixel until two are warranted, and lines stay sharp.
    style.WindowBorderSize = style.PopupBorderSize = style.DockingSeparatorSize =
        std::max(1.0F, std::round(scale * 0.7F));
    style.FontSizeBase = text_size;
    const Surfaces made = surfaces(theme);
    set_surfaces(style.Colors, theme, made);
    set_accents(style.Colors, theme);
    // White fields on a light panel need an edge to be seen.
    style.FrameBorderSize = theme.dark ? 0.0F : style.WindowBorderSize;
}

}  // namespace convlens
