// Any step is found without the ones before it.
#include "core/trace/timeline.h"

#include <gtest/gtest.h>

#include <vector>

namespace convlens {

namespace {

constexpr StepBy kAll[] = {StepBy::output, StepBy::channel, StepBy::product};

ConvSpec small_layer() {
    ConvSpec spec;
    spec.kernel = {2, 3};
    spec.out_channels = 4;
    spec.groups = 2;
    return spec;
}
constexpr Shape4 kInput{2, 6, 3, 5};  // 3 channels a group, output [2, 4, 2, 3]

}  // namespace

TEST(Timeline, CountsOutputsChannelsOrProducts) {
    EXPECT_EQ(timeline(small_layer(), kInput, StepBy::output, false).count(), 48);
    EXPECT_EQ(timeline(small_layer(), kInput, StepBy::channel, false).count(), 48 * 3);
    EXPECT_EQ(timeline(small_layer(), kInput, StepBy::product, false).count(), 48 * 3 * 6);
}

TEST(Timeline, FollowsTheLoopNest) {
    for (const StepBy by : kAll) {
        const Timeline t = timeline(small_layer(), kInput, by, false);
        const std::int64_t channels = by == StepBy::output ? 1 : 3;
        const std::int64_t products = by == StepBy::product ? 6 : 1;
        std::int64_t step = 0;
        for (std::int64_t cell = 0; cell < 48; ++cell) {
            for (std::int64_t j = 0; j < channels; ++j) {
                for (std::int64_t p = 0; p < products; ++p) {
                    const TimelineStep at = step_at(t, ++step);
                    const bool complete = j == channels - 1 && p == products - 1;
                    EXPECT_FALSE(at.before_first);
                    EXPECT_EQ(at.cell, (Cell4{cell / 24, cell / 6 % 4, cell / 3 % 2, cell % 3}));
                    EXPECT_EQ(at.channel, by == StepBy::output ? 2 : j);
                    EXPECT_EQ(at.product, by == StepBy::product ? p : 5);
                    EXPECT_EQ(at.cell_complete, complete);
                    EXPECT_EQ(at.cells_done, cell + (complete ? 1 : 0));
                }
            }
        }
        EXPECT_EQ(step, t.count());
    }
}

TEST(Timeline, StepOfIsTheInverseOfStepAt) {
    for (const StepBy by : kAll) {
        const Timeline t = timeline(small_layer(), kInput, by, false);
        for (std::int64_t step = 1; step <= t.count(); ++step) {
            const TimelineStep at = step_at(t, step);
            const std::int64_t complete = step_of(t, at.cell);
            EXPECT_EQ(complete, (step + t.steps_per_cell() - 1) / t.steps_per_cell() * t.steps_per_cell());
            EXPECT_EQ(step_at(t, complete).cell, at.cell);
            EXPECT_TRUE(step_at(t, complete).cell_complete);
        }
    }
}

TEST(Timeline, BeginsBeforeTheFirstAndRestsAtTheLast) {
    const Timeline t = timeline(small_layer(), kInput, StepBy::output, false);
    EXPECT_TRUE(step_at(t, 0).before_first);
    EXPECT_EQ(step_at(t, 0).cells_done, 0);
    EXPECT_TRUE(step_at(t, -3).before_first);
    EXPECT_EQ(step_at(t, 49).cell, (Cell4{1, 3, 1, 2}));
    EXPECT_EQ(step_at(t, 49).cells_done, 48);
}

TEST(Timeline, OfStampsRunsOverTheInput) {
    ConvSpec spec = small_layer();
    spec.op = Op::conv_transpose;
    const Timeline t = timeline(spec, kInput, StepBy::product, true);
    EXPECT_TRUE(t.stamps);
    EXPECT_EQ(t.cells, kInput);
    EXPECT_EQ(t.count(), 2 * 6 * 3 * 5 * 6);
    EXPECT_EQ(step_at(t, 7).cell, (Cell4{0, 0, 0, 1}));
    EXPECT_FALSE(timeline(small_layer(), kInput, StepBy::product, true).stamps);  // conv has none
}

// 2^56 steps: replaying them would outlast the test's limit by years.
TEST(Timeline, FindsAnyStepOfAHugeLayerAtOnce) {
    Timeline t;
    t.cells = {1 << 7, 1 << 7, 1 << 7, 1 << 7};
    t.channels = 1 << 14;
    t.window = 1 << 14;
    t.by = StepBy::product;
    EXPECT_EQ(t.count(), std::int64_t{1} << 56);
    const Cell4 cell{77, 5, 100, 3};
    for (int i = 0; i < 1000; ++i) {
        const TimelineStep at = step_at(t, step_of(t, cell));
        ASSERT_EQ(at.cell, cell);
        ASSERT_TRUE(at.cell_complete);
    }
}

}  // namespace convlens
