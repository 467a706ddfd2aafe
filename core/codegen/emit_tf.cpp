// TensorFlow: tf.nn, float64 on the CPU, [N, H, W, C] inside.
#include <algorithm>

#include "core/codegen/emitters.h"
#include "core/codegen/literal.h"
#include "core/codegen/nhwc_text.h"
#include "core/codegen/python_text.h"

namespace convlens {

namespace {

std::string brackets(Size2 value) { return fmt::format("[{}, {}]", value.h, value.w); }

// [[0, 0], [top, bottom], [left, right], [0, 0]]
std::string four_pairs(const Pads& p) {
    return fmt::format("[[0, 0], [{}, {}], [{}, {}], [0, 0]]", p.top, p.bottom, p.left, p.right);
}

void fill_pads(Writer& w, std::string_view name, const PadStep& step, const std::string& value) {
    const std::string fill = value == "0" ? "" : ", constant_values=" + value;
    if (!is_zero(step.add)) w.line("{0} = tf.pad({0}, {1}{2})", name, four_pairs(step.add), fill);
    cut_nhwc(w, name, step.cut);
}

// tf.pad reflects at most once.
bool copies(const Plan& plan, const Pads& add) {
    const auto within = [&](std::int64_t less) {
        return std::max(add.top, add.bottom) <= plan.in.h - less && std::max(add.left, add.right) <= plan.in.w - less;
    };
    if (plan.spec.pad_mode == PadMode::reflect) return within(1);
    return plan.spec.pad_mode == PadMode::symmetric && within(0);
}

void pick_cells(Writer& w, const Plan& plan) {
    const PickedCells cells = picked_cells(plan);
    w.line("x = tf.gather(x, {}, axis=1)", python_list(cells.rows));
    w.line("x = tf.gather(x, {}, axis=2)", python_list(cells.columns));
    const bool missing = plan.spec.pad_mode == PadMode::replicate || plan.spec.pad_mode == PadMode::circular;
    w.note(missing ? msg("tf.pad has no {mode} mode, so the padded rows and columns are picked by index.",
                         "mode"_is(title(plan.spec.pad_mode)))
                   : msg("tf.pad reaches at most one width beyond the input, so the padded rows and columns are picked "
                         "by index."));
}

void pad_input(Writer& w, const Plan& plan) {
    const ConvSpec& s = plan.spec;
    const PadStep step = pad_step(plan.pads);
    if (s.pad_mode == PadMode::zeros || s.pad_mode == PadMode::constant) {
        fill_pads(w, "x", step, python_number(pad_constant(s)));
        return;
    }
    if (!is_zero(step.add) && !copies(plan, step.add)) {
        pick_cells(w, plan);
        return;
    }
    const char* mode = s.pad_mode == PadMode::reflect ? "REFLECT" : "SYMMETRIC";
    if (!is_zero(step.add)) w.line("x = tf.pad(x, {}, mode='{}')", four_pairs(step.add), mode);
    cut_nhwc(w, "x", step.cut);
}

std::string conv_padding(Writer& w, const Plan& plan) {
    if (says_same(plan)) return "'SAME'";
    if (is_zero(plan.pads)) return "'VALID'";
    if (plan.zero_padded() && !is_negative(plan.pads)) return four_pairs(plan.pads);
    pad_input(w, plan);
    return "'VALID'";
}

// tf.nn.depthwise_conv2d wants one stride for both axes, and no stride beside a dilation.
bool depthwise(const Plan& plan) {
    const ConvSpec& s = plan.spec;
    if (s.groups == 1 || plan.in_per_group() > 1 || s.stride.h != s.stride.w) return false;
    return !plan.dilated() || !plan.strided();
}

void emit_conv(Writer& w, const Plan& plan) {
    const ConvSpec& s = plan.spec;
    declare_kernel(w, plan);
    const std::string padding = conv_padding(w, plan);
    if (depthwise(plan)) {
        w.line("kernel = np.reshape(kernel, ({}, {}, {}, {}))  # kh, kw, C_in, multiplier", s.kernel.h, s.kernel.w,
               plan.in.c, plan.out_per_group());
        w.line("y = tf.nn.depthwise_conv2d(x, kernel, strides=[1, {}, {}, 1], padding={}, dilations={})", s.stride.h,
               s.stride.w, padding, brackets(s.dilation));
    } else {
        w.line("y = tf.nn.conv2d(x, kernel, strides={}, padding={}, dilations={})", brackets(s.stride), padding,
               brackets(s.dilation));
        if (s.groups > 1) w.note(msg("tf.nn.conv2d takes the number of groups from the kernel's depth."));
    }
    if (plan.biased()) w.line("y = tf.nn.bias_add(y, bias)");
}

// One axis of tf.nn.conv2d_transpose: would the convolution that it reverses shrink `output` to `input`, and crop the
// same at the start?
struct TransposedAxis {
    std::int64_t input = 0;
    std::int64_t output = 0;
    std::int64_t effective = 0;
    std::int64_t stride = 0;
    std::int64_t crop = 0;

    std::int64_t canvas() const { return (input - 1) * stride + effective; }
    bool same() const {
        return (output + stride - 1) / stride == input && std::max<std::int64_t>(canvas() - output, 0) / 2 == crop;
    }
    std::int64_t end_pad() const { return std::max<std::int64_t>(canvas() - output - crop, 0); }
    bool explicit_pads() const { return crop >= 0 && output + crop + end_pad() < canvas() + stride; }
};

// padding= of the call, or nothing where only the whole canvas can be asked for.
std::string transposed_padding(const Plan& plan) {
    const ConvSpec& s = plan.spec;
    const TransposedAxis h{plan.in.h, plan.out.h, plan.effective.h, s.stride.h, plan.pads.top};
    const TransposedAxis v{plan.in.w, plan.out.w, plan.effective.w, s.stride.w, plan.pads.left};
    if (s.pad_rule == PadRule::tf_SAME && h.same() && v.same()) return "'SAME'";
    if (!h.explicit_pads() || !v.explicit_pads()) return "";
    const Pads pads{h.crop, h.end_pad(), v.crop, v.end_pad()};
    return is_zero(pads) ? "'VALID'" : four_pairs(pads);
}

void emit_transposed(Writer& w, const Plan& plan) {
    const ConvSpec& s = plan.spec;
    declare_kernel(w, plan);
    const std::string padding = transposed_padding(plan);
    const Size2 size = padding.empty() ? canvas_size(plan) : plan.out.plane();
    const std::string arguments =
        fmt::format("output_shape=[{}, {}, {}, {}], strides={}, padding={}", plan.in.n, size.h, size.w,
                    plan.out_per_group(), brackets(s.stride), padding.empty() ? "'VALID'" : padding);
    if (s.groups == 1) {
        w.line("y = tf.nn.conv2d_transpose(x, kernel, {})", arguments);
    } else {
        w.line("groups = zip(tf.split(x, {0}, axis=-1), np.split(kernel, {0}, axis=-1))", s.groups);
        w.line("y = tf.concat([tf.nn.conv2d_transpose(part, stamp, {})", arguments);
        w.line("               for part, stamp in groups], axis=-1)");
        w.note(msg("tf.nn.conv2d_transpose has no groups, so it is called once for each."));
    }
    if (padding.empty()) {
        fill_pads(w, "y", pad_step(canvas_pads(plan)), "0");
        w.note(
            msg("tf.nn.conv2d_transpose gives only sizes that the same convolution shrinks to the input, so the whole "
                "result is computed, then cropped and padded."));
    }
    if (plan.biased()) w.line("y = tf.nn.bias_add(y, bias)");
}

// Cuts x, then pads it. PadStep's other order does not fit pooling, see pool_step().
void pad_pooled(Writer& w, const Plan& plan, const char* value) {
    const PadStep step = pool_step(plan);
    cut_nhwc(w, "x", step.cut);
    fill_pads(w, "x", {step.add, {}}, value);
}

void emit_max_pool(Writer& w, const Plan& plan) {
    const ConvSpec& s = plan.spec;
    if (plan.dilated()) {
        pad_pooled(w, plan, "-inf");
        declare_windows(w, plan);
        w.line("y = tf.reduce_max(tf.stack(windows), axis=0)");
        w.note(msg("tf.nn.max_pool2d has no dilation, so the window's cells are sliced out."));
        return;
    }
    const PadStep step = pool_step(plan);
    cut_nhwc(w, "x", step.cut);
    const std::string padding = says_same(plan) ? "'SAME'" : is_zero(step.add) ? "'VALID'" : four_pairs(step.add);
    w.line("y = tf.nn.max_pool2d(x, ksize={}, strides={}, padding={})", brackets(s.kernel), brackets(s.stride),
           padding);
    if (s.ceil_mode) w.note(msg("TensorFlow has no ceil_mode; the pads at the end let the last window fit."));
}

void emit_avg_pool(Writer& w, const Plan& plan) {
    const ConvSpec& s = plan.spec;
    const bool same = averages_same(plan);
    if (!same) pad_pooled(w, plan, "0");
    if (same || averages_valid(plan)) {
        w.line("y = tf.nn.avg_pool2d(x, ksize={}, strides={}, padding='{}')", brackets(s.kernel), brackets(s.stride),
               same ? "SAME" : "VALID");
        return;
    }
    declare_windows(w, plan);
    w.line("y = tf.add_n(windows) / {}", nhwc_divisor(plan));
    w.note(msg("tf.nn.avg_pool2d cannot count these windows' cells, so they are added and divided by their number."));
}

}  // namespace

CodeText emit_tf(const Plan& plan) {
    Writer w;
    w.line("import numpy as np");
    w.line("import tensorflow as tf");
    w.blank();
    declare_layer(w, plan, kNumPyDouble);
    w.blank();
    w.line("x = tf.transpose(tf.constant(x), [0, 2, 3, 1])  # N, H, W, C");
    switch (plan.spec.op) {
        case Op::conv: emit_conv(w, plan); break;
        case Op::conv_transpose: emit_transposed(w, plan); break;
        case Op::max_pool: emit_max_pool(w, plan); break;
        case Op::avg_pool: emit_avg_pool(w, plan); break;
    }
    w.line("y = tf.transpose(y, [0, 3, 1, 2])  # N, C, H, W");
    w.blank();
    w.line("print(tuple(y.shape))");
    w.line("print(y.numpy().flatten().tolist())");
    return finish_python(std::move(w));
}

}  // namespace convlens
