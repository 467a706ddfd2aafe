// Functions of jax.lax, and flax's layers. Arrays are as dimension_numbers says: without, conv_general_dilated and conv
// have [N, C, H, W] and [O, I, H, W], conv_transpose and flax [N, H, W, C] and [H, W, I, O] (jax.lax's documentation).
//
// An input spread by lhs_dilation that a window of stride 1 slides over is a transposed convolution of that stride with
// the kernel flipped, which crops E-1-pad where the window pads.
#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/import/programs.h"

namespace convlens::pasted {

namespace {

constexpr Signature kGeneral{"lax.conv_general_dilated",
                             "lhs rhs window_strides padding lhs_dilation rhs_dilation dimension_numbers "
                             "feature_group_count batch_group_count precision preferred_element_type",
                             ""};
constexpr Signature kConv{"lax.conv", "lhs rhs window_strides padding precision preferred_element_type", ""};
constexpr Signature kTranspose{"lax.conv_transpose",
                               "lhs rhs strides padding rhs_dilation dimension_numbers transpose_kernel precision "
                               "preferred_element_type use_consistent_padding",
                               "use_consistent_padding"};
constexpr Signature kWindow{"lax.reduce_window",
                            "operand init_value computation window_dimensions window_strides padding base_dilation "
                            "window_dilation",
                            ""};
constexpr std::string_view kFlaxLeftOut = "mask";
constexpr Signature kFlax{"nn.Conv",
                          "features kernel_size strides padding input_dilation kernel_dilation feature_group_count "
                          "use_bias mask dtype param_dtype precision kernel_init bias_init * name",
                          kFlaxLeftOut};

constexpr std::array kPadRules{
    Choice<PadRule>{"SAME", PadRule::tf_SAME},
    Choice<PadRule>{"SAME_LOWER", PadRule::onnx_SAME_LOWER},
    Choice<PadRule>{"VALID", PadRule::valid},
};

Draft draft_of(Op op) {
    Draft draft;
    draft.result.program = "JAX";
    draft.spec().op = op;
    draft.result.has_bias = is_pooling(op) ? std::nullopt : std::optional(false);
    return draft;
}

struct Layouts {
    std::string input = "NCHW";
    std::string weight = "OIHW";
    std::string output = input;
};

bool same_letters(std::string_view a, std::string_view b) { return std::ranges::is_permutation(a, b); }

Layouts layouts_of(PastedText& text, const Arguments& arguments, Layouts layouts) {
    const Node* numbers = arguments.given("dimension_numbers");
    if (!numbers) return layouts;
    const Node list = resolved(text, *numbers);
    if (list.kind == Node::Kind::list && list.items.size() == 3) {
        layouts.input = resolved(text, list.items[0]).text;
        layouts.weight = resolved(text, list.items[1]).text;
        layouts.output = resolved(text, list.items[2]).text;
    }
    if (list.kind != Node::Kind::list || !same_letters(layouts.input, "NCHW") ||
        !same_letters(layouts.output, "NCHW") || !same_letters(layouts.weight, "OIHW")) {
        arguments.fail("dimension_numbers", msg("is not known; write three words such as {example}",
                                                "example"_is(R"(("NHWC", "HWIO", "NHWC"))")));
    }
    return layouts;
}

// [C_out, C_in/groups, kh, kw] to the [C_in, C_out/groups, kh, kw] of the transposed convolution.
ToldArray transposed_weight(const ToldArray& weight, std::int64_t groups, const Arguments& arguments) {
    const auto& s = weight.shape;
    if (groups < 1 || s[0] % groups != 0)
        arguments.fail("rhs", msg("has {channels} output channels, which do not divide evenly into {groups} groups",
                                  "channels"_is(s[0]), "groups"_is(groups)));
    const ToldArray grouped{{groups, s[0] / groups, s[1], s[2], s[3]}, weight.data};
    ToldArray swapped = permuted(grouped, "GOIHW", "GIOHW");
    swapped.shape = {channels_of(groups, s[1]), s[0] / groups, s[2], s[3]};
    return swapped;
}

// How many cells a window reaches over, as doubles as the settings may be absurd; 0 beyond what can be counted.
std::int64_t reach(std::int64_t kernel, std::int64_t dilation) {
    const std::int64_t cells = product(dilation, std::max<std::int64_t>(kernel, 1) - 1);
    return std::clamp<std::int64_t>(cells, 0, std::int64_t{1} << 60);
}

struct Ends {
    std::int64_t before = 0;
    std::int64_t after = 0;
};

// jax.lax.conv_transpose, _conv_transpose_padding: `r` is E-1.
Ends transposed_pads(PadRule rule, std::int64_t r, std::int64_t stride) {
    const std::int64_t most = std::int64_t{1} << 60;
    const std::int64_t s = std::clamp<std::int64_t>(stride, 1, most);
    if (rule == PadRule::valid) return {r, std::max(s - 1, r)};
    const std::int64_t total = r + s - 1;
    const std::int64_t before = s > r ? r : (total + 1) / 2;
    return {before, total - before};
}

// What a window of stride 1 pads becomes what the transposed convolution crops.
void crop_by(ConvSpec& spec, Ends h, Ends w) {
    const auto crop = [](std::int64_t r, std::int64_t pad) {
        return r - std::clamp(pad, -(std::int64_t{1} << 60), std::int64_t{1} << 60);
    };
    const std::int64_t down = reach(spec.kernel.h, spec.dilation.h);
    const std::int64_t across = reach(spec.kernel.w, spec.dilation.w);
    spec.pads = {crop(down, h.before), crop(down, h.after), crop(across, w.before), crop(across, w.after)};
    spec.pad_rule = PadRule::explicit_;
}

// SAME and VALID of conv_general_dilated look at the input before it is spread.
void become_transposed(Draft& draft, const Arguments& arguments) {
    ConvSpec& spec = draft.spec();
    const Size2 spread = arguments.lengths("lhs_dilation", {1, 1});
    if (spec.stride != Size2{1, 1}) {
        arguments.fail(
            "lhs_dilation",
            msg("{spread} beside window_strides {strides} is a convolution and a transposed one at once; leave "
                "one of them at 1",
                "spread"_is(fmt::format("({}, {})", spread.h, spread.w)),
                "strides"_is(fmt::format("({}, {})", spec.stride.h, spec.stride.w))));
    }
    const auto by_rule = [&](std::int64_t r) {
        if (spec.pad_rule == PadRule::tf_SAME) return Ends{r / 2, r - r / 2};
        return spec.pad_rule == PadRule::onnx_SAME_LOWER ? Ends{r - r / 2, r / 2} : Ends{0, 0};
    };
    const Pads& p = spec.pads;
    const bool given = spec.pad_rule == PadRule::explicit_;
    spec.op = Op::conv_transpose;
    spec.stride = spread;
    spec.flip_kernel = true;
    crop_by(spec, given ? Ends{p.top, p.bottom} : by_rule(reach(spec.kernel.h, spec.dilation.h)),
            given ? Ends{p.left, p.right} : by_rule(reach(spec.kernel.w, spec.dilation.w)));
}

ImportedLayer read_conv(const Found& found) {
    Draft draft = draft_of(Op::conv);
    const Arguments arguments(found.text, found.text.call_at(found.token), found.name == "conv" ? kConv : kGeneral,
                              draft.result.notes);
    ConvSpec& spec = draft.spec();
    arguments.required("window_strides", "(1, 1)");
    spec.stride = arguments.lengths("window_strides", {1, 1});
    spec.dilation = arguments.lengths("rhs_dilation", {1, 1});
    spec.groups = arguments.whole("feature_group_count", 1);
    take_layout_padding(draft, found.text, arguments, kPadRules, "HW", Case::any);
    if (arguments.whole("batch_group_count", 1) != 1)
        arguments.fail("batch_group_count", key("is not understood; it is 1 in the layers that can be shown"));
    const Layouts layouts = layouts_of(found.text, arguments, {});
    draft.result.axes = layouts.output;
    const bool transposed = arguments.lengths("lhs_dilation", {1, 1}) != Size2{1, 1};
    if (transposed && arguments.word("padding"))  // "String padding is not implemented for transposed convolution"
        arguments.fail("padding",
                       key("is a word beside lhs_dilation, which JAX rejects; write pairs of numbers, such as [(1, 1), "
                           "(1, 1)], or lax.conv_transpose"));
    if (const auto input = input_in(draft, arguments, "lhs", layouts.input)) take_input(draft, *input);
    const auto weight = weight_in(draft, arguments, "rhs", layouts.weight, "OIHW");
    if (weight)
        spec.kernel = {weight->shape[2], weight->shape[3]};
    else
        assume_weight(draft, arguments, "rhs");
    if (transposed) become_transposed(draft, arguments);
    if (weight) take_weight(draft, transposed ? transposed_weight(*weight, spec.groups, arguments) : *weight);
    return finished(std::move(draft));
}

void take_transposed_padding(Draft& draft) {
    ConvSpec& spec = draft.spec();
    const std::int64_t down = reach(spec.kernel.h, spec.dilation.h);
    const std::int64_t across = reach(spec.kernel.w, spec.dilation.w);
    const Pads p = spec.pads;
    if (spec.pad_rule == PadRule::explicit_)
        crop_by(spec, {p.top, p.bottom}, {p.left, p.right});
    else
        crop_by(spec, transposed_pads(spec.pad_rule, down, spec.stride.h),
                transposed_pads(spec.pad_rule, across, spec.stride.w));
}

constexpr std::array kTransposedRules{
    Choice<PadRule>{"SAME", PadRule::tf_SAME},
    Choice<PadRule>{"VALID", PadRule::valid},
};

ImportedLayer read_transpose(const Found& found) {
    Draft draft = draft_of(Op::conv_transpose);
    const Arguments arguments(found.text, found.text.call_at(found.token), kTranspose, draft.result.notes);
    ConvSpec& spec = draft.spec();
    arguments.required("strides", "(2, 2)");
    spec.stride = arguments.lengths("strides", {1, 1});
    spec.dilation = arguments.lengths("rhs_dilation", {1, 1});
    take_layout_padding(draft, found.text, arguments, kTransposedRules, "HW");
    const Layouts layouts = layouts_of(found.text, arguments, {"NHWC", "HWIO", "NHWC"});
    draft.result.axes = layouts.output;
    // Turned already, with the channels' axes changed: the weight of the convolution that this is the gradient of.
    const bool flipped = arguments.flag("transpose_kernel", false);
    spec.flip_kernel = !flipped;
    if (const auto input = input_in(draft, arguments, "lhs", layouts.input)) take_input(draft, *input);
    if (const auto weight = weight_in(draft, arguments, "rhs", layouts.weight, flipped ? "OIHW" : "IOHW"))
        take_weight(draft, *weight);
    else
        assume_weight(draft, arguments, "rhs");
    take_transposed_padding(draft);
    return finished(std::move(draft));
}

// flax.linen.Conv's padding: SAME and VALID, a number or one an axis for both sides, pairs; CIRCULAR and REFLECT pad as
// much as the kernel needs, less in front, CAUSAL all of it in front (flax.linen.linear, _Conv.__call__).
void take_flax_padding(Draft& draft, PastedText& text, const Arguments& arguments, int axes) {
    ConvSpec& spec = draft.spec();
    const bool conv = spec.op == Op::conv;
    const Size2 reach{product(spec.dilation.h, spec.kernel.h - 1), product(spec.dilation.w, spec.kernel.w - 1)};
    if (!arguments.given("padding")) {
        spec.pad_rule = PadRule::tf_SAME;
    } else if (const auto word = arguments.word("padding")) {
        const bool circular = conv && *word == "CIRCULAR";
        if (circular || (conv && *word == "REFLECT")) {
            spec.pad_mode = circular ? PadMode::circular : PadMode::reflect;
            spec.pads = {reach.h / 2, reach.h - reach.h / 2, reach.w / 2, reach.w - reach.w / 2};
            spec.dialect = Dialect::convlens;
        } else if (conv && axes == 1 && *word == "CAUSAL") {
            spec.pads = {0, 0, reach.w, 0};
        } else {
            spec.pad_rule = arguments.choice<PadRule>("padding", kTransposedRules, PadRule::tf_SAME);
        }
    } else if (const auto told = array_of(text, *arguments.given("padding")); told && told->shape.size() <= 1) {
        const Size2 sides = arguments.lengths("padding", {0, 0}, axes, 0);
        spec.pads = {sides.h, sides.h, sides.w, sides.w};
    } else {
        take_layout_padding(draft, text, arguments, kPadRules, axes == 1 ? "W" : "HW");
    }
}

// flax.linen.Conv and ConvTranspose: padding SAME, stride 1 where nothing else is said.
ImportedLayer read_flax(const Found& found) {
    const bool transposed = found.name == "ConvTranspose";
    Draft draft = draft_of(transposed ? Op::conv_transpose : Op::conv);
    Signature signature = kFlax;
    if (transposed) {
        signature = {"nn.ConvTranspose",
                     "features kernel_size strides padding kernel_dilation use_bias mask dtype param_dtype precision "
                     "kernel_init bias_init transpose_kernel * name",
                     kFlaxLeftOut};
    }
    const Node call = found.text.call_at(found.token);
    const Arguments arguments(found.text, call, signature, draft.result.notes);
    ConvSpec& spec = draft.spec();
    arguments.required("features", "16");
    spec.out_channels = arguments.whole("features", 1);
    arguments.required("kernel_size", "(3, 3)");
    const int axes = arguments.wholes("kernel_size").size() == 1 ? 1 : 2;
    if (axes == 1) draft.h = 1;
    spec.kernel = arguments.lengths("kernel_size", {3, 3}, axes);
    spec.stride = arguments.lengths("strides", {1, 1}, axes);
    spec.dilation = arguments.lengths("kernel_dilation", {1, 1}, axes);
    draft.result.has_bias = arguments.flag("use_bias", true);
    draft.result.axes = axes == 1 ? "NWC" : "NHWC";
    if (const auto input = module_input(draft, found, call, draft.result.axes);
        input && input->shape.size() == 4 && axes == 2)
        take_input(draft, permuted(*input, "NHWC", "NCHW"));
    take_flax_padding(draft, found.text, arguments, axes);
    if (!transposed) {
        spec.groups = arguments.whole("feature_group_count", 1);
        if (arguments.lengths("input_dilation", {1, 1}, axes) != Size2{1, 1})
            arguments.fail("input_dilation", key("is not understood; write nn.ConvTranspose"));
    } else {
        spec.flip_kernel = !arguments.flag("transpose_kernel", false);
        take_transposed_padding(draft);
    }
    ImportedLayer layer = finished(std::move(draft));
    take_initializers(found.text, arguments, layer, {.kernel = "kernel_init", .bias = "bias_init"});
    return layer;
}

// flax.linen.avg_pool and max_pool of [N, H, W, C]: stride 1 and no padding where nothing else is said; averages count the
// padding.
ImportedLayer read_flax_pool(const Found& found) {
    const bool max = found.name == "max_pool";
    Draft draft = draft_of(max ? Op::max_pool : Op::avg_pool);
    const Signature signature{
        max ? "nn.max_pool" : "nn.avg_pool",
        max ? "inputs window_shape strides padding" : "inputs window_shape strides padding count_include_pad", ""};
    const Arguments arguments(found.text, found.text.call_at(found.token), signature, draft.result.notes);
    ConvSpec& spec = draft.spec();
    arguments.required("inputs", "jnp.ones((1, 5, 5, 1))");
    arguments.required("window_shape", "(2, 2)");
    const int axes = arguments.wholes("window_shape").size() == 1 ? 1 : 2;
    if (axes == 1) draft.h = 1;
    spec.kernel = arguments.lengths("window_shape", {2, 2}, axes);
    spec.stride = arguments.lengths("strides", {1, 1}, axes);
    if (!arguments.given("padding"))
        spec.pad_rule = PadRule::valid;
    else if (arguments.word("padding"))
        spec.pad_rule = arguments.choice<PadRule>("padding", kTransposedRules, PadRule::valid);
    else
        take_layout_padding(draft, found.text, arguments, kPadRules, axes == 1 ? "W" : "HW");
    if (!max) spec.count_include_pad = arguments.flag("count_include_pad", true);
    draft.result.axes = axes == 1 ? "NWC" : "NHWC";
    if (axes == 2) {
        if (const auto input = input_in(draft, arguments, "inputs", "NHWC")) take_input(draft, *input);
    }
    return finished(std::move(draft));
}

// lax.max over windows is max pooling, lax.add their sum: an average that is divided by 1.
ImportedLayer read_window(const Found& found) {
    Draft draft = draft_of(Op::max_pool);
    const Arguments arguments(found.text, found.text.call_at(found.token), kWindow, draft.result.notes);
    ConvSpec& spec = draft.spec();
    enum class Fold { max, add };
    static constexpr std::array kFolds{Choice<Fold>{"max", Fold::max}, Choice<Fold>{"add", Fold::add}};
    arguments.required("computation", "lax.max");
    if (arguments.choice<Fold>("computation", kFolds, Fold::max) == Fold::add) {
        spec.op = Op::avg_pool;
        spec.divisor_override = 1;
    }
    arguments.required("window_dimensions", "(1, 1, 2, 2)");
    const std::vector<std::int64_t> window = arguments.wholes("window_dimensions");
    if (window.size() != 4) {
        arguments.fail("window_dimensions", msg("has {numbers}; write four, such as (1, 1, 2, 2)",
                                                "numbers"_is(numbers_text(window.size()))));
    }
    const bool last = window[1] != 1 && window[3] == 1;  // where the channels' axis stands
    const auto plane = [&](std::string_view name) {
        const std::vector<std::int64_t> n = arguments.wholes(name);
        if (!arguments.given(name)) return Size2{1, 1};
        if (n.size() != 4) arguments.fail(name, msg("has {numbers}; write four", "numbers"_is(numbers_text(n.size()))));
        return last ? Size2{n[1], n[2]} : Size2{n[2], n[3]};
    };
    spec.kernel = plane("window_dimensions");
    arguments.required("window_strides", "(1, 1, 2, 2)");
    spec.stride = plane("window_strides");
    spec.dilation = plane("window_dilation");
    if (plane("base_dilation") != Size2{1, 1}) arguments.fail("base_dilation", key("is not understood; leave it out"));
    take_layout_padding(draft, found.text, arguments, kPadRules, last ? "NHWC" : "NCHW", Case::any);
    draft.result.axes = last ? "NHWC" : "NCHW";
    if (const auto input = input_in(draft, arguments, "operand", last ? "NHWC" : "NCHW")) take_input(draft, *input);
    return finished(std::move(draft));
}

constexpr std::array kFunctions{
    KnownFunction{"conv_general_dilated", "- lax", read_conv},
    KnownFunction{"conv", "lax", read_conv},
    KnownFunction{"conv_transpose", "lax", read_transpose},
    KnownFunction{"reduce_window", "- lax", read_window},
    KnownFunction{"avg_pool", "nn linen", read_flax_pool},
    KnownFunction{"max_pool", "nn linen", read_flax_pool},
    KnownFunction{"Conv", "nn linen", read_flax},
    KnownFunction{"ConvTranspose", "nn linen", read_flax},
};

}  // namespace

std::span<const KnownFunction> jax_functions() { return kFunctions; }

}  // namespace convlens::pasted
