// The work is on the disk a moment after each change, and who loses it is told.
#include "app/session/autosave.h"

#include <atomic>
#include <cmath>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "app/document/file.h"
#include "app/document/presets.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

namespace fs = std::filesystem;

Document titled(const std::string& title) {
    Document document = first_document();
    document.title = title;
    return document;
}

// What a new start would find.
std::string kept_title(const TempFolder& folder) {
    try {
        return load_document(folder / "work.convlens").title;
    } catch (const std::exception&) {
        return "none";
    }
}

// Until it holds, or two seconds.
template <typename Condition>
bool soon(Condition condition) {
    for (int i = 0; i < 400 && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return condition();
}

TEST(Autosave, AnEditIsWrittenAtOnceAndADragHalfASecondLater) {
    const TempFolder folder;
    Autosave autosave(folder.path());
    autosave.begin(false);
    const Document one = titled("one"), two = titled("two"), three = titled("three");
    autosave.update({one, 1}, 10);
    EXPECT_TRUE(soon([&] { return kept_title(folder) == "one"; }));
    autosave.update({two, 2, true, false}, 20);
    EXPECT_DOUBLE_EQ(autosave.due(), 20.5);
    autosave.update({three, 3, true, false}, 20.4);
    EXPECT_DOUBLE_EQ(autosave.due(), 20.5);
    EXPECT_EQ(kept_title(folder), "one");
    autosave.update({three, 3, true, false}, 20.5);
    EXPECT_TRUE(soon([&] { return kept_title(folder) == "three"; }));
    EXPECT_TRUE(std::isinf(autosave.due())) << "nothing more to write";
}

TEST(Autosave, WhatIsNotWrittenYetIsWrittenAtTheEnd) {
    const TempFolder folder;
    {
        Autosave autosave(folder.path());
        autosave.begin(false);
        const Document document = titled("last");
        autosave.update({document, 1, true, false}, 10);
        autosave.finish({document, 1, true, false}, 10.1);
        EXPECT_EQ(kept_title(folder), "last");
    }
    Autosave again(folder.path());
    EXPECT_EQ(again.begin(false).document, titled("last"));
}

TEST(Autosave, AFailureIsToldOnceTriedAgainAndOver) {
    const TempFolder folder;
    const fs::path state = folder.write("state", "a file where a folder should be");
    std::atomic<int> wakes = 0;
    Autosave autosave(state, [&] { ++wakes; });
    autosave.begin(false);
    const Document document = titled("patient");
    autosave.update({document, 1}, 10);
    EXPECT_TRUE(soon([&] {
        autosave.update({document, 1}, 10.1);
        return !autosave.problem().empty();
    }));
    EXPECT_GT(wakes, 0) << "somebody has to say it";
    const auto news = autosave.take_news();
    ASSERT_TRUE(news);
    EXPECT_NE(english(*news).find("Autosave failed"), std::string::npos);
    EXPECT_FALSE(autosave.take_news());
    EXPECT_NEAR(autosave.due(), 11.1, 1e-9);
    fs::remove(state);
    autosave.update({document, 1}, 11.2);
    EXPECT_TRUE(soon([&] {
        autosave.update({document, 1}, 11.3);
        return autosave.problem().empty();
    })) << "without another change";
    EXPECT_EQ(load_document(state / "work.convlens").title, "patient");
    fs::remove_all(state);
    folder.write("state", "again");
    autosave.update({document, 2}, 20);
    EXPECT_TRUE(soon([&] {
        autosave.update({document, 2}, 20.1);
        return !autosave.problem().empty();
    })) << "it fails anew";
    EXPECT_TRUE(autosave.take_news());
    fs::remove(state);
    autosave.finish({document, 2}, 20.2);
    EXPECT_EQ(english(autosave.problem()), "") << "tried again on closing";
}

// A window sleeps until something wakes it or is due, and looks only then.
TEST(Autosave, EveryFailureWakesAndIsTriedAgainWithinTwoSeconds) {
    const TempFolder folder;
    const fs::path state = folder.write("state", "a file where a folder should be");
    std::atomic<int> wakes = 0;
    Autosave autosave(state, [&] { ++wakes; });
    autosave.begin(false);
    const Document document = titled("patient");
    double now = 10;
    autosave.update({document, 1}, now);
    for (int failures = 1; failures <= 4; ++failures) {
        int seen = 0;
        EXPECT_TRUE(soon([&] {
            if (const int woken = wakes; woken != std::exchange(seen, woken)) autosave.update({document, 1}, now);
            return !std::isinf(autosave.due());
        })) << failures;
        ASSERT_LE(autosave.due(), now + 2) << failures;
        now = autosave.due();
        wakes = 0;
        autosave.update({document, 1}, now);
    }
    fs::remove(state);
    EXPECT_TRUE(soon([&] { return wakes > 0; }));
    autosave.update({document, 1}, now);
    if (!std::isinf(autosave.due())) autosave.update({document, 1}, autosave.due());
    EXPECT_TRUE(soon([&] { return fs::exists(state / "work.convlens"); }));
}

TEST(Autosave, WithoutAFolderItIsSaidAtOnce) {
    Autosave autosave{fs::path()};
    EXPECT_FALSE(autosave.begin(false).document);
    EXPECT_NE(english(autosave.problem()), "");
    EXPECT_TRUE(autosave.take_news());
    EXPECT_FALSE(autosave.take_news());
    const Document document = titled("lost");
    autosave.update({document, 1}, 10);
    autosave.put_aside(document);
    autosave.finish({document, 1}, 11);
    EXPECT_NE(english(autosave.problem()), "");
}

TEST(Autosave, AReplacedWorkIsPutAsideBeforeTheNewOneIsWritten) {
    const TempFolder folder;
    Autosave autosave(folder.path());
    autosave.begin(false);
    autosave.put_aside(titled("before"));
    const Document after = titled("after");
    autosave.finish({after, 1}, 10);
    EXPECT_EQ(kept_title(folder), "after");
    const auto earlier = autosave.take_earlier();
    ASSERT_TRUE(earlier);
    ASSERT_EQ(earlier->size(), 1U);
    EXPECT_EQ(autosave.open(earlier->at(0).file), titled("before"));
}

TEST(Autosave, AWorkThatCannotBePutAsideIsNotWrittenOver) {
    const TempFolder folder;
    folder.write("earlier", "no folder");
    Autosave autosave(folder.path());
    autosave.begin(false);
    const Document before = titled("before"), after = titled("after");
    autosave.finish({before, 1}, 10);
    autosave.put_aside(before);
    autosave.finish({after, 2}, 11);
    EXPECT_EQ(kept_title(folder), "before");
    EXPECT_NE(english(autosave.problem()), "");
    fs::remove(folder.path() / "earlier");
    autosave.finish({after, 2}, 12);
    EXPECT_EQ(kept_title(folder), "after");
    EXPECT_EQ(english(autosave.problem()), "");
}

// The window's thread only copies the document: here the job waits for a lock, as it would for a slow disk.
TEST(Autosave, UpdatesDoNotWaitForTheDisk) {
    const TempFolder folder;
    Autosave autosave(folder.path());
    autosave.begin(false);
    const Document document = titled("patient");
    std::optional<FileLock> slow(std::in_place, folder / "works.lock", FileLock::Kind::exclusive,
                                 std::chrono::seconds(1));
    ASSERT_TRUE(*slow);
    const auto start = std::chrono::steady_clock::now();
    autosave.update({document, 1}, 10);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(500));
    EXPECT_EQ(kept_title(folder), "none");
    slow.reset();
    EXPECT_TRUE(soon([&] { return kept_title(folder) == "patient"; }));
}

}  // namespace
}  // namespace convlens
