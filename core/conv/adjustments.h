// The settings of a layer as things that can be adjusted one at a time, while a fix or a wanted size is looked for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/conv/problem.h"

namespace convlens {

enum class Adjustment {
    // Numbers.
    batch,
    channels,             // of the input; a given weight stays
    channels_and_weight,  // of the input, and a given weight follows
    length,               // of the input
    kernel,
    stride,
    dilation,
    padding,  // both ends of an axis, where they are equal
    pad_before,
    pad_after,
    output_padding,
    output_size,
    groups,
    out_channels,
    anchor,
    // Switches.
    no_negative_padding,
    drop_output_size,
    default_anchor,
    tf_same,
    zeros,
    replicate,
    reflect,
    fit_weight,   // the weight follows the settings
    take_weight,  // the settings follow the weight
    fit_bias,
    drop_divisor,
    own_pads,  // the numbers that the pad rule comes to
    round_up,  // ceil_mode, on or off
    count_padding,
};

// Which axes an adjustment is of: one, or both together with the same value. What is not about an axis ignores it.
struct Axes {
    bool h = true;
    bool w = true;
};

// Whether the ends of an axis have different pads, so that they are turned one by one.
bool ends_differ(const LayerShape& layer, Axes axes);

bool is_number(Adjustment adjustment);
bool per_axis(Adjustment adjustment);

// The least value worth trying. A padding that is not negative is not made so, though Convlens would crop.
std::int64_t least_value(const LayerShape& layer, Adjustment adjustment, Axes axes);

// A number as it stands, on the first of `axes`; nothing where the layer has no such setting.
std::optional<std::int64_t> value_of(const LayerShape& layer, Adjustment adjustment, Axes axes);

// The layer with a number changed; given tensors follow, but for Adjustment::channels.
LayerShape turned_to(const LayerShape& layer, Adjustment adjustment, Axes axes, std::int64_t value);

// The layer with a switch thrown, or nothing where it is not there to be thrown.
std::optional<LayerShape> switched(const LayerShape& layer, Adjustment adjustment, Axes axes);

// One setting that differs between two layers.
struct Change {
    std::string name;   // "padding"
    std::string value;  // "1", "1×0", "top 1, bottom 0, left 0, right 0"
};
// Everything that differs between two layers, in the order of Field. A setting that is gone has no value.
std::vector<Change> changes(const LayerShape& before, const LayerShape& after);

// How much differs: the sum over all numbers of what they moved by, and kSwitch for each choice that is not a number.
// Two axes or two ends that move alike count once. Given tensors count only where nothing else changed.
inline constexpr double kSwitch = 3;
double size_of_change(const LayerShape& before, const LayerShape& after);

}  // namespace convlens
