// What is done to a layer's result.
#include <fmt/format.h>

#include "core/conv/shape.h"
#include "core/conv/validate.h"
#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

const std::string kConv = "F.conv2d(torch.ones(1, 1, 9, 11), torch.ones(1, 1, 3, 2), stride=(2, 1), padding=(1, 2))";

TEST(ImportAfter, PartsOfAConvolutionAreItsPadsAndStride) {
    struct Row {
        std::string slice;
        Size2 stride;
        Pads pads;
        Size2 output;
    };
    for (const Row& row : {
             Row{"[:, :, ::2, 1:]", {4, 1}, {1, 1, 1, 2}, {3, 13}},
             Row{"[..., 1:, ::3]", {2, 3}, {-1, 1, 2, 2}, {4, 5}},
             Row{"[..., 1:-1, 2:-3]", {2, 1}, {-1, -1, 0, -1}, {3, 9}},
             Row{"[:, :, :2, 1:8:3]", {2, 3}, {1, -5, 1, -4}, {2, 3}},
         }) {
        for (const std::string& text : {"y = " + kConv + row.slice, "y = " + kConv + "\nz = y" + row.slice,
                                        "def f():\n    return " + kConv + row.slice}) {
            SCOPED_TRACE(text);
            const ImportedLayer layer = import_layer(text);
            EXPECT_EQ(layer.layer.spec.stride, row.stride);
            EXPECT_EQ(layer.layer.spec.pads, row.pads);
            EXPECT_TRUE(validate(layer.layer).empty());
            EXPECT_EQ(output_shape(layer.layer.spec, layer.layer.input).plane(), row.output);
            EXPECT_TRUE(has_note(layer, "after the layer became its settings"));
        }
    }
}

TEST(ImportAfter, PositionsThatNeedNoSizeAreTakenWithoutOne) {
    const ConvSpec spec = spec_of("y = F.conv2d(x, w, stride=2, padding=1)\ny = y[:, :, 1:-2, ::3]");
    EXPECT_EQ(spec.stride, (Size2{2, 6}));
    EXPECT_EQ(spec.pads, (Pads{-1, -3, 1, 1}));
    const ImportedLayer untold = import_layer("y = F.conv2d(x, w, padding=1)[..., :4, :]");
    EXPECT_TRUE(has_note(untold, "changed after the layer by [...,:4,:]"));
    EXPECT_EQ(spec_of("y = conv2(A, k, 'valid');\nz = y(1:2:end, 2:end-1);").stride, (Size2{2, 1}));
}

TEST(ImportAfter, PartsOfATransposedConvolutionCropMore) {
    const std::string layer = "y = F.conv_transpose2d(torch.ones(1, 1, 4, 5), torch.ones(1, 1, 3, 3), stride=2)";
    const ConvSpec cut = spec_of(layer + "\ny = y[:, :, 1:, 2:-1]");
    EXPECT_EQ(cut.pads, (Pads{1, 0, 2, 1}));
    EXPECT_EQ(spec_of(layer + "\ny = F.pad(y, (-1, 2, 0, -3))").pads, (Pads{0, 3, 1, -2}));
}

TEST(ImportAfter, WhatElseIsDoneIsNamed) {
    struct Row {
        std::string text;
        const char* by;
    };
    for (const Row& row : {
             Row{"y = F.relu(F.conv2d(x, w))", "F.relu(...)"},
             Row{"y = F.conv2d(x, w)\ny = torch.sigmoid(y)", "torch.sigmoid(...), at line 2"},
             Row{"y = F.conv2d(x, w).relu()", ".relu(...)"},
             Row{"y = F.conv2d(x, w)\nreturn y.squeeze(0)", ".squeeze(...)"},
             Row{"y = F.conv2d(x, w)\ny = y.unsqueeze(1)", ".unsqueeze(...)"},
             Row{"y = F.conv2d(x, w) * 2", "an operation (*)"},
             Row{"y = F.conv2d(x, w)\ny /= 9", "an operation (/)"},
             Row{"y = F.conv2d(x, w, b)\ny = y + x", "an operation (+)"},
             Row{"y = F.conv2d(x, w)\ny = F.pad(y, (1, 1))", "F.pad(...)"},
             Row{"y = F.max_pool2d(x, 2)[..., 1:]", "[...,1:]"},
             Row{"y = F.conv2d(x, w)[:, 1:]", "[:,1:]"},
             Row{"nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())", "nn.ReLU, at line 1"},
             Row{"Net(\n  (a): Conv2d(3, 8, kernel_size=(3, 3))\n  (b): Sigmoid()\n)", "Sigmoid, at line 3"},
             Row{"self.c = nn.Conv2d(3, 8, 3)\ndef forward(self, x):\n    return F.relu(self.c(x))", "F.relu(...)"},
             Row{"x = layers.Conv2D(8, 3)(x)\nx = layers.Activation('relu')(x)", "layers.Activation(...)"},
             Row{"model.add(Conv2D(8, 3))\nmodel.add(Activation('relu'))", "Activation"},
             Row{"y = abs(conv2(A, k));", "abs(...)"},
             Row{"dst = np.abs(cv2.filter2D(img, -1, k))", "np.abs(...)"},
         }) {
        const ImportedLayer layer = import_layer(row.text);
        EXPECT_TRUE(has_note(layer, std::string("changed after the layer by ") + row.by))
            << row.text << "\n"
            << testing::PrintToString(layer.notes);
    }
}

TEST(ImportAfter, LookingAtTheResultChangesNothing) {
    for (const std::string text : {
             "y = F.conv2d(x, w)\nprint(y.shape)\nprint(y.flatten().tolist())",
             "print(nn.Conv2d(3, 8, 3)(x).shape)",
             "y = F.conv2d(x, w).detach().cpu().numpy()",
             "x = nn.Conv2d(3, 8, 3)(x)\nx = nn.MaxPool2d(2)(x)",
             "y = tf.nn.conv2d(x, w, 1, 'SAME')\ny = tf.transpose(y, [0, 3, 1, 2])",
             "imshow(conv2(A, k));",
         }) {
        EXPECT_FALSE(has_note(import_layer(text), "changed after the layer")) << text;
    }
}

TEST(ImportAfter, OneOfSeveralLayersIsChosen) {
    const std::string text =
        "self.conv1 = nn.Conv2d(3, 6, 5)\nself.pool = nn.MaxPool2d(2, 3)\nself.conv2 = nn.Conv2d(6, 16, (3, 4))\n"
        "layers = {'up': nn.ConvTranspose2d(7, 9, 2)}";
    const std::vector<FoundLayer> found = find_layers(text);
    ASSERT_EQ(found.size(), 4U);
    EXPECT_EQ(found[0].name, "conv1");
    EXPECT_EQ(found[1].function, "nn.MaxPool2d");
    EXPECT_EQ(english(found[2].place), "line 3, column 14");
    EXPECT_EQ(found[3].name, "up");
    EXPECT_EQ(import_layer(text, 2).layer.spec.kernel, (Size2{3, 4}));
    EXPECT_EQ(import_layer(text, 3).layer.spec.op, Op::conv_transpose);
    EXPECT_TRUE(
        has_note(import_layer(text, 1), "the text has 4 layers: conv1 (nn.Conv2d at line 1, column 14), pool ("));
    EXPECT_TRUE(has_note(import_layer(text, 1), "; pool, number 2, was taken"));
    EXPECT_THROW(import_layer(text, 4), ImportError);
}

TEST(ImportAfter, EveryChangeOfAChainIsNamed) {
    const auto changes = [](const std::string& text) {
        std::vector<std::string> names;
        for (const std::string& note : in_words(import_layer(text).notes)) {
            constexpr std::string_view kBegin = "the result is changed after the layer by ";
            if (note.starts_with(kBegin))
                names.push_back(note.substr(kBegin.size(), note.find(", at") - kBegin.size()));
        }
        return names;
    };
    using Names = std::vector<std::string>;
    EXPECT_EQ(changes("y = nn.Conv2d(3, 8, 3)(x).relu().sum()"), (Names{".relu(...)", ".sum(...)"}));
    EXPECT_EQ(changes("conv = nn.Conv2d(3, 8, 3)\ny = torch.sqrt(conv(x).relu().cpu() + 1)"),
              (Names{".relu(...)", "an operation (+)", "torch.sqrt(...)"}));
    EXPECT_EQ(changes("y = F.conv2d(x, w)\nz = y.relu().mean()"), (Names{".relu(...)", ".mean(...)"}));
    EXPECT_EQ(changes("a = nn.Conv2d(1, 2, 3)\nb = nn.Conv2d(2, 3, 3)\ny = b(F.relu(a(x)))"), (Names{"F.relu(...)"}))
        << "what another layer makes of it is that layer's";
}

// A size that the text does not tell is a guess, which must be large enough for the part that is taken.
TEST(ImportAfter, AGuessedSizeIsLargeEnoughForThePart) {
    for (const std::string layer :
         {"nn.Conv2d(1, 4, 3, stride=2)", "nn.Conv2d(1, 4, 3, stride=2, padding=1)",
          "nn.Conv2d(1, 4, (3, 5), stride=(3, 1), dilation=2)", "nn.ConvTranspose2d(1, 4, 3, stride=2)"}) {
        for (const std::string part : {"[..., 1:-1]", "[:, :, 2:-1, 1:]", "[..., 3:-3, 2:-4]"}) {
            const ImportedLayer imported = import_layer("conv = " + layer + "\ny = conv(x)" + part);
            EXPECT_TRUE(validate(imported.layer).empty()) << layer << part;
            EXPECT_TRUE(has_note(imported, fmt::format("the input's size is not told; {}×{} was taken",
                                                       imported.layer.input.h, imported.layer.input.w)))
                << layer << part;
        }
    }
    EXPECT_EQ(import_layer("conv = nn.Conv1d(1, 4, 3, stride=2)\ny = conv(x)[..., 1:-1]").layer.input,
              (Shape4{1, 1, 1, 11}));
    EXPECT_EQ(import_layer("y = nn.Conv2d(1, 4, 3)(x)[..., 1:-1]").layer.input, (Shape4{1, 1, 5, 5}))
        << "one that is large enough stays";
}

}  // namespace
}  // namespace convlens
