// The table of the window's panels: one row each. Docking, the menu of panels and the keyboard read it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "app/panels/panels.h"
#include "app/session/session.h"

namespace convlens {

// Where a panel stands in the first arrangement. Panels of one workspace that have the same place are tabs of it.
enum class PanelPlace {
    left,        // beside the picture
    photo_left,  // the same, in the workspace of photos: wider
    middle,      // the picture: what the other places leave
    below,       // a thin strip under the picture
    bottom,      // a line under all of them
    right,       // beside the picture
};

// `draw` runs inside the panel's own ImGui window.
struct Panel {
    std::string_view name;  // what settings and the layout call it
    Key title;
    Workspace workspace;  // the only one that shows the panel
    PanelPlace place;
    bool presented = false;  // stays in presenter mode, and always: it cannot be closed
    bool computed = true;    // shows what follows from the layers, and nothing while that is not known
    // As long as the user has neither opened nor closed it, it is open while this says so; null: always.
    bool (*tells)(const Session&) = nullptr;
    void (*draw)(PanelContext&, PhotoWork&);

    // A picture has neither margin nor scrollbar.
    bool bare() const { return place == PanelPlace::middle; }
    // A strip has no heading: what it shows says what it is.
    bool strip() const { return place == PanelPlace::below || place == PanelPlace::bottom; }
};

// In the order in which F6 goes through them. Each workspace has one panel in the middle.
std::span<const Panel> panels();

// Of its window in Dear ImGui, which shows the title; the id, by which the window is found, is the name in every language.
std::string window_name(const Panel& panel, Lang lang);

// Is it part of the window now? One that stands behind another in a tab is.
bool is_open(const Panel& panel, const Session& session);
// The same, were the panels not hidden.
bool is_wanted(const Panel& panel, const Session& session);

// Finds out which panels have something to tell. Not while a setting is being dragged: the picture would jump.
void update_panels(Session& session);

// Presenter mode has the menus in the line below the picture, where there is one.
bool has_menu_bar(const Session& session);

// The panel in the middle of the workspace that is shown.
const Panel& picture_panel(const Session& session);

}  // namespace convlens
