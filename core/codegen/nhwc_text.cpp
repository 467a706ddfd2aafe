#include "core/codegen/nhwc_text.h"

#include "core/codegen/python_text.h"

namespace convlens {

std::string nhwc_cut(const Pads& cut) { return "[:, " + cut_slices(cut) + "]"; }

void cut_nhwc(Writer& w, std::string_view name, const Pads& cut) {
    if (!is_zero(cut)) w.line("{0} = {0}{1}", name, nhwc_cut(cut));
}

void declare_kernel(Writer& w, const Plan& plan) {
    if (plan.transposed()) {
        w.line("kernel = np.transpose(weight, (2, 3, 1, 0))  # kh, kw, C_out/groups, C_in");
    } else {
        w.line("kernel = np.transpose(weight, (2, 3, 1, 0))  # kh, kw, C_in/groups, C_out");
    }
    if (plan.spec.flip_kernel) w.line("kernel = kernel[::-1, ::-1]  # turned by 180 degrees");
    if (!plan.transposed() || !plan.dilated()) return;
    w.line("spread = np.zeros(({}, {}, {}, {}))", plan.effective.h, plan.effective.w, plan.out_per_group(), plan.in.c);
    w.line("spread[{}] = kernel", step_slices(plan.spec.dilation));
    w.line("kernel = spread");
    w.note(msg(
        "TensorFlow's transposed convolution has no dilation on the CPU, so the kernel is written with its zeros."));
    note_written_zeros(w, plan);
}

bool says_same(const Plan& plan) {
    const PadRule rule = plan.spec.pad_rule;
    const bool same = rule == PadRule::tf_SAME || rule == PadRule::onnx_SAME_UPPER;
    if (is_pooling(plan.spec.op)) return same && !plan.dilated() && pool_step(plan).add == plan.pads;
    return same && plan.zero_padded();
}

void declare_windows(Writer& w, const Plan& plan) {
    const ConvSpec& s = plan.spec;
    const Size2 span{(plan.out.h - 1) * s.stride.h + 1, (plan.out.w - 1) * s.stride.w + 1};
    w.line("windows = [x[:, i:i + {}:{}, j:j + {}:{}]", span.h, s.stride.h, span.w, s.stride.w);
    w.line("           for i in range(0, {}, {}) for j in range(0, {}, {})]", plan.effective.h, s.dilation.h,
           plan.effective.w, s.dilation.w);
}

std::string nhwc_divisor(const Plan& plan) {
    const bool number = plan.spec.divisor_override || window_counts(plan).full;
    return average_divisor(plan) + (number ? "" : "[:, :, None]");
}

bool averages_same(const Plan& plan) {
    return says_same(plan) && !plan.spec.count_include_pad && !plan.spec.divisor_override;
}

bool averages_valid(const Plan& plan) {
    return !plan.dilated() && !plan.spec.divisor_override && window_counts(plan).full;
}

}  // namespace convlens
