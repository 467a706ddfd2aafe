// What is padded, cut and turned before a layer.
#include "core/conv/shape.h"
#include "core/conv/validate.h"
#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

struct Row {
    std::string text;
    Pads pads;
    PadMode mode = PadMode::zeros;
    double value = 0;
};

void expect_rows(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        SCOPED_TRACE(row.text);
        const ImportedLayer layer = import_layer(row.text);
        EXPECT_EQ(layer.layer.spec.pads, row.pads);
        EXPECT_EQ(layer.layer.spec.pad_rule, PadRule::explicit_);
        EXPECT_EQ(layer.layer.spec.pad_mode, row.mode);
        EXPECT_EQ(layer.layer.spec.pad_value, row.value);
        EXPECT_TRUE(has_note(layer, "before the layer became its padding"));
        EXPECT_TRUE(validate(layer.layer).empty());
    }
}

TEST(ImportBorder, FunctionsThatPadBecomeTheLayersPadding) {
    const std::string torch = "y = F.conv2d(x, torch.ones(1, 1, 3, 3))";
    expect_rows({
        {"x = F.pad(x, (1, 2, 0, 3))\ny = F.conv2d(x, w)", {0, 3, 1, 2}},
        {"x = F.pad(x, [1, 2, 4, 3], mode='reflect')\n" + torch, {4, 3, 1, 2}, PadMode::reflect},
        {"x = F.pad(x, (1, 2), 'replicate')\n" + torch, {0, 0, 1, 2}, PadMode::replicate},
        {"x = F.pad(x, (1, 2, 4, 3), value=5.5)\n" + torch, {4, 3, 1, 2}, PadMode::constant, 5.5},
        {"F.conv2d(torch.nn.functional.pad(x, (1, 2, 4, 3)), w, padding=(2, 3))", {6, 5, 4, 5}},
        {"p = (1, 2, 4, 3)\nz = F.pad(x, p)\nF.conv2d(z, w, padding='same')", {5, 4, 2, 3}},
        {"x = F.pad(F.pad(x, (1, 2, 4, 3)), (5, 0, 0, 1))\n" + torch, {4, 4, 6, 2}},
        {"y = F.conv2d(x[:, :, 1:-2, 3:], torch.ones(1, 1, 1, 1))", {-1, -2, -3, 0}},
        {"y = tf.nn.conv2d(tf.pad(x, [[0, 0], [1, 2], [3, 4], [0, 0]], 'SYMMETRIC'), w, 2, 'VALID')",
         {1, 2, 3, 4},
         PadMode::symmetric},
        {"x = np.pad(x, ((0, 0), (1, 2), (3, 4), (0, 0)), constant_values=-2)\ny = tf.nn.conv2d(x, w, 1, 'VALID')",
         {1, 2, 3, 4},
         PadMode::constant,
         -2},
        {"x = jnp.pad(x, ((0, 0), (0, 0), (1, 2), (3, 4)), mode='wrap')\nlax.conv(x, w, (1, 1), 'VALID')",
         {1, 2, 3, 4},
         PadMode::circular},
        {"a = np.pad(a, 2, 'edge')\nsignal.correlate2d(a, k, 'valid')", Pads::all(2), PadMode::replicate},
        {"a = np.pad(a, (2, 1), 'edge')\nsignal.correlate2d(a, k, 'valid')", {2, 1, 2, 1}, PadMode::replicate},
        {"B = padarray(A, [1 2], 'replicate');\nconv2(B, [1 2; 3 4], 'valid')", {1, 1, 2, 2}, PadMode::replicate},
        {"conv2(padarray(A, [1 2], 7, 'pre'), k, 'valid')", {1, 0, 2, 0}, PadMode::constant, 7},
        {"conv2(padarray(A, 2), k, 'valid')", {2, 2, 0, 0}},
    });
}

TEST(ImportBorder, ModulesThatPadBecomeTheLayersPadding) {
    expect_rows({
        {"nn.Sequential(nn.ZeroPad2d((1, 2, 0, 3)), nn.Conv2d(3, 8, 3))", {0, 3, 1, 2}},
        {"nn.Sequential(\n  nn.ReflectionPad2d(3),\n  nn.Conv2d(3, 8, 7),\n)", Pads::all(3), PadMode::reflect},
        {"Sequential(\n  (0): ReplicationPad2d((1, 2, 3, 4))\n  (1): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, "
         "1))\n)",
         {3, 4, 1, 2},
         PadMode::replicate},
        {"nn.Sequential(nn.ConstantPad2d((1, 2, 3, 4), 2.5), nn.Conv2d(3, 8, 3))",
         {3, 4, 1, 2},
         PadMode::constant,
         2.5},
        {"nn.Conv2d(3, 8, 3)(nn.CircularPad2d((1, 2, 3, 4))(torch.ones(1, 3, 8, 9)))", {3, 4, 1, 2}, PadMode::circular},
        {"self.pad = nn.ZeroPad2d((1, 2, 3, 4))\nself.conv = nn.Conv2d(3, 8, 3)\n"
         "def forward(self, x):\n    x = self.pad(x)\n    return self.conv(x)",
         {3, 4, 1, 2}},
        {"def forward(self, x):\n    return self.conv(F.pad(x, (1, 2, 3, 4)))\nself.conv = nn.Conv2d(3, 8, 3)",
         {3, 4, 1, 2}},
        {"model.add(ZeroPadding2D((3,3)))\nmodel.add(Conv2D(64, (7,7), strides=(2,2)))", Pads::all(3)},
        {"x = ZeroPadding2D(((1, 2), (3, 4)))(inputs)\nx = Conv2D(8, 3)(x)", {1, 2, 3, 4}},
        {"keras.Sequential([layers.ZeroPadding2D((1, 2)), layers.Conv2D(8, 3)])", {1, 1, 2, 2}},
        {"x = layers.Cropping2D(((1, 2), (3, 0)))(x)\nx = layers.Conv2D(8, 3)(x)", {-1, -2, -3, 0}},
    });
    EXPECT_EQ(import_layer("model.add(ZeroPadding2D(3, input_shape=(24, 20, 1)))\nmodel.add(Conv2D(8, 7, strides=2))")
                  .layer.input,
              (Shape4{1, 1, 24, 20}));
}

TEST(ImportBorder, OfAPoolIsItsPaddingOnlyWhereThatIsTheSame) {
    EXPECT_EQ(spec_of("F.max_pool2d(F.pad(x, (1, 2, 3, 4), value=float('-inf')), 9)").pads, (Pads{3, 4, 1, 2}));
    EXPECT_EQ(spec_of("F.max_pool2d(F.pad(x, (1, 2, 3, 4), value=-float('inf')), 9)").pads, (Pads{3, 4, 1, 2}));
    const ImportedLayer average = import_layer("F.avg_pool2d(F.pad(x, (1, 2, 3, 4)), 9, count_include_pad=False)");
    EXPECT_EQ(average.layer.spec.pads, (Pads{3, 4, 1, 2}));
    EXPECT_TRUE(average.layer.spec.count_include_pad);
    const ImportedLayer zeros = import_layer("nn.Sequential(nn.ZeroPad2d((1, 2, 3, 4)), nn.MaxPool2d(3))");
    EXPECT_EQ(zeros.layer.spec.pads, Pads{});
    EXPECT_TRUE(has_note(zeros, "nn.ZeroPad2d before the layer (top 3, bottom 4, left 1, right 2) was left out"));
}

TEST(ImportBorder, OfATransposedConvolutionCropsLess) {
    EXPECT_EQ(spec_of("F.conv_transpose2d(F.pad(x, (1, 2, 3, 4)), w, stride=(2, 3), padding=1)").pads,
              (Pads{-5, -7, -2, -5}));
}

TEST(ImportBorder, WhatNoPaddingCanSayIsMadeInTheInput) {
    const ImportedLayer layer = import_layer(
        "x = torch.tensor([[[[1., 2, 3], [4, 5, 6]]]])\nx = F.pad(x, (1, 0, 0, 1), mode='reflect')\n"
        "y = F.conv2d(x, torch.ones(1, 1, 2, 2), padding=(0, 1))");
    EXPECT_EQ(numbers(layer.input), (std::vector<double>{2, 1, 2, 3, 5, 4, 5, 6, 2, 1, 2, 3}));
    EXPECT_EQ(layer.layer.spec.pads, (Pads{0, 0, 1, 1}));
    EXPECT_TRUE(has_note(layer, "F.pad before the layer was made in the input, which is now 3×4"));
    const ImportedLayer untold = import_layer("y = F.conv2d(F.pad(x, (1, 2, 3, 4), 'circular'), w, padding=1)");
    EXPECT_TRUE(has_note(untold, "F.pad before the layer (top 3, bottom 4, left 1, right 2) was left out"));
}

TEST(ImportBorder, WhatIsNotFollowedIsNamed) {
    struct Told {
        const char* text;
        const char* note;
    };
    for (const Told& row : {
             Told{"x = F.relu(x)\nF.conv2d(x, w)", "input of F.conv2d is changed by F.relu(...) before"},
             Told{"F.conv2d(x / 255, w)", "changed by an operation (/) before"},
             Told{"F.conv2d(F.pad(x, p), w)", "changed by F.pad(...) before"},
             Told{"cv2.filter2D(cv2.GaussianBlur(img, (5, 5), 0), -1, k)", "changed by cv2.GaussianBlur(...) before"},
             Told{"x = F.interpolate(x, scale_factor=2)\nnn.Conv2d(3, 8, 3)(x)",
                  "changed by F.interpolate(...) before"},
             Told{"conv2(imresize(A, 2), k)", "A of conv2 is changed by imresize(...) before"},
             Told{"F.conv2d(x[:, :, ::2], w)", "changed by [:,:,::2] before"},
             Told{"self.pad = nn.ZeroPad2d(1)\nself.conv = nn.Conv2d(3, 8, 3)",
                  "nn.ZeroPad2d at line 1, column 12 may pad"},
             Told{"B = A(1:2:end, :);\nconv2(B, k)", "A of conv2 is changed by A(...) before"},
             Told{"F.conv2d(x, torch.softmax(w, 1))", "weight of F.conv2d is changed by torch.softmax(...) before"},
         }) {
        const ImportedLayer layer = import_layer(row.text);
        EXPECT_TRUE(has_note(layer, row.note)) << row.text << "\n" << testing::PrintToString(layer.notes);
    }
}

TEST(ImportBorder, AKernelThatIsTurnedFlips) {
    const auto flips = [](const std::string& text) { return spec_of(text).flip_kernel; };
    EXPECT_TRUE(flips("k = cv2.flip(np.array([[1.,2],[3,4]]), -1)\ncv2.filter2D(img, -1, k)"));
    EXPECT_TRUE(flips("cv2.filter2D(img, -1, cv2.flip(k, -1))")) << "an untold kernel too";
    EXPECT_TRUE(flips("F.conv2d(x, w.flip([2, 3]))"));
    EXPECT_TRUE(flips("F.conv2d(x, torch.flip(w, dims=(-2, -1)))"));
    EXPECT_TRUE(flips("signal.correlate2d(a, k[::-1, ::-1])"));
    EXPECT_TRUE(flips("signal.correlate2d(a, np.flip(k))"));
    EXPECT_FALSE(flips("signal.convolve2d(a, np.rot90(k, 2))"));
    EXPECT_FALSE(flips("conv2(A, rot90(k, 2))"));
    EXPECT_FALSE(flips("conv2(A, fliplr(flipud(k)))"));
    EXPECT_FALSE(flips("k = [1 2; 3 4];\nconv2(A, k(end:-1:1, end:-1:1))"));
    EXPECT_TRUE(has_note(import_layer("F.conv2d(x, w.flip(2))"), "weight of F.conv2d is changed by w.flip(...)"));
    EXPECT_EQ(numbers(import_layer("k = cv2.flip(np.array([[1.,2],[3,4]]), -1)\ncv2.filter2D(img, -1, k)").weight),
              (std::vector<double>{1, 2, 3, 4}));
}

}  // namespace
}  // namespace convlens
