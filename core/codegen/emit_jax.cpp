// JAX: lax.conv_general_dilated and lax.reduce_window, float64. lax takes pads of any sign on each side.
#include "core/codegen/emitters.h"
#include "core/codegen/literal.h"
#include "core/codegen/python_text.h"

namespace convlens {

namespace {

std::string sides(const Pads& p) { return fmt::format("[({}, {}), ({}, {})]", p.top, p.bottom, p.left, p.right); }

std::string conv_padding(Writer& w, const Plan& plan) {
    const PadRule rule = plan.spec.pad_rule;
    if (plan.zero_padded()) {
        if (rule == PadRule::tf_SAME || rule == PadRule::onnx_SAME_UPPER) return "'SAME'";
        if (rule == PadRule::onnx_SAME_LOWER) return "'SAME_LOWER'";
        return is_zero(plan.pads) ? "'VALID'" : sides(plan.pads);
    }
    numpy_pad(w, "jnp", "x", pad_step(plan.pads), numpy_pad_mode(plan.spec), 2);
    w.note(msg("lax pads with zeros only, so jnp.pad comes first."));
    return "'VALID'";
}

void add_bias(Writer& w, const Plan& plan) {
    if (plan.biased()) w.line("y = y + bias[:, None, None]");
}

void emit_conv(Writer& w, const Plan& plan) {
    const ConvSpec& s = plan.spec;
    if (s.flip_kernel) w.line("weight = weight{}  # convolution: the kernel turned by 180 degrees", kTurned);
    const std::string padding = conv_padding(w, plan);
    w.line("y = lax.conv_general_dilated(");
    w.line("    x, weight, window_strides={}, padding={}, rhs_dilation={},", pair(s.stride), padding, pair(s.dilation));
    w.line("    dimension_numbers=('NCHW', 'OIHW', 'NCHW'), feature_group_count={})", s.groups);
    add_bias(w, plan);
}

// [C_in, C_out/groups, ...] to [C_out, C_in/groups, ...].
void swap_channels(Writer& w, const Plan& plan) {
    const ConvSpec& s = plan.spec;
    if (s.groups == 1) {
        w.line("weight = weight.swapaxes(0, 1)  # C_out, C_in, kh, kw");
        return;
    }
    w.line("weight = weight.reshape({}, {}, {}, {}, {}).swapaxes(1, 2)", s.groups, plan.in_per_group(),
           plan.out_per_group(), s.kernel.h, s.kernel.w);
    w.line("weight = weight.reshape({}, {}, {}, {})  # C_out, C_in/groups, kh, kw", plan.out.c, plan.in_per_group(),
           s.kernel.h, s.kernel.w);
}

void emit_transposed(Writer& w, const Plan& plan) {
    const ConvSpec& s = plan.spec;
    swap_channels(w, plan);
    if (!s.flip_kernel) w.line("weight = weight{}", kTurned);
    const Size2 reach{plan.effective.h - 1, plan.effective.w - 1};
    const Pads ends = canvas_pads(plan);
    const Pads border{reach.h + ends.top, reach.h + ends.bottom, reach.w + ends.left, reach.w + ends.right};
    w.line("y = lax.conv_general_dilated(");
    w.line("    x, weight, window_strides=(1, 1), padding={}, lhs_dilation={}, rhs_dilation={},", sides(border),
           pair(s.stride), pair(s.dilation));
    w.line("    dimension_numbers=('NCHW', 'OIHW', 'NCHW'), feature_group_count={})", s.groups);
    add_bias(w, plan);
    w.note(
        msg("lax.conv_transpose has no groups and no output padding, so the input is spread by lhs_dilation and the "
            "kernel, rotated 180°, slides over it."));
    note_written_zeros(w, plan);
}

void emit_pool(Writer& w, const Plan& plan) {
    const ConvSpec& s = plan.spec;
    const PadStep step = pool_step(plan);
    if (!is_zero(step.cut)) w.line("x = x[..., {}]", cut_slices(step.cut));
    const bool max = s.op == Op::max_pool;
    w.line("y = lax.reduce_window(");
    w.line("    x, {}, (1, 1, {}, {}), (1, 1, {}, {}),", max ? "-jnp.inf, lax.max" : "0.0, lax.add", s.kernel.h,
           s.kernel.w, s.stride.h, s.stride.w);
    w.line("    padding={}, window_dilation=(1, 1, {}, {}))", pad_widths(step.add, 2), s.dilation.h, s.dilation.w);
    if (!max) divide_by_counts(w, plan, "jnp", "jnp.array");
}

}  // namespace

CodeText emit_jax(const Plan& plan) {
    Writer w;
    w.line("import jax");
    w.line("import jax.numpy as jnp");
    w.line("from jax import lax");
    w.blank();
    w.line("jax.config.update('jax_enable_x64', True)");
    w.blank();
    declare_layer(w, plan, {"jnp.array(", ", dtype=jnp.float64)"});
    w.blank();
    switch (plan.spec.op) {
        case Op::conv: emit_conv(w, plan); break;
        case Op::conv_transpose: emit_transposed(w, plan); break;
        case Op::max_pool:
        case Op::avg_pool: emit_pool(w, plan); break;
    }
    w.blank();
    w.line("print(y.shape)");
    w.line("print(y.flatten().tolist())");
    return finish_python(std::move(w));
}

}  // namespace convlens
