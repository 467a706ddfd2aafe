#include "core/codegen/python_text.h"

#include <cctype>
#include <cstddef>

#include "core/codegen/literal.h"

namespace convlens {

namespace {

// Whether a bare name (not np.inf) occurs.
bool uses_name(std::string_view text, std::string_view name) {
    const auto part_of_name = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.';
    };
    for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
        const bool begins = at == 0 || !part_of_name(text[at - 1]);
        const std::size_t end = at + name.size();
        if (begins && (end == text.size() || !part_of_name(text[end]))) return true;
    }
    return false;
}

}  // namespace

CodeText finish_python(Writer&& w) {
    CodeText code = std::move(w).take();
    const bool inf = uses_name(code.text, "inf");
    const bool nan = uses_name(code.text, "nan");
    if (inf || nan)
        code.text =
            fmt::format("from math import {}{}{}\n", inf ? "inf" : "", inf && nan ? ", " : "", nan ? "nan" : "") +
            code.text;
    return code;
}

void declare(Writer& w, std::string_view name, View<double> values, int axes, const TensorCall& call) {
    const std::size_t indent = name.size() + 3 + call.open.size();
    w.line("{} = {}{}{}", name, call.open, nested_list(values, axes, indent), call.close);
}

void declare_layer(Writer& w, const Plan& plan, const TensorCall& call) {
    declare(w, "x", plan.data.input, 4, call);
    if (is_pooling(plan.spec.op)) return;
    declare(w, "weight", plan.data.weight, 4, call);
    if (plan.biased()) w.line("bias = {}{}{}", call.open, python_list(plan.data.bias.span()), call.close);
}

std::string cut_slice(std::int64_t before, std::int64_t after) {
    const std::string from = before > 0 ? std::to_string(before) : "";
    return from + ":" + (after > 0 ? std::to_string(-after) : "");
}

std::string cut_slices(const Pads& cut) {
    return cut_slice(cut.top, cut.bottom) + ", " + cut_slice(cut.left, cut.right);
}

std::string step_slices(Size2 step) {
    const auto every = [](std::int64_t n) { return n == 1 ? ":" : fmt::format("::{}", n); };
    return every(step.h) + ", " + every(step.w);
}

std::string step_slices(Size2 stop, Size2 step) {
    const auto every = [](std::int64_t end, std::int64_t n) {
        return n == 1 ? fmt::format(":{}", end) : fmt::format(":{}:{}", end, n);
    };
    return every(stop.h, step.h) + ", " + every(stop.w, step.w);
}

std::string pad_widths(const Pads& pads, int leading, int trailing) {
    std::string text = "(";
    for (int i = 0; i < leading; ++i) text += "(0, 0), ";
    text += fmt::format("({}, {}), ({}, {})", pads.top, pads.bottom, pads.left, pads.right);
    for (int i = 0; i < trailing; ++i) text += ", (0, 0)";
    return text + ")";
}

std::string numpy_pad_mode(const ConvSpec& spec) {
    switch (spec.pad_mode) {
        case PadMode::zeros: return "mode='constant'";
        case PadMode::constant: return "mode='constant', constant_values=" + python_number(spec.pad_value);
        case PadMode::replicate: return "mode='edge'";
        case PadMode::reflect: return "mode='reflect'";
        case PadMode::symmetric: return "mode='symmetric'";
        case PadMode::circular: return "mode='wrap'";
    }
    return {};
}

void numpy_pad(Writer& w, std::string_view module, std::string_view name, const PadStep& step, std::string_view mode,
               int leading) {
    if (!is_zero(step.add)) w.line("{0} = {1}.pad({0}, {2}, {3})", name, module, pad_widths(step.add, leading), mode);
    if (is_zero(step.cut)) return;
    w.line("{0} = {0}[{1}{2}]", name, leading > 0 ? "..., " : "", cut_slices(step.cut));
}

std::string average_divisor(const Plan& plan) {
    if (plan.spec.divisor_override) return std::to_string(*plan.spec.divisor_override);
    const WindowCounts counts = window_counts(plan);
    if (counts.full) return std::to_string(plan.spec.kernel.h * plan.spec.kernel.w);
    return fmt::format("np.outer({}, {})", python_list(counts.rows), python_list(counts.columns));
}

void divide_by_counts(Writer& w, const Plan& plan, std::string_view module, std::string_view array) {
    const WindowCounts counts = window_counts(plan);
    if (plan.spec.divisor_override || counts.full) {
        w.line("y = y / {}", average_divisor(plan));
        return;
    }
    w.line("y = y / {0}.outer({1}({2}), {1}({3}))  # cells that each window counts", module, array,
           python_list(counts.rows), python_list(counts.columns));
}

void note_written_zeros(Writer& w, const Plan& plan) {
    if (plan.finite()) return;
    w.note(
        msg("Zeros are written between the cells, and zero times an infinity or NaN is NaN, so results near one may be "
            "NaN here that are not in the layer."));
}

}  // namespace convlens
