#include "app/moment/moment.h"

#include <gtest/gtest.h>

namespace convlens {
namespace {

// A convolution, and a transposed one that is read as stamps, both in two groups.
Document two_layers() {
    Document document;
    LayerShape shape;
    shape.spec.kernel = {2, 3};
    shape.spec.pads = {1, 2, 3, 4};
    shape.spec.groups = 2;
    shape.spec.out_channels = 4;
    shape.input = {1, 6, 3, 5};
    document.layers.push_back(new_layer(shape, true));
    shape.spec.op = Op::conv_transpose;
    shape.spec.pads = {1, 0, 0, 1};
    document.layers.push_back(new_layer(shape, true));
    Pane second;
    second.layer = 1;
    second.reading = Reading::stamp;
    document.panes = {Pane{}, second};
    return document;
}

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

}  // namespace
}  // namespace convlens
