// What is said of files that are not there, and which name and folder a dialog begins with.
#include "app/session/files.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "app/document/file.h"
#include "app/document/presets.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

std::string suggested(const std::string& path, const std::vector<std::string>& filters) {
    Document document = first_document();
    document.photo.path = path;
    for (const std::string& name : filters) {
        FilterStep step;
        step.name = name;
        document.photo.chain.push_back(step);
    }
    return suggested_photo_path(Session(document));
}

TEST(OpenFiles, OpensWhatIsThereAndNamesAllThatIsNot) {
    const TempFolder folder;
    Document document = *preset_document("padding_strides");
    document.title = "of a file";
    save_document(document, folder / "there.convlens");
    Session session(first_document());
    open_files(session, {folder / "a.png", folder / "there.convlens", folder / "B.jpg"});
    EXPECT_EQ(session.document().title, "of a file");
    ASSERT_EQ(session.ui.messages.size(), 1U);
    EXPECT_EQ(session.ui.messages[0].text(), "a.png and B.jpg: there are no such files.");
    EXPECT_TRUE(session.ui.messages[0].problem);
    open_files(session, {folder / "one.npy"});
    EXPECT_EQ(session.ui.messages.back().text(), "one.npy: there is no such file.");
    std::vector<std::string> many;
    for (int i = 1; i <= 9; ++i) many.push_back(folder / (std::to_string(i) + ".png"));
    open_files(session, many);
    ASSERT_EQ(session.ui.messages.size(), 1U);
    EXPECT_EQ(session.ui.messages[0].text(),
              "1.png, 2.png, 3.png, 4.png, 5.png, 6.png and 3 more: there are no such files.");
}

std::vector<std::string> told(const Session& session) {
    std::vector<std::string> texts;
    for (const Notice& message : session.ui.messages) texts.push_back(message.text());
    return texts;
}

TEST(OpenFiles, ATextFileIsTakenAsPastedCode) {
    const TempFolder folder;
    folder.write("code.py", "conv = nn.Conv2d(1, 1, 5, stride=2)\n");
    folder.write("letter.txt", "Dear reader, there is no layer here.\n");
    Session session(first_document());
    open_files(session, {folder / "code.py"});
    EXPECT_EQ(session.document().layers[0].spec.kernel, (Size2{5, 5}));
    EXPECT_EQ(session.document().layers[0].spec.stride, (Size2{2, 2}));
    ASSERT_FALSE(told(session).empty());
    EXPECT_TRUE(told(session).back().starts_with("code.py: Pasted a layer of PyTorch")) << told(session).back();
    const Document before = session.document();
    open_files(session, {folder / "letter.txt"});
    EXPECT_EQ(session.document(), before);
    ASSERT_EQ(told(session).size(), 1U);
    EXPECT_TRUE(told(session)[0].starts_with("letter.txt: no layer was found in this text file")) << told(session)[0];
}

TEST(OpenFiles, ACaseBecomesTheLayer) {
    const TempFolder folder;
    folder.write("cases.json", R"({"cases": [
        {"name": "a", "source": "torch 2.13.0", "op": "conv",
         "params": {"kernel": [2, 2], "stride": [1, 1], "dilation": [1, 1], "pads": [0, 0, 0, 0], "groups": 1},
         "input": {"shape": [1, 1, 2, 3], "data": [1, 2, 3, 4, 5, 6]},
         "weight": {"shape": [1, 1, 2, 2], "data": [1, 0, 0, -1]}, "bias": null}]})");
    Session session(first_document());
    open_files(session, {folder / "cases.json"});
    const Layer& layer = session.document().layers[0];
    EXPECT_EQ(layer.spec.kernel, (Size2{2, 2}));
    EXPECT_EQ(input_shape(layer), (Shape4{1, 1, 2, 3}));
    EXPECT_EQ(layer.weight->at(0, 0, 1, 1), -1);
    ASSERT_FALSE(told(session).empty());
    EXPECT_EQ(told(session).back(), "cases.json: Pasted a layer of torch 2.13.0");
}

TEST(OpenFiles, SaysThatADocumentHasMorePanesThanAreShown) {
    const TempFolder folder;
    Document document = first_document();
    document.panes.resize(5, document.panes.front());
    save_document(document, folder / "five.convlens");
    Session session(first_document());
    open_files(session, {folder / "five.convlens"});
    EXPECT_EQ(session.document().panes.size(), 5U);
    EXPECT_EQ(told(session), std::vector<std::string>{
                                 "five.convlens: the document has 5 panes; the first 3 are shown, the others stay "
                                 "in it unseen"});
}

TEST(OpenFiles, ManyNotesAreCounted) {
    const TempFolder folder;
    const auto open = [&](const std::string& keys) {
        folder.write("a.convlens", "{\"convlens\": 1" + keys + "}");
        Session session(first_document());
        open_files(session, {folder / "a.convlens"});
        return told(session);
    };
    EXPECT_EQ(
        open(R"(, "colour": 1)"),
        std::vector<std::string>{"a.convlens: colour: unknown, ignored, and not kept when the document is saved"});
    const std::vector<std::string> five = open(R"(, "a": 1, "b": 1, "c": 1, "d": 1, "e": 1)");
    ASSERT_EQ(five.size(), 4U);
    EXPECT_EQ(five[2], "a.convlens: c: unknown, ignored, and not kept when the document is saved");
    EXPECT_EQ(five[3], "a.convlens: 2 more notes like these; “convlens info” lists all of them");
}

TEST(StartFolder, IsThatOfWhatIsShownElseOfTheFileThatWasUsedLast) {
    const TempFolder folder;
    for (const char* name : {"documents", "photos", "used"}) std::filesystem::create_directory(folder / name);
    Session session(first_document());
    EXPECT_EQ(start_folder(session), "");
    session.ui.settings.recent = {"/no such folder/a.npy", folder / "used/b.npy"};
    EXPECT_EQ(start_folder(session), folder / "used") << "of those that are still there";
    session.file = folder / "documents/a.convlens";
    EXPECT_EQ(start_folder(session), folder / "documents");
    session.ui.edit(msg("photo"), {}, [&](Document& document) {
        document.workspace = Workspace::photo;
        document.photo.path = folder / "photos/a.png";
    });
    apply_edits(session);
    EXPECT_EQ(start_folder(session), folder / "photos");
    session.ui.edit(msg("sample"), {}, [&](Document& document) { document.photo.path.clear(); });
    apply_edits(session);
    EXPECT_EQ(start_folder(session), folder / "documents") << "the sample has no folder";
}

TEST(SuggestedPhoto, IsInThePhotosFolderAndNamesTheFilters) {
    EXPECT_EQ(suggested("/pictures/at sea/photo.png", {"sobel_x"}), "/pictures/at sea/photo sobel_x.png");
    EXPECT_EQ(suggested("/p/photo.JPG", {"sobel_x", "box"}), "/p/photo sobel_x box.png");
    EXPECT_EQ(suggested("/p/a.b.tga", {"custom"}), "/p/a.b custom.png");
    EXPECT_EQ(suggested("/p/海.png", {"emboss"}), "/p/海 emboss.png");
    EXPECT_EQ(suggested("/photo.png", {"box"}), "/photo box.png");
    EXPECT_EQ(suggested("", {"laplacian"}), "sample laplacian.png");
}

TEST(SuggestedPhoto, EndsInAFormatThatHoldsTheSamples) {
    Document document = first_document();
    document.photo.path = "/p/bright.hdr";
    FilterStep step;
    step.name = "sharpen";
    document.photo.chain = {step};
    const Session session(document);
    EXPECT_EQ(suggested_photo_path(session, Depth::u8), "/p/bright sharpen.png");
    EXPECT_EQ(suggested_photo_path(session, Depth::u16), "/p/bright sharpen.png");
    EXPECT_EQ(suggested_photo_path(session, Depth::f32), "/p/bright sharpen.tif");
    EXPECT_EQ(suggested_photo_path(session, Depth::s16), "/p/bright sharpen.npy");
}

TEST(SuggestedPhoto, IsNeverThePhotosOwnName) {
    EXPECT_EQ(suggested("/p/photo.png", {}), "/p/photo copy.png");
    EXPECT_EQ(suggested("/p/photo.jpg", {}), "/p/photo copy.png");
    EXPECT_EQ(suggested("/p/photo.png", {""}), "/p/photo copy.png");
    EXPECT_EQ(suggested("/p/photo.png", {"//"}), "/p/photo copy.png");
}

TEST(SuggestedPhoto, HasNothingThatAFileSystemRefuses) {
    EXPECT_EQ(suggested("/p/a.png", {"gaussian:sigma=2,size=7"}), "/p/a gaussian sigma=2 size=7.png");
    EXPECT_EQ(suggested("/p/a.png", {"../../etc/x\n*?"}), "/p/a .. .. etc x.png");
    const std::string many =
        suggested("/p/" + std::string(100, 'a') + "é.png", std::vector<std::string>(40, "scharr_y"));
    EXPECT_LE(many.size(), 3 + 200 + 4U);
    EXPECT_TRUE(many.ends_with(".png"));
    // Cut between characters, not in one.
    std::string wide = "/p/";
    for (int i = 0; i < 90; ++i) wide += "é";
    EXPECT_EQ(suggested(wide + ".png", {"box"}), wide.substr(0, 3 + 120) + " box.png");
    EXPECT_EQ(suggested("/p/a" + wide.substr(3) + ".png", {"box"}), "/p/a" + wide.substr(3, 118) + " box.png");
}

// As after a photo was replaced by its own result: at the next start the filter would go over it once more, unsaid.
TEST(PhotoWasRead, TellsWhereTheFilterWasChosenForAnotherPicture) {
    Document document = first_document();
    document.photo.path = "/p/a.png";
    document.photo.chain.resize(1);
    Session session(document);
    session.saved_changes = session.changes;
    photo_was_read(session, "/p/other.png", "0a");  // what was asked for before
    EXPECT_EQ(session.document().photo.content, "");
    photo_was_read(session, "/p/a.png", "0a");
    EXPECT_EQ(session.document().photo.content, "0a");
    EXPECT_FALSE(session.history.can_undo()) << "found out, not chosen";
    EXPECT_EQ(session.saved_changes, session.changes) << "nor is it work";
    EXPECT_TRUE(session.ui.messages.empty());

    for (int frame = 0; frame < 2; ++frame) photo_was_read(session, "/p/a.png", "0b");
    ASSERT_EQ(session.ui.messages.size(), 1U);
    EXPECT_NE(session.ui.messages.front().text().find("“a.png” is not the picture any more"), std::string::npos);
    EXPECT_EQ(session.document().photo.content, "0b");
    EXPECT_NE(session.saved_changes, session.changes);

    session.ui.messages.clear();
    session.ui.edit(msg("no filter"), {}, [](Document& changed) { changed.photo.chain.clear(); });
    apply_edits(session);
    photo_was_read(session, "/p/a.png", "0c");
    EXPECT_TRUE(session.ui.messages.empty()) << "nothing goes over it";
}

}  // namespace
}  // namespace convlens
