#include "core/conv/dials.h"

#include <gtest/gtest.h>

#include "core/conv/validate.h"

namespace convlens {
namespace {

LayerShape five_by_five() {
    LayerShape shape;
    shape.spec.kernel = {3, 3};
    return shape;
}

TEST(Dials, GiveBackWhatTheyWereSetTo) {
    for (const DialInfo& dial : dials()) {
        LayerShape shape = five_by_five();
        set_dial(shape, dial.dial, std::nullopt, 2);
        EXPECT_EQ(dial_value(shape, dial.dial), (Size2{2, 2})) << dial.name;
        if (!dial.two_axes) continue;
        set_dial(shape, dial.dial, Axis::w, 1);
        EXPECT_EQ(dial_value(shape, dial.dial), (Size2{2, 1})) << dial.name;
    }
}

TEST(Dials, StandInTheOrderOfTheirEnum) {
    for (std::size_t i = 0; i < dials().size(); ++i) EXPECT_EQ(static_cast<std::size_t>(dials()[i].dial), i);
}

TEST(Dials, PaddingSetByHandNoLongerComesFromARule) {
    LayerShape shape = five_by_five();
    shape.spec.pad_rule = PadRule::full;
    EXPECT_EQ(dial_value(shape, Dial::padding), (Size2{2, 2})) << "a rule's pads are shown";
    set_dial(shape, Dial::padding, Axis::h, 1);
    EXPECT_EQ(shape.spec.pad_rule, PadRule::explicit_);
    EXPECT_EQ(shape.spec.pads, (Pads{1, 1, 2, 2})) << "the other axis keeps what the rule gave";
}

TEST(Dials, ShowNoPadsOfARuleThatCannotBeResolved) {
    LayerShape shape = five_by_five();
    shape.spec.pad_rule = PadRule::full;
    shape.spec.kernel = {0, 3};
    EXPECT_EQ(shown_pads(shape), Pads{});
}

TEST(PossibleValues, AreThoseThatValidate) {
    LayerShape shape = five_by_five();
    EXPECT_EQ(possible_values(shape, Dial::kernel, std::nullopt, 11), (std::vector<std::int64_t>{1, 2, 3, 4, 5}));
    EXPECT_EQ(possible_values(shape, Dial::dilation, std::nullopt, 8), (std::vector<std::int64_t>{1, 2}));
    shape.input.c = 4;
    shape.spec.out_channels = 8;
    EXPECT_EQ(possible_values(shape, Dial::groups, std::nullopt, 16), (std::vector<std::int64_t>{1, 2, 4}));
}

TEST(PossibleValues, OfTransposedKeepOutputPaddingBelowTheStride) {
    LayerShape shape = five_by_five();
    shape.spec.op = Op::conv_transpose;
    shape.spec.stride = {3, 3};
    EXPECT_EQ(possible_values(shape, Dial::output_padding, std::nullopt, 7), (std::vector<std::int64_t>{0, 1, 2}));
}

TEST(PossibleValues, AreMadeAnewOnlyWhenSomethingElseChanges) {
    LayerShape shape = five_by_five();
    PossibleValues possible;
    EXPECT_EQ(possible.update(shape, Dial::kernel, std::nullopt, false).size(), 5U);
    possible.values = {7};  // a mark that shows whether they were made anew
    set_dial(shape, Dial::kernel, std::nullopt, 1);
    EXPECT_EQ(possible.update(shape, Dial::kernel, std::nullopt, false).front(), 7) << "its own value changes nothing";
    set_dial(shape, Dial::padding, std::nullopt, 1);
    EXPECT_EQ(possible.update(shape, Dial::kernel, std::nullopt, false).size(), 7U);
}

TEST(PossibleValues, ReachBeyondALargeValueAndStayWhileASliderIsDragged) {
    LayerShape shape = five_by_five();
    set_dial(shape, Dial::input, std::nullopt, 224);
    PossibleValues possible;
    EXPECT_EQ(possible.update(shape, Dial::input, std::nullopt, false).back(), 256);
    set_dial(shape, Dial::input, std::nullopt, 20);
    EXPECT_EQ(possible.update(shape, Dial::input, std::nullopt, true).back(), 256) << "held";
    EXPECT_EQ(possible.update(shape, Dial::input, std::nullopt, false).back(), 32);
}

TEST(DialText, NamesBothAxesWhereTheyDiffer) {
    LayerShape shape = five_by_five();
    EXPECT_EQ(dial_text(shape, Dial::kernel), "kernel 3");
    set_dial(shape, Dial::kernel, Axis::w, 1);
    EXPECT_EQ(dial_text(shape, Dial::kernel), "kernel 3, 1");
}

TEST(Dials, ALayerOverARowHasOneAxis) {
    LayerShape shape;
    shape.input = {1, 1, 1, 8};
    shape.spec.kernel = {1, 3};
    shape.spec.pad_rule = PadRule::causal;
    EXPECT_TRUE(one_row(shape));
    set_dial(shape, Dial::padding, Axis::w, 2);
    EXPECT_TRUE(one_row(shape));
    EXPECT_EQ(shape.spec.pads, (Pads{0, 0, 2, 2}));
    set_dial(shape, Dial::padding, std::nullopt, 2);
    EXPECT_FALSE(one_row(shape));
    EXPECT_FALSE(one_row({{}, {1, 1, 5, 5}, {}, {}}));
}

}  // namespace
}  // namespace convlens
