// What TensorFlow and JAX share: arrays whose axes are in an order that has a name, and padding by a word or in pairs.
#include <cmath>

#include <fmt/format.h>

#include "core/import/programs.h"

namespace convlens::pasted {

namespace {

// [[before, after], ...], one pair an axis of `layout`.
Pads pads_of(PastedText& text, const Arguments& arguments, std::string_view layout) {
    const Node list = resolved(text, *arguments.given("padding"));
    const auto told = array_of(text, list);
    const auto axes = static_cast<std::int64_t>(layout.size());
    if (!told || !told->data || told->shape != std::vector<std::int64_t>{axes, 2}) {
        arguments.fail("padding",
                       msg("is not known; write \"SAME\", \"VALID\", or {pairs} pairs of numbers in the order {layout}",
                           "pairs"_is(axes), "layout"_is(layout)));
    }
    const auto at = [&](char axis, std::size_t end) {
        const double value = (*told->data)[layout.find(axis) * 2 + end];
        refuse_too_large(text, list, value, argument_of("padding", arguments.function()));
        if (value != std::floor(value))
            arguments.fail("padding", msg("{number} is not a whole number", "number"_is(fmt::format("{}", value))));
        return static_cast<std::int64_t>(value);
    };
    return {at('H', 0), at('H', 1), at('W', 0), at('W', 1)};
}

std::optional<ToldArray> in_order(const Arguments& arguments, std::string_view name,
                                  const std::optional<ToldArray>& array, std::string_view layout,
                                  std::string_view wanted) {
    if (!array) return {};
    if (array->shape.size() != layout.size()) arguments.fail(name, axes_text(*array, layout));
    return permuted(*array, layout, wanted);
}

}  // namespace

Message axes_text(const ToldArray& array, std::string_view layout) {
    return plural("has {n} axis; give it {expected}, in the order {layout}",
                  "has {n} axes; give it {expected}, in the order {layout}", std::ssize(array.shape),
                  "expected"_is(layout.size()), "layout"_is(layout));
}

void take_layout_padding(Draft& draft, PastedText& text, const Arguments& arguments,
                         std::span<const Choice<PadRule>> rules, std::string_view layout, Case letters) {
    arguments.required("padding", "\"SAME\"");
    if (arguments.word("padding"))
        draft.spec().pad_rule = arguments.choice<PadRule>("padding", rules, PadRule::explicit_, letters);
    else
        draft.spec().pads = pads_of(text, arguments, layout);
}

void assume_weight(Draft& draft, const Arguments& arguments, std::string_view name, int axes,
                   std::optional<std::int64_t> out_channels) {
    ConvSpec& spec = draft.spec();
    spec.kernel = {axes == 1 ? 1 : 3, 3};
    spec.out_channels = out_channels.value_or(std::max<std::int64_t>(spec.groups, 1));
    const auto reason = "reason"_is(arguments.untold(name));
    const auto height = "height"_is(spec.kernel.h);
    const auto width = "width"_is(spec.kernel.w);
    draft.note(out_channels
                   ? msg("{reason}; a kernel of {height}×{width} was taken", reason, height, width)
                   : msg("{reason}; a kernel of {height}×{width} was taken, and for output channels {channels}", reason,
                         height, width, "channels"_is(spec.out_channels)));
}

std::optional<ToldArray> input_in(Draft& draft, const Arguments& arguments, std::string_view name,
                                  std::string_view layout) {
    return in_order(arguments, name, arguments.input(draft, name, layout), layout, "NCHW");
}

std::optional<ToldArray> weight_in(Draft& draft, const Arguments& arguments, std::string_view name,
                                   std::string_view layout, std::string_view wanted) {
    return in_order(arguments, name, arguments.weight(draft, name, layout), layout, wanted);
}

}  // namespace convlens::pasted
