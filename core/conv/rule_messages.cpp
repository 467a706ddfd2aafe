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

// "1 row", "3 rows"
std::string counted(Wide count, std::string_view thing) {
    return number(count) + " " + std::string(thing) + (count == 1 ? "" : "s");
}

// One axis of a layer, or both where they are the same in every number, with the words that belong to it.
struct AxisView {
    const LayerShape& layer;
    Axis axis;
    bool both;
    AxisSpec own;
    WideAxis solved;

    AxisView(const LayerShape& of, Axis which, bool square = false)
        : layer(of), axis(which), both(square), own(axis_of(of.spec, which)), solved(solve_allowed(of, which)) {}

    bool is_rows() const { return axis == Axis::h; }
    std::string_view thing() const { return both ? "row and column" : is_rows() ? "row" : "column"; }
    std::string_view things() const { return both ? "rows and columns" : is_rows() ? "rows" : "columns"; }
    std::string_view start() const { return both ? "top and left" : is_rows() ? "top" : "left"; }
    std::string_view end() const { return both ? "bottom and right" : is_rows() ? "bottom" : "right"; }
    // Which sides have the padding of the side named, before or after: all of the axis where they are alike.
    std::string_view sides(bool before) const {
        if (solved.pad_before != solved.pad_after) return before ? start() : end();
        return both ? "all sides" : is_rows() ? "top and bottom" : "left and right";
    }
    std::string at_sides(bool before) const {
        const std::string_view all = sides(before);
        return (all == "all sides" ? "on " : "at the ") + std::string(all);
    }
    std::string count(Wide n) const { return number(n) + " " + std::string(n == 1 ? thing() : things()); }
    std::int64_t of(Size2 size) const { return is_rows() ? size.h : size.w; }
    std::int64_t length() const { return of(layer.input.plane()); }
};

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

std::string padded_input(const AxisView& a) {
    if (a.solved.pad_before == 0 && a.solved.pad_after == 0) return "the input has only " + a.count(a.solved.padded);
    return fmt::format("the padded input has only {} ({} of input, {} and {} of padding)", a.count(a.solved.padded),
                       number(a.solved.input), number(a.solved.pad_before), number(a.solved.pad_after));
}

std::string kernel_reach(const AxisView& a) {
    std::string text = "the kernel reaches " + a.count(a.solved.effective_kernel);
    if (a.solved.dilation > 1 && a.solved.kernel > 1) {
        text += fmt::format(" ({} weights, dilation {})", number(a.solved.kernel), number(a.solved.dilation));
    }
    return text;
}

// The axis has a window that covers padding only.
std::string window_without_input(const AxisView& a) {
    const std::string_view needs =
        a.layer.spec.op == Op::max_pool
            ? "Max pooling needs a cell of the input in every window"
            : "An average that does not count padding needs a cell of the input in every window";
    switch (window_of_padding(a.solved)) {
        case PaddingWindow::first:
            return fmt::format("{}; with padding {} at the {} the first window of {} covers padding only: at most {}",
                               needs, number(a.solved.pad_before), a.start(), a.count(a.solved.effective_kernel),
                               number(a.solved.effective_kernel - 1));
        case PaddingWindow::last:
            return fmt::format("{}; with padding {} at the {} the last window covers padding only", needs,
                               number(a.solved.pad_after), a.end());
        default:
            return fmt::format("{}; dilation {} steps over all {} of it", needs, number(a.solved.dilation),
                               a.count(a.solved.input));
    }
}

std::string pool_pad_too_big(const AxisView& a) {
    const ConvSpec& spec = a.layer.spec;
    const Wide limit = pool_pad_limit(spec, a.solved).value_or(0);
    const bool before = a.solved.pad_before > limit;
    const std::string pad =
        fmt::format("padding {} {}", number(before ? a.solved.pad_before : a.solved.pad_after), a.at_sides(before));
    switch (spec.dialect) {
        case Dialect::torch:
            return fmt::format("{}: PyTorch pools with at most half of the kernel as padding, {} of {}", pad,
                               number(limit), number(a.solved.kernel));
        case Dialect::onnx:
            return fmt::format("{}: ONNX Runtime pools with less padding than the kernel has, at most {}", pad,
                               number(limit));
        default: return window_without_input(a);
    }
}

std::string no_pool_dilation(const AxisView& a) {
    if (a.layer.spec.dialect == Dialect::tensorflow) {
        return fmt::format(
            "dilation {} along the {}: TensorFlow pools with one only by tf.nn.pool, with stride 1 and without padding",
            number(a.own.dilation), a.things());
    }
    return fmt::format("dilation {} along the {}: {}'s average pooling has none", number(a.own.dilation), a.things(),
                       program(a.layer.spec.dialect));
}

// Settings that a program does not have along an axis: a pooling's dilation, an average's padding in numbers.
std::string not_supported(const AxisView& a, Field field) {
    if (field == Field::dilation) return no_pool_dilation(a);
    return fmt::format("padding {} and {} around the {}: {}'s average pooling takes SAME or VALID, no numbers",
                       number(a.own.pad_before), number(a.own.pad_after), a.things(), program(a.layer.spec.dialect));
}

std::string output_too_small(const AxisView& a) {
    if (a.layer.spec.op != Op::conv_transpose) return kernel_reach(a) + " but " + padded_input(a);
    return fmt::format(
        "padding crops {} and {} of the {} that are stamped and output padding gives {} back, which leaves {}",
        number(a.solved.pad_before), number(a.solved.pad_after), a.count(a.solved.padded),
        number(a.solved.output_padding), number(a.solved.output));
}

std::string bad_input(const AxisView& a) {
    return fmt::format("the input has {}; it needs at least 1", a.count(a.length()));
}

std::string bad_kernel(const AxisView& a) {
    return fmt::format("the kernel has {}; it needs at least 1", a.count(a.own.kernel));
}

std::string bad_stride(const AxisView& a) {
    return fmt::format("stride {} along the {}: the window has to move on by at least 1", number(a.own.stride),
                       a.things());
}

std::string bad_dilation(const AxisView& a) {
    return fmt::format("dilation {} along the {}: the weights have to lie at least 1 apart", number(a.own.dilation),
                       a.things());
}

std::string negative_padding(const AxisView& a) {
    const std::string pads =
        fmt::format("padding {} and {} around the {}", number(a.own.pad_before), number(a.own.pad_after), a.things());
    const ConvSpec& spec = a.layer.spec;
    if (spec.dialect == Dialect::torch && spec.pad_mode == PadMode::circular && !crops_too(spec))
        return pads + ": PyTorch wraps around what is left when it crops, which is another result";
    if (!crops_too(spec)) return pads + ": " + program(spec.dialect) + " has no negative padding";
    return pads + fmt::format(" crops away all {} of the input", a.count(a.solved.input));
}

std::string negative_output_padding(const AxisView& a) {
    return fmt::format("output padding {}: it adds {} at the end, so it cannot be negative",
                       number(a.own.output_padding), a.things());
}

std::string output_padding_too_big(const AxisView& a) {
    const Dialect dialect = a.layer.spec.dialect;
    if (output_padding_below_stride(dialect)) {
        return fmt::format("output padding {} along the {} has to be smaller than the stride ({}) in {}",
                           number(a.own.output_padding), a.things(), number(a.own.stride),
                           dialect == Dialect::onnx ? "ONNX Runtime" : "Keras");
    }
    return fmt::format("output padding {} along the {} has to be smaller than the stride ({}) or the dilation ({})",
                       number(a.own.output_padding), a.things(), number(a.own.stride), number(a.own.dilation));
}

std::string output_size_unreachable(const AxisView& a) {
    const std::int64_t size = a.of(a.layer.spec.output_size.value_or(Size2{}));
    if (size < 1) return fmt::format("an output of {} is not possible: at least 1", a.count(size));
    if (size_chooses_pads(a.layer.spec.pad_rule)) {
        const Wide expected = expected_input(a.layer.spec, a.solved, size);
        return fmt::format("{} cannot become {}: a convolution with this kernel and stride would turn {} into {}",
                           a.count(a.solved.input), number(size), number(size), number(expected));
    }
    const LengthRange range = reachable_lengths(a.layer.spec, a.solved);
    if (range.most < 1)
        return fmt::format("{} cannot become {}: padding crops all of them", a.count(a.solved.input), number(size));
    if (range.least == range.most) {
        return fmt::format("{} can only become {}, not {}", a.count(a.solved.input), number(range.least), number(size));
    }
    return fmt::format("{} can become {} to {}, not {}", a.count(a.solved.input), number(range.least),
                       number(range.most), number(size));
}

std::string same_needs_stride_1(const AxisView& a) {
    return fmt::format("PyTorch defines its 'same' padding for stride 1 only, and the stride along the {} is {}",
                       a.things(), number(a.own.stride));
}

std::string pad_too_big(const AxisView& a) {
    const ConvSpec& spec = a.layer.spec;
    const Wide limit = pad_limit(spec, a.solved.input).value_or(0);
    const bool before = a.solved.pad_before > limit;
    return fmt::format("padding {} {} is more than {} takes: with mode {} at most {} for {}",
                       number(before ? a.solved.pad_before : a.solved.pad_after), a.at_sides(before),
                       program(spec.dialect), name(spec.pad_mode), number(limit), a.count(a.solved.input));
}

std::string bad_anchor(const AxisView& a) {
    const std::int64_t at = a.of(a.layer.spec.anchor.value_or(Size2{}));
    return fmt::format("the anchor's {} {} is outside of the kernel: 0 to {}", a.thing(), number(at),
                       number(a.solved.kernel - 1));
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
    return fmt::format("the input {} needs at least 1 picture (N) and 1 channel (C)", to_string(layer.input));
}

std::string bad_out_channels(const LayerShape& layer) {
    return fmt::format("C_out must be at least 1 output channel; it is {}", number(layer.spec.out_channels));
}

std::string bad_groups(const LayerShape& layer) {
    return fmt::format("groups is {}: there has to be at least 1", number(layer.spec.groups));
}

std::string groups_mismatch(const LayerShape& layer) {
    const std::int64_t groups = layer.spec.groups;
    const std::int64_t in = layer.input.c;
    const std::int64_t out = layer.spec.out_channels;
    const std::string in_text = counted(in, "input channel");
    const std::string out_text = counted(out, "output channel");
    const std::string uneven = in % groups == 0 ? out_text : out % groups == 0 ? in_text : in_text + " and " + out_text;
    return fmt::format("{} cannot be shared out evenly among {}", uneven, counted(groups, "group"));
}

std::string weight_plane(const LayerShape& layer) {
    const Shape4 weight = layer.weight.value_or(Shape4{});
    return fmt::format("the weight {} is {}×{}, but the kernel is {}×{}", to_string(weight), number(weight.h),
                       number(weight.w), number(layer.spec.kernel.h), number(layer.spec.kernel.w));
}

std::string channels_mismatch(const LayerShape& layer) {
    const Shape4 weight = layer.weight.value_or(Shape4{});
    const Wide grouped = static_cast<Wide>(weight.c) * layer.spec.groups;
    const bool transposed = layer.spec.op == Op::conv_transpose;
    const Wide in = transposed ? weight.n : grouped;
    const Wide out = transposed ? grouped : weight.n;
    if (in != layer.input.c) {
        return fmt::format("the weight {} with {} takes {}, but the input has {}", to_string(weight),
                           counted(layer.spec.groups, "group"), counted(in, "input channel"), number(layer.input.c));
    }
    return fmt::format("the weight {} with {} gives {}, but C_out is {}", to_string(weight),
                       counted(layer.spec.groups, "group"), counted(out, "output channel"),
                       number(layer.spec.out_channels));
}

std::string bias_mismatch(const LayerShape& layer) {
    return fmt::format(
        "the bias has {}, but {} out: each has one", counted(layer.bias_length.value_or(0), "number"),
        counted(layer.spec.out_channels, "channel") + (layer.spec.out_channels == 1 ? " comes" : " come"));
}

std::string mode_unsupported(const LayerShape& layer) {
    if (layer.spec.op == Op::conv_transpose) {
        return fmt::format(
            "a transposed convolution crops its border: pad mode {} has nothing to fill, only zeros is possible",
            name(layer.spec.pad_mode));
    }
    if (is_pooling(layer.spec.op)) {
        return fmt::format(
            "pooling leaves its padding out of the result: pad mode {} has nothing to fill, only zeros is possible",
            name(layer.spec.pad_mode));
    }
    if (layer.spec.dialect == Dialect::opencv)  // which has it for other functions
        return fmt::format("OpenCV's filter2D does not take BORDER_WRAP, its border like {}",
                           name(layer.spec.pad_mode));
    return fmt::format("{} has no border like {}", program(layer.spec.dialect), name(layer.spec.pad_mode));
}

std::string no_pool_rule(const LayerShape& layer) {
    return fmt::format("{}: PyTorch's pooling takes its padding in numbers", name(layer.spec.pad_rule));
}

std::string bad_divisor(const LayerShape&) { return "divisor_override is 0: no sum can be divided by it"; }

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
        if (!layer.held) return fmt::format("{} would be [{}]: that is more than can be counted", tensor.name, shape);
        return fmt::format("{} would be [{}], {} in float32; Convlens computes tensors of up to {}", tensor.name, shape,
                           memory(bytes), memory(static_cast<long double>(kMaxCells) * sizeof(float)));
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
    std::string text;
    if (fault.rows) text += one_axis(fault, AxisView(layer, Axis::h));
    if (fault.rows && fault.columns) text += "; ";
    if (fault.columns) text += one_axis(fault, AxisView(layer, Axis::w));
    return text;
}

}  // namespace

std::string message_of(const LayerShape& layer, const Fault& fault) {
    if (fault.rows || fault.columns) return axis_message(layer, fault);
    const auto* const found = std::ranges::find(kLayerMessages, fault.kind, &LayerMessage::kind);
    return found == kLayerMessages.end() ? std::string() : found->text(layer);
}

}  // namespace convlens
