// Keras 3: its layers with the weights set, float64, [N, H, W, C] inside. What a layer cannot pad, NumPy pads before.
#include <algorithm>

#include "core/codegen/emitters.h"
#include "core/codegen/literal.h"
#include "core/codegen/nhwc_text.h"
#include "core/codegen/python_text.h"

namespace convlens {

namespace {

constexpr const char* kCommon = "data_format='channels_last', dtype='float64'";

void pad_with_numpy(Writer& w, const PadStep& step, const std::string& mode) {
    if (!is_zero(step.add)) w.line("x = np.pad(x, {}, {})", pad_widths(step.add, 1, 1), mode);
    cut_nhwc(w, "x", step.cut);
}

// Sets a layer's weights and calls it on `input`.
void call_layer(Writer& w, std::string_view indent, std::string_view input, std::string_view weights) {
    w.line("{}layer.build({}.shape)", indent, input);
    w.line("{}layer.set_weights([{}])", indent, weights);
}

const char* truth(bool value) { return value ? "True" : "False"; }

void emit_conv(Writer& w, const Plan& plan) {
    const ConvSpec& s = plan.spec;
    declare_kernel(w, plan);
    // Conv2D refuses a stride beside a dilation: then the stride is a slice.
    const bool sliced = plan.dilated() && plan.strided();
    const bool same = says_same(plan) && !sliced;
    if (!same) pad_with_numpy(w, pad_step(plan.pads), numpy_pad_mode(s));
    w.line("layer = keras.layers.Conv2D({}, {}, strides={}, padding='{}', dilation_rate={}, groups={},", plan.out.c,
           pair(s.kernel), pair(sliced ? Size2{1, 1} : s.stride), same ? "same" : "valid", pair(s.dilation), s.groups);
    w.line("                            use_bias={}, {})", truth(plan.biased()), kCommon);
    call_layer(w, "", "x", plan.biased() ? "kernel, bias" : "kernel");
    w.line("y = layer(x)");
    if (!sliced) return;
    w.line("y = y[:, {}]", step_slices(s.stride));
    w.note(msg("keras.layers.Conv2D does not combine stride with dilation, so every stride-th result is sliced out."));
}

// Conv2DTranspose's sizes: 'same' gives H * s, 'valid' (H-1)s + max(E, s).
bool transposed_same(const Plan& plan) {
    const ConvSpec& s = plan.spec;
    return s.pad_rule == PadRule::tf_SAME && !s.output_size && s.output_padding == Size2{0, 0};
}

Pads beyond_valid(const Plan& plan) {
    const auto valid = [](std::int64_t input, std::int64_t stride, std::int64_t effective) {
        return (input - 1) * stride + std::max(effective, stride);
    };
    const Pads& crop = plan.pads;
    return {-crop.top, plan.out.h + crop.top - valid(plan.in.h, plan.spec.stride.h, plan.effective.h), -crop.left,
            plan.out.w + crop.left - valid(plan.in.w, plan.spec.stride.w, plan.effective.w)};
}

void call_transposed(Writer& w, const Plan& plan, bool same, bool biased) {
    const bool grouped = plan.spec.groups > 1;
    const char* indent = grouped ? "    " : "";
    if (grouped) {
        w.line("parts = []");
        w.line("for part, stamp in zip(np.split(x, {0}, axis=-1), np.split(kernel, {0}, axis=-1)):", plan.spec.groups);
        w.note(msg("keras.layers.Conv2DTranspose has no groups, so there is one layer for each."));
    }
    w.line("{}layer = keras.layers.Conv2DTranspose({}, {}, strides={}, padding='{}',", indent, plan.out_per_group(),
           pair(plan.effective), pair(plan.spec.stride), same ? "same" : "valid");
    w.line("{}                                     use_bias={}, {})", indent, truth(biased), kCommon);
    call_layer(w, indent, grouped ? "part" : "x", grouped ? "stamp" : biased ? "kernel, bias" : "kernel");
    if (grouped) {
        w.line("    parts.append(layer(part))");
        w.line("y = keras.ops.concatenate(parts, axis=-1)");
    } else {
        w.line("y = layer(x)");
    }
}

void emit_transposed(Writer& w, const Plan& plan) {
    declare_kernel(w, plan);
    const bool same = transposed_same(plan);
    const PadStep step = same ? PadStep{} : pad_step(beyond_valid(plan));
    const bool bias_in_layer = plan.biased() && plan.spec.groups == 1 && is_zero(step.add);
    call_transposed(w, plan, same, bias_in_layer);
    if (!is_zero(step.add)) w.line("y = keras.ops.pad(y, {})", pad_widths(step.add, 1, 1));
    cut_nhwc(w, "y", step.cut);
    if (plan.biased() && !bias_in_layer) w.line("y = y + bias");
    if (is_zero(step.add) && is_zero(step.cut)) return;
    w.note(
        msg("keras.layers.Conv2DTranspose crops by its own rules only, so its 'valid' result is cropped and padded."));
}

// Cut first, see pool_step().
void pad_pooled(Writer& w, const Plan& plan, const char* mode) {
    const PadStep step = pool_step(plan);
    cut_nhwc(w, "x", step.cut);
    pad_with_numpy(w, {step.add, {}}, mode);
}

void call_pooling(Writer& w, const Plan& plan, std::string_view layer, bool same) {
    w.line("layer = keras.layers.{}({}, strides={}, padding='{}',", layer, pair(plan.spec.kernel),
           pair(plan.spec.stride), same ? "same" : "valid");
    w.line("                     {})", kCommon);
    w.line("y = layer(x)");
}

void emit_max_pool(Writer& w, const Plan& plan) {
    const bool same = says_same(plan);
    if (!same) pad_pooled(w, plan, "constant_values=-inf");
    if (!plan.dilated()) {
        call_pooling(w, plan, "MaxPooling2D", same);
        return;
    }
    declare_windows(w, plan);
    w.line("y = keras.ops.max(keras.ops.stack(windows), axis=0)");
    w.note(msg("keras.layers.MaxPooling2D has no dilation, so the window's cells are sliced out."));
}

void emit_avg_pool(Writer& w, const Plan& plan) {
    const bool same = averages_same(plan);
    if (!same) pad_pooled(w, plan, "mode='constant'");
    if (same || averages_valid(plan)) {
        call_pooling(w, plan, "AveragePooling2D", same);
        return;
    }
    declare_windows(w, plan);
    w.line("y = keras.ops.sum(keras.ops.stack(windows), axis=0) / {}", nhwc_divisor(plan));
    w.note(
        msg("keras.layers.AveragePooling2D cannot count these windows' cells, so they are added and divided by their "
            "number."));
}

}  // namespace

CodeText emit_keras(const Plan& plan) {
    Writer w;
    w.line("import keras");
    w.line("import numpy as np");
    w.blank();
    declare_layer(w, plan, kNumPyDouble);
    w.blank();
    w.line("x = np.transpose(x, (0, 2, 3, 1))  # N, H, W, C");
    switch (plan.spec.op) {
        case Op::conv: emit_conv(w, plan); break;
        case Op::conv_transpose: emit_transposed(w, plan); break;
        case Op::max_pool: emit_max_pool(w, plan); break;
        case Op::avg_pool: emit_avg_pool(w, plan); break;
    }
    w.line("y = np.transpose(keras.ops.convert_to_numpy(y), (0, 3, 1, 2))  # N, C, H, W");
    w.blank();
    w.line("print(y.shape)");
    w.line("print(y.flatten().tolist())");
    w.note(msg("Keras supports float64 on the TensorFlow and PyTorch backends; on JAX, set jax_enable_x64."));
    return finish_python(std::move(w));
}

}  // namespace convlens
