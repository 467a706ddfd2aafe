#include "core/conv/adjustments.h"

#include <algorithm>

#include "core/conv/pad.h"
#include "core/conv/parameters.h"

namespace convlens {

namespace {

using Way = Adjustment::Way;

// The number that is adjusted; of both ends of a padding the last. Null where the layer has none.
const std::int64_t* number_of(const LayerShape& layer, const Adjustment& adjustment, Axis axis) {
    const Parameter& row = parameter(adjustment.field);
    if (!row.operations.contain(layer.spec.op)) return nullptr;
    return number_of(layer, row, axis, adjustment.way == Way::before ? End::before : End::after);
}

void set_on_axis(LayerShape& layer, const Adjustment& adjustment, Axis axis, std::int64_t value) {
    for (const End end : {End::before, End::after}) {
        if (adjustment.way == (end == End::before ? Way::after : Way::before)) continue;
        if (std::int64_t* const number = number_of(layer, parameter(adjustment.field), axis, end)) *number = value;
    }
}

void fit_weight(LayerShape& layer) {
    if (layer.weight && layer.spec.groups > 0) layer.weight = weight_shape(layer.spec, layer.input.c);
}

void fit_bias(LayerShape& layer) {
    if (layer.bias_length) layer.bias_length = layer.spec.out_channels;
}

// Whether the weight's shape depends on the setting.
bool shapes_weight(Field field) {
    return field == Field::in_channels || field == Field::kernel || field == Field::groups ||
           field == Field::out_channels;
}

void clip_padding(Pads& pads, Axes axes) {
    const auto clip = [](std::int64_t& pad) { pad = std::max<std::int64_t>(pad, 0); };
    if (axes.h) clip(pads.top);
    if (axes.h) clip(pads.bottom);
    if (axes.w) clip(pads.left);
    if (axes.w) clip(pads.right);
}

void take_weight(LayerShape& layer) {
    if (!layer.weight) return;
    ConvSpec& spec = layer.spec;
    spec.kernel = layer.weight->plane();
    spec.out_channels = output_channels_of(spec, *layer.weight);
    fit_bias(layer);
}

// Sets a choice, drops what may be missing, or flips a switch; what the setting's type has none of is left as it is.
struct Switch {
    const Adjustment& adjustment;

    void operator()(bool& on) const { on = adjustment.way == Way::flip ? !on : adjustment.choice != 0; }
    void operator()(PadRule& rule) const { rule = static_cast<PadRule>(adjustment.choice); }
    void operator()(PadMode& mode) const { mode = static_cast<PadMode>(adjustment.choice); }
    template <typename Value>
    void operator()(std::optional<Value>& value) const {
        value.reset();
    }
    void operator()(auto&) const {}
};

}  // namespace

bool ends_differ(const LayerShape& layer, Axes axes) {
    const Pads& p = layer.spec.pads;
    return (axes.h && p.top != p.bottom) || (axes.w && p.left != p.right);
}

bool per_axis(const Adjustment& adjustment) { return adjustment.is_number() && per_axis(parameter(adjustment.field)); }

std::int64_t least_value(const LayerShape& layer, const Adjustment& adjustment, Axes axes) {
    const std::int64_t least = parameter(adjustment.field).least;
    if (adjustment.field != Field::padding) return least;
    return std::min(value_of(layer, adjustment, axes).value_or(0), least);
}

std::optional<std::int64_t> value_of(const LayerShape& layer, const Adjustment& adjustment, Axes axes) {
    if (adjustment.field == Field::padding) {
        if (!reads_own_pads(layer.spec)) return {};
        if (!adjustment.one_end() && ends_differ(layer, axes)) return {};
    }
    const std::int64_t* const found = number_of(layer, adjustment, axes.h ? Axis::h : Axis::w);
    if (found == nullptr) return {};
    return *found;
}

bool alike_on_axes(const LayerShape& layer, const Adjustment& adjustment) {
    return value_of(layer, adjustment, only(Axis::h)) == value_of(layer, adjustment, only(Axis::w));
}

LayerShape adjusted(const LayerShape& layer, const Adjustment& adjustment, Axes axes, std::int64_t value) {
    LayerShape changed = layer;
    if (axes.h) set_on_axis(changed, adjustment, Axis::h, value);
    if (axes.w) set_on_axis(changed, adjustment, Axis::w, value);
    if (shapes_weight(adjustment.field) && adjustment.way != Way::weight_stays) {
        fit_weight(changed);
        fit_bias(changed);
    }
    return changed;
}

std::optional<LayerShape> adjusted(const LayerShape& layer, const Adjustment& adjustment, Axes axes) {
    LayerShape changed = layer;
    ConvSpec& spec = changed.spec;
    switch (adjustment.way) {
        case Way::no_negative: clip_padding(spec.pads, axes); break;
        case Way::own_numbers:
            if (!reads_own_pads(spec)) spec.pads = resolve_pads(spec, layer.input.plane());
            spec.pad_rule = PadRule::explicit_;
            break;
        case Way::follow: adjustment.field == Field::weight ? fit_weight(changed) : fit_bias(changed); break;
        case Way::lead: take_weight(changed); break;
        case Way::choose:
            // A rule is chosen for what it pads; of a transposed convolution it would crop.
            if (adjustment.field == Field::pad_rule && spec.op == Op::conv_transpose) break;
            with_setting(spec, parameter(adjustment.field), Switch{adjustment});
            break;
        default: with_setting(spec, parameter(adjustment.field), Switch{adjustment}); break;
    }
    if (changed == layer) return {};
    return changed;
}

}  // namespace convlens
