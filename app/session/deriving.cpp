#include "app/session/deriving.h"

#include <algorithm>
#include <exception>
#include <new>
#include <optional>
#include <utility>

#include "app/derived/memory.h"
#include "app/document/presets.h"
#include "app/moment/same_place.h"

namespace convlens {

namespace {

// The play rests at a step, if there is one.
void rest_at(UiState& ui, const std::optional<std::int64_t>& step) {
    if (!step) return;
    ui.playhead = {*step, 0};
    ui.step_started = ui.now;
}

// Everything that points into what was shown before points into `derived`, or nowhere.
void show_derived(Session& session, Derived derived) {
    const Derived before = std::exchange(session.derived, std::move(derived));
    const Document& shown = session.derived.document;
    UiState& ui = session.ui;
    if (!std::exchange(ui.pictured, true)) {
        ui.step_started = ui.now;
    } else if (before.document.step_by != shown.step_by) {  // so that B opens up the sum that stands there
        rest_at(ui, step_of_same_cell(before, session.derived, ui.pane, ui.playhead.step));
    } else if (same_shapes(before.document, shown)) {
        rest_at(ui, step_of_place(before, session.derived, ui.pane, ui.playhead.step));
    }
    ui.pane = std::clamp(ui.pane, 0, static_cast<int>(shown.panes.size()) - 1);
    const std::int64_t last = step_count(session.derived);
    if (ui.playhead.step >= last) ui.playhead = {std::max<std::int64_t>(last, 0), 0};
}

// What is shown while the document's layers are computed: the layers of before, and all else as it is now.
Derived with_old_layers(const Document& document, const Derived& before) {
    Derived shown = before;
    shown.document = document;
    shown.document.layers = before.document.layers;
    settle(shown.document);
    return shown;
}

bool is_for_beside(const Session& session) {
    return session.deriving && milliseconds_to_derive(session.document(), session.derived) > kMostDerivingMilliseconds;
}

void start_deriving(Session& session) {
    const Document& document = session.document();
    if (session.ui.computing && session.layers_under_way == document.layers) return;
    session.layers_under_way = document.layers;
    session.deriving->start([document, before = session.derived](const std::stop_token& stopped) {
        return derive_all(document, &before, stopped);
    });
    session.ui.computing = true;
}

Message reason_of_failure(const std::exception& error) {
    if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr)
        return msg("There is not enough memory. Make the input smaller, or take fewer channels.");
    const auto* memory = dynamic_cast<const MemoryError*>(&error);
    return memory != nullptr ? memory->words() : verbatim(error.what());
}

// What the diagram says.
Message not_computed(const Session& session, const std::exception& error) {
    const auto reason = "reason"_is(reason_of_failure(error));
    if (session.ui.pictured)
        return msg("Not computed: {reason} The diagram shows the layers of before; Ctrl+Z goes back to their settings.",
                   reason);
    if (can_undo(session)) return msg("Not computed: {reason} Ctrl+Z goes back to what was there before.", reason);
    return msg("Not computed: {reason} Ctrl+O opens another document.", reason);
}

}  // namespace

Derived stand_in() { return derive_all(first_document()); }

void derive(Session& session, bool replaced) {
    const Document& document = session.document();
    UiState& ui = session.ui;
    ui.not_computed = {};
    if (!is_for_beside(session)) {
        if (session.deriving) session.deriving->cancel();
        ui.computing = false;
        return show_derived(session, derive_all(document, &session.derived));
    }
    start_deriving(session);
    if (!replaced && ui.pictured && document.layers.size() == session.derived.layers.size()) {
        show_derived(session, with_old_layers(document, session.derived));
    } else if (std::exchange(ui.pictured, false)) {
        session.derived = stand_in();
    }
}

void take_derived(Session& session) {
    if (!session.deriving || !session.ui.computing) return;
    try {
        const std::optional<Derived> made = session.deriving->take();
        if (!made) return;
        session.ui.computing = false;
        show_derived(session, derive_all(session.document(), &*made));  // whose layers are all taken over
    } catch (const std::exception& error) {
        session.ui.computing = false;
        session.ui.not_computed = not_computed(session, error);
    }
}

}  // namespace convlens
