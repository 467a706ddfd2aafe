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
                       fmt::format("is not known; write \"SAME\", \"VALID\", or {} pairs of numbers in the order {}",
                                   axes, layout));
    }
    const auto at = [&](char axis, std::size_t end) {
        const double value = (*told->data)[layout.find(axis) * 2 + end];
        refuse_too_large(text, list, value, fmt::format("padding of {}: ", arguments.function()));
        if (value != std::floor(value)) arguments.fail("padding", fmt::format("{} is not a whole number", value));
        return static_cast<std::int64_t>(value);
    };
    return {at('H', 0), at('H', 1), at('W', 0), at('W', 1)};
}

std::optional<ToldArray> in_order(const Arguments& arguments, std::string_view name,
                                  const std::optional<ToldArray>& array, std::string_view layout,
                                  std::string_view wanted) {
    if (!array) return {};
    if (array->shape.size() != layout.size()) {
        arguments.fail(
            name, fmt::format("has {} axes; give it {}, in the order {}", array->shape.size(), layout.size(), layout));
    }
    return permuted(*array, layout, wanted);
}

}  // namespace

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
    const std::string note = fmt::format("{}; a kernel of {}×3 was taken", arguments.untold(name), spec.kernel.h);
    spec.out_channels = out_channels.value_or(std::max<std::int64_t>(spec.groups, 1));
    draft.note(out_channels ? note : fmt::format("{}, and for output channels {}", note, spec.out_channels));
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
