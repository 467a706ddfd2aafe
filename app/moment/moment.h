// What one step of a pane's layer is about, in coordinates of its tensors: where the play stands, which output is looked
// at, and what the pointer's cell is in each pane.
#pragma once

#include <cstdint>
#include <optional>

#include "app/derived/derived.h"
#include "core/tensor/cell_id.h"

namespace convlens {

// Where the animation stands. `step` K: the K-th step has just been written; `phase` 0..1: on the way to step K+1.
struct Playhead {
    std::int64_t step = 0;
    float phase = 0;
};

// A cell that somebody points at or has pinned, and the pane in which: an index into Document::panes.
struct PaneCell {
    int pane = 0;
    CellId cell;
    friend bool operator==(const PaneCell&, const PaneCell&) = default;
};

// The timeline of a pane: the output plane of its slice, or for stamps the input planes of its slice.
Timeline pane_timeline(const Derived& derived, const Pane& pane);

// The input channel, counted in its group, that a step of the pane is about; nothing where a step is about all of them, or
// nothing has been written yet: then the pane's slice says which one is shown.
std::optional<std::int64_t> played_channel(const Derived& derived, const Pane& pane, std::int64_t step);

// Steps of the whole picture: the longest pane's. Shorter panes rest at their end.
std::int64_t step_count(const Derived& derived);

// How many pictures the step from K to K+1 deserves, relative to an ordinary one: the kernel's turn takes its time.
float step_weight(const Derived& derived, std::int64_t step);

// What the pointer's cell is in a pane: itself in its own; in any other the same cell of the output, and of the input
// where both panes read the same one. Nothing where the pane has no such cell.
std::optional<CellId> pointed_in_pane(const Derived& derived, const std::optional<PaneCell>& pointed, int pane_index);

// The output cell that the highlight is on: the one pointed at, else the one the playhead stands at.
std::optional<Cell4> current_output(const Derived& derived, const Pane& pane, const Playhead& playhead,
                                    const std::optional<PaneCell>& pointed, int pane_index);

}  // namespace convlens
