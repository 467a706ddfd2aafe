#include <gtest/gtest.h>

#include <filesystem>

#include "core/io/tensor/npy.h"
#include "tests/app/cli/run.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

using nlohmann::json;

constexpr const char* kCase = R"({"name": "seed", "source": "torch 2.13.0", "op": "conv",
  "params": {"kernel": [2,2], "stride": [1,1], "dilation": [1,1], "pads": [1,1,1,1], "pad_mode": "zeros", "pad_value": 0,
             "auto_pad": "none", "groups": 1, "flip": false},
  "input": {"shape": [1,1,3,3], "data": [1,2,3,4,5,6,7,8,9]},
  "weight": {"shape": [1,1,2,2], "data": [1,2,3,4]}, "bias": null,
  "expect": {"shape": [1,1,4,4], "data": [4,11,18,9,18,37,47,21,36,67,77,33,14,23,26,9]}})";

std::string with(std::string_view from, std::string_view to) {
    std::string text = kCase;
    text.replace(text.find(from), from.size(), to);
    return text;
}

TEST(ComputeCommand, PrintsOneLineACase) {
    const TempFolder folder;
    const Ran ran = run({"compute", folder.write("case.json", kCase)});
    EXPECT_EQ(ran.code, kDone);
    ASSERT_EQ(ran.lines().size(), 1U);
    EXPECT_EQ(ran.lines()[0].at("name"), "seed");
    EXPECT_EQ(ran.lines()[0].at("shape"), json({1, 1, 4, 4}));
    EXPECT_EQ(ran.lines()[0].at("data"), json({4, 11, 18, 9, 18, 37, 47, 21, 36, 67, 77, 33, 14, 23, 26, 9}));
}

TEST(ComputeCommand, BothEnginesAgree) {
    const TempFolder folder;
    const std::string file = folder.write("case.json", kCase);
    EXPECT_EQ(run({"compute", "--engine", "reference", file}).out, run({"compute", "--engine", "fast", file}).out);
    EXPECT_EQ(run({"compute", "--engine", "quick", file}).code, kWrongUse);
}

TEST(ComputeCommand, TheGpuIsNeverReplacedSilently) {
    const TempFolder folder;
    const Ran ran = run({"compute", "--engine", "gpu", folder.write("case.json", kCase)});
    EXPECT_EQ(ran.code, kRefused);
    EXPECT_EQ(ran.lines().at(0).at("error").at("kind"), "engine_unavailable");
    EXPECT_EQ(ran.lines().at(0).at("error").at("fixes"), json({"--engine fast"}));
    EXPECT_FALSE(ran.lines().at(0).contains("data"));
}

TEST(ComputeCommand, ChecksAndCounts) {
    const TempFolder folder;
    const Ran good = run({"compute", "--check", folder.write("good.json", kCase)});
    EXPECT_EQ(good.code, kDone);
    EXPECT_EQ(good.lines().back(), json({{"agree", 1}, {"differ", 0}, {"skipped", 0}}));
    const Ran bad = run({"compute", "--check", folder.write("bad.json", with("[4,11,18", "[4,11,19"))});
    EXPECT_EQ(bad.code, kRefused);
    EXPECT_EQ(bad.lines().back(), json({{"agree", 0}, {"differ", 1}, {"skipped", 0}}));
    EXPECT_NE(bad.err.find("seed: "), std::string::npos);
}

TEST(ComputeCommand, ARefusalCountsForASingleCaseOnly) {
    const TempFolder folder;
    const std::string refused = with("\"stride\": [1,1]", "\"stride\": [0,1]");
    const Ran single = run({"compute", folder.write("single.json", refused)});
    EXPECT_EQ(single.code, kRefused);
    const json error = single.lines().at(0).at("error");
    EXPECT_EQ(error.at("kind"), "bad_stride");
    EXPECT_EQ(error.at("field"), "stride");
    EXPECT_GE(error.at("fixes").size(), 1U);
    const std::string both = "{\"cases\": [" + refused + "," + kCase + "]}";
    const Ran several = run({"compute", folder.write("several.json", both)});
    EXPECT_EQ(several.code, kDone);
    EXPECT_EQ(several.lines().size(), 2U);
}

TEST(ComputeCommand, AnOperationThatIsUnknownIsNoAnswer) {
    const TempFolder folder;
    const std::string unknown = with("\"op\": \"conv\"", "\"op\": \"max_pool\"");
    const std::string out = folder / "out.npy";
    const Ran single = run({"compute", folder.write("single.json", unknown), "-o", out});
    EXPECT_EQ(single.code, kRefused);
    EXPECT_NE(single.lines().at(0).at("skipped").get<std::string>().find("pool"), std::string::npos);
    EXPECT_NE(single.err.find("out.npy: not written"), std::string::npos) << single.err;
    EXPECT_FALSE(std::filesystem::exists(out));
    EXPECT_EQ(run({"compute", folder.write("two.json", "{\"cases\": [" + unknown + "," + kCase + "]}")}).code, kDone);
}

TEST(ComputeCommand, WritesTheAnswerOfASingleCase) {
    const TempFolder folder;
    const std::string file = folder.write("case.json", kCase);
    const std::string out = folder / "out.npy";
    EXPECT_EQ(run({"compute", file, "-o", out}).code, kDone);
    const NpyArray array = read_npy(out);
    EXPECT_EQ(array.shape, (std::vector<std::int64_t>{1, 1, 4, 4}));
    EXPECT_EQ(array.data.at(1), 11);
    EXPECT_EQ(run({"compute", file, file, "-o", out}).code, kWrongUse);
    const Ran nowhere = run({"compute", file, "-o", folder / "no/such/out.npy"});
    EXPECT_EQ(nowhere.code, kRefused);
    EXPECT_NE(nowhere.err.find("out.npy"), std::string::npos);
    EXPECT_EQ(folder.entries(), 2);
}

TEST(ComputeCommand, RefusesWhatIsNoCase) {
    const TempFolder folder;
    const std::string half(kCase, 200);
    for (const std::string& file : {folder / "missing.json", folder.path().string(), folder.write("text.json", "hello"),
                                    folder.write("half.json", half), folder.write("list.json", "[1]"),
                                    folder.write("data.json", with("[1,2,3,4,5,6,7,8,9]", "[1,2]")),
                                    folder.write("absurd.json", with("[1,1,3,3]", "[1,1,3e9,3e9]"))}) {
        const Ran ran = run({"compute", file});
        EXPECT_EQ(ran.code, kRefused) << file;
        EXPECT_NE(ran.err.find(std::filesystem::path(file).filename()), std::string::npos) << ran.err;
    }
}

// The peers' own outputs and refusals: all that convolutions and transposed convolutions can be asked.
TEST(ComputeCommand, AgreesWithEveryFixture) {
    std::vector<std::string> files{"compute", "--check"};
    for (const auto& entry : std::filesystem::directory_iterator(CONVLENS_FIXTURES)) {
        if (entry.path().extension() == ".json") files.push_back(entry.path().string());
    }
    ASSERT_GT(files.size(), 20U);
    const Ran ran = run(files);
    ASSERT_EQ(ran.code, kDone) << ran.err.substr(0, 2000);
    ASSERT_FALSE(ran.lines().empty());
    const json count = ran.lines().back();
    EXPECT_EQ(count.at("differ"), 0);
    EXPECT_GT(count.at("agree"), 500);
}

TEST(ComputeCommand, ADocumentIsNamedForWhatItIs) {
    const TempFolder folder;
    const std::string document = folder / "layer.convlens";
    ASSERT_EQ(run({"import", "nn.Conv2d(3, 6, (2, 5))", "-o", document}).code, kDone);
    const Ran ran = run({"compute", document});
    EXPECT_EQ(ran.code, kRefused);
    EXPECT_TRUE(ran.says("layer.convlens: is a document, which holds no cases")) << ran.err;
    EXPECT_FALSE(ran.says("\"op\" is missing")) << ran.err;
}

}  // namespace
}  // namespace convlens
