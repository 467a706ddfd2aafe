#include "core/conv/changes.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "core/base/same_bits.h"
#include "core/conv/parameters.h"

namespace convlens {

namespace {

double distance(std::int64_t a, std::int64_t b) { return std::abs(static_cast<double>(a) - static_cast<double>(b)); }
double together(double first, double second) { return first == second ? first : first + second; }
double distance(Size2 a, Size2 b) { return together(distance(a.h, b.h), distance(a.w, b.w)); }
double distance(const Pads& a, const Pads& b) {
    return together(together(distance(a.top, b.top), distance(a.bottom, b.bottom)),
                    together(distance(a.left, b.left), distance(a.right, b.right)));
}
double distance(const std::optional<Size2>& a, const std::optional<Size2>& b) {
    if (a && b) return distance(*a, *b);
    return a == b ? 0 : kSwitch;
}
double distance(double a, double b) { return same_bits(a, b) ? 0 : kSwitch; }
// Choices that are not a number.
template <typename Choice>
double distance(const Choice& a, const Choice& b) {
    return a == b ? 0 : kSwitch;
}
double distance(const Shape4& a, const Shape4& b) {
    return distance(a.n, b.n) + distance(a.c, b.c) + distance(a.plane(), b.plane());
}
double distance(const Shape4& a, const Shape4& b, InputPart part) {
    switch (part) {
        case InputPart::batch: return distance(a.n, b.n);
        case InputPart::channels: return distance(a.c, b.c);
        case InputPart::plane: return distance(a.plane(), b.plane());
    }
    return 0;
}

double distance(const LayerShape& before, const LayerShape& after, const Parameter& parameter) {
    return std::visit(
        [&](const auto slot) {
            if constexpr (std::is_same_v<decltype(slot), const InputPart>)
                return distance(before.input, after.input, slot);
            else
                return distance(before.spec.*slot, after.spec.*slot);
        },
        parameter.slot);
}

}  // namespace

std::vector<Change> changes(const LayerShape& before, const LayerShape& after) {
    std::vector<Change> all;
    for (const Parameter& parameter : parameters()) {
        Message text = value_text(after, parameter.id);
        if (text != value_text(before, parameter.id)) all.push_back({parameter.id, parameter.name, std::move(text)});
    }
    std::ranges::sort(all, {}, &Change::field);
    if (before.weight != after.weight)
        all.push_back({Field::weight, key("weight shape"), verbatim(after.weight ? to_string(*after.weight) : "")});
    if (before.bias_length != after.bias_length) {
        const std::string length = after.bias_length ? fmt::format("{}", *after.bias_length) : std::string();
        all.push_back({Field::bias, key("bias length"), verbatim(length)});
    }
    return all;
}

Message changes_text(const LayerShape& before, const LayerShape& after) {
    std::vector<Message> steps;
    for (Change& change : changes(before, after)) {
        const auto setting = "setting"_is(std::move(change.name));
        steps.push_back(change.value.empty()
                            ? msg("remove {setting}", setting)
                            : msg("set {setting} to {value}", setting, "value"_is(std::move(change.value))));
    }
    return in_turn(std::move(steps));
}

double size_of_change(const LayerShape& before, const LayerShape& after) {
    double size = 0;
    for (const Parameter& parameter : parameters()) size += distance(before, after, parameter);
    if (size > 0) return size;
    if (before.weight != after.weight) size = distance(*before.weight, *after.weight);
    return size + (before.bias_length != after.bias_length ? 1 : 0);
}

}  // namespace convlens
