#include "core/conv/shape.h"

#include <gtest/gtest.h>

#include <string>

#include "core/cases/cases.h"
#include "core/conv/validate.h"

namespace convlens {
namespace {

ConvSpec conv(std::int64_t kernel, std::int64_t stride = 1, std::int64_t padding = 0, std::int64_t dilation = 1) {
    ConvSpec spec;
    spec.kernel = {kernel, kernel};
    spec.stride = {stride, stride};
    spec.dilation = {dilation, dilation};
    spec.pads = Pads::all(padding);
    return spec;
}

ConvSpec transposed(std::int64_t kernel, std::int64_t stride = 1, std::int64_t padding = 0,
                    std::int64_t output_padding = 0) {
    ConvSpec spec = conv(kernel, stride, padding);
    spec.op = Op::conv_transpose;
    spec.output_padding = {output_padding, output_padding};
    return spec;
}

// Both axes are alike.
std::int64_t length(const ConvSpec& spec, std::int64_t input) {
    const Shape4 out = output_shape(spec, {1, 1, input, input});
    EXPECT_EQ(out.h, out.w);
    return out.h;
}

// Rows at the end that no window of a conv reaches.
std::int64_t unread_tail(const ConvSpec& spec, std::int64_t input) {
    const AxisShape a = solve_axis(spec, {input, input}, Axis::h);
    return std::max<std::int64_t>(a.padded - ((a.output - 1) * a.stride + a.effective_kernel) - a.pad_after, 0);
}

// Rule 0: with p = s = d = 1 output o reads input o + h - 1.
TEST(ConvSize, WithPadding1AKernelOf3KeepsTheSize) { EXPECT_EQ(length(conv(3, 1, 1), 5), 5); }

// Rule 1.
TEST(ConvSize, IsRoundedDown) {
    EXPECT_EQ(length(conv(3, 2, 1), 28), 14);
    EXPECT_EQ(length(conv(3, 2, 1), 27), 14);
    EXPECT_EQ(length(conv(3, 2), 10), 4);
    EXPECT_EQ(length(conv(1, 7), 1), 1);
}

TEST(ConvSize, CountsTheReachOfADilatedKernel) {
    EXPECT_EQ(effective_kernel(3, 3), 7);
    EXPECT_EQ(effective_kernel(1, 100), 1);
    EXPECT_EQ(length(conv(3, 1, 0, 3), 7), 1);
    EXPECT_EQ(length(conv(3, 1, 0, 3), 9), 3);
}

TEST(ConvSize, IsBelow1WhereTheKernelDoesNotFitWhateverTheStride) {
    for (std::int64_t stride = 1; stride < 9; ++stride) EXPECT_LT(length(conv(5, stride), 4), 1) << stride;
}

TEST(ConvSize, TakesFourDifferentPadsAndCropsWhereTheyAreNegative) {
    ConvSpec spec = conv(3);
    spec.pads = {1, 2, -1, 0};
    EXPECT_EQ(output_shape(spec, {2, 1, 5, 5}), (Shape4{2, 1, 6, 2}));
}

TEST(ConvSize, HasTheBatchOfTheInputAndTheChannelsOfTheSpec) {
    ConvSpec spec = conv(3);
    spec.out_channels = 7;
    EXPECT_EQ(output_shape(spec, {4, 3, 5, 6}), (Shape4{4, 7, 3, 4}));
}

// Rule 2.
TEST(TransposedSize, IsStridesPlusTheKernelMinusTheCrop) {
    EXPECT_EQ(length(transposed(3), 5), 7);
    EXPECT_EQ(length(transposed(3, 2), 3), 7);
    EXPECT_EQ(length(transposed(3, 2, 1), 3), 5);
    EXPECT_EQ(length(transposed(3, 2, -1), 3), 9);
}

TEST(TransposedSize, CanBeCroppedToNothing) {
    EXPECT_EQ(length(transposed(3, 1, 2), 1), -1);
    EXPECT_EQ(length(transposed(3, 1, 2), 2), 0);
}

TEST(TransposedSize, KeepsTheStampedCanvasApartFromTheCrop) {
    const AxisShape a = solve_axis(transposed(3, 2, 1, 1), {14, 14}, Axis::h);
    EXPECT_EQ(a.padded, 29);
    EXPECT_EQ(a.output, 28);
    EXPECT_EQ(a.numerator, 28);
    EXPECT_EQ(a.effective_kernel, 3);
}

// Rule 3.
TEST(OutputPadding, PicksOneOfTheSizesThatTheForwardConvolutionMakesAlike) {
    EXPECT_EQ(length(transposed(3, 2, 1, 0), 14), 27);
    EXPECT_EQ(length(transposed(3, 2, 1, 1), 14), 28);
    for (const std::int64_t size : {27, 28}) EXPECT_EQ(length(conv(3, 2, 1), size), 14);
    for (std::int64_t op = 0; op < 4; ++op) EXPECT_EQ(length(conv(5, 4, 2), length(transposed(5, 4, 2, op), 6)), 6);
}

TEST(OutputPadding, FollowsFromTheOutputSizeWhereOneIsGiven) {
    ConvSpec spec = transposed(3, 2, 1);
    spec.output_size = Size2{28, 27};
    EXPECT_EQ(solve_axis(spec, {14, 14}, Axis::h).output_padding, 1);
    EXPECT_EQ(solve_axis(spec, {14, 14}, Axis::w).output_padding, 0);
    EXPECT_EQ(output_shape(spec, {1, 1, 14, 14}).plane(), (Size2{28, 27}));
}

TEST(OutputPadding, DoesNotTouchAConvolution) {
    ConvSpec spec = conv(3);
    spec.output_padding = {2, 2};
    spec.output_size = Size2{9, 9};
    EXPECT_EQ(length(spec, 5), 3);
    EXPECT_EQ(solve_axis(spec, {5, 5}, Axis::h).output_padding, 0);
}

// Rule 6.
TEST(WeightShape, HasTheChannelsOfOneGroup) {
    ConvSpec spec = conv(3);
    spec.groups = 2;
    spec.out_channels = 6;
    EXPECT_EQ(weight_shape(spec, 4), (Shape4{6, 2, 3, 3}));
    spec.op = Op::conv_transpose;
    EXPECT_EQ(weight_shape(spec, 4), (Shape4{4, 3, 3, 3}));
}

TEST(WeightShape, TellsTheOutputChannelsWhateverTheGroupsAre) {
    ConvSpec spec = conv(3);
    spec.groups = 2;
    EXPECT_EQ(output_channels_of(spec, {6, 2, 3, 3}), 6);
    spec.op = Op::conv_transpose;
    EXPECT_EQ(output_channels_of(spec, {4, 3, 3, 3}), 6);
    spec.groups = std::int64_t{1} << 53;
    EXPECT_EQ(output_channels_of(spec, {1, 1024, 1, 1}), std::int64_t{1} << 62);
    spec.groups = -spec.groups;
    EXPECT_EQ(output_channels_of(spec, {1, 1024, 1, 1}), -(std::int64_t{1} << 62));
}

// Reports from other programs, each a sentence about the right outcome.

// BVLC/caffe#3656, #4773, #4781; ethereon/netscope#25
TEST(SizeReports, Kernel3Stride2LeavesOneRowUnreadOf28And64And112And10) {
    struct Row {
        std::int64_t input, padding, output;
    };
    for (const Row& row : {Row{28, 1, 14}, Row{64, 1, 32}, Row{112, 0, 55}, Row{10, 0, 4}}) {
        SCOPED_TRACE(row.input);
        const ConvSpec spec = conv(3, 2, row.padding);
        EXPECT_EQ(length(spec, row.input), row.output);
        const AxisShape a = solve_axis(spec, {row.input, row.input}, Axis::h);
        EXPECT_EQ(a.padded - ((a.output - 1) * 2 + 3), 1) << "rows that no window reads";
    }
}

// microsoft/onnxruntime#1224; pytorch/pytorch#21935, #22337
TEST(SizeReports, AKernelThatReaches5RowsDoesNotFitInto4ThoughTheDivisionRoundsToAnOutput) {
    LayerShape layer{conv(3, 2, 0, 2), {1, 1, 4, 4}, {}, {}};
    ASSERT_EQ(validate(layer).size(), 1U);
    EXPECT_EQ(validate(layer)[0].kind, ErrorKind::output_too_small);
    layer = {conv(2, 2), {1, 1, 16, 1}, {}, {}};
    ASSERT_EQ(validate(layer).size(), 1U);
    EXPECT_EQ(validate(layer)[0].axis, Axis::w);
}

// pytorch/pytorch#37844
TEST(SizeReports, CircularPaddingOfTheColumnsAloneLeavesTheRowsAlone) {
    ConvSpec spec = conv(3);
    spec.pads = {0, 0, 1, 1};
    spec.pad_mode = PadMode::circular;
    EXPECT_EQ(output_shape(spec, {1, 1, 20, 10}).plane(), (Size2{18, 10}));
}

// pytorch/pytorch#66542
TEST(SizeReports, OutputPadding2IsLegalWithStride1AndDilation4) {
    LayerShape layer{transposed(2, 1, 0, 2), {1, 1, 1, 3}, {}, {}};
    layer.spec.dilation = {4, 4};
    layer.spec.dialect = Dialect::torch;
    EXPECT_TRUE(validate(layer).empty());
    EXPECT_EQ(output_shape(layer.spec, layer.input).plane(), (Size2{7, 9}));
}

// pytorch/pytorch#8816
TEST(SizeReports, ASingleCellWithStride2Padding1AndOutputPadding1Becomes2By2) {
    EXPECT_EQ(length(transposed(3, 2, 1, 1), 1), 2);
}

// keras-team/keras#13231
TEST(SizeReports, ATransposedSameOf46By62IsWanted368By489AndTensorFlowAgrees) {
    LayerShape layer{transposed(16, 8), {1, 1, 46, 62}, {}, {}};
    layer.spec.pad_rule = PadRule::tf_SAME;
    EXPECT_EQ(output_shape(layer.spec, layer.input).plane(), (Size2{368, 496}));
    layer.spec.output_size = Size2{368, 489};
    EXPECT_TRUE(validate(layer).empty());
    EXPECT_EQ(output_shape(layer.spec, layer.input).plane(), (Size2{368, 489}));
    layer.spec.output_size.reset();
    layer.spec.output_padding = {8, 1};  // what Keras would have to be told instead
    ASSERT_EQ(validate(layer).size(), 1U);
    EXPECT_EQ(validate(layer)[0].kind, ErrorKind::output_padding_too_big);
    EXPECT_EQ(validate(layer)[0].axis, Axis::h);
}

// onnx/onnx#3357
TEST(SizeReports, Pads1212AreTopLeftBottomRightInOnnxAndGive7By3) {
    ConvSpec spec = transposed(3);
    spec.stride = {3, 2};
    spec.pads = {1, 1, 2, 2};  // hBegin 1, wBegin 2, hEnd 1, wEnd 2
    EXPECT_EQ(output_shape(spec, {1, 1, 3, 3}).plane(), (Size2{7, 3}));
    spec.pads = {1, 2, 1, 2};  // read axis by axis
    EXPECT_EQ(output_shape(spec, {1, 1, 3, 3}).plane(), (Size2{6, 4}));
}

// pytorch/xla#2333; tinygrad/tinygrad#875
TEST(SizeReports, ThirtyTwoRowsBecome16WithKernel3Or4AndComeBackWithOutputPadding1Or0) {
    EXPECT_EQ(length(conv(3, 2, 1), 32), 16);
    EXPECT_EQ(length(conv(4, 2, 1), 32), 16);
    EXPECT_EQ(length(transposed(3, 2, 1, 1), 16), 32);
    EXPECT_EQ(length(transposed(4, 2, 1, 0), 16), 32);
}

TEST(SizeReports, SevenAndEightRowsBothBecome3AndComeBackByOutputPadding) {
    EXPECT_EQ(length(conv(3, 2, 1, 2), 7), 3);
    EXPECT_EQ(length(conv(3, 2, 1, 2), 8), 3);
    for (const std::int64_t op : {0, 1}) {
        ConvSpec spec = transposed(3, 2, 1, op);
        spec.dilation = {2, 2};
        EXPECT_EQ(length(spec, 3), 7 + op);
    }
}

// discuss.pytorch.org/t/127331
TEST(SizeReports, ThreeGroupsOf4FiltersHave324WeightsFor12Channels) {
    ConvSpec spec = conv(3, 1, 1);
    spec.groups = 3;
    spec.out_channels = 12;
    EXPECT_EQ(weight_shape(spec, 3), (Shape4{12, 1, 3, 3}));
    EXPECT_EQ(cost(spec, {1, 3, 244, 244}, false).weights, 12 * 3 * 3 * 3 / 3 * 1);
    EXPECT_EQ(output_shape(spec, {1, 3, 244, 244}), (Shape4{1, 12, 244, 244}));
}

TEST(LengthsAlike, ThatAConvolutionShrinksToOneAreAStrideOfThem) {
    EXPECT_EQ(inputs_alike(conv(3, 2, 1), {27, 28}, Axis::h), (LengthSpan{27, 28}));
    EXPECT_EQ(inputs_alike(conv(3, 2, 1), {27, 28}, Axis::w), (LengthSpan{27, 28}));
    EXPECT_EQ(inputs_alike(conv(3, 1, 1), {27, 27}, Axis::h), (LengthSpan{27, 27}));
    EXPECT_EQ(inputs_alike(conv(3, 5), {3, 3}, Axis::h), (LengthSpan{3, 7}));
    ConvSpec same = conv(3, 4);
    same.pad_rule = PadRule::tf_SAME;
    EXPECT_EQ(inputs_alike(same, {6, 6}, Axis::h), (LengthSpan{5, 8})) << "all that 4 goes into twice, the rest padded";
    for (std::int64_t length = 1; length < 40; ++length) {
        const LengthSpan alike = inputs_alike(same, {length, length}, Axis::h);
        for (std::int64_t l = 1; l < 50; ++l) {
            const bool equal =
                solve_axis(same, {l, l}, Axis::h).output == solve_axis(same, {length, length}, Axis::h).output;
            EXPECT_EQ(l >= alike.least && l <= alike.most, equal) << length << ' ' << l;
        }
    }
}

// Asked for with every change of a setting, whatever is typed.
TEST(LengthsAlike, AreFoundAtOnceForAStrideOfAnySize) {
    const std::int64_t huge = std::int64_t{1} << 61;
    EXPECT_EQ(inputs_alike(conv(3, huge), {5, 5}, Axis::h), (LengthSpan{3, huge + 2}));
}

TEST(LengthsAlike, ThatATransposedConvolutionMayGiveAreThoseThatItsConvolutionShrinksToTheInput) {
    for (const std::int64_t stride : {1, 2, 3}) {
        const LengthSpan alike = outputs_alike(transposed(4, stride, 1, stride - 1), {14, 14}, Axis::h);
        EXPECT_EQ(alike.most - alike.least, stride - 1);
        for (std::int64_t l = alike.least - 3; l < alike.most + 4; ++l) {
            EXPECT_EQ(length(conv(4, stride, 1), l) == 14, l >= alike.least && l <= alike.most) << l;
        }
    }
}

// ai.stackexchange.com 5769
TEST(SizeReports, FromThreeColoursToThreeEachFilterIs3By3By3) {
    ConvSpec spec = conv(3, 1, 1);
    spec.out_channels = 3;
    EXPECT_EQ(weight_shape(spec, 3), (Shape4{3, 3, 3, 3}));
    EXPECT_EQ(cost(spec, {1, 3, 8, 8}, true).weights, 81);
    EXPECT_EQ(cost(spec, {1, 3, 8, 8}, true).biases, 3);
}

// poloclub/cnn-explainer#59
TEST(SizeReports, ADivisionWithARemainderIsLegal) {
    EXPECT_EQ(length(conv(3, 2, 1), 4), 2);
    EXPECT_EQ(length(conv(3, 2, 1), 6), 3);
    EXPECT_EQ(length(conv(3, 2, 1), 5), 3);
    EXPECT_TRUE(validate({conv(3, 2, 1), {1, 1, 4, 4}, {}, {}}).empty());
    EXPECT_EQ(unread_tail(conv(3, 2, 1), 5), 0);
}

// vdumoulin/conv_arithmetic#33, #18
TEST(SizeReports, FiveRowsBecome6AndComeBackThroughABorderOf1) {
    EXPECT_EQ(length(conv(4, 1, 2), 5), 6);
    EXPECT_EQ(length(transposed(4, 1, 2), 6), 5);
    EXPECT_EQ(effective_kernel(4, 1) - 1 - 2, 1) << "the border of the plain convolution that does the same";
}

TEST(SizeReports, SixRowsBecome3AndComeBackTo5UnlessOutputPaddingIs1) {
    EXPECT_EQ(length(conv(3, 2, 1), 6), 3);
    EXPECT_EQ(length(transposed(3, 2, 1), 3), 5);
    EXPECT_EQ(length(transposed(3, 2, 1, 1), 3), 6);
}

TEST(Cost, CountsEveryWeightForEveryCellOfThePlaneThatItMeets) {
    ConvSpec spec = conv(3, 1, 1);
    spec.out_channels = 64;
    const Cost of_conv = cost(spec, {1, 3, 224, 224}, true);
    EXPECT_EQ(of_conv.weights, 64 * 3 * 9);
    EXPECT_EQ(of_conv.biases, 64);
    EXPECT_EQ(of_conv.multiply_adds, 64LL * 3 * 9 * 224 * 224);

    spec = transposed(4, 2, 1);
    spec.out_channels = 32;
    const Cost of_transposed = cost(spec, {2, 64, 56, 56}, false);
    EXPECT_EQ(of_transposed.weights, 64 * 32 * 16);
    EXPECT_EQ(of_transposed.biases, 0);
    EXPECT_EQ(of_transposed.multiply_adds, 2LL * 64 * 56 * 56 * 32 * 16);
}

TEST(Cost, HasAllDigitsOfNumbersBeyond64Bits) {
    ConvSpec spec = conv(3, 1, 1);
    spec.kernel = {31, 30};
    spec.pads = {};
    spec.out_channels = 65536;
    EXPECT_EQ(cost(spec, {2, 64, 40000, 50000}, true).multiply_adds.digits(), "15582065928752332800");
}

// One axis each, as PyTorch computes it; -1 where it refuses.
TEST(SizeFixtures, OfPyTorchAreAllEqual) {
    int rows = 0;
    for (const Case& c : read_cases(CONVLENS_FIXTURES "/torch_sizes.json")) {
        for (const SizeRow& row : c.sizes) {
            if (row.layer.spec.op != Op::conv && row.layer.spec.op != Op::conv_transpose) continue;
            LayerShape layer = row.layer;
            layer.spec.dialect = Dialect::torch;
            const AxisShape a = solve_axis(layer.spec, layer.input.plane(), Axis::h);
            const bool possible = validate(layer).empty();
            EXPECT_EQ(possible ? a.output : -1, row.out)
                << c.name << ": input " << a.input << ", kernel " << a.kernel << ", stride " << a.stride << ", padding "
                << a.pad_before << ", dilation " << a.dilation << ", output padding " << a.output_padding;
            ++rows;
        }
    }
    EXPECT_GT(rows, 900);
}

}  // namespace
}  // namespace convlens
