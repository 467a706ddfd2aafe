// Layers to test the fast engine with, and what they are held to: the float64 reference, NaN and infinities included,
// with forbidden pages around input and output.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/conv/shape.h"
#include "core/conv/validate.h"
#include "core/engine/layer/plan.h"
#include "core/engine/reference.h"
#include "tests/core/engine/guarded.h"
#include "tests/core/engine/levels.h"
#include "tests/core/random_layer.h"

namespace convlens {

// Numbers that float can hold, so that both precisions are given the same.
inline void round_to_float(Tensor<double>& tensor) {
    for (double& value : tensor.span()) value = static_cast<double>(static_cast<float>(value));
}
inline void round_to_float(RandomLayer& layer) {
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
void expect_equal(const RandomLayer& layer, const Truth& truth, int threads, GuardSide side = GuardSide::behind) {
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

#ifdef __SANITIZE_THREAD__
inline constexpr int kThreadCounts[] = {2, 7};  // a single one races with nobody
#else
inline constexpr int kThreadCounts[] = {1, 2, 7};
#endif

// In both precisions, with 1, 2 and 7 threads.
inline void expect_equal(const RandomLayer& layer, const Truth& truth) {
    for (const int threads : kThreadCounts) {
        expect_equal<float>(layer, truth, threads);
        expect_equal<double>(layer, truth, threads, GuardSide::before);
        expect_equal<double>(layer, truth, threads);
        if (testing::Test::HasFatalFailure()) return;
    }
}

// Each number of threads once.
inline void expect_large_equal(const RandomLayer& layer, const Truth& truth) {
    for (const int threads : kThreadCounts) {
        if (threads == 2) {
            expect_equal<double>(layer, truth, threads, GuardSide::before);
        } else {
            expect_equal<float>(layer, truth, threads);
        }
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
inline ConvSpec spec_of(const Sizes& sizes) {
    ConvSpec spec;
    spec.op = sizes.op;
    spec.kernel = sizes.kernel;
    spec.stride = sizes.stride;
    spec.dilation = sizes.dilation;
    spec.pads = sizes.pads;
    spec.groups = sizes.groups;
    spec.out_channels = sizes.out;
    spec.output_padding = sizes.output_padding;
    return spec;
}

// Whether there is any output.
inline bool computable(const Sizes& sizes) {
    const ConvSpec spec = spec_of(sizes);
    return solve_axis(spec, sizes.plane, Axis::h).output >= 1 && solve_axis(spec, sizes.plane, Axis::w).output >= 1;
}

inline RandomLayer layer_of(const Sizes& sizes, Random& random) {
    RandomLayer layer;
    layer.spec = spec_of(sizes);
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

// Layers of these sizes, with random numbers, at every level.
inline void expect_larger_equal(std::span<const Sizes> larger, Random& random) {
    for (const Sizes& sizes : larger) {
        const RandomLayer layer = layer_of(sizes, random);
        ASSERT_TRUE(validate(layer.shape()).empty()) << layer.describe();
        const Truth truth(layer);
        at_every_level([&] { expect_large_equal(layer, truth); });
        if (testing::Test::HasFatalFailure()) return;
    }
}

// Some numbers become infinite, NaN or zero.
inline void spoil(Tensor<double>& tensor, Random& random, std::int64_t how_many) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    constexpr double kSpecial[] = {kInfinity, -kInfinity, std::numeric_limits<double>::quiet_NaN(), 0, kInfinity};
    for (std::int64_t i = 0; i < how_many; ++i)
        tensor.span()[static_cast<std::size_t>(random.from(0, tensor.size() - 1))] = kSpecial[random.from(0, 4)];
}

inline void spoil(RandomLayer& layer, Random& random) {
    if (random.coin()) spoil(layer.input, random, 3);
    if (random.coin()) spoil(layer.weight, random, 2);
    if (random.coin()) spoil(layer.bias, random, 1);
    if (layer.spec.pad_mode == PadMode::constant && random.coin())
        layer.spec.pad_value = std::numeric_limits<double>::infinity();
}

}  // namespace convlens
