// Functions of tf.nn. TensorFlow's arrays are [N, H, W, C] and its filters [H, W, I, O] unless data_format says other
// (tensorflow.org/api_docs/python/tf/nn).
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "core/import/programs.h"

namespace convlens::pasted {

namespace {

// `filter` is what TensorFlow 1 calls `filters`; use_cudnn_on_gpu is its too.
constexpr Signature kConv{"tf.nn.conv2d",
                          "input filters strides padding data_format dilations name * filter use_cudnn_on_gpu", ""};
constexpr Signature kConvTranspose{
    "tf.nn.conv2d_transpose", "input filters output_shape strides padding data_format dilations name * filter", ""};
constexpr Signature kDepthwise{"tf.nn.depthwise_conv2d",
                               "input filter strides padding data_format dilations name * rate", "rate"};
constexpr Signature kPool{"", "input ksize strides padding data_format name * value", ""};

constexpr std::array kPadRules{
    Choice<PadRule>{"SAME", PadRule::tf_SAME},
    Choice<PadRule>{"VALID", PadRule::tf_VALID},
};
constexpr std::array kFormats{Choice<std::string_view>{"NHWC", "NHWC"}, Choice<std::string_view>{"NCHW", "NCHW"}};

Draft draft_of(Op op) {
    Draft draft;
    draft.result.program = "TensorFlow";
    draft.spec().op = op;
    draft.spec().dialect = Dialect::tensorflow;
    draft.spec().count_include_pad = false;
    draft.result.has_bias = op == Op::conv || op == Op::conv_transpose ? std::optional(false) : std::nullopt;
    return draft;
}

// One number, two, or one an axis of `layout`.
Size2 spatial(Draft& draft, const Arguments& arguments, std::string_view name, std::string_view layout,
              Size2 otherwise) {
    const std::vector<std::int64_t> numbers = arguments.wholes(name);
    if (!arguments.given(name)) return otherwise;
    if (numbers.size() == 1) return {numbers[0], numbers[0]};
    if (numbers.size() == 2) return {numbers[0], numbers[1]};
    if (numbers.size() != 4)
        arguments.fail(name, msg("has {numbers}; write one, two, or four in the order {layout}",
                                 "numbers"_is(numbers_text(numbers.size())), "layout"_is(layout)));
    if (numbers[layout.find('N')] != 1 || numbers[layout.find('C')] != 1) {
        draft.note(msg("{argument} along N and C is left out; only H and W can have one",
                       "argument"_is(argument_of(name, arguments.function()))));
    }
    return {numbers[layout.find('H')], numbers[layout.find('W')]};
}

std::string_view filter_name(const Arguments& arguments) { return arguments.given("filter") ? "filter" : "filters"; }

// Gives the output channels, where they are told.
std::optional<std::int64_t> take_output_shape(Draft& draft, const Arguments& arguments, std::string_view layout) {
    const std::vector<std::int64_t> shape = arguments.wholes("output_shape");
    if (!arguments.given("output_shape")) arguments.required("output_shape", "[1, 10, 10, 1]");
    if (shape.size() == 2) {
        draft.spec().output_size = Size2{shape[0], shape[1]};
        return {};
    }
    if (shape.size() != 4)
        arguments.fail("output_shape", msg("has {numbers}; write four in the order {layout}",
                                           "numbers"_is(numbers_text(shape.size())), "layout"_is(layout)));
    draft.spec().output_size = Size2{shape[layout.find('H')], shape[layout.find('W')]};
    if (!draft.n) draft.n = shape[layout.find('N')];
    return shape[layout.find('C')];
}

ImportedLayer read_conv(const Found& found) {
    const bool transposed = found.name == "conv2d_transpose";
    Draft draft = draft_of(transposed ? Op::conv_transpose : Op::conv);
    const Arguments arguments(found.text, found.text.call_at(found.token), transposed ? kConvTranspose : kConv,
                              draft.result.notes);
    const std::string_view layout = arguments.choice<std::string_view>("data_format", kFormats, "NHWC");
    draft.result.axes = layout;
    ConvSpec& spec = draft.spec();
    arguments.required("input", "x");
    arguments.required("strides", "1");
    spec.stride = spatial(draft, arguments, "strides", layout, {1, 1});
    spec.dilation = spatial(draft, arguments, "dilations", layout, {1, 1});
    if (transposed && !arguments.given("padding"))
        spec.pad_rule = PadRule::tf_SAME;  // the one function of these that has a padding without being told
    else
        take_layout_padding(draft, found.text, arguments, kPadRules, layout);
    if (const auto input = input_in(draft, arguments, "input", layout)) take_input(draft, *input);
    const auto channels = transposed ? take_output_shape(draft, arguments, layout) : std::nullopt;
    const auto weight =
        weight_in(draft, arguments, filter_name(arguments), transposed ? "HWOI" : "HWIO", transposed ? "IOHW" : "OIHW");
    if (weight) {  // TensorFlow has no groups argument: as many as the filter's channels fit into the input's
        const std::int64_t in = weight->shape[1];
        if (!transposed && draft.c && in > 0 && *draft.c % in == 0)
            spec.groups = std::max<std::int64_t>(*draft.c / in, 1);
        take_weight(draft, *weight);
    } else {
        assume_weight(draft, arguments, filter_name(arguments), 2, channels);
    }
    return finished(std::move(draft));
}

// Filters [H, W, C, M]: output channel c·M + m reads input channel c.
ImportedLayer read_depthwise(const Found& found) {
    Draft draft = draft_of(Op::conv);
    draft.usual_channels = 3;
    const Arguments arguments(found.text, found.text.call_at(found.token), kDepthwise, draft.result.notes);
    const std::string_view layout = arguments.choice<std::string_view>("data_format", kFormats, "NHWC");
    draft.result.axes = layout;
    ConvSpec& spec = draft.spec();
    arguments.required("strides", "[1, 1, 1, 1]");
    spec.stride = spatial(draft, arguments, "strides", layout, {1, 1});
    spec.dilation = spatial(draft, arguments, "dilations", layout, {1, 1});
    take_layout_padding(draft, found.text, arguments, kPadRules, layout);
    if (const auto input = input_in(draft, arguments, "input", layout)) take_input(draft, *input);
    if (auto weight = weight_in(draft, arguments, "filter", "HWCM", "CMHW")) {
        spec.groups = weight->shape[0];
        weight->shape = {channels_of(weight->shape[0], weight->shape[1]), 1, weight->shape[2], weight->shape[3]};
        take_weight(draft, *weight);
    } else {
        spec.groups = draft.c.value_or(draft.usual_channels);
        assume_weight(draft, arguments, "filter");
    }
    return finished(std::move(draft));
}

ImportedLayer read_pool(const Found& found) {
    Draft draft = draft_of(found.name.starts_with("max") ? Op::max_pool : Op::avg_pool);
    Signature signature = kPool;
    const std::string name = fmt::format("tf.nn.{}", found.name);
    signature.function = name;
    const Arguments arguments(found.text, found.text.call_at(found.token), signature, draft.result.notes);
    const std::string_view layout = arguments.choice<std::string_view>("data_format", kFormats, "NHWC");
    draft.result.axes = layout;
    arguments.required("ksize", "2");
    draft.spec().kernel = spatial(draft, arguments, "ksize", layout, {2, 2});
    arguments.required("strides", "2");
    draft.spec().stride = spatial(draft, arguments, "strides", layout, {2, 2});
    take_layout_padding(draft, found.text, arguments, kPadRules, layout);
    if (draft.spec().op == Op::avg_pool && draft.spec().pad_rule == PadRule::explicit_)
        arguments.fail("padding", key("accepts no numbers; write \"SAME\" or \"VALID\", or pad by tf.pad first"));
    if (const auto input = input_in(draft, arguments, arguments.given("value") ? "value" : "input", layout))
        take_input(draft, *input);
    return finished(std::move(draft));
}

constexpr std::array kFunctions{
    KnownFunction{"conv2d", "nn", read_conv},
    KnownFunction{"conv2d_transpose", "- nn", read_conv},
    KnownFunction{"depthwise_conv2d", "- nn", read_depthwise},
    KnownFunction{"max_pool2d", "nn", read_pool},
    KnownFunction{"avg_pool2d", "nn", read_pool},
    KnownFunction{"max_pool", "nn", read_pool},
    KnownFunction{"avg_pool", "nn", read_pool},
};

}  // namespace

std::span<const KnownFunction> tensorflow_functions() { return kFunctions; }

}  // namespace convlens::pasted
