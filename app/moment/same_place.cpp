#include "app/moment/same_place.h"

#include <algorithm>

namespace convlens {

namespace {

// Of a transposed convolution: the output on which the middle of an input cell's stamp falls, or the nearest of them.
std::int64_t stamped_index(const AxisShape& axis, std::int64_t input) {
    const std::int64_t at = input * axis.stride + (axis.kernel - 1) / 2 * axis.dilation - axis.pad_before;
    return std::clamp<std::int64_t>(at, 0, axis.output - 1);
}

// The input cell of which the middle of the stamp falls on an output, or nearest to it: stamped_index() the other way.
std::int64_t stamping_index(const AxisShape& axis, std::int64_t output) {
    const std::int64_t from = output + axis.pad_before - (axis.kernel - 1) / 2 * axis.dilation;
    return std::clamp<std::int64_t>((from + axis.stride / 2) / axis.stride, 0, axis.input - 1);
}

// One pane before and after a change, with the timeline of each.
struct Change {
    Pane was, is;
    Timeline from, to;
};
// Nothing where one of the documents has no such pane.
std::optional<Change> change_of(const Derived& before, const Derived& after, int pane_index) {
    const auto index = static_cast<std::size_t>(std::max(pane_index, 0));
    const auto &old_panes = before.document.panes, &new_panes = after.document.panes;
    if (index >= old_panes.size() || index >= new_panes.size()) return std::nullopt;
    const Pane &was = old_panes[index], &is = new_panes[index];
    return Change{was, is, pane_timeline(before, was), pane_timeline(after, is)};
}

}  // namespace

std::optional<std::int64_t> step_of_place(const Derived& before, const Derived& after, int pane_index,
                                          std::int64_t step) {
    const std::optional<Change> change = change_of(before, after, pane_index);
    if (!change || change->from.stamps == change->to.stamps || change->was.layer != change->is.layer)
        return std::nullopt;
    const TimelineStep at = step_at(change->from, step);
    if (at.before_first) return 0;
    if (step >= step_count(before)) return step_count(after);
    if (step >= change->from.count()) return std::max(step, change->to.count());
    const DerivedLayer& layer = *shown_layer(after, change->is);
    const Cell4 cell =
        change->from.stamps
            ? Cell4{0, 0, stamped_index(layer.h, at.cell.y), stamped_index(layer.w, at.cell.x)}
            : Cell4{0, change->is.slice.c_in, stamping_index(layer.h, at.cell.y), stamping_index(layer.w, at.cell.x)};
    return step_of(change->to, cell);
}

std::optional<std::int64_t> step_of_same_cell(const Derived& before, const Derived& after, int pane_index,
                                              std::int64_t step) {
    const std::optional<Change> change = change_of(before, after, pane_index);
    if (!change || change->from.cells != change->to.cells || change->from.stamps != change->to.stamps)
        return std::nullopt;
    const TimelineStep at = step_at(change->from, step);
    if (at.before_first) return 0;
    const bool beyond = step > change->from.count();  // the play of another pane takes longer
    return beyond ? step_count(after) : step_of(change->to, at.cell);
}

}  // namespace convlens
