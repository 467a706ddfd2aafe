// A planned layer must be the reference, whatever the setting, the instruction set and the number of threads.
#include "core/engine/layer/plan.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/conv/validate.h"
#include "tests/core/engine/layer/checks.h"
#include "tests/core/engine/levels.h"
#include "tests/core/random_settings.h"

namespace convlens {

namespace {

void expect_random_layers_equal(Op op) {
    Random random(test::random_seed());
    const int settings = test::random_settings(500, 1000, 20'000);
    for (int i = 0; i < settings; ++i) {
        SCOPED_TRACE(i);
        RandomLayer layer = random_layer(random, op);
        round_to_float(layer);
        const Truth truth(layer);
        at_every_level([&] { expect_equal(layer, truth); });
        if (testing::Test::HasFatalFailure()) return;
    }
}

// Every traversal, block of channels, size of tile and edge between them.
constexpr Sizes kLarger[] = {
    {5, 8, {19, 33}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1)},
    {16, 23, {14, 14}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1)},
    {70, 7, {9, 9}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1)},   // more taps than a group of them
    {80, 11, {7, 7}, {3, 3}, {1, 1}, {1, 1}, Pads::all(0)},  // and read in place
    {300, 6, {7, 9}, {1, 1}, {1, 1}, {1, 1}, Pads::all(0)},
    {64, 40, {33, 34}, {1, 1}, {1, 1}, {1, 1}, Pads::all(0)},  // tiles for all blocks of channels
    {64, 45, {33, 34}, {1, 1}, {1, 1}, {1, 1}, Pads::all(0)},  // and blocks of other widths
    {128, 22, {34, 33}, {3, 2}, {1, 1}, {1, 1}, Pads::all(0), 2, Op::conv, {0, 0}, 2},
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
    {150, 33, {9, 15}, {4, 4}, {2, 2}, {1, 1}, Pads::all(1), 1, Op::conv_transpose},
    {251, 32, {7, 14}, {3, 3}, {2, 2}, {1, 1}, Pads::all(1), 1, Op::conv_transpose, {1, 1}},  // a smaller last part
    {64, 32, {9, 14}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1)},  // cells without the columns in the padding
    {64, 32, {9, 28}, {3, 3}, {1, 1}, {2, 2}, Pads::all(2)},
    {70, 33, {9, 28}, {3, 5}, {2, 2}, {1, 1}, {1, 1, 4, 3}},
    {100, 32, {5, 7}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1)},
    {64, 32, {4, 6}, {3, 3}, {1, 1}, {1, 1}, {1, 1, 20, 20}},  // tiles that are all padding
    {70, 32, {9, 15}, {4, 4}, {2, 2}, {1, 1}, Pads::all(-3), 1, Op::conv_transpose},
    {480, 32, {5, 6}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1)},  // and taps by parts
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

}  // namespace

TEST(LayerPlan, ConvEqualsTheReference) { expect_random_layers_equal(Op::conv); }
TEST(LayerPlan, TransposedEqualsTheReference) { expect_random_layers_equal(Op::conv_transpose); }

TEST(LayerPlan, LargerLayersEqualTheReference) {
    Random random(43);
    expect_larger_equal(kLarger, random);
}

// Where zeros are left out; the test above has them at random.
TEST(LayerPlan, LargerLayersPaddedWithZerosEqualTheReference) {
    Random random(48);
    for (Sizes sizes : kLarger) {
        if (sizes.op != Op::conv || sizes.pads == Pads{}) continue;
        RandomLayer layer = layer_of(sizes, random);
        layer.spec.pad_mode = PadMode::zeros;
        const Truth truth(layer);
        at_every_level([&] { expect_equal<float>(layer, truth, 2); });
        if (HasFatalFailure()) return;
    }
}

TEST(LayerPlan, NanAndInfinityArriveWhereTheReferenceHasThem) {
    Random random(44);
    for (int i = 0; i < 200; ++i) {
        RandomLayer layer = random_layer(random, random.coin() ? Op::conv : Op::conv_transpose);
        round_to_float(layer);
        spoil(layer, random);
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
