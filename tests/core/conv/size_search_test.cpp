// "Which setting gives 28?"
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <optional>

#include "core/conv/adjustments.h"
#include "core/conv/changes.h"
#include "core/conv/shape.h"
#include "core/conv/validate.h"
#include "tests/core/conv/square_layer.h"
#include "tests/core/random_layer.h"

namespace convlens {
namespace {

using Texts = std::vector<std::string>;

Texts answers(const ConvSpec& spec, Size2 input, Size2 wanted, std::size_t limit = 6) {
    const Shape4 shape{1, 1, input.h, input.w};
    Texts texts;
    for (const SizeAnswer& answer : settings_for_size(spec, shape, wanted, limit)) {
        EXPECT_EQ(output_shape(answer.spec, answer.input).plane(), wanted) << english(answer.text);
        EXPECT_TRUE(validate({answer.spec, answer.input, {}, {}}).empty()) << english(answer.text);
        EXPECT_TRUE(answer.input == shape || answer.spec == spec) << "the input or a setting, not both";
        texts.push_back(english(answer.text));
    }
    return texts;
}

bool has(const Texts& texts, const std::string& text) { return std::ranges::find(texts, text) != texts.end(); }

TEST(SettingsForSize, SaysThat27And28BothShrinkTo14) {
    const Texts texts = answers(layer(Op::conv_transpose, 3, 2, 1), {14, 14}, {28, 28});
    ASSERT_FALSE(texts.empty());
    EXPECT_EQ(texts[0], "output padding 1: 27 and 28 both shrink to 14");
    EXPECT_TRUE(has(texts, "kernel 4: 28 and 29 both shrink to 14"));
}

TEST(SettingsForSize, SaysTheWholeRangeWithALargerStride) {
    EXPECT_TRUE(has(answers(layer(Op::conv_transpose, 3, 3, 0), {4, 4}, {14, 14}),
                    "output padding 2: 12 to 14 all shrink to 4"));
}

TEST(SettingsForSize, SaysWhereNoForwardSizeMatches) {
    ConvSpec spec = layer(Op::conv_transpose, 2, 1, 0);
    spec.dilation = {4, 4};
    EXPECT_TRUE(has(answers(spec, {3, 3}, {9, 9}), "output padding 2: no convolution with stride 1 shrinks 9 to 3"));
}

TEST(SettingsForSize, TurnsOneSettingOfAConvolution) {
    EXPECT_EQ(answers(layer(Op::conv, 3, 2, 1), {28, 28}, {13, 13}),
              (Texts{"padding 0: inputs of 27 and 28 both give 13", "dilation 2: inputs of 27 and 28 both give 13",
                     "kernel 5: inputs of 27 and 28 both give 13", "input 26×26: inputs of 25 and 26 both give 13"}));
    EXPECT_EQ(answers(layer(Op::conv, 3, 2, 1), {28, 28}, {28, 28})[0], "stride 1");
    EXPECT_EQ(answers(layer(Op::conv, 3, 1, 0), {5, 5}, {5, 5})[0], "padding 1");
}

TEST(SettingsForSize, LastComesAnInputThatTheSettingsAsTheyAreMakeItOf) {
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
TEST(SettingsForSize, GivesTheSmallestChangesFirst) {
    for (const Op op : {Op::conv, Op::conv_transpose}) {
        for (std::int64_t wanted = 3; wanted < 30; ++wanted) {
            const ConvSpec spec = layer(op, 3, 2, 1);
            const Shape4 input{1, 1, 12, 12};
            double before = 0;
            std::size_t settings = 0;
            for (const SizeAnswer& answer : settings_for_size(spec, input, {wanted, wanted})) {
                if (answer.input != input || ends_differ({answer.spec, input, {}, {}}, {})) continue;
                const double size = size_of_change({spec, input, {}, {}}, {answer.spec, input, {}, {}});
                const std::size_t changed = changes({spec, input, {}, {}}, {answer.spec, input, {}, {}}).size();
                if (changed != settings) before = 0;  // two settings come after one
                EXPECT_GE(changed, settings) << english(answer.text);
                EXPECT_GE(size, before) << english(answer.text);
                before = size;
                settings = changed;
            }
        }
    }
}

TEST(SettingsForSize, ChangesOnlyTheAxisThatIsOff) {
    EXPECT_EQ(answers(layer(Op::conv, 3, 2, 1), {28, 28}, {15, 14})[0],
              "padding 2×1: inputs of 27 and 28 rows both give 15");
}

TEST(SettingsForSize, TurnsTwoSettingsWhereOneIsNotEnough) {
    const Texts texts = answers(layer(Op::conv_transpose, 3, 2, 1), {14, 14}, {30, 30});
    EXPECT_TRUE(has(texts, "padding 0, output padding 1: 29 and 30 both shrink to 14"));
}

TEST(SettingsForSize, TurnsThePadsOfARuleIntoNumbersIfItMust) {
    ConvSpec spec = layer(Op::conv, 3, 1, 0);
    spec.pad_rule = PadRule::torch_same;
    EXPECT_EQ(answers(spec, {28, 28}, {14, 14})[0],
              "stride 2, padding 1 in place of the rule PyTorch 'same': inputs of 27 and 28 both give 14");
}

TEST(SettingsForSize, SaysThePaddingThatTakesTheRulesPlace) {
    ConvSpec spec = layer(Op::conv, 5, 1, 0);
    spec.pad_rule = PadRule::tf_SAME;
    EXPECT_EQ(answers(spec, {28, 28}, {24, 24})[0], "padding 0 in place of the rule TensorFlow SAME");
}

TEST(SettingsForSize, OffersOneNumberForBothEndsWhereARuleHasTwo) {
    ConvSpec spec = layer(Op::conv, 4, 1, 0);
    spec.pad_rule = PadRule::torch_same;  // 1 and 2
    spec.dialect = Dialect::torch;
    EXPECT_EQ(answers(spec, {28, 28}, {27, 27})[0], "padding 1 in place of the rule PyTorch 'same'");
    spec = layer(Op::conv, 3, 2, 0);
    spec.pad_rule = PadRule::tf_SAME;  // 0 and 1
    EXPECT_EQ(answers(spec, {28, 28}, {15, 15})[0],
              "padding 2 in place of the rule TensorFlow SAME: inputs of 27 and 28 both give 15");
}

TEST(SettingsForSize, OffersOneEndWhereBothWouldBeTooMuchButNotInPyTorch) {
    ConvSpec spec = layer(Op::conv, 3, 1, 0);
    EXPECT_TRUE(has(answers(spec, {28, 28}, {27, 27}), "padding top 0, bottom 1, left 0, right 1"));
    spec.dialect = Dialect::torch;
    for (const std::string& text : answers(spec, {28, 28}, {27, 27}))
        EXPECT_EQ(text.find("bottom"), std::string::npos) << text;
}

// Pads that differ at the ends of an axis come last of what changes as much: few programs take them.
TEST(SettingsForSize, PutsEvenPadsInFrontOfUnevenOnesThatChangeAsMuch) {
    for (const PadMode mode : {PadMode::zeros, PadMode::reflect, PadMode::replicate, PadMode::circular}) {
        ConvSpec spec = layer(Op::conv, 3, 1, 0);
        spec.pad_mode = mode;
        EXPECT_EQ(answers(spec, {3, 3}, {6, 6})[0], "kernel 2, padding 2");
        const Texts texts = answers(spec, {3, 3}, {6, 6});
        EXPECT_TRUE(has(texts, "padding top 0, bottom 5, left 0, right 5")) << "it is told all the same";
        EXPECT_EQ(answers(spec, {28, 28}, {27, 27})[1], "padding top 0, bottom 1, left 0, right 1")
            << "two settings for it would change more";
    }
}

TEST(SettingsForSize, TellsNoAnswerTwice) {
    Random random(41);
    for (int i = 0; i < 300; ++i) {
        ConvSpec spec = layer(Op::conv, random.from(1, 5), random.from(1, 2), 0);
        spec.pads = {random.from(0, 3), random.from(0, 3), random.from(0, 3), random.from(0, 3)};
        const std::int64_t side = random.from(5, 12), wanted = random.from(3, 14);
        Texts texts = answers(spec, {side, side}, {wanted, wanted});
        std::ranges::sort(texts);
        EXPECT_EQ(std::ranges::adjacent_find(texts), texts.end()) << testing::PrintToString(texts);
    }
}

TEST(SettingsForSize, RoundsUpInPoolingWhereThatGivesTheSize) {
    EXPECT_TRUE(
        has(answers(layer(Op::avg_pool, 2, 2, 0), {5, 5}, {3, 3}), "ceil_mode on: inputs of 5 and 6 both give 3"));
    EXPECT_TRUE(has(answers(layer(Op::max_pool, 3, 2, 0), {112, 112}, {56, 56}),
                    "ceil_mode on: inputs of 112 and 113 both give 56"));
    ConvSpec up = layer(Op::max_pool, 3, 2, 0);
    up.ceil_mode = true;
    EXPECT_TRUE(has(answers(up, {112, 112}, {55, 55}), "ceil_mode off: inputs of 111 and 112 both give 55"));
}

TEST(SettingsForSize, ChangesEachAxisInItsOwnWay) {
    EXPECT_TRUE(has(answers(layer(Op::conv, 3, 1, 0), {10, 10}, {5, 10}),
                    "stride 2×1, padding 1: inputs of 9 and 10 rows both give 5"));
    ConvSpec spec = layer(Op::conv_transpose, 3, 1, 0);
    spec.dilation = {2, 2};
    spec.dialect = Dialect::torch;
    EXPECT_TRUE(has(answers(spec, {3, 3}, {9, 10}), "stride 2, output padding 0×1: 9 and 10 both shrink to 3"));
}

TEST(SettingsForSize, SaysWhyThereIsNone) {
    EXPECT_EQ(english(no_answer_text({0, 5})), "The output must be at least 1×1; 0×5 is not.");
    EXPECT_EQ(english(no_answer_text({7, 900})), "No small change of one or two settings gives 7×900.");
}

// Every change of up to two settings by up to 2 each, on both axes alike, is tried by hand: none that works is smaller than
// the smallest that is offered.
TEST(SettingsForSize, MissesNoSmallerChange) {
    Random random(22);
    int found = 0;
    for (int i = 0; i < 150; ++i) {
        constexpr std::array kOps{Op::conv, Op::conv_transpose, Op::max_pool};
        ConvSpec spec = layer(kOps[static_cast<std::size_t>(random.from(0, 2))], random.from(1, 4), random.from(1, 3),
                              random.from(0, 1));
        const std::int64_t d = random.from(1, 2), side = random.from(3, 12), wanted = random.from(1, 14);
        spec.dilation = {d, d};
        if (spec.op == Op::conv) {
            constexpr std::array kModes{PadMode::zeros, PadMode::reflect, PadMode::replicate, PadMode::circular};
            constexpr std::array kDialects{Dialect::convlens, Dialect::torch, Dialect::onnx};
            spec.pad_mode = kModes[static_cast<std::size_t>(random.from(0, 3))];
            spec.dialect = kDialects[static_cast<std::size_t>(random.from(0, 2))];
        }
        const Shape4 input{1, 1, side, side};
        const LayerShape start{spec, input, {}, {}};
        if (!validate(start).empty() || output_shape(spec, input).h == wanted) continue;
        double offered = 1e9;
        for (const SizeAnswer& answer : settings_for_size(spec, input, {wanted, wanted}))
            if (answer.input == input) offered = std::min(offered, size_of_change(start, {answer.spec, input, {}, {}}));
        constexpr std::array kAdjustments{Field::kernel, Field::stride, Field::dilation, Field::padding,
                                          Field::output_padding};
        for (const Field a : kAdjustments) {
            for (const Field b : kAdjustments) {
                for (std::int64_t by_a = -2; by_a <= 2; ++by_a) {
                    for (std::int64_t by_b = -2; by_b <= 2; ++by_b) {
                        const auto va = value_of(start, a, {}), vb = value_of(start, b, {});
                        if (!va || !vb || a == b) continue;
                        const LayerShape changed = adjusted(adjusted(start, a, {}, *va + by_a), b, {}, *vb + by_b);
                        const Pads& pads = changed.spec.pads;
                        if (pads.top < 0 || !validate(changed).empty()) continue;
                        if (output_shape(changed.spec, input).plane() != Size2{wanted, wanted}) continue;
                        EXPECT_LE(offered, size_of_change(start, changed))
                            << "input " << side << " wanted " << wanted << " kernel " << changed.spec.kernel.h
                            << " stride " << changed.spec.stride.h << " dilation " << changed.spec.dilation.h
                            << " padding " << pads.top << " output padding " << changed.spec.output_padding.h;
                        ++found;
                    }
                }
            }
        }
    }
    EXPECT_GT(found, 200);
}

// A layer whose axes have numbers of their own, and what is wanted of it.
struct Question {
    LayerShape start;
    Size2 wanted;
};
Question random_question(Random& random) {
    constexpr std::array kOps{Op::conv, Op::conv_transpose, Op::max_pool, Op::avg_pool};
    Question question;
    ConvSpec& spec = question.start.spec;
    spec.op = kOps[static_cast<std::size_t>(random.from(0, 3))];
    spec.kernel = random.size(1, 5);
    spec.stride = random.size(1, 3);
    const Size2 pads = random.size(0, 2);
    spec.pads = {pads.h, pads.h, pads.w, pads.w};
    question.start.input = {1, 1, random.from(3, 14), random.from(3, 14)};
    question.wanted = random.size(1, 14);
    if (random.coin()) question.wanted.w = question.wanted.h;
    return question;
}

std::string told(const Question& question, const SizeAnswer& answer) {
    const ConvSpec& spec = question.start.spec;
    return english(answer.text) + " for " + std::to_string(question.wanted.h) + "x" +
           std::to_string(question.wanted.w) + ", op " + std::to_string(static_cast<int>(spec.op)) + ", kernel " +
           std::to_string(spec.kernel.h) + "x" + std::to_string(spec.kernel.w) + ", stride " +
           std::to_string(spec.stride.h) + "x" + std::to_string(spec.stride.w) + ", padding " +
           std::to_string(spec.pads.top) + "x" + std::to_string(spec.pads.left) + ", input " +
           std::to_string(question.start.input.h) + "x" + std::to_string(question.start.input.w);
}

constexpr std::array kNumbers{Field::kernel, Field::stride, Field::dilation, Field::padding, Field::output_padding};

// The least move of one number of an axis that gives the wanted length there; 0 where it is there already.
std::optional<std::int64_t> least_move(const Question& question, Field field, Axis axis) {
    const Axes of = only(axis);
    const auto value = value_of(question.start, field, of);
    if (!value) return {};
    for (std::int64_t by = 0; by <= 40; ++by) {
        for (const std::int64_t move : {-by, by}) {
            if (*value + move < least_value(question.start, field, of)) continue;
            const LayerShape changed = adjusted(question.start, field, of, *value + move);
            const bool fits = solve_axis(changed.spec, changed.input.plane(), axis).output ==
                              (axis == Axis::h ? question.wanted.h : question.wanted.w);
            if (fits && validate(changed).empty()) return by;
        }
    }
    return {};
}

// What each axis is changed by is the least that this setting can give it: no number moves along with another's.
TEST(SettingsForSize, ChangesEachAxisByTheLeastThatItNeeds) {
    Random random(23);
    int found = 0, beside = 0;
    for (int i = 0; i < 400; ++i) {
        const Question question = random_question(random);
        if (!validate(question.start).empty()) continue;
        for (const SizeAnswer& answer : settings_for_size(question.start.spec, question.start.input, question.wanted)) {
            const LayerShape after{answer.spec, answer.input, {}, {}};
            const std::vector<Change> changed = changes(question.start, after);
            if (changed.size() != 1 || answer.input != question.start.input || ends_differ(after, {})) continue;
            const Field field = changed.front().field;
            if (std::ranges::find(kNumbers, field) == kNumbers.end()) continue;
            const bool same = english(answer.text).find("the same for height and width") != std::string::npos;
            beside += same ? 1 : 0;
            for (const Axis axis : {Axis::h, Axis::w}) {
                const auto least = least_move(question, field, axis);
                ASSERT_TRUE(least) << told(question, answer);
                const std::int64_t moved =
                    std::abs(*value_of(after, field, only(axis)) - *value_of(question.start, field, only(axis)));
                if (same) {
                    EXPECT_GE(moved, *least) << told(question, answer);
                } else {
                    EXPECT_EQ(moved, *least) << told(question, answer);
                }
                ++found;
            }
            EXPECT_TRUE(!same || alike_on_axes(after, field)) << told(question, answer);
        }
    }
    EXPECT_GT(found, 200);
    EXPECT_GT(beside, 5);
}

// Every part of an answer is a setting on one axis or a switch; whatever of them is undone, the size is no longer reached.
TEST(SettingsForSize, OffersNoPartThatDoesNothing) {
    Random random(24);
    int found = 0;
    for (int i = 0; i < 400; ++i) {
        const Question question = random_question(random);
        if (!validate(question.start).empty()) continue;
        for (const SizeAnswer& answer : settings_for_size(question.start.spec, question.start.input, question.wanted)) {
            if (answer.input != question.start.input) continue;
            std::vector<std::function<void(LayerShape&)>> parts;
            const LayerShape after{answer.spec, answer.input, {}, {}};
            for (const Field field : kNumbers) {
                for (const Axis axis : {Axis::h, Axis::w}) {
                    const auto was = value_of(question.start, field, only(axis));
                    if (!was || value_of(after, field, only(axis)) == was) continue;
                    parts.emplace_back([=](LayerShape& layer) { layer = adjusted(layer, field, only(axis), *was); });
                }
            }
            if (answer.spec.ceil_mode != question.start.spec.ceil_mode)
                parts.emplace_back([&](LayerShape& layer) { layer.spec.ceil_mode = question.start.spec.ceil_mode; });
            for (unsigned undone = 1; undone + 1 < 1U << parts.size(); ++undone) {
                LayerShape less = after;
                for (std::size_t p = 0; p < parts.size(); ++p)
                    if ((undone >> p & 1U) != 0) parts[p](less);
                const bool reached =
                    validate(less).empty() && output_shape(less.spec, less.input).plane() == question.wanted;
                EXPECT_FALSE(reached) << told(question, answer);
                ++found;
            }
        }
    }
    EXPECT_GT(found, 200);
}

TEST(SettingsForSize, NamesNoSecondSettingWhereTheFirstIsEnough) {
    for (const std::string& text : answers(layer(Op::conv_transpose, 3, 2, 0), {9, 9}, {18, 18}))
        EXPECT_FALSE(text.starts_with("kernel 2×4")) << text;
    ConvSpec pool = layer(Op::avg_pool, 5, 3, 0);
    pool.pads = {2, 2, 0, 0};
    const Texts texts = answers(pool, {12, 12}, {3, 4});
    const auto of_padding = [](const std::string& text) { return text.starts_with("padding "); };
    const auto padding = std::ranges::find_if(texts, of_padding);
    ASSERT_NE(padding, texts.end()) << testing::PrintToString(texts);
    EXPECT_TRUE(padding->starts_with("padding 0×1")) << *padding;
}

TEST(SettingsForSize, TellsOfBothAxesWhichLengthsGiveTheSame) {
    EXPECT_EQ(answers(layer(Op::conv, 3, 2, 0), {15, 9}, {9, 5}).back(),
              "input 19×11: inputs of 19 and 20 rows both give 9; inputs of 11 and 12 columns both give 5");
}

TEST(SettingsForSize, AnswersForALayerThatIsNotAllowedAsItStands) {
    const Texts texts = answers(layer(Op::conv, 30, 1, 0), {9, 9}, {4, 4});
    EXPECT_TRUE(has(texts, "kernel 6")) << testing::PrintToString(texts);
    EXPECT_TRUE(has(texts, "padding 12")) << testing::PrintToString(texts);
}

TEST(SettingsForSize, HasNothingToSayWhenTheSizeIsReachedAlreadyOrFarAway) {
    EXPECT_TRUE(answers(layer(Op::conv, 3, 1, 1), {5, 5}, {5, 5}).empty());
    EXPECT_TRUE(answers(layer(Op::conv, 3, 1, 1), {5, 5}, {0, 5}).empty());
    EXPECT_TRUE(answers(layer(Op::conv, 3, 1, 1), {5, 5}, {100000, 100000}).empty());
}

TEST(SettingsForSize, GivesAtMostAsManyAnswersAsAsked) {
    EXPECT_EQ(answers(layer(Op::conv_transpose, 3, 2, 1), {14, 14}, {30, 30}, 2).size(), 2U);
}

TEST(SettingsForSize, KeepsToTheRulesOfTheDialect) {
    ConvSpec spec = layer(Op::conv, 3, 1, 0);
    spec.dialect = Dialect::torch;
    spec.pad_mode = PadMode::reflect;
    EXPECT_FALSE(has(answers(spec, {3, 3}, {7, 7}), "padding 3")) << "PyTorch reflects at most 2 of 3 rows";
    spec.pad_mode = PadMode::zeros;
    EXPECT_TRUE(has(answers(spec, {3, 3}, {7, 7}), "padding 3"));
}

}  // namespace
}  // namespace convlens
