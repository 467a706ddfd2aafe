// What the Timeline says of a step.
#include "app/moment/caption.h"

#include <gtest/gtest.h>

#include "app/document/presets.h"
#include "app/moment/products.h"

namespace convlens {
namespace {

// 3x3 cells, two channels, that stamp a 3x3 kernel two cells apart.
Document stamping(Reading reading, StepBy by) {
    Document document = *preset_document("padding_strides");
    LayerShape shape = layer_shape(document.layers[0]);
    shape.spec = {};
    shape.spec.op = Op::conv_transpose;
    shape.spec.kernel = {3, 3};
    shape.spec.stride = {2, 2};
    shape.spec.pads = Pads::all(1);
    shape.input = {1, 2, 3, 3};
    document.layers[0] = reshaped(document.layers[0], {shape.spec, shape.input, {}, {}});
    document.panes[0].reading = reading;
    document.step_by = by;
    settle(document);
    return document;
}

std::string words(const Document& document, std::int64_t step, std::size_t pane = 0) {
    const Derived derived = derive_all(document);
    return english(
        step_captions(moment_of(derived, static_cast<int>(pane), {step, 0}, {}), step, step_count(derived))[0]);
}

TEST(StepCaptions, CountProductsOnlyWhereEachStepHasOne) {
    EXPECT_EQ(words(stamping(Reading::stamp, StepBy::product), 6),
              "input row 0, column 0, channel 0, product 6 of 9: step 6 of 162");
    for (const Reading reading : {Reading::gather, Reading::zero_inserted})
        EXPECT_EQ(words(stamping(reading, StepBy::product), 6),
                  "output row 0, column 0, channel 0, weight 6 of 9: step 6 of 450")
            << "one weight of the nine meets an input cell";
}

TEST(StepCaptions, SayThatAPaneWithFewerStepsIsFinished) {
    Document document = stamping(Reading::gather, StepBy::output);
    Pane stamps = document.panes[0];
    stamps.reading = Reading::stamp;
    document.panes.push_back(stamps);
    EXPECT_EQ(words(document, 18, 1), "input row 2, column 2, channel 1: step 18 of 25");
    EXPECT_EQ(words(document, 25, 1), "input row 2, column 2, channel 1, finished: step 25 of 25");
    EXPECT_EQ(words(document, 25, 0), "output row 4, column 4: step 25 of 25");
    EXPECT_EQ(words(document, 0, 1), "nothing stamped yet: step 0 of 25");
}

// The play is at channel 1 while the slice looks at channel 0, and the pointer is on an output.
TEST(Moment, OfStampsHasOneChannelForPictureAndSum) {
    const Document document = stamping(Reading::stamp, StepBy::output);
    const Derived derived = derive_all(document);
    const Moment m = moment_of(derived, 0, {14, 0}, PaneCell{0, output_cell(document.panes[0], 2, 3)});
    ASSERT_TRUE(m.borrowed);
    EXPECT_EQ(m.channel, 1);
    for (const Sum::Term& term : sum_of(m).terms) EXPECT_EQ(term.tap.input.c, 1);
}

}  // namespace
}  // namespace convlens
