// Layers that are computed beside the window: what is shown meanwhile, and what comes of edits that follow each other.
#include <gtest/gtest.h>

#include "app/document/compare.h"
#include "app/session/session.h"
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
    Session session(large_chain());
    session.deriving = std::make_unique<NewestJob<Derived>>();
    return session;
}

void set_stride(Session& session, int layer, std::int64_t stride) {
    LayerShape wanted = layer_shape(session.document().layers[static_cast<std::size_t>(layer)]);
    wanted.spec.stride = {stride, stride};
    propose(session.ui, session.document(), layer, wanted, "stride", "slider");
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
    session.ui.edit("slice", {}, [](Document& document) {
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
    propose(session.ui, session.document(), 0, wanted, "channels", {});
    session.ui.edit("slice", {}, [](Document& document) { document.panes[0].slice.c_out = 31; });
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

TEST(Deriving, AnotherNumberOfLayersIsComputedAtOnceAndEndsTheWork) {
    Session session = beside();
    set_stride(session, 0, 2);
    ASSERT_TRUE(session.ui.computing);
    session.ui.edit("close", {}, [](Document& document) { close_pane(document, 2); });
    apply_edits(session);
    expect_whole(session);
    EXPECT_FALSE(session.deriving->busy());
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
