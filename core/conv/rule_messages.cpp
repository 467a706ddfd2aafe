#include "core/conv/rule_messages.h"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "core/conv/names.h"
#include "core/conv/pad.h"
#include "core/conv/validate.h"
#include "core/text/byte_size.h"

namespace convlens {

namespace {

std::string number(Wide value) { return value < 0 ? fmt::format("\u2212{}", -value) : fmt::format("{}", value); }

// A number after a plus sign: "(\u22121)" where it is negative.
std::string added(Wide value) { return value < 0 ? "(" + number(value) + ")" : number(value); }

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

// Whether rows and columns have the same numbers throughout.
bool square(const LayerShape& layer) {
    const auto alike = [](Size2 size) { return size.h == size.w; };
    const ConvSpec& spec = layer.spec;
    const Pads& p = spec.pads;
    return alike(layer.input.plane()) && alike(spec.kernel) && alike(spec.stride) && alike(spec.dilation) &&
           alike(spec.output_padding) && alike(spec.output_size.value_or(Size2{})) &&
           alike(spec.anchor.value_or(Size2{})) && p.top == p.left && p.bottom == p.right;
}

std::string program(Dialect dialect) { return std::string(title(dialect)); }

// The axis has a window that covers padding only.
Message window_without_input(const AxisView& a) {
    const bool max = a.layer.spec.op == Op::max_pool;
    const auto padding = "padding"_is(number(a.solved.pad_before));
    const auto padding_after = "padding"_is(number(a.solved.pad_after));
    const auto dilation = "dilation"_is(number(a.solved.dilation));
    const auto limit = "limit"_is(number(a.solved.effective_kernel - 1));
    switch (window_of_padding(a.solved)) {
        case PaddingWindow::first:
            return max ? msg("Max pooling needs an input cell in every window, but with padding {padding} {side} the "
                             "first window covers padding only; at most {limit} works.",
                             padding, "side"_is(a.at_start()), limit)
                       : msg("An average that does not count padding needs an input cell in every window, but with "
                             "padding {padding} {side} the first window covers padding only; at most {limit} works.",
                             padding, "side"_is(a.at_start()), limit);
        case PaddingWindow::last:
            return max ? msg("Max pooling needs an input cell in every window, but with padding {padding} {side} the "
                             "last window covers padding only.",
                             padding_after, "side"_is(a.at_end()))
                       : msg("An average that does not count padding needs an input cell in every window, but with "
                             "padding {padding} {side} the last window covers padding only.",
                             padding_after, "side"_is(a.at_end()));
        default:
            return max ? msg("Max pooling needs an input cell in every window, but with dilation {dilation} a window "
                             "skips the whole input.",
                             dilation)
                       : msg("An average that does not count padding needs an input cell in every window, but with "
                             "dilation {dilation} a window skips the whole input.",
                             dilation);
    }
}

Message pool_pad_too_big(const AxisView& a) {
    const ConvSpec& spec = a.layer.spec;
    const auto most = pool_pad_limit(spec, a.solved);
    if (!most) return window_without_input(a);
    const bool before = a.solved.pad_before > *most;
    const auto limit = "limit"_is(number(*most));
    const auto padding = "padding"_is(number(before ? a.solved.pad_before : a.solved.pad_after));
    const auto side = "side"_is(a.at_sides(before));
    switch (spec.dialect) {
        case Dialect::torch:
            return msg("PyTorch's pooling allows padding of at most half the kernel, {limit}; it is {padding} {side}.",
                       limit, padding, side);
        case Dialect::onnx:
            return msg(
                "ONNX Runtime's pooling requires padding smaller than the kernel, at most {limit}; it is {padding} "
                "{side}.",
                limit, padding, side);
        default: return window_without_input(a);
    }
}

Message no_pool_dilation(const AxisView& a) {
    const auto dilation = "dilation"_is(a.own.dilation);
    if (a.layer.spec.dialect == Dialect::tensorflow) {
        return said(a,
                    key("TensorFlow pools with dilation only in tf.nn.pool, with stride 1 and no padding; the vertical "
                        "dilation is {dilation}."),
                    key("TensorFlow pools with dilation only in tf.nn.pool, with stride 1 and no padding; the "
                        "horizontal dilation is {dilation}."),
                    key("TensorFlow pools with dilation only in tf.nn.pool, with stride 1 and no padding; the dilation "
                        "is {dilation}."),
                    dilation);
    }
    return said(a, key("{program}'s average pooling has no dilation; the vertical dilation is {dilation}."),
                key("{program}'s average pooling has no dilation; the horizontal dilation is {dilation}."),
                key("{program}'s average pooling has no dilation; the dilation is {dilation}."),
                "program"_is(program(a.layer.spec.dialect)), dilation);
}

// Settings that a program does not have along an axis: a pooling's dilation, an average's padding in numbers.
Message not_supported(const AxisView& a, Field field) {
    if (field == Field::dilation) return no_pool_dilation(a);
    return msg("{program}'s average pooling pads by name only: choose the rule SAME or VALID instead of numbers.",
               "program"_is(program(a.layer.spec.dialect)));
}

Message kernel_does_not_fit(const AxisView& a) {
    const auto kernel = "kernel"_is(number(a.solved.kernel));
    const auto dilation = "dilation"_is(number(a.solved.dilation));
    const auto span = "span"_is(number(a.solved.effective_kernel));
    const auto input = "input"_is(number(a.solved.input));
    const auto padded = "padded"_is(number(a.solved.padded));
    const auto before = "before"_is(added(a.solved.pad_before));
    const auto after = "after"_is(added(a.solved.pad_after));
    if (!a.dilates() && !a.pads()) {
        return said(a, key("A kernel of height {kernel} does not fit: the input's height is only {input}."),
                    key("A kernel of width {kernel} does not fit: the input's width is only {input}."),
                    key("A {kernel}×{kernel} kernel does not fit: the input is only {input}×{input}."), kernel, input);
    }
    if (!a.dilates()) {
        return said(a,
                    key("A kernel of height {kernel} does not fit: the padded input's height is only {padded} ({input} "
                        "+ {before} + {after} of padding)."),
                    key("A kernel of width {kernel} does not fit: the padded input's width is only {padded} ({input} + "
                        "{before} + {after} of padding)."),
                    key("A {kernel}×{kernel} kernel does not fit: the padded input is only {padded}×{padded} ({input} "
                        "+ {before} + {after} of padding)."),
                    kernel, padded, input, before, after);
    }
    if (!a.pads()) {
        return said(a,
                    key("A kernel of height {kernel} with dilation {dilation} spans {span} and does not fit: the "
                        "input's height is only {input}."),
                    key("A kernel of width {kernel} with dilation {dilation} spans {span} and does not fit: the "
                        "input's width is only {input}."),
                    key("A {kernel}×{kernel} kernel with dilation {dilation} spans {span}×{span} and does not fit: the "
                        "input is only {input}×{input}."),
                    kernel, dilation, span, input);
    }
    return said(a,
                key("A kernel of height {kernel} with dilation {dilation} spans {span} and does not fit: the padded "
                    "input's height is only {padded} ({input} + {before} + {after} of padding)."),
                key("A kernel of width {kernel} with dilation {dilation} spans {span} and does not fit: the padded "
                    "input's width is only {padded} ({input} + {before} + {after} of padding)."),
                key("A {kernel}×{kernel} kernel with dilation {dilation} spans {span}×{span} and does not fit: the "
                    "padded input is only {padded}×{padded} ({input} + {before} + {after} of padding)."),
                kernel, dilation, span, padded, input, before, after);
}

Message output_too_small(const AxisView& a) {
    if (a.layer.spec.op != Op::conv_transpose) return kernel_does_not_fit(a);
    const auto before = "before"_is(number(a.solved.pad_before));
    const auto after = "after"_is(added(a.solved.pad_after));
    const auto uncropped = "uncropped"_is(number(a.solved.padded));
    if (a.solved.output_padding == 0) {
        return said(a,
                    key("Nothing is left: padding crops {before} + {after} of the uncropped output's height, "
                        "{uncropped}."),
                    key("Nothing is left: padding crops {before} + {after} of the uncropped output's width, "
                        "{uncropped}."),
                    key("Nothing is left: padding crops {before} + {after} of the uncropped output, "
                        "{uncropped}×{uncropped}, on each axis."),
                    before, after, uncropped);
    }
    return said(a,
                key("Nothing is left: padding crops {before} + {after} of the uncropped output's height, {uncropped}, "
                    "and output padding adds {back} back."),
                key("Nothing is left: padding crops {before} + {after} of the uncropped output's width, {uncropped}, "
                    "and output padding adds {back} back."),
                key("Nothing is left: padding crops {before} + {after} of the uncropped output, "
                    "{uncropped}×{uncropped}, on each axis, and output padding adds {back} back."),
                before, after, uncropped, "back"_is(number(a.solved.output_padding)));
}

Message bad_input(const AxisView& a) {
    return said(a, key("The input must have at least 1 row; it has {length}."),
                key("The input must have at least 1 column; it has {length}."),
                key("The input must be at least 1×1; it is {length}×{length}."), "length"_is(a.length()));
}

Message bad_kernel(const AxisView& a) {
    return said(a, key("The kernel must have at least 1 row; it has {length}."),
                key("The kernel must have at least 1 column; it has {length}."),
                key("The kernel must be at least 1×1; it is {length}×{length}."), "length"_is(a.own.kernel));
}

Message bad_stride(const AxisView& a) {
    return said(a, key("The vertical stride must be at least 1; it is {stride}."),
                key("The horizontal stride must be at least 1; it is {stride}."),
                key("The stride must be at least 1; it is {stride}."), "stride"_is(a.own.stride));
}

Message bad_dilation(const AxisView& a) {
    return said(a, key("The vertical dilation must be at least 1 (1 means no gaps); it is {dilation}."),
                key("The horizontal dilation must be at least 1 (1 means no gaps); it is {dilation}."),
                key("The dilation must be at least 1 (1 means no gaps); it is {dilation}."),
                "dilation"_is(a.own.dilation));
}

Message negative_padding(const AxisView& a) {
    const ConvSpec& spec = a.layer.spec;
    const auto before = "before"_is(a.own.pad_before);
    const auto after = "after"_is(a.own.pad_after);
    if (spec.dialect == Dialect::torch && spec.pad_mode == PadMode::circular && !crops_too(spec)) {
        return said(a,
                    key("With negative padding, PyTorch crops first and wraps what is left, so its result would "
                        "differ; the top has {before}, the bottom {after}."),
                    key("With negative padding, PyTorch crops first and wraps what is left, so its result would "
                        "differ; the left has {before}, the right {after}."),
                    key("With negative padding, PyTorch crops first and wraps what is left, so its result would "
                        "differ; the top and left have {before}, the bottom and right {after}."),
                    before, after);
    }
    if (!crops_too(spec)) {
        return said(
            a, key("{program} has no negative padding; the top has {before}, the bottom {after}."),
            key("{program} has no negative padding; the left has {before}, the right {after}."),
            key("{program} has no negative padding; the top and left have {before}, the bottom and right {after}."),
            "program"_is(program(spec.dialect)), before, after);
    }
    return said(
        a,
        key("Padding of {before} at the top and {after} at the bottom crops the whole height of the input, {input}."),
        key("Padding of {before} at the left and {after} at the right crops the whole width of the input, {input}."),
        key("Padding of {before} at the top and left and {after} at the bottom and right crops the whole "
            "{input}×{input} input."),
        before, after, "input"_is(number(a.solved.input)));
}

Message negative_output_padding(const AxisView& a) {
    return said(a, key("The vertical output padding must not be negative; it is {padding}."),
                key("The horizontal output padding must not be negative; it is {padding}."),
                key("Output padding must not be negative; it is {padding}."), "padding"_is(a.own.output_padding));
}

Message output_padding_too_big(const AxisView& a) {
    const Dialect dialect = a.layer.spec.dialect;
    const auto stride = "stride"_is(a.own.stride);
    const auto padding = "padding"_is(a.own.output_padding);
    if (output_padding_below_stride(dialect)) {
        return said(a,
                    key("{program} requires output padding smaller than the stride ({stride}); the vertical output "
                        "padding is {padding}."),
                    key("{program} requires output padding smaller than the stride ({stride}); the horizontal output "
                        "padding is {padding}."),
                    key("{program} requires output padding smaller than the stride ({stride}); it is {padding}."),
                    "program"_is(dialect == Dialect::onnx ? "ONNX Runtime" : "Keras"), stride, padding);
    }
    return said(a,
                key("Output padding must be smaller than the stride ({stride}) or the dilation ({dilation}); the "
                    "vertical output padding is {padding}."),
                key("Output padding must be smaller than the stride ({stride}) or the dilation ({dilation}); the "
                    "horizontal output padding is {padding}."),
                key("Output padding must be smaller than the stride ({stride}) or the dilation ({dilation}); it is "
                    "{padding}."),
                stride, "dilation"_is(a.own.dilation), padding);
}

Message output_size_unreachable(const AxisView& a) {
    const std::int64_t asked = a.of(a.layer.spec.output_size.value_or(Size2{}));
    const auto size = "size"_is(asked);
    const auto input = "input"_is(number(a.solved.input));
    if (asked < 1) {
        return said(a, key("The output must have at least 1 row; the output size asks for {size}."),
                    key("The output must have at least 1 column; the output size asks for {size}."),
                    key("The output must be at least 1×1; the output size asks for {size}×{size}."), size);
    }
    if (size_chooses_pads(a.layer.spec.pad_rule)) {
        return said(a,
                    key("Output height {size} does not match: a convolution with this kernel and stride turns it into "
                        "{expected}, and the input's height is {input}."),
                    key("Output width {size} does not match: a convolution with this kernel and stride turns it into "
                        "{expected}, and the input's width is {input}."),
                    key("Output size {size}×{size} does not match: a convolution with this kernel and stride turns it "
                        "into {expected}×{expected}, and the input is {input}×{input}."),
                    size, "expected"_is(number(expected_input(a.layer.spec, a.solved, asked))), input);
    }
    const LengthRange range = reachable_lengths(a.layer.spec, a.solved);
    const auto least = "least"_is(number(range.least));
    const auto most = "most"_is(number(range.most));
    if (range.most < 1) {
        return said(a, key("An input of height {input} cannot become {size}: padding crops the whole output."),
                    key("An input of width {input} cannot become {size}: padding crops the whole output."),
                    key("A {input}×{input} input cannot become {size}×{size}: padding crops the whole output."), input,
                    size);
    }
    if (range.least == range.most) {
        return said(a, key("An input of height {input} can only become {least} here, not {size}."),
                    key("An input of width {input} can only become {least} here, not {size}."),
                    key("A {input}×{input} input can only become {least}×{least} here, not {size}×{size}."), input,
                    least, size);
    }
    if (range.least + 1 == range.most) {
        return said(a, key("An input of height {input} can become {least} or {most} here, not {size}."),
                    key("An input of width {input} can become {least} or {most} here, not {size}."),
                    key("A {input}×{input} input can become {least} or {most} rows and columns here, not {size}."),
                    input, least, most, size);
    }
    return said(a, key("An input of height {input} can become {least} to {most} here, not {size}."),
                key("An input of width {input} can become {least} to {most} here, not {size}."),
                key("A {input}×{input} input can become {least} to {most} rows and columns here, not {size}."), input,
                least, most, size);
}

Message same_needs_stride_1(const AxisView& a) {
    return said(a, key("PyTorch allows padding='same' with stride 1 only; the vertical stride is {stride}."),
                key("PyTorch allows padding='same' with stride 1 only; the horizontal stride is {stride}."),
                key("PyTorch allows padding='same' with stride 1 only; the stride is {stride}."),
                "stride"_is(a.own.stride));
}

Message pad_too_big(const AxisView& a) {
    const ConvSpec& spec = a.layer.spec;
    const Wide limit = pad_limit(spec, a.solved.input).value_or(0);
    const bool before = a.solved.pad_before > limit;
    return said(a,
                key("{program} allows {mode} padding of at most {limit} on an input of height {input}; it is {padding} "
                    "{side}."),
                key("{program} allows {mode} padding of at most {limit} on an input of width {input}; it is {padding} "
                    "{side}."),
                key("{program} allows {mode} padding of at most {limit} on a {input}×{input} input; it is {padding} "
                    "{side}."),
                "program"_is(program(spec.dialect)), "mode"_is(title(spec.pad_mode)), "limit"_is(number(limit)),
                "input"_is(number(a.solved.input)),
                "padding"_is(number(before ? a.solved.pad_before : a.solved.pad_after)), "side"_is(a.at_sides(before)));
}

Message bad_anchor(const AxisView& a) {
    const std::int64_t at = a.of(a.layer.spec.anchor.value_or(Size2{}));
    return said(a, key("The anchor's row must be 0 to {last}; it is {at}."),
                key("The anchor's column must be 0 to {last}; it is {at}."),
                key("The anchor's row and column must be 0 to {last}; they are {at}."),
                "last"_is(number(a.solved.kernel - 1)), "at"_is(at));
}

// Faults that are about one axis or both.
struct AxisMessage {
    ErrorKind kind;
    Message (*text)(const AxisView&);
};
constexpr std::array kAxisMessages{
    AxisMessage{ErrorKind::bad_input, bad_input},
    AxisMessage{ErrorKind::bad_kernel, bad_kernel},
    AxisMessage{ErrorKind::bad_stride, bad_stride},
    AxisMessage{ErrorKind::bad_dilation, bad_dilation},
    AxisMessage{ErrorKind::bad_anchor, bad_anchor},
    AxisMessage{ErrorKind::output_too_small, output_too_small},
    AxisMessage{ErrorKind::negative_padding, negative_padding},
    AxisMessage{ErrorKind::negative_output_padding, negative_output_padding},
    AxisMessage{ErrorKind::output_padding_too_big, output_padding_too_big},
    AxisMessage{ErrorKind::output_size_unreachable, output_size_unreachable},
    AxisMessage{ErrorKind::same_needs_stride_1, same_needs_stride_1},
    AxisMessage{ErrorKind::reflect_pad_too_big, pad_too_big},
    AxisMessage{ErrorKind::circular_pad_too_big, pad_too_big},
    AxisMessage{ErrorKind::pool_pad_too_big, pool_pad_too_big},
};

Message bad_batch_or_channels(const LayerShape& layer) {
    return msg("Batch size N and channels C must be at least 1; the input is {shape}.",
               "shape"_is(to_string(layer.input)));
}

Message bad_out_channels(const LayerShape& layer) {
    return msg("C_out must be at least 1; it is {channels}.", "channels"_is(layer.spec.out_channels));
}

Message bad_groups(const LayerShape& layer) {
    return msg("The number of groups must be at least 1; it is {groups}.", "groups"_is(layer.spec.groups));
}

Message groups_mismatch(const LayerShape& layer) {
    const auto groups = "groups"_is(layer.spec.groups);
    const auto in = "in"_is(layer.input.c);
    const auto out = "out"_is(layer.spec.out_channels);
    if (layer.input.c % layer.spec.groups == 0)
        return msg("C_out = {out} does not divide evenly into {groups} groups.", out, groups);
    if (layer.spec.out_channels % layer.spec.groups == 0)
        return msg("C_in = {in} does not divide evenly into {groups} groups.", in, groups);
    return msg("C_in = {in} and C_out = {out} do not divide evenly into {groups} groups.", in, out, groups);
}

Message weight_plane(const LayerShape& layer) {
    const Shape4 weight = layer.weight.value_or(Shape4{});
    return msg("The kernels of the weight {weight} are {h}×{w}, but the kernel size is {kernel_h}×{kernel_w}.",
               "weight"_is(to_string(weight)), "h"_is(weight.h), "w"_is(weight.w), "kernel_h"_is(layer.spec.kernel.h),
               "kernel_w"_is(layer.spec.kernel.w));
}

Message channels_mismatch(const LayerShape& layer) {
    const Shape4 shape = layer.weight.value_or(Shape4{});
    const Wide grouped = static_cast<Wide>(shape.c) * layer.spec.groups;
    const bool transposed = layer.spec.op == Op::conv_transpose;
    const Wide in = transposed ? shape.n : grouped;
    const Wide out = transposed ? grouped : shape.n;
    const auto weight = "weight"_is(to_string(shape));
    const auto groups = "groups"_is(layer.spec.groups);
    if (in != layer.input.c) {
        return msg("The weight {weight} with groups = {groups} needs C_in = {needed}, but the input has C_in = {in}.",
                   weight, groups, "needed"_is(number(in)), "in"_is(layer.input.c));
    }
    return msg("The weight {weight} with groups = {groups} gives C_out = {given}, but the layer has C_out = {out}.",
               weight, groups, "given"_is(number(out)), "out"_is(layer.spec.out_channels));
}

Message bias_mismatch(const LayerShape& layer) {
    return msg("The bias must have one value per output channel, {channels}; it has {values}.",
               "channels"_is(layer.spec.out_channels), "values"_is(layer.bias_length.value_or(0)));
}

Message mode_unsupported(const LayerShape& layer) {
    const auto mode = "mode"_is(title(layer.spec.pad_mode));
    if (layer.spec.op == Op::conv_transpose) {
        return msg(
            "A transposed convolution's padding crops the output, so there is nothing for {mode} padding to fill. Use "
            "zeros.",
            mode);
    }
    if (is_pooling(layer.spec.op)) {
        return msg(
            "Pooling leaves its padding out of the result, so there is nothing for {mode} padding to fill. Use zeros.",
            mode);
    }
    if (layer.spec.dialect == Dialect::opencv)  // which has it for other functions
        return msg("OpenCV's filter2D does not accept BORDER_WRAP, its name for {mode} padding.", mode);
    return msg("{program} has no {mode} padding.", "program"_is(program(layer.spec.dialect)), mode);
}

Message no_pool_rule(const LayerShape& layer) {
    return msg("PyTorch's pooling needs padding in numbers, not a rule such as {rule}.",
               "rule"_is(title(layer.spec.pad_rule)));
}

Message bad_divisor(const LayerShape&) { return msg("divisor_override must not be 0."); }

Message too_large_text(const LayerShape& layer) {
    for (const HeldTensor& held : held_tensors(layer)) {
        if (!too_large(layer, held)) continue;
        long double bytes = sizeof(float);
        std::string lengths;
        for (const Wide length : held.lengths) {
            bytes *= static_cast<long double>(length);
            lengths += (lengths.empty() ? "" : ", ") + number(length);
        }
        const auto tensor = "tensor"_is(held.name);
        const auto shape = "shape"_is("[" + lengths + "]");
        if (!layer.held)
            return msg("{tensor} would be {shape}, which is more cells than can be counted.", tensor, shape);
        return msg(
            "{tensor} would be {shape}, which needs {memory} in float32; Convlens computes tensors of up to {limit}.",
            tensor, shape, "memory"_is(byte_size(bytes)),
            "limit"_is(byte_size(static_cast<long double>(kMaxCells) * sizeof(float))));
    }
    return {};
}

// Faults of the whole layer.
struct LayerMessage {
    ErrorKind kind;
    Message (*text)(const LayerShape&);
};
constexpr std::array kLayerMessages{
    LayerMessage{ErrorKind::bad_input, bad_batch_or_channels},
    LayerMessage{ErrorKind::bad_kernel, weight_plane},
    LayerMessage{ErrorKind::bad_out_channels, bad_out_channels},
    LayerMessage{ErrorKind::bad_groups, bad_groups},
    LayerMessage{ErrorKind::groups_mismatch, groups_mismatch},
    LayerMessage{ErrorKind::channels_mismatch, channels_mismatch},
    LayerMessage{ErrorKind::bias_mismatch, bias_mismatch},
    LayerMessage{ErrorKind::pad_mode_unsupported, mode_unsupported},
    LayerMessage{ErrorKind::border_unsupported, mode_unsupported},
    LayerMessage{ErrorKind::bad_divisor, bad_divisor},
    LayerMessage{ErrorKind::not_supported, no_pool_rule},
    LayerMessage{ErrorKind::too_large, too_large_text},
};

Message one_axis(const Fault& fault, const AxisView& view) {
    if (fault.kind == ErrorKind::not_supported) return not_supported(view, fault.field);
    const auto* const found = std::ranges::find(kAxisMessages, fault.kind, &AxisMessage::kind);
    return found == kAxisMessages.end() ? Message() : found->text(view);
}

Message axis_message(const LayerShape& layer, const Fault& fault) {
    if (fault.rows && fault.columns && square(layer)) return one_axis(fault, AxisView(layer, Axis::h, true));
    Message vertical = fault.rows ? one_axis(fault, AxisView(layer, Axis::h)) : Message();
    Message horizontal = fault.columns ? one_axis(fault, AxisView(layer, Axis::w)) : Message();
    if (vertical.empty() || vertical == horizontal) return horizontal;
    if (horizontal.empty()) return vertical;
    return msg("{sentence} {next}", "sentence"_is(std::move(vertical)), "next"_is(std::move(horizontal)));
}

}  // namespace

Message message_of(const LayerShape& layer, const Fault& fault) {
    if (fault.rows || fault.columns) return axis_message(layer, fault);
    const auto* const found = std::ranges::find(kLayerMessages, fault.kind, &LayerMessage::kind);
    return found == kLayerMessages.end() ? Message() : found->text(layer);
}

}  // namespace convlens
