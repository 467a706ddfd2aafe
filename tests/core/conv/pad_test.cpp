#include "core/conv/pad.h"

#include <gtest/gtest.h>

#include <string>

#include "core/cases/cases.h"
#include "core/conv/names.h"
#include "core/conv/shape.h"

namespace convlens {
namespace {

// Rows 0|1 and columns 2|3 read well as {0, 1, 2, 3}.
Pads pads_of(PadRule rule, Size2 input, Size2 kernel, Size2 stride = {1, 1}, Size2 dilation = {1, 1}) {
    ConvSpec spec;
    spec.pad_rule = rule;
    spec.kernel = kernel;
    spec.stride = stride;
    spec.dilation = dilation;
    return resolve_pads(spec, input);
}

ConvSpec transposed(PadRule rule, std::int64_t kernel, std::int64_t stride) {
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.pad_rule = rule;
    spec.kernel = {kernel, kernel};
    spec.stride = {stride, stride};
    return spec;
}

Pads rows_of(const ConvSpec& spec, std::int64_t length) {
    Pads pads = resolve_pads(spec, {length, length});
    EXPECT_EQ(pads.top, pads.left);
    EXPECT_EQ(pads.bottom, pads.right);
    return {pads.top, pads.bottom, 0, 0};
}

TEST(PadRules, ExplicitAreTheSpecsOwn) {
    ConvSpec spec;
    spec.pads = {1, 2, -3, 4};
    EXPECT_EQ(resolve_pads(spec, {5, 5}), spec.pads);
    spec.pad_rule = PadRule::onnx_NOTSET;
    EXPECT_EQ(resolve_pads(spec, {5, 5}), spec.pads);
}

TEST(PadRules, ValidPadsNothing) {
    for (const PadRule rule : {PadRule::valid, PadRule::torch_valid, PadRule::tf_VALID, PadRule::onnx_VALID}) {
        EXPECT_EQ(pads_of(rule, {9, 9}, {4, 5}, {2, 3}, {2, 2}), Pads{}) << name(rule);
    }
}

// Rule 7: 'full' = a + b - 1.
TEST(PadRules, FullPadsTheReachOnBothSidesAndCausalOnlyBefore) {
    EXPECT_EQ(pads_of(PadRule::full, {9, 9}, {4, 3}, {1, 1}, {1, 2}), (Pads{3, 3, 4, 4}));
    EXPECT_EQ(pads_of(PadRule::causal, {9, 9}, {4, 3}, {1, 1}, {1, 2}), (Pads{3, 0, 4, 0}));
    ConvSpec spec;
    spec.pad_rule = PadRule::full;
    spec.kernel = {4, 2};
    EXPECT_EQ(output_shape(spec, {1, 1, 9, 6}), (Shape4{1, 1, 9 + 4 - 1, 6 + 2 - 1}));
}

TEST(PadRules, TorchSamePutsTheOddOneLast) {
    EXPECT_EQ(pads_of(PadRule::torch_same, {9, 9}, {4, 5}), (Pads{1, 2, 2, 2}));
    EXPECT_EQ(pads_of(PadRule::torch_same, {9, 9}, {2, 4}, {1, 1}, {3, 3}), (Pads{1, 2, 4, 5}));
}

// Rule 7: where an even kernel's odd row goes.
TEST(PadRules, SameWithAnEvenKernelPutsTheOddOneFirstInSciPysConvolve2dOpenCvAndNdimagesCorrelate) {
    for (const PadRule rule : {PadRule::scipy_convolve2d_same, PadRule::opencv_anchor, PadRule::ndimage_correlate}) {
        EXPECT_EQ(pads_of(rule, {9, 9}, {4, 5}), (Pads{2, 1, 2, 2})) << name(rule);
    }
    for (const PadRule rule :
         {PadRule::octave_same, PadRule::octave_imfilter, PadRule::scipy_correlate2d_same, PadRule::ndimage_convolve}) {
        EXPECT_EQ(pads_of(rule, {9, 9}, {4, 5}), (Pads{1, 2, 2, 2})) << name(rule);
    }
}

TEST(PadRules, OpenCvPadsByItsAnchorWhichDilationMovesAlong) {
    ConvSpec spec;
    spec.pad_rule = PadRule::opencv_anchor;
    spec.kernel = {3, 4};
    spec.anchor = Size2{0, 3};
    EXPECT_EQ(resolve_pads(spec, {9, 9}), (Pads{0, 2, 3, 0}));
    spec.dilation = {2, 1};
    EXPECT_EQ(resolve_pads(spec, {9, 9}), (Pads{0, 4, 3, 0}));
    spec.anchor = Size2{1, 2};
    const Pads chosen = resolve_pads(spec, {9, 9});
    spec.anchor.reset();
    EXPECT_EQ(resolve_pads(spec, {9, 9}), chosen);
}

// Rule 4.
TEST(PadRules, TensorFlowsSameMakesAsManyOutputsAsStridesFit) {
    EXPECT_EQ(pads_of(PadRule::tf_SAME, {7, 8}, {3, 3}, {2, 2}), (Pads{1, 1, 0, 1}));
    EXPECT_EQ(pads_of(PadRule::onnx_SAME_UPPER, {7, 8}, {3, 3}, {2, 2}), (Pads{1, 1, 0, 1}));
    EXPECT_EQ(pads_of(PadRule::onnx_SAME_LOWER, {7, 8}, {3, 3}, {2, 2}), (Pads{1, 1, 1, 0}));
    EXPECT_EQ(pads_of(PadRule::tf_SAME, {7, 9}, {1, 2}, {3, 3}), Pads{}) << "never less than nothing";
}

// dmlc/nnvm#307
TEST(PadRules, SameOfAn6By7KernelPads2And3RowsAnd3Columns) {
    EXPECT_EQ(pads_of(PadRule::tf_SAME, {128, 128}, {6, 7}), (Pads{2, 3, 3, 3}));
    EXPECT_EQ(pads_of(PadRule::tf_SAME, {128, 128}, {6, 7}, {1, 1}, {2, 2}), (Pads{5, 5, 6, 6}));
}

TEST(PadRules, TransposedOnnxCropsTheOddOneFirstButSameUpperLast) {
    ConvSpec spec = transposed(PadRule::onnx_NOTSET, 3, 2);
    spec.output_size = Size2{6, 6};
    EXPECT_EQ(rows_of(spec, 3), (Pads{1, 0, 0, 0}));
    spec.pad_rule = PadRule::onnx_SAME_LOWER;
    EXPECT_EQ(rows_of(spec, 3), (Pads{1, 0, 0, 0}));
    spec.pad_rule = PadRule::onnx_SAME_UPPER;
    EXPECT_EQ(rows_of(spec, 3), (Pads{0, 1, 0, 0}));
}

// onnx/onnx#4299; microsoft/onnxruntime#11927
TEST(PadRules, TransposedSameUpperGivesStridesTimesTheInputWhateverTheOutputPadding) {
    ConvSpec spec = transposed(PadRule::onnx_SAME_UPPER, 3, 2);
    EXPECT_EQ(rows_of(spec, 3), (Pads{0, 1, 0, 0}));
    EXPECT_EQ(output_shape(spec, {1, 1, 3, 3}), (Shape4{1, 1, 6, 6}));
    spec.output_padding = {1, 1};
    EXPECT_EQ(rows_of(spec, 3), (Pads{1, 1, 0, 0}));
    EXPECT_EQ(output_shape(spec, {1, 1, 3, 3}), (Shape4{1, 1, 6, 6}));
}

TEST(PadRules, TransposedOnnxNeverCropsLessThanNothing) {
    ConvSpec spec = transposed(PadRule::onnx_SAME_UPPER, 1, 2);
    EXPECT_EQ(rows_of(spec, 3), Pads{});
    EXPECT_EQ(output_shape(spec, {1, 1, 3, 3}), (Shape4{1, 1, 5, 5}));  // not 6
    spec.output_size = Size2{6, 6};
    EXPECT_EQ(rows_of(spec, 3), (Pads{0, -1, 0, 0}));
    EXPECT_EQ(output_shape(spec, {1, 1, 3, 3}), (Shape4{1, 1, 6, 6}));
}

TEST(PadRules, TransposedTensorFlowMayAddRowsAtTheEnd) {
    ConvSpec spec = transposed(PadRule::tf_VALID, 3, 2);
    spec.output_size = Size2{8, 8};
    EXPECT_EQ(rows_of(spec, 3), (Pads{0, -1, 0, 0}));
    spec = transposed(PadRule::tf_SAME, 1, 2);
    spec.output_size = Size2{4, 4};
    EXPECT_EQ(rows_of(spec, 2), (Pads{0, -1, 0, 0}));
}

// keras-team/keras#13231
TEST(PadRules, TransposedSameIsStridesTimesTheInputWhereKerasIsGivenNoSize) {
    ConvSpec spec = transposed(PadRule::tf_SAME, 16, 8);
    EXPECT_EQ(output_shape(spec, {1, 1, 46, 62}), (Shape4{1, 1, 368, 496}));
    spec.output_size = Size2{368, 489};
    EXPECT_EQ(output_shape(spec, {1, 1, 46, 62}), (Shape4{1, 1, 368, 489}));
    spec.output_size.reset();
    spec.output_padding = {1, 0};
    EXPECT_EQ(solve_axis(spec, {46, 62}, Axis::h).output, 45 * 8 + 16 - 16 + 1);
}

TEST(PadRules, TransposedOthersCropWhatTheirConvolutionPads) {
    EXPECT_EQ(rows_of(transposed(PadRule::full, 3, 1), 5), (Pads{2, 2, 0, 0}));
    EXPECT_EQ(rows_of(transposed(PadRule::causal, 3, 2), 5), (Pads{2, 0, 0, 0}));
    EXPECT_EQ(rows_of(transposed(PadRule::valid, 3, 2), 5), Pads{});
}

class PadFixtures : public testing::TestWithParam<const char*> {};

TEST_P(PadFixtures, AreWhatTheProgramResolvesThemTo) {
    int seen = 0;
    for (const Case& c : read_cases(std::string(CONVLENS_FIXTURES) + "/" + GetParam())) {
        if (!c.resolved_pads || c.error) continue;
        SCOPED_TRACE(c.name);
        EXPECT_EQ(resolve_pads(c.layer.spec, c.layer.input.plane()), *c.resolved_pads);
        const Shape4 out = output_shape(c.layer.spec, c.layer.input);
        ASSERT_TRUE(c.expect);
        EXPECT_EQ((std::vector{out.n, out.c, out.h, out.w}), c.expect->shape);
        ++seen;
    }
    EXPECT_GT(seen, 0);
}

INSTANTIATE_TEST_SUITE_P(All, PadFixtures,
                         testing::Values("torch_same_valid.json", "tf_conv2d.json", "tf_conv2d_transpose.json",
                                         "tf_depthwise.json", "onnx_conv.json", "onnx_conv_transpose.json"),
                         [](const auto& info) {
                             std::string name = info.param;
                             return name.substr(0, name.find('.'));
                         });

std::string border(PadMode mode, std::int64_t length, std::int64_t before, std::int64_t after) {
    std::string text;
    for (std::int64_t i = -before; i < length + after; ++i) {
        const auto at = source_index(i, length, mode);
        text += at ? static_cast<char>('a' + *at) : '0';
        if (i == -1 || i == length - 1) text += '|';
    }
    return text;
}

// Rule 5.
TEST(PadModes, FillTheBorderAsTheirNamesSay) {
    EXPECT_EQ(border(PadMode::zeros, 4, 2, 2), "00|abcd|00");
    EXPECT_EQ(border(PadMode::constant, 4, 2, 2), "00|abcd|00");
    EXPECT_EQ(border(PadMode::replicate, 4, 2, 2), "aa|abcd|dd");
    EXPECT_EQ(border(PadMode::reflect, 4, 2, 2), "cb|abcd|cb");
    EXPECT_EQ(border(PadMode::symmetric, 4, 2, 2), "ba|abcd|dc");
    EXPECT_EQ(border(PadMode::circular, 4, 2, 2), "cd|abcd|ab");
}

TEST(PadModes, FoldOnBeyondOneWidth) {
    EXPECT_EQ(border(PadMode::reflect, 3, 7, 7), "bcbabcb|abc|babcbab");
    EXPECT_EQ(border(PadMode::symmetric, 3, 7, 7), "aabccba|abc|cbaabcc");
    EXPECT_EQ(border(PadMode::circular, 3, 7, 7), "cabcabc|abc|abcabca");
    EXPECT_EQ(border(PadMode::replicate, 3, 4, 4), "aaaa|abc|cccc");
}

TEST(PadModes, RepeatTheOnlyCellOfALengthOfOne) {
    for (const PadMode mode : {PadMode::replicate, PadMode::reflect, PadMode::symmetric, PadMode::circular}) {
        EXPECT_EQ(border(mode, 1, 3, 3), "aaa|a|aaa") << name(mode);
    }
}

}  // namespace
}  // namespace convlens
