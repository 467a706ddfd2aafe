// What undo and redo do beside bringing a document back.
#include <gtest/gtest.h>

#include "app/document/presets.h"
#include "app/session/session.h"

namespace convlens {
namespace {

// Whoever looks at the photo does not expect the grid to come back.
TEST(Undo, TellsWhereItChangesBetweenGridAndPhoto) {
    Session session(first_document());
    session.ui.edit(msg("stride"), {}, [](Document& document) { document.layers[0].spec.stride = {2, 3}; });
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

void refuse_text(Session& session, const std::string& field) {
    session.ui.panels.typed.push_back({field, "abc", msg("abc is no number"), {}, 1});
}

void set_stride(Session& session, std::int64_t stride) {
    session.ui.edit(msg("stride"), {}, [stride](Document& document) {
        document.layers[0].spec.stride = {stride, stride};
    });
    apply_edits(session);
}

TEST(Undo, TakesARefusedTextBackThatWasTypedLast) {
    Session session(first_document());
    set_stride(session, 2);
    refuse_text(session, "0 dilation h");
    EXPECT_TRUE(undo_takes_draft(session));
    undo(session);
    EXPECT_TRUE(session.ui.panels.typed.empty()) << "the field shows the document's number";
    EXPECT_EQ(session.document().layers[0].spec.stride.h, 2) << "the edit before it stays";
    undo(session);
    EXPECT_EQ(session.document(), first_document());
    EXPECT_FALSE(can_undo(session));
    refuse_text(session, "0 dilation h");
    EXPECT_TRUE(can_undo(session)) << "also where there is nothing else to take back";
    undo(session);
    EXPECT_TRUE(session.ui.panels.typed.empty());
}

TEST(Undo, LeavesNoRefusedTextBesideADraftOrAnEditThatItTakesBack) {
    Session session(first_document());
    refuse_text(session, "0 dilation h");
    LayerShape shape = layer_shape(session.document().layers[0]);
    shape.spec.kernel = {9, 9};
    propose(session.ui, session.document(), 0, shape, verbatim("kernel"), {});
    ASSERT_TRUE(session.ui.draft);
    undo(session);
    EXPECT_FALSE(session.ui.draft);
    EXPECT_TRUE(session.ui.panels.typed.empty());

    refuse_text(session, "0 dilation h");
    set_stride(session, 2);
    EXPECT_FALSE(undo_takes_draft(session)) << "the stride came after it";
    undo(session);
    EXPECT_EQ(session.document(), first_document());
    EXPECT_TRUE(session.ui.panels.typed.empty());
    refuse_text(session, "0 dilation h");
    redo(session);
    EXPECT_EQ(session.document().layers[0].spec.stride.h, 2);
    EXPECT_TRUE(session.ui.panels.typed.empty());
}

TEST(Undo, TakesBackWhatWasRefusedInThePhotoOnlyWhereThatIsSeen) {
    Session session(first_document());
    session.ui.panels.photo.kernel_text_reason = msg("the second row has 1 number");
    refuse_text(session, "photo 0 divisor");
    EXPECT_FALSE(can_undo(session)) << "the grid shows none of it";
    Document document = first_document();
    document.workspace = Workspace::photo;
    Session photo(document);
    photo.ui.panels.photo.kernel_text_reason = msg("the second row has 1 number");
    EXPECT_TRUE(can_undo(photo));
    undo(photo);
    EXPECT_TRUE(photo.ui.panels.photo.kernel_text_reason.empty());
    EXPECT_FALSE(can_undo(photo));
}

}  // namespace
}  // namespace convlens
