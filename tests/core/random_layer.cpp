#include "tests/core/random_layer.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/conv/names.h"
#include "core/conv/shape.h"

namespace convlens {

namespace {

constexpr PadMode kModes[] = {PadMode::zeros,   PadMode::constant,  PadMode::replicate,
                              PadMode::reflect, PadMode::symmetric, PadMode::circular};

ConvSpec random_spec(Random& random, Op op) {
    ConvSpec spec;
    spec.op = op;
    spec.kernel = random.size(1, 4);
    spec.stride = random.size(1, 3);
    spec.dilation = random.size(1, 3);
    spec.pads = {random.from(-2, 4), random.from(-2, 4), random.from(-2, 4), random.from(-2, 4)};
    spec.groups = random.from(1, 3);
    spec.out_channels = spec.groups * random.from(1, 2);
    spec.flip_kernel = random.coin();
    if (op == Op::conv) {
        spec.pad_mode = kModes[random.from(0, 5)];
        spec.pad_value = spec.pad_mode == PadMode::constant ? random.real() : 0;
    } else {
        spec.output_padding = {random.from(0, std::max(spec.stride.h, spec.dilation.h) - 1),
                               random.from(0, std::max(spec.stride.w, spec.dilation.w) - 1)};
    }
    return spec;
}

bool computable(const ConvSpec& spec, const Shape4& input) {
    const AxisShape h = solve_axis(spec, input.plane(), Axis::h);
    const AxisShape w = solve_axis(spec, input.plane(), Axis::w);
    return h.output >= 1 && w.output >= 1;
}

}  // namespace

LayerShape RandomLayer::shape() const {
    LayerShape layer{spec, input.shape(), weight.shape(), {}};
    if (has_bias) layer.bias_length = bias.size();
    return layer;
}

std::string RandomLayer::describe() const {
    const Pads& p = spec.pads;
    return fmt::format(
        "{} input {} kernel {}x{} stride {},{} dilation {},{} pads {},{},{},{} {} output_padding {},{} groups {} out "
        "{} flip {} bias {}",
        name(spec.op), to_string(input.shape()), spec.kernel.h, spec.kernel.w, spec.stride.h, spec.stride.w,
        spec.dilation.h, spec.dilation.w, p.top, p.bottom, p.left, p.right, name(spec.pad_mode), spec.output_padding.h,
        spec.output_padding.w, spec.groups, spec.out_channels, spec.flip_kernel, has_bias);
}

RandomLayer random_layer(Random& random, Op op) {
    RandomLayer layer;
    Shape4 input;
    do {
        layer.spec = random_spec(random, op);
        const Size2 plane = random.size(1, 7);
        input = {random.from(1, 2), layer.spec.groups * random.from(1, 2), plane.h, plane.w};
    } while (!computable(layer.spec, input));
    layer.input = random.tensor(input);
    layer.weight = random.tensor(weight_shape(layer.spec, input.c));
    layer.has_bias = random.coin();
    layer.bias = random.tensor({1, layer.spec.out_channels, 1, 1});
    return layer;
}

std::string difference(const Tensor<double>& a, const Tensor<double>& b, const Tensor<double>& magnitude, double tol) {
    if (a.shape() != b.shape()) return fmt::format("shapes {} and {}", to_string(a.shape()), to_string(b.shape()));
    for (std::int64_t i = 0; i < a.size(); ++i) {
        const auto at = static_cast<std::size_t>(i);
        const double allowed = tol * std::max(1.0, magnitude.span()[at]);
        // Written so that NaN differs.
        if (!(std::abs(a.span()[at] - b.span()[at]) <= allowed))
            return fmt::format("element {}: {} and {}, allowed {}", i, a.span()[at], b.span()[at], allowed);
    }
    return {};
}

}  // namespace convlens
