// What the sentences about one axis have in common. Internal to core/conv: rule_messages.h has what others call.
#pragma once

#include <string>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "core/conv/names.h"
#include "core/conv/rules.h"
#include "core/text/message.h"

namespace convlens {

// A whole number of any width, its minus sign as it is printed.
inline std::string number(Wide value) { return value < 0 ? fmt::format("\u2212{}", -value) : fmt::format("{}", value); }

// A number after a plus sign: "(\u22121)" where it is negative.
inline std::string added(Wide value) { return value < 0 ? "(" + number(value) + ")" : number(value); }

// One axis of a layer, or both where they are the same in every number.
struct AxisView {
    const LayerShape& layer;
    Axis axis;
    bool both;
    AxisSpec own;
    WideAxis solved;

    AxisView(const LayerShape& of, Axis which, bool square = false)
        : layer(of), axis(which), both(square), own(axis_of(of.spec, which)), solved(solve_allowed(of, which)) {}

    bool is_rows() const { return axis == Axis::h; }
    bool pads() const { return solved.pad_before != 0 || solved.pad_after != 0; }
    bool dilates() const { return solved.dilation > 1 && solved.kernel > 1; }
    Key at_start() const {
        return both ? key("at the top and left") : is_rows() ? key("at the top") : key("at the left");
    }
    Key at_end() const {
        return both ? key("at the bottom and right") : is_rows() ? key("at the bottom") : key("at the right");
    }
    // Where the padding of the end named, before or after, is: everywhere on the axis if both ends are alike.
    Key at_sides(bool before) const {
        if (solved.pad_before != solved.pad_after) return before ? at_start() : at_end();
        return both ? key("on every side") : is_rows() ? key("at the top and bottom") : key("at the left and right");
    }
    std::int64_t of(Size2 size) const { return is_rows() ? size.h : size.w; }
    std::int64_t length() const { return of(layer.input.plane()); }
};

// The sentence that fits the axis: the vertical one, the horizontal one, or the one for both.
template <typename... Places>
Message said(const AxisView& a, Sentence<std::type_identity_t<Places>...> vertical,
             Sentence<std::type_identity_t<Places>...> horizontal, Sentence<std::type_identity_t<Places>...> alike,
             Places... places) {
    return msg(a.both ? alike : a.is_rows() ? vertical : horizontal, std::move(places)...);
}

inline std::string program(Dialect dialect) { return std::string(title(dialect)); }

// Of a fault that is about one axis or both: one sentence an axis, or one for both where their numbers are the same.
Message axis_message(const LayerShape& layer, const Fault& fault);

// Of them those of pooling: pads that leave a window without input, and settings that a program's pooling does not have.
Message pool_pad_too_big(const AxisView& a);
Message not_supported(const AxisView& a, Field field);

}  // namespace convlens
