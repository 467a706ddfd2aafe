#include "core/conv/rule_messages.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "core/conv/names.h"
#include "core/conv/pad.h"
#include "core/conv/validate.h"

namespace convlens {

namespace {

std::string number(Wide value) { return value < 0 ? fmt::format("\u2212{}", -value) : fmt::format("{}", value); }

// A number after a plus sign: "(\u22121)" where it is negative.
std::string added(Wide value) { return value < 0 ? "(" + number(value) + ")" : number(value); }

// One axis of a layer, or both where they are the same in every number.
struct AxisView {
    const LayerShape& layer;
    Axis axis;
    bool both;
    AxisSpec own;
    WideAxis solved;

    AxisView(const LayerShape& of, Axis which, bool square = false)
        : layer(of), axis(which), both(square), own(axis_of(of.spec, which)), solved(solve_allowed(of, which)) {}

    bool is_rows() const { return axis == Axis::h; }
    bool pads() const { return solved.pad_before != 0 || solved.pad_after != 0; }
    bool dilates() const { return solved.dilation > 1 && solved.kernel > 1; }
    std::string_view at_start() const {
        return both ? "at the top and left" : is_rows() ? "at the top" : "at the left";
    }
    std::string_view at_end() const {
        return both ? "at the bottom and right" : is_rows() ? "at the bottom" : "at the right";
    }
    // Where the padding of the end named, before or after, is: everywhere on the axis if both ends are alike.
    std::string_view at_sides(bool before) const {
        if (solved.pad_before != solved.pad_after) return before ? at_start() : at_end();
        return both ? "on every side" : is_rows() ? "at the top and bottom" : "at the left and right";
    }
    std::int64_t of(Size2 size) const { return is_rows() ? size.h : size.w; }
    std::int64_t length() const { return of(layer.input.plane()); }
};

// The sentence that fits the axis, with its numbers: the vertical one, the horizontal one, or the one for both.
template <typename... Args>
std::string said(const AxisView& a, fmt::format_string<const Args&...> vertical,
                 fmt::format_string<const Args&...> horizontal, fmt::format_string<const Args&...> alike,
                 const Args&... args) {
    return fmt::format(a.both ? alike : a.is_rows() ? vertical : horizontal, args...);
}

// Whether rows and columns have the same numbers throughout.
bool square(const LayerShape& layer) {
    const auto alike = [](Size2 size) { return size.h == size.w; };
    const ConvSpec& spec = layer.spec;
    const Pads& p = spec.pads;
    return alike(layer.input.plane()) && alike(spec.kernel) && alike(spec.stride) && alike(spec.dilation) &&
           alike(spec.output_padding) && alike(spec.output_size.value_or(Size2{})) &&
           alike(spec.anchor.value_or(Size2{})) && p.top == p.left && p.bottom == p.right;
}

std::string program(Dialect dialect) { return std::string(title(dialect)); }

// The axis has a window that covers padding only.
std::string window_without_input(const AxisView& a) {
    const bool max = a.layer.spec.op == Op::max_pool;
    const std::string before = number(a.solved.pad_before);
    const std::string after = number(a.solved.pad_after);
    switch (window_of_padding(a.solved)) {
        case PaddingWindow::first:
            return max ? fmt::format(
                             "Max pooling needs an input cell in every window, but with padding {} {} the "
                             "first window covers padding only; at most {} works.",
                             before, a.at_start(), number(a.solved.effective_kernel - 1))
                       : fmt::format(
                             "An average that does not count padding needs an input cell in every window, but "
                             "with padding {} {} the first window covers padding only; at most {} works.",
                             before, a.at_start(), number(a.solved.effective_kernel - 1));
        case PaddingWindow::last:
            return max ? fmt::format(
                             "Max pooling needs an input cell in every window, but with padding {} {} the last "
                             "window covers padding only.",
                             after, a.at_end())
                       : fmt::format(
                             "An average that does not count padding needs an input cell in every window, but "
                             "with padding {} {} the last window covers padding only.",
                             after, a.at_end());
        default:
            return max ? fmt::format(
                             "Max pooling needs an input cell in every window, but with dilation {} a window "
                             "skips the whole input.",
                             number(a.solved.dilation))
                       : fmt::format(
                             "An average that does not count padding needs an input cell in every window, but "
                             "with dilation {} a window skips the whole input.",
                             number(a.solved.dilation));
    }
}

std::string pool_pad_too_big(const AxisView& a) {
    const ConvSpec& spec = a.layer.spec;
    const Wide limit = pool_pad_limit(spec, a.solved).value_or(0);
    const bool before = a.solved.pad_before > limit;
    const std::string padding = number(before ? a.solved.pad_before : a.solved.pad_after);
    switch (spec.dialect) {
        case Dialect::torch:
            return fmt::format("PyTorch's pooling allows padding of at most half the kernel, {}; it is {} {}.",
                               number(limit), padding, a.at_sides(before));
        case Dialect::onnx:
            return fmt::format(
                "ONNX Runtime's pooling requires padding smaller than the kernel, at most {}; it is {} {}.",
                number(limit), padding, a.at_sides(before));
        default: return window_without_input(a);
    }
}

std::string no_pool_dilation(const AxisView& a) {
    const std::string dilation = number(a.own.dilation);
    if (a.layer.spec.dialect == Dialect::tensorflow) {
        return said(a,
                    "TensorFlow pools with dilation only in tf.nn.pool, with stride 1 and no padding; the vertical "
                    "dilation is {}.",
                    "TensorFlow pools with dilation only in tf.nn.pool, with stride 1 and no padding; the horizontal "
                    "dilation is {}.",
                    "TensorFlow pools with dilation only in tf.nn.pool, with stride 1 and no padding; the dilation is "
                    "{}.",
                    dilation);
    }
    return said(a, "{}'s average pooling has no dilation; the vertical dilation is {}.",
                "{}'s average pooling has no dilation; the horizontal dilation is {}.",
                "{}'s average pooling has no dilation; the dilation is {}.", program(a.layer.spec.dialect), dilation);
}

// Settings that a program does not have along an axis: a pooling's dilation, an average's padding in numbers.
std::string not_supported(const AxisView& a, Field field) {
    if (field == Field::dilation) return no_pool_dilation(a);
    return fmt::format("{}'s average pooling pads by name only: choose the rule SAME or VALID instead of numbers.",
                       program(a.layer.spec.dialect));
}

std::string kernel_does_not_fit(const AxisView& a) {
    const std::string kernel = number(a.solved.kernel);
    const std::string dilation = number(a.solved.dilation);
    const std::string effective = number(a.solved.effective_kernel);
    const std::string input = number(a.solved.input);
    const std::string padded = number(a.solved.padded);
    const std::string before = added(a.solved.pad_before);
    const std::string after = added(a.solved.pad_after);
    if (!a.dilates() && !a.pads()) {
        return said(a, "A kernel of height {} does not fit: the input's height is only {}.",
                    "A kernel of width {} does not fit: the input's width is only {}.",
                    "A {0}×{0} kernel does not fit: the input is only {1}×{1}.", kernel, input);
    }
    if (!a.dilates()) {
        return said(
            a, "A kernel of height {} does not fit: the padded input's height is only {} ({} + {} + {} of padding).",
            "A kernel of width {} does not fit: the padded input's width is only {} ({} + {} + {} of padding).",
            "A {0}×{0} kernel does not fit: the padded input is only {1}×{1} ({2} + {3} + {4} of padding).", kernel,
            padded, input, before, after);
    }
    if (!a.pads()) {
        return said(a,
                    "A kernel of height {} with dilation {} spans {} and does not fit: the input's height is only {}.",
                    "A kernel of width {} with dilation {} spans {} and does not fit: the input's width is only {}.",
                    "A {0}×{0} kernel with dilation {1} spans {2}×{2} and does not fit: the input is only {3}×{3}.",
                    kernel, dilation, effective, input);
    }
    return said(a,
                "A kernel of height {} with dilation {} spans {} and does not fit: the padded input's height is only "
                "{} ({} + {} + {} of padding).",
                "A kernel of width {} with dilation {} spans {} and does not fit: the padded input's width is only {} "
                "({} + {} + {} of padding).",
                "A {0}×{0} kernel with dilation {1} spans {2}×{2} and does not fit: the padded input is only {3}×{3} "
                "({4} + {5} + {6} of padding).",
                kernel, dilation, effective, padded, input, before, after);
}

std::string output_too_small(const AxisView& a) {
    if (a.layer.spec.op != Op::conv_transpose) return kernel_does_not_fit(a);
    const std::string before = number(a.solved.pad_before);
    const std::string after = added(a.solved.pad_after);
    const std::string uncropped = number(a.solved.padded);
    if (a.solved.output_padding == 0) {
        return said(a, "Nothing is left: padding crops {} + {} of the uncropped output's height, {}.",
                    "Nothing is left: padding crops {} + {} of the uncropped output's width, {}.",
                    "Nothing is left: padding crops {0} + {1} of the uncropped output, {2}×{2}, on each axis.", before,
                    after, uncropped);
    }
    return said(
        a,
        "Nothing is left: padding crops {} + {} of the uncropped output's height, {}, and output padding adds "
        "{} back.",
        "Nothing is left: padding crops {} + {} of the uncropped output's width, {}, and output padding adds {} "
        "back.",
        "Nothing is left: padding crops {0} + {1} of the uncropped output, {2}×{2}, on each axis, and output "
        "padding adds {3} back.",
        before, after, uncropped, number(a.solved.output_padding));
}

std::string bad_input(const AxisView& a) {
    return said(a, "The input must have at least 1 row; it has {}.",
                "The input must have at least 1 column; it has {}.", "The input must be at least 1×1; it is {0}×{0}.",
                number(a.length()));
}

std::string bad_kernel(const AxisView& a) {
    return said(a, "The kernel must have at least 1 row; it has {}.",
                "The kernel must have at least 1 column; it has {}.", "The kernel must be at least 1×1; it is {0}×{0}.",
                number(a.own.kernel));
}

std::string bad_stride(const AxisView& a) {
    return said(a, "The vertical stride must be at least 1; it is {}.",
                "The horizontal stride must be at least 1; it is {}.", "The stride must be at least 1; it is {}.",
                number(a.own.stride));
}

std::string bad_dilation(const AxisView& a) {
    return said(a, "The vertical dilation must be at least 1 (1 means no gaps); it is {}.",
                "The horizontal dilation must be at least 1 (1 means no gaps); it is {}.",
                "The dilation must be at least 1 (1 means no gaps); it is {}.", number(a.own.dilation));
}

std::string negative_padding(const AxisView& a) {
    const ConvSpec& spec = a.layer.spec;
    const std::string before = number(a.own.pad_before);
    const std::string after = number(a.own.pad_after);
    if (spec.dialect == Dialect::torch && spec.pad_mode == PadMode::circular && !crops_too(spec)) {
        return said(a,
                    "With negative padding, PyTorch crops first and wraps what is left, so its result would differ; "
                    "the top has {}, the bottom {}.",
                    "With negative padding, PyTorch crops first and wraps what is left, so its result would differ; "
                    "the left has {}, the right {}.",
                    "With negative padding, PyTorch crops first and wraps what is left, so its result would differ; "
                    "the top and left have {}, the bottom and right {}.",
                    before, after);
    }
    if (!crops_too(spec)) {
        return said(a, "{} has no negative padding; the top has {}, the bottom {}.",
                    "{} has no negative padding; the left has {}, the right {}.",
                    "{} has no negative padding; the top and left have {}, the bottom and right {}.",
                    program(spec.dialect), before, after);
    }
    return said(a, "Padding of {} at the top and {} at the bottom crops the whole height of the input, {}.",
                "Padding of {} at the left and {} at the right crops the whole width of the input, {}.",
                "Padding of {0} at the top and left and {1} at the bottom and right crops the whole {2}×{2} input.",
                before, after, number(a.solved.input));
}

std::string negative_output_padding(const AxisView& a) {
    return said(a, "The vertical output padding must not be negative; it is {}.",
                "The horizontal output padding must not be negative; it is {}.",
                "Output padding must not be negative; it is {}.", number(a.own.output_padding));
}

std::string output_padding_too_big(const AxisView& a) {
    const Dialect dialect = a.layer.spec.dialect;
    const std::string stride = number(a.own.stride);
    const std::string output_padding = number(a.own.output_padding);
    if (output_padding_below_stride(dialect)) {
        return said(a, "{} requires output padding smaller than the stride ({}); the vertical output padding is {}.",
                    "{} requires output padding smaller than the stride ({}); the horizontal output padding is {}.",
                    "{} requires output padding smaller than the stride ({}); it is {}.",
                    std::string(dialect == Dialect::onnx ? "ONNX Runtime" : "Keras"), stride, output_padding);
    }
    return said(a,
                "Output padding must be smaller than the stride ({}) or the dilation ({}); the vertical output padding "
                "is {}.",
                "Output padding must be smaller than the stride ({}) or the dilation ({}); the horizontal output "
                "padding is {}.",
                "Output padding must be smaller than the stride ({}) or the dilation ({}); it is {}.", stride,
                number(a.own.dilation), output_padding);
}

std::string output_size_unreachable(const AxisView& a) {
    const std::int64_t asked = a.of(a.layer.spec.output_size.value_or(Size2{}));
    const std::string size = number(asked);
    const std::string input = number(a.solved.input);
    if (asked < 1) {
        return said(a, "The output must have at least 1 row; the output size asks for {}.",
                    "The output must have at least 1 column; the output size asks for {}.",
                    "The output must be at least 1×1; the output size asks for {0}×{0}.", size);
    }
    if (size_chooses_pads(a.layer.spec.pad_rule)) {
        return said(a,
                    "Output height {} does not match: a convolution with this kernel and stride turns it into {}, and "
                    "the input's height is {}.",
                    "Output width {} does not match: a convolution with this kernel and stride turns it into {}, and "
                    "the input's width is {}.",
                    "Output size {0}×{0} does not match: a convolution with this kernel and stride turns it into "
                    "{1}×{1}, and the input is {2}×{2}.",
                    size, number(expected_input(a.layer.spec, a.solved, asked)), input);
    }
    const LengthRange range = reachable_lengths(a.layer.spec, a.solved);
    const std::string least = number(range.least);
    const std::string most = number(range.most);
    if (range.most < 1) {
        return said(a, "An input of height {} cannot become {}: padding crops the whole output.",
                    "An input of width {} cannot become {}: padding crops the whole output.",
                    "A {0}×{0} input cannot become {1}×{1}: padding crops the whole output.", input, size);
    }
    if (range.least == range.most) {
        return said(a, "An input of height {} can only become {} here, not {}.",
                    "An input of width {} can only become {} here, not {}.",
                    "A {0}×{0} input can only become {1}×{1} here, not {2}×{2}.", input, least, size);
    }
    if (range.least + 1 == range.most) {
        return said(a, "An input of height {} can become {} or {} here, not {}.",
                    "An input of width {} can become {} or {} here, not {}.",
                    "A {0}×{0} input can become {1} or {2} rows and columns here, not {3}.", input, least, most, size);
    }
    return said(a, "An input of height {} can become {} to {} here, not {}.",
                "An input of width {} can become {} to {} here, not {}.",
                "A {0}×{0} input can become {1} to {2} rows and columns here, not {3}.", input, least, most, size);
}

std::string same_needs_stride_1(const AxisView& a) {
    return said(a, "PyTorch allows padding='same' with stride 1 only; the vertical stride is {}.",
                "PyTorch allows padding='same' with stride 1 only; the horizontal stride is {}.",
                "PyTorch allows padding='same' with stride 1 only; the stride is {}.", number(a.own.stride));
}

std::string pad_too_big(const AxisView& a) {
    const ConvSpec& spec = a.layer.spec;
    const Wide limit = pad_limit(spec, a.solved.input).value_or(0);
    const bool before = a.solved.pad_before > limit;
    return said(a, "{} allows {} padding of at most {} on an input of height {}; it is {} {}.",
                "{} allows {} padding of at most {} on an input of width {}; it is {} {}.",
                "{0} allows {1} padding of at most {2} on a {3}×{3} input; it is {4} {5}.", program(spec.dialect),
                std::string(name(spec.pad_mode)), number(limit), number(a.solved.input),
                number(before ? a.solved.pad_before : a.solved.pad_after), std::string(a.at_sides(before)));
}

std::string bad_anchor(const AxisView& a) {
    const std::int64_t at = a.of(a.layer.spec.anchor.value_or(Size2{}));
    return said(a, "The anchor's row must be 0 to {}; it is {}.", "The anchor's column must be 0 to {}; it is {}.",
                "The anchor's row and column must be 0 to {}; they are {}.", number(a.solved.kernel - 1), number(at));
}

// Faults that are about one axis or both.
struct AxisMessage {
    ErrorKind kind;
    std::string (*text)(const AxisView&);
};
constexpr std::array kAxisMessages{
    AxisMessage{ErrorKind::bad_input, bad_input},
    AxisMessage{ErrorKind::bad_kernel, bad_kernel},
    AxisMessage{ErrorKind::bad_stride, bad_stride},
    AxisMessage{ErrorKind::bad_dilation, bad_dilation},
    AxisMessage{ErrorKind::bad_anchor, bad_anchor},
    AxisMessage{ErrorKind::output_too_small, output_too_small},
    AxisMessage{ErrorKind::negative_padding, negative_padding},
    AxisMessage{ErrorKind::negative_output_padding, negative_output_padding},
    AxisMessage{ErrorKind::output_padding_too_big, output_padding_too_big},
    AxisMessage{ErrorKind::output_size_unreachable, output_size_unreachable},
    AxisMessage{ErrorKind::same_needs_stride_1, same_needs_stride_1},
    AxisMessage{ErrorKind::reflect_pad_too_big, pad_too_big},
    AxisMessage{ErrorKind::circular_pad_too_big, pad_too_big},
    AxisMessage{ErrorKind::pool_pad_too_big, pool_pad_too_big},
};

std::string bad_batch_or_channels(const LayerShape& layer) {
    return fmt::format("Batch size N and channels C must be at least 1; the input is {}.", to_string(layer.input));
}

std::string bad_out_channels(const LayerShape& layer) {
    return fmt::format("C_out must be at least 1; it is {}.", number(layer.spec.out_channels));
}

std::string bad_groups(const LayerShape& layer) {
    return fmt::format("The number of groups must be at least 1; it is {}.", number(layer.spec.groups));
}

std::string groups_mismatch(const LayerShape& layer) {
    const std::string groups = number(layer.spec.groups);
    const std::string in = number(layer.input.c);
    const std::string out = number(layer.spec.out_channels);
    if (layer.input.c % layer.spec.groups == 0)
        return fmt::format("C_out = {} does not divide evenly into {} groups.", out, groups);
    if (layer.spec.out_channels % layer.spec.groups == 0)
        return fmt::format("C_in = {} does not divide evenly into {} groups.", in, groups);
    return fmt::format("C_in = {} and C_out = {} do not divide evenly into {} groups.", in, out, groups);
}

std::string weight_plane(const LayerShape& layer) {
    const Shape4 weight = layer.weight.value_or(Shape4{});
    return fmt::format("The kernels of the weight {} are {}×{}, but the kernel size is {}×{}.", to_string(weight),
                       number(weight.h), number(weight.w), number(layer.spec.kernel.h), number(layer.spec.kernel.w));
}

std::string channels_mismatch(const LayerShape& layer) {
    const Shape4 weight = layer.weight.value_or(Shape4{});
    const Wide grouped = static_cast<Wide>(weight.c) * layer.spec.groups;
    const bool transposed = layer.spec.op == Op::conv_transpose;
    const Wide in = transposed ? weight.n : grouped;
    const Wide out = transposed ? grouped : weight.n;
    const std::string groups = number(layer.spec.groups);
    if (in != layer.input.c) {
        return fmt::format("The weight {} with groups = {} needs C_in = {}, but the input has C_in = {}.",
                           to_string(weight), groups, number(in), number(layer.input.c));
    }
    return fmt::format("The weight {} with groups = {} gives C_out = {}, but the layer has C_out = {}.",
                       to_string(weight), groups, number(out), number(layer.spec.out_channels));
}

std::string bias_mismatch(const LayerShape& layer) {
    return fmt::format("The bias must have one value per output channel, {}; it has {}.",
                       number(layer.spec.out_channels), number(layer.bias_length.value_or(0)));
}

std::string mode_unsupported(const LayerShape& layer) {
    const std::string_view mode = name(layer.spec.pad_mode);
    if (layer.spec.op == Op::conv_transpose) {
        return fmt::format(
            "A transposed convolution's padding crops the output, so there is nothing for {} padding to fill. Use "
            "zeros.",
            mode);
    }
    if (is_pooling(layer.spec.op)) {
        return fmt::format(
            "Pooling leaves its padding out of the result, so there is nothing for {} padding to fill. Use zeros.",
            mode);
    }
    if (layer.spec.dialect == Dialect::opencv)  // which has it for other functions
        return fmt::format("OpenCV's filter2D does not accept BORDER_WRAP, its name for {} padding.", mode);
    return fmt::format("{} has no {} padding.", program(layer.spec.dialect), mode);
}

std::string no_pool_rule(const LayerShape& layer) {
    return fmt::format("PyTorch's pooling needs padding in numbers, not a rule such as {}.",
                       title(layer.spec.pad_rule));
}

std::string bad_divisor(const LayerShape&) { return "divisor_override must not be 0."; }

// "1.5 GiB" of so many bytes.
std::string memory(long double bytes) {
    constexpr std::array<std::string_view, 11> kUnits{"bytes", "KiB", "MiB", "GiB", "TiB", "PiB",
                                                      "EiB",   "ZiB", "YiB", "RiB", "QiB"};
    std::size_t unit = 0;
    for (; bytes >= 1024 && unit + 1 < kUnits.size(); ++unit) bytes /= 1024;
    if (bytes >= 1024) return fmt::format("more than 1024 {}", kUnits[unit]);
    return fmt::format("{:.4g} {}", static_cast<double>(bytes), kUnits[unit]);
}

std::string too_large_text(const LayerShape& layer) {
    for (const HeldTensor& tensor : held_tensors(layer)) {
        if (!too_large(layer, tensor)) continue;
        long double bytes = sizeof(float);
        std::string shape;
        for (const Wide length : tensor.lengths) {
            bytes *= static_cast<long double>(length);
            shape += (shape.empty() ? "" : ", ") + number(length);
        }
        if (!layer.held)
            return fmt::format("{} would be [{}], which is more cells than can be counted.", tensor.name, shape);
        return fmt::format("{} would be [{}], which needs {} in float32; Convlens computes tensors of up to {}.",
                           tensor.name, shape, memory(bytes),
                           memory(static_cast<long double>(kMaxCells) * sizeof(float)));
    }
    return {};
}

// Faults of the whole layer.
struct LayerMessage {
    ErrorKind kind;
    std::string (*text)(const LayerShape&);
};
constexpr std::array kLayerMessages{
    LayerMessage{ErrorKind::bad_input, bad_batch_or_channels},
    LayerMessage{ErrorKind::bad_kernel, weight_plane},
    LayerMessage{ErrorKind::bad_out_channels, bad_out_channels},
    LayerMessage{ErrorKind::bad_groups, bad_groups},
    LayerMessage{ErrorKind::groups_mismatch, groups_mismatch},
    LayerMessage{ErrorKind::channels_mismatch, channels_mismatch},
    LayerMessage{ErrorKind::bias_mismatch, bias_mismatch},
    LayerMessage{ErrorKind::pad_mode_unsupported, mode_unsupported},
    LayerMessage{ErrorKind::border_unsupported, mode_unsupported},
    LayerMessage{ErrorKind::bad_divisor, bad_divisor},
    LayerMessage{ErrorKind::not_supported, no_pool_rule},
    LayerMessage{ErrorKind::too_large, too_large_text},
};

std::string one_axis(const Fault& fault, const AxisView& view) {
    if (fault.kind == ErrorKind::not_supported) return not_supported(view, fault.field);
    const auto* const found = std::ranges::find(kAxisMessages, fault.kind, &AxisMessage::kind);
    return found == kAxisMessages.end() ? std::string() : found->text(view);
}

std::string axis_message(const LayerShape& layer, const Fault& fault) {
    if (fault.rows && fault.columns && square(layer)) return one_axis(fault, AxisView(layer, Axis::h, true));
    const std::string vertical = fault.rows ? one_axis(fault, AxisView(layer, Axis::h)) : std::string();
    const std::string horizontal = fault.columns ? one_axis(fault, AxisView(layer, Axis::w)) : std::string();
    if (vertical.empty() || vertical == horizontal) return horizontal;
    return horizontal.empty() ? vertical : vertical + " " + horizontal;
}

}  // namespace

std::string message_of(const LayerShape& layer, const Fault& fault) {
    if (fault.rows || fault.columns) return axis_message(layer, fault);
    const auto* const found = std::ranges::find(kLayerMessages, fault.kind, &LayerMessage::kind);
    return found == kLayerMessages.end() ? std::string() : found->text(layer);
}

}  // namespace convlens
