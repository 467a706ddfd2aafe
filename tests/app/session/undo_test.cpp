// What undo and redo do beside bringing a document back.
#include <gtest/gtest.h>

#include "app/document/presets.h"
#include "app/session/session.h"

namespace convlens {
namespace {

// Whoever looks at the photo does not expect the grid to come back.
TEST(Undo, TellsWhereItChangesBetweenGridAndPhoto) {
    Session session(first_document());
    session.ui.edit("stride", {}, [](Document& document) { document.layers[0].spec.stride = {2, 3}; });
    apply_edits(session);
    set_workspace(session, Workspace::photo);
    apply_edits(session);
    EXPECT_TRUE(session.ui.messages.empty());
    undo(session);
    EXPECT_EQ(session.document().workspace, Workspace::grid);
    ASSERT_EQ(session.ui.messages.size(), 1U);
    EXPECT_EQ(session.ui.messages[0].text(), "The grid is shown again. Ctrl+Y goes back.");
    redo(session);
    EXPECT_EQ(session.document().workspace, Workspace::photo);
    EXPECT_EQ(session.ui.messages.back().text(), "The photo is shown again. Ctrl+Z goes back.");
    undo(session);
    session.ui.messages.clear();
    undo(session);
    EXPECT_TRUE(session.ui.messages.empty()) << "the grid stays";
}

}  // namespace
}  // namespace convlens
