#include "core/conv/parameters.h"

#include <gtest/gtest.h>

#include "core/conv/possible_values.h"
#include "core/conv/validate.h"

namespace convlens {
namespace {

LayerShape five_by_five() {
    LayerShape shape;
    shape.spec.kernel = {3, 3};
    return shape;
}

TEST(Parameters, GiveBackWhatTheyWereSetTo) {
    for (const Parameter& row : parameters()) {
        if (!is_number(row)) continue;
        LayerShape shape = five_by_five();
        shape.spec.output_size = shape.spec.anchor = Size2{1, 1};
        set_number(shape, row.id, std::nullopt, 2);
        EXPECT_EQ(shown_number(shape, row.id), (Size2{2, 2})) << row.name;
        set_number(shape, row.id, Axis::w, 1);
        EXPECT_EQ(shown_number(shape, row.id), per_axis(row) ? (Size2{2, 1}) : (Size2{1, 1})) << row.name;
    }
}

TEST(Parameters, PaddingSetByHandNoLongerComesFromARule) {
    LayerShape shape = five_by_five();
    shape.spec.pad_rule = PadRule::full;
    EXPECT_EQ(shown_number(shape, Field::padding), (Size2{2, 2})) << "a rule's pads are shown";
    set_number(shape, Field::padding, Axis::h, 1);
    EXPECT_EQ(shape.spec.pad_rule, PadRule::explicit_);
    EXPECT_EQ(shape.spec.pads, (Pads{1, 1, 2, 2})) << "the other axis keeps what the rule gave";
}

TEST(Parameters, ShowNoPadsOfARuleThatCannotBeResolved) {
    LayerShape shape = five_by_five();
    shape.spec.pad_rule = PadRule::full;
    shape.spec.kernel = {0, 3};
    EXPECT_EQ(shown_pads(shape), Pads{});
}

TEST(PossibleValues, AreThoseThatValidate) {
    LayerShape shape = five_by_five();
    EXPECT_EQ(possible_values(shape, Field::kernel, std::nullopt, 11), (std::vector<std::int64_t>{1, 2, 3, 4, 5}));
    EXPECT_EQ(possible_values(shape, Field::dilation, std::nullopt, 8), (std::vector<std::int64_t>{1, 2}));
    shape.input.c = 4;
    shape.spec.out_channels = 8;
    EXPECT_EQ(possible_values(shape, Field::groups, std::nullopt, 16), (std::vector<std::int64_t>{1, 2, 4}));
}

TEST(PossibleValues, OfTransposedKeepOutputPaddingBelowTheStride) {
    LayerShape shape = five_by_five();
    shape.spec.op = Op::conv_transpose;
    shape.spec.stride = {3, 3};
    EXPECT_EQ(possible_values(shape, Field::output_padding, std::nullopt, 7), (std::vector<std::int64_t>{0, 1, 2}));
}

TEST(PossibleValues, AreMadeAnewOnlyWhenSomethingElseChanges) {
    LayerShape shape = five_by_five();
    PossibleValues possible;
    EXPECT_EQ(possible.update(shape, Field::kernel, std::nullopt, false).size(), 5U);
    possible.values = {7};  // a mark that shows whether they were made anew
    set_number(shape, Field::kernel, std::nullopt, 1);
    EXPECT_EQ(possible.update(shape, Field::kernel, std::nullopt, false).front(), 7) << "its own value changes nothing";
    set_number(shape, Field::padding, std::nullopt, 1);
    EXPECT_EQ(possible.update(shape, Field::kernel, std::nullopt, false).size(), 7U);
}

TEST(PossibleValues, ReachBeyondALargeValueAndStayWhileASliderIsDragged) {
    LayerShape shape = five_by_five();
    set_number(shape, Field::input, std::nullopt, 224);
    PossibleValues possible;
    EXPECT_EQ(possible.update(shape, Field::input, std::nullopt, false).back(), 256);
    set_number(shape, Field::input, std::nullopt, 20);
    EXPECT_EQ(possible.update(shape, Field::input, std::nullopt, true).back(), 256) << "held";
    EXPECT_EQ(possible.update(shape, Field::input, std::nullopt, false).back(), 32);
}

TEST(ParameterText, NamesBothAxesWhereTheyDiffer) {
    LayerShape shape = five_by_five();
    EXPECT_EQ(parameter_text(shape, Field::kernel), "kernel 3");
    set_number(shape, Field::kernel, Axis::w, 1);
    EXPECT_EQ(parameter_text(shape, Field::kernel), "kernel 3, 1");
}

TEST(Parameters, ALayerOverARowHasOneAxis) {
    LayerShape shape;
    shape.input = {1, 1, 1, 8};
    shape.spec.kernel = {1, 3};
    shape.spec.pad_rule = PadRule::causal;
    EXPECT_TRUE(one_row(shape));
    set_number(shape, Field::padding, Axis::w, 2);
    EXPECT_TRUE(one_row(shape));
    EXPECT_EQ(shape.spec.pads, (Pads{0, 0, 2, 2}));
    set_number(shape, Field::padding, std::nullopt, 2);
    EXPECT_FALSE(one_row(shape));
    EXPECT_FALSE(one_row({{}, {1, 1, 5, 5}, {}, {}}));
}

}  // namespace
}  // namespace convlens
