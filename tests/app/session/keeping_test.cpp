// What outlives the window, as its session meets it: nothing is replaced without a copy, and what is
// not kept is said.
#include "app/session/keeping.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include "app/document/file.h"
#include "app/document/json_reader.h"
#include "app/document/presets.h"
#include "app/session/files.h"
#include "app/words/words.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

// A window without its window: from start to end.
struct Sitting {
    explicit Sitting(const TempFolder& folder, bool fresh = false)
        : keeping(folder.path(), folder.path(), {}), session(keeping.first_work(fresh)) {
        keeping.greet(session);
    }
    ~Sitting() { keeping.finish(session, 1e6); }
    Sitting(const Sitting&) = delete;
    Sitting& operator=(const Sitting&) = delete;

    void frame() {
        apply_edits(session);
        keeping.open_wanted(session);
        keeping.write_saves(session);
        keeping.update(session, true, now += 0.1);
    }
    void rename(const std::string& title) {
        session.ui.edit(msg("title"), {}, [title](Document& document) { document.title = title; });
        frame();
    }
    template <typename Condition>
    bool soon(Condition condition) {
        for (int i = 0; i < 400 && !condition(); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            frame();
        }
        return condition();
    }
    bool tells(const std::string& words) const {
        return std::ranges::any_of(session.ui.messages,
                                   [&](const Notice& m) { return m.text().find(words) != std::string::npos; });
    }
    std::vector<std::string> earlier() const {
        std::vector<std::string> titles;
        for (const EarlierWork& work : session.earlier) titles.push_back(english(work.title));
        return titles;
    }
    bool lists(const std::vector<std::string>& titles) {
        return soon([&] { return earlier() == titles; });
    }
    std::string title() const { return session.document().title; }

    Keeping keeping;
    Session session;
    double now = 0;
};

TEST(Keeping, AFreshStartAndOneEditLeaveTheOldWorkToBeChosen) {
    const TempFolder folder;
    Sitting(folder).rename("hours of work");
    Sitting(folder, true).rename("one edit");
    Sitting run(folder);
    EXPECT_EQ(run.title(), "one edit");
    ASSERT_TRUE(run.lists({"hours of work"}));
    run.session.wanted_earlier = run.session.earlier.front().file;
    run.frame();
    EXPECT_EQ(run.title(), "hours of work");
    undo(run.session);
    EXPECT_EQ(run.title(), "one edit") << "choosing is undoable";
}

TEST(Keeping, AFreshStartWithoutAnEditChangesNothing) {
    const TempFolder folder;
    Sitting(folder).rename("hours of work");
    { Sitting run(folder, true); }
    EXPECT_EQ(Sitting(folder).title(), "hours of work");
}

TEST(Keeping, AFileOpenedOverUnsavedWorkLeavesACopyOfIt) {
    const TempFolder folder;
    Document document = *preset_document("no_padding_no_strides");
    document.title = "of a file";
    save_document(document, folder / "file.json");
    {
        Sitting run(folder);
        run.rename("unsaved");
        open_file(run.session, folder / "file.json");
        run.frame();
    }
    Sitting run(folder);
    EXPECT_EQ(run.title(), "of a file");
    EXPECT_TRUE(run.lists({"unsaved"}));
}

TEST(Keeping, ChoosingAnEarlierWorkKeepsWhatWasThere) {
    const TempFolder folder;
    Sitting run(folder);
    run.rename("a");
    replace_document(run.session, first_document(), verbatim("new"));
    run.frame();
    ASSERT_TRUE(run.lists({"a"}));
    run.rename("b");
    run.session.wanted_earlier = run.session.earlier.front().file;
    run.frame();
    EXPECT_EQ(run.title(), "a");
    ASSERT_TRUE(run.soon([&] { return run.session.earlier.size() == 2; }));
    replace_document(run.session, first_document(), verbatim("new"));
    run.frame();
    run.rename("c");
    EXPECT_EQ(run.session.earlier.size(), 2U) << "a is kept already";
}

TEST(Keeping, WhatIsNoWorkYetOrHasANameTakesNoPlaceAmongTheFive) {
    const TempFolder folder;
    {
        Sitting run(folder);
        for (const char* preset : {"no_padding_strides", "padding_strides", "no_padding_no_strides"})
            open_preset(run.session, preset, verbatim(preset));
        run.rename("saved");
        save_file(run.session, folder / "saved.json");
        EXPECT_TRUE(run.soon([&] { return run.session.named_and_saved(); }));
        open_preset(run.session, "padding_strides", verbatim("another"));
    }
    Sitting run(folder);
    open_preset(run.session, "no_padding_strides", verbatim("a third"));
    run.rename("mine");
    replace_document(run.session, first_document(), verbatim("new"));
    run.frame();
    EXPECT_TRUE(run.lists({"mine"}));
}

TEST(Keeping, TheSecondWindowSaysSoAndItsWorkIsOfferedAtTheNextStart) {
    const TempFolder folder;
    {
        Sitting first(folder);
        first.rename("of the first");
        Sitting second(folder);
        EXPECT_FALSE(first.tells("open in another window"));
        EXPECT_TRUE(second.tells("open in another window"));
        EXPECT_EQ(second.session.document(), first_document());
        second.rename("of the second");
        first.rename("of the first, later");
    }
    Sitting run(folder);
    EXPECT_EQ(run.title(), "of the first, later");
    EXPECT_TRUE(run.soon([&] { return run.tells("of the second"); })) << "said without being asked";
    EXPECT_TRUE(run.lists({"of the second"}));
    run.session.wanted_earlier = run.session.earlier.front().file;
    run.frame();
    EXPECT_EQ(run.title(), "of the second");
}

TEST(Keeping, ASecondWindowSaysNothingWhereThereIsNoWorkYet) {
    const TempFolder folder;
    const Sitting first(folder), second(folder);
    EXPECT_FALSE(second.tells("open in another window"));
}

TEST(Keeping, WhatCouldNotBeWrittenIsNoLongerSaidOnceItIs) {
    namespace fs = std::filesystem;
    const TempFolder folder;
    const fs::path state = folder.write("state", "a file where a folder should be");
    Keeping keeping(state, folder.path(), {});
    Session session(keeping.first_work(false));
    keeping.greet(session);
    double now = 0;
    const auto told = [&](const std::string& words) {
        return std::ranges::any_of(session.ui.messages,
                                   [&](const Notice& m) { return m.text().find(words) != std::string::npos; });
    };
    const auto soon = [&](const auto& condition) {
        for (int i = 0; i < 400 && !condition(); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            keeping.update(session, true, now += 0.5);
        }
        return condition();
    };
    session.ui.edit(msg("title"), {}, [](Document& document) { document.title = "to be kept"; });
    apply_edits(session);
    keeping.write_settings("settings", [] { throw std::runtime_error("the disk is full"); });
    const auto all = [&] {
        std::string texts;
        for (const Notice& message : session.ui.messages) texts += message.text() + "\n";
        return texts;
    };
    EXPECT_TRUE(soon([&] { return told("Autosave failed") && told("Settings are not being kept"); })) << all();
    fs::remove(state);
    EXPECT_TRUE(soon([&] { return !told("Autosave failed"); }));
    EXPECT_TRUE(told("Settings are not being kept")) << "they are not written again yet";
    keeping.write_settings("layout", [] {});
    keeping.write_settings("settings", [] {});
    EXPECT_TRUE(soon([&] { return !told("Settings are not being kept"); }));
    keeping.write_settings("settings", [] { throw std::runtime_error("the disk is full again"); });
    EXPECT_TRUE(soon([&] { return told("the disk is full again"); }));
    keeping.finish(session, now);
}

TEST(Keeping, WithoutFoldersItIsSaidAndShown) {
    Keeping keeping({}, {}, {});
    Session session(keeping.first_work(false));
    keeping.greet(session);
    ASSERT_EQ(session.ui.messages.size(), 2U);
    EXPECT_NE(session.ui.messages[0].text().find("Autosave failed"), std::string::npos);
    EXPECT_NE(session.ui.messages[1].text().find("settings are not being kept"), std::string::npos);
    EXPECT_TRUE(session.ui.messages[0].problem);
    EXPECT_EQ(english(keeping.status()), "not saved automatically");
    session.ui.messages.clear();
    keeping.update(session, true, 1);
    EXPECT_TRUE(session.ui.messages.empty()) << "once";
    EXPECT_EQ(english(keeping.status()), "not saved automatically");
    const TempFolder folder;
    EXPECT_EQ(english(Sitting(folder).keeping.status()), "");
    EXPECT_TRUE(Sitting(folder).session.ui.messages.empty());
}

TEST(Keeping, ADocumentIsSavedAsItWasWhenThatWasAskedFor) {
    const TempFolder folder;
    Sitting run(folder);
    run.rename("as asked");
    save_file(run.session, folder / "a.json");
    run.rename("edited since");
    ASSERT_TRUE(run.soon([&] { return run.tells("Saved a.json"); }));
    EXPECT_EQ(load_document(folder / "a.json").title, "as asked");
    EXPECT_EQ(run.session.file, folder / "a.json");
    EXPECT_FALSE(run.session.named_and_saved());
    save_file(run.session, folder / "no/such/folder.json");
    ASSERT_TRUE(run.soon([&] { return run.tells("folder.json was not saved"); }));
    EXPECT_EQ(run.session.file, folder / "a.json") << "it goes on where it can be written";
}

TEST(Keeping, ADocumentThatIsBeingSavedIsThereAtTheEnd) {
    const TempFolder folder;
    Sitting run(folder);
    run.rename("in a hurry");
    save_file(run.session, folder / "a.json");
    save_file(run.session, folder / "no/such/folder.json");
    const Keeping::LastWrite last = run.keeping.finish(run.session, 100);
    EXPECT_EQ(load_document(folder / "a.json").title, "in a hurry");
    ASSERT_EQ(last.lost.size(), 1U);
    EXPECT_TRUE(english(last.lost[0]).starts_with((folder / "no/such/folder.json") + " was not saved: "))
        << english(last.lost[0]);
    EXPECT_NE(in(Lang::chinese, last.lost[0]).find("未保存："), std::string::npos) << in(Lang::chinese, last.lost[0]);
    EXPECT_EQ(last.not_written, std::vector<std::string>{folder / "no/such/folder.json"});
    EXPECT_TRUE(last.lesser.empty());
}

// On a full disk, as far as the work can tell: its folder cannot be made.
TEST(Keeping, WhatIsLostAtTheEndIsToldFromWhatIsInAFile) {
    const TempFolder folder;
    const std::string state = folder.write("state", "no folder");
    Keeping keeping(state, folder.path(), {});
    Session session(keeping.first_work(false));
    keeping.greet(session);
    EXPECT_TRUE(keeping.finish(session, 1).lost.empty()) << "nothing has been done yet";
    session.ui.edit(msg("title"), {}, [](Document& document) { document.title = "mine"; });
    apply_edits(session);
    const Keeping::LastWrite last = keeping.finish(session, 2);
    ASSERT_EQ(last.lost.size(), 1U);
    EXPECT_TRUE(english(last.lost[0]).starts_with("The work is not kept: ")) << english(last.lost[0]);
    save_file(session, folder / "mine.convlens");
    const Keeping::LastWrite saved = keeping.finish(session, 3);
    EXPECT_TRUE(saved.lost.empty()) << english(saved.lost[0]);
    ASSERT_EQ(saved.lesser.size(), 1U);
    EXPECT_TRUE(
        english(saved.lesser[0]).starts_with("mine.convlens is saved, but the next start will not open it by itself: "))
        << english(saved.lesser[0]);
    session.ui.edit(msg("title"), {}, [](Document& document) { document.title = "mine again"; });
    apply_edits(session);
    replace_document(session, *preset_document("padding_strides"), verbatim("another"));
    const Keeping::LastWrite replaced = keeping.finish(session, 4);
    ASSERT_EQ(replaced.lost.size(), 1U);
    EXPECT_TRUE(
        english(replaced.lost[0]).starts_with("“mine again”, which another work took the place of, is not kept: "))
        << english(replaced.lost[0]);
    session.ui.edit(msg("title"), {}, [](Document& document) { document.title = "a third"; });
    apply_edits(session);
    save_file(session, folder / "third.convlens");
    const Keeping::LastWrite third = keeping.finish(session, 4.5);
    EXPECT_EQ(third.lost, replaced.lost) << "this one is in a file";
    ASSERT_EQ(third.lesser.size(), 1U);
    EXPECT_TRUE(english(third.lesser[0]).starts_with("third.convlens is saved, but ")) << english(third.lesser[0]);
    std::filesystem::remove(state);
    const Keeping::LastWrite well = keeping.finish(session, 5);
    EXPECT_TRUE(well.lost.empty() && well.lesser.empty());
}

std::string hand_written(const std::string& title) {
    Document document = *preset_document("padding_strides");
    document.title = title;
    return pretty(to_json(document));
}

// A document of the user's, saved under its name and edited since then.
struct Named : Sitting {
    explicit Named(const TempFolder& folder) : Sitting(folder) {
        rename("saved here");
        save_file(session, folder / "doc1.convlens");
        soon([&] { return session.named_and_saved(); });
        rename("edited here");
    }
    bool is_asked() {
        save_file(session, session.file);
        return soon([&] { return session.changed_file.has_value(); });
    }
};

TEST(Keeping, AFileThatAnotherProgramChangedIsNotReplacedUnseen) {
    const TempFolder folder;
    Named run(folder);
    const std::string theirs = hand_written("of somebody else");
    folder.write("doc1.convlens", theirs);
    ASSERT_TRUE(run.is_asked());
    EXPECT_EQ(run.session.changed_file->path, folder / "doc1.convlens");
    EXPECT_EQ(folder.read("doc1.convlens"), theirs);
    EXPECT_FALSE(run.tells("Saved doc1.convlens") && run.session.named_and_saved());
    EXPECT_FALSE(run.session.named_and_saved());
    run.session.changed_file.reset();
    EXPECT_TRUE(run.is_asked()) << "each time";
}

TEST(Keeping, AFileThatIsReplacedAllTheSameIsKeptFirst) {
    const TempFolder folder;
    Named run(folder);
    folder.write("doc1.convlens", hand_written("of somebody else"));
    ASSERT_TRUE(run.is_asked());
    folder.write("doc1.convlens", hand_written("once more"));
    replace_changed_file(run.session);
    ASSERT_TRUE(run.soon([&] { return run.session.changed_file.has_value(); }))
        << "the question was of another content";
    replace_changed_file(run.session);
    ASSERT_TRUE(run.soon([&] { return run.tells("What the file held before is kept: File ▸ Earlier work."); }));
    EXPECT_EQ(load_document(folder / "doc1.convlens").title, "edited here");
    EXPECT_TRUE(run.lists({"once more"}));
    run.rename("and on");
    save_file(run.session, run.session.file);
    EXPECT_TRUE(run.soon([&] { return run.session.named_and_saved(); })) << "it is known again";
}

TEST(Keeping, WhatIsNoDocumentAnyMoreIsKeptBesideTheFile) {
    const TempFolder folder;
    Named run(folder);
    folder.write("doc1.convlens", "notes");
    ASSERT_TRUE(run.is_asked());
    replace_changed_file(run.session);
    ASSERT_TRUE(run.soon([&] { return run.tells("is kept as doc1-unreadable.convlens."); }));
    EXPECT_EQ(folder.read("doc1-unreadable.convlens"), "notes");
    EXPECT_EQ(load_document(folder / "doc1.convlens").title, "edited here");
}

TEST(Keeping, AChangedFileThatIsOpenedInsteadLeavesTheWorkAsAnEarlierOne) {
    const TempFolder folder;
    Named run(folder);
    folder.write("doc1.convlens", hand_written("of somebody else"));
    ASSERT_TRUE(run.is_asked());
    open_changed_file(run.session);
    run.frame();
    EXPECT_EQ(run.title(), "of somebody else");
    EXPECT_TRUE(run.lists({"edited here"}));
    run.rename("edited on");
    save_file(run.session, run.session.file);
    EXPECT_TRUE(run.soon([&] { return run.session.named_and_saved(); }));
}

TEST(Keeping, TwoWindowsWithOneDocumentDoNotReplaceEachOthersWork) {
    const TempFolder folder;
    Named first(folder);
    Sitting second(folder);
    open_file(second.session, folder / "doc1.convlens");
    second.rename("of the second");
    save_file(second.session, second.session.file);
    ASSERT_TRUE(second.soon([&] { return second.session.named_and_saved(); }));
    EXPECT_TRUE(first.is_asked());
    EXPECT_EQ(load_document(folder / "doc1.convlens").title, "of the second");
}

TEST(Keeping, ItsOwnSavesAndAFileThatIsGoneAskNothing) {
    const TempFolder folder;
    Named run(folder);
    for (const char* title : {"1", "2", "3"}) {  // the next while the last is under way
        run.rename(title);
        save_file(run.session, run.session.file);
    }
    ASSERT_TRUE(run.soon([&] { return run.session.named_and_saved(); }));
    EXPECT_EQ(load_document(folder / "doc1.convlens").title, "3");
    std::filesystem::remove(folder / "doc1.convlens");
    run.rename("4");
    save_file(run.session, run.session.file);
    ASSERT_TRUE(run.soon([&] { return run.session.named_and_saved(); }));
    EXPECT_EQ(load_document(folder / "doc1.convlens").title, "4");
    run.rename("5");
    folder.write("doc1.convlens", pretty(to_json(run.session.document())));
    save_file(run.session, run.session.file);
    ASSERT_TRUE(run.soon([&] { return run.session.named_and_saved(); })) << "the same is there already";
    EXPECT_FALSE(run.session.changed_file);
}

TEST(Keeping, AtTheEndAChangedFileIsNotReplacedEither) {
    const TempFolder folder;
    Named run(folder);
    folder.write("doc1.convlens", hand_written("of somebody else"));
    save_file(run.session, run.session.file);
    const std::vector<Message> lost = run.keeping.finish(run.session, 100).lost;
    ASSERT_EQ(lost.size(), 1U);
    EXPECT_NE(english(lost[0]).find("doc1.convlens was not saved"), std::string::npos) << english(lost[0]);
    EXPECT_EQ(load_document(folder / "doc1.convlens").title, "of somebody else");
}

TEST(Keeping, AfterARestartTheWorkKnowsItsFile) {
    const TempFolder folder;
    { const Named run(folder); }
    {
        Sitting run(folder);
        EXPECT_EQ(run.title(), "edited here");
        EXPECT_EQ(work_name(run.session), "doc1.convlens");
        EXPECT_FALSE(run.session.named_and_saved());
        EXPECT_TRUE(run.session.unsaved());
        save_file(run.session, run.session.file);
        EXPECT_TRUE(run.soon([&] { return run.session.named_and_saved(); }));
    }
    {
        Sitting run(folder);
        EXPECT_TRUE(run.session.named_and_saved()) << "saved, and not changed since";
        run.rename("in a hurry");
        save_file(run.session, run.session.file);
    }
    EXPECT_EQ(load_document(folder / "doc1.convlens").title, "in a hurry");
    Sitting run(folder);
    EXPECT_TRUE(run.session.named_and_saved()) << "written at the very end";
    run.rename("once more");
    folder.write("doc1.convlens", hand_written("of somebody else"));
    save_file(run.session, run.session.file);
    EXPECT_TRUE(run.soon([&] { return run.session.changed_file.has_value(); }));
}

TEST(Keeping, AChangeOfTheFileWhileNoWindowRanIsAskedAbout) {
    const TempFolder folder;
    { const Named run(folder); }
    folder.write("doc1.convlens", hand_written("of somebody else"));
    Sitting run(folder);
    EXPECT_EQ(run.title(), "edited here");
    save_file(run.session, run.session.file);
    EXPECT_TRUE(run.soon([&] { return run.session.changed_file.has_value(); }));
    EXPECT_EQ(load_document(folder / "doc1.convlens").title, "of somebody else");
}

TEST(Keeping, AFurtherWindowsWorkKnowsItsFileToo) {
    const TempFolder folder;
    {
        Sitting first(folder);
        first.rename("of the first");
        const Named second(folder);
    }
    Sitting run(folder);
    EXPECT_EQ(run.session.file, "");
    ASSERT_TRUE(run.lists({"edited here"}));
    run.session.wanted_earlier = run.session.earlier.front().file;
    run.frame();
    EXPECT_EQ(run.title(), "edited here");
    EXPECT_EQ(run.session.file, folder / "doc1.convlens");
    EXPECT_FALSE(run.session.named_and_saved());
    save_file(run.session, run.session.file);
    EXPECT_TRUE(run.soon([&] { return run.session.named_and_saved(); })) << "the file is as it was left";
    EXPECT_EQ(load_document(folder / "doc1.convlens").title, "edited here");
}

TEST(Keeping, ADocumentThatUndoBringsBackIsOfItsOwnFileNotOfTheOneThatWasOpened) {
    const TempFolder folder;
    folder.write("doc2.convlens", hand_written("of doc2"));
    Named run(folder);
    open_file(run.session, folder / "doc2.convlens");
    EXPECT_EQ(run.session.file, folder / "doc2.convlens");
    run.rename("edited in doc2");
    undo(run.session);
    EXPECT_EQ(run.session.file, folder / "doc2.convlens") << "an edit belongs to it";
    undo(run.session);
    EXPECT_EQ(run.title(), "edited here");
    EXPECT_EQ(run.session.file, folder / "doc1.convlens") << "Save must not write it over doc2";
    EXPECT_FALSE(run.session.named_and_saved()) << "it was edited since";
    redo(run.session);
    EXPECT_EQ(run.title(), "of doc2");
    EXPECT_EQ(run.session.file, folder / "doc2.convlens");
}

TEST(Keeping, AFileThatIsGoneAfterARestartIsProposed) {
    const TempFolder folder;
    {
        Named run(folder);
        save_file(run.session, run.session.file);
        run.soon([&] { return run.session.named_and_saved(); });
    }
    std::filesystem::remove(folder / "doc1.convlens");
    for (const bool first : {true, false}) {
        Sitting run(folder);
        EXPECT_EQ(run.session.file, "");
        EXPECT_TRUE(run.session.unsaved()) << "it is nowhere else";
        EXPECT_EQ(suggested_path(run.session, ".convlens"), folder / "doc1.convlens");
        EXPECT_EQ(run.tells("is gone since the last time"), first);
        run.rename(first ? "a" : "b");
    }
}

TEST(Keeping, SettingsThatCannotBeWrittenAreSaidOnce) {
    const TempFolder folder;
    Sitting run(folder);
    const auto fail = [] { throw std::runtime_error("the disk is full"); };
    run.keeping.write_settings("settings", fail);
    EXPECT_TRUE(run.soon([&] { return run.tells("Settings are not being kept: the disk is full"); }));
    run.session.ui.messages.clear();
    run.keeping.write_settings("settings", fail);
    run.keeping.write_settings("layout", fail);
    save_file(run.session, folder / "a.json");
    EXPECT_TRUE(run.soon([&] { return run.tells("Saved a.json"); }));
    EXPECT_FALSE(run.tells("Settings"));
}

}  // namespace
}  // namespace convlens
