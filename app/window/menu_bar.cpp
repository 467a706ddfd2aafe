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

bool begin_menu(const Session& session, Key title, bool enabled = true) {
    return ImGui::BeginMenu(item_label(session.ui.lang, title).c_str(), enabled);
}

// The title may say more than the action's ("Undo stride 2"); the id stays.
void item(Session& session, std::string_view id, Message title = {}) {
    const Action& a = action(id);
    if (title.empty()) title = a.title;
    const std::string label = in(session.ui.lang, title) + "###" + std::string(a.id);
    const bool checked = a.checked != nullptr && a.checked(session);
    if (ImGui::MenuItem(label.c_str(), key_text(a).c_str(), checked, is_enabled(a, session))) a.run(session);
}

// Nothing where the action belongs to another workspace.
void item_of_workspace(Session& session, std::string_view id) {
    if (is_of_workspace(action(id), session)) item(session, id);
}

void recent_files(Session& session) {
    const std::vector<std::string> recent = session.ui.settings.recent;
    if (!begin_menu(session, key("Recent"), !recent.empty())) return;
    for (const std::string& path : recent)
        if (ImGui::MenuItem(path.c_str())) open_files(session, {path});
    ImGui::EndMenu();
}

// Works that were kept without being saved, with the time at which they were left.
void earlier_works(Session& session) {
    if (!begin_menu(session, key("Earlier work"), !session.earlier.empty())) return;
    for (const EarlierWork& work : session.earlier) {
        const std::time_t time = work.time;
        const std::string label = fmt::format("{:%Y-%m-%d %H:%M}  {}###{}", fmt::localtime(time),
                                              in(session.ui.lang, work.title), work.file.filename().string());
        if (ImGui::MenuItem(label.c_str())) session.wanted_earlier = work.file;
    }
    ImGui::EndMenu();
}

void file_menu(Session& session) {
    if (!begin_menu(session, key("File"))) return;
    item(session, "new");
    item(session, "open");
    recent_files(session);
    earlier_works(session);
    ImGui::Separator();
    // What Ctrl+S saves is what is looked at.
    const bool photo = session.document().workspace == Workspace::photo;
    item(session, "save", photo ? key("Save filtered photo…") : key("Save document"));
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
    if (!begin_menu(session, key("Compare with"), possible)) return;
    draw_comparisons(session.ui, session.document(), session.ui.lang);
    ImGui::EndMenu();
}

void edit_menu(Session& session) {
    if (!begin_menu(session, key("Edit"))) return;
    const History& history = session.history;
    item(session, "undo",
         undo_takes_draft(session) ? key("Undo what is not possible")
         : history.can_undo()      ? msg("Undo {step}", "step"_is(history.undo_label()))
                                   : Message());
    item(session, "redo", history.can_redo() ? msg("Redo {step}", "step"_is(history.redo_label())) : Message());
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
        const std::string label = fmt::format("{}###view.{}", in(session.ui.lang, view.title), view.name);
        if (ImGui::MenuItem(label.c_str(), nullptr, pane.view == view.name))
            set_view(session, session.ui.pane, view.name);
        ImGui::SetItemTooltip("%s", in(session.ui.lang, view.about).c_str());
    }
    ImGui::Separator();
}

void panels_menu(Session& session) {
    if (!begin_menu(session, key("Panels"), !session.ui.presenter && !session.ui.panels_hidden)) return;
    Settings& settings = session.ui.settings;
    for (const Panel& panel : panels()) {
        if (panel.presented || panel.workspace != session.document().workspace) continue;
        bool open = is_wanted(panel, session);
        if (ImGui::MenuItem(window_name(panel, session.ui.lang).c_str(), nullptr, &open))
            set_closed(settings, panel.name, !open);
    }
    ImGui::EndMenu();
}

// Each by its own name, for whoever cannot read the other.
void language_items(Session& session) {
    if (!ImGui::BeginMenu("Language / 语言###language")) return;  // no words: the same in both
    for (const Language& language : languages())
        if (ImGui::MenuItem(language.title.data(), nullptr, session.ui.lang == language.lang))
            set_language(session.ui, language.lang);
    ImGui::EndMenu();
}

void view_menu(Session& session) {
    if (!begin_menu(session, key("View"))) return;
    item(session, "workspace.grid");
    item(session, "workspace.photo");
    ImGui::Separator();
    view_items(session);
    item(session, "presenter");
    item(session, "wide");
    item(session, "fullscreen");
    item(session, "dark");
    language_items(session);
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
    const std::string label = in(session.ui.lang, preset.title) + "###" + preset.name;
    const bool taken = ImGui::MenuItem(label.c_str());
    if (!preset.about.empty() && ImGui::BeginItemTooltip()) {
        const float width = ImGui::GetFontSize() * 24;
        ImGui::PushTextWrapPos(width);
        ImGui::TextUnformatted(in_lines(in(session.ui.lang, preset.about), width - ImGui::GetCursorPosX()).c_str());
        ImGui::PopTextWrapPos();
        ImGui::EndTooltip();
    }
    if (taken) open_preset(session, preset.name, preset.title);
}

void presets_menu(Session& session) {
    if (!begin_menu(session, key("Presets"))) return;
    for (const std::string_view kind : {kLayerPreset, kNetworkPreset}) {
        if (kind != kLayerPreset) ImGui::Separator();
        for (const PresetInfo& preset : presets())
            if (preset.kind == kind) preset_item(session, preset);
    }
    ImGui::EndMenu();
}

void help_menu(Session& session, bool& about) {
    if (!begin_menu(session, key("Help"))) return;
    item(session, "keys");
    const auto label = [&](Key title) { return item_label(session.ui.lang, title); };
    if (ImGui::MenuItem(label(key("Start bar")).c_str(), nullptr, session.ui.show_start_bar))
        session.ui.show_start_bar = !session.ui.show_start_bar;
    if (ImGui::MenuItem(label(key("About Convlens")).c_str())) about = true;
    ImGui::EndMenu();
}

// `about`: whether it is asked for.
void all_menus(Session& session, bool& about) {
    file_menu(session);
    edit_menu(session);
    view_menu(session);
    presets_menu(session);
    help_menu(session, about);
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
        const auto line = [&](const Message& message) { ImGui::TextUnformatted(context.words(message).c_str()); };
        const auto faint = [&](const Message& message) { ImGui::TextDisabled("%s", context.words(message).c_str()); };
        faint(msg("version {version}", "version"_is(version())));
        ImGui::Spacing();
        line(key("Shows what a convolution does: every number that is shown is computed."));
        line(key("Preset settings after V. Dumoulin and F. Visin, arXiv:1603.07285."));
        ImGui::Spacing();
        faint(key("Built with Dear ImGui, GLFW, glad, stb, FreeType, cairo and MicroTeX."));
        faint(key("Type: Inter, JetBrains Mono, DejaVu, Latin Modern Math."));
        ImGui::EndPopup();
    }
    ImGui::PopStyleVar();
}

// Side by side, the one that is on in a lit field.
struct Choice {
    std::string label;
    std::string tip;
    bool on = false;
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
    const bool pressed = ImGui::Button(choice.label.c_str(), {width, height});
    ImGui::PopStyleColor();
    ImGui::PopStyleVar(2);
    ImGui::SetItemTooltip("%s", choice.tip.c_str());
    return pressed;
}

struct WorkspaceSwitch {
    std::string_view action;
    Key tip;
};
constexpr WorkspaceSwitch kSwitches[] = {
    {"workspace.grid", key("Numbers in a grid (G)")},
    {"workspace.photo", key("Filter an image (H)")},
};

Lang other_language(Lang lang) { return lang == Lang::english ? Lang::chinese : Lang::english; }

// The button shows the language that it leads to, and says so in both.
Choice language_choice(Lang now) {
    const Lang other = other_language(now);
    const Language& language = languages()[static_cast<std::size_t>(other)];
    return {other == Lang::chinese ? "中###language" : "EN###language",
            fmt::format("{} · {}", language.title, in(now, language.name))};
}

// Grid | Photo, the language and the theme, at the right end.
void switches(ChromeContext& context) {
    Session& session = context.session;
    const float text = context.text_size;
    const bool dark = session.ui.settings.dark;
    const auto width = [text](const std::string& label) {
        return ImGui::CalcTextSize(label.c_str(), nullptr, true).x + text * 1.4F;
    };
    const float gap = std::round(text * 0.25F), square = std::round(text * 1.9F);
    const auto title = [&](const WorkspaceSwitch& choice) { return context.label(action(choice.action).title); };
    float whole = 2 * square + 3 * gap;
    for (const WorkspaceSwitch& choice : kSwitches) whole += width(title(choice)) + gap;
    const float x = ImGui::GetWindowWidth() - whole - text * 0.5F;
    if (x < ImGui::GetCursorPosX()) return;  // a narrow window: the View menu has them, too
    ImGui::SetCursorPosX(x);
    for (const WorkspaceSwitch& choice : kSwitches) {
        const Action& show = action(choice.action);
        const std::string label = title(choice);
        if (flat_button(context, {label, context.words(choice.tip), show.checked(session)}, width(label)))
            show.run(session);
        ImGui::SameLine(0, gap * (&choice == std::end(kSwitches) - 1 ? 3.0F : 1.0F));
    }
    if (flat_button(context, language_choice(context.lang()), square))
        set_language(session.ui, other_language(context.lang()));
    ImGui::SameLine(0, gap);
    const Choice theme{dark ? "☀###theme" : "☾###theme", context.words(dark ? key("Light (D)") : key("Dark (D)"))};
    if (flat_button(context, theme, square)) session.ui.settings.dark = !dark;
}

}  // namespace

void draw_presenter_menu(ChromeContext& context) {
    Session& session = context.session;
    bool about = false;
    if (ImGui::Button(context.label(key("Menu")).c_str())) ImGui::OpenPopup("menus");
    // Above the line, at its left end.
    ImGui::SetNextWindowPos({ImGui::GetItemRectMin().x, ImGui::GetWindowPos().y}, ImGuiCond_Always, {0, 1});
    if (ImGui::BeginPopup("menus")) {
        all_menus(session, about);
        ImGui::EndPopup();
    }
    about_popup(context, about);
    ImGui::SameLine(0, context.text_size * 0.6F);
}

void draw_menu_bar(ChromeContext& context) {
    Session& session = context.session;
    if (!has_menu_bar(session)) return;
    bool about = false;
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(context.text_size * 0.5F, context.text_size * 0.36F));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
    if (ImGui::BeginMainMenuBar()) {
        draw_edge(true);
        all_menus(session, about);
        switches(context);
        ImGui::EndMainMenuBar();
    }
    ImGui::PopStyleVar(2);
    about_popup(context, about);
}

}  // namespace convlens
