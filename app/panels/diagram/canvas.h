// What the parts of the Canvas panel share. Internal to app/panels.
#pragma once

#include <optional>

#include "app/moment/cell.h"
#include "app/panels/widgets/widgets.h"
#include "app/views/build.h"
#include "app/views/cell_mark.h"

namespace convlens {

// The picture of this frame's Canvas and the pointer on it.
struct CanvasView {
    PanelContext& context;
    ImVec2 at;  // its corner on screen
    float width = 0, height = 0;
    bool low = false;            // too low for a title and a line of hints
    bool over = false;           // the pointer is on it, and nothing lies between
    std::optional<MarkId> cell;  // under the pointer
    bool on_anchor = false;      // the pointer is on the ring of the kernel's anchor

    UiState& ui() const { return context.ui; }
    Point local(ImVec2 p) const { return {p.x - at.x, p.y - at.y}; }
};

SceneOptions scene_options(const CanvasView& view);

// cell_exists() and editable_cell() of what a mark stands for.
bool mark_exists(const Derived& derived, const MarkId& mark);
std::optional<CellTarget> editable_mark(const PanelContext& context, const MarkId& mark);

// Pointer: clicks pin or go to a step, drags paint or move the picture, the wheel changes a number or zooms.
void use_pointer(const CanvasView& view);

// The anchor's ring on the kernel, if the pointer is on it; its cell's middle stays the cell's.
std::optional<AnchorDrag> anchor_under_pointer(const CanvasView& view);
// Moves the anchor to the kernel's cell nearest to the pointer. One undo step until the button is let go.
void drag_anchor(const CanvasView& view);

// A number typed over a cell opens a field there; Enter keeps it, Escape does not.
void use_digits(const CanvasView& view);
void draw_cell_edit(const CanvasView& view, const Scene& scene);

// That a pane's layer is being computed, or could not be, over its older picture.
void draw_computing(const CanvasView& view);

// The line from `top` on, below the picture: what the pointer is on, what can be done there, the scale of colours.
void draw_canvas_line(const CanvasView& view, float top);

}  // namespace convlens
