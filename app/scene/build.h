// The way from data to picture: pure functions of a Derived and of where the user is.
#pragma once

#include <optional>

#include "app/derived/derived.h"
#include "app/scene/scene.h"
#include "app/scene/theme.h"

namespace convlens {

// Where the animation stands. `step` K: the K-th step has just been written; `phase` 0..1: on the way to step K+1.
struct Playhead {
    std::int64_t step = 0;
    float phase = 0;
};

// Zoom 1 fits the canvas.
struct Camera {
    float zoom = 1;
    Point pan;
};

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

// The grid picture: each pane with its planes, window, products, sum and output.
Scene build_scene(const Derived& derived, const Playhead& playhead, const Theme& theme, const SceneOptions& options,
                  const FontMetrics& fonts);

// One axis as a strip: every window a bracket, padding and the unread tail marked. Readable to 224 cells.
Scene build_ruler(const Derived& derived, int layer, Axis axis, const Playhead& playhead, const Theme& theme,
                  const SceneOptions& options, const FontMetrics& fonts);

// What the pointer's cell is in a pane: itself in its own; in any other the same cell of the output, and of the input
// where both panes read the same one. Nothing where the pane has no such cell.
std::optional<MarkId> hover_in_pane(const Derived& derived, const std::optional<MarkId>& hover, int pane_index);

// The output cell that the highlight is on: the hovered one, else the one the playhead stands at.
std::optional<Cell4> current_output(const Derived& derived, const Pane& pane, const Playhead& playhead,
                                    const std::optional<MarkId>& hover, int pane_index);

// How many pictures the step from K to K+1 deserves, relative to an ordinary one: the kernel's turn takes its time.
float step_weight(const Derived& derived, std::int64_t step);

}  // namespace convlens
