// The window's title and the panes' name what is shown.
#include <gtest/gtest.h>

#include "app/document/presets.h"
#include "app/session/files.h"
#include "app/session/session.h"
#include "app/words/words.h"

namespace convlens {
namespace {

TEST(ShownName, IsThePhotoWhileThePhotoIsShown) {
    Session session(first_document());
    EXPECT_EQ(english(shown_name(session)), "A first convolution");
    EXPECT_EQ(in(Lang::chinese, shown_name(session)), "第一个卷积");
    session.ui.edit(msg("open"), {}, [](Document& document) {
        document.workspace = Workspace::photo;
        document.photo.path = "/pictures/ü cat.jpg";
    });
    apply_edits(session);
    EXPECT_EQ(english(shown_name(session)), "ü cat.jpg");
    session.file = "/documents/mine.convlens";
    EXPECT_EQ(english(shown_name(session)), "ü cat.jpg (mine.convlens)");
    session.ui.edit(msg("sample"), {}, [](Document& document) { document.photo.path.clear(); });
    apply_edits(session);
    EXPECT_EQ(english(shown_name(session)), "Sample image (mine.convlens)");
    set_workspace(session, Workspace::grid);
    apply_edits(session);
    EXPECT_EQ(english(shown_name(session)), "mine.convlens");
}

TEST(ShownName, APaneLosesATitleThatAnEditMakesUntrueAndUndoBringsItBack) {
    Session session(first_document());
    ASSERT_EQ(session.document().panes[0].title, "conv2d(a, b)");
    session.ui.edit(msg("stride"), {}, [](Document& document) { document.layers[0].spec.stride = {2, 3}; });
    apply_edits(session);
    EXPECT_EQ(session.document().panes[0].title, "");
    undo(session);
    EXPECT_EQ(session.document().panes[0].title, "conv2d(a, b)");
    session.ui.edit(msg("by product"), {}, [](Document& document) { document.step_by = StepBy::product; });
    apply_edits(session);
    EXPECT_EQ(session.document().panes[0].title, "conv2d(a, b)");
}

}  // namespace
}  // namespace convlens
