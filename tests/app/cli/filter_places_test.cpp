// What `convlens filter` reads and writes: no image is lost, and one that fails does not stop the others.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "core/io/image/image_file.h"
#include "core/io/tensor/npy.h"
#include "tests/app/cli/run.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

namespace fs = std::filesystem;

// Its numbers begin with `first`, and all are different.
std::string image(const TempFolder& folder, const std::string& name, int first = 10) {
    Image made(3, 2, 1, Depth::u8);
    for (std::byte& sample : made.bytes()) sample = static_cast<std::byte>(first += 7);
    fs::create_directories(fs::path(folder / name).parent_path());
    save_image(made, folder / name);
    return folder / name;
}

Ran filter(std::vector<std::string> words, const std::string& kernel = "2") {
    words.insert(words.begin(), "filter");
    words.insert(words.end(), {"--kernel", kernel, "--threads", "1"});
    return run(words);
}

double first_of(const std::string& path) { return load_image(path).sample(0, 0, 0); }

TEST(FilterPlaces, AnImageIsNotItsOwnTarget) {
    const TempFolder folder;
    const std::string in = image(folder, "photo.png");
    const std::string before = folder.read("photo.png");
    fs::create_symlink("photo.png", folder / "soft.png");
    fs::create_hard_link(in, folder / "hard.png");
    fs::create_symlink(".", folder / "here");
    for (const std::string& out : {in, folder.path().string(), folder / "", folder / "soft.png", folder / "hard.png",
                                   folder / "here", folder / "here/photo.png"}) {
        const Ran ran = filter({in, out});
        EXPECT_EQ(ran.code, kRefused) << out;
        EXPECT_TRUE(ran.says("--overwrite")) << ran.err;
    }
    EXPECT_EQ(filter({folder / "hard.png", folder / "soft.png"}).code, kRefused);
    EXPECT_EQ(folder.read("photo.png"), before);
    EXPECT_EQ(filter({in, folder.path().string(), "--overwrite"}).code, kDone);
    EXPECT_EQ(first_of(in), 34);
}

TEST(FilterPlaces, NoneOfSeveralImagesIsReplaced) {
    const TempFolder folder;
    const std::string a = image(folder, "a/x.png", 10);
    const std::string b = image(folder, "b/y.png", 20);
    const Ran itself = filter({a, b, folder / "b"});
    EXPECT_EQ(itself.code, kRefused);
    EXPECT_TRUE(itself.says("1 of 2 images filtered; 1 failed")) << itself.err;
    EXPECT_EQ(first_of(folder / "b/x.png"), 34);
    EXPECT_EQ(first_of(b), 27);
    // Not even with --overwrite may one image's result take another image's place.
    fs::create_directory(folder / "c");
    fs::create_symlink(b, folder / "c/x.png");
    const Ran crossed = filter({a, b, folder / "c", "--overwrite"});
    EXPECT_EQ(crossed.code, kRefused);
    EXPECT_TRUE(crossed.says("filtered too")) << crossed.err;
    EXPECT_EQ(first_of(b), 27);
    EXPECT_EQ(filter({a, b, folder / "b", "--overwrite"}).code, kDone);
    EXPECT_EQ(first_of(b), 54);
    EXPECT_EQ(first_of(a), 17);
}

// A shell writes both names for "IMG_*.png".
TEST(FilterPlaces, TheSecondOfTwoImagesIsNotTheFileToWrite) {
    const TempFolder folder;
    const std::string a = image(folder, "IMG_1.png", 10);
    const std::string b = image(folder, "IMG_2.png", 20);
    const Ran ran = filter({a, b, "--json"});
    EXPECT_EQ(ran.code, kRefused);
    EXPECT_EQ(first_of(b), 27);
    for (const std::string& words : {b + " exists already", std::string("--overwrite"), b + " out/"})
        EXPECT_TRUE(ran.err.find(words) != std::string::npos) << ran.err;
    ASSERT_EQ(ran.lines().size(), 1U);
    EXPECT_TRUE(ran.lines()[0].contains("error"));
    EXPECT_EQ(filter({a, b, "--overwrite"}).code, kDone);
    EXPECT_EQ(first_of(b), 34);
}

TEST(FilterPlaces, NoFileThatExistsIsReplacedWithoutOverwrite) {
    const TempFolder folder;
    const std::string in = image(folder, "in.png");
    const std::string other = image(folder, "other.png", 20);
    const std::string text = folder.write("text.png", "a text");
    const Ran ran = filter({in, text});
    EXPECT_EQ(ran.code, kRefused);
    EXPECT_TRUE(ran.says("--overwrite")) << ran.err;
    EXPECT_FALSE(ran.says("both images")) << ran.err;
    EXPECT_EQ(folder.read("text.png"), "a text");
    // A name that the program makes up is no better: this image becomes "other.png".
    fs::create_directory(folder / "made");
    fs::copy_file(in, folder / "made/other.gif");
    const Ran made = filter({folder / "made/other.gif", folder.path().string()});
    EXPECT_EQ(made.code, kRefused);
    EXPECT_TRUE(made.says("other.png, which exists already")) << made.err;
    EXPECT_EQ(first_of(other), 27);
    // The others of a batch go on.
    const Ran batch = filter({in, other, folder / "made/other.gif", folder / "out/"});
    EXPECT_EQ(batch.code, kRefused);  // both are other.png
    const std::string third = image(folder, "third.png", 30);
    image(folder, "out/other.png", 40);
    const Ran some = filter({in, other, third, folder / "out/"});
    EXPECT_EQ(some.code, kRefused);
    EXPECT_TRUE(some.says("2 of 3 images filtered; 1 failed")) << some.err;
    EXPECT_EQ(first_of(folder / "out/other.png"), 47);
    EXPECT_EQ(first_of(folder / "out/third.png"), 74);
    EXPECT_EQ(filter({in, folder / "out/", "--overwrite"}).code, kDone);
    EXPECT_EQ(filter({in, other, third, folder / "out/", "--overwrite"}).code, kDone);
}

TEST(FilterPlaces, AKernelBehindAKernelIsNoFolder) {
    const TempFolder folder;
    const std::string a = image(folder, "a.png", 10);
    const std::string b = image(folder, "b.png", 20);
    const auto after = [&](const std::vector<std::string>& paths, const std::string& word) {
        std::vector<std::string> words{"filter"};
        words.insert(words.end(), paths.begin(), paths.end());
        words.insert(words.end(), {"--kernel", "gaussian", word});
        return run(words);
    };
    for (const std::string word : {"sobel_x", "gaussian:sigma=2", "0 -1 0; -1 5 -1; 0 -1 0"}) {
        for (const Ran& ran : {after({a, b}, word), after({a}, word)}) {
            EXPECT_EQ(ran.code, kWrongUse) << word;
            EXPECT_TRUE(ran.says("needs its own --kernel")) << ran.err;
        }
        EXPECT_FALSE(fs::exists(word));
    }
    EXPECT_TRUE(after({a}, "sobel_x").says("sobel_x/")) << after({a}, "sobel_x").err;
    const Ran before = run({"filter", "--kernel", "gaussian", "sobel_x", a, folder / "out.png"});
    EXPECT_EQ(before.code, kWrongUse);
    EXPECT_TRUE(before.says("needs its own --kernel")) << before.err;
    EXPECT_FALSE(run({"filter", "--help"}).says("KERNEL ..."));
    EXPECT_EQ(run({"filter", a, folder / "chain.png", "--kernel", "gaussian", "--kernel", "sobel_x"}).code, kDone);
    EXPECT_EQ(filter({a, folder / "sobel_x/"}).code, kDone);  // a folder of that name, said to be one
    fs::create_directory(folder / "sharpen");
    EXPECT_EQ(filter({a, folder / "sharpen"}).code, kDone);  // or that is one already
}

TEST(FilterPlaces, AFolderOfImagesIsNamedByAPattern) {
    const TempFolder folder;
    image(folder, "in/a.png");
    for (const std::string& in : {folder / "in", folder / "in/"}) {
        const Ran ran = filter({in, folder / "out/"});
        EXPECT_EQ(ran.code, kRefused);
        EXPECT_TRUE(ran.says("write " + folder / "in/*")) << ran.err;
    }
    // A pattern may name folders, too: the images beside them are filtered.
    EXPECT_TRUE(filter({folder / "in", folder / "in/a.png", folder / "out/"}).says("1 of 2 images filtered"));
}

TEST(FilterPlaces, TwoResultsOfOneNameAreToldBeforeAnythingIsWritten) {
    const TempFolder folder;
    const std::string a = image(folder, "a/x.png");
    const std::string b = image(folder, "b/x.png");
    const std::string other = image(folder, "other.png");
    const Ran ran = filter({other, a, b, folder / "out/"});
    EXPECT_EQ(ran.code, kRefused);
    EXPECT_TRUE(ran.says("a/x.png and")) << ran.err;
    EXPECT_TRUE(ran.says("two folders"));
    EXPECT_FALSE(fs::exists(folder / "out"));
    // By a link, too.
    fs::create_directory(folder / "out");
    folder.write("out/x.png", "");
    fs::create_symlink("x.png", folder / "out/other.png");
    EXPECT_EQ(filter({other, a, folder / "out"}).code, kRefused);
}

TEST(FilterPlaces, SeveralImagesNeedAFolder) {
    const TempFolder folder;
    const std::string a = image(folder, "a.png", 10);
    const std::string b = image(folder, "b.png", 20);
    const Ran file = filter({a, b, folder / "out.png"});
    EXPECT_EQ(file.code, kWrongUse);
    EXPECT_TRUE(file.says("out.png/")) << file.err;
    EXPECT_FALSE(fs::exists(folder / "out.png"));
    EXPECT_EQ(filter({a, b, folder / "out.png/"}).code, kDone);
    EXPECT_EQ(filter({a, b, folder / "out.png", "--overwrite"}).code, kDone);  // it is a folder now
    EXPECT_EQ(filter({a, b, folder / "plain"}).code, kDone);
    EXPECT_EQ(first_of(folder / "plain/b.png"), 54);
    const Ran not_a_folder = filter({a, a, b});
    EXPECT_EQ(not_a_folder.code, kWrongUse);
    EXPECT_EQ(first_of(b), 27);
}

TEST(FilterPlaces, ABatchGoesOnAfterAFileThatFails) {
    const TempFolder folder;
    const std::string a = image(folder, "a.png", 10);
    const std::string b = image(folder, "b.png", 20);
    const std::string cut = folder.write("cut.png", folder.read("a.png").substr(0, 50));
    const Ran ran =
        filter({cut, a, folder / "missing.png", folder.write("text.png", "hello"), b, folder / "out/", "--json"});
    EXPECT_EQ(ran.code, kRefused);
    EXPECT_TRUE(ran.says("2 of 5 images filtered; 3 failed")) << ran.err;
    for (const char* name : {"cut.png", "missing.png", "text.png"}) EXPECT_TRUE(ran.says(name)) << name;
    ASSERT_EQ(ran.lines().size(), 5U);
    EXPECT_TRUE(ran.lines()[0].contains("error"));
    EXPECT_EQ(ran.lines()[1].at("in"), a);
    EXPECT_EQ(first_of(folder / "out/a.png"), 34);
    EXPECT_EQ(first_of(folder / "out/b.png"), 54);
    const Ran good = filter({a, b, folder / "out/", "--overwrite"});
    EXPECT_EQ(good.code, kDone);
    EXPECT_TRUE(good.says("2 images filtered"));
    EXPECT_FALSE(filter({a, folder / "out/", "--overwrite"}).says("images filtered"));
}

TEST(FilterPlaces, LinksAndModesStay) {
    const TempFolder folder;
    const std::string in = image(folder, "in.png");
    folder.write("kept.png", "old");
    fs::permissions(folder / "kept.png", fs::perms::owner_read | fs::perms::owner_write);
    fs::create_symlink("kept.png", folder / "link.png");
    fs::create_symlink("/dev/null", folder / "null.png");
    fs::create_symlink("made.png", folder / "dangling.png");
    EXPECT_EQ(filter({in, folder / "link.png"}).code, kRefused);
    EXPECT_EQ(folder.read("kept.png"), "old");
    EXPECT_EQ(filter({in, folder / "link.png", "--overwrite"}).code, kDone);
    EXPECT_TRUE(fs::is_symlink(folder / "link.png"));
    EXPECT_EQ(first_of(folder / "kept.png"), 34);
    EXPECT_EQ(fs::status(folder / "kept.png").permissions(), fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_EQ(filter({in, folder / "null.png"}).code, kDone);
    EXPECT_TRUE(fs::is_character_file("/dev/null"));
    EXPECT_EQ(filter({in, folder / "dangling.png"}).code, kDone);
    EXPECT_TRUE(fs::is_symlink(folder / "dangling.png"));
    EXPECT_EQ(first_of(folder / "made.png"), 34);
}

TEST(FilterPlaces, ComputeAndImportDoNotReplaceWhatTheyRead) {
    const TempFolder folder;
    const std::string text = folder.write("layer.py", "nn.Conv2d(3, 16, 3)");
    EXPECT_EQ(run({"import", text, "-o", text}).code, kRefused);
    EXPECT_EQ(folder.read("layer.py"), "nn.Conv2d(3, 16, 3)");
    const std::string question = folder.write("case.json", "{\"op\": \"conv2d\"}");
    EXPECT_EQ(run({"compute", question, "-o", question}).code, kRefused);
    EXPECT_EQ(folder.read("case.json"), "{\"op\": \"conv2d\"}");
}

TEST(FilterPlaces, PipesAndStandardInputAreImagesToo) {
    const TempFolder folder;
    image(folder, "in.png");
    const std::string bytes = folder.read("in.png");
    const std::string pipe = folder / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    std::thread writer([&] { std::ofstream(pipe, std::ios::binary) << bytes; });
    EXPECT_EQ(filter({pipe, folder / "out.png"}).code, kDone);
    writer.join();
    EXPECT_EQ(first_of(folder / "out.png"), 34);
}

TEST(FilterPlaces, WhatIsNoImageIsRefusedByItsFirstBytes) {
    const TempFolder folder;
    EXPECT_EQ(filter({"/dev/zero", folder / "out.png"}).code, kRefused);
    const std::string film = folder.write("film.mp4", std::string("\0\0\0\x20"
                                                                  "ftypisom",
                                                                  12));
    fs::resize_file(film, std::uintmax_t{3} << 30);
    const auto began = std::chrono::steady_clock::now();
    const Ran ran = filter({film, folder / "out.png"});
    EXPECT_EQ(ran.code, kRefused);
    EXPECT_TRUE(ran.says("a video")) << ran.err;
    for (const char* name : {"zeros.bin", "zeros.tga"}) {
        const std::string zeros = folder.write(name, "");
        fs::resize_file(zeros, std::uintmax_t{3} << 30);
        EXPECT_EQ(filter({zeros, folder / "out.png"}).code, kRefused) << name;
    }
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(1));
}

}  // namespace
}  // namespace convlens
