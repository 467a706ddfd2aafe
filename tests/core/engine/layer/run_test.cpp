// What running a plan costs beside its arithmetic: no memory is asked for, and a batch is divided among the threads.
#include <gtest/gtest.h>

#include "core/engine/layer/work.h"
#include "tests/core/allocations.h"
#include "tests/core/engine/layer/checks.h"
#include "tests/core/engine/levels.h"

namespace convlens {

namespace {

struct Case {
    const char* name = nullptr;
    Sizes sizes;
};

// Each way that a plan can take, large enough for several threads.
constexpr Case kWays[] = {
    {"lanes are cells, read in place", {16, 16, {100, 100}, {1, 1}, {1, 1}, {1, 1}, Pads::all(0)}},
    {"lanes are cells, read in place for many blocks", {64, 64, {56, 56}, {1, 1}, {1, 1}, {1, 1}, Pads::all(0)}},
    {"lanes are cells, rows end to end", {2, 8, {60, 62}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1), 1, Op::conv, {}, 2}},
    {"lanes are cells, along rows", {6, 8, {60, 64}, {3, 3}, {2, 2}, {1, 1}, Pads::all(1)}},
    {"lanes are cells, across rows", {6, 12, {300, 8}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1)}},
    {"lanes are channels", {64, 64, {14, 14}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1)}},
    {"lanes are channels, taps by parts", {512, 32, {14, 14}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1)}},
    {"transposed, lanes are channels", {16, 32, {30, 30}, {4, 4}, {2, 2}, {1, 1}, Pads::all(1), 1, Op::conv_transpose}},
    {"transposed, taps by parts", {256, 32, {14, 14}, {3, 3}, {2, 2}, {1, 1}, Pads::all(1), 1, Op::conv_transpose}},
    {"transposed, lanes are cells", {3, 8, {60, 62}, {4, 4}, {2, 2}, {1, 1}, Pads::all(1), 1, Op::conv_transpose}},
    {"planes", {32, 32, {56, 56}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1), 32}},
    {"planes, stride 2", {32, 32, {56, 56}, {3, 3}, {2, 2}, {1, 1}, Pads::all(1), 32}},
    {"planes, read in place", {1, 1, {400, 400}, {3, 3}, {1, 1}, {1, 1}, Pads::all(0)}},
    {"planes, transposed", {32, 32, {30, 30}, {4, 4}, {2, 2}, {1, 1}, Pads::all(1), 32, Op::conv_transpose}},
    {"stamped", {2, 3, {40, 40}, {2, 3}, {17, 18}, {1, 1}, Pads::all(1), 1, Op::conv_transpose}},
};

struct Ready {
    std::vector<float> in, weight, out;
    RandomLayer layer;
    LayerPlan<float> plan;

    explicit Ready(const RandomLayer& of, int threads)
        : in(as<float>(of.input)),
          weight(as<float>(of.weight)),
          layer(of),
          plan(plan_layer<float>(of.spec, of.input.shape(), {weight.data(), of.weight.shape()}, {}, threads)) {
        const Shape4& shape = plan.output_shape();
        out.resize(static_cast<std::size_t>(shape.n * shape.c * shape.h * shape.w));
    }
    void run_once() { run(plan, View<float>{in.data(), layer.input.shape()}, std::span<float>(out)); }
};

}  // namespace

TEST(LayerRun, AllocatesNothing) {
    if (!test::kCountsAllocations) GTEST_SKIP() << "allocations are counted without a sanitizer only";
    Random random(51);
    for (const Case& way : kWays) {
        const RandomLayer layer = layer_of(way.sizes, random);
        at_every_level([&] {
            for (const int threads : {1, 2, 7}) {
                const std::int64_t before_planning = test::allocations();
                Ready ready(layer, threads);
                EXPECT_GT(test::allocations(), before_planning) << "allocations are not counted";
                ready.run_once();  // the threads are made when they are first wanted
                const std::int64_t before = test::allocations();
                ready.run_once();
                EXPECT_EQ(test::allocations(), before) << way.name << ", " << threads << " threads";
            }
        });
    }
}

TEST(LayerRun, TransposedLayersMeetTheirTapsByPartsWhereSumsHaveManyOfThem) {
    Random random(54);
    const auto by_parts = [&](const Sizes& sizes) {
        Ready ready(layer_of(sizes, random), 1);
        const LayerWork<float>& work = ready.plan.work();
        EXPECT_EQ(work.traversal, Traversal::channels);
        return work.part_channels < work.group_in;
    };
    at_every_level([&] {
        if (layer_kernels<float>().lanes < 4) return;
        EXPECT_TRUE(by_parts({256, 32, {14, 14}, {3, 3}, {2, 2}, {1, 1}, Pads::all(1), 1, Op::conv_transpose}));
        EXPECT_FALSE(by_parts({64, 32, {14, 14}, {16, 16}, {8, 8}, {1, 1}, Pads::all(4), 1, Op::conv_transpose}));
    });
}

TEST(LayerRun, ManyPlanesReadInPlaceServeAllBlocksInATile) {
    Random random(53);
    const auto in_tiles = [&](std::int64_t planes, Size2 plane) {
        constexpr std::int64_t kChannels = 6;  // too few for lanes to be channels, too many for Traversal::plane
        Ready ready(layer_of({planes, kChannels, plane, {1, 1}, {1, 1}, {1, 1}, Pads::all(0)}, random), 1);
        EXPECT_TRUE(ready.plan.work().in_place);
        return ready.plan.work().blocks_in_tiles;
    };
    at_every_level([&] {
        const bool vectors = layer_kernels<float>().lanes > 1;  // else channels go in pairs
        EXPECT_EQ(in_tiles(64, {56, 56}), vectors);
        EXPECT_FALSE(in_tiles(16, {56, 56}));
        EXPECT_FALSE(in_tiles(64, {28, 28}));
    });
}

// One band and one channel an image, so that there is nothing else to divide. Which thread takes which image is chance:
// wanted is that one day two have taken some.
TEST(LayerRun, ABatchIsDividedAmongTheThreads) {
    Random random(52);
    Ready ready(layer_of({1, 1, {64, 64}, {3, 3}, {1, 1}, {1, 1}, Pads::all(1), 1, Op::conv, {0, 0}, 64}, random), 2);
    const LayerWork<float>& work = ready.plan.work();
    ASSERT_EQ(work.threads, 2);
    ASSERT_EQ(work.bands, 1);
    const auto took_part = [](const LayerScratch<float>& scratch) { return scratch.filled >= 0; };
    bool divided = false;
    for (int time = 0; time < 1000 && !divided; ++time) {
        ready.run_once();
        divided = std::ranges::all_of(work.scratch, took_part);
    }
    EXPECT_TRUE(divided);
}

}  // namespace convlens
