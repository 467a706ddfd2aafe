#include "tests/core/codegen/program_layers.h"

#include <cstdint>

#include <fmt/format.h>

#include "core/conv/names.h"

namespace convlens {

namespace {

// The first `size` of the numbers (k·times mod prime − prime/2)/by, k = 1, 2, ...: all different below `prime`.
struct Numbers {
    std::int64_t times, prime;
    double by;

    Tensor<double> tensor(const Shape4& shape) const {
        Tensor<double> t(shape);
        std::int64_t k = 0;
        for (double& value : t.span()) value = static_cast<double>(++k * times % prime - prime / 2) / by;
        return t;
    }
};
constexpr Numbers kInputs{97, 251, 1}, kWeights{41, 113, 4}, kBiases{5, 13, 2};

ProgramLayer filled(std::string name, const ConvSpec& spec, const Shape4& input) {
    ProgramLayer layer{std::move(name), {spec, kInputs.tensor(input), {}, {}, !is_pooling(spec.op)}};
    if (is_pooling(spec.op)) return layer;
    layer.layer.weight = kWeights.tensor(weight_shape(spec, input.c));
    layer.layer.bias = kBiases.tensor({1, spec.out_channels, 1, 1});
    return layer;
}

ProgramLayer grouped() {
    ConvSpec spec;
    spec.kernel = {2, 3};
    spec.stride = {2, 1};
    spec.pads = {1, 2, 3, 0};
    spec.groups = 2;
    spec.out_channels = 6;
    return filled("grouped", spec, {2, 4, 3, 4});
}
// One input channel a group and one stride for both axes: TensorFlow has a call of its own.
ProgramLayer depthwise() {
    ConvSpec spec;
    spec.kernel = {2, 3};
    spec.stride = {2, 2};
    spec.pads = {1, 2, 3, 0};
    spec.groups = 3;
    spec.out_channels = 6;
    return filled("depthwise", spec, {1, 3, 4, 5});
}
ProgramLayer depthwise_dilated() {
    ConvSpec spec;
    spec.kernel = {3, 2};
    spec.dilation = {2, 3};
    spec.pads = {1, 2, 3, 0};
    spec.groups = 2;
    spec.out_channels = 2;
    return filled("depthwise_dilated", spec, {1, 2, 5, 4});
}
ProgramLayer strided_dilated() {
    ConvSpec spec;
    spec.kernel = {2, 3};
    spec.stride = {3, 2};
    spec.dilation = {4, 3};
    spec.pads = {3, 4, 1, 2};
    spec.out_channels = 3;
    return filled("strided_dilated", spec, {1, 2, 6, 7});
}
// Pads that PyTorch takes as one number for each axis.
ProgramLayer transposed() {
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.kernel = {3, 5};
    spec.stride = {2, 4};
    spec.output_padding = {1, 3};
    spec.pads = {1, 1, 2, 2};
    spec.out_channels = 3;
    return filled("transposed", spec, {1, 2, 3, 2});
}
ProgramLayer transposed_grouped() {
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.kernel = {3, 2};
    spec.stride = {3, 2};
    spec.dilation = {2, 3};
    spec.output_padding = {1, 2};
    spec.pads = {2, 0, 1, 3};
    spec.groups = 2;
    spec.out_channels = 6;
    spec.flip_kernel = true;
    return filled("transposed_grouped", spec, {1, 4, 2, 3});
}
ProgramLayer max_pool_ceil() {
    ConvSpec spec;
    spec.op = Op::max_pool;
    spec.kernel = {3, 4};
    spec.stride = {2, 3};
    spec.pads = {1, 1, 2, 2};
    spec.ceil_mode = true;
    return filled("max_pool_ceil", spec, {1, 2, 6, 5});
}
ProgramLayer max_pool_dilated() {
    ConvSpec spec;
    spec.op = Op::max_pool;
    spec.kernel = {2, 3};
    spec.stride = {3, 1};
    spec.dilation = {4, 2};
    spec.pads = {1, 1, 0, 0};
    return filled("max_pool_dilated", spec, {1, 2, 7, 6});
}
ProgramLayer avg_pool_ceil() {
    ConvSpec spec;
    spec.op = Op::avg_pool;
    spec.kernel = {3, 4};
    spec.stride = {2, 3};
    spec.pads = {1, 1, 2, 2};
    spec.ceil_mode = true;
    spec.count_include_pad = false;
    return filled("avg_pool_ceil", spec, {1, 2, 6, 5});
}
ProgramLayer avg_pool_divisor() {
    ConvSpec spec;
    spec.op = Op::avg_pool;
    spec.kernel = {2, 4};
    spec.stride = {1, 3};
    spec.pads = {1, 0, 2, 1};
    spec.divisor_override = 5;
    return filled("avg_pool_divisor", spec, {1, 2, 3, 5});
}

// One matrix and one kernel, as the programs for planes have it; every second kernel is turned.
ProgramLayer padded(PadMode mode, bool flip, const Pads& pads) {
    ConvSpec spec;
    spec.kernel = {2, 3};
    spec.pads = pads;
    spec.pad_mode = mode;
    spec.pad_value = mode == PadMode::constant ? 8.5 : 0;
    spec.flip_kernel = flip;
    return filled("padded_" + std::string(name(mode)), spec, {1, 1, 4, 5});
}

}  // namespace

std::vector<ProgramLayer> program_layers() {
    return {
        grouped(),
        depthwise(),
        depthwise_dilated(),
        strided_dilated(),
        transposed(),
        transposed_grouped(),
        max_pool_ceil(),
        max_pool_dilated(),
        avg_pool_ceil(),
        avg_pool_divisor(),
        padded(PadMode::zeros, true, {1, -1, 3, 2}),
        padded(PadMode::constant, false, {1, 2, 3, 0}),
        padded(PadMode::replicate, true, {1, 2, 3, 0}),
        padded(PadMode::reflect, false, {1, 2, 3, 0}),
        padded(PadMode::symmetric, true, {1, 2, 3, 0}),
        padded(PadMode::circular, false, {1, 2, 3, 0}),
    };
}

std::string program_file(Framework framework, std::string_view layer) {
    return fmt::format("{}/{}{}", name(framework), layer, file_ending(framework));
}

}  // namespace convlens
