// The table of actions: what each is called, which keys it has, what it does.
#include "app/session/playback.h"
#include "app/window/actions.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <imgui.h>
#include <imgui_internal.h>

#include "app/panels/panels.h"
#include "app/session/paste.h"
#include "app/window/keyboard_focus.h"
#include "app/window/pane_actions.h"

namespace convlens {

namespace {

constexpr KeyChord kCtrl = ImGuiMod_Ctrl;
constexpr KeyChord kShift = ImGuiMod_Shift;

template <Workspace workspace>
bool shows(const Session& s) {
    return s.document().workspace == workspace;
}
bool is_pictured(const Session& s) { return s.ui.pictured; }

void step_by(Session& s, std::int64_t steps) { go_to_step(s.ui, s.derived, s.ui.playhead.step + steps); }
void step_rows(Session& s, std::int64_t rows) {
    const Timeline line = pane_timeline(s.derived, shown_pane(s));
    step_by(s, rows * line.cells.w * line.steps_per_cell());
}

void change_speed(Session& s, float factor) {
    s.ui.settings.speed = std::clamp(s.ui.settings.speed * factor, 0.25F, 16.0F);
}

void change_scale(Session& s, float by) {
    // A tenth at a time, on tenths.
    const float tenths = std::round((s.ui.settings.scale + by) * 10);
    s.ui.settings.scale = std::clamp(tenths / 10, 0.7F, 3.0F);
}

// The nearest thing that is open is closed; one at a time.
void escape(Session& s) {
    UiState& ui = s.ui;
    if (ui.show_keys) {
        ui.show_keys = false;
    } else if (is_popup_open()) {
        ImGui::ClosePopupToLevel(0, true);
        refocus_keyboard(s);
    } else if (ImGui::GetIO().WantTextInput) {
        return;  // the field takes its old text back
    } else if (!s.keyboard_panel.empty()) {
        return_keyboard(s);
    } else if (ui.pinned) {
        ui.pinned.reset();
    } else if (!ui.messages.empty()) {
        ui.messages.clear();
    } else if (ui.presenter) {
        ui.presenter = false;
    } else {
        ui.show_start_bar = false;
    }
}

void ask(Session& s, Request request) { s.ui.requests.push_back(request); }

// A key that goes through the slices of the current pane.
template <std::int64_t Slice::*member, int by>
constexpr Action slices(std::string_view id, Key title, KeyChord chord) {
    return {.id = id,
            .group = key("Layer"),
            .title = title,
            .keys = {chord},
            .run = [](Session& s) { next_slice(s, member, by); },
            .workspace = Workspace::grid,
            .enabled = [](const Session& s) { return slice_count(s, member) > 1; },
            .repeats = true,
            .told_before = by < 0};
}

const Action kActions[] = {
    {.id = "play",
     .group = key("Play"),
     .title = key("Play or pause"),
     .keys = {ImGuiKey_Space},
     .run = [](Session& s) { toggle_play(s.ui, s.derived); },
     .workspace = Workspace::grid,
     .enabled = is_pictured},
    {.id = "step.forward",
     .group = key("Play"),
     .title = key("One step forward"),
     .keys = {ImGuiKey_RightArrow, ImGuiKey_PageDown},
     .run = [](Session& s) { step_by(s, 1); },
     .workspace = Workspace::grid,
     .enabled = is_pictured,
     .repeats = true},
    {.id = "step.back",
     .group = key("Play"),
     .title = key("One step back"),
     .keys = {ImGuiKey_LeftArrow, ImGuiKey_PageUp},
     .run = [](Session& s) { step_by(s, -1); },
     .workspace = Workspace::grid,
     .enabled = is_pictured,
     .repeats = true},
    {.id = "step.down",
     .group = key("Play"),
     .title = key("One row down"),
     .keys = {ImGuiKey_DownArrow},
     .run = [](Session& s) { step_rows(s, 1); },
     .workspace = Workspace::grid,
     .enabled = is_pictured,
     .repeats = true},
    {.id = "step.up",
     .group = key("Play"),
     .title = key("One row up"),
     .keys = {ImGuiKey_UpArrow},
     .run = [](Session& s) { step_rows(s, -1); },
     .workspace = Workspace::grid,
     .enabled = is_pictured,
     .repeats = true},
    {.id = "step.first",
     .group = key("Play"),
     .title = key("To the start"),
     .keys = {ImGuiKey_Home},
     .run = [](Session& s) { go_to_step(s.ui, s.derived, 0); },
     .workspace = Workspace::grid,
     .enabled = is_pictured},
    {.id = "step.last",
     .group = key("Play"),
     .title = key("To the end"),
     .keys = {ImGuiKey_End},
     .run = [](Session& s) { go_to_step(s.ui, s.derived, step_count(s.derived)); },
     .workspace = Workspace::grid,
     .enabled = is_pictured},
    {.id = "speed.up",
     .group = key("Play"),
     .title = key("Faster"),
     .keys = {kShift | ImGuiKey_Equal, ImGuiKey_Equal, ImGuiKey_KeypadAdd, ImGuiKey_RightBracket},
     .run = [](Session& s) { change_speed(s, 2); },
     .workspace = Workspace::grid},
    {.id = "speed.down",
     .group = key("Play"),
     .title = key("Slower"),
     .keys = {ImGuiKey_Minus, ImGuiKey_KeypadSubtract},
     .run = [](Session& s) { change_speed(s, 0.5F); },
     .workspace = Workspace::grid},
    {.id = "loop",
     .group = key("Play"),
     .title = key("Loop"),
     .keys = {ImGuiKey_L},
     .run = [](Session& s) { s.ui.settings.loop = !s.ui.settings.loop; },
     .checked = [](const Session& s) { return s.ui.settings.loop; }},
    {.id = "step.by",
     .group = key("Play"),
     .title = key("Change step: output, channel or product"),
     .keys = {ImGuiKey_B},
     .run = next_step_by,
     .workspace = Workspace::grid},

    {.id = "undo",
     .group = key("Edit"),
     .title = key("Undo"),
     .keys = {kCtrl | ImGuiKey_Z},
     .run = undo,
     .enabled = can_undo,
     .repeats = true},
    {.id = "redo",
     .group = key("Edit"),
     .title = key("Redo"),
     .keys = {kCtrl | ImGuiKey_Y, kCtrl | kShift | ImGuiKey_Z},
     .run = redo,
     .enabled = [](const Session& s) { return s.history.can_redo(); },
     .repeats = true},
    {.id = "paste",
     .group = key("Edit"),
     .title = key("Paste layer code (PyTorch, Keras, ONNX, …)"),
     .keys = {kCtrl | ImGuiKey_V},
     .run =
         [](Session& s) {
             const char* text = ImGui::GetClipboardText();
             paste(s, text == nullptr ? "" : text);
         }},

    {.id = "turn",
     .group = key("Layer"),
     .title = key("Flip kernel (conv2 / xcorr2)"),
     .keys = {ImGuiKey_T},
     .run = turn_kernel,
     .workspace = Workspace::grid,
     .enabled = can_turn},
    {.id = "reading",
     .group = key("Layer"),
     .title = key("Show transposed convolution another way"),
     .keys = {ImGuiKey_R},
     .run = next_reading,
     .workspace = Workspace::grid,
     .enabled = is_transposed},
    {.id = "pane.next",
     .group = key("Layer"),
     .title = key("Next pane (Shift: previous)"),
     .keys = {ImGuiKey_Tab},
     .run = [](Session& s) { next_pane(s, 1); },
     .workspace = Workspace::grid,
     .enabled = has_panes},
    {.id = "pane.back",
     .group = key("Layer"),
     .title = key("Previous pane"),
     .keys = {kShift | ImGuiKey_Tab},
     .run = [](Session& s) { next_pane(s, -1); },
     .workspace = Workspace::grid,
     .enabled = has_panes,
     .told_before = true},
    slices<&Slice::c_out, 1>("c_out.next", key("Next output channel (Shift: previous)"), ImGuiKey_O),
    slices<&Slice::c_out, -1>("c_out.back", key("Previous output channel"), kShift | ImGuiKey_O),
    slices<&Slice::c_in, 1>("c_in.next", key("Next input channel (Shift: previous)"), ImGuiKey_I),
    slices<&Slice::c_in, -1>("c_in.back", key("Previous input channel"), kShift | ImGuiKey_I),
    slices<&Slice::n, 1>("n.next", key("Next batch item (Shift: previous)"), ImGuiKey_N),
    slices<&Slice::n, -1>("n.back", key("Previous batch item"), kShift | ImGuiKey_N),
    {.id = "compare",
     .group = key("Layer"),
     .title = key("Compare with a copy"),
     .keys = {ImGuiKey_C},
     .run = compare_with_copy,
     .workspace = Workspace::grid},
    {.id = "pane.close",
     .group = key("Layer"),
     .title = key("Close the pane"),
     .keys = {kShift | ImGuiKey_C},
     .run = [](Session& s) { close_pane(s.ui, s.document(), s.ui.pane); },
     .workspace = Workspace::grid,
     .enabled = has_panes},
    {.id = "escape",
     .group = key("Layer"),
     .title = key("Unpin, close, leave presenter mode"),
     .keys = {ImGuiKey_Escape},
     .run = escape,
     .anywhere = true},

    {.id = "keys",
     .group = key("Help"),
     .title = key("All keys"),
     .keys = {ImGuiKey_F1},
     .run = [](Session& s) { s.ui.show_keys = !s.ui.show_keys; },
     .anywhere = true},

    {.id = "workspace.grid",
     .group = key("View"),
     .title = key("Grid"),
     .keys = {ImGuiKey_G},
     .run = [](Session& s) { set_workspace(s, Workspace::grid); },
     .checked = shows<Workspace::grid>},
    {.id = "workspace.photo",
     .group = key("View"),
     .title = key("Photo"),
     .keys = {ImGuiKey_H},
     .run = [](Session& s) { set_workspace(s, Workspace::photo); },
     .checked = shows<Workspace::photo>},
    {.id = "panel.next",
     .group = key("View"),
     .title = key("Keyboard to the next panel; Esc: to the diagram"),
     .keys = {ImGuiKey_F6},
     .run = [](Session& s) { move_keyboard(s, 1); },
     .anywhere = true},
    {.id = "panel.back",
     .group = key("View"),
     .title = key("Keyboard to the previous panel"),
     .keys = {kShift | ImGuiKey_F6},
     .run = [](Session& s) { move_keyboard(s, -1); },
     .anywhere = true},
    {.id = "fit",
     .group = key("View"),
     .title = key("Fit the picture"),
     .keys = {ImGuiKey_F},
     .run =
         [](Session& s) {
             s.ui.camera = {};
             s.ui.panels.photo.camera.reset();
         }},
    {.id = "photo.full",
     .group = key("View"),
     .title = key("Photo at 100%"),
     .keys = {ImGuiKey_1, ImGuiKey_Keypad1},
     .run = [](Session& s) { s.ui.panels.photo.wants_full_size = true; },
     .workspace = Workspace::photo},
    {.id = "dark",
     .group = key("View"),
     .title = key("Dark"),
     .keys = {ImGuiKey_D},
     .run = [](Session& s) { s.ui.settings.dark = !s.ui.settings.dark; },
     .checked = [](const Session& s) { return s.ui.settings.dark; }},
    {.id = "presenter",
     .group = key("View"),
     .title = key("Presenter mode"),
     .keys = {ImGuiKey_P},
     .run = [](Session& s) { s.ui.presenter = !s.ui.presenter; },
     .checked = [](const Session& s) { return s.ui.presenter; }},
    {.id = "wide",
     .group = key("View"),
     .title = key("Hide the side panels"),
     .keys = {ImGuiKey_S},
     .run =
         [](Session& s) {
             s.ui.panels_hidden = !s.ui.panels_hidden;
             s.ui.panels_hidden_for_room = false;
         },
     .enabled = [](const Session& s) { return !s.ui.presenter; },  // which shows none of them
     .checked = [](const Session& s) { return s.ui.panels_hidden; }},
    {.id = "fullscreen",
     .group = key("View"),
     .title = key("Full screen"),
     .keys = {ImGuiKey_F11},
     .run = [](Session& s) { ask(s, Request::fullscreen); },
     .anywhere = true},
    {.id = "motion",
     .group = key("View"),
     .title = key("Animate changes"),
     .keys = {ImGuiKey_M},
     .run = [](Session& s) { s.ui.settings.motion = !s.ui.settings.motion; },
     .checked = [](const Session& s) { return s.ui.settings.motion; }},
    {.id = "scale.up",
     .group = key("View"),
     .title = key("Larger text"),
     .keys = {kCtrl | ImGuiKey_Equal, kCtrl | kShift | ImGuiKey_Equal, kCtrl | ImGuiKey_KeypadAdd,
              kCtrl | ImGuiKey_RightBracket},
     .run = [](Session& s) { change_scale(s, 0.1F); },
     .repeats = true,
     .anywhere = true},
    {.id = "scale.down",
     .group = key("View"),
     .title = key("Smaller text"),
     .keys = {kCtrl | ImGuiKey_Minus, kCtrl | ImGuiKey_KeypadSubtract, kCtrl | ImGuiKey_Slash},
     .run = [](Session& s) { change_scale(s, -0.1F); },
     .repeats = true,
     .anywhere = true},
    {.id = "scale.reset",
     .group = key("View"),
     .title = key("Normal text size"),
     .keys = {kCtrl | ImGuiKey_0, kCtrl | ImGuiKey_Keypad0},
     .run = [](Session& s) { s.ui.settings.scale = 1; },
     .anywhere = true},
    {.id = "layout.reset",
     .group = key("View"),
     .title = key("Reset layout"),
     .run = [](Session& s) { ask(s, Request::reset_layout); }},

    {.id = "new",
     .group = key("File"),
     .title = key("New"),
     .keys = {kCtrl | ImGuiKey_N},
     .run = [](Session& s) { ask(s, Request::new_document); }},
    {.id = "open",
     .group = key("File"),
     .title = key("Open…"),
     .keys = {kCtrl | ImGuiKey_O},
     .run = [](Session& s) { ask(s, Request::open); }},
    {.id = "save",
     .group = key("File"),
     .title = key("Save: the document, in Photo the filtered photo"),
     .keys = {kCtrl | ImGuiKey_S},
     .run = [](Session& s) { ask(s, shows<Workspace::photo>(s) ? Request::save_photo : Request::save); }},
    {.id = "save.document",
     .group = key("File"),
     .title = key("Save document"),
     .run = [](Session& s) { ask(s, Request::save); },
     .workspace = Workspace::photo},  // in the grid "save" does it
    {.id = "save.as",
     .group = key("File"),
     .title = key("Save document as…"),
     .keys = {kCtrl | kShift | ImGuiKey_S},
     .run = [](Session& s) { ask(s, Request::save_as); }},
    {.id = "export.figure",
     .group = key("File"),
     .title = key("Export figure…"),
     .keys = {kCtrl | ImGuiKey_E},
     .run = [](Session& s) { ask(s, Request::export_figure); },
     .workspace = Workspace::grid},
    {.id = "export.animation",
     .group = key("File"),
     .title = key("Export animation…"),
     .keys = {kCtrl | kShift | ImGuiKey_E},
     .run = [](Session& s) { ask(s, Request::export_animation); },
     .workspace = Workspace::grid},
    {.id = "export.selectable",
     .group = key("File"),
     .title = key("Selectable text in SVG and PDF"),
     .run = [](Session& s) { s.ui.settings.selectable_text = !s.ui.settings.selectable_text; },
     .workspace = Workspace::grid,
     .checked = [](const Session& s) { return s.ui.settings.selectable_text; }},
    {.id = "quit",
     .group = key("File"),
     .title = key("Quit"),
     .keys = {kCtrl | ImGuiKey_Q},
     .run = [](Session& s) { ask(s, Request::quit); },
     .anywhere = true},
};

}  // namespace

std::span<const Action> actions() { return kActions; }

}  // namespace convlens
