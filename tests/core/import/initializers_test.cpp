// The numbers that a layer's initializers make, and the bias of a layer whose text does not tell it.
#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

constexpr const char* kUnknown = "is not known: ";

TEST(ImportInitializers, EachLibrarysNamesOfThemAreRead) {
    struct Row {
        const char* text;
        std::size_t cells;
        double weight, bias;
    };
    for (const Row& row : {
             Row{"DepthwiseConv2D(2, depthwise_initializer='ones', bias_initializer='zeros', input_shape=(4, 4, 3))",
                 12, 1, 0},
             Row{"DepthwiseConv2D(2, 1, 'valid', 1, None, 1, None, True, 'ones', 'zeros', input_shape=(4, 4, 3))", 12,
                 1, 0},
             Row{"DepthwiseConv1D(2, depth_multiplier=2, depthwise_initializer=initializers.Constant(value=3), "
                 "bias_initializer='ones', input_shape=(4, 3))",
                 12, 3, 1},
             Row{"Conv2DTranspose(2, 2, kernel_initializer=tf.ones_initializer(), bias_initializer=Constant(4), "
                 "input_shape=(4, 4, 3))",
                 24, 1, 4},
             Row{"Conv2D(2, 2, kernel_initializer=keras.initializers.Constant(), bias_initializer='ones', "
                 "input_shape=(4, 4, 1))",
                 8, 0, 1},
             Row{"Convolution2D(2, 2, 2, init='one', input_shape=(4, 4, 1))", 8, 1, 0},
             Row{"nn.Conv(2, (2, 2), kernel_init=nn.initializers.ones_init(), bias_init=nn.initializers.zeros_init())",
                 8, 1, 0},
             Row{"nn.Conv(2, (3,), kernel_init=jax.nn.initializers.constant(0.5), bias_init=nn.initializers.ones)", 6,
                 0.5, 1},
             Row{"nn.ConvTranspose(2, (2, 2), kernel_init=nn.initializers.constant(3), bias_init=constant_init(2))", 8,
                 3, 2},
             Row{"import mindspore.nn as nn\nnn.Conv2d(1, 2, 2, has_bias=True, weight_init='ones', bias_init='zeros')",
                 8, 1, 0},
             Row{"import mindspore.nn as nn\nnn.Conv2dTranspose(1, 2, 2, has_bias=True, weight_init=0.5, "
                 "bias_init=initializer('ones', (2,)))",
                 8, 0.5, 1},
         }) {
        const ImportedLayer layer = import_layer(row.text);
        EXPECT_EQ(numbers(layer.weight), std::vector<double>(row.cells, row.weight)) << row.text;
        const auto biases = static_cast<std::size_t>(layer.layer.spec.out_channels);
        EXPECT_EQ(numbers(layer.bias), std::vector<double>(biases, row.bias)) << row.text;
        EXPECT_FALSE(has_note(layer, "not read")) << row.text << "\n" << testing::PrintToString(layer.notes);
        EXPECT_FALSE(has_note(layer, kUnknown)) << row.text << "\n" << testing::PrintToString(layer.notes);
    }
}

TEST(ImportInitializers, OthersAreNamedUnlessTheyAreRandom) {
    struct Row {
        const char* text;
        const char* note;
    };
    for (const Row& row : {
             Row{"DepthwiseConv2D(2, depthwise_initializer=mine)", "depthwise_initializer of DepthwiseConv2D makes"},
             Row{"DepthwiseConv2D(2, bias_initializer=mine)", "bias_initializer of DepthwiseConv2D makes"},
             Row{"DepthwiseConv2D(2, kernel_initializer='ones')", "kernel_initializer of DepthwiseConv2D is not part"},
             Row{"nn.Conv(2, (2, 2), kernel_init=mine)", "kernel_init of nn.Conv makes numbers that are not read"},
             Row{"nn.Conv(2, (2, 2), bias_init=mine)", "bias_init of nn.Conv makes numbers that are not read"},
             Row{"nn.ConvTranspose(2, (2, 2), kernel_init=mine)", "kernel_init of nn.ConvTranspose makes"},
             Row{"import mindspore.nn as nn\nnn.Conv2d(1, 2, 2, weight_init=mine)", "weight_init of nn.Conv2d makes"},
             Row{"import mindspore.nn as nn\nnn.Conv2d(1, 2, 2, has_bias=True, bias_init=mine)",
                 "bias_init of nn.Conv2d makes"},
         }) {
        const ImportedLayer layer = import_layer(row.text);
        EXPECT_TRUE(has_note(layer, row.note)) << row.text << "\n" << testing::PrintToString(layer.notes);
        EXPECT_FALSE(layer.weight || layer.bias) << row.text;
    }
    for (const char* text : {
             "DepthwiseConv2D(2, depthwise_initializer='he_normal')",
             "nn.Conv(2, (2, 2), kernel_init=nn.initializers.lecun_normal())",
             "import mindspore.nn as nn\nnn.Conv2d(1, 2, 2, has_bias=True, weight_init='XavierUniform')",
         }) {
        const ImportedLayer layer = import_layer(text);
        EXPECT_FALSE(has_note(layer, "_init")) << text << "\n" << testing::PrintToString(layer.notes);
        EXPECT_FALSE(layer.weight || layer.bias) << text << ": what is random stays an example";
    }
}

TEST(ImportInitializers, ABiasThatBeginsWithZerosIsZerosBesideWeightsThatAreTold) {
    const std::string set =
        "layer = layers.Conv2D(2, 1, input_shape=(4, 4, 1))\nlayer.set_weights([np.ones((1, 1, 1, 2))";
    for (const std::string& text : {
             std::string("Conv1D(2, 3, kernel_initializer='ones', input_shape=(5, 1))"),
             std::string("Conv2D(2, 3, kernel_initializer='ones')"),
             std::string("Conv2DTranspose(2, 3, kernel_initializer='ones')"),
             std::string("DepthwiseConv2D(2, depthwise_initializer='ones', input_shape=(4, 4, 2))"),
             std::string("nn.Conv(2, (2, 2), kernel_init=nn.initializers.ones)"),
             std::string("conv = paddle.nn.Conv2D(1, 2, 2)\nconv.weight.fill_(1)\ny = conv(x)"),
             set + "])",
         }) {
        const ImportedLayer layer = import_layer(text);
        EXPECT_TRUE(layer.weight) << text;
        EXPECT_EQ(numbers(layer.bias), (std::vector<double>{0, 0})) << text;
    }
    EXPECT_FALSE(import_layer("Conv2D(2, 3)").bias) << "an example's weights have an example's bias";
    EXPECT_FALSE(import_layer("Conv2D(2, 3, use_bias=False, kernel_initializer='ones')").bias);
    EXPECT_FALSE(import_layer(set + ", trained])").bias) << "another bias is told, and is not read";
}

TEST(ImportInitializers, ABiasThatIsRandomBesideWeightsThatAreToldIsNamed) {
    struct Row {
        std::string layer;
        const char* note;
    };
    const std::string fill = "\nconv.weight.data.fill_(1)\n";
    for (const Row& row : {
             Row{"conv = nn.Conv2d(1, 2, 3)" + fill,
                 "the bias of nn.Conv2d is not known: PyTorch begins with random numbers; an example's numbers were "
                 "taken"},
             Row{"conv = nn.ConvTranspose1d(1, 2, 3)" + fill, "the bias of nn.ConvTranspose1d is not known: PyTorch"},
             Row{"from tinygrad import nn\nconv = nn.Conv2d(1, 2, 3)\nconv.weight[:] = 1\n",
                 "the bias of nn.Conv2d is not known: tinygrad begins with random numbers"},
             Row{"import mindspore.nn as nn\nnn.Conv2d(1, 2, 2, has_bias=True, weight_init='ones')",
                 "not known: MindSpore begins with zeros or with random numbers, by its version"},
             Row{"Conv2D(2, 3, kernel_initializer='ones', bias_initializer='he_normal')",
                 "the bias of Conv2D is not known: bias_initializer makes random numbers"},
         }) {
        const ImportedLayer layer = import_layer(row.layer);
        EXPECT_TRUE(layer.weight) << row.layer;
        EXPECT_TRUE(has_note(layer, row.note)) << row.layer << "\n" << testing::PrintToString(layer.notes);
    }
    for (const std::string& text : {
             std::string("nn.Conv2d(1, 2, 3)"),
             "conv = nn.Conv2d(1, 2, 3, bias=False)" + fill,
             "conv = nn.Conv2d(1, 2, 3)" + fill + "conv.bias.data.fill_(0)",
         })
        EXPECT_FALSE(has_note(import_layer(text), kUnknown)) << text;
}

// Functions of the text's own, whatever they are called, and lambdas, whose parameters are no arguments of the layer.
TEST(ImportInitializers, WhatTheTextsOwnFunctionsMakeIsNamed) {
    struct Row {
        const char* text;
        const char* note;
    };
    for (const Row& row : {
             Row{"nn.Conv(2, (2, 2), kernel_init=lambda key, shape, dtype: jnp.ones(shape))", "kernel_init of nn.Conv"},
             Row{"shape = 3\nnn.Conv(2, (2, 2), bias_init=lambda key, shape, dtype=None: jnp.ones(shape), "
                 "padding='SAME')",
                 "bias_init of nn.Conv makes"},
             Row{"Conv2D(2, 2, kernel_initializer=lambda shape, strides=5: normalized(shape))",
                 "kernel_initializer of Conv2D makes"},
             Row{"Conv2D(2, 2, kernel_initializer=lambda s, kernel_size=3: np.ones(s))",
                 "kernel_initializer of Conv2D makes"},
             Row{"Conv2D(2, 2, kernel_initializer=lambda s, **k: np.random.normal(size=s))",
                 "kernel_initializer of Conv2D makes"},
             Row{"def normalized(shape, dtype=None):\n    return np.full(shape, 2)\n"
                 "Conv2D(2, 2, kernel_initializer=normalized)",
                 "kernel_initializer of Conv2D makes"},
             Row{"class GlorotLike(Initializer):\n    pass\nConv2D(2, 2, bias_initializer=GlorotLike())",
                 "bias_initializer of Conv2D makes"},
             Row{"def ones(shape, dtype=None):\n    return np.full(shape, 2)\nConv2D(2, 2, kernel_initializer=ones)",
                 "kernel_initializer of Conv2D makes"},
         }) {
        const ImportedLayer layer = import_layer(row.text);
        EXPECT_TRUE(has_note(layer, row.note)) << row.text << "\n" << testing::PrintToString(layer.notes);
        EXPECT_FALSE(layer.weight || layer.bias) << row.text;
        EXPECT_EQ(layer.layer.spec.stride, (Size2{1, 1})) << row.text;
    }
    EXPECT_EQ(numbers(import_layer("def ones(s):\n    pass\nConv2D(1, 1, kernel_initializer='ones')").weight),
              std::vector<double>{1})
        << "a word in quotes is the library's";
}

}  // namespace
}  // namespace convlens
