// PyTorch: torch.nn.functional, float64, [N, C, H, W] as Convlens itself.
#include <algorithm>

#include "core/codegen/emitters.h"
#include "core/codegen/literal.h"
#include "core/codegen/python_text.h"

namespace convlens {

namespace {

constexpr TensorCall kTensor{"torch.tensor(", ", dtype=torch.float64)"};

// F.pad's order: the last axis first.
std::string pad_order(const Pads& p) { return fmt::format("({}, {}, {}, {})", p.left, p.right, p.top, p.bottom); }

// F.pad fills with a constant, and cuts where a pad is negative, as long as something is left in between.
void fill_pads(Writer& w, std::string_view name, const Pads& pads, Size2 plane, const std::string& value) {
    const PadStep step = pad_step(pads);
    const bool left_over = plane.h > step.cut.top + step.cut.bottom && plane.w > step.cut.left + step.cut.right;
    const Pads& add = left_over ? pads : step.add;
    const std::string fill = value == "0" ? "" : ", value=" + value;
    if (!is_zero(add)) w.line("{0} = F.pad({0}, {1}{2})", name, pad_order(add), fill);
    if (!left_over) w.line("{0} = {0}[..., {1}]", name, cut_slices(step.cut));
}

// The longest pad that F.pad accepts in a mode that copies; none for symmetric, which it does not have.
bool copies(const Plan& plan, const Pads& add) {
    const auto within = [&](std::int64_t less) {
        return std::max(add.top, add.bottom) <= plan.in.h - less && std::max(add.left, add.right) <= plan.in.w - less;
    };
    switch (plan.spec.pad_mode) {
        case PadMode::replicate: return true;
        case PadMode::reflect: return within(1);
        case PadMode::circular: return within(0);
        default: return false;
    }
}

void pick_cells(Writer& w, const Plan& plan) {
    const PickedCells cells = picked_cells(plan);
    w.line("rows = {}", python_list(cells.rows));
    w.line("columns = {}", python_list(cells.columns));
    w.line("x = x[:, :, rows][..., columns]");
    w.note(plan.spec.pad_mode == PadMode::symmetric
               ? msg("F.pad has no symmetric mode, so the padded rows and columns are picked by index.")
               : msg("F.pad reaches at most one width beyond the input, so the padded rows and columns are picked by "
                     "index."));
}

void pad_input(Writer& w, const Plan& plan) {
    const ConvSpec& spec = plan.spec;
    if (spec.pad_mode == PadMode::zeros || spec.pad_mode == PadMode::constant) {
        fill_pads(w, "x", plan.pads, plan.in.plane(), python_number(pad_constant(spec)));
        return;
    }
    const PadStep step = pad_step(plan.pads);
    if (!is_zero(step.add) && !copies(plan, step.add)) {
        pick_cells(w, plan);
        return;
    }
    if (!is_zero(step.add)) w.line("x = F.pad(x, {}, mode='{}')", pad_order(step.add), name(spec.pad_mode));
    if (!is_zero(step.cut)) w.line("x = x[..., {}]", cut_slices(step.cut));
}

// What stands for padding= in the call; where that cannot say it, x is padded first.
std::string conv_padding(Writer& w, const Plan& plan) {
    const bool plain = plan.zero_padded();
    if (plain && plan.spec.pad_rule == PadRule::torch_same) return "'same'";
    if (plain && plan.spec.pad_rule == PadRule::torch_valid) return "'valid'";
    if (plain && is_symmetric(plan.pads) && !is_negative(plan.pads)) return pair({plan.pads.top, plan.pads.left});
    if (plain) w.note(msg("F.conv2d pads both sides alike with zeros, so F.pad comes first."));
    pad_input(w, plan);
    return "(0, 0)";
}

void emit_conv(Writer& w, const Plan& plan) {
    const ConvSpec& s = plan.spec;
    if (s.flip_kernel) w.line("weight = weight.flip(-2, -1)  # convolution: the kernel turned by 180 degrees");
    const std::string padding = conv_padding(w, plan);
    w.line("y = F.conv2d(x, weight, {}, stride={}, padding={}, dilation={}, groups={})",
           plan.biased() ? "bias" : "None", pair(s.stride), padding, pair(s.dilation), s.groups);
}

void emit_transposed(Writer& w, const Plan& plan) {
    const ConvSpec& s = plan.spec;
    if (s.flip_kernel) w.line("weight = weight.flip(-2, -1)");
    if (const auto crop = symmetric_crop(plan)) {
        w.line(
            "y = F.conv_transpose2d(x, weight, {}, stride={}, padding={}, output_padding={}, groups={}, dilation={})",
            plan.biased() ? "bias" : "None", pair(s.stride), pair(crop->padding), pair(crop->output_padding), s.groups,
            pair(s.dilation));
        return;
    }
    w.note(msg("F.conv_transpose2d crops both sides alike, so F.pad with negative pads crops the whole result."));
    w.line("y = F.conv_transpose2d(x, weight, stride={}, groups={}, dilation={})", pair(s.stride), s.groups,
           pair(s.dilation));
    fill_pads(w, "y", canvas_pads(plan), canvas_size(plan), "0");
    if (plan.biased()) w.line("y = y + bias.reshape(1, -1, 1, 1)");
}

// Both pooling functions pad both sides alike by at most half a kernel.
bool pads_itself(const Plan& plan) {
    const Pads& p = plan.pads;
    const Size2 k = plan.spec.kernel;
    return is_symmetric(p) && !is_negative(p) && p.top <= k.h / 2 && p.left <= k.w / 2;
}

const char* truth(bool value) { return value ? "True" : "False"; }

void pad_pooled(Writer& w, const Plan& plan, const char* value) {
    const PadStep step = pool_step(plan);
    if (!is_zero(step.cut)) w.line("x = x[..., {}]", cut_slices(step.cut));
    if (!is_zero(step.add)) w.line("x = F.pad(x, {}, value={})", pad_order(step.add), value);
    if (!pads_itself(plan)) {
        w.note(msg("PyTorch's pooling pads both sides alike, by at most half the kernel, so F.pad comes first."));
    }
}

void emit_max_pool(Writer& w, const Plan& plan) {
    const ConvSpec& s = plan.spec;
    if (pads_itself(plan)) {
        w.line("y = F.max_pool2d(x, {}, stride={}, padding={}, dilation={}, ceil_mode={})", pair(s.kernel),
               pair(s.stride), pair({plan.pads.top, plan.pads.left}), pair(s.dilation), truth(s.ceil_mode));
        return;
    }
    pad_pooled(w, plan, "-inf");
    w.line("y = F.max_pool2d(x, {}, stride={}, dilation={})", pair(s.kernel), pair(s.stride), pair(s.dilation));
}

void emit_avg_pool(Writer& w, const Plan& plan) {
    const ConvSpec& s = plan.spec;
    if (pads_itself(plan) && !plan.dilated()) {
        const std::string divisor = s.divisor_override ? std::to_string(*s.divisor_override) : "None";
        w.line(
            "y = F.avg_pool2d(x, {}, stride={}, padding={}, ceil_mode={}, count_include_pad={}, "
            "divisor_override={})",
            pair(s.kernel), pair(s.stride), pair({plan.pads.top, plan.pads.left}), truth(s.ceil_mode),
            truth(s.count_include_pad), divisor);
        return;
    }
    pad_pooled(w, plan, "0");
    if (plan.dilated()) w.note(msg("F.avg_pool2d has no dilation, so a kernel of ones adds and the sums are divided."));
    w.line("ones = torch.ones({}, 1, {}, {}, dtype=torch.float64)", plan.in.c, s.kernel.h, s.kernel.w);
    w.line("y = F.conv2d(x, ones, stride={}, dilation={}, groups={})", pair(s.stride), pair(s.dilation), plan.in.c);
    divide_by_counts(w, plan, "torch", "torch.tensor");
}

}  // namespace

CodeText emit_torch(const Plan& plan) {
    Writer w;
    w.line("import torch");
    w.line("import torch.nn.functional as F");
    w.blank();
    declare_layer(w, plan, kTensor);
    w.blank();
    switch (plan.spec.op) {
        case Op::conv: emit_conv(w, plan); break;
        case Op::conv_transpose: emit_transposed(w, plan); break;
        case Op::max_pool: emit_max_pool(w, plan); break;
        case Op::avg_pool: emit_avg_pool(w, plan); break;
    }
    w.blank();
    w.line("print(tuple(y.shape))");
    w.line("print(y.flatten().tolist())");
    return finish_python(std::move(w));
}

}  // namespace convlens
