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
     .place = PanelPlace::right_below,
     .draw = only<output_panel>},
    {.name = "Photo filter",
     .title = key("Photo filter"),
     .workspace = Workspace::photo,
     .place = PanelPlace::left,
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
    return !is_closed(session.ui.settings, panel.name);
}

const Panel& picture_panel(const Session& session) {
    const auto found = std::ranges::find_if(panels(), [&](const Panel& panel) {
        return panel.workspace == session.document().workspace && panel.place == PanelPlace::middle;
    });
    assert(found != panels().end());
    return *found;
}

}  // namespace convlens
