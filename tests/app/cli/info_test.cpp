#include <gtest/gtest.h>

#include "app/document/file.h"
#include "app/document/presets.h"
#include "core/io/image/image_file.h"
#include "core/io/tensor/npy.h"
#include "tests/app/cli/run.h"
#include "tests/app/temp_folder.h"
#include "tests/core/io/image/made_files.h"

namespace convlens {
namespace {

using nlohmann::json;

TEST(InfoCommand, TellsPicturesArraysAndDocuments) {
    const TempFolder folder;
    save_image(Image(7, 5, 3, Depth::u16), folder / "p.png");
    write_npy(folder / "a.npy", Tensor<double>({1, 1, 2, 2}, {-1, 2, 3, 4}));
    save_document(first_document(), folder / "d.convlens");
    const Ran ran = run({"info", "--json", folder / "p.png", folder / "a.npy", folder / "d.convlens"});
    ASSERT_EQ(ran.code, kDone) << ran.err;
    const std::vector<json> lines = ran.lines();
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[0].at("kind"), "image");
    EXPECT_EQ(lines[0].at("width"), 7);
    EXPECT_EQ(lines[0].at("depth"), "u16");
    EXPECT_EQ(lines[1].at("shape"), json({1, 1, 2, 2}));
    EXPECT_EQ(lines[1].at("min"), -1);
    EXPECT_EQ(lines[1].at("max"), 4);
    EXPECT_EQ(lines[2].at("kind"), "document");
    EXPECT_EQ(lines[2].at("layers").at(0).at("output"), json({1, 1, 4, 4}));

    const Ran people = run({"info", folder / "p.png", folder / "a.npy", folder / "d.convlens"});
    EXPECT_TRUE(people.says("PNG image, 7 × 5 px, RGB, 16-bit"));
    EXPECT_TRUE(people.says("NPY array [1, 1, 2, 2] of <f8, -1 to 4"));
    EXPECT_TRUE(people.says("output [1, 1, 4, 4]"));
}

TEST(InfoCommand, TellsWhichLayersOutputALayerReads) {
    const TempFolder folder;
    const std::string path = folder / "network.convlens";
    save_document(*preset_document("edges-pooling-corner"), path);
    const Ran ran = run({"info", path});
    EXPECT_EQ(ran.code, kDone) << ran.err;
    EXPECT_TRUE(ran.says("conv1, conv: input [1, 1, 8, 8], weight")) << ran.out;
    EXPECT_TRUE(ran.says("pool1, max_pool: input [1, 2, 6, 6] (the output of layer 0, conv1), weight")) << ran.out;
    const auto line = run({"info", path, "--json"}).lines().at(0);
    EXPECT_FALSE(line.at("layers").at(0).contains("reads_layer"));
    EXPECT_EQ(line.at("layers").at(2).at("reads_layer"), 1);
    EXPECT_EQ(line.at("layers").at(2).at("output"), (nlohmann::json{1, 1, 3, 3}));
}

// A name that a file holds is shown as one that was typed.
TEST(InfoCommand, ErrorsAreFitToPrintInJsonToo) {
    const TempFolder folder;
    std::filesystem::create_symlink("gone\x1b[2J", folder.path() / "link.png");
    const std::string link = folder / "link.png", said = ": is a link to gone\\x1b[2J, which is not there";
    EXPECT_EQ(run({"info", link, "--json"}).lines().at(0).at("error"), link + said);
    const Ran filtered = run({"filter", link, folder / "out.png", "--kernel", "box", "--json"});
    EXPECT_EQ(filtered.lines().at(0).at("error"), link + said);
}

TEST(InfoCommand, NamesTheColourProfileAndCountsFrames) {
    const TempFolder folder;
    save_image(Image(3, 2, 3, Depth::u8), folder / "a.jpg");
    const std::string jpeg =
        folder.write("profile.jpg", test::jpeg_with_profile(folder.read("a.jpg"), test::adobe_rgb()));
    const std::string gif = folder.write("moves.gif", test::animated_gif(42));
    const Ran people = run({"info", jpeg, gif});
    EXPECT_TRUE(people.says("colour profile Adobe RGB (1998)")) << people.out;
    EXPECT_TRUE(people.says("the first of 42 frames")) << people.out;
    const std::vector<json> lines = run({"info", "--json", jpeg, gif}).lines();
    EXPECT_EQ(lines.at(0).at("profile"), "Adobe RGB (1998)");
    EXPECT_FALSE(lines.at(0).contains("frames"));
    EXPECT_EQ(lines.at(1).at("frames"), 42);
}

TEST(InfoCommand, TellsTheResolution) {
    const TempFolder folder;
    save_image(Image(3, 2, 3, Depth::u8), folder / "a.jpg", {}, {{}, {300, 300}});
    save_image(Image(3, 2, 3, Depth::u8), folder / "b.png", {}, {{}, {600, 300}});
    const Ran people = run({"info", folder / "a.jpg", folder / "b.png"});
    EXPECT_TRUE(people.says(", 300 pixels per inch")) << people.out;
    EXPECT_TRUE(people.says(", 600 × 300 pixels per inch")) << people.out;
    EXPECT_EQ(run({"info", "--json", folder / "a.jpg"}).lines().at(0).at("pixels_per_inch"), (json{300, 300}));
}

TEST(InfoCommand, RefusesWhatItCannotRead) {
    const TempFolder folder;
    EXPECT_EQ(run({"info", folder / "missing.png"}).code, kRefused);
    EXPECT_EQ(run({"info", folder.write("text.txt", "hello")}).code, kRefused);
    EXPECT_EQ(run({"info", folder.write("cut.npy", "\x93NUMPY")}).code, kRefused);
    EXPECT_EQ(run({"info", folder.write("cut.convlens", "{\"convlens\"")}).code, kRefused);
    EXPECT_EQ(run({"info"}).code, kWrongUse);
}

TEST(InfoCommand, NestedJsonIsRefusedByEveryCommandWithTheLimit) {
    const TempFolder folder;
    const std::string deep = std::string(80'000, '[') + std::string(80'000, ']');
    const std::string path = folder.write("nested.convlens", R"({"convlens": )" + deep + "}");
    for (const auto& command : {std::vector<std::string>{"info", path},
                                {"render", path, "-o", folder / "out.png"},
                                {"code", path, "--framework", "torch"},
                                {"compute", path},
                                {"shape", path}}) {
        const Ran ran = run(command);
        if (command[0] == "shape" && ran.code == kWrongUse) continue;  // takes no document
        EXPECT_EQ(ran.code, kRefused) << command[0];
        EXPECT_TRUE(ran.says("more than 64 deep")) << command[0] << ": " << ran.err;
        EXPECT_LT(ran.err.size(), 500U) << command[0];
    }
    EXPECT_FALSE(std::filesystem::exists(folder / "out.png"));
}

TEST(InfoCommand, GoesOnAfterAFileThatFails) {
    const TempFolder folder;
    save_image(Image(7, 5, 3, Depth::u8), folder / "p.png");
    const std::string cut = folder.write("cut.png", folder.read("p.png").substr(0, 60));
    const Ran ran = run({"info", cut, folder / "p.png", folder / "missing.png"});
    EXPECT_EQ(ran.code, kRefused);
    EXPECT_TRUE(ran.says("p.png: PNG image, 7 × 5 px")) << ran.out;
    EXPECT_TRUE(ran.says("1 of 3 files read; 2 failed")) << ran.err;
    const Ran lines = run({"info", "--json", cut, folder / "p.png"});
    ASSERT_EQ(lines.lines().size(), 2U);
    EXPECT_TRUE(lines.lines()[0].contains("error"));
    EXPECT_EQ(lines.lines()[1].at("height"), 5);
}

// Damage anywhere in the file, and names that tell nothing.
TEST(InfoCommand, CallsAnImageGoodExactlyWhenFilterOpensIt) {
    const TempFolder folder;
    Image image(40, 30, 3, Depth::u8);
    int value = 0;
    for (std::byte& sample : image.bytes()) sample = static_cast<std::byte>(value = (value * 31 + 7) % 251);
    int good = 0, bad = 0;
    for (const char* ending : {".png", ".jpg", ".bmp", ".tga", ".hdr", ".npy"}) {
        const std::string whole_name = std::string("whole") + ending;
        save_image(image, folder / whole_name);
        const std::string whole = folder.read(whole_name);
        for (int part = 0; part <= 8; ++part) {
            const std::string cut = whole.substr(0, whole.size() * static_cast<std::size_t>(part) / 8);
            for (const std::string& name : {std::string("cut") + ending, std::string("cut.json"), std::string("cut")}) {
                folder.write(name, cut);
                const bool opens =
                    run({"filter", folder / name, folder / "out.png", "--kernel", "identity", "--overwrite"}).code ==
                    kDone;
                EXPECT_EQ(run({"info", folder / name}).code == kDone, opens) << name << ' ' << ending << ' ' << part;
                ++(opens ? good : bad);
            }
        }
    }
    EXPECT_GE(good, 3 * 5 + 1);
    EXPECT_GE(bad, 3 * 6);
}

TEST(InfoCommand, TellsWhichArraysAreImages) {
    const TempFolder folder;
    save_image(Image(7, 5, 4, Depth::s16), folder / "a.npy");
    write_npy(folder / "b.npy", Tensor<double>({1, 1, 2, 2}, {-1, 2, 3, 4}));
    const Ran ran = run({"info", folder / "a.npy", folder / "b.npy"});
    EXPECT_EQ(ran.code, kDone) << ran.err;
    EXPECT_TRUE(ran.says("NPY array [5, 7, 4] of <i2, 0 to 0; as an image 7 × 5 px, RGB and alpha, signed 16-bit"))
        << ran.out;
    EXPECT_TRUE(ran.says("of <f8, -1 to 4\n")) << ran.out;
    EXPECT_EQ(run({"filter", folder / "b.npy", folder / "out.png", "--kernel", "box"}).code, kRefused);
}

TEST(BenchCommand, TimesWhatMatches) {
    const Ran ran = run({"bench", "--filter", "^layer_dw128_k3_56$", "--threads", "1"});
    ASSERT_EQ(ran.code, kDone) << ran.err;
    ASSERT_EQ(ran.lines().size(), 1U);
    const json line = ran.lines()[0];
    EXPECT_EQ(line.at("workload"), "layer_dw128_k3_56");
    EXPECT_EQ(line.at("threads"), 1);
    EXPECT_EQ(line.at("engine"), "fast");
    for (const char* key : {"min_ms", "median_ms", "gflops", "gbps"}) EXPECT_GT(line.at(key).get<double>(), 0) << key;
    EXPECT_GE(line.at("median_ms"), line.at("min_ms"));
}

TEST(BenchCommand, RefusesWhatMatchesNothing) {
    EXPECT_EQ(run({"bench", "--filter", "no_such_workload"}).code, kWrongUse);
    EXPECT_EQ(run({"bench", "--filter", "(("}).code, kWrongUse);
    EXPECT_EQ(run({"bench", "--threads", "-1"}).code, kWrongUse);
}

}  // namespace
}  // namespace convlens
