// Time into steps of the timeline.
#include "app/session/playback.h"

#include <cmath>

#include <gtest/gtest.h>

#include "app/document/presets.h"
#include "app/session/session.h"

namespace convlens {
namespace {

struct Play {
    Derived derived = derive_all(*preset_document("no_padding_no_strides"));  // four outputs
    UiState ui;
    Playback playback;

    void start(double now) {
        playback.update(ui, derived, now);
        ui.playing = true;
        ui.step_started = now;
        playback.update(ui, derived, now);
    }
    void at(double now) { playback.update(ui, derived, now); }
};

TEST(Playback, GoesOneAndAQuarterStepsASecond) {
    Play play;
    play.start(100);
    play.at(100.79);
    EXPECT_EQ(play.ui.playhead.step, 0);
    play.at(100.81);
    EXPECT_EQ(play.ui.playhead.step, 1);
    play.at(101.61);
    EXPECT_EQ(play.ui.playhead.step, 2);
}

TEST(Playback, RestsBeforeItGlides) {
    Play play;
    play.start(0);
    play.at(0.3);
    EXPECT_EQ(play.ui.playhead.phase, 0);
    EXPECT_NEAR(play.playback.next_change(play.ui, play.derived, 0.3), 0.8 * kStepRest, 1e-9);
    play.at(0.6);
    EXPECT_GT(play.ui.playhead.phase, 0);
    EXPECT_LT(play.ui.playhead.phase, 1);
    EXPECT_EQ(play.playback.next_change(play.ui, play.derived, 0.6), 0.6) << "the next frame, at once";
}

TEST(Playback, EasesInAndOut) {
    EXPECT_EQ(glide_phase(0), 0);
    EXPECT_EQ(glide_phase(kStepRest), 0);
    EXPECT_EQ(glide_phase(1), 1);
    const float middle = glide_phase((1 + kStepRest) / 2);
    EXPECT_NEAR(middle, 0.5F, 1e-6F);
    EXPECT_LT(glide_phase(kStepRest + 0.05), 0.03F);
}

TEST(Playback, WithoutMotionItJumpsAndNeedsNoFrameInBetween) {
    Play play;
    play.ui.settings.motion = false;
    play.start(0);
    play.at(0.7);
    EXPECT_EQ(play.ui.playhead.phase, 0);
    EXPECT_NEAR(play.playback.next_change(play.ui, play.derived, 0.7), 0.8, 1e-9);
}

TEST(Playback, LoopsAfterTheFinishedOutputWasSeen) {
    Play play;
    play.start(0);
    play.at(4 * 0.8 + 1.4);
    EXPECT_EQ(play.ui.playhead.step, 4);
    play.at(4 * 0.8 + 1.6);
    EXPECT_EQ(play.ui.playhead.step, 0);
    EXPECT_TRUE(play.ui.playing);
}

TEST(Playback, StopsAtTheEndWithoutLoop) {
    Play play;
    play.ui.settings.loop = false;
    play.start(0);
    play.at(100);
    EXPECT_EQ(play.ui.playhead.step, 4);
    EXPECT_FALSE(play.ui.playing);
    EXPECT_TRUE(std::isinf(play.playback.next_change(play.ui, play.derived, 100)));
}

TEST(Playback, HoveringHoldsItAndLeavingLetsItGoOnFromThere) {
    Play play;
    play.start(0);
    play.at(0.6);
    const float phase = play.ui.playhead.phase;
    play.ui.hover = MarkId{Part::input, 0, 0, 0, 1, 1};
    play.at(5);
    EXPECT_EQ(play.ui.playhead.phase, phase);
    EXPECT_TRUE(std::isinf(play.playback.next_change(play.ui, play.derived, 5)));
    play.ui.hover.reset();
    play.at(5.1);
    EXPECT_EQ(play.ui.playhead.step, 0);
    play.at(5.3);
    EXPECT_EQ(play.ui.playhead.step, 1);
}

// The pointer lies on a cell, and Space is pressed: it plays.
TEST(Playback, TheCellUnderAPointerThatRestsHoldsNothing) {
    Play play;
    play.ui.hover = MarkId{Part::input, 0, 0, 0, 1, 1};
    play.start(0);
    EXPECT_FALSE(is_held(play.ui));
    play.at(0.9);
    EXPECT_EQ(play.ui.playhead.step, 1);
    play.ui.hover = MarkId{Part::input, 0, 0, 0, 1, 2};
    play.at(1);
    EXPECT_TRUE(is_held(play.ui)) << "it moved to another cell";
    play.ui.hover = MarkId{Part::input, 0, 0, 0, 1, 1};
    play.at(1.1);
    EXPECT_TRUE(is_held(play.ui)) << "and back: now it is pointed at";
}

// The pointer lies on a cell, and an arrow key makes a step: the step is seen until the pointer goes elsewhere.
TEST(Playback, AStepPassesOverTheCellUnderAPointerThatRests) {
    Play play;
    play.ui.hover = MarkId{Part::output, 0, 0, 0, 1, 1};
    play.at(0);
    go_to_step(play.ui, play.derived, 1);
    EXPECT_TRUE(passes_over(play.ui));
    play.at(0.1);
    EXPECT_TRUE(passes_over(play.ui)) << "it still rests";
    play.ui.hover = MarkId{Part::output, 0, 0, 0, 1, 2};
    play.at(0.2);
    EXPECT_FALSE(passes_over(play.ui)) << "it moved to another cell";
    play.start(1);
    play.at(1.1);
    toggle_play(play.ui, play.derived);
    play.at(1.2);
    EXPECT_TRUE(passes_over(play.ui)) << "a play that is stopped, too, is seen until the pointer moves";
    go_to_clicked_step(play.ui, play.derived, 2);
    EXPECT_FALSE(passes_over(play.ui)) << "a click points at its cell";
}

// A step may show another channel, or move a plane: what lies under the pointer is another cell then, or nothing.
TEST(Playback, APointerThatRestsIsPassedOverWhateverTheStepsPutUnderIt) {
    Play play;
    play.ui.pointer_rests = true;
    play.ui.hover = MarkId{Part::input, 0, 0, 0, 1, 1};
    play.start(0);
    play.at(0.9);
    for (const std::optional<MarkId>& under : {std::optional(MarkId{Part::input, 0, 0, 1, 1, 1}),
                                               {},
                                               std::optional(MarkId{Part::products, 0, 0, 1, 2, 1})}) {
        play.ui.hover = under;
        play.at(0.9);
        EXPECT_TRUE(passes_over(play.ui));
        EXPECT_FALSE(is_held(play.ui));
    }
    play.ui.pointer_rests = false;
    EXPECT_TRUE(passes_over(play.ui)) << "it is moved, and is on that cell still";
    play.at(1);
    EXPECT_FALSE(is_held(play.ui));
    play.ui.hover = MarkId{Part::products, 0, 0, 1, 2, 2};
    EXPECT_TRUE(is_held(play.ui)) << "it is moved to another one";
    play.at(1.1);
    play.ui.pointer_rests = true;
    EXPECT_TRUE(is_held(play.ui)) << "and rests there: it is pointed at";
}

TEST(Playback, SpeedIsAFactor) {
    Play play;
    play.ui.settings.speed = 4;
    play.start(0);
    play.at(0.61);
    EXPECT_EQ(play.ui.playhead.step, 3);
}

TEST(Playback, AfterASuspendItDoesNotCatchUpForever) {
    Play play;
    play.start(0);
    play.at(1e9);
    EXPECT_LE(play.ui.playhead.step, 4);
    play.at(1e9 + 0.1);
    EXPECT_TRUE(play.ui.playing);
}

void set_step_by(Session& session, StepBy by) {
    session.ui.edit(msg("steps"), {}, [by](Document& document) { document.step_by = by; });
    apply_edits(session);
}

// B opens up the sum that stands there, and closes it again.
TEST(Playback, StepsOfAnotherKindRestAtTheSameCell) {
    Session session(*preset_document("padding_strides"));
    const Pane pane = session.document().panes[0];
    const auto here = [&] { return step_at(pane_timeline(session.derived, pane), session.ui.playhead.step); };
    session.ui.playhead = {5, 0.5F};
    const Cell4 cell = here().cell;
    for (const StepBy by : {StepBy::product, StepBy::channel, StepBy::output}) {
        set_step_by(session, by);
        EXPECT_EQ(here().cell, cell);
        EXPECT_TRUE(here().cell_complete);
        EXPECT_EQ(session.ui.playhead.phase, 0);
    }
    EXPECT_EQ(session.ui.playhead.step, 5);
    set_step_by(session, StepBy::product);
    session.ui.playhead.step -= 4;  // in the middle of the sum
    undo(session);
    EXPECT_EQ(session.ui.playhead.step, 5);
    session.ui.playhead = {0, 0};
    redo(session);
    EXPECT_EQ(session.ui.playhead.step, 0) << "nothing is written yet";
}

void read_as(Session& session, Reading reading) {
    session.ui.edit(msg("reading"), {}, [reading](Document& document) { document.panes[0].reading = reading; });
    apply_edits(session);
}

// R reads a transposed convolution otherwise: the stamp that has just been made and the output in its middle belong together.
TEST(Playback, AnotherReadingRestsAtTheSamePlace) {
    Document document = *preset_document("padding_strides");
    LayerShape shape = layer_shape(document.layers[0]);
    shape.spec = {};
    shape.spec.op = Op::conv_transpose;
    shape.spec.kernel = {3, 3};
    shape.spec.stride = {2, 2};
    shape.spec.pads = Pads::all(1);
    shape.spec.output_padding = {1, 1};
    shape.input = {1, 1, 5, 5};
    document.layers[0] = reshaped(document.layers[0], {shape.spec, shape.input, {}, {}});
    document.panes[0].reading = Reading::stamp;
    for (const StepBy by : {StepBy::output, StepBy::product}) {
        document.step_by = by;
        Session session(document);
        const auto line = [&] { return pane_timeline(session.derived, session.document().panes[0]); };
        const auto here = [&] { return step_at(line(), session.ui.playhead.step).cell; };
        session.ui.playhead = {step_of(line(), {0, 0, 2, 3}), 0};
        read_as(session, Reading::gather);
        EXPECT_EQ(here(), (Cell4{0, 0, 4, 6}));
        const std::int64_t step = session.ui.playhead.step;
        read_as(session, Reading::zero_inserted);
        EXPECT_EQ(session.ui.playhead.step, step) << "the same outputs in the same order";
        read_as(session, Reading::stamp);
        EXPECT_EQ(here(), (Cell4{0, 0, 2, 3}));
        session.ui.playhead = {line().count(), 0};
        read_as(session, Reading::gather);
        EXPECT_EQ(session.ui.playhead.step, line().count()) << "a finished picture stays so";
        session.ui.playhead = {0, 0};
        read_as(session, Reading::stamp);
        EXPECT_EQ(session.ui.playhead.step, 0) << "nothing is written yet";
    }
}

TEST(Playback, StepsByChannelAreOfferedOnlyWhereAPaneSumsOverChannels) {
    Session session(*preset_document("padding_strides"));
    EXPECT_FALSE(is_offered(StepBy::channel, session.derived)) << "one input channel";
    session.ui.edit(msg("channels"), {}, [](Document& d) {
        LayerShape shape = layer_shape(d.layers[0]);
        shape.input.c = 3;
        d.layers[0] = reshaped(d.layers[0], {shape.spec, shape.input, {}, {}});
    });
    apply_edits(session);
    EXPECT_TRUE(is_offered(StepBy::channel, session.derived));
    session.ui.edit(msg("stamps"), {}, [](Document& d) {
        LayerShape shape = layer_shape(d.layers[0]);
        shape.spec.op = Op::conv_transpose;
        d.layers[0] = reshaped(d.layers[0], {shape.spec, shape.input, {}, {}});
        d.panes[0].reading = Reading::stamp;
    });
    apply_edits(session);
    EXPECT_FALSE(is_offered(StepBy::channel, session.derived)) << "a stamp is of one channel";
    for (const StepBy by : {StepBy::output, StepBy::product}) EXPECT_TRUE(is_offered(by, session.derived));
}

TEST(Playback, AnotherDocumentRestsAtItsFirstStep) {
    Session session(*preset_document("padding_strides"));
    set_step_by(session, StepBy::product);
    replace_document(session, *preset_document("no_padding_no_strides"), verbatim("open"));
    EXPECT_EQ(session.ui.playhead.step, 1);
}

}  // namespace
}  // namespace convlens
