// Where two outputs differ, and why.
#include "core/trace/compare.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "core/conv/shape.h"
#include "core/engine/reference.h"
#include "tests/core/random_layer.h"

namespace convlens {
namespace {

// A layer with its numbers and its output.
struct Side {
    ConvSpec spec;
    Tensor<double> input, weight, bias, output;

    LayerData data() const { return {input, weight, bias.size() > 0 ? bias.view() : View<double>{}}; }
    ComparedLayer compared() const { return {spec, data(), output}; }
    Side& computed() {
        output = reference_forward(spec, data());
        return *this;
    }
};

Tensor<double> counting(const Shape4& shape) {
    Tensor<double> values(shape);
    std::iota(values.span().begin(), values.span().end(), 1.0);
    return values;
}

// 1 2 3 / 4 5 6 / 7 8 9 under 1 2 / 3 4 with one cell of padding.
Side mission() {
    Side side;
    side.spec.kernel = {2, 2};
    side.spec.pads = Pads::all(1);
    side.input = counting({1, 1, 3, 3});
    side.weight = counting({1, 1, 2, 2});
    return side.computed();
}

template <typename Change>
Side changed(Side side, const Change& change) {
    change(side);
    return side.computed();
}

OutputDifference outputs(const Side& a, const Side& b) { return compare_outputs(a.compared(), b.compared()); }
CellDifference first_cell(const Side& a, const Side& b) {
    const OutputDifference d = outputs(a, b);
    EXPECT_TRUE(d.at);
    return explain_cell(a.compared(), b.compared(), d.at.value_or(Cell4{}));
}

const Side& pytorch_same_4() {
    static const Side side = changed(mission(), [](Side& s) {
        s.spec.kernel = {4, 4};
        s.spec.pad_rule = PadRule::torch_same;
        s.input = counting({1, 1, 5, 5});
        s.weight = counting({1, 1, 4, 4});
    });
    return side;
}

TEST(CompareOutputs, Conv2AndXcorr2DifferFromTheFirstCellOn) {
    const Side xcorr2 = mission();
    const Side conv2 = changed(xcorr2, [](Side& s) { s.spec.flip_kernel = true; });
    const OutputDifference d = outputs(conv2, xcorr2);
    EXPECT_TRUE(d.same_shape());
    EXPECT_EQ(d.cells, 16);
    EXPECT_EQ(d.differing, 16);
    EXPECT_EQ(d.at, (Cell4{0, 0, 0, 0}));
    EXPECT_EQ(d.by.at(0, 0, 0, 0), 1 - 4);
    EXPECT_EQ(d.largest, 59 - 26);
    EXPECT_EQ(english(in_words(d)), "16 of 16 cells differ, by at most 33.");
}

TEST(CompareOutputs, ALayerIsEqualToItself) {
    const OutputDifference d = outputs(mission(), mission());
    EXPECT_EQ(d.differing, 0);
    EXPECT_FALSE(d.at);
    EXPECT_EQ(english(in_words(d)), "Equal in all 16 cells.");
}

TEST(CompareOutputs, OtherSizesAreComparedWhereBothHaveCells) {
    const Side a = mission();
    const Side b = changed(a, [](Side& s) { s.spec.pads = {1, 0, 1, 0}; });
    const OutputDifference d = outputs(a, b);
    EXPECT_FALSE(d.same_shape());
    EXPECT_EQ(d.shared, (Shape4{1, 1, 3, 3}));
    EXPECT_EQ(d.differing, 0) << "only padding at the end is less";
    EXPECT_EQ(english(in_words(d)), "4×4 vs 3×3; compared where both have cells, 3×3: equal there.");
}

// |a - b| <= 1e-6 max(1, sum |w x|): what cancels may be further off than what is left.
TEST(CompareOutputs, NearCancellationTheSizeOfTheProductsDecides) {
    Side a = mission();
    a.input = Tensor<double>({1, 1, 3, 3}, 1e6);
    a.weight = Tensor<double>({1, 1, 2, 2}, {1, -1, 1, -1});
    a.spec.pads = {};
    a.computed();
    Side b = a;
    b.output.at(0, 0, 0, 1) += 3.9;  // sum |w x| = 4e6
    EXPECT_EQ(outputs(a, b).differing, 0);
    b.output.at(0, 0, 0, 1) += 0.2;
    EXPECT_EQ(outputs(a, b).differing, 1);
    EXPECT_EQ(outputs(a, b).at, (Cell4{0, 0, 0, 1}));
    Side small = mission(), other = small;
    other.output.at(0, 0, 2, 2) += 1e-4;  // sum |w x| = 77
    EXPECT_EQ(outputs(small, other).differing, 1);
}

TEST(CompareOutputs, WhatIsNotANumberEqualsItselfOnly) {
    Side a = mission(), b = a;
    a.output.at(0, 0, 1, 1) = b.output.at(0, 0, 1, 1) = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(outputs(a, b).differing, 0);
    b.output.at(0, 0, 1, 1) = 3;
    EXPECT_EQ(outputs(a, b).differing, 1);
    EXPECT_TRUE(std::isinf(outputs(a, b).largest));
    EXPECT_EQ(english(in_words(outputs(a, b))), "1 of 16 cells differs, one is not a finite number.");
}

TEST(ExplainCell, ATurnedKernelIsNamed) {
    const Side a = changed(mission(), [](Side& s) { s.spec.flip_kernel = true; });
    const CellDifference cell = first_cell(a, mission());
    ASSERT_EQ(cell.causes.size(), 1U);
    EXPECT_EQ(cell.causes[0].kind, CauseKind::kernel);
    EXPECT_TRUE(cell.causes[0].alone);
    EXPECT_EQ(english(cell.why), "The kernel is rotated by 180°.");
    ASSERT_EQ(cell.only_first.size(), 2U) << "1·1, and 0·4: 0·2 and 0·3 are in both";
    EXPECT_EQ(cell.first, 1);
    EXPECT_EQ(cell.second, 4);
}

TEST(ExplainCell, AKernelThatIsTheSameTurnedMakesNoDifferenceAndSaysWhy) {
    const Side a = changed(mission(), [](Side& s) { s.weight = Tensor<double>({1, 1, 2, 2}, {1, 2, 2, 1}); });
    const Side b = changed(a, [](Side& s) { s.spec.flip_kernel = true; });
    EXPECT_EQ(outputs(a, b).differing, 0);
    EXPECT_EQ(
        english(explain_cell(a.compared(), b.compared(), {}).why),
        "Only one kernel is flipped, but its weights are the other's rotated by 180°, so the two rotations cancel.");
}

TEST(ExplainCell, TheTurnAndTheReflectionsAreThreeDifferentThings) {
    const Side as_it_is = changed(mission(), [](Side& s) {
        s.spec.kernel = {3, 3};
        s.weight = counting({1, 1, 3, 3});
    });
    const auto with = [&](const std::vector<double>& weights, bool flip) {
        return changed(as_it_is, [&](Side& s) {
            s.weight = Tensor<double>({1, 1, 3, 3}, weights);
            s.spec.flip_kernel = flip;
        });
    };
    const std::string turned = "The kernel is rotated by 180°.";
    EXPECT_EQ(english(first_cell(as_it_is, with({9, 8, 7, 6, 5, 4, 3, 2, 1}, false)).why), turned);
    EXPECT_EQ(english(first_cell(as_it_is, with({7, 8, 9, 4, 5, 6, 1, 2, 3}, false)).why),
              "The kernel is mirrored up-down: its rows are reversed.");
    EXPECT_EQ(english(first_cell(as_it_is, with({3, 2, 1, 6, 5, 4, 9, 8, 7}, false)).why),
              "The kernel is mirrored left-right: its columns are reversed.");
    // Turned by the setting and reflected by its numbers: the other reflection is what is seen.
    EXPECT_EQ(english(first_cell(as_it_is, with({7, 8, 9, 4, 5, 6, 1, 2, 3}, true)).why),
              "The kernel is mirrored left-right: its columns are reversed.");
    EXPECT_EQ(outputs(as_it_is, with({9, 8, 7, 6, 5, 4, 3, 2, 1}, true)).differing, 0);
}

TEST(ExplainCell, AnEvenKernelUnderAnotherProgramsSameStartsElsewhere) {
    const Side b = changed(pytorch_same_4(), [](Side& s) { s.spec.pad_rule = PadRule::scipy_convolve2d_same; });
    const CellDifference cell = first_cell(pytorch_same_4(), b);
    ASSERT_EQ(cell.causes.size(), 1U);
    EXPECT_EQ(english(cell.why),
              "Padding of rows 1|2 vs 2|1: the first layer's windows start 1 row later; padding of columns 1|2 vs 2|1: "
              "the first layer's windows start 1 column later.");
}

TEST(ExplainCell, APaddingOfZerosAgainstACopyNamesTheCopy) {
    const Side b = changed(mission(), [](Side& s) { s.spec.pad_mode = PadMode::replicate; });
    EXPECT_EQ(english(first_cell(mission(), b).why),
              "At row −1, column −1 the padding is 0 vs 1, a copy of input[0, 0].");
}

// What a weight of 0 meets adds nothing, whatever it is.
TEST(ExplainCell, ThePaddingUnderAWeightOfZeroIsNoReason) {
    const Side a = changed(mission(), [](Side& s) {
        s.spec.kernel = {3, 3};
        s.weight = Tensor<double>({1, 1, 3, 3}, {0, 1, 0, 1, -4, 1, 0, 1, 0});
    });
    const Side b = changed(a, [](Side& s) { s.spec.pad_mode = PadMode::replicate; });
    EXPECT_EQ(english(first_cell(a, b).why), "At row −1, column 0 the padding is 0 vs 1, a copy of input[0, 0].");
    const auto corners_only = [](Side& s) {
        s.weight = Tensor<double>({1, 1, 3, 3}, {0, 0, 0, 0, 1, 0, 0, 0, 0});
        s.spec.stride = {2, 2};  // differs from the other, though not at [0, 0]
    };
    EXPECT_EQ(english(explain_cell(changed(a, corners_only).compared(), changed(b, corners_only).compared(), {}).why),
              "None of the differences affects this cell.");
}

TEST(ExplainCell, NumbersThatNoProductOfTheCellDependsOnAreNoReason) {
    const Side a = mission();
    const Side b = changed(a, [](Side& s) {
        s.input.at(0, 0, 0, 0) = 5;  // read by output [0, 0]
        s.input.at(0, 0, 2, 2) = 7;  // not read by it
    });
    EXPECT_EQ(english(first_cell(a, b).why), "1 input cell differs, the first at input[0, 0]: 1 vs 5.");
    const Side c = changed(a, [](Side& s) {
        s.weight.at(0, 0, 0, 0) = 5;  // output [0, 0] multiplies it with padding of 0
        s.weight.at(0, 0, 1, 1) = 6;
    });
    EXPECT_EQ(english(first_cell(a, c).why), "1 weight differs, the first at weight[1, 1]: 4 vs 6.");
}

// "If this alone were the same" must hold whichever layer's value both then have.
TEST(ExplainCell, ACauseIsEnoughAloneOnlyIfEitherValueOfItMakesTheCellEqual) {
    Random random(78);
    int alone = 0;
    for (int i = 0; i < 400; ++i) {
        Side a;
        const RandomLayer made = random_layer(random, Op::conv);
        a.spec = made.spec;
        a.spec.pad_mode = PadMode::zeros;
        a.input = made.input;
        a.weight = made.weight;
        for (double& w : a.weight.span()) w = random.coin() ? 0 : w;
        a.computed();
        const Side b = changed(a, [&](Side& s) {
            if (random.coin()) s.spec.flip_kernel = !s.spec.flip_kernel;
            if (random.coin()) s.spec.pad_mode = PadMode::replicate;
            if (random.coin()) s.input.at(0, 0, 0, 0) += 1;
            if (random.coin()) s.bias = Tensor<double>({1, s.spec.out_channels, 1, 1}, 2.0);
        });
        const OutputDifference d = outputs(a, b);
        if (!d.at) continue;
        const CellDifference cell = explain_cell(a.compared(), b.compared(), *d.at);
        ASSERT_FALSE(cell.causes.empty()) << made.describe();
        for (const Cause& cause : cell.causes) {
            if (!cause.alone) continue;
            ++alone;
            const auto made_alike = [&](const Side& to, const Side& like) {
                return changed(to, [&](Side& s) {
                    if (cause.kind == CauseKind::kernel) s.spec.flip_kernel = like.spec.flip_kernel;
                    if (cause.kind == CauseKind::border) s.spec.pad_mode = like.spec.pad_mode;
                    if (cause.kind == CauseKind::input) s.input = like.input;
                    if (cause.kind == CauseKind::bias) s.bias = like.bias;
                });
            };
            const auto value = [&](const Side& s) { return s.output.at(d.at->n, d.at->c, d.at->y, d.at->x); };
            EXPECT_NEAR(value(made_alike(b, a)), value(a), 1e-9) << made.describe();
            EXPECT_NEAR(value(made_alike(a, b)), value(b), 1e-9) << made.describe();
        }
        if (HasFailure()) return;
    }
    EXPECT_GT(alone, 50);
}

TEST(ExplainCell, ASettingThatDoesNotReachTheCellIsNoCause) {
    const Side b = changed(mission(), [](Side& s) { s.spec.pad_mode = PadMode::replicate; });
    const CellDifference inner = explain_cell(mission().compared(), b.compared(), {0, 0, 1, 1});
    EXPECT_TRUE(inner.causes.empty());
    EXPECT_EQ(english(inner.why), "None of the differences affects this cell.");
    EXPECT_EQ(inner.common.size(), 4U);
    EXPECT_TRUE(inner.only_first.empty());
}

TEST(ExplainCell, OfSeveralSettingsTheOneThatIsEnoughIsNamed) {
    const Side b = changed(mission(), [](Side& s) {
        s.spec.stride = {2, 2};  // says nothing about output [0, 0]
        s.spec.flip_kernel = true;
    });
    const CellDifference cell = first_cell(mission(), b);
    ASSERT_EQ(cell.causes.size(), 2U);
    EXPECT_EQ(cell.causes[0].kind, CauseKind::kernel);
    EXPECT_TRUE(cell.causes[0].alone);
    EXPECT_FALSE(cell.causes[1].alone);
    EXPECT_EQ(english(cell.why),
              "The kernel is rotated by 180°. If this alone were the same, the cell would be equal.");
}

TEST(ExplainCell, WhereNoSingleSettingAccountsForItItSaysSo) {
    const Side b = changed(mission(), [](Side& s) {
        s.spec.flip_kernel = true;
        s.bias = Tensor<double>({1, 1, 1, 1}, 10.0);
    });
    const CellDifference cell = first_cell(mission(), b);
    EXPECT_EQ(english(cell.why),
              "2 settings differ, and no single one explains it: the kernel is rotated by 180°; bias 0 vs 10.");
}

TEST(ExplainCell, NamesWhatElseMayDiffer) {
    const Side a = mission();
    const auto why = [&](const auto& change) { return english(first_cell(a, changed(a, change)).why); };
    EXPECT_EQ(why([](Side& s) { s.input.at(0, 0, 0, 2) = 7; }),
              "1 input cell differs, the first at input[0, 2]: 3 vs 7.");
    EXPECT_EQ(why([](Side& s) { s.weight.at(0, 0, 1, 1) = 5; }),
              "1 weight differs, the first at weight[1, 1]: 4 vs 5.");
    EXPECT_EQ(why([](Side& s) { s.bias = Tensor<double>({1, 1, 1, 1}, 2.0); }), "Bias 0 vs 2.");
    EXPECT_EQ(why([](Side& s) { s.bias = Tensor<double>({1, 1, 1, 1}, -2.0); }), "Bias 0 vs −2.");
    EXPECT_EQ(why([](Side& s) { s.spec.stride = {2, 2}; }), "Stride 1 vs 2.");
    EXPECT_EQ(why([](Side& s) { s.spec.dilation = {2, 2}; }), "Dilation 1 vs 2.");
    EXPECT_EQ(why([](Side& s) {
                  s.spec.kernel = {3, 3};
                  s.weight = counting({1, 1, 3, 3});
              }),
              "Kernel 2 vs 3.");
    EXPECT_EQ(why([](Side& s) { s.spec.op = Op::max_pool; }), "The operation is convolution vs max pooling.");
}

TEST(ExplainCell, AnAverageMayCountThePaddingOrNot) {
    const Side a = changed(mission(), [](Side& s) { s.spec.op = Op::avg_pool; });
    const Side b = changed(a, [](Side& s) { s.spec.count_include_pad = false; });
    EXPECT_EQ(english(first_cell(a, b).why), "The sum is divided by 4 vs 1.");
}

double sum(const std::vector<Tap>& taps) {
    double total = 0;
    for (const Tap& tap : taps) total += tap.product;
    return total;
}

// The products that only one side has, and the biases, are the whole difference; nothing is lost or listed twice.
TEST(ExplainCell, WhatOnlyOneSideHasAddsUpToTheDifference) {
    Random random(77);
    int differing = 0;
    for (int i = 0; i < 200; ++i) {
        const RandomLayer made = random_layer(random, random.coin() ? Op::conv : Op::conv_transpose);
        Side a;
        a.spec = made.spec;
        a.input = made.input;
        a.weight = made.weight;
        a.bias = {};
        a.computed();
        const Side b = changed(a, [&](Side& s) {
            s.spec.flip_kernel = !s.spec.flip_kernel;
            if (random.coin()) s.input.span()[0] += 1;
        });
        const OutputDifference d = outputs(a, b);
        if (!d.at) continue;
        ++differing;
        const CellDifference cell = explain_cell(a.compared(), b.compared(), *d.at);
        EXPECT_NEAR(cell.first - cell.second, sum(cell.only_first) - sum(cell.only_second), 1e-9);
        EXPECT_EQ(cell.common.size() + cell.only_first.size(), taps(a.spec, a.data(), *d.at).size());
        EXPECT_EQ(cell.common.size() + cell.only_second.size(), taps(b.spec, b.data(), *d.at).size());
        EXPECT_FALSE(cell.causes.empty());
        for (Cell4 at; at.y < d.shared.h; ++at.y)
            for (at.x = 0; at.x < d.shared.w; ++at.x) EXPECT_TRUE(at >= *d.at || d.by.at(0, 0, at.y, at.x) == 0);
    }
    EXPECT_GT(differing, 100);
}

}  // namespace
}  // namespace convlens
