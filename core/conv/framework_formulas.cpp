#include "core/conv/framework_formulas.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/conv/pad.h"

namespace convlens {

namespace {

// A number behind an operator: a negative one in brackets.
std::string operand(std::int64_t value) { return value < 0 ? fmt::format("(−{})", -value) : fmt::format("{}", value); }

bool rounds_up(const ConvSpec& spec) { return is_pooling(spec.op) && spec.ceil_mode; }

// Whether TensorFlow's word for a padding gives these very pads and this very length.
bool is_called(PadRule rule, const ConvSpec& spec, Size2 plane, Axis axis, const AxisShape& shape) {
    ConvSpec named = spec;
    named.pad_rule = rule;
    named.output_padding = {0, 0};
    named.output_size.reset();
    named.ceil_mode = false;
    const AxisShape other = solve_axis(named, plane, axis);
    return other.pad_before == shape.pad_before && other.pad_after == shape.pad_after && other.output == shape.output;
}

// no words: a formula as the program itself writes it
void add_torch(std::vector<FrameworkFormula>& formulas, const ConvSpec& spec, Axis axis, const AxisShape& a) {
    if (a.pad_before != a.pad_after || a.pad_before < 0) return;
    if (spec.op == Op::conv_transpose) {
        formulas.push_back({"PyTorch",
                            "(H_in − 1)·stride − 2·padding + dilation·(kernel_size − 1) + output_padding + 1",
                            fmt::format("({} − 1)·{} − 2·{} + {}·({} − 1) + {} + 1", a.input, a.stride, a.pad_before,
                                        a.dilation, a.kernel, operand(a.output_padding)),
                            {}});
        return;
    }
    if (spec.op == Op::avg_pool && a.dilation > 1) return;  // AvgPool2d has no dilation
    const bool up = rounds_up(spec);
    const std::string_view open = up ? "⌈" : "⌊", close = up ? "⌉" : "⌋";
    std::string formula, numbers;
    if (spec.op == Op::avg_pool) {
        formula = fmt::format("{}(H_in + 2·padding − kernel_size)/stride + 1{}", open, close);
        numbers = fmt::format("{}({} + 2·{} − {})/{} + 1{}", open, a.input, a.pad_before, a.kernel, a.stride, close);
    } else {
        formula = fmt::format("{}(H_in + 2·padding − dilation·(kernel_size − 1) − 1)/stride + 1{}", open, close);
        numbers = fmt::format("{}({} + 2·{} − {}·({} − 1) − 1)/{} + 1{}", open, a.input, a.pad_before, a.dilation,
                              a.kernel, a.stride, close);
    }
    if (a.dropped_window) {
        formula += " − 1";
        numbers += " − 1";
    }
    formulas.push_back({"PyTorch", std::move(formula), std::move(numbers),
                        a.dropped_window ? dropped_window_text(a, axis) : Message()});
}

// no words: a formula as the program itself writes it
void add_tensorflow(std::vector<FrameworkFormula>& formulas, const ConvSpec& spec, Size2 plane, Axis axis,
                    const AxisShape& a) {
    const bool transposed = spec.op == Op::conv_transpose;
    if (is_called(PadRule::tf_SAME, spec, plane, axis, a)) {
        formulas.push_back(
            {"TensorFlow",
             transposed ? "SAME: input·stride" : "SAME: ⌈input/stride⌉",
             transposed ? fmt::format("{}·{}", a.input, a.stride) : fmt::format("⌈{}/{}⌉", a.input, a.stride),
             {}});
    }
    if (is_called(PadRule::tf_VALID, spec, plane, axis, a)) {
        formulas.push_back(
            {"TensorFlow",
             transposed ? "VALID: input·stride + max(dilated kernel − stride, 0)"
                        : "VALID: ⌈(input − (kernel − 1)·dilation)/stride⌉",
             transposed ? fmt::format("{}·{} + max({} − {}, 0)", a.input, a.stride, a.effective_kernel, a.stride)
                        : fmt::format("⌈({} − ({} − 1)·{})/{}⌉", a.input, a.kernel, a.dilation, a.stride),
             {}});
    }
}

// no words: a formula as the program itself writes it
void add_onnx(std::vector<FrameworkFormula>& formulas, const ConvSpec& spec, const AxisShape& a) {
    if (spec.op == Op::conv_transpose) {
        formulas.push_back(
            {"ONNX",
             "stride·(input − 1) + output_padding + ((kernel − 1)·dilation + 1) − pad_begin − pad_end",
             fmt::format("{}·({} − 1) + {} + (({} − 1)·{} + 1) − {} − {}", a.stride, a.input, operand(a.output_padding),
                         a.kernel, a.dilation, operand(a.pad_before), operand(a.pad_after)),
             {}});
        return;
    }
    if (a.dropped_window) return;  // ONNX does not write it down
    const bool up = rounds_up(spec);
    formulas.push_back(
        {"ONNX",
         fmt::format("{}(input + pad_begin + pad_end − ((kernel − 1)·dilation + 1))/stride + 1{}", up ? "⌈" : "⌊",
                     up ? "⌉" : "⌋"),
         fmt::format("{}({} + {} + {} − (({} − 1)·{} + 1))/{} + 1{}", up ? "⌈" : "⌊", a.input, operand(a.pad_before),
                     operand(a.pad_after), a.kernel, a.dilation, a.stride, up ? "⌉" : "⌋"),
         {}});
}

}  // namespace

std::vector<FrameworkFormula> framework_formulas(const ConvSpec& spec, Size2 input_plane, Axis axis) {
    const AxisShape shape = solve_axis(spec, input_plane, axis);
    std::vector<FrameworkFormula> formulas;
    add_torch(formulas, spec, axis, shape);
    if (axis == Axis::w && !formulas.empty()) {
        std::string& formula = formulas[0].formula;  // of PyTorch's page, which has a line for either
        formula.replace(formula.find("H_in"), 4, "W_in");
    }
    add_tensorflow(formulas, spec, input_plane, axis, shape);
    add_onnx(formulas, spec, shape);
    return formulas;
}

std::optional<PlainEquivalent> plain_equivalent(const ConvSpec& spec, Size2 input_plane, Axis axis) {
    if (spec.op != Op::conv_transpose) return {};
    const AxisShape a = solve_axis(spec, input_plane, axis);
    const std::int64_t full = a.effective_kernel - 1;
    return PlainEquivalent{a.stride - 1, full - a.pad_before, full - a.pad_after + a.output_padding, a.pad_before,
                           a.pad_after};
}

Message in_words(const PlainEquivalent& plain) {
    const auto before = "before"_is(plain.before);
    const auto after = "after"_is(plain.after);
    if (plain.zeros_between == 0)
        return msg("stride 1 with the flipped kernel, over the input padded by {before} before and {after} after",
                   before, after);
    return plural(
        "stride 1 with the flipped kernel, over the input with {n} zero inserted between its cells, padded by "
        "{before} before and {after} after",
        "stride 1 with the flipped kernel, over the input with {n} zeros inserted between its cells, padded by "
        "{before} before and {after} after",
        plain.zeros_between, before, after);
}

}  // namespace convlens
