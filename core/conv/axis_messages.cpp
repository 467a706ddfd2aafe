#include "core/conv/axis_messages.h"

#include <algorithm>
#include <array>

#include "core/conv/dialect_limits.h"
#include "core/conv/pad.h"

namespace convlens {

namespace {

// Whether rows and columns have the same numbers throughout.
bool square(const LayerShape& layer) {
    const auto alike = [](Size2 size) { return size.h == size.w; };
    const ConvSpec& spec = layer.spec;
    const Pads& p = spec.pads;
    return alike(layer.input.plane()) && alike(spec.kernel) && alike(spec.stride) && alike(spec.dilation) &&
           alike(spec.output_padding) && alike(spec.output_size.value_or(Size2{})) &&
           alike(spec.anchor.value_or(Size2{})) && p.top == p.left && p.bottom == p.right;
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

Message one_axis(const Fault& fault, const AxisView& view) {
    if (fault.kind == ErrorKind::not_supported) return not_supported(view, fault.field);
    const auto* const found = std::ranges::find(kAxisMessages, fault.kind, &AxisMessage::kind);
    return found == kAxisMessages.end() ? Message() : found->text(view);
}

}  // namespace

Message axis_message(const LayerShape& layer, const Fault& fault) {
    if (fault.rows && fault.columns && square(layer)) return one_axis(fault, AxisView(layer, Axis::h, true));
    Message vertical = fault.rows ? one_axis(fault, AxisView(layer, Axis::h)) : Message();
    Message horizontal = fault.columns ? one_axis(fault, AxisView(layer, Axis::w)) : Message();
    if (vertical.empty() || vertical == horizontal) return horizontal;
    if (horizontal.empty()) return vertical;
    return msg("{sentence} {next}", "sentence"_is(std::move(vertical)), "next"_is(std::move(horizontal)));
}

}  // namespace convlens
