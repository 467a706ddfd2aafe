#include "core/conv/adjustments.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/conv/names.h"
#include "core/conv/pad.h"
#include "core/conv/wide_axis.h"

namespace convlens {

namespace {

// Where the number of an adjustment is kept, for Adjustment::padding that of the last end; null where the layer has none.
std::int64_t* slot(LayerShape& layer, Adjustment adjustment, Axis axis) {
    ConvSpec& spec = layer.spec;
    const auto of = [axis](Size2& size) { return axis == Axis::h ? &size.h : &size.w; };
    switch (adjustment) {
        case Adjustment::batch: return &layer.input.n;
        case Adjustment::channels:
        case Adjustment::channels_and_weight: return &layer.input.c;
        case Adjustment::length: return axis == Axis::h ? &layer.input.h : &layer.input.w;
        case Adjustment::kernel: return of(spec.kernel);
        case Adjustment::stride: return of(spec.stride);
        case Adjustment::dilation: return of(spec.dilation);
        case Adjustment::padding:
        case Adjustment::pad_after: return axis == Axis::h ? &spec.pads.bottom : &spec.pads.right;
        case Adjustment::pad_before: return axis == Axis::h ? &spec.pads.top : &spec.pads.left;
        case Adjustment::output_padding: return of(spec.output_padding);
        case Adjustment::output_size: return spec.output_size ? of(*spec.output_size) : nullptr;
        case Adjustment::groups: return is_pooling(spec.op) ? nullptr : &spec.groups;
        case Adjustment::out_channels: return is_pooling(spec.op) ? nullptr : &spec.out_channels;
        case Adjustment::anchor: return spec.anchor ? of(*spec.anchor) : nullptr;
        default: return nullptr;
    }
}

bool turns_padding(Adjustment adjustment) {
    return adjustment == Adjustment::padding || adjustment == Adjustment::pad_before ||
           adjustment == Adjustment::pad_after;
}

void fit_weight(LayerShape& layer) {
    if (layer.weight && layer.spec.groups > 0) layer.weight = weight_shape(layer.spec, layer.input.c);
}

void fit_tensors(LayerShape& layer) {
    fit_weight(layer);
    if (layer.bias_length) layer.bias_length = layer.spec.out_channels;
}

void set_on_axis(LayerShape& layer, Adjustment adjustment, Axis axis, std::int64_t value) {
    if (adjustment == Adjustment::padding) *slot(layer, Adjustment::pad_before, axis) = value;
    *slot(layer, adjustment, axis) = value;
}

void clip_padding(Pads& pads, Axes axes) {
    const auto clip = [](std::int64_t& pad) { pad = std::max<std::int64_t>(pad, 0); };
    if (axes.h) clip(pads.top);
    if (axes.h) clip(pads.bottom);
    if (axes.w) clip(pads.left);
    if (axes.w) clip(pads.right);
}

void take_weight(LayerShape& layer) {
    ConvSpec& spec = layer.spec;
    spec.kernel = layer.weight->plane();
    spec.out_channels =
        spec.op == Op::conv_transpose ? narrow(static_cast<Wide>(layer.weight->c) * spec.groups) : layer.weight->n;
    if (layer.bias_length) layer.bias_length = spec.out_channels;
}

std::string text_of(std::int64_t value) {
    return value < 0 ? fmt::format("\u2212{}", -static_cast<Wide>(value)) : fmt::format("{}", value);
}

std::string text_of(Size2 size) { return size.h == size.w ? text_of(size.h) : text_of(size.h) + "×" + text_of(size.w); }

std::string text_of(const Pads& p) {
    if (p.top == p.bottom && p.left == p.right) return text_of(Size2{p.top, p.left});
    return fmt::format("top {}, bottom {}, left {}, right {}", text_of(p.top), text_of(p.bottom), text_of(p.left),
                       text_of(p.right));
}

double distance(std::int64_t a, std::int64_t b) { return std::abs(static_cast<double>(a) - static_cast<double>(b)); }
double together(double first, double second) { return first == second ? first : first + second; }
double distance(Size2 a, Size2 b) { return together(distance(a.h, b.h), distance(a.w, b.w)); }
double distance(const Pads& a, const Pads& b) {
    return together(together(distance(a.top, b.top), distance(a.bottom, b.bottom)),
                    together(distance(a.left, b.left), distance(a.right, b.right)));
}
double distance(const Shape4& a, const Shape4& b) {
    return distance(a.n, b.n) + distance(a.c, b.c) + distance(a.plane(), b.plane());
}
double distance(const std::optional<Size2>& a, const std::optional<Size2>& b) {
    if (a && b) return distance(*a, *b);
    return a == b ? 0 : kSwitch;
}

}  // namespace

bool ends_differ(const LayerShape& layer, Axes axes) {
    const Pads& p = layer.spec.pads;
    return (axes.h && p.top != p.bottom) || (axes.w && p.left != p.right);
}

bool is_number(Adjustment adjustment) { return adjustment < Adjustment::no_negative_padding; }

bool per_axis(Adjustment adjustment) {
    switch (adjustment) {
        case Adjustment::length:
        case Adjustment::kernel:
        case Adjustment::stride:
        case Adjustment::dilation:
        case Adjustment::padding:
        case Adjustment::pad_before:
        case Adjustment::pad_after:
        case Adjustment::output_padding:
        case Adjustment::output_size:
        case Adjustment::anchor:
        case Adjustment::no_negative_padding: return true;
        default: return false;
    }
}

std::int64_t least_value(const LayerShape& layer, Adjustment adjustment, Axes axes) {
    if (turns_padding(adjustment)) return std::min<std::int64_t>(value_of(layer, adjustment, axes).value_or(0), 0);
    return adjustment == Adjustment::output_padding || adjustment == Adjustment::anchor ? 0 : 1;
}

std::optional<std::int64_t> value_of(const LayerShape& layer, Adjustment adjustment, Axes axes) {
    const Axis axis = axes.h ? Axis::h : Axis::w;
    if (turns_padding(adjustment) && !reads_own_pads(layer.spec)) return {};
    if (adjustment == Adjustment::padding && ends_differ(layer, axes)) return {};
    if (adjustment == Adjustment::output_padding && layer.spec.op != Op::conv_transpose) return {};
    LayerShape copy = layer;
    const std::int64_t* found = slot(copy, adjustment, axis);
    if (!found) return {};
    return *found;
}

LayerShape turned_to(const LayerShape& layer, Adjustment adjustment, Axes axes, std::int64_t value) {
    LayerShape changed = layer;
    if (axes.h) set_on_axis(changed, adjustment, Axis::h, value);
    if (axes.w) set_on_axis(changed, adjustment, Axis::w, value);
    const bool tensors_follow = adjustment == Adjustment::channels_and_weight || adjustment == Adjustment::kernel ||
                                adjustment == Adjustment::groups || adjustment == Adjustment::out_channels;
    if (tensors_follow) fit_tensors(changed);
    return changed;
}

std::optional<LayerShape> switched(const LayerShape& layer, Adjustment adjustment, Axes axes) {
    LayerShape changed = layer;
    ConvSpec& spec = changed.spec;
    switch (adjustment) {
        case Adjustment::no_negative_padding: clip_padding(spec.pads, axes); break;
        case Adjustment::drop_output_size: spec.output_size.reset(); break;
        case Adjustment::default_anchor: spec.anchor.reset(); break;
        case Adjustment::tf_same:
            if (spec.op != Op::conv_transpose) spec.pad_rule = PadRule::tf_SAME;
            break;
        case Adjustment::zeros: spec.pad_mode = PadMode::zeros; break;
        case Adjustment::replicate: spec.pad_mode = PadMode::replicate; break;
        case Adjustment::reflect: spec.pad_mode = PadMode::reflect; break;
        case Adjustment::fit_weight: fit_weight(changed); break;
        case Adjustment::take_weight:
            if (changed.weight) take_weight(changed);
            break;
        case Adjustment::fit_bias:
            if (changed.bias_length) changed.bias_length = spec.out_channels;
            break;
        case Adjustment::own_pads:
            if (!reads_own_pads(spec)) spec.pads = resolve_pads(spec, layer.input.plane());
            spec.pad_rule = PadRule::explicit_;
            break;
        case Adjustment::drop_divisor: spec.divisor_override.reset(); break;
        case Adjustment::round_up: spec.ceil_mode = is_pooling(spec.op) && !spec.ceil_mode; break;
        case Adjustment::count_padding: spec.count_include_pad = true; break;
        default: break;
    }
    if (changed == layer) return {};
    return changed;
}

std::vector<Change> changes(const LayerShape& before, const LayerShape& after) {
    std::vector<Change> all;
    const auto note = [&all](bool differs, std::string name, std::string value) {
        if (differs) all.push_back({std::move(name), std::move(value)});
    };
    const auto optional_text = [](const auto& value) { return value ? text_of(*value) : std::string(); };
    const ConvSpec& a = before.spec;
    const ConvSpec& b = after.spec;
    note(a.op != b.op, "operation", std::string(title(b.op)));
    note(before.input.n != after.input.n, "batch size", text_of(after.input.n));
    note(before.input.c != after.input.c, "input channels", text_of(after.input.c));
    note(before.input.plane() != after.input.plane(), "input", text_of(after.input.h) + "×" + text_of(after.input.w));
    note(a.kernel != b.kernel, "kernel", text_of(b.kernel));
    note(a.stride != b.stride, "stride", text_of(b.stride));
    note(a.dilation != b.dilation, "dilation", text_of(b.dilation));
    note(a.pads != b.pads, "padding", text_of(b.pads));
    note(a.output_padding != b.output_padding, "output padding", text_of(b.output_padding));
    note(a.output_size != b.output_size, "output size", optional_text(b.output_size));
    note(a.pad_rule != b.pad_rule, "padding rule", std::string(title(b.pad_rule)));
    note(a.pad_mode != b.pad_mode, "padding mode", std::string(name(b.pad_mode)));
    note(a.anchor != b.anchor, "anchor", optional_text(b.anchor));
    note(a.groups != b.groups, "groups", text_of(b.groups));
    note(a.out_channels != b.out_channels, "output channels", text_of(b.out_channels));
    note(a.ceil_mode != b.ceil_mode, "ceil_mode", b.ceil_mode ? "on" : "off");
    note(a.count_include_pad != b.count_include_pad, "count_include_pad", b.count_include_pad ? "on" : "off");
    const auto divisor = [](const ConvSpec& spec) {
        return spec.divisor_override ? text_of(*spec.divisor_override) : "";
    };
    note(a.divisor_override != b.divisor_override, "divisor_override", divisor(b));
    note(before.weight != after.weight, "weight shape", after.weight ? to_string(*after.weight) : std::string());
    note(before.bias_length != after.bias_length, "bias length", optional_text(after.bias_length));
    return all;
}

double size_of_change(const LayerShape& before, const LayerShape& after) {
    const ConvSpec& a = before.spec;
    const ConvSpec& b = after.spec;
    double size = distance(before.input, after.input) + distance(a.kernel, b.kernel) + distance(a.stride, b.stride) +
                  distance(a.dilation, b.dilation) + distance(a.pads, b.pads) +
                  distance(a.output_padding, b.output_padding) + distance(a.output_size, b.output_size) +
                  distance(a.anchor, b.anchor) + distance(a.groups, b.groups) +
                  distance(a.out_channels, b.out_channels);
    for (const bool other :
         {a.op != b.op, a.pad_rule != b.pad_rule, a.pad_mode != b.pad_mode, a.divisor_override != b.divisor_override,
          a.ceil_mode != b.ceil_mode, a.count_include_pad != b.count_include_pad})
        if (other) size += kSwitch;
    if (size > 0) return size;
    if (before.weight != after.weight) size = distance(*before.weight, *after.weight);
    return size + (before.bias_length != after.bias_length ? 1 : 0);
}

}  // namespace convlens
