// Layers of few output channels in a group are summed up row by row (Traversal::plane). Here most settings go that way.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/conv/validate.h"
#include "core/engine/layer/work.h"
#include "tests/core/engine/layer/checks.h"
#include "tests/core/engine/levels.h"

namespace convlens {

namespace {

// From a few columns to many vectors of them.
std::int64_t random_width(Random& random) {
    const std::int64_t kind = random.from(0, 3);
    return kind == 0 ? random.from(1, 9) : kind == 3 ? random.from(60, 150) : random.from(10, 40);
}

Sizes random_sizes(Random& random) {
    Sizes sizes;
    sizes.op = random.from(0, 2) == 0 ? Op::conv_transpose : Op::conv;
    sizes.groups = random.from(1, 3);
    const bool many = random.from(0, 7) == 0;  // more taps than a group of them
    sizes.in = sizes.groups * (many ? random.from(60, 130) : random.from(1, 3));
    sizes.out = sizes.groups * random.from(1, 4);
    sizes.plane = many ? random.size(1, 19) : Size2{random.from(1, 20), random_width(random)};
    sizes.kernel = many ? random.size(2, 4) : random.size(1, 7);
    sizes.stride = random.size(1, random.coin() ? 2 : 1);
    if (random.from(0, 9) == 0) sizes.stride = random.size(1, 3);
    if (random.from(0, 3) == 0) sizes.dilation = random.size(1, 3);
    if (random.from(0, 3) > 0)
        sizes.pads = {random.from(-1, 3), random.from(-1, 3), random.from(-1, 3), random.from(-1, 3)};
    sizes.images = random.from(1, 2);
    return sizes;
}

RandomLayer random_few_channels(Random& random) {
    while (true) {
        const Sizes sizes = random_sizes(random);
        if (computable(sizes)) return layer_of(sizes, random);
    }
}

// How many settings took each turn.
struct Turns {
    int all = 0, plane = 0, stride_two = 0, apart = 0, woven = 0, in_groups = 0, narrow = 0, in_place = 0;

    void count(const RandomLayer& layer) {
        const std::vector<float> weight = as<float>(layer.weight);
        LayerPlan<float> plan =
            plan_layer<float>(layer.spec, layer.input.shape(), {weight.data(), layer.weight.shape()}, {});
        const LayerWork<float>& work = plan.work();
        ++all;
        if (work.traversal != Traversal::plane) return;
        ++plane;
        const std::vector<AxisTap>& rows = work.rows.taps[0];
        stride_two += tap_steps(rows)->stride == 2;
        apart += tap_steps(rows)->apart > 1;
        woven += work.cols.spread > 1;
        in_groups += work.phases[0].row_taps * static_cast<std::int64_t>(rows.size()) > 2 * kGroupTaps;
        narrow += work.cols.lattice < work.kernels.lanes;
        in_place += work.in_place;
    }
};

constexpr Sizes kLarger[] = {
    {12, 12, {64, 150}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1), 12},
    {12, 12, {130, 113}, {3, 3}, {2, 2}, {1, 1}, Pads::all(1), 12},
    {12, 12, {130, 112}, {5, 5}, {2, 2}, {1, 1}, {2, 1, 1, 2}, 12},
    {12, 24, {64, 56}, {3, 3}, {1, 1}, {2, 2}, Pads::all(2), 12},
    {12, 12, {64, 56}, {7, 7}, {1, 1}, {1, 1}, Pads::all(3), 12},
    {64, 3, {40, 41}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1)},
    {200, 1, {30, 14}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1)},
    {16, 16, {40, 56}, {3, 3}, {2, 2}, {1, 1}, Pads::all(1), 4, Op::conv, {0, 0}, 3},
    {12, 12, {40, 56}, {4, 4}, {2, 2}, {1, 1}, Pads::all(1), 12, Op::conv_transpose},
    {12, 12, {40, 51}, {3, 3}, {2, 2}, {1, 1}, Pads::all(1), 12, Op::conv_transpose, {1, 0}},
    {12, 12, {40, 51}, {3, 5}, {3, 3}, {1, 1}, Pads::all(0), 12, Op::conv_transpose},
    {1, 1, {300, 301}, {3, 3}, {1, 1}, {1, 1}, Pads::all(0), 1, Op::conv, {0, 0}, 5},
};

}  // namespace

TEST(LayerPlane, RandomLayersOfFewChannelsEqualTheReference) {
    constexpr int kSettings = 200;
    Random random(48);
    Turns turns;
    for (int i = 0; i < kSettings; ++i) {
        const RandomLayer layer = random_few_channels(random);
        turns.count(layer);
        const Truth truth(layer);
        at_every_level([&] { expect_large_equal(layer, truth); });
        if (HasFatalFailure()) return;
    }
    EXPECT_GT(turns.plane, kSettings * 8 / 10);
    const int rarer[] = {turns.stride_two, turns.apart, turns.woven, turns.in_groups, turns.narrow, turns.in_place};
    for (const int turn : rarer) EXPECT_GT(turn, kSettings / 50);
}

TEST(LayerPlane, NanAndInfinityArriveWhereTheReferenceHasThem) {
    Random random(49);
    for (int i = 0; i < 100; ++i) {
        RandomLayer layer = random_few_channels(random);
        spoil(layer, random);
        const Truth truth(layer);
        at_every_level([&] { expect_large_equal(layer, truth); });
        if (HasFatalFailure()) return;
    }
}

TEST(LayerPlane, LargerLayersOnSeveralThreadsEqualTheReference) {
    Random random(50);
    expect_larger_equal(kLarger, random);
}

}  // namespace convlens
