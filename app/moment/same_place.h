// Where a play goes on when its steps become others: at the step of the new timeline that is at the same place.
#pragma once

#include <cstdint>
#include <optional>

#include "app/moment/moment.h"

namespace convlens {

// A pane that is read by stamps and no longer, or the other way round: the output in the middle of the stamp that step
// `step` was at, or the stamp with that output in its middle. A finished play stays so. Nothing where the pane is read as
// before, or is of another layer. Precondition: the layers have the shapes that they had.
std::optional<std::int64_t> step_of_place(const Derived& before, const Derived& after, int pane_index,
                                          std::int64_t step);

// Steps of another kind: the step at which the cell that step `step` was at is complete. Nothing where the pane has other
// cells than before.
std::optional<std::int64_t> step_of_same_cell(const Derived& before, const Derived& after, int pane_index,
                                              std::int64_t step);

}  // namespace convlens
