// The settings of a layer that are numbers, as one table: name, hue, range, and which of their values are possible.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/conv/expr.h"
#include "core/conv/problem.h"

namespace convlens {

enum class ParameterId {
    input,
    kernel,
    stride,
    padding,
    dilation,
    output_padding,
    batch,
    in_channels,
    out_channels,
    groups,
};
inline constexpr std::size_t kParameterCount = 10;

struct Parameter {
    ParameterId id{};
    const char* name = "";   // "output padding"
    const char* label = "";  // in the panel; short
    const char* about = "";  // what it is, for people who meet it for the first time
    Field field{};           // its problems
    Role role{};             // its hue
    bool two_axes = true;    // rows and columns; else one number
    std::int64_t least = 0;  // the slider begins here
    std::int64_t usual = 8;  // and ends here, unless the value is larger
};
std::span<const Parameter> parameters();
const Parameter& info(ParameterId parameter);

// Parameters with one number have it in h and w alike. Padding: what stands before an axis, whatever rule chose it.
Size2 parameter_value(const LayerShape& shape, ParameterId parameter);

// Pads of the shape with the rule resolved, all zero where that is not possible.
Pads shown_pads(const LayerShape& shape);

// A layer over a row: the input, the kernel and the padded input are one cell high, so only W has anything to set.
bool one_row(const LayerShape& shape);

// Sets one axis, or both. Padding takes the same on both sides, and no longer comes from a rule.
void set_parameter(LayerShape& shape, ParameterId parameter, std::optional<Axis> axis, std::int64_t value);

// Every value in least..most that leaves the layer possible while all else stays.
std::vector<std::int64_t> possible_values(const LayerShape& shape, ParameterId parameter, std::optional<Axis> axis,
                                          std::int64_t most);

// The same, remembered until something else about the layer changes. `hold`: a slider is being dragged, so its range
// must not change under the pointer.
struct PossibleValues {
    std::vector<std::int64_t> values;
    LayerShape shape;  // with the parameter's own value taken out
    std::optional<Axis> axis;
    std::int64_t most = 0;  // 0: nothing remembered yet

    const std::vector<std::int64_t>& update(const LayerShape& of, ParameterId parameter, std::optional<Axis> along,
                                            bool hold);
};

// "stride 2", "stride 2, 1", for Undo.
std::string parameter_text(const LayerShape& shape, ParameterId parameter);

}  // namespace convlens
