// The way from data to picture: pure functions of a Derived and of where the user is.
#pragma once

#include <optional>

#include "app/moment/scatter.h"
#include "app/scene/scene.h"
#include "app/scene/theme.h"

namespace convlens {

// What is seen beside the planes, and how they move.
struct ShownParts {
    bool sum_line = true;  // the current output's sum below the planes
    bool settings = true;  // the setting line with the size formula above the planes
    bool titles = true;
    bool motion = true;   // false: no gliding, phase is taken as 0
    bool anchor = false;  // the anchor's ring, also where nothing in the layer is about it
};

// How the picture of a document is wanted.
struct SceneOptions {
    Page page;
    Camera camera;
    ShownParts shown;
    std::optional<MarkId> hover;  // borrows the highlight
};

// Do panes show layers that differ in where the anchor is, and else have the same input and kernel?
bool compares_anchors(const Derived& derived);

// The grid picture: each pane with its planes, window, products, sum and output. Whoever draws one step after the other
// keeps `kept` between them: a picture of stamps then costs the same however many stamps came before.
Scene build_scene(const Derived& derived, const Playhead& playhead, const Theme& theme, const SceneOptions& options,
                  const FontMetrics& fonts, Scatters* kept = nullptr);

// One axis as a strip: every window a bracket, padding and the unread tail marked. Readable to 224 cells. `hover` borrows
// the highlight.
Scene build_ruler(const Derived& derived, int layer, Axis axis, const Playhead& playhead, const Theme& theme,
                  const Page& page, const std::optional<MarkId>& hover, const FontMetrics& fonts);

}  // namespace convlens
