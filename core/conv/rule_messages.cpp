#include "core/conv/rule_messages.h"

#include <algorithm>
#include <array>

#include "core/conv/axis_messages.h"
#include "core/conv/number_limit.h"
#include "core/conv/validate.h"
#include "core/text/byte_size.h"

namespace convlens {

namespace {

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
    if (layer.spec.op == Op::max_pool)
        return msg("Max pooling ignores its padding, so there is nothing for {mode} padding to fill. Use zeros.", mode);
    if (layer.spec.op == Op::avg_pool)
        return msg(
            "Average pooling adds nothing from its padding (count_include_pad only counts its cells), so there is "
            "nothing for {mode} padding to fill. Use zeros.",
            mode);
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

}  // namespace

Message message_of(const LayerShape& layer, const Fault& fault) {
    if (fault.kind == ErrorKind::number_too_large) return number_too_large_text(layer, fault);
    if (fault.rows || fault.columns) return axis_message(layer, fault);
    const auto* const found = std::ranges::find(kLayerMessages, fault.kind, &LayerMessage::kind);
    return found == kLayerMessages.end() ? Message() : found->text(layer);
}

}  // namespace convlens
