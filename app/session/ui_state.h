// What is not part of the work: where the user looks, what is being typed, what plays. Never saved with a document.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/document/history.h"
#include "app/moment/moment.h"
#include "app/scene/geometry.h"
#include "app/session/panel_state.h"
#include "app/words/lang.h"
#include "core/text/message.h"

namespace convlens {

// Apart from documents and not undoable; kept in the user's config folder.
struct Settings {
    bool dark = true;
    std::optional<Lang> language;  // as the user has chosen; nothing: the system's
    float scale = 1;               // Ctrl +/-
    bool motion = true;            // gliding; off for those whom it disturbs
    float speed = 1;               // steps a second, times a base of 1.25
    bool loop = true;
    bool selectable_text = false;     // letters of exported figures, where they are not pixels
    std::vector<std::string> recent;  // UTF-8 paths, newest first
    std::vector<std::string> closed;  // names of panels that are not shown
    std::vector<std::string> opened;  // ... and of those that the user has opened: what shows itself then stays
    friend bool operator==(const Settings&, const Settings&) = default;
};

// A layer's settings as typed, not possible yet. All its problems are shown; the document keeps its last good state.
struct Draft {
    int layer = 0;
    LayerShape shape;
    std::vector<Problem> problems;  // never empty
    std::vector<Dialect> accepted;  // whose rules take it as it stands
    bool edited_since = false;      // the document has been changed after it was typed
};

// What the window tells for a while.
struct Notice {
    Message words;
    bool problem = false;
    double seconds = 0;      // how long it stays
    double until = {};       // UiState::now at which it fades; 0 until it is shown for the first time
    std::string about = {};  // what was tried: "paste"; the next try takes what was said of this one back

    std::string text(Lang lang = Lang::english) const;  // fit to print: it may quote a file
};

// Where the pointer rested when the play began or a step was made: `cell` is under it, or nothing.
struct PassedOver {
    std::optional<MarkId> cell;
};

// What only the window can do: asked for by panels and keys, done after the last panel.
enum class Request {
    new_document,
    open,        // a dialog for documents, pictures and arrays
    open_photo,  // the same, for pictures
    save,
    save_as,
    export_figure,
    export_animation,
    save_photo,  // the filtered picture
    reset_layout,
    fullscreen,
    quit,
};

struct UiState {
    Settings settings;
    Lang lang = Lang::english;  // of all that is shown
    double now = 0;             // seconds on the window's clock at which this frame began; 0 where there is no window

    Playhead playhead;
    bool playing = false;
    double step_started = 0;  // UiState::now at which the step under way began

    std::optional<MarkId> hover;   // set by canvas, output and explain panels, cleared each frame before they run
    std::optional<MarkId> pinned;  // clicked; wins over hover until clicked away or Escape
    std::optional<PassedOver> passed_over;  // see passes_over()
    bool pointer_rests = false;             // it is not being moved, turned or pressed; set before the panels
    bool tips_wait = false;                 // tips that come up by themselves stay away until the pointer is moved
    Camera camera;
    int pane = 0;                  // the pane that keys and parameters speak to
    std::optional<int> next_pane;  // is to be `pane` once this frame's edits have made it

    bool computing = false;  // the document's layers are being computed beside the window
    Message not_computed;    // sentences on why they could not be; empty: they could, or are being computed
    bool pictured = true;    // there is a picture of the document, if an older one

    std::optional<Draft> draft;
    PanelState panels;  // what panels are in the middle of
    bool presenter = false;
    bool panels_hidden = false;           // the panels at the sides and the ruler make room for the diagram
    bool panels_hidden_for_room = false;  // hidden by a narrow app window, not by the user
    bool show_keys = false;               // F1
    bool show_start_bar = false;          // the start bar of the first start

    std::vector<Edit> edits;  // asked for by panels in this frame; applied after the last panel
    bool seal = false;        // ends a run of merged edits
    std::vector<Notice> messages;
    std::vector<Request> requests;
    std::vector<std::string> attention;  // panels to bring forward and to point at for a moment

    void edit(Message label, std::string merge, std::function<void(Document&)> apply) {
        edits.push_back({std::move(label), std::move(merge), std::move(apply)});
    }
};

// The user's choice: shown from now on, and kept.
void set_language(UiState& ui, Lang lang);

// Proposes new settings for a layer: a valid proposal becomes an edit and ends the draft, an impossible one becomes the
// draft. `shape` is usually the draft's (or the layer's) shape with one field changed.
void propose(UiState& ui, const Document& document, int layer, const LayerShape& shape, Message label,
             std::string merge);

// What the controls of a layer show: the draft while there is one.
LayerShape shown_shape(const UiState& ui, const Document& document, int layer);

}  // namespace convlens
