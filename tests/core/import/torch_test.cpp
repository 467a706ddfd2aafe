#include "core/conv/validate.h"
#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

TEST(ImportTorch, ReadsPositionsAndNames) {
    const ImportedLayer layer = import_layer("nn.Conv2d(3, 16, 3, stride=2, padding=(1, 2), bias=False)");
    ConvSpec expected;
    expected.kernel = {3, 3};
    expected.stride = {2, 2};
    expected.pads = {1, 1, 2, 2};
    expected.out_channels = 16;
    expected.dialect = Dialect::torch;
    EXPECT_EQ(layer.layer.spec, expected);
    EXPECT_EQ(layer.layer.input, (Shape4{1, 3, 5, 5}));
    EXPECT_EQ(layer.has_bias, false);
    EXPECT_EQ(layer.program, "PyTorch");
    EXPECT_TRUE(has_note(layer, "5×5"));
    EXPECT_EQ(layer.notes.size(), 1U);
    EXPECT_EQ(import_layer("nn.Conv2d(3, 16, 3)").has_bias, true);
}

TEST(ImportTorch, AllArgumentsOfConv2dByPosition) {
    const ImportedLayer layer =
        import_layer("torch.nn.Conv2d(8, 12, (3, 5), (2, 1), (4, 3), (2, 3), 4, False, 'reflect')");
    const ConvSpec& spec = layer.layer.spec;
    EXPECT_EQ(spec.kernel, (Size2{3, 5}));
    EXPECT_EQ(spec.stride, (Size2{2, 1}));
    EXPECT_EQ(spec.pads, (Pads{4, 4, 3, 3}));
    EXPECT_EQ(spec.dilation, (Size2{2, 3}));
    EXPECT_EQ(spec.groups, 4);
    EXPECT_EQ(spec.pad_mode, PadMode::reflect);
    EXPECT_EQ(layer.layer.input, (Shape4{1, 8, 5, 13}));  // wide enough for the kernel, and for the reflection
    EXPECT_TRUE(validate(layer.layer).empty());
}

TEST(ImportTorch, GroupsComeBeforeDilationInTheTransposedLayer) {
    const ConvSpec spec = spec_of("nn.ConvTranspose2d(4, 6, 3, 5, 7, 1, 2, True, 3)");
    EXPECT_EQ(spec.op, Op::conv_transpose);
    EXPECT_EQ(spec.stride, (Size2{5, 5}));
    EXPECT_EQ(spec.pads, Pads::all(7));
    EXPECT_EQ(spec.output_padding, (Size2{1, 1}));
    EXPECT_EQ(spec.groups, 2);
    EXPECT_EQ(spec.dilation, (Size2{3, 3}));
    EXPECT_EQ(spec.out_channels, 6);
}

// torch.nn.functional.conv_transpose2d(input, weight, bias, stride, padding, output_padding, groups, dilation)
TEST(ImportTorch, AllArgumentsOfTheFunctionsByPosition) {
    const ConvSpec transposed = spec_of(
        "F.conv_transpose2d(torch.ones(1, 6, 4, 5), torch.ones(6, 4, 2, 3), None, (7, 8), (1, 2), (3, 4), 2, (5, 9))");
    EXPECT_EQ(transposed.stride, (Size2{7, 8}));
    EXPECT_EQ(transposed.pads, (Pads{1, 1, 2, 2}));
    EXPECT_EQ(transposed.output_padding, (Size2{3, 4}));
    EXPECT_EQ(transposed.groups, 2);
    EXPECT_EQ(transposed.dilation, (Size2{5, 9}));
    EXPECT_EQ(transposed.out_channels, 8);
    const ConvSpec conv =
        spec_of("F.conv2d(torch.ones(1, 6, 40, 50), torch.ones(8, 3, 2, 4), None, (7, 8), (1, 2), (5, 9), 2)");
    EXPECT_EQ(conv.stride, (Size2{7, 8}));
    EXPECT_EQ(conv.pads, (Pads{1, 1, 2, 2}));
    EXPECT_EQ(conv.dilation, (Size2{5, 9}));
    EXPECT_EQ(conv.groups, 2);
    const ConvSpec max = spec_of("F.max_pool2d(x, (6, 8), (2, 3), (1, 4), (5, 7), True, False)");
    EXPECT_EQ(max.kernel, (Size2{6, 8}));
    EXPECT_EQ(max.stride, (Size2{2, 3}));
    EXPECT_EQ(max.pads, (Pads{1, 1, 4, 4}));
    EXPECT_EQ(max.dilation, (Size2{5, 7}));
    const ConvSpec average = spec_of("F.avg_pool2d(x, (6, 8), (2, 3), (1, 4), True, False, 5)");
    EXPECT_EQ(average.stride, (Size2{2, 3}));
    EXPECT_EQ(average.pads, (Pads{1, 1, 4, 4}));
    EXPECT_TRUE(average.ceil_mode);
    EXPECT_FALSE(average.count_include_pad);
    EXPECT_EQ(average.divisor_override, 5);
}

TEST(ImportTorch, OneAxisBecomesTheWidth) {
    const ImportedLayer layer = import_layer("nn.Conv1d(1, 2, 3, stride=2, padding=1, dilation=4)");
    EXPECT_EQ(layer.layer.spec.kernel, (Size2{1, 3}));
    EXPECT_EQ(layer.layer.spec.stride, (Size2{1, 2}));
    EXPECT_EQ(layer.layer.spec.dilation, (Size2{1, 4}));
    EXPECT_EQ(layer.layer.spec.pads, (Pads{0, 0, 1, 1}));
    EXPECT_EQ(layer.layer.input, (Shape4{1, 1, 1, 9}));
    EXPECT_EQ(spec_of("nn.ConvTranspose1d(1, 2, [3], 2, output_padding=1)").output_padding, (Size2{0, 1}));
}

TEST(ImportTorch, PaddingMayBeAWord) {
    EXPECT_EQ(spec_of("nn.Conv2d(1, 1, 3, padding='same')").pad_rule, PadRule::torch_same);
    EXPECT_EQ(spec_of("nn.Conv2d(1, 1, 3, padding=\"valid\")").pad_rule, PadRule::torch_valid);
    EXPECT_EQ(spec_of("Conv2d(1, 1, kernel_size=(3, 3), stride=(1, 1), padding=same, padding_mode=circular)").pad_mode,
              PadMode::circular);
    expect_contains(refusal("nn.Conv2d(1, 1, 3, padding='sane')"), "did you mean \"same\"?");
}

TEST(ImportTorch, PoolsStrideByTheirKernel) {
    const ConvSpec max = spec_of("nn.MaxPool2d(3)");
    EXPECT_EQ(max.op, Op::max_pool);
    EXPECT_EQ(max.stride, (Size2{3, 3}));
    const ConvSpec all = spec_of("nn.MaxPool2d((3, 2), None, 1, 2, False, True)");
    EXPECT_EQ(all.stride, (Size2{3, 2}));
    EXPECT_EQ(all.dilation, (Size2{2, 2}));
    EXPECT_TRUE(all.ceil_mode);
    const ConvSpec average =
        spec_of("nn.AvgPool2d(2, stride=1, padding=1, ceil_mode=True, count_include_pad=False, divisor_override=3)");
    EXPECT_EQ(average.op, Op::avg_pool);
    EXPECT_TRUE(average.ceil_mode);
    EXPECT_FALSE(average.count_include_pad);
    EXPECT_EQ(average.divisor_override, 3);
    EXPECT_TRUE(spec_of("nn.AvgPool2d(2)").count_include_pad);
    EXPECT_EQ(import_layer("nn.AvgPool2d(2)").has_bias, std::nullopt);
    EXPECT_EQ(spec_of("F.max_pool2d(x, 2, 1)").stride, (Size2{1, 1}));
    EXPECT_TRUE(spec_of("F.max_pool2d(x, 2, 1, 0, 1, True)").ceil_mode);  // here before return_indices
}

TEST(ImportTorch, ReadsWhatStandsAround) {
    const ImportedLayer layer = import_layer(
        "import torch\nself.conv1 = nn.Conv2d(  # first\n    3, 16,\n    kernel_size=(3, 3),  # odd )\n    "
        "padding=1,\n)\n");
    EXPECT_EQ(layer.layer.spec.out_channels, 16);
    EXPECT_EQ(layer.layer.spec.pads, Pads::all(1));
}

TEST(ImportTorch, TakesTheFirstLayerOfAPrintedModel) {
    const ImportedLayer layer = import_layer(
        "ResNet(\n  (conv1): Conv2d(3, 64, kernel_size=(7, 7), stride=(2, 2), padding=(3, 3), bias=False)\n"
        "  (bn1): BatchNorm2d(64, eps=1e-05)\n  (maxpool): MaxPool2d(kernel_size=3, stride=2, padding=1, dilation=1, "
        "ceil_mode=False)\n"
        "  (0): Conv2d(64, 64, kernel_size=(3, 3), stride=(1, 1))\n)");
    EXPECT_EQ(layer.layer.spec.kernel, (Size2{7, 7}));
    EXPECT_EQ(layer.layer.input, (Shape4{1, 3, 7, 7}));
    EXPECT_EQ(layer.has_bias, false);
    EXPECT_TRUE(
        has_note(layer, "the text has 3 layers: conv1 (Conv2d at line 2, column 12), maxpool (MaxPool2d at line 4"));
}

TEST(ImportTorch, FunctionsTakeTheShapesOfTheirTensors) {
    const ImportedLayer layer =
        import_layer("F.conv2d(torch.randn(2, 4, 32, 30), torch.randn(6, 2, 3, 5), None, 2, groups=2)");
    EXPECT_EQ(layer.layer.input, (Shape4{2, 4, 32, 30}));
    EXPECT_EQ(layer.layer.weight, (Shape4{6, 2, 3, 5}));
    EXPECT_EQ(layer.layer.spec.kernel, (Size2{3, 5}));
    EXPECT_EQ(layer.layer.spec.stride, (Size2{2, 2}));
    EXPECT_EQ(layer.layer.spec.out_channels, 6);
    EXPECT_EQ(layer.has_bias, false);
    EXPECT_FALSE(layer.input || layer.weight);
    EXPECT_TRUE(layer.notes.empty());
    EXPECT_TRUE(validate(layer.layer).empty());
}

TEST(ImportTorch, FunctionsOfNamesAssumeShapes) {
    const ImportedLayer layer = import_layer("y = torch.nn.functional.conv2d(x, w, b, stride=2)");
    EXPECT_EQ(layer.layer.spec.kernel, (Size2{3, 3}));
    EXPECT_EQ(layer.has_bias, true);
    EXPECT_EQ(layer.layer.weight, std::nullopt);
    EXPECT_TRUE(has_note(layer, "weight's shape is not told"));
    EXPECT_TRUE(has_note(layer, "input channels"));
}

TEST(ImportTorch, KeepsWrittenNumbers) {
    const ImportedLayer layer = import_layer(
        "x = torch.arange(9.).reshape(1, 1, 3, 3)\nw = torch.tensor([[[[1, 2], [3, -4]]]])\n"
        "F.conv_transpose2d(x, w / 2, torch.tensor([0.5]), stride=2)");
    EXPECT_EQ(numbers(layer.input), (std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7, 8}));
    EXPECT_EQ(numbers(layer.weight), (std::vector<double>{0.5, 1, 1.5, -2}));
    EXPECT_EQ(numbers(layer.bias), (std::vector<double>{0.5}));
    EXPECT_EQ(layer.bias->shape(), (Shape4{1, 1, 1, 1}));
    EXPECT_EQ(layer.layer.bias_length, 1);
    EXPECT_EQ(layer.layer.spec.op, Op::conv_transpose);
    EXPECT_TRUE(layer.notes.empty());
}

TEST(ImportTorch, ALayerMayBeAppliedAtOnce) {
    EXPECT_EQ(import_layer("nn.Conv2d(3, 8, 3)(torch.zeros(2, 3, 12, 14)).shape").layer.input, (Shape4{2, 3, 12, 14}));
    EXPECT_EQ(import_layer("nn.Conv2d(3, 8, 3)(torch.zeros(3, 12, 14))").layer.input, (Shape4{1, 3, 12, 14}));
}

// MaxPool2d(padding='same'): "argument 'padding' must be tuple of ints, not str".
TEST(ImportTorch, OnlyConvolutionsPadByAWord) {
    for (const std::string_view text :
         {"nn.MaxPool2d(2, padding='same')", "nn.AvgPool2d(2, padding='valid')", "F.max_pool2d(x, 2, padding='same')",
          "nn.ConvTranspose2d(1, 1, 3, padding='same')"}) {
        expect_contains(refusal(text), "is for the convolutions alone; write the number of cells");
    }
    expect_contains(refusal("nn.Conv2d(1, 1, 3, padding='SAME')"), "did you mean \"same\"?");
}

TEST(ImportTorch, AveragesAlongOneAxisHaveNoDivisor) {
    expect_contains(refusal("nn.AvgPool1d(2, divisor_override=3)"), "divisor_override is not an argument");
    EXPECT_EQ(spec_of("nn.AvgPool1d(2)").divisor_override, std::nullopt);
}

TEST(ImportTorch, PrintedLayersOfEveryKind) {
    EXPECT_EQ(spec_of("LazyConv2d(0, 4, kernel_size=(3, 5), stride=(1, 1))").out_channels, 4);
    EXPECT_EQ(spec_of("LazyConv2d(0, 4, kernel_size=(3, 5), stride=(1, 1))").kernel, (Size2{3, 5}));
    EXPECT_EQ(spec_of("nn.LazyConv2d(4, 3, padding=1)").pads, Pads::all(1));
    EXPECT_EQ(spec_of("AvgPool1d(kernel_size=(2,), stride=(2,), padding=(0,))").kernel, (Size2{1, 2}));
    EXPECT_EQ(spec_of("(2): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)").op,
              Op::max_pool);
    EXPECT_EQ(spec_of("ConvTranspose2d(2, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 2), dilation=(2, 2), "
                      "groups=2)")
                  .pads,
              (Pads{1, 1, 2, 2}));
    EXPECT_EQ(spec_of("Conv1d(1, 2, kernel_size=(3,), stride=(1,), padding=same, padding_mode=circular)").pad_rule,
              PadRule::torch_same);
    EXPECT_EQ(spec_of("torch.nn.modules.conv.Conv2d(1, 2, 3)").out_channels, 2);
}

TEST(ImportTorch, AnAddedVectorIsTheBias) {
    const ImportedLayer biased = import_layer(
        "y = F.conv2d(torch.ones(1, 1, 4, 4), torch.ones(2, 1, 3, 3))\n"
        "y = y + torch.tensor([5., 6]).reshape(1, -1, 1, 1)");
    EXPECT_EQ(numbers(biased.bias), (std::vector<double>{5, 6}));
    EXPECT_EQ(biased.has_bias, true);
}

}  // namespace
}  // namespace convlens
