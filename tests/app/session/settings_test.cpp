// Settings and window place are there after a restart, and nothing that is broken keeps the program from starting.
#include "app/session/settings.h"

#include <fstream>

#include <gtest/gtest.h>

#include "app/window/glfw_window.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

Kept some_settings() {
    Kept kept;
    kept.settings.dark = false;
    kept.settings.language = Lang::chinese;
    kept.settings.scale = 1.3F;
    kept.settings.motion = false;
    kept.settings.speed = 4;
    kept.settings.loop = false;
    kept.settings.selectable_text = true;
    kept.settings.recent = {"/tmp/卷积.convlens", "/tmp/ы.png"};
    kept.settings.closed = {"Output"};
    kept.settings.opened = {"Size ruler"};
    kept.place = WindowPlace{100, 50, 1600, 900, true};
    kept.layout_text = 22;
    return kept;
}

TEST(SettingsFile, ComesBackAsItWas) {
    const TempFolder folder;
    save_kept(some_settings(), folder.path());
    EXPECT_EQ(load_kept(folder.path()), some_settings());
}

TEST(SettingsFile, PanelsThatHadOtherNamesStayClosed) {
    const TempFolder folder;
    std::ofstream(folder.path() / "settings.json") << R"({"closed": ["Explain", "Output", "Parameters", "Canvas"]})";
    EXPECT_EQ(load_kept(folder.path()).settings.closed,
              (std::vector<std::string>{"Explanation", "Output", "Layer", "Diagram"}));
}

TEST(SettingsFile, WhatIsBrokenIsLeftAtItsDefault) {
    const TempFolder folder;
    EXPECT_EQ(load_kept(folder.path()), Kept()) << "no file";
    std::ofstream(folder.path() / "settings.json") << "{ not JSON";
    EXPECT_EQ(load_kept(folder.path()), Kept());
    std::ofstream(folder.path() / "settings.json")
        << R"({"dark": false, "scale": "large", "speed": 1e9, "window": {"width": 3}, "recent": 7})";
    const Kept kept = load_kept(folder.path());
    EXPECT_FALSE(kept.settings.dark);
    EXPECT_EQ(kept.settings.scale, 1);
    EXPECT_EQ(kept.settings.speed, 1);
    EXPECT_FALSE(kept.place);
    EXPECT_TRUE(kept.settings.recent.empty());
}

TEST(SettingsFile, ALanguageThatIsNotKnownIsTheDefaultAndNoFault) {
    const TempFolder folder;
    const auto language = [&](const std::string& text) {
        folder.write("settings.json", text);
        std::vector<Message> problems;
        const Kept kept = load_kept(folder.path(), &problems);
        EXPECT_TRUE(problems.empty()) << text;
        return kept.settings.language;
    };
    EXPECT_EQ(language(R"({"language": "zh"})"), Lang::chinese);
    EXPECT_EQ(language(R"({"language": "en"})"), Lang::english);
    EXPECT_EQ(language(R"({"language": "tlh"})"), std::nullopt);
    EXPECT_EQ(language("{}"), std::nullopt);
}

TEST(SettingsFile, NumbersOutOfRangeAreSaidAsOtherUnusableValues) {
    const TempFolder folder;
    const auto told = [&](const std::string& text) {
        folder.write("settings.json", text);
        std::vector<Message> problems;
        const Kept kept = load_kept(folder.path(), &problems);
        EXPECT_EQ(kept.settings.scale, 1) << text;
        EXPECT_EQ(kept.settings.speed, 1) << text;
        EXPECT_EQ(kept.layout_text, 0) << text;
        return problems.empty() ? std::string() : english(problems[0]);
    };
    for (const char* key : {"scale", "speed", "layout_text"}) {
        for (const char* value : {"0.001", "1000", "-2", "\"large\""}) {
            const std::string text = told(std::string("{\"") + key + "\": " + value + "}");
            EXPECT_NE(text.find(std::string("cannot be used: ") + key + "."), std::string::npos) << text << value;
        }
    }
    EXPECT_EQ(told(R"({"scale": 1, "speed": 1, "layout_text": 0})"), "");
}

TEST(SettingsFile, OnlyWhatWasChangedIsTakenOver) {
    Settings now;
    now.speed = 0.5F;
    now.recent = {"/tmp/new.png", "/tmp/ы.png"};
    Settings expected = some_settings().settings;
    expected.speed = 0.5F;
    expected.recent = {"/tmp/new.png", "/tmp/ы.png", "/tmp/卷积.convlens"};
    EXPECT_EQ(with_changes(some_settings().settings, Settings(), now), expected);
    EXPECT_EQ(with_changes(some_settings().settings, Settings(), Settings()), some_settings().settings);
}

TEST(SettingsFile, WithoutAFolderNothingIsKept) {
    EXPECT_NO_THROW(save_kept(some_settings(), {}));
    EXPECT_EQ(load_kept({}), Kept());
}

TEST(SettingsFile, RecentFilesAreTenNewestFirst) {
    Settings settings;
    for (int i = 0; i < 15; ++i) remember_file(settings, "file " + std::to_string(i));
    remember_file(settings, "file 10");
    ASSERT_EQ(settings.recent.size(), 10U);
    EXPECT_EQ(settings.recent[0], "file 10");
    EXPECT_EQ(settings.recent[1], "file 14");
}

// A second screen was taken away, or the screen is smaller: the window must not stay where it was.
TEST(WindowPlace, IsMovedInsideWhereMostOfItWouldNotBeSeen) {
    const std::vector<WindowPlace> one = {{0, 0, 1920, 1080, false}};
    const auto stays = [](const WindowPlace& place, const std::vector<WindowPlace>& monitors) {
        return moved_inside(place, monitors) == place;
    };
    EXPECT_TRUE(stays({100, 100, 1280, 720, false}, one));
    EXPECT_TRUE(stays({1000, 300, 1280, 720, true}, one)) << "most of it is seen";
    EXPECT_TRUE(stays({100, 100, 1280, 720, false}, {}));
    const std::vector<WindowPlace> two = {one[0], {1920, 0, 1600, 900, false}};
    EXPECT_TRUE(stays({1300, 100, 1280, 720, false}, two)) << "seen on both";
    EXPECT_TRUE(stays({100, 50, 3300, 800, false}, two)) << "over both";
    EXPECT_EQ(moved_inside({1700, 900, 1280, 720, false}, one), (WindowPlace{640, 360, 1280, 720, false}));
    EXPECT_EQ(moved_inside({2000, 100, 1280, 720, true}, one), (WindowPlace{640, 100, 1280, 720, true}));
    EXPECT_EQ(moved_inside({100, -700, 1280, 720, false}, one), (WindowPlace{100, 0, 1280, 720, false}));
    EXPECT_EQ(moved_inside({100, -40, 1280, 720, false}, one), (WindowPlace{100, 0, 1280, 720, false}))
        << "its upper edge could not be taken hold of";
    EXPECT_EQ(moved_inside({2900, 500, 1280, 720, false}, two), (WindowPlace{2240, 180, 1280, 720, false}));
    const std::vector<WindowPlace> small = {{0, 0, 800, 600, false}};
    EXPECT_EQ(moved_inside({700, 500, 640, 480, false}, small), (WindowPlace{160, 120, 640, 480, false}));
    EXPECT_EQ(moved_inside({20, 30, 1280, 720, false}, small), (WindowPlace{0, 0, 800, 600, false}));
}

}  // namespace
}  // namespace convlens
