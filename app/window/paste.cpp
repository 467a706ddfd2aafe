#include "app/window/paste.h"

#include "app/document/imported.h"
#include "core/conv/validate.h"

namespace convlens {

namespace {

void take_over(Session& session, const ImportedLayer& imported) {
    const auto index = static_cast<std::size_t>(current_pane(session).layer);
    session.ui.draft.reset();
    session.ui.playing = false;
    session.ui.edit("paste of " + imported.program, {}, [index, layer = layer_from(imported)](Document& document) {
        document.mode = Mode::grid;
        const std::string name = document.layers[index].name;
        document.layers[index] = layer;
        document.layers[index].name = name;
    });
}

}  // namespace

void paste_layer(Session& session, std::string_view text) {
    try {
        const ImportedLayer imported = import_layer(text);
        std::string said = "Pasted a layer of " + imported.program;
        for (const std::string& note : imported.notes) said += (&note == &imported.notes.front() ? ": " : "; ") + note;
        const std::vector<Problem> problems = import_problems(imported);
        if (problems.empty()) {
            take_over(session, imported);
            return say(session.ui, said);
        }
        const bool settings = !validate(imported.layer).empty();
        if (!settings) return complain(session.ui, "The layer on the clipboard: " + problems.front().message);
        propose(session.ui, session.document(), current_pane(session).layer, imported.layer,
                "paste of " + imported.program, {});
        // Where it is the numbers that do not fit each other, no setting is to blame.
        if (!session.ui.draft) return complain(session.ui, "The layer on the clipboard: " + problems.front().message);
        say(session.ui, said);
    } catch (const ImportError& error) {
        complain(session.ui, std::string("The clipboard holds no layer that can be read. ") + error.what());
    }
}

}  // namespace convlens
