// "Which setting gives 28?"
#include <gtest/gtest.h>

#include <algorithm>

#include "core/conv/knobs.h"
#include "core/conv/shape.h"
#include "core/conv/validate.h"
#include "tests/core/conv/square_layer.h"

namespace convlens {
namespace {

using Texts = std::vector<std::string>;

Texts answers(const ConvSpec& spec, Size2 input, Size2 wanted, std::size_t limit = 6) {
    const Shape4 shape{1, 1, input.h, input.w};
    Texts texts;
    for (const SizeAnswer& answer : reach_size(spec, shape, wanted, limit)) {
        EXPECT_EQ(output_shape(answer.spec, answer.input).plane(), wanted) << answer.text;
        EXPECT_TRUE(validate({answer.spec, answer.input, {}, {}}).empty()) << answer.text;
        EXPECT_TRUE(answer.input == shape || answer.spec == spec) << "the input or a setting, not both";
        texts.push_back(answer.text);
    }
    return texts;
}

bool has(const Texts& texts, const std::string& text) { return std::ranges::find(texts, text) != texts.end(); }

TEST(ReachSize, SaysThat27And28BothShrinkTo14) {
    const Texts texts = answers(layer(Op::conv_transpose, 3, 2, 1), {14, 14}, {28, 28});
    ASSERT_FALSE(texts.empty());
    EXPECT_EQ(texts[0], "output_padding 1: 27 and 28 both shrink to 14");
    EXPECT_TRUE(has(texts, "kernel 4: 28 and 29 both shrink to 14"));
}

TEST(ReachSize, SaysTheWholeRangeWithALargerStride) {
    EXPECT_TRUE(has(answers(layer(Op::conv_transpose, 3, 3, 0), {4, 4}, {14, 14}),
                    "output_padding 2: 12 to 14 all shrink to 4"));
}

TEST(ReachSize, SaysWhereNoForwardSizeMatches) {
    ConvSpec spec = layer(Op::conv_transpose, 2, 1, 0);
    spec.dilation = {4, 4};
    EXPECT_TRUE(has(answers(spec, {3, 3}, {9, 9}), "output_padding 2: no convolution with stride 1 shrinks 9 to 3"));
}

TEST(ReachSize, TurnsOneSettingOfAConvolution) {
    EXPECT_EQ(answers(layer(Op::conv, 3, 2, 1), {28, 28}, {13, 13}),
              (Texts{"padding 0: inputs of 27 and 28 both give 13", "dilation 2: inputs of 27 and 28 both give 13",
                     "kernel 5: inputs of 27 and 28 both give 13", "input 26×26: inputs of 25 and 26 both give 13"}));
    EXPECT_EQ(answers(layer(Op::conv, 3, 2, 1), {28, 28}, {28, 28})[0], "stride 1");
    EXPECT_EQ(answers(layer(Op::conv, 3, 1, 0), {5, 5}, {5, 5})[0], "padding 1");
}

TEST(ReachSize, LastComesAnInputThatTheSettingsAsTheyAreMakeItOf) {
    const Texts forward = answers(layer(Op::conv, 3, 2, 1), {27, 27}, {15, 15});
    EXPECT_EQ(forward.back(), "input 29×29: inputs of 29 and 30 both give 15");
    const Texts back = answers(layer(Op::conv_transpose, 3, 2, 1), {14, 14}, {29, 29});
    EXPECT_EQ(back.back(), "input 15×15: 29 and 30 both shrink to 15");
    // 28 is even: with output padding 0 this layer makes odd sizes only, so no other input does.
    for (const std::string& text : answers(layer(Op::conv_transpose, 3, 2, 1), {14, 14}, {28, 28}))
        EXPECT_FALSE(text.starts_with("input")) << text;
    EXPECT_EQ(answers(layer(Op::max_pool, 2, 2, 0), {8, 8}, {5, 5}).back(),
              "input 10×10: inputs of 10 and 11 both give 5");
}

// The smallest change of one setting stands first, for both operations.
TEST(ReachSize, GivesTheSmallestChangesFirst) {
    for (const Op op : {Op::conv, Op::conv_transpose}) {
        for (std::int64_t wanted = 3; wanted < 30; ++wanted) {
            const ConvSpec spec = layer(op, 3, 2, 1);
            const Shape4 input{1, 1, 12, 12};
            double before = 0;
            std::size_t settings = 0;
            for (const SizeAnswer& answer : reach_size(spec, input, {wanted, wanted})) {
                if (answer.input != input) continue;
                const double size = size_of_change({spec, input, {}, {}}, {answer.spec, input, {}, {}});
                const std::size_t changed = changes({spec, input, {}, {}}, {answer.spec, input, {}, {}}).size();
                if (changed != settings) before = 0;  // two settings come after one
                EXPECT_GE(changed, settings) << answer.text;
                EXPECT_GE(size, before) << answer.text;
                before = size;
                settings = changed;
            }
        }
    }
}

TEST(ReachSize, ChangesOnlyTheAxisThatIsOff) {
    EXPECT_EQ(answers(layer(Op::conv, 3, 2, 1), {28, 28}, {15, 14})[0],
              "padding 2×1: inputs of 27 and 28 both give 15");
}

TEST(ReachSize, TurnsTwoSettingsWhereOneIsNotEnough) {
    const Texts texts = answers(layer(Op::conv_transpose, 3, 2, 1), {14, 14}, {30, 30});
    EXPECT_TRUE(has(texts, "padding 0, output_padding 1: 29 and 30 both shrink to 14"));
}

TEST(ReachSize, TurnsThePadsOfARuleIntoNumbersIfItMust) {
    ConvSpec spec = layer(Op::conv, 3, 1, 0);
    spec.pad_rule = PadRule::torch_same;
    EXPECT_EQ(answers(spec, {28, 28}, {14, 14})[0],
              "stride 2, padding 1, pad rule explicit: inputs of 27 and 28 both give 14");
}

TEST(ReachSize, HasNothingToSayWhenTheSizeIsReachedAlreadyOrFarAway) {
    EXPECT_TRUE(answers(layer(Op::conv, 3, 1, 1), {5, 5}, {5, 5}).empty());
    EXPECT_TRUE(answers(layer(Op::conv, 3, 1, 1), {5, 5}, {0, 5}).empty());
    EXPECT_TRUE(answers(layer(Op::conv, 3, 1, 1), {5, 5}, {100000, 100000}).empty());
}

TEST(ReachSize, GivesAtMostAsManyAnswersAsAsked) {
    EXPECT_EQ(answers(layer(Op::conv_transpose, 3, 2, 1), {14, 14}, {30, 30}, 2).size(), 2U);
}

TEST(ReachSize, KeepsToTheRulesOfTheDialect) {
    ConvSpec spec = layer(Op::conv, 3, 1, 0);
    spec.dialect = Dialect::torch;
    spec.pad_mode = PadMode::reflect;
    EXPECT_FALSE(has(answers(spec, {3, 3}, {7, 7}), "padding 3")) << "PyTorch reflects at most 2 of 3 rows";
    spec.pad_mode = PadMode::zeros;
    EXPECT_TRUE(has(answers(spec, {3, 3}, {7, 7}), "padding 3"));
}

}  // namespace
}  // namespace convlens
