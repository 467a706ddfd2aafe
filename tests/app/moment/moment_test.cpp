#include "app/moment/moment.h"

#include <gtest/gtest.h>

#include "tests/app/two_layers.h"

namespace convlens {
namespace {

TEST(PaneTimeline, StepsAreThoseOfTheLongestPane) {
    Document document = two_layers();
    const Derived derived = derive_all(document);
    const std::int64_t outputs = 5 * 10;      // (3+3-2+1) × (5+7-3+1)
    const std::int64_t stamps = 3 * (3 * 5);  // of the three channels of a group
    EXPECT_EQ(pane_timeline(derived, document.panes[0]).count(), outputs);
    EXPECT_EQ(pane_timeline(derived, document.panes[1]).count(), stamps);
    EXPECT_EQ(step_count(derived), outputs);
    document.panes[1].reading = Reading::gather;
    const Derived gathered = derive_all(document);
    EXPECT_EQ(pane_timeline(gathered, document.panes[1]).count(), 3 * 6);  // (3+2-1-1) × (5+3-1-1)
    document.step_by = StepBy::channel;
    EXPECT_EQ(step_count(derive_all(document)), 3 * outputs);
}

TEST(PlayedChannel, IsOneWhereAStepIsAboutOne) {
    Document document;
    LayerShape shape;
    shape.spec.out_channels = 2;
    shape.input = {1, 3, 4, 5};
    document.layers = {new_layer(shape, false)};
    document.panes = {Pane{}};
    const auto at = [&](StepBy by, std::int64_t step) {
        document.step_by = by;
        const Derived derived = derive_all(document);
        const Moment m = moment_of(derived, 0, {step, 0}, {});
        return m.channel_played ? std::optional(m.channel) : std::nullopt;
    };
    EXPECT_EQ(at(StepBy::output, 7), std::nullopt);
    EXPECT_EQ(at(StepBy::channel, 0), std::nullopt) << "nothing is written yet";
    EXPECT_EQ(at(StepBy::channel, 1), 0);
    EXPECT_EQ(at(StepBy::channel, 5), 1);
    EXPECT_EQ(at(StepBy::channel, 6), 2);
    shape.spec.op = Op::conv_transpose;
    document.layers = {new_layer(shape, false)};
    document.panes[0].reading = Reading::stamp;
    EXPECT_EQ(at(StepBy::output, 20), 0);
    EXPECT_EQ(at(StepBy::output, 21), 1) << "stamps go through all cells of a channel first";
}

TEST(PlayedChannel, AnOutputThatIsPointedAtInThisPaneShowsThePanesOwn) {
    Document document;
    LayerShape shape;
    shape.input = {1, 3, 4, 5};
    document.layers = {new_layer(shape, false)};
    shape.input = {1, 3, 6, 6};
    document.layers.push_back(new_layer(shape, false));
    Pane second;
    second.layer = 1;
    document.panes = {Pane{}, second};
    document.step_by = StepBy::channel;
    const Derived derived = derive_all(document);
    const auto first_pane = [&](std::optional<PaneCell> pointed) { return moment_of(derived, 0, {2, 0}, pointed); };
    const PaneCell own{0, output_cell(document.panes[0], 1, 1)}, shared{1, output_cell(second, 1, 1)};
    EXPECT_FALSE(first_pane(own).channel_played);
    EXPECT_FALSE(first_pane(shared).channel_played) << "the same cell is lit here";
    const Shape4 here = derived.layers[0]->output.shape(), there = derived.layers[1]->output.shape();
    ASSERT_LT(here.h, there.h);
    const Moment beyond = first_pane(PaneCell{1, output_cell(second, there.h - 1, 0)});
    EXPECT_TRUE(beyond.channel_played) << "this pane has no such cell";
    EXPECT_EQ(beyond.channel, 1);
}

TEST(StepOfCell, IsThatOfOutputsAndOfStampedInputs) {
    const Document document = two_layers();
    const Derived derived = derive_all(document);
    const auto cell = [](int pane, TensorKind tensor, Cell4 at) { return PaneCell{pane, {pane, tensor, at}}; };
    EXPECT_EQ(step_of_cell(derived, {0, output_cell(document.panes[0], 1, 2)}), 10 + 3);
    EXPECT_EQ(step_of_cell(derived, cell(0, TensorKind::input, {0, 0, 1, 2})), std::nullopt);
    EXPECT_EQ(step_of_cell(derived, cell(1, TensorKind::input, {0, 1, 1, 2})), 15 + 5 + 3);
    EXPECT_EQ(step_of_cell(derived, {1, output_cell(document.panes[1], 1, 2)}), std::nullopt);
    Document by_product = document;
    by_product.step_by = StepBy::product;
    EXPECT_EQ(step_of_cell(derive_all(by_product), {0, output_cell(document.panes[0], 0, 1)}), 2 * 3 * 6);
}

TEST(SeenPlayhead, HasNoPhaseWhereNothingMoves) {
    Document document = two_layers();  // 50 outputs, 45 stamps
    const auto phase = [&](std::int64_t step, bool motion) {
        return seen_playhead(derive_all(document), {step, 0.5F}, motion).phase;
    };
    EXPECT_EQ(phase(3, true), 0.5F);
    EXPECT_EQ(phase(3, false), 0);
    EXPECT_EQ(phase(50, true), 0) << "the end";
    document.panes.erase(document.panes.begin());
    EXPECT_EQ(phase(3, true), 0.5F) << "a stamp goes to the next cell";
    document.panes[0].reading = Reading::gather;
    EXPECT_EQ(phase(3, true), 0) << "the cells that a gathered output reads are scattered";
}

TEST(Moment, APaneThatIsAtItsEndRestsWhileALongerOneGoesOn) {
    const Derived derived = derive_all(two_layers());
    EXPECT_EQ(moment_of(derived, 0, {46, 0.5F}, {}).phase, 0.5F);
    EXPECT_EQ(moment_of(derived, 1, {46, 0.5F}, {}).phase, 0);
    EXPECT_EQ(moment_of(derived, 1, {45, 0.5F}, {}).phase, 0);
    EXPECT_EQ(moment_of(derived, 1, {44, 0.5F}, {}).phase, 0.5F);
}

}  // namespace
}  // namespace convlens
