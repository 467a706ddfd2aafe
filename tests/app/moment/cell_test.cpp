#include "app/moment/cell.h"

#include <gtest/gtest.h>

#include "tests/app/chain_layers.h"

namespace convlens {
namespace {

// 3×3 input 1 to 9, kernel 1 2 / 3 4, padding 1.
Document document() {
    Document d;
    Layer layer;
    layer.spec.kernel = {2, 2};
    layer.spec.pads = Pads::all(1);
    layer.input = TensorRef(Tensor<double>({1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9}));
    layer.weight = TensorRef(Tensor<double>({1, 1, 2, 2}, {1, 2, 3, 4}));
    d.layers = {layer};
    d.panes = {Pane{}};
    return d;
}

PaneCell at(TensorKind tensor, std::int64_t y, std::int64_t x) { return {0, {0, tensor, {0, 0, y, x}}}; }

// What is said of a cell while the play stands at its first step, and somebody may point at another.
struct Told {
    std::string name, value, note;
};
Told told(const CellWords& words) { return {english(words.name), words.value, english(words.note)}; }

Told words(const Derived& derived, const PaneCell& cell, std::optional<PaneCell> pointed = {}) {
    return told(describe_cell(moment_of(derived, 0, {1, 0}, pointed), cell.cell));
}

TEST(DescribeCell, GivesCoordinatesAndAllDigits) {
    const Derived derived = derive_all(document());
    EXPECT_EQ(words(derived, at(TensorKind::input, 1, 2)).name, "input[1, 2]");
    EXPECT_EQ(words(derived, at(TensorKind::input, 1, 2)).value, "6");
    EXPECT_EQ(words(derived, at(TensorKind::weight, 1, 0)).name, "weight[1, 0]");
    EXPECT_EQ(words(derived, at(TensorKind::output, 1, 1)).value, "37");
    const Told product = words(derived, at(TensorKind::product, 1, 1));
    EXPECT_EQ(product.value, "4");
    EXPECT_EQ(product.note, "1 · 4");
}

TEST(DescribeCell, TellsTheProductOfTheOutputThatIsPinned) {
    const Derived derived = derive_all(document());
    const PaneCell pinned = at(TensorKind::output, 2, 2);  // reads 5 6 / 8 9
    EXPECT_EQ(words(derived, at(TensorKind::product, 0, 1), pinned).value, "12");
    EXPECT_EQ(words(derived, at(TensorKind::product, 0, 1), pinned).note, "6 · 2");
}

TEST(DescribeCell, SaysWhatPaddingHolds) {
    Document d = document();
    EXPECT_EQ(words(derive_all(d), at(TensorKind::input, -1, 0)).note, "padding (zeros)");
    d.layers[0].spec.pad_mode = PadMode::reflect;
    const Told padding = words(derive_all(d), at(TensorKind::input, -1, 0));
    EXPECT_EQ(padding.value, "4");
    EXPECT_EQ(padding.note, "padding (reflect), a copy of input[1, 0]");
}

// The last window of ceil_mode is only partly on the input.
TEST(DescribeCell, OfAPoolingWindowSaysWhereThereIsNoCell) {
    Document d = document();
    d.layers[0].spec = {};
    d.layers[0].spec.op = Op::max_pool;
    d.layers[0].spec.kernel = d.layers[0].spec.stride = {2, 2};
    d.layers[0].spec.ceil_mode = true;
    const Derived derived = derive_all(d);
    const Moment last = moment_of(derived, 0, {4, 0}, {});
    EXPECT_EQ(told(describe_cell(last, at(TensorKind::product, 0, 0).cell)).name, "input[2, 2]");
    const Told beyond = told(describe_cell(last, at(TensorKind::product, 1, 0).cell));
    EXPECT_EQ(beyond.name, "window row 1, column 0");
    EXPECT_EQ(beyond.note, "outside the padded input");
}

TEST(DescribeCell, TellsInsertedZerosAndCutCellsOfATransposedLayer) {
    Document d = document();
    d.layers[0].spec.op = Op::conv_transpose;
    d.layers[0].spec.stride = {2, 2};
    d.panes[0].reading = Reading::zero_inserted;
    const Derived spread = derive_all(d);
    EXPECT_EQ(words(spread, at(TensorKind::zero_inserted_input, 2, 2)).name, "input[1, 1]");
    EXPECT_EQ(words(spread, at(TensorKind::zero_inserted_input, 1, 0)).value, "0");
    d.panes[0].reading = Reading::stamp;
    const Derived stamps = derive_all(d);
    EXPECT_EQ(words(stamps, at(TensorKind::uncropped_output, -1, -1)).note, "cropped by the padding");
    EXPECT_EQ(words(stamps, at(TensorKind::uncropped_output, 0, 0)).name, "output[0, 0]");
}

TEST(EditableCell, IsAnInputOrAWeightButNoPaddingAndNoResult) {
    const Derived derived = derive_all(document());
    EXPECT_TRUE(editable_cell(derived, at(TensorKind::input, 0, 0)));
    EXPECT_TRUE(editable_cell(derived, at(TensorKind::weight, 1, 1)));
    EXPECT_FALSE(editable_cell(derived, at(TensorKind::input, -1, 0)));
    EXPECT_FALSE(editable_cell(derived, at(TensorKind::output, 0, 0)));
    EXPECT_FALSE(editable_cell(derived, at(TensorKind::product, 0, 0)));
}

TEST(EditableCell, OfASpreadInputIsTheInputsOwn) {
    Document d = document();
    d.layers[0].spec.op = Op::conv_transpose;
    d.layers[0].spec.stride = {2, 2};
    d.panes[0].reading = Reading::zero_inserted;
    const Derived derived = derive_all(d);
    const auto target = editable_cell(derived, at(TensorKind::zero_inserted_input, 4, 2));
    ASSERT_TRUE(target);
    EXPECT_EQ(target->cell, (Cell4{0, 0, 2, 1}));
    EXPECT_FALSE(editable_cell(derived, at(TensorKind::zero_inserted_input, 3, 2)));
}

TEST(SetTarget, ChangesEveryLayerThatHeldTheSameNumbers) {
    Document d = document();
    d.layers.push_back(d.layers[0]);
    d.layers.push_back(d.layers[0]);
    d.layers[2].input = TensorRef(Tensor<double>({1, 1, 3, 3}, 1.0));
    set_target(d, {0, false, {0, 0, 1, 1}}, -2.5);
    EXPECT_EQ(own_input(d.layers[0])->at(0, 0, 1, 1), -2.5);
    EXPECT_EQ(own_input(d.layers[1])->at(0, 0, 1, 1), -2.5);
    EXPECT_EQ(own_input(d.layers[2])->at(0, 0, 1, 1), 1);
    EXPECT_EQ(target_value(d, {0, false, {0, 0, 1, 1}}), -2.5);
}

TEST(TensorCellName, LeavesOutAxesOfOneIndex) {
    EXPECT_EQ(english(tensor_cell_name(TensorKind::input, {1, 1, 5, 5}, {0, 0, 1, 2})), "input[1, 2]");
    EXPECT_EQ(english(tensor_cell_name(TensorKind::weight, {4, 2, 3, 3}, {3, 1, 0, 2})), "weight[3, 1, 0, 2]");
}

TEST(EditableCell, AnInputThatIsComputedNamesTheLayerItComesFromAndIsNotSet) {
    Document document = chain_of_three();
    ConvSpec spec = conv(2, 2);
    spec.op = Op::conv_transpose;
    spec.stride = {2, 2};
    document.layers[2] = reading(document, 1, spec);
    document.panes[2].reading = Reading::zero_inserted;
    const Derived derived = derive_all(document);
    const auto input = [](int pane, std::int64_t y, std::int64_t x) {
        return PaneCell{pane, {pane, TensorKind::input, {0, 0, y, x}}};
    };
    EXPECT_FALSE(computed_by(derived, input(0, 1, 1)));
    EXPECT_TRUE(editable_cell(derived, input(0, 1, 1)));
    EXPECT_EQ(computed_by(derived, input(1, 1, 1)), 0);
    EXPECT_FALSE(editable_cell(derived, input(1, 1, 1)));
    EXPECT_FALSE(computed_by(derived, input(1, -1, 1))) << "padding is nobody's output";
    const PaneCell spread{2, {2, TensorKind::zero_inserted_input, {0, 0, 2, 4}}};
    EXPECT_EQ(computed_by(derived, spread), 1);
    EXPECT_FALSE(editable_cell(derived, spread));
    const PaneCell zero{2, {2, TensorKind::zero_inserted_input, {0, 0, 1, 4}}};
    EXPECT_FALSE(computed_by(derived, zero));
    EXPECT_TRUE(editable_cell(derived, {1, {1, TensorKind::weight, {0, 0, 1, 1}}})) << "its weights are its own";
}

TEST(PointedInPane, AnOutputIsAnInputOfThePaneThatReadsIt) {
    const Document document = chain_of_three();
    const Derived derived = derive_all(document);
    const PaneCell output{0, {0, TensorKind::output, {0, 0, 2, 3}}};
    EXPECT_EQ(pointed_in_pane(derived, output, 1), (CellId{1, TensorKind::input, {0, 0, 2, 3}}));
    EXPECT_FALSE(pointed_in_pane(derived, output, 2)) << "a layer stands between them";
    const PaneCell input{1, {1, TensorKind::input, {0, 0, 2, 3}}};
    EXPECT_EQ(pointed_in_pane(derived, input, 0), (CellId{0, TensorKind::output, {0, 0, 2, 3}}));
    const PaneCell other{1, {1, TensorKind::input, {0, 1, 2, 3}}};
    EXPECT_FALSE(pointed_in_pane(derived, other, 0)) << "the pane shows channel 0";
}

}  // namespace
}  // namespace convlens
