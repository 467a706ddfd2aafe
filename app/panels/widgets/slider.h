// The slider of the panels.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "app/panels/panels.h"

namespace convlens {

// A slim slider over a list of values. Gives the chosen one while it moves; `value` may be none of the list.
std::optional<std::int64_t> value_slider(const PanelContext& context, const char* label,
                                         const std::vector<std::int64_t>& values, std::int64_t value, Colour hue,
                                         float width);

}  // namespace convlens
