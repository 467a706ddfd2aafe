// Layers of MindSpore's nn (mindspore.cn/docs, api_python/nn): the padding is "same" and there is no bias unless the text
// says other, and pooling has a stride of 1.
#include <array>

#include "core/import/kin.h"

namespace convlens::pasted {

namespace {

constexpr Kin kMindSpore{"MindSpore", "group"};

constexpr Signature kConv{"nn.Conv2d",
                          "in_channels out_channels kernel_size stride pad_mode padding dilation group has_bias "
                          "weight_init bias_init data_format dtype",
                          ""};
// Along one axis there is no data_format.
constexpr Signature kConvTranspose{"nn.Conv2dTranspose",
                                   "in_channels out_channels kernel_size stride pad_mode padding output_padding "
                                   "dilation group has_bias weight_init bias_init dtype",
                                   ""};
constexpr Signature kConv1dTranspose{
    "nn.Conv1dTranspose",
    "in_channels out_channels kernel_size stride pad_mode padding dilation group has_bias weight_init bias_init dtype",
    ""};
// What MindSpore prints: Conv2d<input_channels=3, output_channels=16, kernel_size=(3, 3), ..., format=NCHW>.
constexpr Signature kPrinted{"Conv2d",
                             "* input_channels output_channels in_channels out_channels kernel_size stride pad_mode "
                             "padding output_padding dilation group has_bias weight_init bias_init format data_format",
                             ""};
constexpr Signature kMaxPool{"nn.MaxPool2d",
                             "kernel_size stride pad_mode padding dilation return_indices ceil_mode data_format",
                             "return_indices"};
constexpr Signature kAvgPool{
    "nn.AvgPool2d", "kernel_size stride pad_mode padding ceil_mode count_include_pad divisor_override data_format", ""};

// In which of three forms the padding is told.
enum class Mode { same, valid, pad };
constexpr std::array kModes{Choice<Mode>{"same", Mode::same}, Choice<Mode>{"valid", Mode::valid},
                            Choice<Mode>{"pad", Mode::pad}};

// Numbers are for the mode "pad"; those before and after begin with the rows.
void take_padding(Draft& draft, const Arguments& arguments, int axes, Mode otherwise) {
    const Mode mode = arguments.choice<Mode>("pad_mode", kModes, otherwise, Case::any);
    take_kin_padding(draft, arguments, axes, "HW");
    if (mode == Mode::pad) return;
    if (draft.spec().pads != Pads{})
        arguments.fail(
            "padding",
            msg("is for pad_mode=\"pad\", and with \"{mode}\" MindSpore rejects it; write pad_mode=\"pad\" or leave it "
                "out",
                "mode"_is(mode == Mode::same ? "same" : "valid")));
    draft.spec().pad_rule = mode == Mode::same ? PadRule::tf_SAME : PadRule::tf_VALID;
}

constexpr InitializerNames kInitializers{.kernel = "weight_init",
                                         .bias = "bias_init",
                                         .begins = key("zeros or with random numbers, by its version"),
                                         .numbers = true};

ImportedLayer read_conv(const Found& found) {
    const int axes = axes_of(found.name);
    const bool transposed = found.name.find("Transpose") != std::string_view::npos;
    const bool printed = !found.text.tokens()[found.token + 1].is("(");
    Draft draft = kin_draft(kMindSpore, transposed ? Op::conv_transpose : Op::conv, axes);
    Node call = found.text.call_at(found.token);
    for (std::string& keyword : call.keywords) {
        if (printed && keyword == "input_channels") keyword = "in_channels";
        if (printed && keyword == "output_channels") keyword = "out_channels";
        if (printed && keyword == "format") keyword = "data_format";
    }
    const Signature& own = transposed ? (axes == 1 ? kConv1dTranspose : kConvTranspose) : kConv;
    const Arguments arguments(found.text, call, printed ? kPrinted : own, draft.result.notes);
    take_kin_sizes(draft, arguments, axes);
    take_kin_steps(draft, arguments, kMindSpore, axes);
    take_padding(draft, arguments, axes, Mode::same);
    draft.result.has_bias = arguments.flag("has_bias", false);
    const auto layout = data_format_of(arguments);
    take_kin_module_input(draft, found, call, layout, axes);
    take_parameters(draft, found, call, axes);
    ImportedLayer layer = finished(std::move(draft));
    take_initializers(found.text, arguments, layer, kInitializers);
    return layer;
}

ImportedLayer read_pool(const Found& found) {
    const int axes = axes_of(found.name);
    const bool max = found.name.starts_with("Max");
    Draft draft = kin_draft(kMindSpore, max ? Op::max_pool : Op::avg_pool, axes);
    const Node call = found.text.call_at(found.token);
    const Arguments arguments(found.text, call, max ? kMaxPool : kAvgPool, draft.result.notes);
    ConvSpec& spec = draft.spec();
    spec.kernel = arguments.lengths("kernel_size", {1, 1}, axes);
    spec.stride = arguments.lengths("stride", {1, 1}, axes);
    take_padding(draft, arguments, axes, Mode::valid);
    spec.ceil_mode = arguments.flag("ceil_mode", false);
    if (max) {
        spec.dilation = arguments.lengths("dilation", {1, 1}, axes);
    } else {
        spec.count_include_pad = arguments.flag("count_include_pad", true) && spec.pad_rule == PadRule::explicit_;
        if (arguments.given("divisor_override")) spec.divisor_override = arguments.whole("divisor_override", 1);
    }
    const auto layout = data_format_of(arguments);
    take_kin_module_input(draft, found, call, layout, axes);
    return finished(std::move(draft));
}

constexpr std::string_view kModules = "- nn";

constexpr std::array kFunctions{
    KnownFunction{"Conv2d", kModules, read_conv, Manner::python, true},
    KnownFunction{"Conv1d", kModules, read_conv, Manner::python, true},
    KnownFunction{"Conv2dTranspose", kModules, read_conv, Manner::python, true},
    KnownFunction{"Conv1dTranspose", kModules, read_conv, Manner::python, true},
    KnownFunction{"MaxPool2d", kModules, read_pool},
    KnownFunction{"AvgPool2d", kModules, read_pool},
};

}  // namespace

std::span<const KnownFunction> mindspore_functions() { return kFunctions; }

}  // namespace convlens::pasted
