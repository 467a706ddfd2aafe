#include "core/conv/spec.h"

namespace convlens {

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

}  // namespace convlens
