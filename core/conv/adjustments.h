// How the search for a fix or for a wanted size changes a layer: one setting at a time, of the table in parameters.h.
#pragma once

#include <cstdint>
#include <optional>

#include "core/conv/problem.h"

namespace convlens {

// A way to change a layer. A field alone stands for its number: `Adjustment(Field::stride)`.
struct Adjustment {
    enum class Way {
        number,        // another number; of a padding both ends of an axis, where they are equal
        before,        // of a padding: the end before the input
        after,         // of a padding: the end after it
        weight_stays,  // another number of input channels, while a given weight keeps its shape
        choose,        // the value that `choice` stands for
        drop,          // the setting is given no longer
        flip,          // a switch that is on goes off, and the other way round
        no_negative,   // of a padding: negative numbers become 0
        own_numbers,   // of a padding rule: the numbers that it comes to stand in its place
        follow,        // a given weight or bias takes the shape that the settings want
        lead,          // the settings take what a given weight has
    };
    Field field{};
    Way way = Way::number;
    int choice = 0;  // of an enumeration its value; of a switch 0 or 1

    // NOLINTNEXTLINE(google-explicit-constructor): lists of what may be adjusted name fields
    constexpr Adjustment(Field of = {}, Way by = Way::number, int chosen = 0) : field(of), way(by), choice(chosen) {}
    friend constexpr bool operator==(const Adjustment&, const Adjustment&) = default;

    constexpr bool is_number() const { return way <= Way::weight_stays; }
    constexpr bool one_end() const { return way == Way::before || way == Way::after; }
};
constexpr Adjustment choose(PadRule rule) { return {Field::pad_rule, Adjustment::Way::choose, static_cast<int>(rule)}; }
constexpr Adjustment choose(PadMode mode) { return {Field::pad_mode, Adjustment::Way::choose, static_cast<int>(mode)}; }
constexpr Adjustment switch_on(Field field) { return {field, Adjustment::Way::choose, 1}; }
constexpr Adjustment drop(Field field) { return {field, Adjustment::Way::drop}; }
// One end of a padding by itself: a last resort.
inline constexpr Adjustment kPadBefore{Field::padding, Adjustment::Way::before};
inline constexpr Adjustment kPadAfter{Field::padding, Adjustment::Way::after};

// Which axes an adjustment is of: one, or both together with the same value. What is not about an axis ignores it.
struct Axes {
    bool h = true;
    bool w = true;
};
constexpr Axes only(Axis axis) { return {axis == Axis::h, axis == Axis::w}; }

// Whether the ends of an axis have different pads, so that they are adjusted one by one.
bool ends_differ(const LayerShape& layer, Axes axes);

// Whether rows and columns have numbers of their own.
bool per_axis(const Adjustment& adjustment);

// The least value worth trying. A padding that is not negative is not made so, though Convlens would crop.
// Precondition of this and the next three: adjustment.is_number().
std::int64_t least_value(const LayerShape& layer, const Adjustment& adjustment, Axes axes);

// A number as it stands, on the first of `axes`; nothing where the layer has no such setting.
std::optional<std::int64_t> value_of(const LayerShape& layer, const Adjustment& adjustment, Axes axes);

// Whether a number is the same on both axes, or given on neither.
bool alike_on_axes(const LayerShape& layer, const Adjustment& adjustment);

// The layer with a number changed; given tensors follow, but for Way::weight_stays.
LayerShape adjusted(const LayerShape& layer, const Adjustment& adjustment, Axes axes, std::int64_t value);

// The layer adjusted in another way than by a number, or nothing where that changes nothing.
std::optional<LayerShape> adjusted(const LayerShape& layer, const Adjustment& adjustment, Axes axes);

}  // namespace convlens
