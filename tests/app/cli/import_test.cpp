#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <thread>

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

// It was looked for as a file, as it has a point and no ASCII bracket.
TEST_F(ImportCommand, TextWithFullWidthBracketsIsNoFile) {
    const Ran ran = run({"import", "nn.Conv2d（3，8，3，padding=1）", "-o", out});
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_TRUE(ran.says("full-width signs such as （ were read as ASCII's")) << ran.err;
}

TEST_F(ImportCommand, ReplacesNoFileOfAnotherKind) {
    const std::string picture = folder.write("photo.jpg", "not a document");
    const Ran ran = run({"import", "nn.Conv2d(3, 6, 5)", "-o", picture});
    EXPECT_EQ(ran.code, 2);
    EXPECT_TRUE(ran.says("a document's name must end in .convlens")) << ran.err;
    EXPECT_EQ(folder.read("photo.jpg"), "not a document");
}

TEST_F(ImportCommand, ReplacesADocumentOnlyWhereThatIsAskedFor) {
    ASSERT_EQ(run({"import", "nn.Conv2d(3, 6, 5)", "-o", out}).code, 0);
    const Ran ran = run({"import", "nn.Conv2d(3, 6, 2)", "-o", out});
    EXPECT_EQ(ran.code, 1);
    EXPECT_TRUE(ran.says(out + " exists already; name another one, or add --overwrite to replace it")) << ran.err;
    EXPECT_EQ(kernel(), (Size2{5, 5}));
    EXPECT_EQ(run({"import", "nn.Conv2d(3, 6, 2)", "-o", out, "--overwrite"}).code, 0);
    EXPECT_EQ(kernel(), (Size2{2, 2}));
}

TEST_F(ImportCommand, LayersOfOneNameAreChosenByTheirClasses) {
    const std::string text =
        "class A(nn.Module):\n    def __init__(self):\n        self.conv = nn.Conv2d(3, 8, 3)\n"
        "class B(nn.Module):\n    def __init__(self):\n        self.conv = nn.Conv2d(3, 8, 5)\n";
    const Ran ran = run({"import", text, "-o", out});
    EXPECT_TRUE(ran.says("1  A.conv  nn.Conv2d, line 3")) << ran.err;
    EXPECT_TRUE(ran.says("2  B.conv  nn.Conv2d, line 6")) << ran.err;
    EXPECT_EQ(run({"import", text, "--layer", "B.conv", "-o", out}).code, 0);
    EXPECT_EQ(kernel(), (Size2{5, 5}));
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
    EXPECT_EQ(run({"import", kTwo, "--layer", "conv1", "-o", out, "--overwrite"}).code, 0);
    EXPECT_EQ(kernel(), (Size2{5, 5}));
    EXPECT_EQ(run({"import", kTwo, "--layer", "nn.MaxPool2d", "-o", out, "--overwrite"}).code, 0)
        << "the only one of that function";
    EXPECT_EQ(kernel(), (Size2{2, 2}));
    for (const char* wrong : {"0", "4", "nn.Conv2d", "conv", "1x"}) {
        const Ran ran = run({"import", kTwo, "--layer", wrong, "-o", out, "--overwrite"});
        EXPECT_EQ(ran.code, 1) << wrong;
        EXPECT_TRUE(ran.says(std::string("must be the number or the name of one layer of the text; it is ") + wrong));
    }
}

TEST_F(ImportCommand, NumbersCountFrom1WhateverLayersAreCalled) {
    const std::string printed =
        "Sequential(\n  (0): Conv2d(3, 6, kernel_size=(5, 4))\n  (1): Conv2d(6, 7, kernel_size=(2, 3))\n)";
    EXPECT_EQ(run({"import", printed, "--layer", "1", "-o", out}).code, 0);
    EXPECT_EQ(kernel(), (Size2{5, 4}));
    EXPECT_EQ(run({"import", printed, "--layer", "2", "-o", out, "--overwrite"}).code, 0);
    EXPECT_EQ(kernel(), (Size2{2, 3}));
}

TEST_F(ImportCommand, MadeUpKernelsAreNotEmpty) {
    for (const char* text : {"nn.Conv1d(3, 2, 3)", "nn.Conv2d(3, 2, 1)", "nn.ConvTranspose1d(1, 1, 3)"}) {
        ASSERT_EQ(run({"import", text, "-o", out, "--overwrite"}).code, 0);
        const Tensor<double> weight = *load_document(out).layers.front().weight;
        const Shape4 shape = weight.shape();
        for (std::int64_t n = 0; n < shape.n; ++n)
            for (std::int64_t c = 0; c < shape.c; ++c) {
                bool empty = true;
                for (std::int64_t x = 0; x < shape.w; ++x) empty = empty && weight.at(n, c, 0, x) == 0;
                EXPECT_FALSE(empty) << text << ": " << n << " " << c;
            }
    }
}

TEST_F(ImportCommand, WhatIsLeftOutIsSaid) {
    const Ran ran = run({"import", "y = F.relu(F.conv2d(F.pad(x, (1, 2, 0, 3)), w))", "-o", out});
    EXPECT_EQ(ran.code, 0);
    EXPECT_NE(ran.err.find("F.pad before the layer became its padding: top 0, bottom 3, left 1, right 2"),
              std::string::npos);
    EXPECT_NE(ran.err.find("changed after the layer by F.relu(...)"), std::string::npos);
}

TEST_F(ImportCommand, ReadsPipesAndStandardInput) {
    const std::string pipe = folder / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    std::thread writer([&] { std::ofstream(pipe) << "nn.Conv2d(3, 6, (2, 5))"; });
    const Ran ran = run({"import", pipe, "-o", out});
    writer.join();
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_EQ(kernel(), (Size2{2, 5}));
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    constexpr std::string_view kText = "nn.Conv2d(3, 6, (4, 3))";
    ASSERT_EQ(::write(ends[1], kText.data(), kText.size()), std::ssize(kText));
    ::close(ends[1]);
    EXPECT_EQ(run({"import", "/dev/fd/" + std::to_string(ends[0]), "-o", out, "--overwrite"}).code, 0)
        << "import <(echo ...)";
    ::close(ends[0]);
    EXPECT_EQ(kernel(), (Size2{4, 3}));
}

TEST_F(ImportCommand, WhatIsThereAndCannotBeReadIsNamedForWhatItIs) {
    const Ran dir = run({"import", folder.path().string(), "-o", out});
    EXPECT_EQ(dir.code, 1);
    EXPECT_TRUE(dir.says("is a folder")) << dir.err;
    const std::filesystem::path before = std::filesystem::current_path();
    std::filesystem::create_directory(folder / "dir");
    std::filesystem::current_path(folder.path());
    const Ran bare = run({"import", "dir", "-o", out});
    std::filesystem::current_path(before);
    EXPECT_TRUE(bare.says("dir: is a folder")) << "a name without a dot is a name all the same: " << bare.err;
    EXPECT_TRUE(run({"import", folder / "missing.py", "-o", out}).says("there is no such file"));
    const Ran endless = run({"import", "/dev/zero", "-o", out});
    EXPECT_EQ(endless.code, 1);
    EXPECT_TRUE(endless.says("larger than 262144 bytes")) << endless.err;
}

TEST_F(ImportCommand, AFileThatIsTooLargeHasItsLimitSaidAndNoOtherSize) {
    const std::string file = folder.write("large.py", std::string(300'017, ' '));
    const Ran ran = run({"import", file, "-o", out});
    EXPECT_EQ(ran.code, 1);
    EXPECT_TRUE(ran.says("larger than 262144 bytes")) << ran.err;
    EXPECT_FALSE(ran.says("262145")) << ran.err;
    EXPECT_EQ(
        run({"import", folder.write("just.py", "nn.Conv2d(3, 6, 5)" + std::string(262'144 - 18, ' ')), "-o", out}).code,
        0)
        << "as large as can be";
}

}  // namespace
}  // namespace convlens
