#include "core/conv/number_limit.h"

#include <algorithm>
#include <array>

#include "core/conv/axis_messages.h"
#include "core/conv/pad.h"
#include "core/conv/parameters.h"
#include "core/conv/wide_axis.h"

namespace convlens {

namespace {

bool used(const ConvSpec& spec, const Parameter& row) {
    if (!is_number(row) || !row.operations.contain(spec.op)) return false;
    if (row.id == Field::padding) return reads_own_pads(spec);
    if (row.id == Field::anchor) return spec.pad_rule == PadRule::opencv_anchor;
    if (row.id == Field::output_padding) return !spec.output_size || size_chooses_pads(spec.pad_rule);
    return true;
}

// Whether one of the numbers that a layer uses on an axis is one of those that `wrong` is true of.
template <typename Wrong>
bool any_number(const LayerShape& layer, const Parameter& row, Axis axis, Wrong wrong) {
    return std::ranges::any_of(std::array{End::before, End::after}, [&](End end) {
        const std::int64_t* const number = number_of(layer, row, axis, end);
        return number != nullptr && wrong(*number);
    });
}

bool beyond(std::int64_t number) { return number > kWidest || number < -kWidest; }
bool too_negative(std::int64_t number) { return number < -kWidest; }

bool at_fault(const LayerShape& layer, const Parameter& row, Axis axis) {
    return used(layer.spec, row) && any_number(layer, row, axis, beyond);
}

}  // namespace

std::vector<Fault> numbers_too_large(const LayerShape& layer) {
    std::vector<Fault> found;
    for (const Parameter& row : parameters()) {
        const bool rows = at_fault(layer, row, Axis::h), columns = at_fault(layer, row, Axis::w);
        if (!rows && !columns) continue;
        const bool axes = per_axis(row);
        found.push_back({ErrorKind::number_too_large, row.blamed(), axes && rows, axes && columns});
    }
    std::ranges::stable_sort(found, {}, &Fault::field);
    return found;
}

Message number_too_large_text(const LayerShape& layer, const Fault& fault) {
    for (const Parameter& row : parameters()) {
        const bool here = row.blamed() == fault.field && per_axis(row) == (fault.rows || fault.columns);
        const bool rows = here && at_fault(layer, row, Axis::h), columns = here && at_fault(layer, row, Axis::w);
        if (!rows && !columns) continue;
        const auto setting = "setting"_is(row.name);
        const auto value = "value"_is(value_text(layer, row.id));
        const bool negative = any_number(layer, row, rows ? Axis::h : Axis::w, too_negative);
        if (negative)
            return msg("A layer with {setting} {value} cannot be computed: its numbers must be at least {limit}.",
                       setting, value, "limit"_is(number(-Wide{kWidest})));
        return msg("A layer with {setting} {value} cannot be computed: its numbers must be at most {limit}.", setting,
                   value, "limit"_is(number(kWidest)));
    }
    return {};
}

}  // namespace convlens
