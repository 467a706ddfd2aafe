#include "core/conv/possible_values.h"

#include <algorithm>

#include "core/conv/parameters.h"
#include "core/conv/rules.h"

namespace convlens {

namespace {

// Sliders of very large settings end at a round number above the present value.
std::int64_t slider_end(std::int64_t usual, std::int64_t value) {
    constexpr std::int64_t kMost = 1024;  // beyond, one types
    std::int64_t end = usual;
    while (end < value && end < kMost) end *= 2;
    return std::min(end, std::max(usual, kMost));
}

}  // namespace

std::vector<std::int64_t> possible_values(const LayerShape& layer, Field field, std::optional<Axis> axis,
                                          std::int64_t most) {
    std::vector<std::int64_t> values;
    LayerShape candidate = layer;
    for (std::int64_t value = parameter(field).least; value <= most; ++value) {
        set_number(candidate, field, axis, value);
        if (find_faults(candidate).empty()) values.push_back(value);
    }
    return values;
}

const std::vector<std::int64_t>& PossibleValues::update(const LayerShape& of, Field field, std::optional<Axis> along,
                                                        bool hold) {
    const Size2 now = shown_number(of, field);
    LayerShape others = of;
    set_number(others, field, along, 0);
    const bool held = hold && most > 0;
    const std::int64_t end = held ? most : slider_end(parameter(field).usual, along == Axis::w ? now.w : now.h);
    if (end == most && along == axis && others == layer) return values;
    values = possible_values(of, field, along, end);
    layer = others;
    axis = along;
    most = end;
    return values;
}

}  // namespace convlens
