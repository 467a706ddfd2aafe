// Steps are counted cell by cell, so that a step's cell and what is reached in it are a quotient and a remainder.
#include "core/trace/timeline.h"

#include <algorithm>

#include "core/conv/shape.h"

namespace convlens {

std::int64_t Timeline::steps_per_cell() const {
    switch (by) {
        case StepBy::output: return 1;
        case StepBy::channel: return channels;
        case StepBy::product: return channels * window;
    }
    return 1;
}

std::int64_t Timeline::count() const { return cells.n * cells.c * cells.h * cells.w * steps_per_cell(); }

Timeline timeline(const ConvSpec& spec, const Shape4& input, StepBy by, bool stamps) {
    Timeline t;
    t.by = by;
    t.stamps = stamps && spec.op == Op::conv_transpose;
    t.window = spec.kernel.h * spec.kernel.w;
    t.cells = t.stamps ? input : output_shape(spec, input);
    const bool sums_channels = spec.op == Op::conv || spec.op == Op::conv_transpose;
    if (!t.stamps && sums_channels) t.channels = input.c / spec.groups;
    return t;
}

TimelineStep step_at(const Timeline& timeline, std::int64_t step) {
    TimelineStep at;
    if (step <= 0 || timeline.count() == 0) return at;
    const std::int64_t index = std::min(step, timeline.count()) - 1;
    const std::int64_t per_cell = timeline.steps_per_cell();
    const std::int64_t cell = index / per_cell;
    const std::int64_t within = index % per_cell;
    at.before_first = false;
    at.cell.x = cell % timeline.cells.w;
    at.cell.y = cell / timeline.cells.w % timeline.cells.h;
    at.cell.c = cell / timeline.cells.w / timeline.cells.h % timeline.cells.c;
    at.cell.n = cell / timeline.cells.w / timeline.cells.h / timeline.cells.c;
    const bool by_product = timeline.by == StepBy::product;
    at.channel = timeline.by == StepBy::output ? timeline.channels - 1 : within / (by_product ? timeline.window : 1);
    at.product = by_product ? within % timeline.window : timeline.window - 1;
    at.cell_complete = within == per_cell - 1;
    at.cells_done = cell + (at.cell_complete ? 1 : 0);
    return at;
}

std::int64_t step_of(const Timeline& timeline, const Cell4& cell) {
    const Shape4& cells = timeline.cells;
    const std::int64_t index = ((cell.n * cells.c + cell.c) * cells.h + cell.y) * cells.w + cell.x;
    return (index + 1) * timeline.steps_per_cell();
}

}  // namespace convlens
