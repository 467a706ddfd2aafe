// Every statement that may change the result is followed, named by a note, or listed as not read; plain texts have no list.
#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

struct Row {
    std::string text;
    std::string note;  // that one must contain
};

TEST(ImportAccount, WhatMayChangeTheResultIsListed) {
    const std::string numpy =
        "import numpy as np\nfrom scipy import signal\nimg = np.ones((5, 5))\nk = np.ones((3, 3))\n";
    const std::string call = "\nout = signal.convolve2d(img, k, mode='same')";
    const std::vector<Row> rows{
        {numpy + "globals()['k'] = k * 2" + call, "not read: line 5 `globals()['k'] = k * 2`"},
        {numpy + "exec('k = k * 2')" + call, "not read: line 5"},
        {"conv = nn.Conv2d(3, 8, 3)\nconv = spectral_norm(conv)\ny = conv(x)",
         "not read: line 2 `conv = spectral_norm(conv)`"},
        {"conv = nn.Conv2d(3, 8, 3)\nwith torch.autocast('cuda'):\n    y = conv(x)",
         "not read: line 2 `with torch.autocast('cuda')`"},
        {"torch.set_default_dtype(torch.half)\nconv = nn.Conv2d(3, 8, 3)\ny = conv(x)", "not read: line 1"},
        {"def f(x, k=5):\n    return F.avg_pool2d(x, k)\ny = f(x)",
         "k was taken from the default of def f; a call of it may give another"},
    };
    for (const Row& row : rows) {
        const ImportedLayer layer = import_layer(row.text);
        EXPECT_TRUE(has_note(layer, row.note)) << row.text << "\nwanted: " << row.note << "\n"
                                               << testing::PrintToString(layer.notes);
    }
}

TEST(ImportAccount, WhatHasNoPartInTheLayerIsNotListed) {
    for (const std::string text : {
             "nn.Conv2d(3, 16, 3, stride=2)",
             "import torch\nimport torch.nn as nn\ntorch.manual_seed(0)\nx = torch.randn(1, 3, 8, 8)\n"
             "conv = nn.Conv2d(3, 8, 3)\ny = conv(x)\nprint(y.shape)\nassert y.shape[1] == 8",
             "conv = nn.Conv2d(3, 8, 3).eval()\nwith torch.no_grad():\n    y = conv(x)\nlr = 0.1\nname = 'run'",
             "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
             "        self.conv = nn.Conv2d(1, 8, 3)\n    def forward(self, x):\n        return self.conv(x)",
             "clc; clear;\nI = ones(5, 5);\nk = [1 0 -1; 1 0 -1; 1 0 -1];\nJ = conv2(I, k, 'same');\ndisp(J)",
         }) {
        const ImportedLayer layer = import_layer(text);
        EXPECT_FALSE(has_note(layer, "not read: ")) << text << "\n" << testing::PrintToString(layer.notes);
    }
}

// They went without a word where the text does not apply the layer.
TEST(ImportAccount, CallsWhoseResultNobodyUsesAreNamed) {
    const std::string conv = "nn.Conv2d(3, 8, 3)";
    const std::pair<std::string, std::string> texts[] = {
        {"F.pad(x, (2, 2, 2, 2))\n" + conv, "line 1: the result of F.pad is not used; it was left out"},
        {conv + "\nF.pad(x, (2, 2, 2, 2))", "line 2: the result of F.pad is not used; it was left out"},
        {"F.relu(x)\nconv = " + conv, "line 1: the result of F.relu is not used; it was left out"},
        {"np.pad(x, 2)\nconv = " + conv, "line 1: the result of np.pad is not used; it was left out"},
        {"conv = " + conv + "\ny = F.pad(x, (2, 2, 2, 2))", "line 2: the result of F.pad is not used"},
        {conv + "\nx = nn.ReflectionPad2d(1)(x)", "line 2: the result of nn.ReflectionPad2d is not used"},
        {"tf.nn.relu(x)\nkeras.layers.Conv2D(8, 3)", "line 1: the result of tf.nn.relu is not used"},
    };
    for (const auto& [text, note] : texts) {
        const ImportedLayer layer = import_layer(text);
        EXPECT_TRUE(has_note(layer, note)) << text << "\n" << testing::PrintToString(layer.notes);
        EXPECT_EQ(layer.layer.spec.pads, Pads{}) << text;
    }
    for (const std::string text : {
             "x = torch.randn(n, 3, 8, 8)\nconv = nn.Conv2d(3, 8, 3)",
             "conv = nn.Conv2d(3, 8, 3)\nnn.init.zeros_(w)\nnp.random.shuffle(order)\nnp.save('x', x)",
             "x = F.pad(x, (1, 1, 1, 1))\ny = F.conv2d(x, w)", "y = F.conv2d(x, w)\nz = F.relu(y)\nprint(z)",
             "F.pad(x, (2, 2, 2, 2))\nF.conv2d(x, w)",  // listed as not read, as x is the layer's
         }) {
        const ImportedLayer layer = import_layer(text);
        EXPECT_FALSE(has_note(layer, "is not used")) << text << "\n" << testing::PrintToString(layer.notes);
    }
}

TEST(ImportAccount, ManyStatementsAreOneNote) {
    std::string text = "conv = nn.Conv2d(1, 1, 3)\n";
    for (int i = 0; i < 9; ++i) text += "conv = wrapped(conv)\n";
    const ImportedLayer layer = import_layer(text + "y = conv(x)");
    EXPECT_EQ(
        std::ranges::count_if(layer.notes, [](const Message& note) { return english(note).starts_with("not read"); }),
        1);
    EXPECT_TRUE(has_note(layer, "more")) << testing::PrintToString(layer.notes);
}

TEST(ImportAccount, ANameThatTheTextMakesIsNoLibrarys) {
    const std::string why =
        refusal("from functools import partial\nConv = partial(nn.Conv2d, padding=1)\nConv(3, 8, 3)");
    EXPECT_NE(why.find("partial"), std::string::npos) << why;
    EXPECT_EQ(why.find("W of Conv"), std::string::npos) << why;
}

}  // namespace
}  // namespace convlens
