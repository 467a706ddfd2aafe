#include "core/conv/parameters.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>
#include <type_traits>
#include <variant>

#include "core/conv/changes.h"
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
        EXPECT_EQ(shown_number(shape, row.id), (Size2{2, 2})) << row.name.text;
        set_number(shape, row.id, Axis::w, 1);
        EXPECT_EQ(shown_number(shape, row.id), per_axis(row) ? (Size2{2, 1}) : (Size2{1, 1})) << row.name.text;
    }
}

// Another value than the setting has, of whatever type.
struct Another {
    template <typename Value>
    void operator()(Value& value) const {
        if constexpr (std::is_enum_v<Value>)
            value = static_cast<Value>(static_cast<int>(value) + 1);
        else if constexpr (std::is_same_v<Value, bool>)
            value = !value;
        else if constexpr (std::is_same_v<Value, Size2>)
            value.w += 1;
        else if constexpr (std::is_same_v<Value, Pads>)
            value.right += 1;
        else
            value = 7;
    }
    template <typename Value>
    void operator()(std::optional<Value>& value) const {
        value = Value{};
    }
};

LayerShape with_another(Field field) {
    LayerShape layer = five_by_five();
    with_setting(layer.spec, parameter(field), Another{});
    if (std::holds_alternative<InputPart>(parameter(field).slot)) set_number(layer, field, {}, 7);
    return layer;
}

TEST(Parameters, AreToldApartByAllThatNamesThem) {
    std::set<std::string_view> names, words, keys, case_keys;
    std::set<int> places, orders;
    for (const Parameter& row : parameters()) {
        EXPECT_EQ(&parameter(row.id), &row) << row.name.text;
        EXPECT_TRUE(names.insert(row.name.text).second) << row.name.text;
        EXPECT_TRUE(words.insert(row.word).second) << row.word;
        EXPECT_TRUE(keys.insert(row.key).second) << row.key;
        if (!row.case_key.empty()) {
            EXPECT_TRUE(case_keys.insert(row.case_key).second) << row.case_key;
        }
        if (row.place > 0) {
            EXPECT_TRUE(places.insert(row.place).second) << row.name.text;
        }
        if (row.search_order > 0) {
            EXPECT_TRUE(orders.insert(row.search_order).second) << row.name.text;
        }
        EXPECT_EQ(row.place > 0, row.usual > 0) << row.name.text << ": a row of the panel has a slider";
        EXPECT_TRUE(row.place == 0 || is_number(row)) << row.name.text << ": a slider sets numbers";
        EXPECT_TRUE(row.search_order == 0 || per_axis(row)) << row.name.text << ": each axis is searched by itself";
    }
}

TEST(Parameters, AreAllOfAConvSpec) {
    // Each row changes the spec, and no two change it in the same way: 18 rows for the 18 members.
    std::size_t kept = 0;
    for (const Parameter& row : parameters()) {
        if (std::holds_alternative<InputPart>(row.slot)) continue;
        ++kept;
        EXPECT_NE(with_another(row.id).spec, five_by_five().spec) << row.name.text;
        for (const Parameter& other : parameters()) {
            if (&other == &row) continue;
            EXPECT_NE(with_another(row.id), with_another(other.id)) << row.name.text << other.name.text;
        }
    }
    EXPECT_EQ(kept, 18U);
}

TEST(Changes, TellTheOneSettingThatDiffers) {
    for (const Parameter& row : parameters()) {
        const LayerShape layer = with_another(row.id);
        const std::vector<Change> told = changes(five_by_five(), layer);
        ASSERT_EQ(told.size(), 1U) << row.name.text;
        EXPECT_EQ(told[0].field, row.id);
        EXPECT_EQ(told[0].name, Message(row.name));
        EXPECT_EQ(told[0].value, value_text(layer, row.id));
        EXPECT_GT(size_of_change(five_by_five(), layer), 0) << row.name.text;
        EXPECT_TRUE(changes(layer, layer).empty());
    }
}

TEST(Changes, AreToldInTheOrderOfFieldTheWeightLast) {
    LayerShape layer = with_another(Field::dialect);
    with_setting(layer.spec, parameter(Field::groups), Another{});
    with_setting(layer.spec, parameter(Field::op), Another{});
    layer.weight = Shape4{1, 1, 3, 3};
    std::vector<Field> fields;
    for (const Change& change : changes(five_by_five(), layer)) fields.push_back(change.field);
    EXPECT_EQ(fields, (std::vector<Field>{Field::op, Field::groups, Field::dialect, Field::weight}));
}

TEST(Parameters, TellTheirValueAsFixesDo) {
    LayerShape layer = five_by_five();
    layer.spec.stride = {1, 2};
    layer.spec.pads = {-1, 2, 0, 0};
    layer.spec.ceil_mode = true;
    EXPECT_EQ(english(value_text(layer, Field::kernel)), "3");
    EXPECT_EQ(english(value_text(layer, Field::stride)), "1×2");
    EXPECT_EQ(english(value_text(layer, Field::input)), "5×5") << "in full even where both are alike";
    EXPECT_EQ(english(value_text(layer, Field::padding)), "top −1, bottom 2, left 0, right 0");
    EXPECT_EQ(english(value_text(layer, Field::ceil_mode)), "on");
    EXPECT_EQ(english(value_text(layer, Field::count_include_pad)), "on");
    EXPECT_EQ(english(value_text(layer, Field::op)), "Convolution");
    EXPECT_EQ(english(value_text(layer, Field::pad_mode)), "zeros");
    EXPECT_EQ(english(value_text(layer, Field::dialect)), "Convlens");
    EXPECT_EQ(english(value_text(layer, Field::divisor_override)), "") << "not given";
    layer.spec.anchor = Size2{2, 0};
    EXPECT_EQ(english(value_text(layer, Field::anchor)), "(2, 0)") << "a cell, not a size";
    layer.spec.anchor = Size2{2, 2};
    EXPECT_EQ(english(value_text(layer, Field::anchor)), "2");
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
    EXPECT_EQ(english(parameter_text(shape, Field::kernel)), "kernel 3");
    set_number(shape, Field::kernel, Axis::w, 1);
    EXPECT_EQ(english(parameter_text(shape, Field::kernel)), "kernel 3, 1");
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
