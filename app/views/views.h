// The table of views: each is a way in which a pane shows its layer. Panes name their view by its word; the diagram, figures,
// the View menu and `convlens render --view` read this table.
#pragma once

#include <span>
#include <string_view>

#include "app/derived/derived.h"
#include "app/scene/scene.h"
#include "core/text/message.h"

namespace convlens {

struct PaneScene;

struct ViewInfo {
    std::string_view name;  // in documents and on the command line
    Key title = {};         // in menus
    Key about = {};         // what it makes visible, a sentence
    // Its cells show the numbers of their tensors, so that these are changed where they stand.
    bool shows_values = false;
    // Why it cannot show a layer, and which view can, a sentence; empty where it can. Null: it shows every layer.
    Message (*refusal)(const DerivedLayer& layer) = nullptr;
    // Adds the pane's marks within its area and its sum line's. Returns Layout::rows, or 0 where no planes stand as rows.
    int (*add)(Scene& out, const PaneScene& scene) = nullptr;
};

// The first row is planes, which shows every layer.
std::span<const ViewInfo> views();

// Null where no view has the name.
const ViewInfo* find_view(std::string_view name, std::span<const ViewInfo> among = views());

// Why the view cannot show the layer; empty where it can.
Message refusal(const ViewInfo& view, const DerivedLayer& layer);

// The view that a pane is drawn in: the one that it names, or planes where there is none of that name or it cannot show
// the layer. `note` then says why.
struct SeenView {
    const ViewInfo* view;
    Message note;
};
SeenView seen_view(const Pane& pane, const DerivedLayer& layer, std::span<const ViewInfo> among = views());

// What the rows of the table add.
int add_planes(Scene& out, const PaneScene& scene);
int add_reads(Scene& out, const PaneScene& scene);

}  // namespace convlens
