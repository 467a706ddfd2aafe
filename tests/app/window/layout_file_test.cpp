// Whatever stands where the layout belongs: the program starts, says so, and throws nothing away.
#include "app/window/layout_file.h"

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>

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

TEST(LayoutFile, ADamagedOneIsSetAsideAndSaid) {
    const TempFolder folder;
    const fs::path file = folder.path() / "layout.ini";
    const std::string damaged = content(CONVLENS_FIXTURES "/layout_dup_id.ini");
    write(file, damaged);
    std::vector<Message> problems;
    EXPECT_EQ(load_layout(folder.path(), &problems), "");
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_TRUE(has(english(problems[0]), "layout-unreadable.ini")) << english(problems[0]);
    EXPECT_FALSE(fs::exists(file)) << "the next start is not told again";
    EXPECT_EQ(content(folder.path() / "layout-unreadable.ini"), damaged);
}

TEST(LayoutFile, WhatIsNoFileIsSetAsideAndSaid) {
    for (const bool pipe : {true, false}) {
        const TempFolder folder;
        for (const char* name : {"layout.ini", "settings.json"}) {
            if (pipe) {
                ASSERT_EQ(mkfifo((folder.path() / name).c_str(), 0600), 0);
            } else {
                fs::create_directory(folder.path() / name);
            }
        }
        std::vector<Message> problems;
        EXPECT_EQ(load_layout(folder.path(), &problems), "");
        EXPECT_EQ(load_kept(folder.path(), &problems), Kept());
        ASSERT_EQ(problems.size(), 2U);
        EXPECT_TRUE(has(english(problems[0]), pipe ? "it is a pipe" : "it is a folder")) << english(problems[0]);
        EXPECT_NO_THROW(save_kept({}, folder.path())) << "and the program's own can be written";
        EXPECT_TRUE(fs::is_regular_file(folder.path() / "settings.json"));
    }
}

TEST(LayoutFile, ALayoutThatWouldBeRefusedIsNotWritten) {
    const TempFolder folder;
    save_layout("[Window][Canvas]\nPos=3,5\n\n", folder.path());
    save_layout("[Window][Canvas]\nPos=3,x\n\n", folder.path());
    EXPECT_EQ(load_layout(folder.path()), "[Window][Diagram]\nPos=3,5\n\n") << "the panel has this name today";
}

}  // namespace
}  // namespace convlens
