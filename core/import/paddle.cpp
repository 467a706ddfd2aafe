// Layers of PaddlePaddle: classes of paddle.nn as written and as printed, and paddle.nn.functional (paddlepaddle.org.cn,
// api/paddle/nn). Weights are [O, I, H, W] in both data formats; averages leave the padding out unless exclusive=False.
#include <algorithm>
#include <array>

#include "core/import/kin.h"
#include "core/import/names.h"

namespace convlens::pasted {

namespace {

constexpr Kin kPaddle{"PaddlePaddle"};

constexpr Signature kConv{
    "nn.Conv2D",
    "in_channels out_channels kernel_size stride padding dilation groups padding_mode weight_attr "
    "bias_attr data_format",
    "weight_attr"};
constexpr Signature kConvTranspose{"nn.Conv2DTranspose",
                                   "in_channels out_channels kernel_size stride padding output_padding dilation groups "
                                   "weight_attr bias_attr data_format",
                                   "weight_attr"};
constexpr Signature kConvFunction{"F.conv2d", "x weight bias stride padding dilation groups data_format name", ""};
// Versions differ in the order of what stands behind output_padding.
constexpr Signature kConvTransposeFunction{
    "F.conv2d_transpose", "x weight bias stride padding output_padding * dilation groups output_size data_format name",
    ""};
constexpr Signature kMaxPool{"nn.MaxPool2D", "kernel_size stride padding return_mask ceil_mode data_format name",
                             "return_mask"};
constexpr Signature kAvgPool{"nn.AvgPool2D",
                             "kernel_size stride padding ceil_mode exclusive divisor_override data_format name", ""};
constexpr Signature kMaxPoolFunction{
    "F.max_pool2d", "x kernel_size stride padding return_mask ceil_mode data_format name", "return_mask"};
constexpr Signature kAvgPoolFunction{
    "F.avg_pool2d", "x kernel_size stride padding ceil_mode exclusive divisor_override data_format name", ""};

constexpr std::array kPadRules{
    Choice<PadRule>{"SAME", PadRule::tf_SAME},
    Choice<PadRule>{"VALID", PadRule::tf_VALID},
};

// A word, a pair an axis of the layout, or numbers, which begin with the rows.
void take_padding(Draft& draft, PastedText& text, const Arguments& arguments, std::string_view layout) {
    const Node* const node = arguments.given("padding");
    if (!node) return;
    const Node value = resolved(text, *node);
    const bool pairs =
        value.kind == Node::Kind::list && !value.items.empty() && value.items.front().kind == Node::Kind::list;
    if (value.kind != Node::Kind::string && !pairs) return take_kin_padding(draft, arguments, 2, "HW");
    take_layout_padding(draft, text, arguments, kPadRules, layout, Case::any);
    // UpdatePaddingAndDilation of Paddle's operators: SAME sets the dilation back.
    Size2& dilation = draft.spec().dilation;
    if (draft.spec().pad_rule != PadRule::tf_SAME || dilation == Size2{1, 1}) return;
    dilation = {1, 1};
    draft.note(key("a dilation beside padding=\"SAME\" has no effect in PaddlePaddle; 1 was taken"));
}

ImportedLayer read_module(const Found& found) {
    const bool transposed = found.name == "Conv2DTranspose";
    Draft draft = kin_draft(kPaddle, transposed ? Op::conv_transpose : Op::conv, 2);
    const Node call = found.text.call_at(found.token);
    const Arguments arguments(found.text, call, transposed ? kConvTranspose : kConv, draft.result.notes);
    const std::string_view layout = data_format_of(arguments);
    take_kin_sizes(draft, arguments, 2);
    take_kin_steps(draft, arguments, kPaddle, 2);
    take_padding(draft, found.text, arguments, layout);
    if (!transposed) take_padding_mode(draft, arguments);
    const Node* const bias = arguments.given("bias_attr");
    const bool word = bias && bias->kind == Node::Kind::name && lower(bias->text) == "false";
    draft.result.has_bias = !word;
    if (bias && !word) draft.note(left_out_note(argument_of("bias_attr", arguments.function())));
    take_kin_module_input(draft, found, call, layout, 2);
    take_parameters(draft, found, call, 2);
    ImportedLayer layer = finished(std::move(draft));
    take_initializers(found.text, arguments, layer, {.bias_unread = bias != nullptr});
    return layer;
}

void take_input_of(Draft& draft, const Arguments& arguments, std::string_view layout) {
    arguments.required("x", "x");
    take_kin_input(draft, arguments.input(draft, "x", layout), layout, 2);
}

ImportedLayer read_function(const Found& found) {
    const bool transposed = found.name == "conv2d_transpose";
    Draft draft = kin_draft(kPaddle, transposed ? Op::conv_transpose : Op::conv, 2);
    const Arguments arguments(found.text, found.text.call_at(found.token),
                              transposed ? kConvTransposeFunction : kConvFunction, draft.result.notes);
    const std::string_view layout = data_format_of(arguments);
    take_kin_steps(draft, arguments, kPaddle, 2);
    take_padding(draft, found.text, arguments, layout);
    take_input_of(draft, arguments, layout);
    take_kin_weight(draft, arguments, kPaddle, 2);
    arguments.bias(draft, "bias");
    if (transposed && arguments.given("output_size"))
        draft.spec().output_size = arguments.lengths("output_size", {1, 1});
    return finished(std::move(draft));
}

ImportedLayer read_pool(const Found& found) {
    const bool function = found.name.find('_') != std::string_view::npos;
    const bool max = lower(found.name).starts_with("max");
    Draft draft = kin_draft(kPaddle, max ? Op::max_pool : Op::avg_pool, 2);
    const Signature& signature = function ? (max ? kMaxPoolFunction : kAvgPoolFunction) : (max ? kMaxPool : kAvgPool);
    const Node call = found.text.call_at(found.token);
    const Arguments arguments(found.text, call, signature, draft.result.notes);
    const std::string_view layout = data_format_of(arguments);
    ConvSpec& spec = draft.spec();
    arguments.required("kernel_size", "2");
    spec.kernel = arguments.lengths("kernel_size", {2, 2});
    spec.stride = arguments.lengths("stride", spec.kernel);
    take_padding(draft, found.text, arguments, layout);
    spec.ceil_mode = arguments.flag("ceil_mode", false);
    if (!max) {
        spec.count_include_pad = !arguments.flag("exclusive", true);
        if (arguments.given("divisor_override")) spec.divisor_override = arguments.whole("divisor_override", 1);
    }
    if (function)
        take_input_of(draft, arguments, layout);
    else
        take_kin_module_input(draft, found, call, layout, 2);
    return finished(std::move(draft));
}

constexpr std::string_view kModules = "- nn";
constexpr std::string_view kFunctional = "- F functional paddle";

constexpr std::array kFunctions{
    KnownFunction{"Conv2D", kModules, read_module},      KnownFunction{"Conv2DTranspose", kModules, read_module},
    KnownFunction{"MaxPool2D", kModules, read_pool},     KnownFunction{"AvgPool2D", kModules, read_pool},
    KnownFunction{"conv2d", kFunctional, read_function}, KnownFunction{"conv2d_transpose", kFunctional, read_function},
    KnownFunction{"max_pool2d", kFunctional, read_pool}, KnownFunction{"avg_pool2d", kFunctional, read_pool},
};

}  // namespace

Message may_be_paddle(PastedText& text, std::size_t token) {
    const std::string& name = text.tokens()[token].text;
    if (!is_one_of(name, "Conv2D Conv2DTranspose")) return {};
    const Imports imports(text.tokens());
    if (imports.line_of(name) || imports.other_than("") || !package_shown_by_call(text.tokens(), token).empty())
        return {};
    const Node call = text.call_at(token);
    const auto positional = [&](std::size_t at) { return at < call.items.size() && call.keywords[at].empty(); };
    const auto number = [&](std::size_t at) { return positional(at) && number_of(text, call.items[at]).has_value(); };
    if (!number(0) || !number(1) || !positional(2)) return {};  // Keras's kernel may be a pair here
    constexpr std::string_view kNames = "stride padding output_padding dilation groups padding_mode data_format";
    const auto has_it = [&](const std::string& keyword) { return keyword.empty() || is_one_of(keyword, kNames); };
    if (!std::ranges::all_of(call.keywords, has_it)) return {};
    return msg(
        "no import line tells whose {function} this is: it was taken to be Keras's, with filters, kernel_size, strides "
        "in "
        "this order; if it is PaddlePaddle's, with in_channels, out_channels, kernel_size, write paddle.nn.{function}",
        "function"_is(name));
}

std::span<const KnownFunction> paddle_functions() { return kFunctions; }

}  // namespace convlens::pasted
