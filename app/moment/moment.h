// What one step of a pane's layer is about, in coordinates of its tensors: where the play stands, which output is looked
// at and which of its products have been added, and what the pointer's cell is in each pane.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "app/derived/derived.h"
#include "core/conv/shape.h"
#include "core/engine/reference.h"
#include "core/tensor/cell_id.h"

namespace convlens {

// Where the animation stands. `step` K: the K-th step has just been written; `phase` 0..1: on the way to step K+1.
struct Playhead {
    std::int64_t step = 0;
    float phase = 0;
    friend bool operator==(const Playhead&, const Playhead&) = default;
};

// A cell that somebody points at or has pinned, and the pane in which: an index into Document::panes.
struct PaneCell {
    int pane = 0;
    CellId cell;
    friend bool operator==(const PaneCell&, const PaneCell&) = default;
};

// The timeline of a pane: the output plane of its slice, or for stamps the input planes of its slice.
Timeline pane_timeline(const Derived& derived, const Pane& pane);

// Steps of the whole picture: the longest pane's. Shorter panes rest at their end.
std::int64_t step_count(const Derived& derived);

// The step that completes a cell: an output of the pane, or where it stamps a cell of its input. Nothing for any other.
std::optional<std::int64_t> step_of_cell(const Derived& derived, const PaneCell& cell);

// How many pictures the step from K to K+1 deserves, relative to an ordinary one: the kernel's turn takes its time.
float step_weight(const Derived& derived, std::int64_t step);

// Output (y, x) of a pane's slice, in the tensor in which the pane draws it.
CellId output_cell(const Pane& pane, std::int64_t y, std::int64_t x);

// conv_transpose: the input cell that a cell of the spread-out input is, or nothing for a zero between or around.
std::optional<Cell4> spread_source(const DerivedLayer& layer, const Cell4& cell);

// What the pointer's cell is in a pane: itself in its own; in any other the same cell of the output, and of the input
// where both panes read the same one. Where one pane's layer reads the other's, an output there is an input here, and the
// other way round. Nothing where the pane has no such cell.
std::optional<CellId> pointed_in_pane(const Derived& derived, const std::optional<PaneCell>& pointed, int pane_index);

// One pane at one step: the value from which the picture, the explanation and every description are made.
struct Moment {
    int pane_index = 0;
    Pane pane;
    std::shared_ptr<const DerivedLayer> layer;
    Timeline timeline;
    TimelineStep step;  // where the play stands; a pane that is shorter than the whole picture rests at its end
    TimelineStep next;  // where it goes from there
    float phase = 0;    // 0..1, how far it has gone; 0 where nothing moves: a gathered output has no window

    std::optional<CellId> pointed;  // what the pointer's cell is in this pane
    std::optional<Cell4> out;       // the output that is looked at: the pointer's, else the one that the play writes
    bool borrowed = false;          // `out` is the pointer's: it is seen whole, wherever the play is
    bool complete = true;           // all products of `out` have been added

    std::int64_t channel = 0;      // of the input: the one that is looked at, counted in the group of the slice's c_out
    bool channel_played = false;   // the play chooses it; else the pane's slice does
    std::optional<Size2> product;  // the place of the one product that is singled out, by the pointer or the play
    std::int64_t landed = 0;       // stamps: how many products of the present stamp have been added

    const ConvSpec& spec() const { return layer->layer.spec; }
    Shape4 input_shape() const { return layer->input->shape(); }
    bool pooling() const { return is_pooling(spec().op); }
    bool transposed() const { return spec().op == Op::conv_transpose; }
    bool stamps() const { return timeline.stamps; }
    // Does a window slide over the plane that is drawn? The cells that a gathered output reads are scattered.
    bool has_window() const { return !transposed() || pane.reading == Reading::zero_inserted; }
    // Input channels of a group, and the first of the group that the slice's output channel belongs to.
    std::int64_t group_channels() const { return input_shape().c / group_count(spec(), input_shape().c); }
    std::int64_t first_channel() const { return first_input_channel(spec(), input_shape().c, pane.slice.c_out); }
    // `channel` as the input counts it.
    std::int64_t input_channel() const { return first_channel() + channel; }
    // Has the play completed output (y, x) of the slice?
    bool is_written(std::int64_t y, std::int64_t x) const { return y * layer->output.shape().w + x < step.cells_done; }
    // Does the kernel lie turned by 180 degrees in this reading, and is it to be turned yet?
    bool turned() const;
    bool to_turn() const { return turned() && step.before_first && spec().op == Op::conv; }
};
// Precondition: the document has the pane.
Moment moment_of(const Derived& derived, int pane_index, const Playhead& playhead,
                 const std::optional<PaneCell>& pointed);

// The playhead with phase 0 where no pane has anything on its way, or without motion: pictures of equal ones are equal.
Playhead seen_playhead(const Derived& derived, const Playhead& playhead, bool motion);

}  // namespace convlens
