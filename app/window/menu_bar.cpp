// The menu bar. Its items are the table of actions, the presets, the panels and the recent files.
#include <algorithm>
#include <cmath>
#include <ctime>
#include <iterator>
#include <string>

#include <fmt/chrono.h>
#include <imgui.h>
#include <imgui_internal.h>

#include "app/document/compare.h"
#include "app/document/presets.h"
#include "app/panels/layer/compare.h"
#include "app/panels/widgets/widgets.h"
#include "app/session/files.h"
#include "app/session/settings.h"
#include "app/views/views.h"
#include "app/window/actions.h"
#include "app/window/chrome.h"
#include "app/window/panel_table.h"
#include "core/base/version.h"

namespace convlens {

namespace {

// The label may say more than the action's title ("Undo stride 2"); its id stays.
void item(Session& session, std::string_view id, std::string label = {}) {
    const Action& a = action(id);
    if (label.empty()) label = english(a.title);
    label += "###" + std::string(a.id);
    const bool checked = a.checked != nullptr && a.checked(session);
    if (ImGui::MenuItem(label.c_str(), key_text(a).c_str(), checked, is_enabled(a, session))) a.run(session);
}

// Nothing where the action belongs to another workspace.
void item_of_workspace(Session& session, std::string_view id) {
    if (is_of_workspace(action(id), session)) item(session, id);
}

void recent_files(Session& session) {
    const std::vector<std::string> recent = session.ui.settings.recent;
    if (!ImGui::BeginMenu("Recent", !recent.empty())) return;
    for (const std::string& path : recent)
        if (ImGui::MenuItem(path.c_str())) open_files(session, {path});
    ImGui::EndMenu();
}

// Works that were kept without being saved, with the time at which they were left.
void earlier_works(Session& session) {
    if (!ImGui::BeginMenu("Earlier work", !session.earlier.empty())) return;
    for (const EarlierWork& work : session.earlier) {
        const std::time_t time = work.time;
        const std::string label =
            fmt::format("{:%Y-%m-%d %H:%M}  {}###{}", fmt::localtime(time), work.title, work.file.filename().string());
        if (ImGui::MenuItem(label.c_str())) session.wanted_earlier = work.file;
    }
    ImGui::EndMenu();
}

void file_menu(Session& session) {
    if (!ImGui::BeginMenu("File")) return;
    item(session, "new");
    item(session, "open");
    recent_files(session);
    earlier_works(session);
    ImGui::Separator();
    // What Ctrl+S saves is what is looked at.
    const bool photo = session.document().workspace == Workspace::photo;
    item(session, "save", photo ? "Save filtered photo…" : "Save document");
    item_of_workspace(session, "save.document");
    item(session, "save.as");
    ImGui::Separator();
    item_of_workspace(session, "export.figure");
    item_of_workspace(session, "export.animation");
    item_of_workspace(session, "export.selectable");
    if (is_of_workspace(action("export.figure"), session)) ImGui::Separator();
    item(session, "quit");
    ImGui::EndMenu();
}

void compare_menu(Session& session) {
    const bool possible = is_enabled(action("compare"), session) && can_compare(session.document());
    if (!ImGui::BeginMenu("Compare with", possible)) return;
    draw_comparisons(session.ui, session.document(), Lang::english);
    ImGui::EndMenu();
}

void edit_menu(Session& session) {
    if (!ImGui::BeginMenu("Edit")) return;
    const History& history = session.history;
    item(session, "undo",
         undo_takes_draft(session) ? "Undo what is not possible"
         : history.can_undo()      ? "Undo " + english(history.undo_label())
                                   : "Undo");
    item(session, "redo", history.can_redo() ? "Redo " + english(history.redo_label()) : "Redo");
    item(session, "paste");
    ImGui::Separator();
    item(session, "turn");
    item(session, "reading");
    item(session, "step.by");
    ImGui::Separator();
    compare_menu(session);
    item(session, "compare");
    item(session, "pane.close");
    ImGui::EndMenu();
}

// The views that can show the current pane's layer, where there is a choice.
void view_items(Session& session) {
    if (session.document().workspace != Workspace::grid || !session.ui.pictured) return;
    const Pane& pane = current_pane(session);
    const DerivedLayer& layer = *shown_layer(session.derived, shown_pane(session));
    const auto shows = [&](const ViewInfo& view) { return refusal(view, layer).empty(); };
    if (std::ranges::count_if(views(), shows) < 2) return;
    for (const ViewInfo& view : views()) {
        if (!shows(view)) continue;
        const std::string label = fmt::format("{}###view.{}", english(view.title), view.name);
        if (ImGui::MenuItem(label.c_str(), nullptr, pane.view == view.name))
            set_view(session, session.ui.pane, view.name);
        ImGui::SetItemTooltip("%s", english(view.about).c_str());
    }
    ImGui::Separator();
}

void panels_menu(Session& session) {
    if (!ImGui::BeginMenu("Panels", !session.ui.presenter && !session.ui.panels_hidden)) return;
    Settings& settings = session.ui.settings;
    for (const Panel& panel : panels()) {
        if (panel.presented || panel.workspace != session.document().workspace) continue;
        bool open = !is_closed(settings, panel.name);
        if (ImGui::MenuItem(panel.name.data(), nullptr, &open)) set_closed(settings, panel.name, !open);
    }
    ImGui::EndMenu();
}

void view_menu(Session& session) {
    if (!ImGui::BeginMenu("View")) return;
    item(session, "workspace.grid");
    item(session, "workspace.photo");
    ImGui::Separator();
    view_items(session);
    item(session, "presenter");
    item(session, "wide");
    item(session, "fullscreen");
    item(session, "dark");
    item(session, "motion");
    item(session, "fit");
    item_of_workspace(session, "photo.full");
    ImGui::Separator();
    item(session, "scale.up");
    item(session, "scale.down");
    item(session, "scale.reset");
    ImGui::Separator();
    panels_menu(session);
    item(session, "layout.reset");
    ImGui::EndMenu();
}

void preset_item(Session& session, const PresetInfo& preset) {
    const std::string label = english(preset.title) + "###" + preset.name;
    const bool taken = ImGui::MenuItem(label.c_str());
    if (!preset.about.empty() && ImGui::BeginItemTooltip()) {
        ImGui::PushTextWrapPos(ImGui::GetFontSize() * 24);
        ImGui::TextUnformatted(english(preset.about).c_str());
        ImGui::PopTextWrapPos();
        ImGui::EndTooltip();
    }
    if (taken) open_preset(session, preset.name, preset.title);
}

void presets_menu(Session& session) {
    if (!ImGui::BeginMenu("Presets")) return;
    for (const std::string_view kind : {kLayerPreset, kNetworkPreset}) {
        if (kind != kLayerPreset) ImGui::Separator();
        for (const PresetInfo& preset : presets())
            if (preset.kind == kind) preset_item(session, preset);
    }
    ImGui::EndMenu();
}

void help_menu(Session& session, bool& about) {
    if (!ImGui::BeginMenu("Help")) return;
    item(session, "keys");
    if (ImGui::MenuItem("Start bar", nullptr, session.ui.show_start_bar))
        session.ui.show_start_bar = !session.ui.show_start_bar;
    if (ImGui::MenuItem("About Convlens")) about = true;
    ImGui::EndMenu();
}

void about_popup(const ChromeContext& context, bool open) {
    if (open) ImGui::OpenPopup("about");
    const ImVec2 centre = ImGui::GetMainViewport()->GetCenter();
    ImGui::SetNextWindowPos(centre, ImGuiCond_Always, {0.5F, 0.5F});
    const float text = context.text_size;
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(text * 1.4F, text * 1.2F));
    if (ImGui::BeginPopup("about")) {
        ImGui::PushFont(context.fonts.bold, text * 1.5F);
        ImGui::TextUnformatted("Convlens");
        ImGui::PopFont();
        ImGui::TextDisabled("version %s", version().data());
        ImGui::Spacing();
        ImGui::TextUnformatted("Shows what a convolution does: every number that is shown is computed.");
        ImGui::TextUnformatted("Preset settings after V. Dumoulin and F. Visin, arXiv:1603.07285.");
        ImGui::Spacing();
        ImGui::TextDisabled("Built with Dear ImGui, GLFW, glad, stb_image, FreeType, cairo and MicroTeX.");
        ImGui::TextDisabled("Type: Inter, JetBrains Mono, DejaVu, Latin Modern Math.");
        ImGui::EndPopup();
    }
    ImGui::PopStyleVar();
}

// Side by side, the one that is on in a lit field.
struct Choice {
    const char* label;
    const char* tip;
    bool on;
};

// A button of its own height in the middle of the bar, without a box until it is on or pointed at.
bool flat_button(const ChromeContext& context, const Choice& choice, float width) {
    const float height = std::round(context.text_size * 1.5F);
    const ImVec2 clear(0, 0);
    ImGui::SetCursorPosY(std::floor((ImGui::GetWindowHeight() - height) / 2));
    ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 0);
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, clear);
    const ImVec4 field = choice.on ? ImGui::GetStyleColorVec4(ImGuiCol_ButtonActive) : ImVec4(0, 0, 0, 0);
    ImGui::PushStyleColor(ImGuiCol_Button, field);
    const bool pressed = ImGui::Button(choice.label, {width, height});
    ImGui::PopStyleColor();
    ImGui::PopStyleVar(2);
    ImGui::SetItemTooltip("%s", choice.tip);
    return pressed;
}

struct WorkspaceSwitch {
    std::string_view action;
    const char* tip;
};
constexpr WorkspaceSwitch kSwitches[] = {
    {"workspace.grid", "Numbers in a grid (G)"},
    {"workspace.photo", "Filter an image (H)"},
};

// Grid | Photo and the theme, at the right end.
void switches(ChromeContext& context) {
    Session& session = context.session;
    const float text = context.text_size;
    const bool dark = session.ui.settings.dark;
    const auto width = [text](const char* label) { return ImGui::CalcTextSize(label).x + text * 1.4F; };
    const float gap = std::round(text * 0.25F), square = std::round(text * 1.9F);
    float whole = square + 2 * gap;
    for (const WorkspaceSwitch& choice : kSwitches) whole += width(english(action(choice.action).title).c_str()) + gap;
    const float x = ImGui::GetWindowWidth() - whole - text * 0.5F;
    if (x < ImGui::GetCursorPosX()) return;  // a narrow window: the View menu has them, too
    ImGui::SetCursorPosX(x);
    for (const WorkspaceSwitch& choice : kSwitches) {
        const Action& show = action(choice.action);
        const std::string label = english(show.title);
        if (flat_button(context, {label.c_str(), choice.tip, show.checked(session)}, width(label.c_str())))
            show.run(session);
        ImGui::SameLine(0, gap * (&choice == std::end(kSwitches) - 1 ? 3.0F : 1.0F));
    }
    const Choice theme{dark ? "☀###theme" : "☾###theme", dark ? "Light (D)" : "Dark (D)", false};
    if (flat_button(context, theme, square)) session.ui.settings.dark = !dark;
}

}  // namespace

void draw_menu_bar(ChromeContext& context) {
    Session& session = context.session;
    bool about = false;
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(context.text_size * 0.5F, context.text_size * 0.36F));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
    if (ImGui::BeginMainMenuBar()) {
        draw_edge(true);
        file_menu(session);
        edit_menu(session);
        view_menu(session);
        presets_menu(session);
        help_menu(session, about);
        switches(context);
        ImGui::EndMainMenuBar();
    }
    ImGui::PopStyleVar(2);
    about_popup(context, about);
}

}  // namespace convlens
