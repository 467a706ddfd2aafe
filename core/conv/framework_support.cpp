#include "core/conv/framework_support.h"

#include <array>
#include <utility>

#include "core/conv/names.h"
#include "core/conv/rule_messages.h"
#include "core/conv/rules.h"

namespace convlens {

namespace {

bool strided(const ConvSpec& spec) { return spec.stride.h > 1 || spec.stride.w > 1; }
bool dilated(const ConvSpec& spec) { return spec.dilation.h > 1 || spec.dilation.w > 1; }
bool onnx_same(const ConvSpec& spec) {
    return spec.pad_rule == PadRule::onnx_SAME_UPPER || spec.pad_rule == PadRule::onnx_SAME_LOWER;
}

// keras/src/layers/convolutional: base_conv.py and base_conv_transpose.py refuse it, base_depthwise_conv.py does not.
bool keras_refuses_steps(const LayerShape& layer) {
    const ConvSpec& spec = layer.spec;
    const bool depthwise = spec.op == Op::conv && spec.groups > 1 && spec.groups == layer.input.c;
    return !is_pooling(spec.op) && !depthwise && strided(spec) && dilated(spec);
}

// onnxruntime/core/providers/common.h, ComputePad: "Dilation not supported for AutoPadType::SAME_UPPER or SAME_LOWER".
bool onnx_runtime_refuses_same(const LayerShape& layer) {
    return layer.spec.op == Op::conv && onnx_same(layer.spec) && dilated(layer.spec);
}

// ONNX Runtime's pooling under SAME, along one axis (PoolAttributes::ComputeSizePadDilations): the pads are those of the
// undilated kernel and may come to less than nothing, the output is that of the dilated one. C++ rounds to zero.
struct PoolAxis {
    Wide pad = 0;         // of both ends together
    Wide pad_before = 0;  // at the top or left
    Wide output = 0;
};
PoolAxis onnx_runtime_pools(const ConvSpec& spec, const WideAxis& a) {
    const Wide outputs = floor_div(a.input + a.stride - 1, a.stride);
    PoolAxis axis;
    axis.pad = (outputs - 1) * a.stride + a.kernel - a.input;
    axis.pad_before = (spec.pad_rule == PadRule::onnx_SAME_LOWER ? axis.pad + 1 : axis.pad) / 2;
    const Wide steps = a.input + axis.pad - a.effective_kernel;
    axis.output = (spec.ceil_mode ? -floor_div(-steps, a.stride) : steps / a.stride) + 1;
    return axis;
}
struct PoolPlane {
    PoolAxis h, w;
};
PoolPlane onnx_runtime_pools(const LayerShape& layer) {
    return {onnx_runtime_pools(layer.spec, solve_allowed(layer, Axis::h)),
            onnx_runtime_pools(layer.spec, solve_allowed(layer, Axis::w))};
}
bool onnx_same_pool(const LayerShape& layer) { return is_pooling(layer.spec.op) && onnx_same(layer.spec); }
bool less_than_no_padding(const PoolPlane& plane) { return plane.h.pad < 0 || plane.w.pad < 0; }

// Where the stride exceeds the kernel and the last window ends before the input does: "padding values must be
// non-negative". What computes a dilated MaxPool, and AveragePool since opset 19, takes such pads.
bool onnx_runtime_refuses_pool(const LayerShape& layer) {
    return onnx_same_pool(layer) && layer.spec.op == Op::max_pool && !dilated(layer.spec) &&
           less_than_no_padding(onnx_runtime_pools(layer));
}

// "Calculated output dimension is negative."
bool onnx_runtime_finds_no_output(const LayerShape& layer) {
    if (!onnx_same_pool(layer)) return false;
    const PoolPlane there = onnx_runtime_pools(layer);
    return there.h.output < 0 || there.w.output < 0;
}

// What the rules allow and a program has not got.
struct Limit {
    Dialect dialect;
    std::string_view program;
    bool (*refuses)(const LayerShape& layer);
    Key reason;
};
constexpr std::array kLimits{
    Limit{Dialect::tensorflow, "Keras", keras_refuses_steps,
          key("Keras layers do not combine a stride above 1 with a dilation above 1; tf.nn.conv2d and conv2d_transpose "
              "do.")},
    Limit{Dialect::onnx, "ONNX Runtime", onnx_runtime_refuses_same,
          key("ONNX Runtime's Conv accepts auto_pad SAME without dilation only; it accepts the layer with pads in "
              "numbers.")},
    Limit{
        Dialect::onnx, "ONNX Runtime", onnx_runtime_refuses_pool,
        key("ONNX Runtime's SAME pooling would need negative padding at this stride; it accepts the layer with pads in "
            "numbers.")},
    Limit{Dialect::onnx, "ONNX Runtime", onnx_runtime_finds_no_output,
          key("ONNX Runtime's SAME pooling pads for the undilated kernel, and the dilated one does not fit then.")},
};

std::vector<Fault> faults_in(LayerShape layer, Dialect dialect) {
    layer.spec.dialect = dialect;
    return find_faults(layer);
}

void add_refusal(const LayerShape& layer, Dialect dialect, std::vector<RefusedBy>& all) {
    LayerShape there = layer;
    there.spec.dialect = dialect;
    const std::vector<Fault> faults = find_faults(there);
    if (!faults.empty()) {
        all.push_back({dialect, title(dialect), message_of(there, faults.front())});
        return;
    }
    for (const Limit& limit : kLimits) {
        if (limit.dialect == dialect && limit.refuses(layer)) all.push_back({dialect, limit.program, limit.reason});
    }
}

// Octave, SciPy and OpenCV filter a plane with a kernel.
bool has_such_layers(Dialect dialect, const LayerShape& layer) {
    const bool filters = dialect == Dialect::octave || dialect == Dialect::scipy || dialect == Dialect::opencv;
    const ConvSpec& spec = layer.spec;
    const bool plane = layer.input.n == 1 && layer.input.c == 1 && spec.out_channels == 1 && spec.groups == 1;
    return !filters || (spec.op == Op::conv && plane && !strided(spec) && !dilated(spec));
}

}  // namespace

std::vector<RefusedBy> refused_elsewhere(const LayerShape& layer) {
    if (!find_faults(layer).empty()) return {};
    std::vector<RefusedBy> all;
    for (std::size_t i = 0; i < names<Dialect>().size(); ++i) add_refusal(layer, static_cast<Dialect>(i), all);
    return all;
}

std::vector<DiffersIn> differs_elsewhere(const LayerShape& layer) {
    if (!onnx_same_pool(layer) || !find_faults(layer).empty()) return {};
    if (onnx_runtime_refuses_pool(layer) || onnx_runtime_finds_no_output(layer)) return {};
    const PoolPlane there = onnx_runtime_pools(layer);
    const WideAxis h = solve_allowed(layer, Axis::h), w = solve_allowed(layer, Axis::w);
    const auto top = "top"_is(narrow(there.h.pad_before));
    const auto left = "left"_is(narrow(there.w.pad_before));
    if (dilated(layer.spec)) {
        const bool same = there.h.pad_before == h.pad_before && there.w.pad_before == w.pad_before &&
                          there.h.output == h.output && there.w.output == w.output;
        if (same) return {};
        return {{Dialect::onnx, "ONNX Runtime",
                 msg("ONNX Runtime's SAME pooling pads for the undilated kernel, by {top} at the top and {left} at the "
                     "left here, and its output is {h}×{w}.",
                     top, left, "h"_is(narrow(there.h.output)), "w"_is(narrow(there.w.output)))}};
    }
    if (!less_than_no_padding(there)) return {};
    return {{Dialect::onnx, "ONNX Runtime",
             msg("ONNX Runtime's SAME average pooling would need negative padding at this stride: it rejects the layer "
                 "up to opset 18, and from opset 19 on pads by {top} at the top and {left} at the left.",
                 top, left)}};
}

std::vector<Dialect> accepted_elsewhere(const LayerShape& layer) {
    if (find_faults(layer).empty()) return {};
    std::vector<Dialect> all;
    for (std::size_t i = 0; i < names<Dialect>().size(); ++i) {
        const auto dialect = static_cast<Dialect>(i);
        if (has_such_layers(dialect, layer) && faults_in(layer, dialect).empty()) all.push_back(dialect);
    }
    return all;
}

Message accepted_text(std::span<const Dialect> dialects) {
    std::vector<Message> programs;
    for (const Dialect dialect : dialects) programs.push_back(verbatim(title(dialect)));
    return listed(std::move(programs));
}

}  // namespace convlens
