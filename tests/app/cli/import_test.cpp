#include <gtest/gtest.h>

#include "app/document/file.h"
#include "tests/app/cli/run.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

constexpr const char* kTwo =
    "self.conv1 = nn.Conv2d(3, 6, 5)\nself.pool = nn.MaxPool2d(2)\nself.conv2 = nn.Conv2d(6, 16, (3, 4))";

class ImportCommand : public testing::Test {
protected:
    TempFolder folder;
    std::string out = folder / "layer.convlens";

    Size2 kernel() const { return load_document(out).layers.front().spec.kernel; }
};

TEST_F(ImportCommand, OneLayerIsTakenAsItIs) {
    const Ran ran = run({"import", "nn.Conv2d(3, 6, 5)", "-o", out});
    EXPECT_EQ(ran.code, 0);
    EXPECT_EQ(kernel(), (Size2{5, 5}));
}

TEST_F(ImportCommand, ReplacesNoFileOfAnotherKind) {
    const std::string picture = folder.write("photo.jpg", "not a document");
    const Ran ran = run({"import", "nn.Conv2d(3, 6, 5)", "-o", picture});
    EXPECT_EQ(ran.code, 1);
    EXPECT_TRUE(ran.says("a document's name must end in .convlens")) << ran.err;
    EXPECT_EQ(folder.read("photo.jpg"), "not a document");
}

TEST_F(ImportCommand, OfSeveralLayersOneMustBeChosen) {
    const Ran ran = run({"import", kTwo, "-o", out});
    EXPECT_EQ(ran.code, 1);
    EXPECT_TRUE(ran.says("The text has 3 layers; choose one with --layer and its number or name:"));
    EXPECT_TRUE(ran.says("   1  conv1  nn.Conv2d, line 1, column 14"));
    EXPECT_TRUE(ran.says("   2  pool   nn.MaxPool2d, line 2, column 13"));
    EXPECT_FALSE(std::filesystem::exists(out));
}

TEST_F(ImportCommand, ALayerIsChosenByItsNumberOrName) {
    EXPECT_EQ(run({"import", kTwo, "--layer", "3", "-o", out}).code, 0);
    EXPECT_EQ(kernel(), (Size2{3, 4}));
    EXPECT_EQ(run({"import", kTwo, "--layer", "conv1", "-o", out}).code, 0);
    EXPECT_EQ(kernel(), (Size2{5, 5}));
    EXPECT_EQ(run({"import", kTwo, "--layer", "nn.MaxPool2d", "-o", out}).code, 0) << "the only one of that function";
    EXPECT_EQ(kernel(), (Size2{2, 2}));
    for (const char* wrong : {"0", "4", "nn.Conv2d", "conv", "1x"}) {
        const Ran ran = run({"import", kTwo, "--layer", wrong, "-o", out});
        EXPECT_EQ(ran.code, 1) << wrong;
        EXPECT_TRUE(ran.says(std::string("must be the number or the name of one layer of the text; it is ") + wrong));
    }
}

TEST_F(ImportCommand, WhatIsLeftOutIsSaid) {
    const Ran ran = run({"import", "y = F.relu(F.conv2d(F.pad(x, (1, 2, 0, 3)), w))", "-o", out});
    EXPECT_EQ(ran.code, 0);
    EXPECT_NE(ran.err.find("F.pad before the layer became its padding: top 0, bottom 3, left 1, right 2"),
              std::string::npos);
    EXPECT_NE(ran.err.find("changed after the layer by F.relu(...)"), std::string::npos);
}

}  // namespace
}  // namespace convlens
