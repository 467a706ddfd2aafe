#include "app/window/panel_table.h"

#include <algorithm>
#include <cassert>

#include "app/session/settings.h"

namespace convlens {

namespace {

// The entry of a panel that does not look at the photo.
template <void (*panel)(PanelContext&)>
void only(PanelContext& context, PhotoWork&) {
    panel(context);
}

bool ruler_tells(const Session& session) { return session.ui.panels.diagram.ruler_tells; }

constexpr Panel kPanels[] = {
    {.name = "Layer",
     .title = key("Layer"),
     .workspace = Workspace::grid,
     .place = PanelPlace::left,
     .computed = false,
     .draw = only<parameters_panel>},
    {.name = "Diagram",
     .title = key("Diagram"),
     .workspace = Workspace::grid,
     .place = PanelPlace::middle,
     .presented = true,
     .draw = only<canvas_panel>},
    {.name = "Size ruler",
     .title = key("Size ruler"),
     .workspace = Workspace::grid,
     .place = PanelPlace::below,
     .tells = ruler_tells,
     .draw = only<ruler_panel>},
    {.name = "Timeline",
     .title = key("Timeline"),
     .workspace = Workspace::grid,
     .place = PanelPlace::bottom,
     .presented = true,
     .draw = only<timeline_panel>},
    {.name = "Explanation",
     .title = key("Explanation"),
     .workspace = Workspace::grid,
     .place = PanelPlace::right,
     .draw = only<explain_panel>},
    {.name = "Output",
     .title = key("Output"),
     .workspace = Workspace::grid,
     .place = PanelPlace::right,
     .draw = only<output_panel>},
    {.name = "Photo filter",
     .title = key("Photo filter"),
     .workspace = Workspace::photo,
     .place = PanelPlace::photo_left,
     .computed = false,
     .draw = photo_controls_panel},
    {.name = "Photo",
     .title = key("Photo"),
     .workspace = Workspace::photo,
     .place = PanelPlace::middle,
     .presented = true,
     .computed = false,
     .draw = photo_view_panel},
};

}  // namespace

std::span<const Panel> panels() { return kPanels; }

std::string window_name(const Panel& panel, Lang lang) {
    return in(lang, panel.title) + "###" + std::string(panel.name);
}

bool is_open(const Panel& panel, const Session& session) {
    if (panel.workspace != session.document().workspace) return false;
    if (session.ui.presenter || session.ui.panels_hidden) return panel.presented;
    return is_wanted(panel, session);
}

bool is_wanted(const Panel& panel, const Session& session) {
    const Settings& settings = session.ui.settings;
    if (is_closed(settings, panel.name)) return false;
    return panel.tells == nullptr || is_opened(settings, panel.name) || panel.tells(session);
}

void update_panels(Session& session) {
    if (!session.ui.pictured) return;
    const DerivedLayer& layer = *shown_layer(session.derived, shown_pane(session));
    const auto tells = [](const AxisShape& axis, const Unread& unread) {
        return axis.dropped_window || !unread.input.empty() || !unread.padding.empty();
    };
    session.ui.panels.diagram.ruler_tells = tells(layer.h, layer.unread_h) || tells(layer.w, layer.unread_w);
}

bool has_menu_bar(const Session& session) {
    return !session.ui.presenter || session.document().workspace != Workspace::grid;
}

const Panel& picture_panel(const Session& session) {
    const auto found = std::ranges::find_if(panels(), [&](const Panel& panel) {
        return panel.workspace == session.document().workspace && panel.place == PanelPlace::middle;
    });
    assert(found != panels().end());
    return *found;
}

}  // namespace convlens
