// Whatever stands where settings and layout belong: the program starts, says so, and throws nothing away.
#include "app/session/kept_file.h"

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/session/settings.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }
std::string content(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(KeptFile, OnlyPlainFilesAreOpened) {
    const TempFolder folder;
    const fs::path file = folder.path() / "kept.ini";
    EXPECT_TRUE(read_kept_text(file).problem.empty()) << "no file is no problem";
    write(file, "a\0b");
    EXPECT_EQ(read_kept_text(file).text, "a");
    fs::remove(file);
    ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
    EXPECT_EQ(english(read_kept_text(file).problem), "it is a pipe");
    fs::remove(file);
    fs::create_symlink("/dev/zero", file);
    EXPECT_EQ(english(read_kept_text(file).problem), "it is a device");
    fs::remove(file);
    fs::create_symlink(file, file);
    EXPECT_FALSE(read_kept_text(file).problem.empty()) << "a link to itself";
    fs::remove(file);
    fs::create_directory(file);
    EXPECT_EQ(english(read_kept_text(file).problem), "it is a folder");
}

TEST(KeptFile, WhatCannotBeOpenedIsAProblem) {
    if (geteuid() == 0) GTEST_SKIP() << "root opens everything";
    const TempFolder folder;
    write(folder.path() / "kept.ini", "text");
    fs::permissions(folder.path() / "kept.ini", fs::perms::none);
    EXPECT_TRUE(has(english(read_kept_text(folder.path() / "kept.ini").problem), "cannot be opened"));
}

TEST(KeptFile, NothingThatWasSetAsideIsReplaced) {
    const TempFolder folder;
    const fs::path file = folder.path() / "layout.ini";
    std::vector<fs::path> names;
    for (const char* text : {"first", "second", "third"}) {
        write(file, text);
        names.push_back(set_aside(file));
        EXPECT_FALSE(fs::exists(file));
    }
    EXPECT_EQ(names[0].filename(), "layout-unreadable.ini");
    EXPECT_EQ(names[2].filename(), "layout-unreadable-3.ini");
    EXPECT_EQ(content(names[0]), "first");
    EXPECT_EQ(content(names[1]), "second");
}

TEST(SettingsFile, ADamagedOneIsSetAsideAndSaid) {
    const TempFolder folder;
    write(folder.path() / "settings.json", "{ \"dark\": fal");
    std::vector<Message> problems;
    EXPECT_EQ(load_kept(folder.path(), &problems), Kept());
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(content(folder.path() / "settings-unreadable.json"), "{ \"dark\": fal");
}

TEST(SettingsFile, ValuesThatCannotBeUsedAreNamedAndKeptInACopy) {
    const TempFolder folder;
    const std::string text = R"({"dark": false, "scale": "large", "speed": 3, "layout_text": 1e30,
        "window": {"x": 1e12, "y": 4, "width": 900, "height": 700, "maximized": 1}, "recent": ["a", 5]})";
    write(folder.path() / "settings.json", text);
    std::vector<Message> problems;
    const Kept kept = load_kept(folder.path(), &problems);
    EXPECT_FALSE(kept.settings.dark);
    EXPECT_EQ(kept.settings.speed, 3);
    EXPECT_EQ(kept.settings.scale, 1);
    EXPECT_EQ(kept.layout_text, 0);
    ASSERT_TRUE(kept.place);
    EXPECT_EQ(*kept.place, (WindowPlace{0, 4, 900, 700, false}));
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_TRUE(has(english(problems[0]), "scale, recent, layout_text, x, maximized")) << english(problems[0]);
    EXPECT_EQ(content(folder.path() / "settings-unreadable.json"), text);
}

}  // namespace
}  // namespace convlens
