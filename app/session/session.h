// The work under way: the document with its past, what follows from it, and where the user is. Knows no window and no
// GL, so that what keys, menus and dropped files do is tested without them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/derived/derived.h"
#include "app/document/history.h"
#include "app/jobs/newest_job.h"
#include "app/session/named_file.h"
#include "app/session/ui_state.h"
#include "app/session/works.h"

namespace convlens {

// What belongs to a document and is not in it: see the fields of Session.
struct Provenance {
    std::uint64_t work = 0;     // which document it is: two never have the same
    std::uint64_t changes = 0;  // of the session, when another took its place
    std::string file, file_content, proposed_file;
    Document origin;
    bool carried = false;
    bool saved = false;  // the file holds the document as it is
};

struct Session {
    // `beside` becomes `deriving`.
    explicit Session(Document document, std::unique_ptr<NewestJob<Derived>> beside = nullptr);

    History history;
    // Of history.document(), but for its layers while newer ones are computed beside the window: then the layers are those
    // of before, whole, and everything else (panes, their slices, what a step is) is the document's as far as they allow.
    // Where there are none of before, because the document is another one, it is of a small document that nobody sees, and
    // UiState::pictured is false.
    Derived derived;
    // Computes beside the window what takes longer than a frame may. Null: everything is computed at once, as in tests.
    std::unique_ptr<NewestJob<Derived>> deriving;
    std::vector<Layer> layers_under_way;  // those that `deriving` is computing
    UiState ui;
    float room = 0;                   // width of the window in text heights, those outside of presenter mode
    std::string keyboard_panel;       // the window that arrows, Space and Tab go to; empty: the diagram
    std::string file;                 // UTF-8; what Save writes; empty while the work has no name
    std::string file_content;         // content_hash() of `file` when it was last read or written; empty: not known
    std::string proposed_file;        // UTF-8; where Save as begins while `file` is empty; may be empty
    std::uint64_t changes = 0;        // grows with every change of the document
    std::uint64_t saved_changes = 0;  // `changes` when `file` was last read or written
    std::uint64_t namings = 0;        // grows whenever the work gets a file, or is written to it

    std::uint64_t work = 0;   // Provenance::work of the present document
    std::uint64_t works = 0;  // how many there have been before it

    // The document as it came: new, opened, a preset. `carried`: it was nowhere else even then (the work of last time).
    Document origin;
    bool carried = false;
    // Of the documents that undo and redo bring back in place of this one; the last is the next.
    std::vector<Provenance> undo_provenance, redo_provenance;
    std::vector<Document> replaced;  // unsaved ones that another took the place of; the autosave takes them from here
    std::vector<SaveOrder> saves;    // asked for, to be written beside the window
    std::optional<NamedFile> changed_file;  // was to be saved, and holds what somebody else wrote: the user is asked
    std::vector<EarlierWork> earlier;       // kept works that may be opened, newest first
    std::optional<std::filesystem::path> wanted_earlier;  // one of them, chosen in the menu

    const Document& document() const { return history.document(); }
    bool named_and_saved() const { return !file.empty() && changes == saved_changes; }
    // The document holds work that is in no file that the user has named.
    bool unsaved() const { return !named_and_saved() && (carried || document() != origin); }
};

// Applies what the panels asked for in this frame, then derives once. A failing edit leaves the document as it was and
// becomes a message.
void apply_edits(Session& session);

// Puts another document in place of the present one (undoable), resting at its first output. An unsaved one is put among
// the replaced.
void replace_document(Session& session, Document document, Message label, std::string file = {});

// The photo's file was read, and holds what `content` (content_hash()) says: noted in the document where it is that of its
// photo. Told where the document has a filter that was chosen when the file held something else.
void photo_was_read(Session& session, const std::string& path, const std::string& content);

// What was typed, drawn or asked for over a layer that another one takes the place of.
void leave_layer(UiState& ui);

// What was typed of the photo's filters and refused: another filter takes the place of the one that it was typed for.
void leave_filter(UiState& ui);

// What was typed last and refused, a setting that is not possible or a text that is no number, is what undo() takes back. No
// field shows a refused text after undo() or redo().
bool undo_takes_draft(const Session& session);
bool can_undo(const Session& session);
// A document that they bring back in place of another is that of its file again, as it was when it was replaced. They tell
// where they change between grid and photo: what one looked at is gone then.
void undo(Session& session);
void redo(Session& session);

// A word at the bottom of the window. Problems stay longer, and both until they were long enough there to be read.
// `about` names what was tried, so that forget() finds the message.
// As many stand there at a time as kMostNotices; the oldest go first.
inline constexpr std::size_t kMostNotices = 4;
void say(UiState& ui, Message words, std::string about = {});
void complain(UiState& ui, Message words, std::string about = {});
// Takes back what was said about something: it is being tried again.
void forget(UiState& ui, std::string_view about);
// What messages about a paste are about, and about opening files, which a paste may do too.
inline constexpr std::string_view kPasteTopic = "paste", kOpenTopic = "open";
// What messages about saving to this path are about.
std::string saving_topic(const std::string& path);

// Hides the side panels where they would leave too little of the window to the picture, and shows them again when that
// is over. For moments at which another document has come: what the user wants in between stays.
void make_room(Session& session);
// The window, or its type, has another size: `room` in text heights, see Session::room. make_room() where that turns a
// window that is too narrow for side panels into one that is not, or the other way round.
void change_room(Session& session, float room);

// The pane that keys and parameters speak to.
const Pane& current_pane(const Session& session);

// The same as it is shown: of Session::derived.
const Pane& shown_pane(const Session& session);

// A copy of the current pane's layer with `spec` beside it; keys and parameters then speak to the new pane.
void compare_with(UiState& ui, const Document& document, const ConvSpec& spec, const Message& label);

// Precondition: there is more than one pane.
void close_pane(UiState& ui, const Document& document, int pane);

// Shows a pane's layer in another view of the table (app/views/views.h).
void set_view(Session& session, int pane, std::string_view view);

// Shows the grid or the photo; part of the document, and undoable like all of it.
void set_workspace(Session& session, Workspace workspace);

}  // namespace convlens
