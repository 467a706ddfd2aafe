// The order in which a layer is computed on screen. Any step is found in O(1); nothing is replayed.
#pragma once

#include <cstdint>

#include "core/conv/spec.h"
#include "core/trace/trace.h"

namespace convlens {

// What one step of the timeline is: a whole output cell; one input channel's part of it; one product.
enum class StepBy { output, channel, product };

// Counts steps 1..count; step 0 is "nothing written yet", step K is "the K-th has just been written".
// Order: n, c_out, row, column, then input channel, then window row and column.
// For conv_transpose read as stamps (scatter) the steps run over input cells instead of output cells.
struct Timeline {
    Shape4 cells;               // output shape, or the input shape for stamps
    std::int64_t channels = 1;  // input channels per group (stamps: 1)
    std::int64_t window = 1;    // kh*kw
    StepBy by = StepBy::output;
    bool stamps = false;

    std::int64_t steps_per_cell() const;
    std::int64_t count() const;
};

struct TimelineStep {
    bool before_first = true;     // step 0
    Cell4 cell;                   // the output cell being written, or the input cell being stamped
    std::int64_t channel = 0;     // the input channel reached, relative to its group
    std::int64_t product = 0;     // index in the window of the product reached, 0..window-1
    bool cell_complete = true;    // the cell has its final value at this step
    std::int64_t cells_done = 0;  // cells completed, this one included if complete
};

// `stamps` is for conv_transpose; every other operation is read by its outputs.
Timeline timeline(const ConvSpec& spec, const Shape4& input, StepBy by, bool stamps);
// Steps outside 0..count are taken as the nearest of them.
TimelineStep step_at(const Timeline& timeline, std::int64_t step);
// The step at which `cell` is complete.
std::int64_t step_of(const Timeline& timeline, const Cell4& cell);

}  // namespace convlens
