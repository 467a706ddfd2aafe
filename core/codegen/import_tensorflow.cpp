// Functions of tf.nn, and of jax.lax. TensorFlow's arrays are [N, H, W, C] and its filters [H, W, I, O] unless
// data_format says other (tensorflow.org/api_docs/python/tf/nn); JAX's as dimension_numbers says (jax.lax,
// conv_general_dilated), which without is [N, C, H, W] and [O, I, H, W].
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "core/codegen/import_programs.h"

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
constexpr Signature kJax{"lax.conv_general_dilated",
                         "lhs rhs window_strides padding lhs_dilation rhs_dilation dimension_numbers "
                         "feature_group_count batch_group_count precision preferred_element_type",
                         ""};

constexpr std::array kPadRules{
    Choice<PadRule>{"SAME", PadRule::tf_SAME},
    Choice<PadRule>{"VALID", PadRule::tf_VALID},
};
constexpr std::array kJaxPadRules{
    Choice<PadRule>{"SAME", PadRule::tf_SAME},
    Choice<PadRule>{"SAME_LOWER", PadRule::onnx_SAME_LOWER},
    Choice<PadRule>{"VALID", PadRule::valid},
};
constexpr std::array kFormats{Choice<std::string_view>{"NHWC", "NHWC"}, Choice<std::string_view>{"NCHW", "NCHW"}};

Draft draft_of(Op op, std::string program, Dialect dialect) {
    Draft draft;
    draft.result.program = std::move(program);
    draft.spec().op = op;
    draft.spec().dialect = dialect;
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
        arguments.fail(name,
                       fmt::format("has {} numbers; write one, two, or four in the order {}", numbers.size(), layout));
    if (numbers[layout.find('N')] != 1 || numbers[layout.find('C')] != 1) {
        draft.note(
            fmt::format("{} of {} along N and C is left out; only H and W can have one", name, arguments.function()));
    }
    return {numbers[layout.find('H')], numbers[layout.find('W')]};
}

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
        if (!(std::abs(value) <= 0x1p53) || value != std::floor(value))
            arguments.fail("padding", fmt::format("{} is not a whole number below 2^53", value));
        return static_cast<std::int64_t>(value);
    };
    return {at('H', 0), at('H', 1), at('W', 0), at('W', 1)};
}

void take_padding(Draft& draft, PastedText& text, const Arguments& arguments, std::span<const Choice<PadRule>> rules,
                  std::string_view layout) {
    arguments.required("padding", "\"SAME\"");
    if (arguments.word("padding"))
        draft.spec().pad_rule = arguments.choice<PadRule>("padding", rules, PadRule::explicit_);
    else
        draft.spec().pads = pads_of(text, arguments, layout);
}

// A filter of which only the name is told.
void assume_weight(Draft& draft) {
    ConvSpec& spec = draft.spec();
    spec.kernel = {3, 3};
    spec.out_channels = std::max<std::int64_t>(spec.groups, 1);
    draft.note(fmt::format("the filter's shape is not told; a kernel of 3×3 was taken, and for output channels {}",
                           spec.out_channels));
}

std::string_view filter_name(const Arguments& arguments) { return arguments.given("filter") ? "filter" : "filters"; }

void take_output_shape(Draft& draft, const Arguments& arguments, std::string_view layout) {
    const std::vector<std::int64_t> shape = arguments.wholes("output_shape");
    if (!arguments.given("output_shape")) arguments.required("output_shape", "[1, 10, 10, 1]");
    if (shape.size() == 2) {
        draft.spec().output_size = Size2{shape[0], shape[1]};
        return;
    }
    if (shape.size() != 4)
        arguments.fail("output_shape", fmt::format("has {} numbers; write four in the order {}", shape.size(), layout));
    draft.spec().output_size = Size2{shape[layout.find('H')], shape[layout.find('W')]};
    draft.spec().out_channels = shape[layout.find('C')];
    if (!draft.n) draft.n = shape[layout.find('N')];
}

ImportedLayer read_conv(const Found& found) {
    const bool transposed = found.name == "conv2d_transpose";
    Draft draft = draft_of(transposed ? Op::conv_transpose : Op::conv, "TensorFlow", Dialect::tensorflow);
    const Arguments arguments(found.text, found.text.call_at(found.token), transposed ? kConvTranspose : kConv,
                              draft.result.notes);
    const std::string_view layout = arguments.choice<std::string_view>("data_format", kFormats, "NHWC");
    ConvSpec& spec = draft.spec();
    arguments.required("input", "x");
    arguments.required("strides", "1");
    spec.stride = spatial(draft, arguments, "strides", layout, {1, 1});
    spec.dilation = spatial(draft, arguments, "dilations", layout, {1, 1});
    take_padding(draft, found.text, arguments, kPadRules, layout);
    if (const auto input = array_in(arguments, "input", layout, "NCHW")) take_input(draft, *input);
    const auto weight =
        array_in(arguments, filter_name(arguments), transposed ? "HWOI" : "HWIO", transposed ? "IOHW" : "OIHW");
    if (weight) {  // TensorFlow has no groups argument: as many as the filter's channels fit into the input's
        const std::int64_t in = weight->shape[1];
        if (!transposed && draft.c && in > 0 && *draft.c % in == 0)
            spec.groups = std::max<std::int64_t>(*draft.c / in, 1);
        take_weight(draft, *weight);
    } else {
        assume_weight(draft);
    }
    if (transposed) {
        const std::int64_t channels = spec.out_channels;
        take_output_shape(draft, arguments, layout);
        if (weight) spec.out_channels = channels;
    }
    return finished(std::move(draft));
}

// Filters [H, W, C, M]: output channel c·M + m reads input channel c.
ImportedLayer read_depthwise(const Found& found) {
    Draft draft = draft_of(Op::conv, "TensorFlow", Dialect::tensorflow);
    draft.usual_channels = 3;
    const Arguments arguments(found.text, found.text.call_at(found.token), kDepthwise, draft.result.notes);
    const std::string_view layout = arguments.choice<std::string_view>("data_format", kFormats, "NHWC");
    ConvSpec& spec = draft.spec();
    arguments.required("strides", "[1, 1, 1, 1]");
    spec.stride = spatial(draft, arguments, "strides", layout, {1, 1});
    spec.dilation = spatial(draft, arguments, "dilations", layout, {1, 1});
    take_padding(draft, found.text, arguments, kPadRules, layout);
    if (const auto input = array_in(arguments, "input", layout, "NCHW")) take_input(draft, *input);
    if (auto weight = array_in(arguments, "filter", "HWCM", "CMHW")) {
        spec.groups = weight->shape[0];
        weight->shape = {product(weight->shape[0], weight->shape[1]), 1, weight->shape[2], weight->shape[3]};
        take_weight(draft, *weight);
    } else {
        spec.groups = draft.c.value_or(draft.usual_channels);
        assume_weight(draft);
    }
    return finished(std::move(draft));
}

ImportedLayer read_pool(const Found& found) {
    Draft draft =
        draft_of(found.name.starts_with("max") ? Op::max_pool : Op::avg_pool, "TensorFlow", Dialect::tensorflow);
    Signature signature = kPool;
    const std::string name = fmt::format("tf.nn.{}", found.name);
    signature.function = name;
    const Arguments arguments(found.text, found.text.call_at(found.token), signature, draft.result.notes);
    const std::string_view layout = arguments.choice<std::string_view>("data_format", kFormats, "NHWC");
    arguments.required("ksize", "2");
    draft.spec().kernel = spatial(draft, arguments, "ksize", layout, {2, 2});
    arguments.required("strides", "2");
    draft.spec().stride = spatial(draft, arguments, "strides", layout, {2, 2});
    take_padding(draft, found.text, arguments, kPadRules, layout);
    if (const auto input = array_in(arguments, arguments.given("value") ? "value" : "input", layout, "NCHW"))
        take_input(draft, *input);
    return finished(std::move(draft));
}

struct JaxLayouts {
    std::string input = "NCHW";
    std::string weight = "OIHW";
};

bool same_letters(std::string_view a, std::string_view b) { return std::ranges::is_permutation(a, b); }

JaxLayouts layouts_of(PastedText& text, const Arguments& arguments) {
    JaxLayouts layouts;
    const Node* numbers = arguments.given("dimension_numbers");
    if (!numbers) return layouts;
    const Node list = resolved(text, *numbers);
    if (list.kind == Node::Kind::list && list.items.size() == 3) {
        layouts.input = resolved(text, list.items[0]).text;
        layouts.weight = resolved(text, list.items[1]).text;
    }
    if (list.kind != Node::Kind::list || !same_letters(layouts.input, "NCHW") ||
        !same_letters(layouts.weight, "OIHW")) {
        arguments.fail("dimension_numbers", "is not known; write three words such as (\"NHWC\", \"HWIO\", \"NHWC\")");
    }
    return layouts;
}

void note_jax(Draft& draft, const Arguments& arguments) {
    const std::vector<std::int64_t> spread = arguments.wholes("lhs_dilation");
    if (std::ranges::any_of(spread, [](std::int64_t step) { return step != 1; })) {
        draft.note(
            fmt::format("lhs_dilation ({}) was left out: it spreads the input with zeros, which is what the stride of "
                        "a transposed convolution does",
                        fmt::join(spread, ", ")));
    }
    if (arguments.whole("batch_group_count", 1) != 1) draft.note("batch_group_count was left out");
}

ImportedLayer read_jax(const Found& found) {
    Draft draft = draft_of(Op::conv, "JAX", Dialect::convlens);
    Signature signature = kJax;
    if (found.name == "conv")
        signature = {"lax.conv", "lhs rhs window_strides padding precision preferred_element_type", ""};
    const Arguments arguments(found.text, found.text.call_at(found.token), signature, draft.result.notes);
    ConvSpec& spec = draft.spec();
    arguments.required("window_strides", "(1, 1)");
    spec.stride = arguments.lengths("window_strides", {1, 1});
    spec.dilation = arguments.lengths("rhs_dilation", {1, 1});
    spec.groups = arguments.whole("feature_group_count", 1);
    take_padding(draft, found.text, arguments, kJaxPadRules, "HW");
    note_jax(draft, arguments);
    const JaxLayouts layouts = layouts_of(found.text, arguments);
    if (const auto input = array_in(arguments, "lhs", layouts.input, "NCHW")) take_input(draft, *input);
    if (const auto weight = array_in(arguments, "rhs", layouts.weight, "OIHW"))
        take_weight(draft, *weight);
    else
        assume_weight(draft);
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
constexpr std::array kJaxFunctions{
    KnownFunction{"conv_general_dilated", "- lax", read_jax},
    KnownFunction{"conv", "lax", read_jax},
};

}  // namespace

std::span<const KnownFunction> tensorflow_functions() { return kFunctions; }
std::span<const KnownFunction> jax_functions() { return kJaxFunctions; }

std::optional<ToldArray> array_in(const Arguments& arguments, std::string_view name, std::string_view layout,
                                  std::string_view wanted) {
    const auto array = arguments.array(name);
    if (!array) return {};
    if (array->shape.size() != layout.size()) {
        arguments.fail(
            name, fmt::format("has {} axes; give it {}, in the order {}", array->shape.size(), layout.size(), layout));
    }
    return permuted(*array, layout, wanted);
}

}  // namespace convlens::pasted
