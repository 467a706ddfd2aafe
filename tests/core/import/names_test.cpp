#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

TEST(ImportNames, ALibraryThatIsNotReadIsRefusedByItsName) {
    struct Row {
        const char* text;
        const char* title;
    };
    for (const Row& row : {
             Row{"import megengine as mge\nself.conv = nn.Conv2d(3, 16, 3)", "the text imports MegEngine"},
             Row{"import haiku as hk\nhk.Conv2D(16, 3)", "Haiku"},
             Row{"import equinox as eqx\neqx.nn.Conv2d(3, 8, 3, key=key)", "Equinox"},
             Row{"from flax import nnx\nnnx.Conv(3, 8, (3, 3), rngs=rngs)", "Flax NNX"},
             Row{"from mxnet.gluon import nn\nnn.Conv2D(8, 3)", "MXNet"},
             Row{"import jittor as jt\nfrom jittor import nn\nnn.Conv(3, 8, 3)", "Jittor"},
             Row{"import oneflow.nn as nn\nnn.Conv2d(3, 8, 3)", "OneFlow"},
             Row{"from models.layers import Conv2d\nConv2d(3, 8, 3)", "models.layers.Conv2d"},
             Row{"from .blocks import (Block,\n  Conv2d as Conv)\nConv(3, 8, 3)", ".blocks.Conv2d"},
         }) {
        const std::string why = refusal(row.text);
        expect_contains(why, row.title);
        expect_contains(why, "PyTorch");
    }
}

TEST(ImportNames, ALibrarysOwnNameIsFollowedToIt) {
    struct Row {
        const char* text;
        const char* program;
    };
    for (const Row& row : {
             Row{"from mindspore import nn\nnet = nn.Conv2d(3, 16, 3)", "MindSpore"},
             Row{"import mindspore as ms\nself.conv = nn.Conv2d(3, 16, 3)", "MindSpore"},
             Row{"from tinygrad import nn\nnn.Conv2d(1, 2, 3)", "tinygrad"},
             Row{"import mlx.core as mx\nimport mlx.nn as nn\nnn.MaxPool2d(2)", "MLX"},
             Row{"import paddle\nimport paddle.nn as nn\nnn.Conv2D(3, 8, 3)", "PaddlePaddle"},
             Row{"from paddle.nn import Conv2D\nConv2D(3, 8, 3)", "PaddlePaddle"},
             Row{"import paddle.nn.functional as F\nF.conv2d(x, w)", "PaddlePaddle"},
             Row{"paddle.nn.Conv2D(3, 8, 3)", "PaddlePaddle"},
             Row{"from paddle.nn import *\nConv2D(3, 8, 3)", "PaddlePaddle"},
             Row{"class Net(nn.Cell):\n    def __init__(self):\n        self.conv1 = nn.Conv2d(1, 6, 5)", "MindSpore"},
             Row{"self.conv1 = nn.Conv2d(1, 6, 5)\ndef construct(self, x):\n    return self.conv1(x)", "MindSpore"},
             Row{"class Net(nn.Layer):\n    def __init__(self):\n        self.c = nn.Conv2D(1, 6, 5)", "PaddlePaddle"},
             Row{"class Net(nn.Module):\n    def __init__(self):\n        self.c = nn.Conv2d(1, 6, 5)\n"
                 "    def __call__(self, x):\n        return self.c(x)",
                 "MLX"},
         })
        EXPECT_EQ(import_layer(row.text).program, row.program) << row.text;
}

TEST(ImportNames, ALibraryOfTheTextDecidesWhereNoLineGivesTheName) {
    expect_contains(refusal("import tensorflow as tf\nnn.Conv2d(3, 16, 3)"),
                    "no import line gives nn.Conv2d, and the text imports TensorFlow");
    EXPECT_EQ(import_layer("import numpy as np\nnn.Conv2d(3, 16, 3)").program, "PyTorch");
    EXPECT_EQ(import_layer("import torch\nnn.Conv2d(3, 16, 3)").program, "PyTorch");
    EXPECT_EQ(import_layer("import torch, mindspore\nnn.Conv2d(3, 16, 3)").program, "PyTorch");
    EXPECT_EQ(import_layer("nn.Conv2d(3, 16, 3)").program, "PyTorch");
}

TEST(ImportNames, NamesAreFollowedThroughTheirImportLines) {
    EXPECT_EQ(import_layer("import torch.nn as tnn\ntnn.Conv2d(3, 16, 3)").program, "PyTorch");
    EXPECT_EQ(import_layer("from torch.nn import (Conv2d as C,\n    MaxPool2d)\nC(3, 16, 5)").layer.spec.kernel,
              (Size2{5, 5}));
    EXPECT_EQ(import_layer("import torch.nn.functional as TF\nTF.max_pool2d(x, 3)").program, "PyTorch");
    EXPECT_EQ(import_layer("from tensorflow import nn\nnn.conv2d(x, w, 1, 'SAME')").program, "TensorFlow");
    EXPECT_EQ(import_layer("import tensorflow as tf\ntf.nn.conv2d(x, w, 1, 'SAME')").program, "TensorFlow");
    EXPECT_EQ(import_layer("import tensorflow.keras.layers as KL\nKL.Conv2D(8, 3)").program, "Keras");
    EXPECT_EQ(import_layer("from tensorflow.keras import layers\nlayers.Conv2D(8, 3)").program, "Keras");
    EXPECT_EQ(import_layer("from flax import linen as nn\nnn.Conv(8, (3, 3))").program, "JAX");
    EXPECT_EQ(import_layer("import scipy.ndimage as nd\nnd.convolve(x, k)").program, "SciPy");
    EXPECT_EQ(import_layer("import cv2 as cv\ncv.filter2D(img, -1, k)").program, "OpenCV");
    EXPECT_EQ(import_layer(">>> import torch.nn as nn\n>>> nn.Conv2d(3, 16, 3)").program, "PyTorch");
}

TEST(ImportNames, WhatTheTextDefinesItselfIsNoLibrarys) {
    const std::string own = "def conv2d(x, w, flip): return 0\nconv2d(a, b, True)\ny = F.conv2d(x, w, stride=3)";
    EXPECT_EQ(spec_of(own).stride, (Size2{3, 3}));
    expect_contains(refusal("class Conv(nn.Module): pass\nConv(3, 64, 3, 2)"), "Conv is not a layer that is known");
}

TEST(ImportNames, AKnownWordOfAnotherLibraryIsNotAskedFor) {
    const std::string error = refusal("y = np.convolve([1, 2, 3], [1, 1])");
    expect_contains(error, "np.convolve is not a layer that is known, but convolve of another library is");
    EXPECT_EQ(error.find("did you mean"), std::string::npos);
    expect_contains(refusal("convolution2dLayer(3, 16)"), "MATLAB's networks are not read; paste conv2 or imfilter");
}

TEST(ImportNames, AModelsWayOfWritingShowsItsLibrary) {
    struct Row {
        const char* text;
        const char* title;
    };
    for (const Row& row : {
             Row{"class Net(nn.Module):\n    def __init__(self):\n        self.c = nn.Conv2d(1, 6, 5)\n"
                 "    def execute(self, x):\n        return self.c(x)",
                 "nn.Conv2d is a layer of Jittor, as def execute shows"},
         }) {
        expect_contains(refusal(row.text), row.title);
    }
    const std::string compact = "class Net(nn.Module):\n    @nn.compact\n    def __call__(self, x):\n        ";
    EXPECT_EQ(import_layer(compact + "x = nn.Conv(8, (3, 3))(x)").program, "JAX");
    EXPECT_EQ(import_layer(compact + "return nn.avg_pool(x, (2, 2), strides=(2, 2))").program, "JAX");
    EXPECT_EQ(import_layer("class Net(nn.Module):\n    def setup(self):\n        self.c = nn.Conv(8, (3, 3))\n"
                           "    def __call__(self, x):\n        return self.c(x)")
                  .program,
              "JAX");
    const std::string module = "class Net(nn.Module):\n    def __init__(self):\n        self.c = nn.Conv2d(1, 6, 5)\n";
    EXPECT_EQ(import_layer(module + "    def forward(self, x):\n        return self.c(x)").program, "PyTorch");
    EXPECT_EQ(import_layer("import torch\n" + module + "    def __call__(self, x): return self.c(x)").program,
              "PyTorch");
}

// Keras and PaddlePaddle have different things in the same places.
TEST(ImportNames, ABareConv2DWithThreeNumbersMayBePaddles) {
    constexpr const char* kHint =
        "if it is PaddlePaddle's, with in_channels, out_channels, kernel_size, write paddle.nn.";
    for (const char* text : {"Conv2D(3, 16, 3)", "self.c = Conv2D(3, 16, 3, padding='same')",
                             "Conv2DTranspose(16, 3, (2, 2))", "import numpy as np\nConv2D(3, 16, 3)"}) {
        const ImportedLayer layer = import_layer(text);
        EXPECT_EQ(layer.program, "Keras") << text;
        EXPECT_TRUE(has_note(layer, kHint)) << text << testing::PrintToString(layer.notes);
        EXPECT_TRUE(has_note(layer, "it was taken to be Keras's, with filters, kernel_size, strides")) << text;
    }
    for (const char* text : {"Conv2D(3, 16, 3, padding=1)", "Conv2D(3, 16, 3, 1, 1)", "Conv2D(3, 16, 3, stride=2)"})
        expect_contains(refusal(text), kHint);
    for (const char* text :
         {"Conv2D(16, 3)", "Conv2D(16, (3, 3), 2)", "Conv2D(16, 3, 2, activation='relu')", "layers.Conv2D(16, 3, 2)",
          "keras.layers.Conv2D(16, 3, 2)", "from keras.layers import Conv2D\nConv2D(16, 3, 2)",
          "import tensorflow as tf\nConv2D(16, 3, 2)", "from paddle.nn import Conv2D\nConv2D(3, 16, 3)",
          "Conv2D(3, 16, kernel_size=[3, 3], data_format=NCHW)"}) {
        const ImportedLayer layer = import_layer(text);
        EXPECT_FALSE(has_note(layer, kHint)) << text << testing::PrintToString(layer.notes);
    }
}

}  // namespace
}  // namespace convlens
