#include "core/conv/axis_messages.h"
#include "core/conv/dialect_limits.h"

namespace convlens {

namespace {

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

}  // namespace

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

// Settings that a program does not have along an axis: a pooling's dilation, an average's padding in numbers.
Message not_supported(const AxisView& a, Field field) {
    if (field == Field::dilation) return no_pool_dilation(a);
    return msg("{program}'s average pooling pads by name only: choose the rule SAME or VALID instead of numbers.",
               "program"_is(program(a.layer.spec.dialect)));
}

}  // namespace convlens
