#include "app/cli/cli.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "app/cli/command.h"
#include "core/base/version.h"
#include "tests/app/cli/run.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

TEST(CommandLine, NothingAsksForTheWindow) {
    const Ran ran = run({});
    EXPECT_FALSE(ran.code);
    EXPECT_TRUE(ran.window.files.empty());
    EXPECT_FALSE(ran.window.fresh);
}

TEST(CommandLine, FilesAndFreshGoToTheWindow) {
    const TempFolder folder;
    const std::string file = folder.write("ы photo.png", "");
    const Ran ran = run({"--fresh", file});
    EXPECT_FALSE(ran.code);
    EXPECT_EQ(ran.window.files, std::vector<std::string>{file});
    EXPECT_TRUE(ran.window.fresh);
}

// The window opens with what is there, and says what is not.
TEST(CommandLine, FilesThatAreNotThereGoToTheWindowToo) {
    const TempFolder folder;
    const std::string file = folder.write("mid.png", "");
    for (const std::vector<std::string>& files :
         {std::vector<std::string>{"missing.png"}, {file, "nope", "in/grey.jpg"}, {"in/nope.png", file}}) {
        const Ran ran = run(files);
        EXPECT_FALSE(ran.code) << files[0];
        EXPECT_EQ(ran.window.files, files);
        EXPECT_EQ(ran.err, "");
    }
}

TEST(CommandLine, NoArgumentOrFileCanSteerTheTerminal) {
    const TempFolder folder;
    const std::string picture = folder.write("a\x1b[2J\n.png", "no picture");
    const std::string document = folder.write("a.convlens", "{\"version\": \"\x9b" + std::string(5000, 'x') + "\"}");
    const std::string json = folder.write("b.convlens", "\x1b]0;title\x07" + std::string(5000, 'y'));
    const std::vector<std::vector<std::string>> lines = {{"\x1b[2J"},
                                                         {"shape", "--\x1b[2J"},
                                                         {"filter", picture, "\xff\u202e"},
                                                         {"shape", "--input", "5\x1b" + std::string(5000, '7')},
                                                         {"info", picture},
                                                         {"info", document},
                                                         {"info", json}};
    for (const auto& arguments : lines) {
        const Ran ran = run(arguments);
        EXPECT_NE(ran.code, kDone);
        EXPECT_TRUE(std::ranges::all_of(ran.err, [](char c) {
            return c == '\n' || static_cast<unsigned char>(c) >= 32;
        })) << ran.err;
        EXPECT_EQ(ran.err.find('\x7f'), std::string::npos);
        EXPECT_EQ(ran.err.find("\u202e"), std::string::npos);
        EXPECT_LT(ran.err.size(), 1500U) << arguments.front();
    }
    EXPECT_TRUE(run(lines[4]).says("a\\x1b[2J\\n.png: this is a text file"));
    EXPECT_TRUE(run(lines[0]).says("\"\\x1b[2J\""));
}

TEST(CommandLine, AMisspeltCommandIsWrongUseAndTheNearestIsNamed) {
    const Ran ran = run({"shpae", "--input", "5"});
    EXPECT_EQ(ran.code, kWrongUse);
    const Ran alone = run({"rendr"});
    EXPECT_EQ(alone.code, kWrongUse);
    EXPECT_TRUE(alone.says("did you mean render?"));
}

TEST(CommandLine, HelpAndVersionAreEverywhere) {
    std::vector<std::vector<std::string>> heads{{}};
    for (const Command& command : commands()) heads.push_back({std::string(command.name)});
    for (std::vector<std::string> arguments : heads) {
        arguments.emplace_back("--help");
        EXPECT_EQ(run(arguments).code, kDone) << arguments.front();
        EXPECT_TRUE(run(arguments).says("Usage")) << arguments.front();
        arguments.back() = "--version";
        EXPECT_EQ(run(arguments).code, kDone) << arguments.front();
        EXPECT_EQ(run(arguments).out, "convlens " + std::string(version()) + "\n") << arguments.front();
    }
}

TEST(CommandLine, HelpListsEveryCommand) {
    const std::string help = run({"--help"}).out;
    for (const Command& command : commands()) {
        EXPECT_NE(help.find(std::string(command.name)), std::string::npos);
        EXPECT_NE(help.find(std::string(command.about.text)), std::string::npos) << command.name;
    }
}

TEST(CommandLine, UnknownOptionsAreWrongUse) {
    EXPECT_EQ(run({"--fly"}).code, kWrongUse);
    EXPECT_EQ(run({"presets", "--fly"}).code, kWrongUse);
    EXPECT_EQ(run({"shape"}).code, kWrongUse);
    EXPECT_EQ(run({"presets", "extra"}).code, kWrongUse);
}

TEST(CommandLine, EveryWrongOptionIsSaidInOneWay) {
    struct Row {
        std::vector<std::string> arguments;
        const char* said;
    };
    const std::vector<Row> rows{
        {{"shape"}, "convlens: --input is missing; `convlens shape --help` lists the options\n"},
        {{"shape", "--input"}, "convlens: --input: its value is missing; `convlens shape --help` lists the options\n"},
        {{"shape", "--input", "5", "--fly"}, "convlens: --fly: not expected here; `convlens shape --help`"},
        {{"--fly"}, "convlens: --fly: not expected here; `convlens --help` lists the options\n"},
        {{"presets", "extra"}, "convlens: extra: not expected here; `convlens presets --help`"},
        {{"code", "same", "--framework", "troch"}, "convlens: --framework must be one of torch, tf, keras"},
        {{"bench", "--threads", "many"}, "convlens: --threads must be a whole number; it is many\n"},
        {{"bench", "--threads", "99999999999"}, "convlens: --threads 99999999999: the number is too large\n"},
        {{"render", "same", "-o", "a.gif", "--fps", "fast"}, "convlens: --fps must be a number; it is fast\n"},
    };
    for (const Row& row : rows) {
        const Ran ran = run(row.arguments);
        EXPECT_EQ(ran.code, kWrongUse) << row.said;
        EXPECT_TRUE(ran.err.starts_with(row.said)) << row.said << "\nis: " << ran.err;
        EXPECT_FALSE(ran.says("Run with --help")) << ran.err;
    }
}

TEST(CommandLine, WrongValuesAreNamedWithTheNearest) {
    const Ran ran = run({"code", "same", "--framework", "troch"});
    EXPECT_TRUE(ran.err.ends_with("; it is troch. Did you mean torch?\n")) << ran.err;
}

TEST(CommandLine, SpeaksTheLanguageThatIsAskedFor) {
    const Ran english = run({"shape", "--input", "5", "--lang", "en"});
    const Ran chinese = run({"shape", "--lang", "zh", "--input", "5"});
    EXPECT_EQ(chinese.code, kDone);
    EXPECT_TRUE(english.out.starts_with("output [1, 1, 3, 3]\n")) << english.out;
    EXPECT_TRUE(chinese.out.starts_with("输出 [1, 1, 3, 3]\n")) << chinese.out;
    EXPECT_TRUE(run({"--lang=zh", "shape"}).says("缺少 --input；`convlens shape --help` 可列出选项"));
    EXPECT_TRUE(run({"--lang=zh", "info", "missing.png"}).says("missing.png：没有这个文件"))
        << run({"--lang=zh", "info", "missing.png"}).err;
    const Ran help = run({"shape", "--help", "--lang", "zh"});
    EXPECT_TRUE(help.says("用法: convlens shape [选项]")) << help.out;
    EXPECT_FALSE(help.says("Options")) << help.out;
    EXPECT_EQ(run({"--lang", "zh", "a.png"}).window.files, std::vector<std::string>{"a.png"});
    EXPECT_EQ(run({"--lang", "zh", "a.png"}).window.lang, Lang::chinese);
    EXPECT_EQ(run({"a.png"}).window.lang, std::nullopt);
}

// What programs read does not depend on who runs them.
TEST(CommandLine, JsonIsEnglishInEveryLanguage) {
    const std::vector<std::string> layer{"shape", "--input", "2", "--json"};
    std::vector<std::string> chinese = layer;
    chinese.insert(chinese.end(), {"--lang", "zh"});
    EXPECT_EQ(run(chinese).out, run(layer).out);
    EXPECT_NE(run(chinese).err, run(layer).err);
}

TEST(CommandLine, TheVariableIsTheDefaultLanguage) {
    ::setenv("CONVLENS_LANG", "zh", 1);
    EXPECT_TRUE(run({"shape", "--input", "5"}).says("输出 "));
    EXPECT_TRUE(run({"shape", "--input", "5", "--lang", "en"}).says("output "));
    ::setenv("CONVLENS_LANG", "xx", 1);
    EXPECT_TRUE(run({"shape", "--input", "5"}).says("CONVLENS_LANG must be en or zh; it is xx"));
    ::unsetenv("CONVLENS_LANG");
    EXPECT_TRUE(run({"shape", "--input", "5"}).says("output "));
}

TEST(CommandLine, ALanguageThatIsNotThereIsWrongUse) {
    EXPECT_EQ(run({"presets", "--lang", "xx"}).code, kWrongUse);
    EXPECT_TRUE(run({"presets", "--lang", "xx"}).says("--lang must be en or zh; it is xx"));
    EXPECT_TRUE(run({"presets", "--lang"}).says("--lang: its value is missing"));
}

TEST(CommandLine, NearestFindsSlipsOfTheFingerOnly) {
    const std::vector<std::string_view> known{"render", "filter"};
    EXPECT_EQ(nearest("redner", known), "render");
    EXPECT_EQ(nearest("filer", known), "filter");
    EXPECT_EQ(nearest("xyz", known), "");
}

TEST(PresetsCommand, ListsEveryPresetAsJson) {
    const Ran ran = run({"presets", "--json"});
    EXPECT_EQ(ran.code, kDone);
    EXPECT_EQ(ran.err, "");
    std::map<std::string, int> kinds;
    for (const nlohmann::json& line : ran.lines()) {
        ++kinds[line.at("kind")];
        for (const char* key : {"name", "title", "about"}) EXPECT_FALSE(line.at(key).get<std::string>().empty());
    }
    EXPECT_EQ(ran.lines().front().at("name"), "conv2-xcorr2-conv2d");
    EXPECT_EQ(kinds["layer"], 21);
    EXPECT_EQ(kinds["network"], 1);
    EXPECT_GE(kinds["kernel"], 8);
    EXPECT_EQ(kinds["image"], 1);
}

TEST(PresetsCommand, ListsThemForPeople) {
    const Ran ran = run({"presets"});
    EXPECT_EQ(ran.code, kDone);
    EXPECT_TRUE(ran.says("padding_strides_odd_transposed"));
    EXPECT_TRUE(ran.says("gaussian"));
}

}  // namespace
}  // namespace convlens
