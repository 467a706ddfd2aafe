#include "app/session/session.h"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <limits>
#include <utility>

#include "app/document/chain.h"
#include "app/document/compare.h"
#include "app/document/titles.h"
#include "app/session/deriving.h"
#include "app/words/words.h"
#include "core/conv/changes.h"
#include "core/conv/framework_support.h"
#include "core/io/error.h"
#include "core/text/printable.h"
#include "core/text/utf8_path.h"

namespace convlens {

namespace {

void add_message(UiState& ui, Message words, bool problem, std::string about) {
    Notice notice{std::move(words), problem, 0, 0, std::move(about)};
    const std::string text = notice.text();
    // About 15 characters a second are read without hurry; a problem is read twice.
    notice.seconds = (2.5 + static_cast<double>(text.size()) / 15) * (problem ? 2 : 1);
    std::erase_if(ui.messages, [&](const Notice& earlier) { return earlier.text() == text; });
    ui.messages.push_back(std::move(notice));
    if (ui.messages.size() > kMostNotices) ui.messages.erase(ui.messages.begin());
}

// What was typed for a layer of a chain depends on the layers around it: it reads what its source puts out now, and enters
// as soon as everything can be computed with it.
void propose_again(Session& session) {
    UiState& ui = session.ui;
    const Document& document = session.document();
    const int index = ui.draft->layer;
    const Layer& layer = document.layers[static_cast<std::size_t>(index)];
    const bool read = std::ranges::any_of(document.layers, [&](const Layer& l) { return source_of(l) == index; });
    if (!read && !source_of(layer)) return;
    LayerShape shape = ui.draft->shape;
    if (source_of(layer)) shape.input = input_shape(layer);
    propose(ui, document, index, shape, changes_text(layer_shape(layer), shape), {});
}

// The document is another: what was said and typed of the old one may no longer hold. `replaced`: it is not the old one
// edited.
void document_changed(Session& session, bool replaced) {
    UiState& ui = session.ui;
    const bool same = same_shapes(session.derived.document, session.document());
    ++session.changes;
    derive(session, replaced);
    if (ui.draft && ui.draft->layer >= static_cast<int>(session.document().layers.size())) ui.draft.reset();
    if (ui.draft) propose_again(session);
    if (ui.draft) ui.draft->edited_since = true;
    for (TypedText& typed : ui.panels.typed) typed.edited_since = true;
    ui.panels.photo.kernel_text_edited_since = true;
    // What was said of a pasted layer, its input's size for one, need no longer hold.
    if (!same) forget(ui, kPasteTopic);
}

Provenance provenance_of(const Session& session) {
    return {session.work,          session.changes, session.file,    session.file_content,
            session.proposed_file, session.origin,  session.carried, session.named_and_saved()};
}

// Another document comes, already the present one: Save must not write it over the file of the one before.
void take_provenance(Session& session, Provenance provenance) {
    constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();
    session.work = provenance.work;
    session.file = std::move(provenance.file);
    session.file_content = std::move(provenance.file_content);
    session.proposed_file = std::move(provenance.proposed_file);
    session.origin = std::move(provenance.origin);
    session.carried = provenance.carried;
    session.saved_changes = provenance.saved ? session.changes : kNever;
    session.changed_file.reset();
}

// The history has grown: there is nothing to redo, and its oldest steps may be gone.
void trim_provenance(Session& session) {
    if (!session.history.can_redo()) session.redo_provenance.clear();
    const std::size_t count = session.history.replacements();
    std::vector<Provenance>& past = session.undo_provenance;
    if (past.size() > count) past.erase(past.begin(), past.end() - static_cast<std::ptrdiff_t>(count));
}

// Panels change a spec; the tensors follow it (reshaped), so lengths they had before say nothing about the proposal.
LayerShape without_tensors(LayerShape shape) {
    shape.weight.reset();
    shape.bias_length.reset();
    return shape;
}

// `back`: the key that shows the other one again.
void tell_workspace(Session& session, Workspace before, const char* back) {
    const Workspace now = session.document().workspace;
    if (now == before) return;
    const auto key = "key"_is(back);
    say(session.ui, now == Workspace::photo ? msg("The photo is shown again. {key} goes back.", key)
                                            : msg("The grid is shown again. {key} goes back.", key));
}

// All fields show what the document has.
void leave_refused(UiState& ui) {
    ui.draft.reset();
    ui.panels.typed.clear();
    leave_filter(ui);
}

bool is_of_photo(const TypedText& typed) { return typed.field.starts_with("photo "); }

// Undoes one step, or redoes one. Precondition: there is one.
void go_through_history(Session& session, bool back) {
    History& history = session.history;
    const Workspace workspace = session.document().workspace;
    const bool replaces = back ? history.undo_replaces() : history.redo_replaces();
    Provenance here = replaces ? provenance_of(session) : Provenance{};
    back ? history.undo() : history.redo();
    leave_refused(session.ui);
    document_changed(session, replaces);
    forget(session.ui, kPasteTopic);  // whatever was pasted last may be what was taken back
    if (replaces) {
        std::vector<Provenance>& from = back ? session.undo_provenance : session.redo_provenance;
        (back ? session.redo_provenance : session.undo_provenance).push_back(std::move(here));
        take_provenance(session, std::move(from.back()));
        from.pop_back();
    }
    tell_workspace(session, workspace, back ? "Ctrl+Y" : "Ctrl+Z");
}

}  // namespace

Session::Session(Document document, std::unique_ptr<NewestJob<Derived>> beside)
    : history(std::move(document)), deriving(std::move(beside)), origin(history.document()) {
    ui.pictured = false;
    derived = stand_in();
    derive(*this, true);
}

void apply_edits(Session& session) {
    UiState& ui = session.ui;
    bool changed = false;
    std::vector<Edit> edits = std::move(ui.edits);
    ui.edits.clear();
    for (Edit& edit : edits) {
        try {
            changed |= session.history.apply({edit.label, edit.merge, [&edit](Document& document) {
                                                  const Document before = document;
                                                  edit.apply(document);
                                                  settle(document);
                                                  drop_changed_titles(before, document);
                                              }});
        } catch (const std::exception& error) {
            complain(ui, msg("{edit}: {reason}", "edit"_is(edit.label), "reason"_is(error.what())));
        }
    }
    if (std::exchange(ui.seal, false)) session.history.seal();
    if (changed) {
        document_changed(session, false);
        trim_provenance(session);
    }
    if (const auto pane = std::exchange(ui.next_pane, std::nullopt))
        ui.pane = std::clamp(*pane, 0, static_cast<int>(session.document().panes.size()) - 1);
}

void replace_document(Session& session, Document document, Message label, std::string file) {
    settle(document);
    const bool other = document != session.document();
    if (session.unsaved() && other) session.replaced.push_back(session.document());
    if (other) session.undo_provenance.push_back(provenance_of(session));
    Provenance provenance{++session.works, 0, std::move(file), {}, {}, document, false, true};
    session.history.replace(std::move(document), std::move(label));
    trim_provenance(session);
    UiState& ui = session.ui;
    leave_layer(ui);
    ui.hover.reset();
    ui.pinned.reset();
    ui.camera = {};
    ui.pane = 0;
    ui.playing = false;
    document_changed(session, true);
    ui.playhead = {1, 0};
    forget(ui, kPasteTopic);
    take_provenance(session, std::move(provenance));
}

void photo_was_read(Session& session, const std::string& path, const std::string& content) {
    const Photo& photo = session.document().photo;
    if (path.empty() || photo.path != path || photo.content == content) return;
    const bool other = !photo.content.empty();
    const bool saved = session.saved_changes == session.changes;
    session.history.amend([&](Document& document) { document.photo.content = content; });
    ++session.changes;
    derive(session, false);
    if (saved && !other) session.saved_changes = session.changes;
    if (other && !photo.chain.empty())
        say(session.ui,
            msg("“{file}” is not the picture any more that this filter was chosen for: the file has changed, and "
                "what it holds now is filtered.",
                "file"_is(to_utf8(from_utf8(path).filename()))));
}

void leave_layer(UiState& ui) {
    ui.draft.reset();
    PanelState& panels = ui.panels;
    leave_filter(ui);
    panels.typed.clear();
    panels.diagram.cell_edit.reset();
    panels.diagram.stroke.reset();
    panels.diagram.anchor_drag.reset();
    panels.diagram.anchor_looked_at = false;
    panels.diagram.ruler_axis.reset();
    panels.layer.apart = {};
    panels.explanation.wanted.reset();
    panels.explanation.wanted_apart = false;
    panels.explanation.asked.reset();
}

void leave_filter(UiState& ui) {
    std::erase_if(ui.panels.typed, is_of_photo);
    ui.panels.photo.kernel_text_reason = {};
    ui.panels.photo.kernel_readings.clear();
}

bool undo_takes_draft(const Session& session) {
    const UiState& ui = session.ui;
    const PhotoState& photo = ui.panels.photo;
    const bool in_photo =
        session.document().workspace == Workspace::photo;  // fields of the other workspace are not seen
    const bool text = std::ranges::any_of(
        ui.panels.typed, [&](const TypedText& typed) { return !typed.edited_since && is_of_photo(typed) == in_photo; });
    if (in_photo) return text || (!photo.kernel_text_reason.empty() && !photo.kernel_text_edited_since);
    return text || (ui.draft && !ui.draft->edited_since);
}

bool can_undo(const Session& session) { return undo_takes_draft(session) || session.history.can_undo(); }

void undo(Session& session) {
    if (undo_takes_draft(session)) {
        forget(session.ui, kPasteTopic);  // which may have brought it
        return leave_refused(session.ui);
    }
    if (!session.history.can_undo()) return;
    go_through_history(session, true);
}

void redo(Session& session) {
    if (session.history.can_redo()) go_through_history(session, false);
}

std::string Notice::text(Lang lang) const { return printable_lines(in(lang, words)); }

void set_language(UiState& ui, Lang lang) { ui.settings.language = ui.lang = lang; }

void say(UiState& ui, Message words, std::string about) { add_message(ui, std::move(words), false, std::move(about)); }
void complain(UiState& ui, Message words, std::string about) {
    add_message(ui, std::move(words), true, std::move(about));
}
void forget(UiState& ui, std::string_view about) {
    std::erase_if(ui.messages, [&](const Notice& message) { return message.about == about; });
}
std::string saving_topic(const std::string& path) { return "save " + path; }

namespace {

bool is_crowded(const Session& session) {
    // Widths in text heights: side panels take 32, one pane has more than they do, several stand side by side.
    constexpr float kOnePane = 65, kSeveralPanes = 104;
    return session.room < (session.document().panes.size() > 1 ? kSeveralPanes : kOnePane);
}

}  // namespace

void make_room(Session& session) {
    UiState& ui = session.ui;
    const bool crowded = is_crowded(session);
    if (crowded && !ui.panels_hidden) {
        ui.panels_hidden = ui.panels_hidden_for_room = true;  // the line below the picture says how to get them back
    } else if (!crowded && std::exchange(ui.panels_hidden_for_room, false)) {
        ui.panels_hidden = false;
    }
}

void change_room(Session& session, float room) {
    const bool first = session.room <= 0, before = is_crowded(session);
    session.room = room;
    if (first || is_crowded(session) != before) make_room(session);
}

void propose(UiState& ui, const Document& document, int layer, const LayerShape& shape, Message label,
             std::string merge) {
    const LayerShape wanted = without_tensors(shape);
    const auto index = static_cast<std::size_t>(layer);
    if (index >= document.layers.size()) return;
    std::vector<Problem> problems = chain_problems(document, layer, wanted);
    if (!problems.empty()) {
        ui.draft = Draft{layer, wanted, std::move(problems), accepted_elsewhere(wanted)};
        return;
    }
    if (ui.draft && ui.draft->layer == layer) ui.draft.reset();
    if (wanted == without_tensors(layer_shape(document.layers[index]))) return;
    ui.edit(std::move(label), std::move(merge),
            [layer, wanted](Document& changed) { change_layer(changed, layer, wanted); });
}

LayerShape shown_shape(const UiState& ui, const Document& document, int layer) {
    if (ui.draft && ui.draft->layer == layer) return ui.draft->shape;
    return without_tensors(layer_shape(document.layers[static_cast<std::size_t>(layer)]));
}

namespace {

const Pane& pane_at(const Document& document, int pane) {
    const auto& panes = document.panes;
    return panes[std::min(static_cast<std::size_t>(std::max(pane, 0)), panes.size() - 1)];
}

}  // namespace

const Pane& current_pane(const Session& session) { return pane_at(session.document(), session.ui.pane); }
const Pane& shown_pane(const Session& session) { return pane_at(session.derived.document, session.ui.pane); }

void compare_with(UiState& ui, const Document& document, const ConvSpec& spec, const Message& label) {
    if (!can_compare(document)) return;
    const int pane = std::clamp(ui.pane, 0, static_cast<int>(document.panes.size()) - 1);
    ui.edit(msg("compare with {comparison}", "comparison"_is(label)), {},
            [pane, spec](Document& d) { add_comparison(d, static_cast<std::size_t>(pane), spec); });
    ui.next_pane = pane + 1;
    ui.draft.reset();
    ui.pinned.reset();
    ui.panels.explanation.compared_with = pane;
}

void close_pane(UiState& ui, const Document& document, int pane) {
    if (document.panes.size() < 2) return;
    ui.edit(msg("close pane"), {}, [pane](Document& d) { close_pane(d, static_cast<std::size_t>(pane)); });
    ui.next_pane = ui.pane > pane ? ui.pane - 1 : ui.pane;
    ui.draft.reset();
    ui.pinned.reset();
    ui.panels.diagram.cell_edit.reset();
}

void set_view(Session& session, int pane, std::string_view view) {
    const auto at = static_cast<std::size_t>(pane);
    if (session.document().panes[at].view == view) return;
    session.ui.edit(msg("show {view}", "view"_is(view)), {},
                    [at, view = std::string(view)](Document& document) { document.panes[at].view = view; });
    session.ui.pinned.reset();
    session.ui.panels.diagram.cell_edit.reset();
}

void set_workspace(Session& session, Workspace workspace) {
    if (session.document().workspace == workspace) return;
    session.ui.playing = false;
    session.ui.edit(workspace == Workspace::photo ? msg("show the photo") : msg("show the grid"), {},
                    [workspace](Document& document) { document.workspace = workspace; });
}

}  // namespace convlens
