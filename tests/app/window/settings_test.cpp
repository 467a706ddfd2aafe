// Settings and window place are there after a restart, and nothing that is broken keeps the program from starting.
#include "app/window/settings.h"

#include <fstream>

#include <gtest/gtest.h>

#include "app/window/glfw_window.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

Kept some_settings() {
    Kept kept;
    kept.settings.dark = false;
    kept.settings.scale = 1.3F;
    kept.settings.motion = false;
    kept.settings.speed = 4;
    kept.settings.loop = false;
    kept.settings.recent = {"/tmp/卷积.convlens", "/tmp/ы.png"};
    kept.settings.closed = {"Output"};
    kept.place = WindowPlace{100, 50, 1600, 900, true};
    kept.layout_text = 22;
    return kept;
}

TEST(SettingsFile, ComesBackAsItWas) {
    const TempFolder folder;
    save_kept(some_settings(), folder.path());
    EXPECT_EQ(load_kept(folder.path()), some_settings());
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
    EXPECT_LE(kept.settings.speed, 64);
    EXPECT_FALSE(kept.place);
    EXPECT_TRUE(kept.settings.recent.empty());
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

// A second screen was taken away: the window must not stay where it was.
TEST(WindowPlace, IsReachableOnlyOnAMonitorThatExists) {
    const std::vector<WindowPlace> one = {{0, 0, 1920, 1080, false}};
    EXPECT_TRUE(is_reachable({100, 100, 1280, 720, false}, one));
    EXPECT_TRUE(is_reachable({1700, 900, 1280, 720, false}, one)) << "its corner can be taken hold of";
    EXPECT_FALSE(is_reachable({2000, 100, 1280, 720, false}, one));
    EXPECT_FALSE(is_reachable({100, 1070, 1280, 720, false}, one));
    EXPECT_FALSE(is_reachable({100, -700, 1280, 720, false}, one));
    EXPECT_FALSE(is_reachable({100, 100, 1280, 720, false}, {}));
    EXPECT_TRUE(is_reachable({2000, 100, 1280, 720, false}, {one[0], {1920, 0, 1920, 1080, false}}));
}

}  // namespace
}  // namespace convlens
