// What the clipboard holds goes where it belongs, and nothing of the layer before stays over it.
#include "app/session/paste.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "app/document/file.h"
#include "app/document/presets.h"
#include "app/session/files.h"
#include "tests/app/environment.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

constexpr const char* kLayer = "nn.Conv2d(2, 3, (5, 4), stride=(2, 1), padding=(1, 2), bias=True)";

void paste_into(Session& session, std::string_view text) {
    paste(session, text);
    apply_edits(session);
}

std::string last_message(const Session& session) {
    return session.ui.messages.empty() ? "" : session.ui.messages.back().text();
}

std::string saved(const TempFolder& folder, const std::string& name, const std::string& preset) {
    save_document(*preset_document(preset), folder / name);
    return folder / name;
}

TEST(Paste, OpensFilesHoweverTheirNamesAreWritten) {
    const TempFolder folder;
    const std::string one = saved(folder, "one ы.convlens", "padding_strides");
    for (const std::string& text :
         {one, "'" + one + "'", "\"" + one + "\"", " " + one + "\r\n", "file://" + (folder / "one%20%D1%8B.convlens"),
          "file://localhost" + (folder / "one%20ы.convlens"), "copy\nfile://" + (folder / "one%20ы.convlens")}) {
        Session session(first_document());
        paste_into(session, text);
        EXPECT_EQ(session.file, one) << text;
        EXPECT_EQ(session.document(), *preset_document("padding_strides")) << text;
    }
}

TEST(Paste, OpensFilesAsShellsWriteThem) {
    const TempFolder folder;
    const std::string one = saved(folder, "my one.convlens", "padding_strides");
    const Environment home("HOME", folder.path().string());
    for (const std::string& text :
         {folder / "my\\ one.convlens", std::string("~/my one.convlens"), std::string("~/my\\ one.convlens")}) {
        Session session(first_document());
        paste_into(session, text);
        EXPECT_EQ(session.file, one) << text;
    }
}

TEST(Paste, OpensSeveralFilesAsDroppedOnesAre) {
    const TempFolder folder;
    const std::string one = saved(folder, "one.convlens", "padding_strides");
    const std::string two = saved(folder, "two.convlens", "no_padding_no_strides");
    for (const std::string& text :
         {one + "\n" + two, "'" + one + "'\n'" + two + "'\n", "file://" + one + "\r\nfile://" + two + "\r\n"}) {
        Session session(first_document());
        paste_into(session, text);
        EXPECT_EQ(session.document(), *preset_document("no_padding_no_strides")) << text;
        EXPECT_EQ(session.ui.settings.recent, (std::vector<std::string>{two, one})) << text;
    }
    Session session(first_document());
    paste_into(session, one + "\n" + (folder / "nix.png"));
    EXPECT_EQ(session.file, one);
    EXPECT_EQ(last_message(session), "nix.png: there is no such file.");
}

TEST(Paste, SaysThatAFileIsNotThere) {
    const TempFolder folder;
    for (const std::string& text : {folder / "nix.png", "'" + (folder / "nix.png") + "'",
                                    "file://" + (folder / "nix.png"), std::string("nix.png")}) {
        for (const Workspace workspace : {Workspace::grid, Workspace::photo}) {
            Document document = first_document();
            document.workspace = workspace;
            Session session(document);
            paste_into(session, text);
            EXPECT_EQ(last_message(session), "nix.png: there is no such file.") << text;
        }
    }
    Session session(first_document());
    paste_into(session, (folder / "nix.png") + "\n" + (folder / "nox.png"));
    EXPECT_EQ(last_message(session), "nix.png and nox.png: there are no such files.");
    paste_into(session, "// only a remark");
    EXPECT_TRUE(last_message(session).starts_with("No layer was taken from the clipboard: there is no layer"))
        << last_message(session);
    paste_into(session, "mxnet.gluon.nn.Conv2D(8, 3)");
    EXPECT_TRUE(last_message(session).starts_with(
        "No layer was taken from the clipboard: line 1, column 1: mxnet.gluon.nn.Conv2D is a layer of MXNet"))
        << last_message(session);
}

TEST(Paste, TakesWhatBelongsToTheOldLayerAway) {
    for (const char* text : {kLayer, "nn.Conv2d(1, 1, 3, stride=0)"}) {
        Session session(first_document());
        session.ui.panels.typed.push_back({"0 dilation h", "2.7", msg("2.7 is no whole number"), {2, 3}, 1});
        session.ui.panels.diagram.cell_edit = CellEdit{{.part = Part::input, .y = 1}, "4x", msg("no number")};
        session.ui.panels.explanation.wanted = Size2{4, 3};
        paste_into(session, text);
        EXPECT_TRUE(session.ui.panels.typed.empty()) << text;
        EXPECT_FALSE(session.ui.panels.diagram.cell_edit) << text;
        EXPECT_FALSE(session.ui.panels.explanation.wanted) << text;
    }
    Session session(first_document());
    session.ui.panels.typed.push_back({"0 dilation h", "2.7", msg("2.7 is no whole number"), {2, 3}, 1});
    paste_into(session, "milk, eggs, bread");
    EXPECT_EQ(session.ui.panels.typed.size(), 1U) << "nothing was pasted";
    open_preset(session, "padding_strides", verbatim("another"));
    EXPECT_TRUE(session.ui.panels.typed.empty());
}

TEST(Paste, TakesATitleThatIsNoLongerTrueAway) {
    Session session(first_document());
    ASSERT_EQ(session.document().title, "A first convolution");
    paste_into(session, kLayer);
    EXPECT_EQ(session.document().title, "");
    EXPECT_EQ(suggested_path(session, ".convlens"), "Untitled.convlens");
    undo(session);
    EXPECT_EQ(session.document().title, "A first convolution");

    Document both = *preset_document("conv2-xcorr2-conv2d");
    ASSERT_GT(both.panes.size(), 1U);
    both.panes[0].title = "the first", both.panes[1].title = "the second";
    Session several(both);
    several.ui.pane = 1;
    paste_into(several, kLayer);
    ASSERT_EQ(several.document().panes.size(), both.panes.size());
    EXPECT_EQ(several.document().panes[0].title, "the first");
    EXPECT_EQ(several.document().panes[1].title, "");
}

// As a preset does: Save must not write another layer over the file.
TEST(Paste, OfALayerLetsGoOfTheFile) {
    const TempFolder folder;
    for (const bool preset : {true, false}) {
        Session session(first_document());
        open_file(session, saved(folder, "mine.convlens", "padding_strides"));
        apply_edits(session);
        ASSERT_TRUE(session.named_and_saved());
        const Document mine = session.document();
        if (preset) {
            open_preset(session, "dilation", verbatim("dilation"));
        } else {
            paste_into(session, kLayer);
        }
        EXPECT_EQ(session.file, "") << preset;
        EXPECT_NE(session.document(), mine);
        EXPECT_EQ(session.unsaved(), !preset) << "what was pasted is in no file";
        const std::string named = english(shown_name(session));
        undo(session);
        EXPECT_EQ(session.document(), mine);
        EXPECT_EQ(session.file, folder / "mine.convlens") << "it is that file's document again";
        EXPECT_EQ(english(shown_name(session)), "mine.convlens");
        EXPECT_TRUE(session.named_and_saved());
        redo(session);
        EXPECT_EQ(session.file, "") << preset;
        EXPECT_EQ(english(shown_name(session)), named);
        EXPECT_EQ(session.unsaved(), !preset);
    }
}

// As it was when it was replaced: with changes that are not saved, and before that as it came.
TEST(Paste, UndoBringsTheFileBackWithWhatWasNotSaved) {
    const TempFolder folder;
    Session session(first_document());
    open_file(session, saved(folder, "mine.convlens", "padding_strides"));
    session.ui.edit(msg("title"), {}, [](Document& document) { document.title = "edited"; });
    apply_edits(session);
    paste_into(session, kLayer);
    paste_into(session, "nn.Conv2d(1, 1, 2)");
    undo(session);
    EXPECT_EQ(session.file, "") << "the first paste";
    EXPECT_TRUE(session.unsaved());
    undo(session);
    EXPECT_EQ(session.file, folder / "mine.convlens");
    EXPECT_FALSE(session.named_and_saved());
    EXPECT_TRUE(session.unsaved());
    undo(session);
    undo(session);
    EXPECT_EQ(session.document(), first_document());
    EXPECT_EQ(session.file, "");
    EXPECT_FALSE(session.unsaved()) << "as it came";
    for (int i = 0; i < 4; ++i) redo(session);
    EXPECT_EQ(session.file, "");
    undo(session);
    undo(session);
    EXPECT_EQ(session.file, folder / "mine.convlens");
    session.ui.edit(msg("title"), {}, [](Document& document) { document.title = "edited again"; });
    apply_edits(session);
    redo(session);
    EXPECT_EQ(session.document().title, "edited again") << "there is nothing to redo";
    EXPECT_TRUE(session.redo_provenance.empty());
    EXPECT_EQ(session.undo_provenance.size(), 1U);
}

bool tells(const Session& session, const std::string& words) {
    return std::ranges::any_of(session.ui.messages,
                               [&](const Notice& m) { return m.text().find(words) != std::string::npos; });
}

TEST(Paste, OfWhatIsNotAllowedIsNotCalledPasted) {
    for (const Workspace workspace : {Workspace::grid, Workspace::photo}) {
        Document document = first_document();
        document.workspace = workspace;
        Session session(document);
        paste_into(session, "nn.Conv2d(1, 1, 3, stride=0)");
        EXPECT_TRUE(session.ui.draft);
        EXPECT_FALSE(tells(session, "Pasted"));
        ASSERT_EQ(session.ui.messages.size(), 1U);
        EXPECT_TRUE(session.ui.messages[0].problem);
        EXPECT_TRUE(
            tells(session, "The pasted layer of PyTorch is not allowed: The stride must be at least 1; it is 0."))
            << last_message(session);
        EXPECT_EQ(session.document().workspace, Workspace::grid) << "where it is seen what is not allowed";
        undo(session);
        EXPECT_FALSE(session.ui.draft);
        EXPECT_FALSE(tells(session, "not allowed")) << "it is gone";
    }
}

TEST(Paste, NothingThatAnEarlierOneSaidStaysBesideALaterOne) {
    const TempFolder folder;
    const std::string one = saved(folder, "one.convlens", "padding_strides");
    const std::string picture = folder.write("p.pgm", "P5 2 2 255\nabcd");
    const std::string texts[] = {
        kLayer,
        "milk, eggs, bread",
        folder / "nix.png",
        "nn.Conv2d(1, 1, 3, stride=0)",
        picture,
        "0 1 0; 1 -4 1; 0 1 0",
        one,
        "",
    };
    for (const std::string& first : texts) {
        for (const std::string& second : texts) {
            Session session(first_document());
            paste_into(session, first);
            for (Notice& message : session.ui.messages) message.words = verbatim("said by the first");
            paste_into(session, second);
            EXPECT_LE(session.ui.messages.size(), 1U) << first << "; then: " << second;
            EXPECT_FALSE(tells(session, "said by the first")) << first << "; then: " << second;
        }
    }
}

TEST(Paste, NotesStandBehindEachOtherAsSentencesOrTheirParts) {
    Session session(first_document());
    paste_into(session,
               "helper.make_node('MaxPool', ['x'], ['y'], kernel_shape=[3, 3], dilations=[2, 2], "
               "auto_pad='SAME_UPPER')\nx = np.ones((1, 1, 9, 9))");
    const std::string said = last_message(session);
    EXPECT_TRUE(said.starts_with("Pasted a layer of ONNX: ONNX Runtime's SAME pooling pads")) << said;
    EXPECT_TRUE(said.ends_with(". The node's input x was taken to be the variable of that name")) << said;
    paste_into(session, "nn.Conv2d(3, 8, 3, bias=False)\nnn.ReLU()\nnn.Conv2d(8, 4, 3)");
    EXPECT_NE(last_message(session).find("; the text has 2 layers: "), std::string::npos) << last_message(session);
}

TEST(Paste, WhatIsUndoneIsNoLongerCalledPasted) {
    Session session(first_document());
    paste_into(session, "nn.Conv2d(1, 1, 3, bias=False)");
    ASSERT_TRUE(tells(session, "Pasted a layer of PyTorch"));
    undo(session);
    EXPECT_FALSE(tells(session, "Pasted")) << "though the shapes are the same";
    redo(session);
    set_workspace(session, Workspace::photo);
    apply_edits(session);
    paste_into(session, "0 1 0; 1 -4 1; 0 1 0");
    ASSERT_TRUE(tells(session, "Pasted a kernel"));
    undo(session);
    EXPECT_FALSE(tells(session, "Pasted"));
}

TEST(Paste, OfTheLayerThatIsThereKeepsTheFile) {
    const TempFolder folder;
    Session session(first_document());
    paste_into(session, kLayer);
    save_document(session.document(), folder / "same.convlens");
    open_file(session, folder / "same.convlens");
    paste_into(session, kLayer);
    EXPECT_EQ(session.file, folder / "same.convlens");
    EXPECT_TRUE(session.named_and_saved());
}

TEST(Paste, OverUnsavedWorkKeepsItAsideAndThePaneCurrent) {
    Session session(*preset_document("conv2-xcorr2-conv2d"));
    session.ui.pane = 1;
    session.ui.edit(msg("title"), {}, [](Document& document) { document.title = "mine"; });
    apply_edits(session);
    paste_into(session, kLayer);
    EXPECT_EQ(session.ui.pane, 1);
    ASSERT_EQ(session.replaced.size(), 1U);
    EXPECT_EQ(session.replaced[0].title, "mine");
}

TEST(Paste, WhatWasSaidOfAPastedLayerIsTakenBackWhenItsSettingsChange) {
    Session session(first_document());
    paste_into(session, "nn.Conv2d(1, 1, 3)");
    ASSERT_NE(last_message(session).find("Pasted a layer of PyTorch"), std::string::npos);
    session.ui.edit(msg("look"), {}, [](Document& d) { d.step_by = StepBy::product; });
    apply_edits(session);
    EXPECT_FALSE(session.ui.messages.empty()) << "it is still true";
    LayerShape shape = layer_shape(session.document().layers[0]);
    shape.input.h = shape.input.w = 9;
    propose(session.ui, session.document(), 0, shape, verbatim("input 9"), {});
    apply_edits(session);
    EXPECT_TRUE(session.ui.messages.empty()) << last_message(session);
}

}  // namespace
}  // namespace convlens
