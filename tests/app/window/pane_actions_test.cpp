// What keys do to the current pane: they go through what it shows, and say why where they can do nothing.
#include "app/window/pane_actions.h"

#include <gtest/gtest.h>

#include "app/document/compare.h"
#include "app/document/presets.h"
#include "app/window/actions.h"

namespace convlens {
namespace {

void press(Session& session, std::string_view id) {
    if (is_enabled(action(id), session)) action(id).run(session);
    apply_edits(session);
}

// Two batch items, four input channels in two groups, six output channels.
Session many_channels() {
    Document document = first_document();
    ConvSpec spec;
    spec.kernel = {3, 3};
    spec.out_channels = 6;
    spec.groups = 2;
    document.layers = {new_layer({spec, {2, 4, 5, 5}, {}, {}}, false)};
    return Session(document);
}

TEST(PaneActions, KeysGoThroughOutputChannelsInputChannelsAndBatchItems) {
    Session session = many_channels();
    session.ui.presenter = true;
    press(session, "c_out.next");
    EXPECT_EQ(session.document().panes[0].slice.c_out, 1);
    press(session, "c_out.back");
    press(session, "c_out.back");
    EXPECT_EQ(session.document().panes[0].slice.c_out, 5) << "round and round";
    press(session, "c_in.next");
    EXPECT_EQ(session.document().panes[0].slice.c_in, 1);
    press(session, "c_in.next");
    EXPECT_EQ(session.document().panes[0].slice.c_in, 0) << "a group has two";
    press(session, "n.back");
    EXPECT_EQ(session.document().panes[0].slice.n, 1);
    for (const char* id : {"c_out.next", "c_out.back", "c_in.next", "c_in.back", "n.next", "n.back"}) {
        EXPECT_FALSE(key_text(action(id)).empty()) << id;
        EXPECT_FALSE(is_enabled(action(id), Session(first_document()))) << id << ": there is only one";
    }
}

TEST(PaneActions, TheyAreThoseOfTheCurrentPane) {
    Session session = many_channels();
    press(session, "compare");
    ASSERT_EQ(session.ui.pane, 1);
    press(session, "c_out.next");
    EXPECT_EQ(session.document().panes[0].slice.c_out, 0);
    EXPECT_EQ(session.document().panes[1].slice.c_out, 1);
}

TEST(PaneActions, AnInputChannelThatThePlayChoosesIsExplained) {
    Session session = many_channels();
    session.ui.edit(msg("step"), {}, [](Document& d) { d.step_by = StepBy::channel; });
    apply_edits(session);
    session.ui.playhead = {1, 0};
    press(session, "c_in.next");
    EXPECT_EQ(session.document().panes[0].slice.c_in, 0);
    ASSERT_EQ(session.ui.messages.size(), 1U);
    EXPECT_NE(session.ui.messages[0].text().find("step one output at a time (B)"), std::string::npos);
}

TEST(PaneActions, AFourthPaneIsRefusedWithTheWayOut) {
    Session session(first_document());
    for (std::size_t i = 0; i < kMostPanes - 1; ++i) press(session, "compare");
    ASSERT_EQ(session.document().panes.size(), kMostPanes);
    EXPECT_TRUE(session.ui.messages.empty());
    press(session, "compare");
    EXPECT_EQ(session.document().panes.size(), kMostPanes);
    ASSERT_EQ(session.ui.messages.size(), 1U);
    EXPECT_EQ(session.ui.messages[0].text(),
              "3 panes are open, as many as stand side by side. Close one with its × or Shift+C, then compare again.");
    press(session, "pane.close");
    press(session, "compare");
    EXPECT_EQ(session.document().panes.size(), kMostPanes);
    EXPECT_TRUE(session.ui.messages.empty()) << "it is no longer so";
}

TEST(PaneActions, ACopyThatIsTooLargeIsRefusedWithTheWayOut) {
    Document document = first_document();
    ConvSpec spec;
    document.layers = {new_layer({spec, {1, 1, 4200, 4200}, {}, {}}, false)};
    ASSERT_FALSE(can_compare(document));
    EXPECT_EQ(english(compare_refusal(document)),
              "A copy of the layer would be more than the 33554432 numbers that a document holds. Take a smaller input "
              "or fewer channels, then compare again.");
}

}  // namespace
}  // namespace convlens
