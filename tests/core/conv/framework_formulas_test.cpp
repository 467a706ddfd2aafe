#include "core/conv/framework_formulas.h"

#include <gtest/gtest.h>

#include "core/conv/validate.h"
#include "core/engine/reference.h"
#include "tests/core/random_layer.h"

namespace convlens {
namespace {

std::string formula_of(const std::vector<FrameworkFormula>& formulas, std::string_view program) {
    for (const FrameworkFormula& each : formulas)
        if (each.program == program) return each.formula + " = " + each.numbers;
    return {};
}

ConvSpec strided(Op op) {
    ConvSpec spec;
    spec.op = op;
    spec.stride = {2, 2};
    return spec;
}

TEST(FrameworkFormulas, AreThoseOfTheProgramsOwnPages) {
    ConvSpec spec = strided(Op::conv);
    spec.pads = Pads::all(1);
    const auto formulas = framework_formulas(spec, {7, 7}, Axis::h);
    EXPECT_EQ(formula_of(formulas, "PyTorch"),
              "⌊(H_in + 2·padding − dilation·(kernel_size − 1) − 1)/stride + 1⌋ = ⌊(7 + 2·1 − 1·(3 − 1) − 1)/2 + 1⌋");
    EXPECT_EQ(formula_of(formulas, "TensorFlow"), "SAME: ⌈input/stride⌉ = ⌈7/2⌉");
    EXPECT_EQ(formula_of(formulas, "ONNX"),
              "⌊(input + pad_begin + pad_end − ((kernel − 1)·dilation + 1))/stride + 1⌋ = "
              "⌊(7 + 1 + 1 − ((3 − 1)·1 + 1))/2 + 1⌋");
}

// All numbers differ, so that no two can be exchanged.
TEST(FrameworkFormulas, OfOnnxBeginAtTheStartOfTheirAxis) {
    ConvSpec spec;
    spec.kernel = {4, 6};
    spec.stride = {7, 8};
    spec.dilation = {2, 3};
    spec.pads = {9, 10, 11, 12};
    const Size2 plane{41, 43};
    EXPECT_EQ(formula_of(framework_formulas(spec, plane, Axis::h), "ONNX"),
              "⌊(input + pad_begin + pad_end − ((kernel − 1)·dilation + 1))/stride + 1⌋ = "
              "⌊(41 + 9 + 10 − ((4 − 1)·2 + 1))/7 + 1⌋");
    EXPECT_EQ(formula_of(framework_formulas(spec, plane, Axis::w), "ONNX"),
              "⌊(input + pad_begin + pad_end − ((kernel − 1)·dilation + 1))/stride + 1⌋ = "
              "⌊(43 + 11 + 12 − ((6 − 1)·3 + 1))/8 + 1⌋");
    spec.op = Op::conv_transpose;
    spec.output_padding = {1, 5};
    EXPECT_EQ(formula_of(framework_formulas(spec, plane, Axis::h), "ONNX"),
              "stride·(input − 1) + output_padding + ((kernel − 1)·dilation + 1) − pad_begin − pad_end = "
              "7·(41 − 1) + 1 + ((4 − 1)·2 + 1) − 9 − 10");
    EXPECT_EQ(formula_of(framework_formulas(spec, plane, Axis::w), "ONNX"),
              "stride·(input − 1) + output_padding + ((kernel − 1)·dilation + 1) − pad_begin − pad_end = "
              "8·(43 − 1) + 5 + ((6 − 1)·3 + 1) − 11 − 12");
}

TEST(FrameworkFormulas, AreLeftOutWhereAProgramHasNoWordsForThePads) {
    ConvSpec spec = strided(Op::conv);
    spec.pads = {0, 1, 2, 2};  // on 8 rows TensorFlow's SAME is 0|1
    EXPECT_EQ(formula_of(framework_formulas(spec, {8, 8}, Axis::h), "PyTorch"), "");
    EXPECT_EQ(formula_of(framework_formulas(spec, {8, 8}, Axis::h), "TensorFlow"), "SAME: ⌈input/stride⌉ = ⌈8/2⌉");
    EXPECT_EQ(formula_of(framework_formulas(spec, {8, 8}, Axis::w), "TensorFlow"), "");
    EXPECT_NE(formula_of(framework_formulas(spec, {8, 8}, Axis::w), "PyTorch").find("(W_in + 2·padding"),
              std::string::npos);
}

TEST(FrameworkFormulas, KnowTheTransposedOnes) {
    ConvSpec spec = strided(Op::conv_transpose);
    EXPECT_EQ(formula_of(framework_formulas(spec, {4, 4}, Axis::h), "TensorFlow"),
              "VALID: input·stride + max(dilated kernel − stride, 0) = 4·2 + max(3 − 2, 0)");
    spec.pads = Pads::all(1);
    spec.output_padding = {1, 1};
    EXPECT_EQ(formula_of(framework_formulas(spec, {4, 4}, Axis::h), "ONNX"),
              "stride·(input − 1) + output_padding + ((kernel − 1)·dilation + 1) − pad_begin − pad_end = "
              "2·(4 − 1) + 1 + ((3 − 1)·1 + 1) − 1 − 1");
}

TEST(FrameworkFormulas, SayWhatACeilingDrops) {
    ConvSpec spec;
    spec.op = Op::avg_pool;
    spec.kernel = spec.stride = {4, 4};
    spec.pads = Pads::all(2);
    spec.ceil_mode = true;
    const std::vector<FrameworkFormula> formulas = framework_formulas(spec, {9, 9}, Axis::h);
    EXPECT_TRUE(formula_of(formulas, "PyTorch").ends_with("⌈(9 + 2·2 − 4)/4 + 1⌉ − 1"));
    EXPECT_EQ(english(formulas[0].note),
              "The last − 1: window 4 would start in the padding at the bottom, so it is dropped.");
    EXPECT_EQ(english(framework_formulas(spec, {5, 9}, Axis::w)[0].note),
              "The last − 1: window 4 would start in the padding at the right, so it is dropped.");
}

TEST(FrameworkFormulas, GiveAvgPool2dNoDilation) {
    ConvSpec spec;
    spec.op = Op::avg_pool;
    EXPECT_EQ(formula_of(framework_formulas(spec, {8, 8}, Axis::w), "PyTorch"),
              "⌊(W_in + 2·padding − kernel_size)/stride + 1⌋ = ⌊(8 + 2·0 − 3)/1 + 1⌋");
    spec.dilation = {2, 2};
    EXPECT_EQ(formula_of(framework_formulas(spec, {8, 8}, Axis::h), "PyTorch"), "");
    spec.op = Op::max_pool;
    EXPECT_NE(formula_of(framework_formulas(spec, {8, 8}, Axis::h), "PyTorch").find("dilation"), std::string::npos);
}

TEST(PlainEquivalent, HasTheBordersThatTheReferenceInserts) {
    Random random(4);
    for (int i = 0; i < 300; ++i) {
        const RandomLayer layer = random_layer(random, Op::conv_transpose);
        const Shape4 spread = zero_inserted_input(layer.spec, layer.data().input).shape();
        const Size2 plane = layer.data().input.shape.plane();
        const auto h = plain_equivalent(layer.spec, plane, Axis::h);
        ASSERT_TRUE(h);
        EXPECT_EQ((plane.h - 1) * (h->zeros_between + 1) + 1 + h->before + h->after, spread.h) << layer.describe();
    }
    EXPECT_FALSE(plain_equivalent(ConvSpec{}, {5, 5}, Axis::h));
}

TEST(PlainEquivalent, NamesItsBorderApartFromThePadding) {
    ConvSpec spec = strided(Op::conv_transpose);
    spec.pads = Pads::all(1);
    spec.output_padding = {1, 1};
    EXPECT_EQ(english(in_words(*plain_equivalent(spec, {4, 4}, Axis::h))),
              "stride 1 with the flipped kernel, over the input with 1 zero inserted between its cells, padded by 1 "
              "before and 2 after");
    spec.pads = Pads::all(3);
    EXPECT_NE(english(in_words(*plain_equivalent(spec, {4, 4}, Axis::h))).find("padded by −1 before and 0 after"),
              std::string::npos);
}

}  // namespace
}  // namespace convlens
