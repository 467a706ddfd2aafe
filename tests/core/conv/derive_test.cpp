// The derivation as a reader sees it, line by line.
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "core/conv/shape.h"
#include "tests/core/conv/square_layer.h"

namespace convlens {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of(const ConvSpec& spec, Size2 input, Axis axis = Axis::h) {
    Lines lines;
    for (const Expr& line : derive(spec, input, axis).lines) lines.push_back(to_text(line));
    return lines;
}

TEST(Derive, PrintsTheDivisionBeforeItIsRounded) {
    EXPECT_EQ(lines_of(layer(Op::conv, 3, 2, 1), {28, 28}),
              (Lines{"⌊(H_i + 2·H_p − H_d·(H_k − 1) − 1)/H_s⌋ + 1", "⌊(28 + 2·1 − 1·(3 − 1) − 1)/2⌋ + 1", "⌊27/2⌋ + 1",
                     "⌊13.5⌋ + 1", "13 + 1", "14"}));
}

TEST(Derive, PrintsItEvenWhereItDividesEvenly) {
    EXPECT_EQ(lines_of(layer(Op::conv, 3, 2, 1), {27, 27}),
              (Lines{"⌊(H_i + 2·H_p − H_d·(H_k − 1) − 1)/H_s⌋ + 1", "⌊(27 + 2·1 − 1·(3 − 1) − 1)/2⌋ + 1", "⌊26/2⌋ + 1",
                     "⌊13⌋ + 1", "13 + 1", "14"}));
}

TEST(Derive, CutsAnEndlessQuotientWithAnEllipsis) {
    EXPECT_EQ(lines_of(layer(Op::conv, 3, 3, 0), {13, 13})[3], "⌊3.333…⌋ + 1");
    EXPECT_EQ(lines_of(layer(Op::conv, 1, 16, 0), {6, 6})[3], "⌊0.3125⌋ + 1");
    EXPECT_EQ(lines_of(layer(Op::conv, 1, 32, 0), {2, 2})[3], "⌊0.031…⌋ + 1");
}

TEST(Derive, NamesBothPadsWhereTheyDiffer) {
    ConvSpec spec = layer(Op::conv, 3, 2, 0);
    spec.pads = {1, 2, 0, 1};
    EXPECT_EQ(lines_of(spec, {7, 7})[0], "⌊(H_i + H_pt + H_pb − H_d·(H_k − 1) − 1)/H_s⌋ + 1");
    EXPECT_EQ(lines_of(spec, {7, 7})[1], "⌊(7 + 1 + 2 − 1·(3 − 1) − 1)/2⌋ + 1");
    EXPECT_EQ(lines_of(spec, {7, 7}, Axis::w)[0], "⌊(W_i + W_pl + W_pr − W_d·(W_k − 1) − 1)/W_s⌋ + 1");
}

TEST(Derive, PutsTheNumbersOfARuleIn) {
    ConvSpec spec = layer(Op::conv, 3, 2, 9);
    spec.pad_rule = PadRule::tf_SAME;
    EXPECT_EQ(lines_of(spec, {8, 8})[1], "⌊(8 + 0 + 1 − 1·(3 − 1) − 1)/2⌋ + 1");
}

TEST(Derive, BracketsNegativeNumbers) {
    EXPECT_EQ(lines_of(layer(Op::conv, 3, 1, -1), {7, 7})[1], "⌊(7 + 2·(−1) − 1·(3 − 1) − 1)/1⌋ + 1");
    EXPECT_EQ(lines_of(layer(Op::conv, 3, 2, 0), {2, 2}),
              (Lines{"⌊(H_i + 2·H_p − H_d·(H_k − 1) − 1)/H_s⌋ + 1", "⌊(2 + 2·0 − 1·(3 − 1) − 1)/2⌋ + 1", "⌊−1/2⌋ + 1",
                     "⌊−0.5⌋ + 1", "−1 + 1", "0"}));
}

TEST(Derive, AddsTheOutputPaddingOfATransposedConvolution) {
    ConvSpec spec = layer(Op::conv_transpose, 3, 2, 1);
    spec.output_padding = {1, 0};
    EXPECT_EQ(lines_of(spec, {14, 14}), (Lines{"(H_i − 1)·H_s − 2·H_p + H_d·(H_k − 1) + H_op + 1",
                                               "(14 − 1)·2 − 2·1 + 1·(3 − 1) + 1 + 1", "26 − 2 + 2 + 1 + 1", "28"}));
    EXPECT_EQ(lines_of(spec, {14, 14}, Axis::w).back(), "27");
}

TEST(Derive, TakesTheOutputPaddingThatAnOutputSizeMeans) {
    ConvSpec spec = layer(Op::conv_transpose, 3, 2, 1);
    spec.output_size = Size2{28, 27};
    EXPECT_EQ(lines_of(spec, {14, 14})[1], "(14 − 1)·2 − 2·1 + 1·(3 − 1) + 1 + 1");
}

TEST(Derive, CropsBothEndsByNameWhereTheyDiffer) {
    ConvSpec spec = layer(Op::conv_transpose, 3, 2, 0);
    spec.pads = {0, 1, 0, 0};
    EXPECT_EQ(lines_of(spec, {3, 3}), (Lines{"(H_i − 1)·H_s − H_pt − H_pb + H_d·(H_k − 1) + H_op + 1",
                                             "(3 − 1)·2 − 0 − 1 + 1·(3 − 1) + 0 + 1", "4 − 0 − 1 + 2 + 0 + 1", "6"}));
}

TEST(Derive, GivesTheResultOfSolveAxisAndEndsInItInBold) {
    for (const Op op : {Op::conv, Op::conv_transpose}) {
        const ConvSpec spec = layer(op, 4, 3, 1);
        const Derivation d = derive(spec, {11, 9}, Axis::w);
        EXPECT_EQ(d.result, solve_axis(spec, {11, 9}, Axis::w).output);
        EXPECT_EQ(to_text(d.symbol), "W_o");
        EXPECT_EQ(d.lines.back().kind, Expr::Kind::bold);
        EXPECT_EQ(to_text(d.lines.back()), std::to_string(d.result));
    }
}

TEST(Derive, GivesEverySymbolAndItsNumberTheSameRole) {
    const std::function<void(const Expr&, std::map<Role, int>&)> count = [&](const Expr& expr,
                                                                             std::map<Role, int>& roles) {
        if (expr.kind == Expr::Kind::leaf && expr.role != Role::plain) ++roles[expr.role];
        for (const Expr& part : expr.parts) count(part, roles);
    };
    for (const Op op : {Op::conv, Op::conv_transpose}) {
        const Derivation d = derive(layer(op, 3, 2, 1), {7, 7}, Axis::h);
        std::map<Role, int> symbols;
        std::map<Role, int> numbers;
        count(d.lines[0], symbols);
        count(d.lines[1], numbers);
        EXPECT_EQ(symbols, numbers);
        for (const Role role : {Role::input, Role::padding, Role::dilation, Role::kernel, Role::stride}) {
            EXPECT_EQ(symbols[role], 1) << static_cast<int>(role);
        }
        EXPECT_EQ(symbols[Role::output_padding], op == Op::conv_transpose ? 1 : 0);
    }
}

TEST(Derive, IsTypesetWithSubscriptsAndFloors) {
    const Derivation d = derive(layer(Op::conv, 3, 2, 1), {28, 28}, Axis::h);
    EXPECT_EQ(to_latex(d.lines[0]),
              "\\left\\lfloor \\frac{H_{i} + 2\\cdot H_{p} - H_{d}\\cdot \\left(H_{k} - 1\\right) - 1}{H_{s}} "
              "\\right\\rfloor  + 1");
    EXPECT_EQ(to_latex(d.lines[3]), "\\left\\lfloor 13.5 \\right\\rfloor  + 1");
    EXPECT_EQ(to_latex(d.lines.back()), "\\mathbf{14}");
}

}  // namespace
}  // namespace convlens
