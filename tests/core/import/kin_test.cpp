// Layers of tinygrad, MindSpore, PaddlePaddle and MLX, each beside PyTorch's layer that computes the same.
#include "core/conv/shape.h"
#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

// What PyTorch's text says, by no library's rules.
ConvSpec as_torch(std::string_view text) {
    ConvSpec spec = spec_of(text);
    spec.dialect = Dialect::convlens;
    return spec;
}

Shape4 result_of(const ImportedLayer& layer) { return output_shape(layer.layer.spec, layer.layer.input); }

TEST(ImportTinygrad, MethodsHaveGroupsInFrontOfTheStride) {
    const std::string arrays =
        "from tinygrad import Tensor\nx = Tensor.rand(1, 4, 9, 7)\nw = Tensor.rand(6, 2, 3, 3)\nb = Tensor.rand(6)\n";
    const ImportedLayer layer = import_layer(arrays + "y = x.conv2d(w, b, 2, 3, 1, 1)");
    EXPECT_EQ(layer.program, "tinygrad");
    EXPECT_EQ(layer.layer.spec, as_torch("F.conv2d(torch.rand(1, 4, 9, 7), torch.rand(6, 2, 3, 3), None, 3, 1, 1, 2)"));
    EXPECT_EQ(layer.layer.input, (Shape4{1, 4, 9, 7}));
    EXPECT_EQ(layer.layer.weight, (Shape4{6, 2, 3, 3}));
    EXPECT_EQ(layer.has_bias, true);
    EXPECT_FALSE(has_note(layer, "is changed")) << testing::PrintToString(layer.notes);
    EXPECT_FALSE(has_note(layer, "not read: ")) << testing::PrintToString(layer.notes);
    EXPECT_FALSE(has_note(layer, "was taken to be tinygrad's")) << testing::PrintToString(layer.notes);
    EXPECT_EQ(import_layer(arrays + "y = x.conv2d(w, groups=2)").has_bias, false);
}

TEST(ImportTinygrad, ATransposedMethodEndsWithItsOutputPadding) {
    const ImportedLayer layer = import_layer(
        "from tinygrad import Tensor\nx = Tensor.rand(1, 4, 9, 7)\nw = Tensor.rand(4, 3, 3, 3)\n"
        "y = x.conv_transpose2d(w, None, 2, (3, 2), 2, 1, 1)");
    EXPECT_EQ(layer.layer.spec,
              as_torch("F.conv_transpose2d(torch.rand(1, 4, 9, 7), torch.rand(4, 3, 3, 3), None, (3, 2), "
                       "1, 1, 2, 2)"));
    EXPECT_EQ(layer.layer.spec.out_channels, 6);
}

TEST(ImportTinygrad, AMethodMayStandBehindAnExpression) {
    const std::string arrays =
        "from tinygrad import Tensor\nx = Tensor.rand(2, 4, 9, 7)\nw = Tensor.rand(4, 4, 3, 3)\n";
    const ImportedLayer one = import_layer(arrays + "y = x.conv2d(w, padding=1).relu().conv2d(w, stride=2)", 1);
    EXPECT_EQ(one.layer.spec.stride, (Size2{2, 2}));
    EXPECT_EQ(one.layer.spec.pads, Pads{});
    const ImportedLayer made = import_layer("y = Tensor.ones(1, 1, 4, 6).conv2d(Tensor.ones(1, 1, 3, 3))");
    EXPECT_EQ(made.layer.input, (Shape4{1, 1, 4, 6}));
    EXPECT_EQ(numbers(made.weight).size(), 9U);
}

TEST(ImportTinygrad, AMethodIsNoFunctionOfPyTorch) {
    for (const char* text : {"y = x.relu().conv2d(w, b)", "y = x.conv2d(w, b)"}) {
        const ImportedLayer layer = import_layer(text);
        EXPECT_EQ(layer.program, "tinygrad") << text;
        EXPECT_EQ(layer.has_bias, true) << text;
        EXPECT_TRUE(has_note(layer, "was taken to be tinygrad's")) << text << testing::PrintToString(layer.notes);
    }
    EXPECT_NE(refusal("import torch\ny = x.conv2d(w, b)"), "") << "PyTorch's tensors have no such method";
    EXPECT_NE(refusal("y = layers.conv2d(x, 32, 3)"), "") << "a function of a module";
    EXPECT_NE(refusal("y = self.conv2d(x)"), "") << "a layer of a model";
    EXPECT_NE(refusal("aten::conv2d(x, w, b, s, p, d)"), "") << "a function of PyTorch's own";
    EXPECT_NE(refusal("tl.conv2d(x, w)"), "") << "nothing shows that this is a tensor";
}

TEST(ImportTinygrad, PaddingBeforeAndAfterBeginsWithTheLastAxis) {
    const std::string tinygrad = "from tinygrad import Tensor, nn\n";
    EXPECT_EQ(spec_of(tinygrad + "Tensor.rand(1, 1, 5, 5).conv2d(w, padding=(1, 2, 3, 4))").pads, (Pads{3, 4, 1, 2}));
    EXPECT_EQ(spec_of(tinygrad + "Tensor.rand(1, 1, 5, 5).conv2d(w, padding=(1, 2))").pads, (Pads{1, 1, 2, 2}));
    EXPECT_EQ(spec_of(tinygrad + "nn.Conv2d(3, 8, 4, padding='same')"), as_torch("nn.Conv2d(3, 8, 4, padding='same')"));
    expect_contains(refusal(tinygrad + "nn.Conv2d(3, 8, 4, 2, padding='same')"), "which tinygrad rejects");
}

TEST(ImportTinygrad, ClassesAndPoolingHaveTheirOwnOrder) {
    EXPECT_EQ(spec_of("from tinygrad import nn\nnn.Conv2d(4, 8, 3, 2, 1, 1, 4, False)"),
              as_torch("nn.Conv2d(4, 8, 3, 2, 1, 1, 4, False)"));
    EXPECT_EQ(spec_of("import tinygrad.nn as nn\nnn.ConvTranspose2d(2, 4, 3, 3, 1, 2, 2, 2, False)"),
              as_torch("nn.ConvTranspose2d(2, 4, 3, 3, 1, 2, 2, False, 2)"));
    EXPECT_EQ(spec_of("from tinygrad import Tensor\nTensor.rand(1, 2, 9, 9).max_pool2d((3, 3), 2, 1, 1)"),
              as_torch("F.max_pool2d(torch.rand(1, 2, 9, 9), (3, 3), 2, 1, 1)"));
    EXPECT_EQ(spec_of("from tinygrad import Tensor\nTensor.rand(1, 2, 9, 9).avg_pool2d()").kernel, (Size2{2, 2}));
}

TEST(ImportMindSpore, ThePaddingIsSameAndThereIsNoBiasUnlessToldOther) {
    const ImportedLayer layer = import_layer("from mindspore import nn\nnet = nn.Conv2d(3, 16, 3, 2)");
    EXPECT_EQ(layer.program, "MindSpore");
    EXPECT_EQ(layer.layer.spec.pad_rule, PadRule::tf_SAME);
    EXPECT_EQ(layer.has_bias, false);
    EXPECT_EQ(result_of(layer), (Shape4{1, 16, 3, 3})) << "5 rows and a stride of 2";
}

TEST(ImportMindSpore, PositionsAreItsOwn) {
    const ImportedLayer pad =
        import_layer("from mindspore import nn\nnn.Conv2d(4, 8, 3, 2, 'pad', (1, 2, 3, 4), 2, 4, True)");
    EXPECT_EQ(pad.layer.spec.pads, (Pads{1, 2, 3, 4}));
    EXPECT_EQ(pad.layer.spec.pad_rule, PadRule::explicit_);
    EXPECT_EQ(pad.layer.spec.dilation, (Size2{2, 2}));
    EXPECT_EQ(pad.layer.spec.groups, 4);
    EXPECT_EQ(pad.has_bias, true);
    const ImportedLayer up =
        import_layer("import mindspore.nn as nn\nnn.Conv2dTranspose(4, 8, 3, 2, 'pad', 1, 1, 1, 2, False)");
    EXPECT_EQ(up.layer.spec, as_torch("nn.ConvTranspose2d(4, 8, 3, 2, 1, 1, 2, False, 1)"));
    EXPECT_EQ(result_of(import_layer("import mindspore.nn as nn\nnn.MaxPool2d(2)")), (Shape4{1, 1, 4, 4}))
        << "pooling has a stride of 1";
    expect_contains(refusal("import mindspore.nn as nn\nnn.Conv2d(3, 8, 3, padding=1)"),
                    "is for pad_mode=\"pad\", and with \"same\" MindSpore rejects it");
}

TEST(ImportMindSpore, ArgumentsThatNoOtherLibraryHasShowIt) {
    for (const char* text : {
             "nn.Conv2d(3, 16, 3, 1, 'same', 0, 1, 1, False)",
             "nn.Conv2d(3, 16, 3, 1, 'pad', 0, 1, 1, False)",
             "nn.Conv2d(3, 16, 3, pad_mode='valid')",
             "nn.Conv2d(3, 16, 3, has_bias=False)",
             "Conv2d<input_channels=3, output_channels=16, kernel_size=(3, 3), stride=(1, 1), pad_mode=same, "
             "padding=0, "
             "dilation=(1, 1), group=1, has_bias=False, weight_init=normal, bias_init=zeros, format=NCHW>",
         }) {
        const ImportedLayer layer = import_layer(text);
        EXPECT_EQ(layer.program, "MindSpore") << text;
        EXPECT_EQ(layer.has_bias, false) << text;
        EXPECT_EQ(layer.layer.spec.out_channels, 16) << text;
    }
    EXPECT_EQ(import_layer("nn.Conv2d(3, 16, 3, 1, 'same')").program, "PyTorch") << "which has these too";
    expect_contains(refusal("import torch\nfrom torch import nn\nnn.Conv2d(3, 16, 3, has_bias=True)"),
                    "has_bias is not an argument of nn.Conv2d");
    expect_contains(refusal("nn.Conv2d(3, 16, 3, group=1)"), "did you mean groups?");
}

TEST(ImportMindSpore, WhatIsNotReadOfItIsNamed) {
    expect_contains(
        refusal("import mindspore.ops as ops\ny = ops.conv2d(x, w, pad_mode='same')"),
        "ops.conv2d is MindSpore's, imported at line 1, column 1, and is not read; paste its layer, such as "
        "nn.Conv2d");
}

TEST(ImportMindSpore, MintIsNotReadAsNn) {
    expect_contains(refusal("from mindspore import mint\nmint.nn.Conv2d(3, 8, 3)"), "MindSpore's mint");
    expect_contains(refusal("from mindspore.mint import nn\nnn.Conv2d(3, 8, 3)"), "MindSpore's mint");
}

TEST(ImportPaddle, LayersAreReadAsWrittenAndAsPrinted) {
    const ConvSpec same = as_torch("nn.Conv2d(4, 8, 3, 2, 1, 2, 4)");
    EXPECT_EQ(spec_of("import paddle\npaddle.nn.Conv2D(4, 8, (3, 3), 2, 1, 2, 4)"), same);
    EXPECT_EQ(spec_of("Conv2D(4, 8, kernel_size=[3, 3], stride=[2, 2], padding=1, dilation=[2, 2], groups=4, "
                      "data_format=NCHW)"),
              same);
    const ImportedLayer printed = import_layer("Conv2D(3, 8, kernel_size=[3, 3], padding=1, data_format=NCHW)");
    EXPECT_EQ(printed.program, "PaddlePaddle");
    EXPECT_EQ(printed.layer.spec, as_torch("nn.Conv2d(3, 8, 3, padding=1)"));
    EXPECT_EQ(import_layer("Conv2D(3, 8, 3)").program, "Keras") << "which has the filters first";
    EXPECT_EQ(spec_of("MaxPool2D(kernel_size=3, stride=2, padding=1)"), as_torch("nn.MaxPool2d(3, 2, 1)"));
    EXPECT_EQ(import_layer("import paddle\npaddle.nn.Conv2D(4, 8, 3, bias_attr=False)").has_bias, false);
    EXPECT_EQ(spec_of("import paddle\npaddle.nn.Conv2DTranspose(4, 8, 3, 3, 1, 1, 2, 2)"),
              as_torch("nn.ConvTranspose2d(4, 8, 3, 3, 1, 1, 2, True, 2)"))
        << "dilation stands in front of groups";
    expect_contains(refusal("nn.Conv2D(8, 3, 2)"), "may be PaddlePaddle's or MXNet's");
}

TEST(ImportPaddle, FunctionsHaveADataFormat) {
    const ImportedLayer layer = import_layer(
        "import paddle.nn.functional as F\nF.conv2d(paddle.ones([1, 9, 7, 4]), paddle.ones([8, 4, 3, 3]), None, 2, [1, "
        "2, 3, "
        "4], data_format='NHWC')");
    EXPECT_EQ(layer.layer.input, (Shape4{1, 4, 9, 7}));
    EXPECT_EQ(layer.layer.spec.pads, (Pads{1, 2, 3, 4}));
    EXPECT_EQ(layer.axes, "NHWC");
    EXPECT_EQ(import_layer("F.conv2d(x, w, padding=1, data_format='NCHW')").program, "PaddlePaddle");
    EXPECT_EQ(spec_of("import paddle\npaddle.nn.functional.avg_pool2d(x, 3, 2, 1)").count_include_pad, false);
    EXPECT_EQ(spec_of("import paddle\npaddle.nn.AvgPool2D(3, 2, 1, exclusive=False)").count_include_pad, true);
}

TEST(ImportPaddle, SameSetsTheDilationBack) {
    const ImportedLayer layer = import_layer("import paddle\npaddle.nn.Conv2D(4, 8, 3, padding='SAME', dilation=2)");
    EXPECT_EQ(layer.layer.spec.pad_rule, PadRule::tf_SAME);
    EXPECT_EQ(layer.layer.spec.dilation, (Size2{1, 1}));
    EXPECT_TRUE(has_note(layer, "has no effect in PaddlePaddle"));
}

TEST(ImportMlx, ArraysHaveTheirChannelsLast) {
    const ImportedLayer layer =
        import_layer("import mlx.core as mx\ny = mx.conv2d(mx.ones((1, 9, 7, 4)), mx.ones((6, 3, 5, 2)), 2, 1, 1, 2)");
    EXPECT_EQ(layer.program, "MLX");
    EXPECT_EQ(layer.layer.input, (Shape4{1, 4, 9, 7}));
    EXPECT_EQ(layer.layer.weight, (Shape4{6, 2, 3, 5}));
    EXPECT_EQ(layer.layer.spec, as_torch("F.conv2d(torch.ones(1, 4, 9, 7), torch.ones(6, 2, 3, 5), None, 2, 1, 1, 2)"));
    EXPECT_EQ(spec_of("import mlx.nn as nn\nnn.Conv2d(4, 8, 3, 2, 1, 1, 4)"),
              as_torch("nn.Conv2d(4, 8, 3, 2, 1, 1, 4)"));
    EXPECT_EQ(import_layer("y = mx.conv2d(x, w, stride=2)").program, "MLX") << "MXNet has no such function";
    EXPECT_EQ(import_layer("import mlx.core as mx\nmx.conv_transpose2d(x, mx.ones((6, 3, 3, 2)))").layer.weight,
              (Shape4{2, 6, 3, 3}));
}

}  // namespace
}  // namespace convlens
