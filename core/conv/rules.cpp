#include "core/conv/rules.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/conv/dialect_limits.h"
#include "core/conv/number_limit.h"
#include "core/conv/pad.h"
#include "core/conv/validate.h"

namespace convlens {

namespace {

// A layer with both axes solved, so that no check solves them again.
struct Subject {
    const LayerShape& layer;
    const ConvSpec& spec;
    WideAxis h;
    WideAxis w;

    bool transposed() const { return spec.op == Op::conv_transpose; }
    bool pooling() const { return is_pooling(spec.op); }
    const WideAxis& solved(Axis axis) const { return axis == Axis::h ? h : w; }
};

Subject subject_of(const LayerShape& layer) {
    return {layer, layer.spec, solve_allowed(layer, Axis::h), solve_allowed(layer, Axis::w)};
}

// Kept in the order of Field.
class Findings {
public:
    void add(ErrorKind kind, Field field) { insert({kind, field, false, false}); }
    // One fault for both axes where both have it.
    template <typename Wrong>
    void add_axes(ErrorKind kind, Field field, Wrong wrong) {
        const Fault fault{kind, field, wrong(Axis::h), wrong(Axis::w)};
        if (fault.rows || fault.columns) insert(fault);
    }
    std::vector<Fault> take() && { return std::move(faults_); }

private:
    void insert(const Fault& fault) {
        faults_.insert(std::ranges::upper_bound(faults_, fault.field, {}, &Fault::field), fault);
    }

    std::vector<Fault> faults_;
};

std::int64_t along(Size2 size, Axis axis) { return axis == Axis::h ? size.h : size.w; }

// Whether the output padding is the spec's own, not what output_size makes it.
bool output_padding_counts(const ConvSpec& spec) {
    return spec.op == Op::conv_transpose && (!spec.output_size || size_chooses_pads(spec.pad_rule));
}

void check_input(const Subject& s, Findings& found) {
    const Shape4& in = s.layer.input;
    if (in.n < 1 || in.c < 1) found.add(ErrorKind::bad_input, Field::input);
    found.add_axes(ErrorKind::bad_input, Field::input, [&](Axis axis) { return along(in.plane(), axis) < 1; });
}

void check_steps(const Subject& s, Findings& found) {
    const auto below_one = [](Size2 size) { return [size](Axis axis) { return along(size, axis) < 1; }; };
    found.add_axes(ErrorKind::bad_kernel, Field::kernel, below_one(s.spec.kernel));
    found.add_axes(ErrorKind::bad_stride, Field::stride, below_one(s.spec.stride));
    found.add_axes(ErrorKind::bad_dilation, Field::dilation, below_one(s.spec.dilation));
}

// Negative pads crop. The other programs refuse them unless crops_too() says other, and cropping must leave something.
void check_negative_padding(const Subject& s, Findings& found) {
    const auto wrong = [&](Axis axis) {
        const AxisSpec own = axis_of(s.spec, axis);
        const Wide before = std::min<std::int64_t>(own.pad_before, 0);
        const Wide after = std::min<std::int64_t>(own.pad_after, 0);
        if (!crops_too(s.spec)) return before < 0 || after < 0;
        return !s.transposed() && (before < 0 || after < 0) && s.solved(axis).input + before + after < 1;
    };
    if (reads_own_pads(s.spec)) found.add_axes(ErrorKind::negative_padding, Field::padding, wrong);
}

void check_output_length(const Subject& s, Findings& found) {
    if (s.transposed()) {
        found.add_axes(ErrorKind::output_too_small, Field::padding,
                       [&](Axis axis) { return s.solved(axis).output < 1; });
        return;
    }
    const auto wrong = [&](Axis axis) {
        const WideAxis& a = s.solved(axis);
        const bool something = a.padded >= 1 && along(s.layer.input.plane(), axis) >= 1;  // or that is what is wrong
        return something && a.output < 1;
    };
    found.add_axes(ErrorKind::output_too_small, Field::kernel, wrong);
}

void check_pad_limit(const Subject& s, Findings& found) {
    if (s.transposed() || s.pooling()) return;
    const bool circular = s.spec.pad_mode == PadMode::circular;
    const auto wrong = [&](Axis axis) {
        const WideAxis& a = s.solved(axis);
        const auto limit = pad_limit(s.spec, a.input);
        return limit && std::max(a.pad_before, a.pad_after) > *limit;
    };
    found.add_axes(circular ? ErrorKind::circular_pad_too_big : ErrorKind::reflect_pad_too_big, Field::padding, wrong);
}

void check_pool_padding(const Subject& s, Findings& found) {
    if (!s.pooling()) return;
    found.add_axes(ErrorKind::pool_pad_too_big, Field::padding, [&](Axis axis) {
        const WideAxis& a = s.solved(axis);
        const auto limit = pool_pad_limit(s.spec, a);
        if (limit) return std::max(a.pad_before, a.pad_after) > *limit;
        return needs_input_in_windows(s.spec) && window_of_padding(a) != PaddingWindow::none;
    });
}

void check_divisor(const Subject& s, Findings& found) {
    if (s.spec.op == Op::avg_pool && s.spec.divisor_override == 0) {
        found.add(ErrorKind::bad_divisor, Field::divisor_override);
    }
}

// tf.nn.pool takes a dilation with stride 1 and VALID only (tensorflow/python/ops/nn_ops.py); max_pool2d and avg_pool2d
// have none.
bool tensorflow_pool_dilates(const Subject& s) {
    const auto unpadded = [](const WideAxis& a) { return a.pad_before == 0 && a.pad_after == 0 && a.stride == 1; };
    return s.spec.pad_rule != PadRule::tf_SAME && unpadded(s.h) && unpadded(s.w);
}

// torch.nn.AvgPool2d has no such argument.
void check_pool_dilation(const Subject& s, Findings& found) {
    if (!s.pooling()) return;
    const bool torch = s.spec.dialect == Dialect::torch && s.spec.op == Op::avg_pool;
    const bool tensorflow = s.spec.dialect == Dialect::tensorflow && !tensorflow_pool_dilates(s);
    if (!torch && !tensorflow) return;
    found.add_axes(ErrorKind::not_supported, Field::dilation,
                   [&](Axis axis) { return along(s.spec.dilation, axis) > 1; });
}

// tf.nn.avg_pool2d takes its padding as a word, max_pool2d in numbers too (tensorflow/python/ops/nn_ops.py).
void check_average_padding(const Subject& s, Findings& found) {
    if (s.spec.op != Op::avg_pool || s.spec.dialect != Dialect::tensorflow) return;
    if (s.spec.pad_rule != PadRule::explicit_) return;
    found.add_axes(ErrorKind::not_supported, Field::padding,
                   [&](Axis axis) { return s.solved(axis).pad_before > 0 || s.solved(axis).pad_after > 0; });
}

// torch.nn.ConvTranspose2d: output padding stays below the stride or below the dilation. Elsewhere below the stride:
// ONNX Runtime (ConvTransposeAttributes: "may be too large for stride"), Keras (base_conv_transpose.py).
bool too_much_output_padding(const ConvSpec& spec, Wide op, const WideAxis& a) {
    if (op <= 0 || op < a.stride) return false;
    return output_padding_below_stride(spec.dialect) || op >= a.dilation;
}

void check_output_padding(const Subject& s, Findings& found) {
    if (!output_padding_counts(s.spec)) return;
    const Size2 op = s.spec.output_padding;
    found.add_axes(ErrorKind::negative_output_padding, Field::output_padding,
                   [&](Axis axis) { return along(op, axis) < 0; });
    found.add_axes(ErrorKind::output_padding_too_big, Field::output_padding,
                   [&](Axis axis) { return too_much_output_padding(s.spec, along(op, axis), s.solved(axis)); });
}

void check_output_size(const Subject& s, Findings& found) {
    if (!s.transposed() || !s.spec.output_size) return;
    const auto wrong = [&](Axis axis) {
        const Wide size = wanted_length(s.spec, axis);
        const WideAxis& a = s.solved(axis);
        if (size < 1) return true;
        if (size_chooses_pads(s.spec.pad_rule)) return expected_input(s.spec, a, size) != a.input;
        const LengthRange range = reachable_lengths(s.spec, a);
        return size < range.least || size > range.most;
    };
    found.add_axes(ErrorKind::output_size_unreachable, Field::output_size, wrong);
}

void check_pad_rule(const Subject& s, Findings& found) {
    if (s.spec.pad_rule != PadRule::torch_same) return;
    if (s.pooling() && s.spec.dialect == Dialect::torch) {
        found.add(ErrorKind::not_supported, Field::pad_rule);
        return;
    }
    found.add_axes(ErrorKind::same_needs_stride_1, Field::pad_rule,
                   [&](Axis axis) { return s.solved(axis).stride > 1; });
}

// Borders that a program does not have.
struct MissingMode {
    Dialect dialect;
    PadMode mode;
    ErrorKind kind;
};
constexpr std::array kMissingModes{
    MissingMode{Dialect::torch, PadMode::symmetric, ErrorKind::pad_mode_unsupported},
    MissingMode{Dialect::onnx, PadMode::symmetric, ErrorKind::pad_mode_unsupported},
    MissingMode{Dialect::tensorflow, PadMode::replicate, ErrorKind::pad_mode_unsupported},
    MissingMode{Dialect::tensorflow, PadMode::circular, ErrorKind::pad_mode_unsupported},
    MissingMode{Dialect::opencv, PadMode::circular, ErrorKind::border_unsupported},
};

void check_pad_mode(const Subject& s, Findings& found) {
    if (s.transposed() || s.pooling()) {
        if (s.spec.pad_mode != PadMode::zeros) found.add(ErrorKind::pad_mode_unsupported, Field::pad_mode);
        return;
    }
    for (const MissingMode& missing : kMissingModes) {
        if (missing.dialect == s.spec.dialect && missing.mode == s.spec.pad_mode) {
            found.add(missing.kind, Field::pad_mode);
        }
    }
}

void check_anchor(const Subject& s, Findings& found) {
    if (s.spec.pad_rule != PadRule::opencv_anchor || !s.spec.anchor) return;
    found.add_axes(ErrorKind::bad_anchor, Field::anchor, [&](Axis axis) {
        const std::int64_t at = along(*s.spec.anchor, axis);
        return at < 0 || at >= s.solved(axis).kernel;
    });
}

void check_channels(const Subject& s, Findings& found) {
    if (s.pooling()) return;
    const std::int64_t groups = s.spec.groups;
    const std::int64_t out = s.spec.out_channels;
    if (out < 1) found.add(ErrorKind::bad_out_channels, Field::out_channels);
    if (groups < 1) {
        found.add(ErrorKind::bad_groups, Field::groups);
        return;
    }
    // A conv's weight says how many input channels a group has, so there check_weight() speaks of them.
    const bool weight_says = !s.transposed() && s.layer.weight;
    const bool in_divides = weight_says || s.layer.input.c < 1 || s.layer.input.c % groups == 0;
    const bool out_divides = out < 1 || out % groups == 0;
    if (!in_divides || !out_divides) found.add(ErrorKind::groups_mismatch, Field::groups);
}

void check_weight(const Subject& s, Findings& found) {
    if (!s.layer.weight || s.pooling()) return;
    const Shape4& weight = *s.layer.weight;
    if (weight.plane() != s.spec.kernel) found.add(ErrorKind::bad_kernel, Field::weight);
    if (s.spec.groups < 1) return;
    const Wide grouped = static_cast<Wide>(weight.c) * s.spec.groups;
    const Wide in = s.transposed() ? weight.n : grouped;
    const Wide out = s.transposed() ? grouped : weight.n;
    if (in != s.layer.input.c || out != s.spec.out_channels) found.add(ErrorKind::channels_mismatch, Field::weight);
}

void check_bias(const Subject& s, Findings& found) {
    if (!s.layer.bias_length || s.spec.out_channels < 1 || s.pooling()) return;
    if (*s.layer.bias_length != s.spec.out_channels) found.add(ErrorKind::bias_mismatch, Field::bias);
}

std::array<HeldTensor, 5> tensors_of(const Subject& s) {
    const Wide n = s.layer.input.n;
    const Wide c = s.layer.input.c;
    const Wide out = s.spec.out_channels;
    const Wide groups = std::max<std::int64_t>(s.spec.groups, 1);
    const WideAxis& h = s.h;
    const WideAxis& w = s.w;
    const HeldTensor input{key("The input"), Field::input, {n, c, h.input, w.input}};
    if (s.transposed()) {
        const Wide spread_h = h.output + h.effective_kernel - 1;
        const Wide spread_w = w.output + w.effective_kernel - 1;
        return {input,
                {key("The weight"), Field::kernel, {c, out / groups, h.kernel, w.kernel}},
                {key("The uncropped output"), Field::stride, {n, out, h.padded, w.padded}},
                {key("The zero-inserted input"), Field::stride, {n, c, spread_h, spread_w}},
                {key("The output"), Field::output_padding, {n, out, h.output, w.output}}};
    }
    const HeldTensor none{{}, Field::out_channels, {0, 0, 0, 0}};
    if (s.pooling()) {
        return {input,
                {key("The padded input"), Field::padding, {n, c, h.padded, w.padded}},
                {key("The output"), Field::input, {n, c, h.output, w.output}},
                {key("The window"), Field::kernel, {1, 1, h.kernel, w.kernel}},
                none};
    }
    return {input,
            {key("The weight"), Field::kernel, {out, c / groups, h.kernel, w.kernel}},
            {key("The padded input"), Field::padding, {n, c, h.padded, w.padded}},
            {key("The output"), Field::out_channels, {n, out, h.output, w.output}},
            none};
}

void check_memory(const Subject& s, Findings& found) {
    const auto tensors = tensors_of(s);
    const auto* const first =
        std::ranges::find_if(tensors, [&](const HeldTensor& tensor) { return too_large(s.layer, tensor); });
    if (first != tensors.end()) found.add(ErrorKind::too_large, first->field);  // the others are large because of it
}

constexpr std::array kChecks{
    check_input,        check_steps,         check_negative_padding, check_output_length, check_pad_limit,
    check_pool_padding, check_pool_dilation, check_average_padding,  check_divisor,       check_output_padding,
    check_output_size,  check_pad_rule,      check_pad_mode,         check_anchor,        check_channels,
    check_weight,       check_bias,          check_memory,
};

}  // namespace

Pads allowed_pads(const ConvSpec& spec) {
    if (crops_too(spec)) return spec.pads;
    const auto clipped = [](std::int64_t pad) { return std::max<std::int64_t>(pad, 0); };
    const Pads& p = spec.pads;
    return {clipped(p.top), clipped(p.bottom), clipped(p.left), clipped(p.right)};
}

WideAxis solve_allowed(const LayerShape& layer, Axis axis) {
    const std::int64_t length = along(layer.input.plane(), axis);
    const Pads pads = allowed_pads(layer.spec);
    if (pads == layer.spec.pads) return solve_wide(layer.spec, length, axis);
    ConvSpec spec = layer.spec;
    spec.pads = pads;
    return solve_wide(spec, length, axis);
}

std::vector<Fault> find_faults(const LayerShape& layer) {
    // What else is wrong would be said with other numbers than those that were given.
    if (std::vector<Fault> faults = numbers_too_large(layer); !faults.empty()) return faults;
    Findings found;
    const Subject subject = subject_of(layer);
    for (const auto check : kChecks) check(subject, found);
    return std::move(found).take();
}

std::array<HeldTensor, 5> held_tensors(const LayerShape& layer) { return tensors_of(subject_of(layer)); }

bool too_large(const LayerShape& layer, const HeldTensor& tensor) {
    const Wide most = layer.held ? Wide{kMaxCells} : Wide{kWidest};
    Wide cells = 1;
    for (const Wide length : tensor.lengths) {
        if (length <= 0) return false;
    }
    for (const Wide length : tensor.lengths) {
        if (length > most / cells) return true;
        cells *= length;
    }
    return false;
}

}  // namespace convlens
