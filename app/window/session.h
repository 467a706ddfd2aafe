// The work under way: the document with its past, what follows from it, and where the user is. Knows no window and no
// GL, so that what keys, menus and dropped files do is tested without them.
#pragma once

#include <cstdint>
#include <string>

#include "app/derived/derived.h"
#include "app/document/history.h"
#include "app/window/ui_state.h"

namespace convlens {

struct Session {
    explicit Session(Document document);

    History history;
    Derived derived;  // always of history.document()
    UiState ui;
    float room = 0;                   // width of the window in text heights
    std::string file;                 // UTF-8; what Save writes; empty while the work has no name
    std::uint64_t changes = 0;        // grows with every change of the document
    std::uint64_t saved_changes = 0;  // `changes` when `file` was last read or written

    const Document& document() const { return history.document(); }
    bool named_and_saved() const { return !file.empty() && changes == saved_changes; }
};

// Applies what the panels asked for in this frame, then derives once. A failing edit leaves the document as it was and
// becomes a message.
void apply_edits(Session& session);

// Puts another document in place of the present one (undoable), resting at its first output.
void replace_document(Session& session, Document document, std::string label, std::string file = {});

void undo(Session& session);
void redo(Session& session);

// A word at the bottom of the window. Problems stay longer, and both until they were long enough there to be read.
void say(UiState& ui, std::string text);
void complain(UiState& ui, std::string text);

// Play from the present step, or from the start when the end is reached; takes a pin or hover's highlight back.
void toggle_play(Session& session);

// Hides the side panels where they would leave too little of the window to the picture, and shows them again when that
// is over. For moments at which type or panes have changed: what the user wants in between stays.
void make_room(Session& session);

// The pane that keys and parameters speak to.
const Pane& current_pane(const Session& session);

// Shows the grid or the photo; part of the document, and undoable like all of it.
void set_mode(Session& session, Mode mode);

}  // namespace convlens
