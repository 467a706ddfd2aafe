// The way from data to picture: pure functions of a Derived and of where the user is.
#pragma once

#include <optional>

#include "app/moment/scatter.h"
#include "app/scene/scene.h"
#include "app/scene/theme.h"

namespace convlens {

struct SceneOptions {
    float width = 960, height = 540;
    float text_size = 15;  // of labels
    float least_text = 9;  // numbers that would have to be smaller are left out (the presenter's limit)
    Camera camera;
    bool sum_line = true;  // the current output's sum below the planes
    bool formula = false;  // the size formula above the planes (figures)
    bool titles = true;
    std::optional<MarkId> hover;  // borrows the highlight
    bool motion = true;           // false: no gliding, phase is taken as 0
    bool transparent = false;
    int label_lines = 1;  // at least so many where planes stand as rows: panes beside one another have them alike
};

// The grid picture: each pane with its planes, window, products, sum and output. Whoever draws one step after the other
// keeps `kept` between them: a picture of stamps then costs the same however many stamps came before.
Scene build_scene(const Derived& derived, const Playhead& playhead, const Theme& theme, const SceneOptions& options,
                  const FontMetrics& fonts, Scatters* kept = nullptr);

// One axis as a strip: every window a bracket, padding and the unread tail marked. Readable to 224 cells.
Scene build_ruler(const Derived& derived, int layer, Axis axis, const Playhead& playhead, const Theme& theme,
                  const SceneOptions& options, const FontMetrics& fonts);

}  // namespace convlens
