// What is done to an input before a layer takes it: followed, or named.
#include "core/conv/shape.h"
#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

TEST(ImportChanged, ACallThatIsNotKnownIsNamed) {
    const std::string keras = "x = keras.Input((32, 40, 3))\n";
    const std::string module = "self.c = nn.Conv2d(3, 8, 3)\ndef forward(self, x):\n    return self.c(";
    struct Row {
        std::string text, by;
    };
    for (const Row& row : std::vector<Row>{
             {keras + "x = layers.Rescaling(1./255)(x)\nx = layers.Conv2D(8, 3)(x)", "layers.Rescaling(...)"},
             {keras + "x = layers.UpSampling2D(2)(x)\nx = layers.Conv2D(8, 3)(x)", "layers.UpSampling2D(...)"},
             {keras + "x = data_augmentation(x)\nx = layers.Conv2D(8, 3)(x)", "data_augmentation(...)"},
             {keras + "x = BatchNormalization()(x)\nx = layers.Conv2D(8, 3)(x)", "BatchNormalization(...)"},
             {module + "self.up(x))", "self.up(...)"},
             {module + "self.bn(x))", "self.bn(...)"},
             {module + "nn.ReLU()(x))", "nn.ReLU(...)"},
             {module + "x.repeat(1, 3, 1, 1))", "x.repeat(...)"},
             {module + "x if a else x[0])", "x if a else x[0]"},
             {"y = signal.convolve2d(ndimage.zoom(a, 2), k)", "ndimage.zoom(...)"},
             {"y = signal.convolve2d(np.repeat(a, 2, 0), k)", "np.repeat(...)"},
             {"y = lax.conv(jnp.log(x), w, (1, 1), 'SAME')", "jnp.log(...)"},
             {"y = conv2(medfilt2(A), k);", "medfilt2(...)"},
             {"y = conv2(A.^2, k);", "an operation (power)"},
             {"y = F.conv2d(x.int(), w)", "x.int(...)"},
             {"y = conv2(uint8(A), k);", "uint8(...)"},
         }) {
        const ImportedLayer layer = import_layer(row.text);
        EXPECT_TRUE(has_note(layer, " is changed by " + row.by + " before")) << row.text << "\n"
                                                                             << testing::PrintToString(layer.notes);
    }
}

TEST(ImportChanged, WhatKeepsTheNumbersIsNotNamed) {
    for (const std::string text :
         {"x = torch.ones(1, 3, 8, 9).to(device)\ny = F.conv2d(x.float().contiguous(), w)",
          "x = tf.cast(x, tf.float32)\nx = tf.expand_dims(x, axis=-1)\ny = tf.nn.conv2d(x[None], w, 1, 'SAME')",
          "img = cv2.imread('a.png', 0)\ny = cv2.filter2D(img, -1, k)", "x = load_image('b.png')\ny = F.conv2d(x, w)",
          "x = next(iter(loader))\ny = F.conv2d(x, w)", "y = conv2(double(A), k);",
          "x = keras.Input((8, 9, 3))\ny = layers.Conv2D(4, 3)(x)\nz = layers.Conv2D(5, 3)(y)",
          "a = np.ones((8, 9))\ny = tf.nn.conv2d(a[None, ..., None], w, 1, 'SAME')"}) {
        const ImportedLayer layer = import_layer(text);
        EXPECT_FALSE(has_note(layer, "changed")) << text << "\n" << testing::PrintToString(layer.notes);
        EXPECT_FALSE(has_note(layer, "not read")) << text << "\n" << testing::PrintToString(layer.notes);
    }
    EXPECT_EQ(import_layer("a = np.ones((8, 9))\ny = tf.nn.conv2d(a[None, ..., None], w, 1, 'SAME')").layer.input,
              (Shape4{1, 1, 8, 9}));
}

TEST(ImportChanged, ASizeThatAChangeMayAlterIsNotTheLayers) {
    const std::string input = "x = keras.Input((32, 40, 3))\n";
    const ImportedLayer resized = import_layer(input + "x = layers.Resizing(64, 72)(x)\nx = layers.Conv2D(8, 3)(x)");
    EXPECT_FALSE(resized.size_told);
    EXPECT_TRUE(has_note(resized, "the input's size is not read"));
    const ImportedLayer second = import_layer(input + "x = layers.Conv2D(5, 3)(x)\nx = layers.Conv2D(8, 3)(x)", 1);
    EXPECT_NE(second.layer.input.c, 3);
    const ImportedLayer scaled = import_layer(input + "x = layers.Rescaling(2)(x)\nx = layers.Conv2D(8, 3)(x)");
    EXPECT_EQ(scaled.layer.input, (Shape4{1, 3, 32, 40})) << "of the same shape";
}

TEST(ImportChanged, ALayerOfOneAxisIsCutAndPaddedAlongItsWidth) {
    const ImportedLayer strided =
        import_layer("y = F.conv1d(torch.arange(10.).view(1, 2, 5), torch.ones(1, 2, 3), padding=1)[:, :, ::2]");
    EXPECT_EQ(strided.layer.spec.stride, (Size2{1, 2}));
    EXPECT_EQ(output_shape(strided.layer.spec, strided.layer.input), (Shape4{1, 1, 1, 3}));
    const ConvSpec causal = spec_of(
        "self.conv = nn.Conv1d(1, 1, 3, padding=4, dilation=2)\ndef forward(self, x):\n"
        "    return self.conv(x)[:, :, :-4]");
    EXPECT_EQ(causal.pads, (Pads{0, 0, 4, 0}));
    const ImportedLayer scipy = import_layer("y = signal.convolve(np.ones(7), [1, 2, 3], 'same')[::2]");
    EXPECT_EQ(scipy.layer.spec.stride.w, 2);
    EXPECT_EQ(output_shape(scipy.layer.spec, scipy.layer.input), (Shape4{1, 1, 1, 4}));
    const ImportedLayer padded =
        import_layer("y = signal.convolve(np.pad([1, 2, 3, 4, 5], (2, 0)), [1, 2, 3], 'valid')");
    EXPECT_EQ(padded.layer.spec.pads, (Pads{0, 0, 2, 0}));
    EXPECT_EQ(padded.layer.input, (Shape4{1, 1, 1, 5}));
    const ImportedLayer row = import_layer("C = conv2([1 2 3 4], [1 1]); C = C(1:2:end);");
    EXPECT_EQ(row.layer.spec.stride.w, 2);
    const ImportedLayer matrix = import_layer("C = conv2([1 2 3; 4 5 6], [1 1; 1 1]); C = C(1:2:end);");
    EXPECT_EQ(matrix.layer.spec.stride, (Size2{1, 1}));
    EXPECT_TRUE(has_note(matrix, "changed after the layer by C(...)"));
}

TEST(ImportChanged, PadsInARowAddUp) {
    const ConvSpec two = spec_of("nn.Sequential(nn.ZeroPad2d((1, 2, 3, 4)), nn.ZeroPad2d(5), nn.Conv2d(3, 8, 3))");
    EXPECT_EQ(two.pads, (Pads{8, 9, 6, 7}));
    EXPECT_FALSE(
        has_note(import_layer("nn.Sequential(nn.ZeroPad2d(1), nn.ZeroPad2d(2), nn.Conv2d(3, 8, 3))"), "changed"));
    EXPECT_TRUE(has_note(import_layer("nn.Sequential(nn.ReflectionPad2d(1), nn.ZeroPad2d(2), nn.Conv2d(3, 8, 3))"),
                         "nn.ReflectionPad2d before the layer (top 1, bottom 1, left 1, right 1) was left out: the "
                         "layer's own padding cannot say it beside nn.ZeroPad2d"));
    EXPECT_TRUE(has_note(import_layer("nn.Sequential(nn.ZeroPad2d(n), nn.ZeroPad2d(2), nn.Conv2d(3, 8, 3))"),
                         "nn.ZeroPad2d at line 1, column 15 pads the layer's input in a way that the text does not "
                         "tell; it was left out"))
        << "in a sequence it surely pads";
}

// What no one padding says is made in the input, in the order of the text; only the last may be the layer's padding.
TEST(ImportChanged, PadsOfSeveralKindsAreMadeInTheInput) {
    const std::string x = "x = torch.tensor([[[[1., 2.], [3., 4.]]]])\n";
    const ImportedLayer two =
        import_layer(x +
                     "net = nn.Sequential(nn.ReplicationPad2d((1, 0, 0, 0)), nn.ZeroPad2d(1), nn.Conv2d(1, 2, 3))\n"
                     "y = net(x)");
    EXPECT_EQ(numbers(two.input), (std::vector<double>{1, 1, 2, 3, 3, 4}));
    EXPECT_EQ(two.layer.spec.pads, Pads::all(1));
    EXPECT_EQ(two.layer.spec.pad_mode, PadMode::zeros);
    EXPECT_TRUE(has_note(two, "nn.ReplicationPad2d before the layer was made in the input, which is now 2×3"));
    const ImportedLayer three =
        import_layer(x +
                     "net = nn.Sequential(nn.ConstantPad2d((0, 1, 0, 0), 7), nn.ReplicationPad2d((0, 1, 0, 0)), "
                     "nn.ZeroPad2d((0, 1, 0, 0)), nn.Conv2d(1, 2, 1))\ny = net(x)");
    EXPECT_EQ(numbers(three.input), (std::vector<double>{1, 2, 7, 7, 3, 4, 7, 7}));
    EXPECT_EQ(three.layer.spec.pads, (Pads{0, 0, 0, 1}));
    const ImportedLayer function = import_layer(
        x +
        "net = nn.Sequential(nn.ZeroPad2d(1), nn.Conv2d(1, 2, 3))\ny = net(F.pad(x, (1, 0, 0, 0), mode='replicate'))");
    EXPECT_EQ(numbers(function.input), (std::vector<double>{1, 1, 2, 3, 3, 4}))
        << testing::PrintToString(function.notes);
    EXPECT_EQ(function.layer.spec.pads, Pads::all(1));
    const auto reflected = [&](const std::string& cells) {
        return import_layer(x + "net = nn.Sequential(nn.ReflectionPad2d(" + cells +
                            "), nn.ZeroPad2d(1), nn.Conv2d(1, 2, 3))\ny = net(x)");
    };
    EXPECT_TRUE(has_note(reflected("(2, 0, 0, 0)"), "nn.ReflectionPad2d is wider than the 2×2 cells that it copies"));
    EXPECT_FALSE(has_note(reflected("(1, 0, 0, 0)"), "is wider"));
    const ImportedLayer refilled = import_layer(
        x + "net = nn.Sequential(nn.ZeroPad2d((-1, 0, 0, 0)), nn.ZeroPad2d(1), nn.Conv2d(1, 2, 3))\ny = net(x)");
    EXPECT_EQ(numbers(refilled.input), (std::vector<double>{2, 4}));
    EXPECT_EQ(refilled.layer.spec.pads, Pads::all(1));
}

TEST(ImportChanged, APadAroundANestedSequenceIsFollowedOrNamed) {
    const auto nested = [](const std::string& outer, const std::string& inner) {
        return import_layer("nn.Sequential(" + outer + ", nn.Sequential(" + inner + ", nn.Conv2d(3, 8, 3)))");
    };
    EXPECT_EQ(nested("nn.ZeroPad2d((2, 0, 0, 0))", "nn.ZeroPad2d(1)").layer.spec.pads, (Pads{1, 1, 3, 1}));
    EXPECT_EQ(nested("nn.ZeroPad2d((2, 0, 0, 0))", "nn.ZeroPad2d(1), nn.Identity()").layer.spec.pads,
              (Pads{1, 1, 3, 1}));
    const ImportedLayer two = nested("nn.ReflectionPad2d((2, 0, 0, 0))", "nn.ZeroPad2d(1)");
    EXPECT_EQ(two.layer.spec.pads, (Pads{1, 1, 1, 1}));
    EXPECT_TRUE(has_note(two, "nn.ReflectionPad2d before the layer (top 0, bottom 0, left 2, right 0) was left out"))
        << testing::PrintToString(two.notes);
    const ImportedLayer printed = import_layer(
        "Sequential(\n  (0): ZeroPad2d((1, 0, 0, 0))\n  (1): Sequential(\n    (0): ReflectionPad2d((1, 1, 1, 1))\n"
        "    (1): Conv2d(1, 1, kernel_size=(3, 3), stride=(1, 1))\n  )\n)");
    EXPECT_TRUE(has_note(printed, "ZeroPad2d before the layer (top 0, bottom 0, left 1, right 0) was left out"))
        << testing::PrintToString(printed.notes);
}

TEST(ImportChanged, APadInFrontOfAnotherModuleIsNamedOnce) {
    const ImportedLayer layer = import_layer("nn.Sequential(nn.ZeroPad2d(1), nn.ReLU(), nn.Conv2d(1, 1, 3))");
    const auto names = std::ranges::count_if(
        layer.notes, [](const Message& note) { return english(note).find("nn.ZeroPad2d") != std::string::npos; });
    EXPECT_EQ(names, 1) << testing::PrintToString(layer.notes);
}

TEST(ImportChanged, ATransposeThatWasFollowedIsNotCalledUnfollowed) {
    const ImportedLayer layer = import_layer(
        "self.pad = nn.ConstantPad2d((0, 1, 0, 2), 3.0)\nself.conv = nn.Conv2d(1, 1, 2)\ndef forward(self, x):\n"
        "    x = self.pad(x)\n    x = x.transpose(-1, -2)\n    return self.conv(x)");
    EXPECT_EQ(layer.layer.spec.pads, (Pads{0, 1, 0, 2}));
    EXPECT_FALSE(has_note(layer, "not followed")) << testing::PrintToString(layer.notes);
    EXPECT_TRUE(has_note(layer, "is transposed before the layer: the input here is the transposed one"));
    const ImportedLayer made = import_layer(
        "A = magic(4);\nA = padarray(A, [1 2], 'replicate', 'post');\nA = A';\nC = conv2(A, [1 2; 3 4], 'valid');");
    EXPECT_EQ(made.layer.spec.pads, (Pads{0, 2, 0, 1}));
    EXPECT_FALSE(has_note(made, "not followed")) << testing::PrintToString(made.notes);
    EXPECT_TRUE(has_note(made, "A of conv2 is transposed before the layer")) << testing::PrintToString(made.notes);
}

TEST(ImportChanged, ResultsAreNotTakenForChanges) {
    const std::string conv = "self.conv = nn.Conv2d(3, 8, 3)\ndef forward(self, x):\n    ";
    EXPECT_FALSE(has_note(import_layer(conv + "out = self.conv(x)\n    return out"), "changes"));
    const ImportedLayer shuffled = import_layer(conv + "return self.shuffle(self.conv(x))");
    EXPECT_FALSE(has_note(shuffled, "changes self.conv")) << testing::PrintToString(shuffled.notes);
    EXPECT_TRUE(has_note(shuffled, "the result is changed after the layer by self.shuffle(...)"));
}

TEST(ImportChanged, KerasFormatOfTheTextIsRead) {
    for (const std::string set :
         {"keras.backend.set_image_data_format('channels_first')", "K.set_image_dim_ordering('th')"})
        EXPECT_EQ(import_layer(set + "\nkeras.layers.Conv2D(16, 3, input_shape=(3, 32, 40))").layer.input,
                  (Shape4{1, 3, 32, 40}));
}

TEST(ImportChanged, OnePlaneOfAProgramIsSaidToBeOne) {
    const ImportedLayer layer = import_layer(
        "def one_plane(image, kernel):\n    return convolve2d(image, kernel, mode='same')\n\n"
        "for c in range(2):\n    y[c] += one_plane(x[c], w[c])");
    EXPECT_TRUE(has_note(layer, "image and kernel are what one_plane is called with"));
}

// A layer that a sequence holds by its name has the neighbours of that place.
TEST(ImportChanged, ANamedLayerStandsInItsSequence) {
    const ImportedLayer padded = import_layer(
        "conv = nn.Conv2d(1, 1, 3)\nmodel = nn.Sequential(nn.ReflectionPad2d((1, 2, 3, 4)), conv, nn.ReLU())");
    EXPECT_EQ(padded.layer.spec.pads, (Pads{3, 4, 1, 2}));
    EXPECT_EQ(padded.layer.spec.pad_mode, PadMode::reflect);
    EXPECT_TRUE(has_note(padded, "the result is changed after the layer by nn.ReLU"));
    const ImportedLayer own = import_layer(
        "class Net(nn.Module):\n    def __init__(self):\n        self.pool = nn.MaxPool2d(2)\n"
        "        self.net = nn.Sequential(nn.Upsample(scale_factor=2), self.pool)");
    EXPECT_TRUE(has_note(own, "the input is changed before the layer by nn.Upsample"));
    const ImportedLayer keras = import_layer(
        "conv = layers.Conv2D(4, 3, strides=2)\nmodel = keras.Sequential([layers.ZeroPadding2D(((0, 1), (2, 3))), "
        "conv])");
    EXPECT_EQ(keras.layer.spec.pads, (Pads{0, 1, 2, 3}));
}

}  // namespace
}  // namespace convlens
