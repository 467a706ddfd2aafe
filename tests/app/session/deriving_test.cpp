// Layers that are computed beside the window: what is shown meanwhile, and what comes of edits that follow each other.
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/derived/memory.h"
#include "app/document/compare.h"
#include "app/document/presets.h"
#include "app/session/deriving.h"
#include "app/session/playback.h"
#include "core/conv/shape.h"
#include "tests/app/chain_layers.h"

namespace convlens {
namespace {

// Two layers that are predicted to take longer than a frame may, the second reading the first, and a small one by itself.
Document large_chain() {
    Document document;
    document.layers.push_back(new_layer({conv(3, 16), {1, 64, 64, 64}, {}, {}}, true));
    document.layers.push_back(reading(document, 0, conv(3, 8)));
    document.layers.push_back(new_layer({conv(3, 1), {1, 1, 5, 5}, {}, {}}, false));
    document.panes = {pane_of(0), pane_of(1), pane_of(2)};
    return document;
}

Session beside() {
    Session session(large_chain(), std::make_unique<NewestJob<Derived>>());
    session.deriving->wait();
    take_derived(session);
    return session;
}

void set_stride(Session& session, int layer, std::int64_t stride) {
    LayerShape wanted = layer_shape(session.document().layers[static_cast<std::size_t>(layer)]);
    wanted.spec.stride = {stride, stride};
    propose(session.ui, session.document(), layer, wanted, verbatim("stride"), "slider");
    apply_edits(session);
}

void wait(Session& session) {
    session.deriving->wait();
    take_derived(session);
}

void expect_whole(const Session& session) {
    EXPECT_FALSE(session.ui.computing);
    const Derived fresh = derive_all(session.document());
    EXPECT_EQ(session.derived.document, session.document());
    ASSERT_EQ(session.derived.layers.size(), fresh.layers.size());
    for (std::size_t i = 0; i < fresh.layers.size(); ++i) {
        EXPECT_EQ(session.derived.layers[i]->layer, fresh.layers[i]->layer) << i;
        EXPECT_EQ(session.derived.layers[i]->output, fresh.layers[i]->output) << i;
    }
}

TEST(Deriving, ALargeLayerIsComputedBesideTheWindowWhileTheOldOneIsShown) {
    Session session = beside();
    const auto old = session.derived.layers;
    ASSERT_GT(milliseconds_to_derive(session.document(), {}), kMostDerivingMilliseconds);
    set_stride(session, 0, 2);
    EXPECT_TRUE(session.ui.computing);
    EXPECT_EQ(session.document().layers[0].spec.stride, (Size2{2, 2})) << "the document is not waited for";
    EXPECT_EQ(session.derived.layers, old);
    EXPECT_EQ(session.derived.document.layers[0].spec.stride, (Size2{1, 1})) << "what is shown fits itself";
    EXPECT_EQ(up_to_date(session.document(), session.derived), (std::vector<bool>{false, false, true}))
        << "a later layer is stale with an earlier one";
    wait(session);
    expect_whole(session);
    EXPECT_EQ(session.derived.layers[2], old[2]);
    EXPECT_EQ(up_to_date(session.document(), session.derived), (std::vector<bool>(3, true)));
}

TEST(Deriving, ASmallLayerIsComputedAtOnce) {
    Session session = beside();
    set_stride(session, 2, 2);
    EXPECT_FALSE(session.ui.computing);
    expect_whole(session);
}

TEST(Deriving, OfManyEditsTheLastOneCounts) {
    Session session = beside();
    for (int i = 0; i < 20; ++i) {
        set_stride(session, 0, 1 + i % 3);
        if (i % 4 == 0) take_derived(session);
    }
    set_stride(session, 0, 3);
    wait(session);
    expect_whole(session);
    EXPECT_EQ(session.derived.layers[0]->layer.spec.stride, (Size2{3, 3}));
}

TEST(Deriving, GoingBackToWhatIsShownNeedsNothing) {
    Session session = beside();
    const auto old = session.derived.layers;
    set_stride(session, 0, 2);
    undo(session);
    EXPECT_FALSE(session.ui.computing);
    EXPECT_FALSE(session.deriving->busy());
    EXPECT_EQ(session.derived.layers, old);
    expect_whole(session);
}

TEST(Deriving, WhatIsNoLayersBusinessIsShownAtOnceAndTheWorkGoesOn) {
    Session session = beside();
    set_stride(session, 0, 2);
    session.ui.edit(msg("slice"), {}, [](Document& document) {
        document.panes[1].slice.c_out = 5;
        document.step_by = StepBy::product;
    });
    apply_edits(session);
    EXPECT_TRUE(session.ui.computing);
    EXPECT_EQ(session.derived.document.panes[1].slice.c_out, 5);
    EXPECT_EQ(session.derived.document.step_by, StepBy::product);
    wait(session);
    expect_whole(session);
}

TEST(Deriving, SlicesOfTheNewLayersWaitForThemAndDoNotLeaveTheOldOnes) {
    Session session = beside();
    LayerShape wanted = layer_shape(session.document().layers[0]);
    wanted.spec.out_channels = 32;
    propose(session.ui, session.document(), 0, wanted, verbatim("channels"), {});
    session.ui.edit(msg("slice"), {}, [](Document& document) { document.panes[0].slice.c_out = 31; });
    apply_edits(session);
    EXPECT_TRUE(session.ui.computing);
    EXPECT_EQ(session.document().panes[0].slice.c_out, 31);
    EXPECT_EQ(session.derived.document.panes[0].slice.c_out, 15) << "the last that is there";
    EXPECT_EQ(shown_pane(session).slice.c_out, 15);
    EXPECT_EQ(current_pane(session).slice.c_out, 31);
    wait(session);
    EXPECT_EQ(shown_pane(session).slice.c_out, 31);
    expect_whole(session);
}

TEST(Deriving, TheFirstDocumentIsComputedBesideTheWindowToo) {
    Session session(large_chain(), std::make_unique<NewestJob<Derived>>());
    EXPECT_TRUE(session.ui.computing);
    EXPECT_FALSE(session.ui.pictured);
    EXPECT_EQ(session.document(), large_chain());
    wait(session);
    EXPECT_TRUE(session.ui.pictured);
    expect_whole(session);
}

TEST(Deriving, NoPictureStandsUnderTheNameOfAnotherDocument) {
    Session session(first_document(), std::make_unique<NewestJob<Derived>>());
    ASSERT_TRUE(session.ui.pictured) << "a small document is there at once";
    replace_document(session, large_chain(), verbatim("open"));
    EXPECT_TRUE(session.ui.computing);
    EXPECT_FALSE(session.ui.pictured);
    wait(session);
    EXPECT_TRUE(session.ui.pictured);
    expect_whole(session);
    undo(session);
    EXPECT_TRUE(session.ui.pictured);
    expect_whole(session);
    redo(session);
    EXPECT_FALSE(session.ui.pictured);
    undo(session);
    EXPECT_TRUE(session.ui.pictured) << "what is small is there at once, and the work ends";
    EXPECT_FALSE(session.deriving->busy());
    expect_whole(session);
}

TEST(Deriving, ThePlayWaitsForThePicture) {
    Session session(first_document(), std::make_unique<NewestJob<Derived>>());
    replace_document(session, large_chain(), verbatim("open"));
    const Playhead at = session.ui.playhead;
    go_to_step(session.ui, session.derived, 3);
    EXPECT_EQ(session.ui.playhead.step, at.step);
    Playback playback;
    toggle_play(session.ui, session.derived);
    session.ui.playhead = at;
    for (int i = 0; i < 100; ++i) playback.update(session.ui, session.derived, i);
    EXPECT_EQ(session.ui.playhead.step, at.step);
    EXPECT_EQ(playback.next_change(session.ui, session.derived, 100), std::numeric_limits<double>::infinity());
    session.ui.now = 100;
    wait(session);
    EXPECT_EQ(session.ui.playhead.step, at.step);
    playback.update(session.ui, session.derived, 101);
    EXPECT_GT(session.ui.playhead.step, at.step);
}

TEST(Deriving, AnotherNumberOfLayersHasNoPictureUntilAllAreThere) {
    Session session = beside();
    set_stride(session, 0, 2);
    ASSERT_TRUE(session.ui.computing);
    session.ui.edit(msg("close"), {}, [](Document& document) { close_pane(document, 2); });
    apply_edits(session);
    EXPECT_FALSE(session.ui.pictured);
    wait(session);
    EXPECT_TRUE(session.ui.pictured);
    expect_whole(session);
}

// Layers of [1, 4, 2000, 2000] that read each other: each has 122 MiB of padded input and as much of output.
Document more_than_there_is() {
    Document document;
    document.layers.push_back(new_layer({conv(1, 4), {1, 4, 2000, 2000}, {}, {}}, true));
    Layer next = reading(document, 0, conv(1, 4));
    const std::int64_t each = bytes_to_derive(document).front();
    const std::int64_t count = 2 + free_memory().value_or(0) / each * 17 / 16;
    for (int source = 0; source < count; ++source) {
        next.input = LayerOutput{source, {1, 4, 2000, 2000}};
        document.layers.push_back(next);
    }
    document.panes = {pane_of(0)};
    return document;
}

TEST(Deriving, LayersThatHaveNoRoomAreNotBegunAndTheReasonStays) {
    if (!free_memory()) GTEST_SKIP() << "the system does not tell how much memory is free";
    const Document document = more_than_there_is();
    ASSERT_GT(document.layers.size(), 2U);
    Session session(first_document(), std::make_unique<NewestJob<Derived>>());
    replace_document(session, document, verbatim("open"));
    wait(session);
    EXPECT_FALSE(session.ui.computing);
    EXPECT_FALSE(session.ui.pictured);
    const std::string reason = english(session.ui.not_computed);
    EXPECT_THAT(reason, testing::HasSubstr("of memory together and "));
    EXPECT_THAT(reason, testing::HasSubstr("they fit as far as layer "));
    EXPECT_THAT(reason, testing::EndsWith("Ctrl+Z goes back to what was there before."));
    undo(session);
    EXPECT_TRUE(session.ui.pictured);
    EXPECT_TRUE(session.ui.not_computed.empty());
    expect_whole(session);
}

TEST(Deriving, ThePlayRestsAtTheSamePlaceOnceTheLayersAreThere) {
    Session session = beside();
    session.ui.playhead = {62 * 62, 0};
    set_stride(session, 0, 2);
    EXPECT_EQ(session.ui.playhead.step, 62 * 62) << "the picture is the old one";
    wait(session);
    EXPECT_LE(session.ui.playhead.step, step_count(session.derived));
}

}  // namespace
}  // namespace convlens
