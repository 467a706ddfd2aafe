#include "core/conv/spec.h"

#include <bit>
#include <tuple>

#include "core/conv/wide_axis.h"

namespace convlens {

bool operator==(const ConvSpec& a, const ConvSpec& b) {
    const auto values = [](const ConvSpec& spec) {
        // By name, so that a new field does not compile until it is compared.
        const auto& [op, kernel, stride, dilation, output_padding, pads, pad_rule, pad_mode, pad_value, output_size,
                     anchor, groups, out_channels, flip_kernel, ceil_mode, count_include_pad, divisor_override,
                     dialect] = spec;
        return std::make_tuple(op, kernel, stride, dilation, output_padding, pads, pad_rule, pad_mode,
                               std::bit_cast<std::uint64_t>(pad_value), output_size, anchor, groups, out_channels,
                               flip_kernel, ceil_mode, count_include_pad, divisor_override, dialect);
    };
    return values(a) == values(b);
}

AxisSpec axis_of(const ConvSpec& spec, Axis axis) {
    const Pads& p = spec.pads;
    if (axis == Axis::h) {
        return {spec.kernel.h, spec.stride.h, spec.dilation.h, spec.output_padding.h, p.top, p.bottom};
    }
    return {spec.kernel.w, spec.stride.w, spec.dilation.w, spec.output_padding.w, p.left, p.right};
}

Shape4 weight_shape(const ConvSpec& spec, std::int64_t in_channels) {
    const Size2 k = spec.kernel;
    if (spec.op == Op::conv_transpose) return {in_channels, spec.out_channels / spec.groups, k.h, k.w};
    return {spec.out_channels, in_channels / spec.groups, k.h, k.w};
}

std::int64_t output_channels_of(const ConvSpec& spec, const Shape4& weight) {
    return spec.op == Op::conv_transpose ? narrow(static_cast<Wide>(weight.c) * spec.groups) : weight.n;
}

}  // namespace convlens
