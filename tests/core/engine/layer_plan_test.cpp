// A planned layer must be the reference, whatever the setting, the instruction set and the number of threads.
#include "core/engine/layer_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/conv/shape.h"
#include "core/conv/validate.h"
#include "tests/core/engine/guarded.h"
#include "tests/core/engine/levels.h"
#include "tests/core/random_layer.h"

namespace convlens {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Numbers that float can hold, so that both precisions are given the same.
void round_to_float(Tensor<double>& tensor) {
    for (double& value : tensor.span()) value = static_cast<double>(static_cast<float>(value));
}
void round_to_float(RandomLayer& layer) {
    round_to_float(layer.input);
    round_to_float(layer.weight);
    round_to_float(layer.bias);
    layer.spec.pad_value = static_cast<double>(static_cast<float>(layer.spec.pad_value));
}

struct Truth {
    Tensor<double> out, magnitude;
    explicit Truth(const RandomLayer& layer)
        : out(reference_forward(layer.spec, layer.data())), magnitude(convlens::magnitude(layer.spec, layer.data())) {}
};

template <typename T>
constexpr double kTolerance = sizeof(T) == sizeof(float) ? 1e-5 : 1e-12;

// NaN where the reference has NaN, infinities where it has those, else near it. Names the first that differs.
template <typename T>
std::string difference_to(const Truth& truth, std::span<const T> out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double wanted = truth.out.span()[i];
        const auto got = static_cast<double>(out[i]);
        const bool same = std::isnan(wanted) ? std::isnan(got) : wanted == got;
        const double allowed = kTolerance<T> * std::max(1.0, truth.magnitude.span()[i]);
        if (!same && !(std::isfinite(wanted) && std::abs(wanted - got) <= allowed))
            return fmt::format("element {}: {} and {}, allowed {}", i, wanted, got, allowed);
    }
    return {};
}

template <typename T>
std::vector<T> as(const Tensor<double>& tensor) {
    std::vector<T> numbers;
    for (const double value : tensor.span()) numbers.push_back(static_cast<T>(value));
    return numbers;
}

// Input and output between forbidden pages; the output is NaN before, so that what is not written shows.
template <typename T>
void expect_equal(const RandomLayer& layer, const Truth& truth, int threads,
                  typename Guarded<T>::Side side = Guarded<T>::Side::behind) {
    const std::vector<T> weight = as<T>(layer.weight);
    const std::vector<T> bias = as<T>(layer.bias);
    Guarded<T> in(static_cast<std::size_t>(layer.input.size()), side);
    std::ranges::copy(as<T>(layer.input), in.span().begin());
    Guarded<T> out(static_cast<std::size_t>(truth.out.size()), side);
    const View<T> bias_view{layer.has_bias ? bias.data() : nullptr, layer.bias.shape()};
    LayerPlan<T> plan =
        plan_layer<T>(layer.spec, layer.input.shape(), {weight.data(), layer.weight.shape()}, bias_view, threads);
    for (int time = 0; time < 2; ++time) {  // a plan serves again
        std::ranges::fill(out.span(), std::numeric_limits<T>::quiet_NaN());
        run(plan, View<T>{in.data(), layer.input.shape()}, out.span());
        ASSERT_EQ(difference_to<T>(truth, out.span()), "")
            << layer.describe() << (sizeof(T) == 4 ? " float, " : " double, ") << threads << " threads";
    }
}

// In both precisions, with 1, 2 and 7 threads.
void expect_equal(const RandomLayer& layer, const Truth& truth) {
    for (const int threads : {1, 2, 7}) {
        expect_equal<float>(layer, truth, threads);
        expect_equal<double>(layer, truth, threads, Guarded<double>::Side::before);
        expect_equal<double>(layer, truth, threads);
        if (testing::Test::HasFatalFailure()) return;
    }
}

// Each number of threads once.
void expect_large_equal(const RandomLayer& layer, const Truth& truth) {
    expect_equal<float>(layer, truth, 1);
    expect_equal<double>(layer, truth, 2, Guarded<double>::Side::before);
    expect_equal<float>(layer, truth, 7);
}

void expect_random_layers_equal(Op op, std::uint64_t seed, int settings) {
    Random random(seed);
    for (int i = 0; i < settings; ++i) {
        RandomLayer layer = random_layer(random, op);
        round_to_float(layer);
        const Truth truth(layer);
        at_every_level([&] { expect_equal(layer, truth); });
        if (testing::Test::HasFatalFailure()) return;
    }
}

// A layer by its sizes, with random numbers.
struct Sizes {
    std::int64_t in = 1, out = 1;
    Size2 plane{1, 1}, kernel{1, 1}, stride{1, 1}, dilation{1, 1};
    Pads pads;
    std::int64_t groups = 1;
    Op op = Op::conv;
    Size2 output_padding{0, 0};
    std::int64_t images = 1;
};
RandomLayer layer_of(const Sizes& sizes, Random& random) {
    RandomLayer layer;
    layer.spec.op = sizes.op;
    layer.spec.kernel = sizes.kernel;
    layer.spec.stride = sizes.stride;
    layer.spec.dilation = sizes.dilation;
    layer.spec.pads = sizes.pads;
    layer.spec.groups = sizes.groups;
    layer.spec.out_channels = sizes.out;
    layer.spec.output_padding = sizes.output_padding;
    constexpr PadMode kModes[] = {PadMode::zeros,   PadMode::zeros,     PadMode::replicate,
                                  PadMode::reflect, PadMode::symmetric, PadMode::constant};
    if (sizes.op == Op::conv) layer.spec.pad_mode = kModes[random.from(0, 5)];
    if (layer.spec.pad_mode == PadMode::constant) layer.spec.pad_value = random.real();
    layer.input = random.tensor({sizes.images, sizes.in, sizes.plane.h, sizes.plane.w});
    layer.weight = random.tensor(weight_shape(layer.spec, sizes.in));
    layer.bias = random.tensor({1, sizes.out, 1, 1});
    layer.has_bias = random.coin();
    round_to_float(layer);
    return layer;
}

// Every walk, block of channels, size of tile and edge between them.
constexpr Sizes kLarger[] = {
    {5, 8, {19, 33}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1)},
    {16, 23, {14, 14}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1)},
    {70, 7, {9, 9}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1)},   // more taps than a group of them
    {80, 11, {7, 7}, {3, 3}, {1, 1}, {1, 1}, Pads::all(0)},  // and read in place
    {300, 6, {7, 9}, {1, 1}, {1, 1}, {1, 1}, Pads::all(0)},
    {33, 19, {23, 5}, {1, 1}, {1, 1}, {1, 1}, Pads::all(0)},
    {33, 19, {3, 3}, {1, 1}, {1, 1}, {1, 1}, Pads::all(0)},
    {20, 40, {1, 1}, {1, 1}, {1, 1}, {1, 1}, Pads::all(0)},
    {20, 12, {17, 1}, {1, 1}, {1, 1}, {1, 1}, Pads::all(0)},
    {3, 17, {41, 37}, {7, 7}, {2, 2}, {1, 1}, Pads::all(3)},
    {6, 9, {30, 57}, {3, 3}, {2, 2}, {1, 1}, Pads::all(1)},
    {6, 9, {30, 57}, {3, 3}, {3, 2}, {2, 1}, {2, 0, 1, 3}},
    {6, 9, {30, 57}, {1, 1}, {2, 2}, {1, 1}, Pads::all(0)},
    {4, 6, {31, 29}, {2, 5}, {4, 5}, {3, 2}, {0, 2, 4, 1}},
    {8, 16, {28, 28}, {3, 3}, {1, 1}, {2, 2}, Pads::all(2)},
    {8, 16, {28, 28}, {3, 3}, {1, 1}, {2, 2}, {-1, 2, -3, -2}},
    {2, 5, {40, 131}, {5, 3}, {1, 1}, {1, 1}, {2, 2, 1, 1}},
    {4, 4, {24, 32}, {15, 15}, {1, 1}, {1, 1}, Pads::all(0)},
    {12, 12, {30, 30}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1), 12},
    {12, 12, {13, 70}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1), 12},
    {12, 12, {56, 7}, {5, 5}, {1, 1}, {1, 1}, Pads::all(2), 12},
    {12, 12, {31, 56}, {3, 3}, {2, 2}, {1, 1}, Pads::all(1), 12},
    {12, 12, {31, 56}, {3, 3}, {1, 1}, {1, 1}, Pads::all(0), 12},
    {12, 12, {31, 56}, {4, 3}, {1, 2}, {2, 1}, {1, 2, 0, 3}, 12},
    {12, 24, {30, 30}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1), 12},
    {12, 36, {30, 18}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1), 12},
    {12, 18, {30, 18}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1), 3, Op::conv, {0, 0}, 2},
    {9, 12, {21, 18}, {4, 4}, {2, 2}, {1, 1}, Pads::all(1), 1, Op::conv_transpose},
    {9, 12, {21, 18}, {3, 3}, {2, 2}, {1, 1}, Pads::all(1), 1, Op::conv_transpose, {1, 1}},
    {9, 12, {21, 18}, {3, 3}, {2, 2}, {1, 1}, Pads::all(1), 3, Op::conv_transpose, {1, 0}, 2},
    {9, 11, {14, 40}, {3, 4}, {1, 1}, {1, 2}, Pads::all(2), 1, Op::conv_transpose},
    {9, 11, {14, 40}, {3, 4}, {3, 2}, {2, 2}, {0, 1, 3, -1}, 1, Op::conv_transpose},
    {9, 11, {14, 14}, {2, 2}, {4, 5}, {1, 1}, {-2, 1, 3, -1}, 1, Op::conv_transpose},
    {70, 9, {8, 8}, {5, 5}, {1, 1}, {1, 1}, Pads::all(2), 1, Op::conv_transpose},
    {8, 8, {20, 19}, {4, 4}, {2, 2}, {1, 1}, Pads::all(1), 8, Op::conv_transpose},
    {240, 33, {6, 7}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1)},  // taps by parts
    {470, 20, {3, 4}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1)},
    {16, 32, {5, 14}, {3, 3}, {1, 1}, {1, 1}, Pads::all(5)},  // rows that are all padding
    {80, 32, {7, 14}, {3, 3}, {1, 1}, {1, 1}, Pads::all(0)},
    {80, 40, {7, 1}, {1, 1}, {1, 1}, {1, 1}, Pads::all(0)},
    {12, 64, {9, 29}, {3, 3}, {2, 2}, {1, 1}, Pads::all(1), 1, Op::conv, {0, 0}, 2},
    {24, 64, {9, 30}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1), 2},
    {12, 32, {9, 15}, {4, 4}, {2, 2}, {1, 1}, Pads::all(1), 1, Op::conv_transpose},
    {12, 33, {9, 13}, {3, 3}, {2, 2}, {1, 1}, {1, 0, 2, 1}, 1, Op::conv_transpose, {1, 1}},
    {12, 32, {9, 15}, {3, 5}, {3, 3}, {1, 1}, Pads::all(1), 1, Op::conv_transpose, {2, 1}},
    {12, 32, {9, 15}, {3, 5}, {2, 1}, {1, 1}, Pads::all(0), 1, Op::conv_transpose},
    {12, 32, {9, 15}, {5, 3}, {1, 2}, {2, 1}, Pads::all(3), 1, Op::conv_transpose},
    {300, 32, {5, 5}, {3, 3}, {2, 1}, {1, 1}, Pads::all(1), 1, Op::conv_transpose},
    {2, 3, {5, 4}, {2, 3}, {17, 18}, {1, 2}, Pads::all(1), 1, Op::conv_transpose},  // too many phases
    {2, 3, {1, 1}, {2, 3}, {170, 18}, {1, 2}, Pads::all(0), 1, Op::conv_transpose},
};

// Some numbers become infinite, NaN or zero.
void spoil(Tensor<double>& tensor, Random& random, std::int64_t how_many) {
    constexpr double kSpecial[] = {kInfinity, -kInfinity, std::numeric_limits<double>::quiet_NaN(), 0, kInfinity};
    for (std::int64_t i = 0; i < how_many; ++i)
        tensor.span()[static_cast<std::size_t>(random.from(0, tensor.size() - 1))] = kSpecial[random.from(0, 4)];
}

}  // namespace

TEST(LayerPlan, ConvEqualsTheReference) { expect_random_layers_equal(Op::conv, 41, 500); }
TEST(LayerPlan, TransposedEqualsTheReference) { expect_random_layers_equal(Op::conv_transpose, 42, 500); }

TEST(LayerPlan, LargerLayersEqualTheReference) {
    Random random(43);
    for (const Sizes& sizes : kLarger) {
        const RandomLayer layer = layer_of(sizes, random);
        ASSERT_TRUE(validate(layer.shape()).empty()) << layer.describe();
        const Truth truth(layer);
        at_every_level([&] { expect_large_equal(layer, truth); });
        if (HasFatalFailure()) return;
    }
}

TEST(LayerPlan, NanAndInfinityArriveWhereTheReferenceHasThem) {
    Random random(44);
    for (int i = 0; i < 200; ++i) {
        RandomLayer layer = random_layer(random, random.coin() ? Op::conv : Op::conv_transpose);
        round_to_float(layer);
        if (random.coin()) spoil(layer.input, random, 3);
        if (random.coin()) spoil(layer.weight, random, 2);
        if (random.coin()) spoil(layer.bias, random, 1);
        if (layer.spec.pad_mode == PadMode::constant && random.coin()) layer.spec.pad_value = kInfinity;
        const Truth truth(layer);
        at_every_level([&] { expect_equal(layer, truth); });
        if (HasFatalFailure()) return;
    }
}

TEST(LayerPlan, NanAndInfinityArriveInLargerLayersToo) {
    Random random(47);
    for (const Sizes& sizes : kLarger) {
        RandomLayer layer = layer_of(sizes, random);
        if (layer.spec.pad_mode != PadMode::constant) layer.spec.pad_mode = PadMode::zeros;
        if (random.coin()) spoil(layer.input, random, 2);
        if (random.coin()) spoil(layer.weight, random, 1);
        const Truth truth(layer);
        at_every_level([&] { expect_equal<float>(layer, truth, 2); });
        if (HasFatalFailure()) return;
    }
}

TEST(LayerPlan, ALongSumOfEqualNumbersKeepsItsPrecision) {
    Random random(45);
    RandomLayer layer = layer_of({600, 2, {5, 5}, {3, 3}, {1, 1}, {1, 1}, Pads::all(0)}, random);
    std::ranges::fill(layer.input.span(), 0.1);
    std::ranges::fill(layer.weight.span(), 0.7);
    round_to_float(layer);
    const Truth truth(layer);
    at_every_level([&] { expect_equal(layer, truth); });
}

TEST(LayerPlan, AWholePlaneTooLargeForACacheEqualsTheReference) {
    Random random(46);
    const RandomLayer layer = layer_of({3, 2, {300, 301}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1)}, random);
    const Truth truth(layer);
    at_every_level([&] { expect_large_equal(layer, truth); });
}

TEST(LayerPlan, KeepsItsOwnWeights) {
    ConvSpec spec;
    spec.kernel = {1, 1};
    Tensor<float> weight({1, 1, 1, 1}, 3.0F);
    Tensor<float> bias({1, 1, 1, 1}, 1.0F);
    LayerPlan<float> first = plan_layer<float>(spec, {1, 1, 2, 2}, weight, bias);
    weight.at(0, 0, 0, 0) = 0;
    bias.at(0, 0, 0, 0) = 0;
    LayerPlan<float> plan = std::move(first);
    const Tensor<float> in({1, 1, 2, 2}, 2.0F);
    Tensor<float> out({1, 1, 2, 2});
    run(plan, in.view(), out.span());
    for (const float value : out.span()) EXPECT_EQ(value, 7.0F);
}

TEST(LayerPlan, KnowsItsShapes) {
    ConvSpec spec;
    spec.out_channels = 4;
    const Tensor<float> weight(weight_shape(spec, 2));
    const LayerPlan<float> plan = plan_layer<float>(spec, {2, 2, 9, 7}, weight, {});
    EXPECT_EQ(plan.input_shape(), (Shape4{2, 2, 9, 7}));
    EXPECT_EQ(plan.output_shape(), (Shape4{2, 4, 7, 5}));
}

}  // namespace convlens
