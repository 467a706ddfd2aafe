// Side panels make room where a window is too narrow for them and the picture, and what belongs to an old question goes.
#include <gtest/gtest.h>

#include "app/document/presets.h"
#include "app/session/files.h"
#include "app/session/session.h"

namespace convlens {
namespace {

constexpr float kText = 16;

TEST(Room, PanelsGoInANarrowWindowAndComeBack) {
    for (const float width : {900.0F, 1024.0F, 1920.0F / 2}) {  // the last one at twice the size of text
        Session session(first_document());
        change_room(session, width / kText);
        EXPECT_TRUE(session.ui.panels_hidden) << width;
        change_room(session, 1280 / kText);
        EXPECT_FALSE(session.ui.panels_hidden) << width;
        change_room(session, width / kText);
        EXPECT_TRUE(session.ui.panels_hidden) << width;
    }
}

TEST(Room, WhatTheUserWantsStaysWhileTheWindowIsAsNarrow) {
    Session session(first_document());
    change_room(session, 900 / kText);
    session.ui.panels_hidden = session.ui.panels_hidden_for_room = false;  // S
    change_room(session, 880 / kText);
    EXPECT_FALSE(session.ui.panels_hidden);
    change_room(session, 1280 / kText);
    session.ui.panels_hidden = true;  // S
    change_room(session, 1300 / kText);
    EXPECT_TRUE(session.ui.panels_hidden);
    change_room(session, 900 / kText);
    change_room(session, 1280 / kText);
    EXPECT_TRUE(session.ui.panels_hidden) << "not hidden for room";
}

TEST(Room, AnotherDocumentLeavesTheQuestionsOfTheOneBefore) {
    Session session(first_document());
    PanelState& panels = session.ui.panels;
    panels.explanation.wanted = Size2{7, 9};
    panels.explanation.wanted_apart = true;
    panels.layer.apart.fill(true);
    panels.diagram.ruler_axis = Axis::w;
    panels.diagram.anchor_looked_at = true;
    open_preset(session, "padding_strides", msg("preset"));
    EXPECT_FALSE(panels.explanation.wanted);
    EXPECT_FALSE(panels.explanation.wanted_apart);
    EXPECT_EQ(panels.layer.apart, (std::array<bool, kFieldCount>{}));
    EXPECT_FALSE(panels.diagram.ruler_axis);
    EXPECT_FALSE(panels.diagram.anchor_looked_at);
}

}  // namespace
}  // namespace convlens
