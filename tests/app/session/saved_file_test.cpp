// A document is written beside the window: what its end says belongs to that document, not to the one that has taken its
// place meanwhile.
#include <algorithm>

#include <gtest/gtest.h>

#include "app/document/presets.h"
#include "app/session/files.h"

namespace convlens {
namespace {

bool tells(const Session& session, const std::string& words) {
    return std::ranges::any_of(session.ui.messages,
                               [&](const Notice& m) { return m.text().find(words) != std::string::npos; });
}

// The document of a file, with an edit that is being saved there; then another document takes its place.
struct Replaced {
    Replaced() {
        session.file = "/p/first.convlens";
        session.ui.edit(msg("title"), {}, [](Document& d) { d.title = "edited"; });
        apply_edits(session);
        save_file(session, session.file);
        order = session.saves.at(0);
        replace_document(session, *preset_document("padding_strides"), verbatim("preset"));
    }
    Session session{first_document()};
    SaveOrder order;
};

TEST(SavedFile, TheDocumentThatTookThePlaceIsNotThatFiles) {
    Replaced now;
    saved_file(now.session, now.order, {.content = "new hash"}, {});
    EXPECT_EQ(now.session.file, "") << "Ctrl+S would write the preset over the first document";
    EXPECT_EQ(now.session.file_content, "");
    EXPECT_TRUE(tells(now.session, "Saved first.convlens"));
    EXPECT_EQ(now.session.ui.settings.recent.at(0), "/p/first.convlens");
}

TEST(SavedFile, UndoBringsBackADocumentThatIsSaved) {
    Replaced now;
    saved_file(now.session, now.order, {.content = "new hash"}, {});
    undo(now.session);
    EXPECT_EQ(now.session.document().title, "edited");
    EXPECT_EQ(now.session.file, "/p/first.convlens");
    EXPECT_EQ(now.session.file_content, "new hash");
    EXPECT_TRUE(now.session.named_and_saved());
    redo(now.session);
    EXPECT_EQ(now.session.file, "");
}

TEST(SavedFile, ADocumentThatWasEditedSinceIsNot) {
    Session session(first_document());
    save_file(session, "/p/first.convlens");
    const SaveOrder order = session.saves.at(0);
    session.ui.edit(msg("title"), {}, [](Document& d) { d.title = "edited"; });
    apply_edits(session);
    replace_document(session, *preset_document("padding_strides"), verbatim("preset"));
    saved_file(session, order, {.content = "hash"}, {});
    undo(session);
    EXPECT_EQ(session.file, "/p/first.convlens");
    EXPECT_FALSE(session.named_and_saved());
}

TEST(SavedFile, BroughtBackBeforeTheEndItIsTheFiles) {
    Replaced now;
    undo(now.session);
    saved_file(now.session, now.order, {.content = "new hash"}, {});
    EXPECT_EQ(now.session.file, "/p/first.convlens");
    EXPECT_EQ(now.session.file_content, "new hash");
}

TEST(SavedFile, AFileThatSomebodyElseChangedIsNotAskedAboutForAnotherDocument) {
    Replaced now;
    saved_file(now.session, now.order, {.content = "theirs", .changed = true}, {});
    EXPECT_FALSE(now.session.changed_file) << "Replace it would write the preset there";
    EXPECT_TRUE(tells(now.session,
                      "first.convlens was not saved: it was changed on the disk since it was opened here. "
                      "Ctrl+Z brings back the work that was to be saved"));
}

}  // namespace
}  // namespace convlens
