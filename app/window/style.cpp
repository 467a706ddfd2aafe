#include "app/window/style.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <imgui.h>
#include <imgui_internal.h>

namespace convlens {

namespace {

constexpr float kBaseText = 16;        // pixels at scale 1: 1280x720
constexpr float kPresenterShare = 45;  // of the window's height

// ImGui's text height runs from ascender to descender, so the letters themselves are smaller: a little room on top.
constexpr float kPresenterRoom = 1.02F;

// Puts a font behind those that a face of Dear ImGui has; null makes a new face of it.
ImFont* add_font(FontId font, ImFont* behind) {
    const FontFile& file = font_file(font);
    ImFontConfig config;
    config.FontNo = static_cast<ImU32>(file.face);
    config.FontDataOwnedByAtlas = !file.path.empty();
    config.MergeMode = behind != nullptr;
    config.DstFont = behind;
    ImFontAtlas* atlas = ImGui::GetIO().Fonts;
    config.Flags |= ImFontFlags_NoLoadError;  // a font of the system may be gone
    if (!file.path.empty()) return atlas->AddFontFromFileTTF(file.path.c_str(), 0, &config);
    // Compiled-in bytes are never written to; ImGui only lacks the const.
    void* data = const_cast<char*>(file.bytes.data());
    return atlas->AddFontFromMemoryTTF(data, static_cast<int>(file.bytes.size()), 0, &config);
}

ImFont* add_face(Face face) {
    ImFont* made = nullptr;
    for (const FontId font : fonts_of(face)) made = add_font(font, made);
    return made;
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

}  // namespace

ScreenFonts load_fonts() {
    ScreenFonts fonts;
    fonts.text = add_face(Face::text);
    fonts.bold = add_face(Face::bold);
    fonts.mono = add_face(Face::mono);
    ImGui::GetIO().FontDefault = fonts.text;
    return fonts;
}

// The source's own data is the SystemFonts that hears of it.
int SystemFonts::note(ImFontAtlas*, ImFontConfig* source, ImWchar character) {
    static_cast<SystemFonts*>(source->FontLoaderData)->wanted_.insert(character);
    return 0;
}

void SystemFonts::watch() {
    static const ImFontLoader loader = [] {
        ImFontLoader made;
        made.Name = "what no font has";  // no words: an id
        made.FontSrcGetGlyphIndexFromCodepoint = note;
        made.FontBakedLoadGlyph = [](ImFontAtlas*, ImFontConfig*, ImFontBaked*, void*, int, ImFontGlyph*, float*) {
            return false;
        };
        return made;
    }();
    ImFontAtlas* atlas = ImGui::GetIO().Fonts;
    for (int i = 0; i < atlas->Fonts.Size; ++i) {
        ImFontConfig config;
        config.FontLoader = &loader;
        config.MergeMode = true;
        config.DstFont = atlas->Fonts[i];
        atlas->AddFont(&config);
        atlas->Fonts[i]->Sources.back()->FontLoaderData = this;
    }
}

bool SystemFonts::merge() {
    bool any = false;
    for (const ImWchar character : std::exchange(wanted_, {})) {
        const auto font = system_font(character);
        if (!font || !merged_.insert(*font).second) continue;
        ImFontAtlas* atlas = ImGui::GetIO().Fonts;
        for (int i = 0; i < atlas->Fonts.Size; ++i) any |= add_font(*font, atlas->Fonts[i]) != nullptr;
    }
    return any;
}

float text_pixels(float content_scale, float settings_scale, bool presenter, float window_height) {
    const float size = kBaseText * content_scale * settings_scale;
    if (!presenter) return std::round(size);
    // What the user asked for counts by half: type that is large already takes no more of the picture's room than it has to.
    const float larger = 1 + std::max(settings_scale - 1, 0.0F) / 2;
    return std::ceil(std::max(size, window_height / kPresenterShare / kSmallText * kPresenterRoom * larger));
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
