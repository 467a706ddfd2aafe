// Layers of PyTorch: modules as written and as printed, and functions. Parameters are in the order of the docs of
// torch.nn and torch.nn.functional (2.13); groups and dilation change places between some of them.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/import/kin.h"

namespace convlens::pasted {

namespace {

constexpr Signature kConv{
    "", "in_channels out_channels kernel_size stride padding dilation groups bias padding_mode device dtype", ""};
constexpr Signature kConvTranspose{
    "",
    "in_channels out_channels kernel_size stride padding output_padding groups bias dilation padding_mode device dtype",
    ""};
constexpr Signature kLazyConv{
    "", "out_channels kernel_size stride padding dilation groups bias padding_mode device dtype", ""};
constexpr Signature kLazyConvTranspose{
    "", "out_channels kernel_size stride padding output_padding groups bias dilation padding_mode device dtype", ""};
constexpr Signature kMaxPool{"", "kernel_size stride padding dilation return_indices ceil_mode", "return_indices"};
constexpr Signature kAvgPool{"", "kernel_size stride padding ceil_mode count_include_pad divisor_override", ""};
constexpr Signature kAvgPool1d{"", "kernel_size stride padding ceil_mode count_include_pad", ""};
constexpr Signature kAvgPool1dFunction{"", "input kernel_size stride padding ceil_mode count_include_pad", ""};
constexpr Signature kConvFunction{"", "input weight bias stride padding dilation groups", ""};
constexpr Signature kConvTransposeFunction{"", "input weight bias stride padding output_padding groups dilation", ""};
constexpr Signature kMaxPoolFunction{"", "input kernel_size stride padding dilation ceil_mode return_indices",
                                     "return_indices"};
constexpr Signature kAvgPoolFunction{
    "", "input kernel_size stride padding ceil_mode count_include_pad divisor_override", ""};

constexpr std::array kPadRules{
    Choice<PadRule>{"same", PadRule::torch_same},
    Choice<PadRule>{"valid", PadRule::torch_valid},
};

std::string_view letters_of(int axes) { return axes == 1 ? "NCW" : "NCHW"; }
bool has(std::string_view name, std::string_view part) { return name.find(part) != std::string_view::npos; }

Draft draft_of(const Found& found, Op op) {
    Draft draft;
    draft.result.program = "PyTorch";
    draft.spec().op = op;
    draft.spec().dialect = Dialect::torch;
    draft.result.axes = letters_of(axes_of(found.name));
    if (axes_of(found.name) == 1) draft.h = 1;
    return draft;
}

Signature called(Signature signature, const std::string& name) {
    signature.function = name;
    return signature;
}

void take_padding(Draft& draft, const Arguments& arguments, int axes) {
    const std::string word = lower(arguments.word("padding").value_or(""));
    const Node* node = arguments.given("padding");
    const bool bare = node && node->kind == Node::Kind::name;  // as a printed layer has it, or a variable
    if (!word.empty() && (!bare || word == "same" || word == "valid")) {
        if (draft.spec().op != Op::conv) {
            arguments.fail("padding",
                           msg("\"{word}\" is for the convolutions alone; write the number of cells, such as "
                               "padding=1",
                               "word"_is(word)));
        }
        draft.spec().pad_rule = arguments.choice<PadRule>("padding", kPadRules, PadRule::explicit_);
        return;
    }
    const Size2 pads = arguments.lengths("padding", {0, 0}, axes, 0);
    draft.spec().pads = {pads.h, pads.h, pads.w, pads.w};
}

void take_steps(Draft& draft, const Arguments& arguments, int axes) {
    ConvSpec& spec = draft.spec();
    spec.stride = arguments.lengths("stride", {1, 1}, axes);
    take_padding(draft, arguments, axes);
    spec.dilation = arguments.lengths("dilation", {1, 1}, axes);
    spec.groups = arguments.whole("groups", 1);
    if (spec.op == Op::conv_transpose) spec.output_padding = arguments.lengths("output_padding", {0, 0}, axes, 0);
}

// Inputs may come without a batch: [C, H, W], [C, L].
void take_torch_input(Draft& draft, const ToldArray& array, int axes, const Arguments& arguments) {
    ToldArray input = array;
    const std::size_t rank = input.shape.size();
    const auto full = static_cast<std::size_t>(axes) + 2;
    if (rank != full && rank != full - 1) {
        arguments.fail("input", plural("has {n} axis; give it {expected}, or {fewer} without a batch: {shape}",
                                       "has {n} axes; give it {expected}, or {fewer} without a batch: {shape}",
                                       static_cast<std::int64_t>(rank), "expected"_is(full), "fewer"_is(full - 1),
                                       "shape"_is(axes == 1 ? "[N, C, L]" : "[N, C, H, W]")));
    }
    if (axes == 1) input.shape.insert(input.shape.end() - 1, 1);
    take_input_of_channels(draft, input);
}

void take_torch_weight(Draft& draft, const Arguments& arguments, int axes) {
    std::optional<ToldArray> weight = arguments.weight(draft, "weight", axes == 1 ? "OIW" : "OIHW");
    if (!weight) {
        arguments.required("weight", "torch.randn(1, 1, 3, 3)");
        return assume_weight(draft, arguments, "weight", axes);
    }
    const auto full = static_cast<std::size_t>(axes) + 2;
    if (weight->shape.size() != full) {
        arguments.fail("weight", plural("has {n} axis; give it {expected}", "has {n} axes; give it {expected}",
                                        std::ssize(weight->shape), "expected"_is(full)));
    }
    if (axes == 1) weight->shape.insert(weight->shape.end() - 1, 1);
    take_weight(draft, *weight);
}

// torch::nn::Conv2d(torch::nn::Conv2dOptions(3, 64, 7).stride(2))
void refuse_options(PastedText& text, const Node& call) {
    if (call.items.empty()) return;
    const Node* node = call.items.data();
    while (node->kind == Node::Kind::method && !node->items.empty()) node = node->items.data();
    if (node->kind != Node::Kind::call || !last_part(node->text).ends_with("Options")) return;
    text.fail(node->at, msg("{name} is of PyTorch's C++, which is not read; paste the layer as Python has it, such as "
                            "nn.Conv2d(3, 64, 7, stride=2)",
                            "name"_is(last_part(node->text))));
}

ImportedLayer read_module(const Found& found) {
    const int axes = axes_of(found.name);
    const bool transposed = has(found.name, "Transpose");
    const bool lazy = has(found.name, "Lazy");
    Draft draft = draft_of(found, transposed ? Op::conv_transpose : Op::conv);
    const Node call = found.text.call_at(found.token);
    refuse_options(found.text, call);
    // A lazy layer prints the channels that it does not know yet: LazyConv2d(0, 16, kernel_size=(3, 3)).
    const bool printed = lazy && call.keywords.size() > 2 && call.keywords[1].empty() &&
                         std::ranges::count(call.keywords, "kernel_size") == 1;
    const Signature signature =
        lazy && !printed ? (transposed ? kLazyConvTranspose : kLazyConv) : (transposed ? kConvTranspose : kConv);
    const std::string name = fmt::format("nn.{}", found.name);
    const Arguments arguments(found.text, call, called(signature, name), draft.result.notes);
    ConvSpec& spec = draft.spec();
    if (!lazy) {
        arguments.required("in_channels", "3");
        draft.c = arguments.whole("in_channels", 1);
    }
    arguments.required("out_channels", "16");
    spec.out_channels = arguments.whole("out_channels", 1);
    arguments.required("kernel_size", "3");
    spec.kernel = arguments.lengths("kernel_size", {3, 3}, axes);
    take_steps(draft, arguments, axes);
    take_padding_mode(draft, arguments);
    draft.result.has_bias = arguments.flag("bias", true);
    if (const auto input = module_input(draft, found, call, letters_of(axes)))
        take_torch_input(draft, *input, axes, arguments);
    take_parameters(draft, found, call, axes);
    if (transposed) take_output_size(draft, found, call, axes);
    ImportedLayer layer = finished(std::move(draft));
    take_initializers(found.text, arguments, layer, {.begins = kRandomNumbers});
    return layer;
}

ImportedLayer read_function(const Found& found) {
    const int axes = axes_of(found.name);
    const bool transposed = has(found.name, "transpose");
    Draft draft = draft_of(found, transposed ? Op::conv_transpose : Op::conv);
    const std::string name = fmt::format("F.{}", found.name);
    const Arguments arguments(found.text, found.text.call_at(found.token),
                              called(transposed ? kConvTransposeFunction : kConvFunction, name), draft.result.notes);
    take_steps(draft, arguments, axes);
    arguments.required("input", "torch.randn(1, 1, 5, 5)");
    if (const auto input = arguments.input(draft, "input", letters_of(axes)))
        take_torch_input(draft, *input, axes, arguments);
    take_torch_weight(draft, arguments, axes);
    arguments.bias(draft, "bias");
    return finished(std::move(draft));
}

void take_pool(Draft& draft, const Arguments& arguments, int axes) {
    ConvSpec& spec = draft.spec();
    arguments.required("kernel_size", "2");
    spec.kernel = arguments.lengths("kernel_size", {2, 2}, axes);
    spec.stride = arguments.lengths("stride", spec.kernel, axes);
    take_padding(draft, arguments, axes);
    spec.ceil_mode = arguments.flag("ceil_mode", false);
    if (spec.op == Op::max_pool) {
        spec.dilation = arguments.lengths("dilation", {1, 1}, axes);
    } else {
        spec.count_include_pad = arguments.flag("count_include_pad", true);
        if (axes == 2 && arguments.given("divisor_override"))
            spec.divisor_override = arguments.whole("divisor_override", 1);
    }
}

ImportedLayer read_pool(const Found& found) {
    const int axes = axes_of(found.name);
    const bool function = has(found.name, "_");
    const bool max = has(found.name, "ax");  // MaxPool2d, max_pool2d
    Draft draft = draft_of(found, max ? Op::max_pool : Op::avg_pool);
    const Signature average =
        axes == 1 ? (function ? kAvgPool1dFunction : kAvgPool1d) : (function ? kAvgPoolFunction : kAvgPool);
    const Signature signature = max ? (function ? kMaxPoolFunction : kMaxPool) : average;
    const std::string name = fmt::format("{}.{}", function ? "F" : "nn", found.name);
    const Node call = found.text.call_at(found.token);
    const Arguments arguments(found.text, call, called(signature, name), draft.result.notes);
    take_pool(draft, arguments, axes);
    if (function) arguments.required("input", "torch.randn(1, 1, 5, 5)");
    const auto input = function ? arguments.input(draft, "input", letters_of(axes))
                                : module_input(draft, found, call, letters_of(axes));
    if (input) take_torch_input(draft, *input, axes, arguments);
    return finished(std::move(draft));
}

constexpr std::string_view kModules = "- nn torch conv pooling modules";  // torch.nn.modules.conv.Conv2d
constexpr std::string_view kFunctional = "- F functional torch";

constexpr std::array kFunctions{
    KnownFunction{"Conv2d", kModules, read_module},
    KnownFunction{"Conv1d", kModules, read_module},
    KnownFunction{"ConvTranspose2d", kModules, read_module},
    KnownFunction{"ConvTranspose1d", kModules, read_module},
    KnownFunction{"LazyConv2d", kModules, read_module},
    KnownFunction{"LazyConv1d", kModules, read_module},
    KnownFunction{"LazyConvTranspose2d", kModules, read_module},
    KnownFunction{"LazyConvTranspose1d", kModules, read_module},
    KnownFunction{"MaxPool2d", kModules, read_pool},
    KnownFunction{"MaxPool1d", kModules, read_pool},
    KnownFunction{"AvgPool2d", kModules, read_pool},
    KnownFunction{"AvgPool1d", kModules, read_pool},
    KnownFunction{"conv2d", kFunctional, read_function},
    KnownFunction{"conv1d", kFunctional, read_function},
    KnownFunction{"conv_transpose2d", kFunctional, read_function},
    KnownFunction{"conv_transpose1d", kFunctional, read_function},
    KnownFunction{"max_pool2d", kFunctional, read_pool},
    KnownFunction{"max_pool1d", kFunctional, read_pool},
    KnownFunction{"avg_pool2d", kFunctional, read_pool},
    KnownFunction{"avg_pool1d", kFunctional, read_pool},
};

}  // namespace

std::span<const KnownFunction> torch_functions() { return kFunctions; }

}  // namespace convlens::pasted
