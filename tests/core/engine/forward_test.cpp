// The fast path must be the reference, whatever the setting and the number of threads.
#include "core/engine/forward.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/core/random_layer.h"

namespace convlens {

namespace {

void expect_equal_to_reference(Op op, std::uint64_t seed, int settings) {
    Random random(seed);
    for (int i = 0; i < settings; ++i) {
        const RandomLayer layer = random_layer(random, op);
        const Tensor<double> fast = forward(layer.spec, layer.data(), static_cast<int>(random.from(1, 3)));
        ASSERT_EQ(
            difference(fast, reference_forward(layer.spec, layer.data()), magnitude(layer.spec, layer.data()), 1e-12),
            "")
            << layer.describe();
    }
}

}  // namespace

TEST(Forward, ConvEqualsTheReference) { expect_equal_to_reference(Op::conv, 11, 2000); }
TEST(Forward, TransposedEqualsTheReference) { expect_equal_to_reference(Op::conv_transpose, 12, 2000); }

TEST(Forward, RowsLongerThanABlockEqualTheReference) {
    Random random(13);
    for (const Op op : {Op::conv, Op::conv_transpose}) {
        for (const std::int64_t stride : {1, 2, 3}) {
            RandomLayer layer;
            layer.spec.op = op;
            layer.spec.stride = {stride, stride};
            layer.spec.pads = Pads::all(1);
            layer.spec.out_channels = 4;
            layer.input = random.tensor({1, 3, 37, 41});
            layer.weight = random.tensor(weight_shape(layer.spec, 3));
            EXPECT_EQ(difference(forward(layer.spec, layer.data(), 2), reference_forward(layer.spec, layer.data()),
                                 magnitude(layer.spec, layer.data()), 1e-12),
                      "");
        }
    }
}

TEST(Forward, NanStaysInTheWindowsThatReadIt) {
    Tensor<double> input({1, 1, 51, 51}, 1.0);
    input.at(0, 0, 20, 30) = std::numeric_limits<double>::quiet_NaN();
    const Tensor<double> box({1, 1, 5, 5}, 1.0);
    ConvSpec spec;
    spec.kernel = {5, 5};
    spec.pads = Pads::all(2);
    const Tensor<double> out = forward(spec, {input, box, {}});
    int spoilt = 0;
    for (const double value : out.span()) spoilt += std::isnan(value) ? 1 : 0;
    EXPECT_EQ(spoilt, 25);
}

// No inserted zero is multiplied: an infinite weight would show it as NaN.
TEST(Forward, TransposedMultipliesNoInsertedZeros) {
    const Tensor<double> input({1, 1, 3, 3}, 1.0);
    Tensor<double> weight({1, 1, 2, 2}, 1.0);
    weight.at(0, 0, 0, 0) = std::numeric_limits<double>::infinity();
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.kernel = {2, 2};
    spec.stride = {2, 2};
    const Tensor<double> out = forward(spec, {input, weight, {}});
    for (const double value : out.span()) EXPECT_FALSE(std::isnan(value));
}

}  // namespace convlens
