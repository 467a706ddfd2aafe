#include "core/conv/weight_layout.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include <fmt/format.h>

namespace convlens {

namespace {

enum class Kind { conv, depthwise, transposed };

// When a row of the table holds.
enum class Groups { any, one, several };

struct Row {
    Kind kind{};
    Groups groups{};
    std::string_view order;
    std::string_view axes;  // `order` with each letter's meaning: i, o within a group; I, O over all; q the multiplier
    std::string_view programs;
    bool from_one = false;
};

// no words: names of programs
constexpr std::array kRows{
    Row{Kind::conv, Groups::any, "OIHW", "OiHW", "PyTorch, ONNX"},
    Row{Kind::conv, Groups::any, "HWIO", "HWiO", "TensorFlow, Keras, Flax"},
    Row{Kind::conv, Groups::any, "OHWI", "OHWi", "TensorFlow Lite, oneDNN ohwi"},
    Row{Kind::conv, Groups::one, "HWIO", "HWiO", "MATLAB", true},
    Row{Kind::conv, Groups::several, "HWIOG", "HWioG", "MATLAB", true},

    Row{Kind::depthwise, Groups::any, "OIHW", "OiHW", "PyTorch, ONNX"},
    Row{Kind::depthwise, Groups::any, "HWCM", "HWGo", "TensorFlow, Keras depthwise"},
    Row{Kind::depthwise, Groups::any, "HWIO", "HWiO", "Flax, Keras Conv2D"},
    Row{Kind::depthwise, Groups::any, "1HWO", "1HWO", "TensorFlow Lite depthwise"},
    Row{Kind::depthwise, Groups::any, "HWIOG", "HWioG", "MATLAB", true},

    Row{Kind::transposed, Groups::any, "IOHW", "IoHW", "PyTorch, ONNX"},
    Row{Kind::transposed, Groups::any, "HWOI", "HWoI", "TensorFlow, Keras"},
    Row{Kind::transposed, Groups::one, "OHWI", "oHWI", "TensorFlow Lite"},
    Row{Kind::transposed, Groups::one, "HWOI", "HWoi", "MATLAB", true},
    Row{Kind::transposed, Groups::several, "HWOIG", "HWoiG", "MATLAB", true},
};

Kind kind_of(const ConvSpec& spec, std::int64_t in_channels) {
    if (spec.op == Op::conv_transpose) return Kind::transposed;
    return depth_multiplier(spec, in_channels) ? Kind::depthwise : Kind::conv;
}

bool holds(const Row& row, const ConvSpec& spec, std::int64_t in_channels) {
    if (row.kind != kind_of(spec, in_channels)) return false;
    return row.groups == Groups::any || (row.groups == Groups::one) == (spec.groups == 1);
}

// One axis of one layout: how long it is, and where a weight stands on it.
struct Step {
    std::int64_t length = 1;
    std::int64_t at = 0;
};

Step step_on(char axis, const ConvSpec& spec, std::int64_t in_channels, const Cell4& stored) {
    const std::int64_t in_group = in_channels / spec.groups;
    const std::int64_t out_group = spec.out_channels / spec.groups;
    const bool transposed = spec.op == Op::conv_transpose;
    const std::int64_t group = stored.n / (transposed ? in_group : out_group);
    const std::int64_t in = transposed ? stored.n % in_group : stored.c;
    const std::int64_t out = transposed ? stored.c : stored.n % out_group;
    switch (axis) {
        case 'H': return {spec.kernel.h, stored.y};
        case 'W': return {spec.kernel.w, stored.x};
        case 'i': return {in_group, in};
        case 'o': return {out_group, out};
        case 'I': return {in_channels, group * in_group + in};
        case 'O': return {spec.out_channels, group * out_group + out};
        case 'G': return {spec.groups, group};
        default: return {};
    }
}

const Row* row_of(const WeightLayout& layout, const ConvSpec& spec, std::int64_t in_channels) {
    const auto* const found = std::ranges::find_if(kRows, [&](const Row& row) {
        return holds(row, spec, in_channels) && row.order == layout.order && row.programs == layout.programs;
    });
    return found == kRows.end() ? nullptr : found;
}

}  // namespace

std::vector<WeightLayout> weight_layouts(const ConvSpec& spec, std::int64_t in_channels) {
    std::vector<WeightLayout> layouts;
    if (is_pooling(spec.op)) return layouts;
    for (const Row& row : kRows) {
        if (!holds(row, spec, in_channels)) continue;
        WeightLayout layout{row.order, row.programs, {}, row.from_one};
        for (const char axis : row.axes) layout.shape.push_back(step_on(axis, spec, in_channels, {}).length);
        layouts.push_back(std::move(layout));
    }
    return layouts;
}

WeightPlace place_in(const WeightLayout& layout, const ConvSpec& spec, std::int64_t in_channels, const Cell4& stored) {
    WeightPlace place;
    const Row* row = row_of(layout, spec, in_channels);
    if (row == nullptr) return place;
    for (const char axis : row->axes) place.index.push_back(step_on(axis, spec, in_channels, stored).at);
    const std::size_t count = place.index.size();
    for (std::size_t i = 0; i < count; ++i) {  // from the axis that runs slowest
        const std::size_t axis = layout.from_one ? count - 1 - i : i;
        place.position = place.position * layout.shape[axis] + place.index[axis];
    }
    if (!layout.from_one) return place;
    ++place.position;
    for (std::int64_t& index : place.index) ++index;
    return place;
}

std::optional<std::int64_t> depth_multiplier(const ConvSpec& spec, std::int64_t in_channels) {
    if (spec.op != Op::conv || in_channels < 2 || spec.groups != in_channels) return {};
    return spec.out_channels / spec.groups;
}

ChannelSpan group_inputs(const ConvSpec& spec, std::int64_t in_channels, std::int64_t c_out) {
    const std::int64_t groups = group_count(spec, in_channels);
    const std::int64_t own = in_channels / groups;
    const std::int64_t group = c_out / (output_channels(spec, in_channels) / groups);
    return {group * own, group * own + own - 1};
}

ChannelSpan group_outputs(const ConvSpec& spec, std::int64_t c_out) {
    const std::int64_t own = spec.out_channels / spec.groups;
    return {c_out / own * own, c_out / own * own + own - 1};
}

Message groups_text(const ConvSpec& spec, std::int64_t in_channels, std::int64_t c_out) {
    if (is_pooling(spec.op) || spec.groups < 2) return {};
    const ChannelSpan out = group_outputs(spec, c_out);
    const ChannelSpan in = group_inputs(spec, in_channels, c_out);
    const auto first = "first"_is(out.first);
    const auto last = "last"_is(out.last);
    const auto input = "input"_is(in.first);
    const auto end = "last_input"_is(in.last);
    if (const auto own = depth_multiplier(spec, in_channels)) {
        const auto multiplier = "multiplier"_is(*own);
        if (out.first == out.last)
            return msg(
                "depthwise convolution (depth multiplier {multiplier}): output channel {first} reads input "
                "channel {input}",
                multiplier, first, input);
        return msg(
            "depthwise convolution (depth multiplier {multiplier}): output channels {first} to {last} read "
            "input channel {input}",
            multiplier, first, last, input);
    }
    const auto groups = "groups"_is(spec.groups);
    if (out.first == out.last && in.first == in.last)
        return msg("{groups} groups: output channel {first} reads input channel {input}", groups, first, input);
    if (out.first == out.last)
        return msg("{groups} groups: output channel {first} reads input channels {input} to {last_input}", groups,
                   first, input, end);
    if (in.first == in.last)
        return msg("{groups} groups: output channels {first} to {last} read input channel {input}", groups, first, last,
                   input);
    return msg("{groups} groups: output channels {first} to {last} read input channels {input} to {last_input}", groups,
               first, last, input, end);
}

}  // namespace convlens
