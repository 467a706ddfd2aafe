// Works of several windows, the last five, and the tensors beside them.
#include "app/session/works.h"

#include <algorithm>
#include <chrono>

#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "app/document/blob_file.h"
#include "app/document/file.h"
#include "app/document/presets.h"
#include "core/io/error.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

namespace fs = std::filesystem;

Document titled(const std::string& title) {
    Document document = first_document();
    document.title = title;
    return document;
}

// A document with a tensor that is too large for JSON and has no generator.
Document large(double first) {
    Document document = titled("large");
    Layer& layer = document.layers.front();
    Tensor<double> input({1, 1, 70, 67});
    for (std::size_t i = 0; i < input.span().size(); ++i) input.span()[i] = first + static_cast<double>(i);
    layer.input = TensorRef(std::move(input));
    return document;
}

std::vector<std::string> titles(const Works& works) {
    std::vector<std::string> found;
    for (const EarlierWork& work : works.earlier()) found.push_back(english(work.title));
    return found;
}

std::ptrdiff_t blobs(const TempFolder& folder) {
    std::error_code code;
    return std::distance(fs::directory_iterator(folder.path() / "work-blobs", code), fs::directory_iterator());
}

// Files of one moment are in no order: they are told apart by seconds.
void age(const fs::path& file, int seconds) {
    fs::last_write_time(file, fs::last_write_time(file) - std::chrono::seconds(seconds));
}
void age_earlier(const TempFolder& folder, int seconds) {
    for (const auto& entry : fs::directory_iterator(folder.path() / "earlier")) age(entry.path(), seconds);
}

TEST(Works, TheWorkOfLastTimeComesBackWithItsMark) {
    const TempFolder folder;
    for (const bool unsaved : {true, false}) {
        Works(folder.path()).write(titled("mine"), unsaved);
        const Works::LastTime last = Works(folder.path()).restore();
        EXPECT_EQ(last.document, titled("mine"));
        EXPECT_EQ(last.unsaved, unsaved);
        EXPECT_EQ(english(last.problem), "");
    }
    save_document(titled("of an older version"), folder / "work.convlens");
    EXPECT_TRUE(Works(folder.path()).restore().unsaved);
}

TEST(Works, AFurtherWindowKeepsItsOwn) {
    const TempFolder folder;
    {
        Works first(folder.path()), second(folder.path()), third(folder.path());
        EXPECT_FALSE(first.is_further());
        EXPECT_EQ(second.place(), 2);
        EXPECT_EQ(third.place(), 3);
        first.write(titled("one"), true);
        EXPECT_FALSE(second.restore().document) << "it is open in the first";
        second.write(titled("two"), true);
        third.write(titled("three"), true);
        first.write(titled("one more"), true);
        EXPECT_TRUE(titles(first).empty()) << "they are being written";
    }
    Works again(folder.path());
    EXPECT_EQ(again.restore().document->title, "one more");
    std::vector<std::string> left = titles(again);
    std::ranges::sort(left);
    EXPECT_EQ(left, (std::vector<std::string>{"three", "two"}));
    for (const EarlierWork& work : again.earlier()) {
        EXPECT_TRUE(work.of_window);
        EXPECT_TRUE(work.news);
        EXPECT_EQ(again.open(work.file).title, english(work.title));
    }
}

TEST(Works, AListedWorkThatAWindowTookOverIsNotOpened) {
    const TempFolder folder;
    Works(folder.path()).write(titled("old"), true);
    Works fresh(folder.path());
    const fs::path file = fresh.earlier().at(0).file;
    EXPECT_TRUE(fresh.write(titled("new"), true)) << "the list has changed";
    EXPECT_FALSE(fresh.write(titled("newer"), true));
    EXPECT_NE(fresh.earlier().at(0).file, file);
    const Works second(folder.path());
    EXPECT_THROW(second.open(file), FileError) << "the first window writes it";
}

TEST(Works, AFurtherWindowsWorkThatIsElsewhereIsNotOffered) {
    const TempFolder folder;
    Works first(folder.path());
    Works(folder.path()).write(titled("of a file"), false);
    EXPECT_TRUE(first.earlier().empty());
}

TEST(Works, WhatAnotherWindowLeftIsNewsOnce) {
    const TempFolder folder;
    {
        Works first(folder.path());
        Works(folder.path()).write(titled("two"), true);
    }
    age(folder.path() / "work-2.convlens", 7);
    age(folder.path() / "works.lock", 9);
    EXPECT_TRUE(Works(folder.path()).earlier().at(0).news);
    EXPECT_FALSE(Works(folder.path()).earlier().at(0).news);
}

TEST(Works, TheNextFurtherWindowTakesAFreePlaceAndElsePutsAside) {
    const TempFolder folder;
    const Works first(folder.path());
    Works(folder.path()).write(titled("left in 2"), true);
    EXPECT_EQ(Works(folder.path()).place(), 3) << "nothing was left there";
    for (int place = 3; place <= 64; ++place)
        fs::copy_file(folder / "work-2.convlens", folder.path() / ("work-" + std::to_string(place) + ".convlens"));
    Works full(folder.path());
    EXPECT_EQ(full.place(), 2);
    full.write(titled("new in 2"), true);
    EXPECT_EQ(fs::exists(folder.path() / "earlier"), true);
    const std::vector<std::string> kept = titles(first);
    EXPECT_EQ(std::ranges::count(kept, "left in 2"), 63) << "62 in places, 1 put aside";
}

TEST(Works, AFreshStartPutsTheOldWorkAsideWithItsFirstWrite) {
    const TempFolder folder;
    Works(folder.path()).write(titled("old"), true);
    {
        Works fresh(folder.path());
        EXPECT_EQ(titles(fresh), std::vector<std::string>{"old"}) << "offered, and still in its place";
    }
    {
        Works fresh(folder.path());
        fresh.write(titled("new"), true);
        fresh.write(titled("newer"), true);
        EXPECT_EQ(titles(fresh), std::vector<std::string>{"old"});
    }
    EXPECT_EQ(Works(folder.path()).restore().document->title, "newer");
}

TEST(Works, TheLastFiveAreKept) {
    const TempFolder folder;
    Works works(folder.path());
    for (const char* title : {"1", "2", "3", "4", "5", "6", "7"}) {
        works.put_aside(titled(title));
        age_earlier(folder, 10);
    }
    EXPECT_EQ(titles(works), (std::vector<std::string>{"7", "6", "5", "4", "3"}));
    works.put_aside(titled("4"));
    EXPECT_EQ(titles(works), (std::vector<std::string>{"4", "7", "6", "5", "3"})) << "the same is not kept twice";
    works.write(titled("0"), true);
    EXPECT_EQ(works.earlier().size(), 5U) << "the present work is not among them";
}

TEST(Works, SaysWhatOfARestoredWorkCouldNotBeRead) {
    const TempFolder folder;
    Works(folder.path()).write(titled("old"), true);
    std::string text = folder.read("work.convlens");
    text.insert(text.find('{') + 1, "\"unknown_key\": 1,");
    folder.write("work.convlens", text);
    const Works::LastTime last = Works(folder.path()).restore();
    ASSERT_TRUE(last.document);
    EXPECT_EQ(last.document->title, "old");
    EXPECT_NE(english(last.problem).find("unknown_key: unknown, ignored, and not kept"), std::string::npos)
        << english(last.problem);
    Works(folder.path()).write(titled("whole"), true);
    EXPECT_EQ(english(Works(folder.path()).restore().problem), "") << "a whole work has nothing to tell";
}

TEST(Works, UnreadableOnesAreAllPutAside) {
    const TempFolder folder;
    for (const auto& [text, said] : {std::pair("{ not JSON", "it is not JSON (line 1, column 4)."),
                                     std::pair("[1, 2]", ""), std::pair("", "it is empty.")}) {
        folder.write("work.convlens", text);
        const Works::LastTime last = Works(folder.path()).restore();
        EXPECT_FALSE(last.document);
        EXPECT_NE(english(last.problem).find("could not be opened"), std::string::npos) << english(last.problem);
        EXPECT_NE(english(last.problem).find(said), std::string::npos) << english(last.problem);
    }
    EXPECT_EQ(folder.read("work-unreadable.convlens"), "{ not JSON");
    EXPECT_EQ(folder.read("work-unreadable-2.convlens"), "[1, 2]");
    EXPECT_EQ(folder.read("work-unreadable-3.convlens"), "");
    EXPECT_FALSE(fs::exists(folder.path() / "work.convlens"));
    folder.write("work.convlens", "damaged");
    Works(folder.path()).write(titled("fresh"), true);
    EXPECT_EQ(folder.read("work-unreadable-4.convlens"), "damaged") << "with --fresh, too";
}

TEST(Works, FoldersPipesAndHugeFilesAreSaidAndPutAside) {
    const TempFolder folder;
    const fs::path file = folder.path() / "work.convlens";
    fs::create_directory(file);
    EXPECT_NE(english(Works(folder.path()).restore().problem).find("folder"), std::string::npos);
    ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
    EXPECT_NE(english(Works(folder.path()).restore().problem).find("plain file"), std::string::npos);
    folder.write("work.convlens", "{}");
    fs::resize_file(file, std::uintmax_t{3} << 30);
    EXPECT_NE(english(Works(folder.path()).restore().problem).find("larger"), std::string::npos);
    fs::create_symlink(folder.path() / "nowhere", file);
    EXPECT_NE(english(Works(folder.path()).restore().problem), "");
    Works(folder.path()).write(titled("after all"), true);
    Works again(folder.path());
    EXPECT_EQ(again.restore().document->title, "after all");
    EXPECT_TRUE(again.earlier().empty()) << "what was put aside is no work";
    EXPECT_EQ(folder.entries(), 7) << "four of them, the work and two locks";
}

TEST(Works, WhatEndedTheProgramTwiceIsNotRestoredAThirdTime) {
    const TempFolder folder;
    Works(folder.path()).write(titled("deadly"), true);
    EXPECT_TRUE(Works(folder.path()).restore().document);
    EXPECT_TRUE(Works(folder.path()).restore().document);
    {
        Works third(folder.path());
        const Works::LastTime last = third.restore();
        EXPECT_FALSE(last.document);
        EXPECT_NE(english(last.problem).find("ended twice"), std::string::npos) << english(last.problem);
        EXPECT_EQ(titles(third), std::vector<std::string>{"deadly"});
    }
    Works(folder.path()).write(titled("harmless"), true);
    for (int i = 0; i < 5; ++i) {
        Works works(folder.path());
        EXPECT_TRUE(works.restore().document) << i;
        works.came_up();
    }
}

TEST(Works, LargeTensorsStandBesideAndGoWithTheLastWorkThatPointsToThem) {
    const TempFolder folder;
    Works works(folder.path());
    works.write(large(1), true);
    works.put_aside(large(1));
    works.write(large(2), true);
    works.tidy();
    EXPECT_EQ(blobs(folder), 2);
    works.write(large(3), true);
    EXPECT_EQ(blobs(folder), 3);
    works.tidy();
    EXPECT_EQ(blobs(folder), 2) << "the second's is needed by nobody";
    EXPECT_EQ(works.open(works.earlier().at(0).file), large(1));
    fs::remove_all(folder.path() / "earlier");
    works.tidy();
    EXPECT_EQ(blobs(folder), 1);
    EXPECT_FALSE(fs::exists(folder.path() / "blobs"));
}

TEST(Works, ATitleThatLooksLikeABlobsNameIsNone) {
    const TempFolder folder;
    Works works(folder.path());
    const Document document =
        titled(std::string(64, 'a') + " and " + to_hex(own_input(large(4).layers[0]).blob().hash));
    works.write(document, true);
    works.put_aside(document);
    EXPECT_EQ(works.open(works.earlier().at(0).file), document);
}

TEST(Works, BlobsDoNotPileUpWhileALargeTensorIsEdited) {
    const TempFolder folder;
    Works works(folder.path());
    for (int i = 0; i < 30; ++i) works.write(large(i), true);
    EXPECT_LE(blobs(folder), 10);
    EXPECT_EQ(works.open(folder.path() / "work.convlens"), large(29));
}

TEST(Works, BlobsOfOtherWindowsAndOfDamagedWorksStay) {
    const TempFolder folder;
    Works first(folder.path()), second(folder.path());
    first.write(large(1), true);
    second.write(large(2), true);
    first.write(titled("small"), true);
    folder.write("work-unreadable.convlens",
                 "{ \"sha256\": \"" + to_hex(own_input(large(1).layers[0]).blob().hash) + "\", …");
    first.tidy();
    EXPECT_EQ(blobs(folder), 2);
    fs::remove(folder.path() / "work-unreadable.convlens");
    first.tidy();
    EXPECT_EQ(blobs(folder), 1);
    {
        const FileLock writing(folder / "works.lock", FileLock::Kind::shared);
        second.write(titled("small"), true);
        first.tidy();
        EXPECT_EQ(blobs(folder), 1) << "another window is writing";
    }
    first.tidy();
    EXPECT_EQ(blobs(folder), 0);
}

TEST(Works, BlobsOfOlderVersionsAreReadAndNeverRemoved) {
    const TempFolder folder;
    const Document document = large(5);
    const fs::path old = folder.path() / "blobs";
    keep_blob(own_input(document.layers[0]).blob(), old);
    {
        const TempFolder elsewhere;
        Works(elsewhere.path()).write(document, true);
        fs::copy_file(elsewhere.path() / "work.convlens", folder.path() / "work.convlens");
    }
    Works works(folder.path());
    EXPECT_EQ(works.restore().document, document);
    works.write(titled("small"), true);
    works.tidy();
    EXPECT_EQ(blobs(folder), 0);
    EXPECT_EQ(std::distance(fs::directory_iterator(old), fs::directory_iterator()), 1);
}

TEST(Works, WritesThatWereCutOffAreRemovedAnHourLater) {
    const TempFolder folder;
    Works works(folder.path());
    age(folder.write(".work.convlens.0badf00d.part", "{"), 3700);
    folder.write(".work.convlens.0badcafe.part", "{");
    works.tidy();
    EXPECT_FALSE(fs::exists(folder.path() / ".work.convlens.0badf00d.part"));
    EXPECT_TRUE(fs::exists(folder.path() / ".work.convlens.0badcafe.part"));
}

TEST(Works, TitlesAreOneLine) {
    const TempFolder folder;
    Works works(folder.path());
    works.put_aside(titled("two\nlines \x1b[2J"));
    age_earlier(folder, 10);
    works.put_aside(titled(""));
    age_earlier(folder, 10);
    Document photo = titled("grid");
    photo.workspace = Workspace::photo;
    photo.photo.path = "/pictures/卷积 ы.png";
    works.put_aside(photo);
    EXPECT_EQ(titles(works), (std::vector<std::string>{"卷积 ы.png", "Untitled", "two lines  [2J"}));
}

TEST(Works, WithoutAFolderNothingIsKept) {
    Works works{fs::path()};
    EXPECT_FALSE(works.restore().document);
    EXPECT_TRUE(works.earlier().empty());
    EXPECT_THROW(works.write(first_document(), true), FileError);
    EXPECT_NO_THROW(works.tidy());
}

}  // namespace
}  // namespace convlens
