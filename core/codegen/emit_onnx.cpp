// ONNX: a Python program that builds a model of the layer with onnx.helper and runs it with ONNX Runtime, in float32.
#include <algorithm>
#include <vector>

#include "core/codegen/emitters.h"
#include "core/codegen/literal.h"
#include "core/codegen/python_text.h"

namespace convlens {

namespace {

// The graph as it grows: each node reads what the one before it wrote.
struct Graph {
    std::vector<std::string> nodes;
    std::vector<std::string> constants;
    std::string last = "x";  // name of the tensor that the last node wrote

    void node(std::string_view op, std::string_view more_inputs, std::string_view output, std::string_view attributes) {
        nodes.push_back(fmt::format("helper.make_node('{}', ['{}'{}], ['{}']{}{})", op, last, more_inputs, output,
                                    attributes.empty() ? "" : ", ", attributes));
        last = output;
    }
    void constant(std::string_view name, std::string_view value) {
        constants.push_back(fmt::format("'{}': {}", name, value));
    }
};

std::string brackets(Size2 value) { return fmt::format("[{}, {}]", value.h, value.w); }
// ONNX's order: all starts, then all ends.
std::string four(const Pads& p) { return fmt::format("[{}, {}, {}, {}]", p.top, p.left, p.bottom, p.right); }
std::string whole_numbers(const std::string& list) { return fmt::format("np.array({}, dtype=np.int64)", list); }

void add_pad(Graph& g, const Pads& add, std::string_view mode, const std::string& value) {
    if (is_zero(add)) return;
    g.constant("pads",
               whole_numbers(fmt::format("[0, 0, {}, {}, 0, 0, {}, {}]", add.top, add.left, add.bottom, add.right)));
    if (mode == "constant") g.constant("fill", fmt::format("np.array({}, dtype=np.float32)", value));
    g.node("Pad", mode == "constant" ? ", 'pads', 'fill'" : ", 'pads'", "padded", fmt::format("mode='{}'", mode));
}

// Cuts a plane of `size`.
void add_cut(Graph& g, const Pads& cut, Size2 size) {
    if (is_zero(cut)) return;
    g.constant("starts", whole_numbers(fmt::format("[{}, {}]", cut.top, cut.left)));
    g.constant("ends", whole_numbers(fmt::format("[{}, {}]", size.h - cut.bottom, size.w - cut.right)));
    g.constant("axes", whole_numbers("[2, 3]"));
    g.node("Slice", ", 'starts', 'ends', 'axes'", "cut", "");
}

void add_step(Graph& g, const PadStep& step, Size2 plane, std::string_view mode, const std::string& value) {
    add_pad(g, step.add, mode, value);
    add_cut(g, step.cut, {plane.h + step.add.top + step.add.bottom, plane.w + step.add.left + step.add.right});
}

// Pad's name of a mode, where it has one that reaches as far as `add` says.
std::string_view pad_mode(const Plan& plan, const Pads& add) {
    const auto within = [&](std::int64_t less) {
        return std::max(add.top, add.bottom) <= plan.in.h - less && std::max(add.left, add.right) <= plan.in.w - less;
    };
    switch (plan.spec.pad_mode) {
        case PadMode::zeros:
        case PadMode::constant: return "constant";
        case PadMode::replicate: return "edge";
        case PadMode::reflect: return within(1) ? "reflect" : "";
        case PadMode::circular: return within(0) ? "wrap" : "";
        case PadMode::symmetric: return "";
    }
    return "";
}

void pad_input(Writer& w, Graph& g, const Plan& plan) {
    const PadStep step = pad_step(plan.pads);
    const std::string_view mode = pad_mode(plan, step.add);
    if (!mode.empty() || is_zero(step.add)) {
        add_step(g, step, plan.in.plane(), mode, python_number(pad_constant(plan.spec)));
        return;
    }
    const PickedCells cells = picked_cells(plan);
    g.constant("rows", whole_numbers(python_list(cells.rows)));
    g.node("Gather", ", 'rows'", "tall", "axis=2");
    g.constant("columns", whole_numbers(python_list(cells.columns)));
    g.node("Gather", ", 'columns'", "padded", "axis=3");
    w.note(
        plan.spec.pad_mode == PadMode::symmetric
            ? msg("ONNX's Pad has no symmetric mode, so the padded rows and columns are gathered by index.")
            : msg("ONNX Runtime's Pad reaches at most one width beyond the input, so the padded rows and columns are "
                  "gathered by index."));
}

// auto_pad of a rule that ONNX has, where ONNX Runtime implements it: without dilation, and no stride beyond the kernel.
std::string auto_pad(const Plan& plan) {
    const ConvSpec& s = plan.spec;
    const bool able = !plan.dilated() && s.kernel.h >= s.stride.h && s.kernel.w >= s.stride.w;
    if (s.pad_rule == PadRule::onnx_VALID) return "auto_pad='VALID'";
    if (s.pad_rule == PadRule::onnx_SAME_UPPER && able) return "auto_pad='SAME_UPPER'";
    if (s.pad_rule == PadRule::onnx_SAME_LOWER && able) return "auto_pad='SAME_LOWER'";
    return "";
}

std::string conv_padding(Writer& w, Graph& g, const Plan& plan) {
    if (plan.zero_padded()) {
        if (std::string automatic = auto_pad(plan); !automatic.empty()) return automatic;
        if (!is_negative(plan.pads)) return "pads=" + four(plan.pads);
    }
    pad_input(w, g, plan);
    return "pads=[0, 0, 0, 0]";
}

std::string weight_inputs(const Plan& plan, bool with_bias) {
    return plan.biased() && with_bias ? ", 'weight', 'bias'" : ", 'weight'";
}

void add_weights(Graph& g, const Plan& plan) {
    g.constant("weight", plan.spec.flip_kernel ? fmt::format("np.ascontiguousarray(weight{})", kTurned) : "weight");
}

void build_conv(Writer& w, Graph& g, const Plan& plan) {
    const ConvSpec& s = plan.spec;
    add_weights(g, plan);
    if (plan.biased()) g.constant("bias", "bias");
    const std::string padding = conv_padding(w, g, plan);
    g.node("Conv", weight_inputs(plan, true), "y",
           fmt::format("kernel_shape={}, strides={}, {}, dilations={}, group={}", brackets(s.kernel),
                       brackets(s.stride), padding, brackets(s.dilation), s.groups));
}

// ONNX's own rules for a ConvTranspose: the pads follow from the size.
std::string size_rule(const ConvSpec& s) {
    std::string shape = s.output_size ? "output_shape=" + brackets(*s.output_size) : "";
    switch (s.pad_rule) {
        case PadRule::onnx_SAME_UPPER: return "auto_pad='SAME_UPPER'" + (shape.empty() ? "" : ", " + shape);
        case PadRule::onnx_SAME_LOWER: return "auto_pad='SAME_LOWER'" + (shape.empty() ? "" : ", " + shape);
        case PadRule::onnx_NOTSET: return shape;
        default: return "";
    }
}

// pads= and output_padding= of a ConvTranspose; nothing where ONNX Runtime cannot: it takes no negative pads, and output
// padding below the stride only.
std::string transposed_padding(const Plan& plan) {
    const ConvSpec& s = plan.spec;
    const auto able = [&](const Pads& crop, Size2 extra) {
        return !is_negative(crop) && (extra.h == 0 || extra.h < s.stride.h) && (extra.w == 0 || extra.w < s.stride.w);
    };
    const auto spelled = [](const Pads& crop, Size2 extra) {
        return fmt::format("pads={}, output_padding={}", four(crop), brackets(extra));
    };
    if (const std::string own = size_rule(s); !own.empty() && able({}, s.output_padding)) {
        return fmt::format("{}, output_padding={}", own, brackets(s.output_padding));
    }
    if (s.pad_rule == PadRule::explicit_ && !s.output_size && able(s.pads, s.output_padding)) {
        return spelled(s.pads, s.output_padding);
    }
    const Pads ends = canvas_pads(plan);
    const Pads crop{plan.pads.top, std::max<std::int64_t>(-ends.bottom, 0), plan.pads.left,
                    std::max<std::int64_t>(-ends.right, 0)};
    const Size2 extra{std::max<std::int64_t>(ends.bottom, 0), std::max<std::int64_t>(ends.right, 0)};
    return able(crop, extra) ? spelled(crop, extra) : "";
}

void build_transposed(Writer& w, Graph& g, const Plan& plan) {
    const ConvSpec& s = plan.spec;
    const std::string padding = transposed_padding(plan);
    const bool direct = !padding.empty();
    add_weights(g, plan);
    if (plan.biased()) g.constant("bias", direct ? "bias" : "bias.reshape(1, -1, 1, 1)");
    g.node("ConvTranspose", weight_inputs(plan, direct), direct ? "y" : "whole",
           fmt::format("kernel_shape={}, strides={}, {}, dilations={}, group={}", brackets(s.kernel),
                       brackets(s.stride), direct ? padding : "pads=[0, 0, 0, 0]", brackets(s.dilation), s.groups));
    if (direct) return;
    add_step(g, pad_step(canvas_pads(plan)), canvas_size(plan), "constant", "0");
    if (plan.biased()) g.node("Add", ", 'bias'", "y", "");
    w.note(msg(
        "ONNX Runtime's ConvTranspose takes no negative pads and no output padding from the stride on, so its whole "
        "result is cropped and padded."));
}

// ONNX Runtime wants pads below the kernel.
bool pads_itself(const Plan& plan) {
    const Pads& p = plan.pads;
    const Size2 k = plan.spec.kernel;
    return !is_negative(p) && std::max(p.top, p.bottom) < k.h && std::max(p.left, p.right) < k.w;
}

// Cut first, see pool_step().
void pad_pooled(Graph& g, const Plan& plan, const std::string& value) {
    const PadStep step = pool_step(plan);
    add_cut(g, step.cut, plan.in.plane());
    add_pad(g, step.add, "constant", value);
}

std::string pool_padding(const Plan& plan) {
    const std::string automatic = plan.spec.ceil_mode ? "" : auto_pad(plan);
    return automatic.empty() ? "pads=" + four(plan.pads) : automatic;
}

void build_max_pool(Writer& w, Graph& g, const Plan& plan) {
    const ConvSpec& s = plan.spec;
    const bool direct = pads_itself(plan);
    if (!direct) pad_pooled(g, plan, "-inf");
    g.node("MaxPool", "", "y",
           fmt::format("kernel_shape={}, strides={}, {}, dilations={}, ceil_mode={}", brackets(s.kernel),
                       brackets(s.stride), direct ? pool_padding(plan) : "pads=[0, 0, 0, 0]", brackets(s.dilation),
                       direct && s.ceil_mode ? 1 : 0));
    if (has_empty_window(plan) || !plan.finite()) {
        w.note(
            msg("ONNX Runtime gives the lowest float32, -3.4e38, where the largest value of a window is -infinity."));
    }
}

void build_avg_pool(Writer& w, Graph& g, const Plan& plan) {
    const ConvSpec& s = plan.spec;
    const bool reaches_beyond = pool_step(plan).add != plan.pads;
    if (pads_itself(plan) && !reaches_beyond && !plan.dilated() && !s.divisor_override) {
        g.node("AveragePool", "", "y",
               fmt::format("kernel_shape={}, strides={}, {}, count_include_pad={}", brackets(s.kernel),
                           brackets(s.stride), pool_padding(plan), s.count_include_pad ? 1 : 0));
        return;
    }
    pad_pooled(g, plan, "0");
    g.constant("ones", fmt::format("np.ones(({}, 1, {}, {}), dtype=np.float32)", plan.in.c, s.kernel.h, s.kernel.w));
    g.node("Conv", ", 'ones'", "sums",
           fmt::format("kernel_shape={}, strides={}, dilations={}, group={}", brackets(s.kernel), brackets(s.stride),
                       brackets(s.dilation), plan.in.c));
    g.constant("counts", fmt::format("np.float32({})", average_divisor(plan)));
    g.node("Div", ", 'counts'", "y", "");
    w.note(msg(
        "ONNX Runtime's AveragePool cannot count these windows' cells, so a Conv of ones adds them and their number "
        "divides."));
}

void write_list(Writer& w, std::string_view open, const std::vector<std::string>& items, std::string_view close) {
    w.line("{}", open);
    for (const std::string& item : items) w.line("    {},", item);
    w.line("{}", close);
}

void write_model(Writer& w, const Graph& g) {
    write_list(w, "nodes = [", g.nodes, "]");
    if (g.constants.empty()) {
        w.line("constants = {{}}");
    } else {
        write_list(w, "constants = {", g.constants, "}");
    }
    w.line("graph = helper.make_graph(");
    w.line("    nodes, 'layer',");
    w.line("    [helper.make_tensor_value_info('x', TensorProto.FLOAT, x.shape)],");
    w.line("    [helper.make_tensor_value_info('{}', TensorProto.FLOAT, [None, None, None, None])],", g.last);
    w.line("    [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()])");
    w.line("model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 19)], ir_version=9)");
    w.line("onnx.checker.check_model(model)");
    w.blank();
    w.line("session = onnxruntime.InferenceSession(model.SerializeToString(), providers=['CPUExecutionProvider'])");
    w.line("y, = session.run(None, {{'x': x}})");
}

}  // namespace

CodeText emit_onnx(const Plan& plan) {
    Writer w;
    w.line("import numpy as np");
    w.line("import onnx");
    w.line("import onnxruntime");
    w.line("from onnx import TensorProto, helper, numpy_helper");
    w.blank();
    declare_layer(w, plan, kNumPyFloat);
    w.blank();
    Graph g;
    switch (plan.spec.op) {
        case Op::conv: build_conv(w, g, plan); break;
        case Op::conv_transpose: build_transposed(w, g, plan); break;
        case Op::max_pool: build_max_pool(w, g, plan); break;
        case Op::avg_pool: build_avg_pool(w, g, plan); break;
    }
    write_model(w, g);
    w.blank();
    w.line("print(y.shape)");
    w.line("print(y.flatten().tolist())");
    w.note(msg("ONNX Runtime computes these operators in float32, to about 7 digits."));
    return finish_python(std::move(w));
}

}  // namespace convlens
