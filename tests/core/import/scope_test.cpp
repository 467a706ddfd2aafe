// Which statement of a text sets a name that the layer takes: not one of another function, nor one in a branch that the
// layer does not stand in.
#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

using Numbers = std::vector<double>;

TEST(ImportScope, NamesOfAnotherFunctionAreNotTheLayers) {
    const std::string call = "\ny = F.conv2d(torch.ones(1, 1, 4, 5), w)";
    const std::string w = "w = torch.tensor([[[[2., 3, 5]]]])\n";
    for (const std::string between :
         {"def f(x):\n    w = torch.full((1, 1, 2, 2), 7.)\n    return w", "def f(w):\n    w = w*7\n    return w",
          "class C:\n    w = torch.zeros(1, 1, 2, 2)",
          "def f():\n    w = torch.ones(1, 1, 1, 3)\n    w[0, 0, 0, 1] = 9",
          "def f():\n    def g():\n        w = 4\n    return g", "def f(): a = 1; w = 4"}) {
        const ImportedLayer layer = import_layer(w + between + call);
        EXPECT_EQ(numbers(layer.weight), (Numbers{2, 3, 5})) << between;
        EXPECT_FALSE(has_note(layer, "not followed")) << between << testing::PrintToString(layer.notes);
    }
    EXPECT_EQ(spec_of("s = 2\ndef make():\n    s = 1\n    return s\nc = nn.Conv2d(3, 8, 3, stride=s)").stride,
              (Size2{2, 2}));
    expect_contains(refusal("def make():\n    s = 1\n    return s\nc = nn.Conv2d(3, 8, 3, stride=s)"),
                    "s is a variable");
    const ImportedLayer global = import_layer(w + "def f():\n    global w\n    w = w*7\nf()" + call);
    EXPECT_EQ(numbers(global.weight), (Numbers{2, 3, 5}));
    EXPECT_TRUE(has_note(global, "line 4: w = w*7 changes w and is not followed"))
        << testing::PrintToString(global.notes);
}

TEST(ImportScope, AFunctionSeesItsOwnNamesAndThoseAroundIt) {
    EXPECT_EQ(
        numbers(import_layer("w = torch.tensor([[[[2., 3, 5]]]])\ndef f(x):\n    k = w*3\n    return F.conv2d(x, k)")
                    .weight),
        (Numbers{6, 9, 15}));
    EXPECT_EQ(
        numbers(import_layer(
                    "class C(nn.Module):\n    def __init__(self):\n        self.w = torch.tensor([[[[2., 3, 5]]]])\n"
                    "    def forward(self, x):\n        return F.conv2d(x, self.w)")
                    .weight),
        (Numbers{2, 3, 5}));
}

TEST(ImportScope, MatlabsFunctionsHaveTheirOwnNames) {
    EXPECT_EQ(
        numbers(import_layer("k = [2 3 5];\nfunction y = f(a)\n  k = [7 9];\n  y = a;\nend\nC = conv2(ones(4, 5), k);")
                    .weight),
        (Numbers{2, 3, 5}));
    EXPECT_EQ(numbers(import_layer("function y = f(a)\n  k = [7 9];\n  y = conv2(a, k);\nend").weight),
              (Numbers{7, 9}));
    EXPECT_EQ(
        numbers(
            import_layer("function y = f(a)\n  if a\n    b = 3;\n  end\n  k = [7 9];\n  y = conv2(a, k);\nend").weight),
        (Numbers{7, 9}));
}

TEST(ImportScope, ABranchThatIsNotFollowedLeavesTheValueBeforeIt) {
    const std::string call = "\ny = F.conv2d(torch.ones(1, 1, 4, 5), w)";
    const std::string w = "w = torch.tensor([[[[2., 3, 5]]]])\n";
    for (const std::string branch : {"if False:\n    w = w*2", "for i in range(4):\n    w = w*2",
                                     "if a:\n    b = 1\nelse:\n    w = w*2", "if a:\n    w += 4"}) {
        const ImportedLayer layer = import_layer(w + branch + call);
        EXPECT_EQ(numbers(layer.weight), (Numbers{2, 3, 5})) << branch;
        EXPECT_TRUE(has_note(layer, "changes w and is not followed")) << branch << testing::PrintToString(layer.notes);
    }
    EXPECT_EQ(numbers(import_layer("k = [2 3 5];\nif z\n  k = [7 9];\nend\nC = conv2(ones(4, 5), k);").weight),
              (Numbers{2, 3, 5}));
    const ImportedLayer inside = import_layer(w + "if a:\n    w = w*2\n    y = F.conv2d(x, w)");
    EXPECT_EQ(numbers(inside.weight), (Numbers{4, 6, 10}));
    EXPECT_FALSE(has_note(inside, "not followed")) << testing::PrintToString(inside.notes);
}

TEST(ImportScope, WhatOnlyBranchesSetIsTakenFromTheLastAndSaid) {
    const ImportedLayer layer = import_layer(
        "if a:\n    w = torch.tensor([[[[2., 3, 5]]]])\nelse:\n    w = torch.tensor([[[[7., 9]]]])\n"
        "y = F.conv2d(torch.ones(1, 1, 4, 5), w)");
    EXPECT_EQ(numbers(layer.weight), (Numbers{7, 9}));
    EXPECT_TRUE(has_note(layer, "line 2: w = torch.tensor([[[[2., 3, 5]]]]) changes w and is not followed"))
        << testing::PrintToString(layer.notes);
    EXPECT_TRUE(has_note(layer, "line 4: w = torch.tensor([[[[7., 9]]]]) stands in a branch or a loop; it was taken"));
    EXPECT_FALSE(has_note(layer, "line 4: w = torch.tensor([[[[7., 9]]]]) changes"));
}

TEST(ImportScope, AnElseIsOfTheIfInFrontOfItHoweverLongTheyAre) {
    std::string prints;
    for (int i = 0; i < 120; ++i) prints += "    print(x)\n";
    const std::string w = "    w = torch.tensor([[[[2., 3, 5]]]])\n";
    const std::string call = "else:\n    y = F.conv2d(torch.ones(1, 1, 4, 5), w)";
    EXPECT_EQ(numbers(import_layer("if a:\n" + w + prints + "if b:\n    print(x)\n" + call).weight),
              (Numbers{2, 3, 5}));
    EXPECT_EQ(import_layer("if a:\n" + w + prints + "elif b:\n    print(x)\n" + call).weight, std::nullopt);
    EXPECT_EQ(import_layer("if a:\n" + w + prints + call).weight, std::nullopt);
}

// Looking from the if to the else for each of them took seven seconds.
TEST(ImportScope, ManyNamesInAnElseSeeNothingOfTheIf) {
    std::string text = "s = 7\nif a:\n";
    for (int i = 0; i < 900; ++i) text += "    s = 1\n";
    text += "else:\n    w = torch.tensor([[[[";
    for (int i = 0; i < 10000; ++i) text += "s, ";
    const std::optional<Tensor<double>> weight = import_layer(text + "s]]]])\n    y = F.conv2d(x, w)").weight;
    EXPECT_EQ(numbers(weight), Numbers(10001, 7));
}

TEST(ImportScope, SeveralNamesAndSumsAreSet) {
    EXPECT_EQ(spec_of("s = 2\ns += 1\nc = nn.Conv2d(3, 8, 3, stride=s)").stride, (Size2{3, 3}));
    EXPECT_EQ(spec_of("s = 12\ns -= 2\ns *= 2\ns //= 1\ns = 7\ns -= 3\nc = nn.Conv2d(3, 8, 3, stride=s)").stride,
              (Size2{4, 4}));
    const ConvSpec chained = spec_of("a = b = 3\nc = nn.Conv2d(4, 8, 5, stride=a, padding=b)");
    EXPECT_EQ(chained.stride, (Size2{3, 3}));
    EXPECT_EQ(chained.pads, Pads::all(3));
    const ConvSpec several =
        spec_of("a, b = 1, 2\nd, e = (3, 4)\nc = nn.Conv2d(4, 8, 5, stride=(d, e), padding=(a, b))");
    EXPECT_EQ(several.stride, (Size2{3, 4}));
    EXPECT_EQ(several.pads, (Pads{1, 1, 2, 2}));
    EXPECT_EQ(spec_of("a, b = 1, 2\na, b = b, a\nc = nn.Conv2d(4, 8, 5, stride=(a, b))").stride, (Size2{2, 1}));
    const ImportedLayer sum = import_layer("w = torch.tensor([[[[2., 3, 5]]]])\nw += 4\ny = F.conv2d(x, w)");
    EXPECT_EQ(numbers(sum.weight), (Numbers{6, 7, 9}));
    EXPECT_FALSE(has_note(sum, "not followed")) << testing::PrintToString(sum.notes);
    EXPECT_EQ(numbers(import_layer("k = np.array([[1, 2], [3, 4]])\nk //= 2\ny = signal.convolve2d(a, k)").weight),
              (Numbers{0, 1, 1, 2}));
    EXPECT_EQ(numbers(import_layer("k = np.array([[1, 2], [3, 4]])\nk **= 2\ny = signal.convolve2d(a, k)").weight),
              (Numbers{1, 4, 9, 16}));
    expect_contains(refusal("a, b = f()\nc = nn.Conv2d(4, 8, 5, stride=a)"), "a is a variable");
    EXPECT_TRUE(has_note(import_layer("w = torch.tensor([[[[2., 3, 5]]]])\nv = w\nw += 4\ny = F.conv2d(x, v)"),
                         "w += 4 changes w"));
}

}  // namespace
}  // namespace convlens
