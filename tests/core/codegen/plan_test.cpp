#include "core/codegen/plan.h"

#include <gtest/gtest.h>

namespace convlens {
namespace {

using Cells = std::vector<std::int64_t>;

Plan plan_of(const ConvSpec& spec, const Tensor<double>& input) {
    static const Tensor<double> none;
    const LayerData data{input, none, {}};
    return plan_layer(spec, data);
}

TEST(Plan, PadsAreCellsToAddAndCellsToCut) {
    const PadStep step = pad_step({2, -1, 0, -3});
    EXPECT_EQ(step.add, (Pads{2, 0, 0, 0}));
    EXPECT_EQ(step.cut, (Pads{0, 1, 0, 3}));
}

TEST(Plan, PickedCellsFoldOnBeyondOneWidth) {
    ConvSpec spec;
    spec.pads = {0, 0, 3, -1};
    spec.pad_mode = PadMode::reflect;
    const Tensor<double> input({1, 1, 4, 3});
    const PickedCells cells = picked_cells(plan_of(spec, input));
    EXPECT_EQ(cells.rows, (Cells{0, 1, 2, 3}));
    EXPECT_EQ(cells.columns, (Cells{1, 2, 1, 0, 1}));
}

TEST(Plan, ACropAtOneEndIsAnOutputPadding) {
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.stride = {2, 2};
    spec.pads = {1, 0, 1, 1};
    const Tensor<double> input({1, 1, 3, 3});
    const auto crop = symmetric_crop(plan_of(spec, input));
    ASSERT_TRUE(crop);
    EXPECT_EQ(crop->padding, (Size2{1, 1}));
    EXPECT_EQ(crop->output_padding, (Size2{1, 0}));
    spec.pads = {0, 1, 0, 0};  // more at the end: no output padding is negative
    EXPECT_FALSE(symmetric_crop(plan_of(spec, input)));
}

TEST(Plan, CanvasPadsGiveTheOutput) {
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.pads = {-1, 2, 0, -3};
    const Tensor<double> input({1, 1, 4, 4});
    EXPECT_EQ(canvas_size(plan_of(spec, input)), (Size2{6, 6}));
    EXPECT_EQ(canvas_pads(plan_of(spec, input)), (Pads{1, -2, 0, 3}));
}

// pytorch/pytorch's rule: 5 cells, kernel 2, stride 2 round up to 3 windows, the last of them half outside.
TEST(Plan, CeilModeIsWrittenOutAsPads) {
    ConvSpec spec;
    spec.op = Op::avg_pool;
    spec.kernel = spec.stride = {2, 2};
    spec.ceil_mode = true;
    const Tensor<double> input({1, 1, 5, 4});
    const Plan plan = plan_of(spec, input);
    EXPECT_EQ(plan.out, (Shape4{1, 1, 3, 2}));
    EXPECT_EQ(pool_step(plan).add, (Pads{0, 1, 0, 0}));
    const WindowCounts counts = window_counts(plan);
    EXPECT_EQ(counts.rows, (Cells{2, 2, 1}));
    EXPECT_EQ(counts.columns, (Cells{2, 2}));
    EXPECT_FALSE(counts.full);
}

TEST(Plan, WindowsCountThePaddingOrNot) {
    ConvSpec spec;
    spec.op = Op::avg_pool;
    spec.pads = Pads::all(1);
    const Tensor<double> input({1, 1, 4, 4});
    EXPECT_TRUE(window_counts(plan_of(spec, input)).full);
    spec.count_include_pad = false;
    EXPECT_EQ(window_counts(plan_of(spec, input)).rows, (Cells{2, 3, 3, 2}));
}

TEST(Plan, PoolingCutsBeforeItAdds) {
    ConvSpec spec;
    spec.op = Op::max_pool;
    spec.kernel = spec.stride = {2, 2};
    spec.ceil_mode = true;
    spec.pads = {0, -1, 0, 0};  // 3 of 4 rows, of which ceil_mode makes two windows
    const Tensor<double> input({1, 1, 4, 4});
    const PadStep step = pool_step(plan_of(spec, input));
    EXPECT_EQ(step.cut, (Pads{0, 1, 0, 0}));
    EXPECT_EQ(step.add, (Pads{0, 1, 0, 0}));
}

TEST(Plan, ADilatedWindowCanMeetNothing) {
    ConvSpec spec;
    spec.op = Op::max_pool;
    spec.kernel = {1, 2};
    spec.dilation = {1, 2};
    spec.pads = {0, 0, 1, 1};
    const Tensor<double> one({1, 1, 3, 1});
    EXPECT_TRUE(has_empty_window(plan_of(spec, one)));
    EXPECT_EQ(window_counts(plan_of(spec, one)).columns, (Cells{2}));
    spec.count_include_pad = false;
    EXPECT_EQ(window_counts(plan_of(spec, one)).columns, (Cells{1}));  // so that the average is 0
    const Tensor<double> two({1, 1, 3, 2});
    EXPECT_FALSE(has_empty_window(plan_of(spec, two)));
}

}  // namespace
}  // namespace convlens
