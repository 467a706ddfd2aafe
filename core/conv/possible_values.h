// Which values of a setting are possible while all else about the layer stays: what a slider offers.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/conv/problem.h"

namespace convlens {

// Every value from the setting's least to `most`, of one axis or of both alike, that leaves the layer possible.
// Precondition: the setting is a number.
std::vector<std::int64_t> possible_values(const LayerShape& layer, Field field, std::optional<Axis> axis,
                                          std::int64_t most);

// The same up to the end of the setting's slider, remembered until something else about the layer changes. `hold`: a
// slider is being dragged, so its range must not change under the pointer.
struct PossibleValues {
    std::vector<std::int64_t> values;
    LayerShape layer;  // without the value of the setting itself
    std::optional<Axis> axis;
    std::int64_t most = 0;  // 0: nothing remembered yet

    const std::vector<std::int64_t>& update(const LayerShape& of, Field field, std::optional<Axis> along, bool hold);
};

}  // namespace convlens
