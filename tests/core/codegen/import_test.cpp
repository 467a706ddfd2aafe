#include "core/codegen/import.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include "core/conv/names.h"
#include "core/conv/shape.h"
#include "core/conv/validate.h"

namespace convlens {
namespace {

ConvSpec spec_of(std::string_view text) { return import_layer(text).layer.spec; }

std::string refusal(std::string_view text) {
    try {
        import_layer(text);
    } catch (const ImportError& error) {
        return error.what();
    }
    return "";
}

bool has_note(const ImportedLayer& layer, std::string_view part) {
    return std::ranges::any_of(layer.notes,
                               [&](const std::string& note) { return note.find(part) != std::string::npos; });
}

void expect_contains(const std::string& text, std::string_view part) {
    EXPECT_NE(text.find(part), std::string::npos) << "in: " << text;
}

std::vector<double> numbers(const std::optional<Tensor<double>>& tensor) {
    if (!tensor) return {};
    return {tensor->span().begin(), tensor->span().end()};
}

// --- PyTorch

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
    const ConvSpec spec = spec_of("nn.ConvTranspose2d(4, 6, 3, 2, 1, 1, 2, True, 3)");
    EXPECT_EQ(spec.op, Op::conv_transpose);
    EXPECT_EQ(spec.output_padding, (Size2{1, 1}));
    EXPECT_EQ(spec.groups, 2);
    EXPECT_EQ(spec.dilation, (Size2{3, 3}));
    EXPECT_EQ(spec.out_channels, 6);
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
    EXPECT_TRUE(has_note(layer, "2 more layers; only the first, Conv2d at line 2, column 12"));
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

// --- values

TEST(ImportValues, ArithmeticAndVariablesOfTheText) {
    EXPECT_EQ(spec_of("k = 5\nnn.Conv2d(3, 2 * 8, k, padding=k // 2)").pads, Pads::all(2));
    EXPECT_EQ(spec_of("nn.Conv2d(1, 2**4 - 1, (7 - 2) // 2 + 1)").out_channels, 15);
    EXPECT_EQ(spec_of("k = 5\nk = k + 2\nnn.Conv2d(3, 1, k)").kernel, (Size2{7, 7}));
    EXPECT_EQ(spec_of("nn.Conv2d(1, 1, 3, padding=\u22121)").pads, Pads::all(-1));  // the minus of word processors
}

TEST(ImportValues, AVariableThatIsNotSetIsRefusedWithItsArgument) {
    const std::string error = refusal("nn.Conv2d(3, 16, k)");
    expect_contains(error, "line 1, column 18");
    expect_contains(error, "kernel_size of nn.Conv2d: k is a variable");
    expect_contains(error, "kernel_size=1");
    expect_contains(refusal("nn.Conv2d(3, 16, 3, padding=p)"), "padding of nn.Conv2d: p is a variable");
    expect_contains(refusal("nn.Conv2d(3, 16, 3, padding_mode=m)"), "write one of zeros, reflect, replicate, circular");
    expect_contains(refusal("k += 1\nnn.Conv2d(3, 16, 2 * k)"), "kernel_size of nn.Conv2d");
    expect_contains(refusal("nn.Conv2d(3, 16, get(3))"), "get(...) is not a number");
    expect_contains(refusal("nn.Conv2d(3, 16, 3 if a else 5)"),
                    "kernel_size of nn.Conv2d: 3 if a else 5 is not a number");
}

TEST(ImportValues, NumbersThatCannotBeSettingsAreRefused) {
    expect_contains(refusal("nn.Conv2d(3, 16, 2.5)"), "2.5 is not a whole number");
    expect_contains(refusal("nn.Conv2d(3, 16, 1e30)"), "too large");
    expect_contains(refusal("nn.Conv2d(3, 16, 1/0)"), "too large");
    expect_contains(refusal("nn.Conv2d(3, 16, (1, 2, 3))"), "has 3 numbers; write one, or two");
    expect_contains(refusal("F.conv2d(x, torch.tensor([[[[1, 2], [3]]]]))"), "row has 1 numbers and the first has 2");
}

TEST(ImportValues, ImpossibleSettingsAreTaken) {
    const ImportedLayer layer = import_layer("nn.Conv2d(3, 16, 0, stride=-1, padding=-2, groups=0)");
    EXPECT_EQ(layer.layer.spec.stride, (Size2{-1, -1}));
    EXPECT_EQ(layer.layer.spec.groups, 0);
    EXPECT_FALSE(validate(layer.layer).empty());
    EXPECT_EQ(import_layer("nn.Conv2d(1, 1, 9007199254740992, dilation=9007199254740992)").layer.input,
              (Shape4{1, 1, 5, 5}));
}

TEST(ImportValues, ASetWithoutEndIsRefused) {
    std::string doubling = "a0 = [1, 1]\n";
    for (int i = 1; i < 40; ++i)
        doubling += "a" + std::to_string(i) + " = [a" + std::to_string(i - 1) + ", a" + std::to_string(i - 1) + "]\n";
    expect_contains(refusal(doubling + "F.conv2d(a39, w)"), "too much to work out");
    std::string chain = "a0 = 1\n";
    for (int i = 1; i < 5000; ++i) chain += "a" + std::to_string(i) + " = a" + std::to_string(i - 1) + " + 1\n";
    expect_contains(refusal(chain + "nn.Conv2d(1, 1, a4999)"), "too many variables");
    expect_contains(refusal("nn.Conv2d(" + std::string(5000, '(') + "3"), "within each other");
    expect_contains(refusal("nn.Conv2d(" + std::string(5000, '[') + "3"), "within each other");
    expect_contains(refusal("nn.Conv2d(" + std::string(5000, '-') + "3"), "within each other");
    std::string large = "x = [";
    for (int i = 0; i < 5000; ++i) large += "np.ones((512, 512)), ";
    const ImportedLayer layer = import_layer(large + "]\nF.conv2d(x, torch.ones(1, 5000, 3, 3))");
    EXPECT_EQ(layer.layer.input, (Shape4{1, 5000, 512, 512}));
    EXPECT_FALSE(layer.input.has_value());
    std::string sum = "nn.Conv2d(a";
    for (int i = 0; i < 5000; ++i) sum += "+a";
    expect_contains(refusal(sum + ")"), "too deep");
    expect_contains(refusal(std::string(kMaxImportBytes + 1, ' ')), "paste the layer alone");
}

// --- arguments

TEST(ImportArguments, UnknownOnesAreNotedWithTheNearestName) {
    const ImportedLayer layer = import_layer("nn.Conv2d(1, 1, 3, padding_mod='reflect', zzzzzz=1)");
    EXPECT_EQ(layer.layer.spec.pad_mode, PadMode::zeros);
    EXPECT_TRUE(
        std::ranges::count(layer.notes, "padding_mod is not an argument of nn.Conv2d; did you mean padding_mode?"));
    EXPECT_TRUE(has_note(layer, "zzzzzz is not an argument of nn.Conv2d; it has in_channels"));
}

TEST(ImportArguments, MissingDoubleAndSurplusOnesAreRefused) {
    expect_contains(refusal("nn.Conv2d(3, 16)"), "kernel_size of nn.Conv2d is missing; add kernel_size=3");
    expect_contains(refusal("nn.Conv2d(3, 16, 3, kernel_size=5)"), "is given twice");
    expect_contains(refusal("nn.MaxPool2d(1, 2, 3, 4, 5, 6, 7)"), "takes 6 arguments");
    expect_contains(refusal("nn.Conv2d(3, 16, *sizes)"), "*sizes does not tell its values");
    expect_contains(refusal("nn.Conv2d(3, 16, 3"), "is not closed");
    expect_contains(refusal("nn.Conv2d(3, 16, (3, 3)"), "is not closed");
    expect_contains(refusal("nn.Conv2d(3, 16, 3, bias='maybe')"), "neither True nor False");
}

TEST(ImportArguments, UnknownFunctionsAreRefusedWithWhatIsUnderstood) {
    expect_contains(refusal("nn.Conv2dd(3, 16, 3)"), "did you mean Conv2d?");
    expect_contains(refusal("\n  nn.Linear(3, 16)"), "line 2, column 3: nn.Linear is not a layer that is known");
    expect_contains(refusal("hello"), "there is no layer in the text");
    expect_contains(refusal(""), "are understood");
    expect_contains(refusal("nn.Conv3d(1, 1, 3)"), "paste a Conv2d");
    try {
        import_layer("\n  nn.Linear(3, 16)");
        FAIL();
    } catch (const ImportError& error) {
        EXPECT_EQ(error.line(), 2U);
        EXPECT_EQ(error.column(), 3U);
    }
}

// --- Keras

TEST(ImportKeras, ReadsALayer) {
    const ImportedLayer layer = import_layer(
        "keras.layers.Conv2D(32, (3, 5), strides=2, padding='same', activation='relu', input_shape=(28, 30, 3))");
    EXPECT_EQ(layer.program, "Keras");
    EXPECT_EQ(layer.layer.spec.out_channels, 32);
    EXPECT_EQ(layer.layer.spec.kernel, (Size2{3, 5}));
    EXPECT_EQ(layer.layer.spec.stride, (Size2{2, 2}));
    EXPECT_EQ(layer.layer.spec.pad_rule, PadRule::tf_SAME);
    EXPECT_EQ(layer.layer.spec.dialect, Dialect::tensorflow);
    EXPECT_EQ(layer.layer.input, (Shape4{1, 3, 28, 30}));
    EXPECT_EQ(layer.has_bias, true);
    EXPECT_TRUE(has_note(layer, "activation of Conv2D is not part of the layer"));
    EXPECT_EQ(spec_of("layers.Conv2D(8, 3, use_bias=False, dilation_rate=2, groups=2)").pad_rule, PadRule::tf_VALID);
    EXPECT_EQ(spec_of("Conv1D(8, 3, padding='causal')").pad_rule, PadRule::causal);
}

TEST(ImportKeras, FindsTheInputsShape) {
    EXPECT_EQ(import_layer("Conv2D(8, 3, data_format='channels_first', input_shape=(3, 28, 30))").layer.input,
              (Shape4{1, 3, 28, 30}));
    EXPECT_EQ(import_layer("keras.Sequential([keras.Input(shape=(28, 30, 1)), layers.Conv2D(32, 3)])").layer.input,
              (Shape4{1, 1, 28, 30}));
    EXPECT_EQ(import_layer("Conv2D(8, 3)(tf.zeros((2, 9, 8, 3)))").layer.input, (Shape4{2, 3, 9, 8}));
    const ImportedLayer partly = import_layer("Conv2D(8, 3, input_shape=(None, None, 4))");
    EXPECT_EQ(partly.layer.input, (Shape4{1, 4, 5, 5}));
}

TEST(ImportKeras, DepthwiseHasAGroupAChannel) {
    const ImportedLayer told = import_layer("DepthwiseConv2D(3, depth_multiplier=2, input_shape=(8, 8, 4))");
    EXPECT_EQ(told.layer.spec.groups, 4);
    EXPECT_EQ(told.layer.spec.out_channels, 8);
    const ImportedLayer assumed = import_layer("DepthwiseConv2D(3)");
    EXPECT_EQ(assumed.layer.spec.groups, 3);
    EXPECT_EQ(assumed.layer.input.c, 3);
    EXPECT_TRUE(has_note(assumed, "input channels"));
}

TEST(ImportKeras, TransposedOutputPadding) {
    const auto size = [](std::string_view text) {
        const LayerShape layer = import_layer(text).layer;
        EXPECT_TRUE(validate(layer).empty()) << text;
        return output_shape(layer.spec, layer.input).plane();
    };
    EXPECT_EQ(size("Conv2DTranspose(1, 3, strides=2, padding='same', input_shape=(5, 5, 1))"), (Size2{10, 10}));
    EXPECT_EQ(size("Conv2DTranspose(1, 3, strides=2, padding='same', output_padding=1, input_shape=(5, 5, 1))"),
              (Size2{10, 10}));
    EXPECT_EQ(size("Conv2DTranspose(1, 3, strides=2, padding='same', output_padding=0, input_shape=(5, 5, 1))"),
              (Size2{9, 9}));
    EXPECT_EQ(size("Conv2DTranspose(1, 3, strides=2, padding='valid', output_padding=(1, 0), input_shape=(5, 5, 1))"),
              (Size2{12, 11}));
}

TEST(ImportKeras, PoolsLeaveThePaddingOut) {
    const ConvSpec pool = spec_of("AveragePooling2D(pool_size=(2, 3), padding='same')");
    EXPECT_EQ(pool.op, Op::avg_pool);
    EXPECT_EQ(pool.stride, (Size2{2, 3}));
    EXPECT_FALSE(pool.count_include_pad);
    EXPECT_EQ(spec_of("tf.keras.layers.MaxPooling2D()").kernel, (Size2{2, 2}));
}

// --- TensorFlow and JAX

TEST(ImportTensorFlow, ReadsConv2d) {
    const ImportedLayer same =
        import_layer("tf.nn.conv2d(x, w, strides=[1, 2, 3, 1], padding='SAME', dilations=[1, 1, 1, 1])");
    EXPECT_EQ(same.program, "TensorFlow");
    EXPECT_EQ(same.layer.spec.stride, (Size2{2, 3}));
    EXPECT_EQ(same.layer.spec.pad_rule, PadRule::tf_SAME);
    EXPECT_EQ(spec_of("tf.nn.conv2d(x, w, 1, [[0, 0], [1, 2], [3, 4], [0, 0]])").pads, (Pads{1, 2, 3, 4}));
    EXPECT_EQ(spec_of("tf.nn.conv2d(x, w, [1, 1, 2, 2], [[0, 0], [0, 0], [1, 2], [3, 4]], data_format='NCHW')").pads,
              (Pads{1, 2, 3, 4}));
    EXPECT_EQ(spec_of("tf.nn.conv2d(x, w, [1, 1, 2, 2], 'VALID', 'NCHW')").stride, (Size2{2, 2}));
    expect_contains(refusal("tf.nn.conv2d(x, w, 1, [[0, 0], [1, 2]])"), "padding of tf.nn.conv2d");
}

TEST(ImportTensorFlow, TurnsTheAxesOfItsArrays) {
    // Filter [H, W, I, O] = [1, 2, 2, 1] of 1 2 / 3 4: channel 0 has 1 3, channel 1 has 2 4.
    const ImportedLayer layer =
        import_layer("tf.nn.conv2d(tf.zeros((1, 6, 7, 2)), tf.constant([[[[1], [2]], [[3], [4]]]]), 1, 'VALID')");
    EXPECT_EQ(layer.layer.input, (Shape4{1, 2, 6, 7}));
    EXPECT_EQ(layer.layer.weight, (Shape4{1, 2, 1, 2}));
    EXPECT_EQ(numbers(layer.weight), (std::vector<double>{1, 3, 2, 4}));
    const ImportedLayer depthwise =
        import_layer("tf.nn.depthwise_conv2d(x, np.zeros((3, 3, 4, 2)), [1, 1, 1, 1], 'SAME')");
    EXPECT_EQ(depthwise.layer.spec.groups, 4);
    EXPECT_EQ(depthwise.layer.spec.out_channels, 8);
    EXPECT_EQ(depthwise.layer.input.c, 4);
}

TEST(ImportTensorFlow, TransposedTakesItsOutputShape) {
    const ImportedLayer layer = import_layer(
        "tf.nn.conv2d_transpose(x, tf.zeros([3, 3, 8, 4]), output_shape=[2, 10, 9, 8], strides=2, padding='SAME')");
    EXPECT_EQ(layer.layer.spec.output_size, (Size2{10, 9}));
    EXPECT_EQ(layer.layer.spec.out_channels, 8);
    EXPECT_EQ(layer.layer.input, (Shape4{2, 4, 5, 5}));
    EXPECT_TRUE(validate(layer.layer).empty());
    EXPECT_EQ(output_shape(layer.layer.spec, layer.layer.input), (Shape4{2, 8, 10, 9}));
}

TEST(ImportJax, ReadsTheBasicForm) {
    const ImportedLayer layer = import_layer(
        "jax.lax.conv_general_dilated(jnp.zeros((1, 8, 9, 4)), jnp.ones((3, 3, 2, 6)), window_strides=(2, 1), "
        "padding=[(1, 2), (0, 1)],\n"
        "  rhs_dilation=(1, 2), lhs_dilation=(2, 2), feature_group_count=2, dimension_numbers=('NHWC', 'HWIO', "
        "'NHWC'))");
    EXPECT_EQ(layer.program, "JAX");
    EXPECT_EQ(layer.layer.input, (Shape4{1, 4, 8, 9}));
    EXPECT_EQ(layer.layer.spec.pads, (Pads{1, 2, 0, 1}));
    EXPECT_EQ(layer.layer.spec.stride, (Size2{2, 1}));
    EXPECT_EQ(layer.layer.spec.dilation, (Size2{1, 2}));
    EXPECT_EQ(layer.layer.spec.groups, 2);
    EXPECT_EQ(layer.layer.spec.out_channels, 6);
    EXPECT_TRUE(has_note(layer, "lhs_dilation (2, 2) was left out"));
    EXPECT_EQ(spec_of("lax.conv_general_dilated(x, w, (1, 1), 'SAME')").pad_rule, PadRule::tf_SAME);
}

// --- ONNX

TEST(ImportOnnx, PadsAreBeginsThenEnds) {
    const ImportedLayer layer =
        import_layer("Conv(kernel_shape=[3, 3], pads=[1, 2, 3, 4], strides=[2, 1], group=2, dilations=[1, 2])");
    EXPECT_EQ(layer.layer.spec.pads, (Pads{1, 3, 2, 4}));
    EXPECT_EQ(layer.layer.spec.stride, (Size2{2, 1}));
    EXPECT_EQ(layer.layer.spec.groups, 2);
    EXPECT_EQ(layer.layer.input.c, 2);
    EXPECT_EQ(layer.layer.spec.dialect, Dialect::onnx);
    EXPECT_EQ(layer.has_bias, std::nullopt);
    EXPECT_EQ(spec_of("Conv(kernel_shape=[3,3], auto_pad=\"SAME_UPPER\")").pad_rule, PadRule::onnx_SAME_UPPER);
    EXPECT_EQ(spec_of("Conv(kernel_shape=[3], pads=[1, 2])").pads, (Pads{0, 0, 1, 2}));
    expect_contains(refusal("Conv(kernel_shape=[3, 3], pads=[1, 1])"), "top, left, bottom, right");
}

TEST(ImportOnnx, ReadsMakeNode) {
    const ImportedLayer layer = import_layer(
        "onnx.helper.make_node(\"ConvTranspose\", [\"x\", \"w\"], [\"y\"], kernel_shape=[3, 3], strides=[3, 2], "
        "output_shape=[10, 8], pads=[0, 0, 0, 0])");
    EXPECT_EQ(layer.layer.spec.op, Op::conv_transpose);
    EXPECT_EQ(layer.layer.spec.output_size, (Size2{10, 8}));
    EXPECT_EQ(layer.layer.spec.pad_rule, PadRule::onnx_NOTSET);
    EXPECT_EQ(layer.has_bias, false);
    EXPECT_TRUE(has_note(layer, "output_shape chooses"));
    EXPECT_TRUE(validate(layer.layer).empty());
    const ImportedLayer biased = import_layer(
        "helper.make_node('Conv', inputs=['x', 'w', 'b'], outputs=['y'], kernel_shape=[1, 1], stride=[2, 2])");
    EXPECT_EQ(biased.has_bias, true);
    EXPECT_TRUE(has_note(biased, "stride is not an argument of Conv; did you mean strides?"));
    expect_contains(refusal("make_node('Gemm', ['a'], ['b'])"), "\"Gemm\" is not understood");
}

TEST(ImportOnnx, ReadsPrintedProtobuf) {
    const std::string node =
        "input: \"x\"\ninput: \"w\"\noutput: \"y\"\nop_type: \"Conv\"\nattribute {\n  name: \"kernel_shape\"\n  ints: "
        "3\n  ints: 5\n  type: INTS\n}\n"
        "attribute {\n  name: \"pads\"\n  ints: 1\n  ints: 2\n  ints: 1\n  ints: 2\n  type: INTS\n}\nattribute {\n  "
        "name: \"group\"\n  i: 2\n  type: INT\n}\n"
        "attribute { name: \"auto_pad\" s: \"NOTSET\" type: STRING }\n";
    const ImportedLayer layer = import_layer(node);
    EXPECT_EQ(layer.layer.spec.kernel, (Size2{3, 5}));
    EXPECT_EQ(layer.layer.spec.pads, (Pads{1, 1, 2, 2}));
    EXPECT_EQ(layer.layer.spec.groups, 2);
    EXPECT_EQ(layer.has_bias, false);
    const ImportedLayer graph =
        import_layer("graph {\n node {\n" + node +
                     "}\n node { op_type: \"MaxPool\" attribute { name: \"kernel_shape\" ints: 2 ints: 2 } } }");
    EXPECT_EQ(graph.layer, layer.layer);
    EXPECT_TRUE(has_note(graph, "1 more layer;"));
    const ConvSpec pool = spec_of("node { op_type: \"MaxPool\" attribute { name: \"kernel_shape\" ints: [2, 2] } }");
    EXPECT_EQ(pool.stride, (Size2{1, 1}));
}

TEST(ImportOnnx, ReadsTheTextForms) {
    for (const std::string_view text : {
             "y = Conv <kernel_shape = [3,3], pads = [1,1,1,1], strides=[1,2]> (x, w, b)",
             "y = Conv <kernel_shape: ints = [3, 3], pads: ints = [1, 1, 1, 1], strides: ints = [1, 2]> (x, w, b)",
             "y = Conv (x, w, b) <kernel_shape = [3,3], pads = [1,1,1,1], strides=[1,2]>",
             "%y = Conv[kernel_shape = [3, 3], pads = [1, 1, 1, 1], strides = [1, 2]](%x, %w, %b)",
         }) {
        const ImportedLayer layer = import_layer(text);
        EXPECT_EQ(layer.layer.spec.pads, Pads::all(1)) << text;
        EXPECT_EQ(layer.layer.spec.stride, (Size2{1, 2})) << text;
        EXPECT_EQ(layer.has_bias, true) << text;
    }
    EXPECT_FALSE(spec_of("y = AveragePool <kernel_shape = [3,3]> (x)").count_include_pad);
    EXPECT_TRUE(
        spec_of("y = AveragePool <kernel_shape = [3,3], count_include_pad = 1, ceil_mode = 1> (x)").count_include_pad);
    expect_contains(refusal("y = Conv <pads = [1,1,1,1]> (x, w)"), "kernel_shape of Conv is missing");
}

// --- filters

TEST(ImportMatlab, Conv2IsFullAndFlips) {
    const ImportedLayer layer = import_layer("c = conv2([1 2 3;4 5 -6], [1 -1\n 2, 3 - 1]);");
    EXPECT_EQ(layer.program, "MATLAB");
    EXPECT_EQ(layer.layer.spec.pad_rule, PadRule::full);
    EXPECT_TRUE(layer.layer.spec.flip_kernel);
    EXPECT_EQ(layer.layer.spec.dialect, Dialect::octave);
    EXPECT_EQ(layer.layer.input, (Shape4{1, 1, 2, 3}));
    EXPECT_EQ(numbers(layer.input), (std::vector<double>{1, 2, 3, 4, 5, -6}));
    EXPECT_EQ(numbers(layer.weight), (std::vector<double>{1, -1, 2, 2}));
    EXPECT_EQ(spec_of("conv2(a, b, 'same')").pad_rule, PadRule::octave_same);
    EXPECT_EQ(spec_of("conv2(a, b, \"valid\")").pad_rule, PadRule::valid);
    expect_contains(refusal("conv2(u, v, a)"), "two convolutions");
    expect_contains(refusal("conv2([1 2; 3], b)"), "row has 1 numbers");
}

TEST(ImportMatlab, QuotesTransposeAndPercentComments) {
    const ImportedLayer layer =
        import_layer("a = [1 2 3]'; % conv2(x, y) is 'next'\nb = ones(2); conv2(a, b', 'same')");
    EXPECT_EQ(layer.layer.input, (Shape4{1, 1, 3, 1}));
    EXPECT_EQ(layer.layer.spec.kernel, (Size2{2, 2}));
    EXPECT_EQ(layer.layer.spec.pad_rule, PadRule::octave_same);
}

TEST(ImportMatlab, OtherFunctions) {
    const ImportedLayer filter = import_layer("filter2([1 2 3], magic(4))");
    EXPECT_EQ(filter.layer.spec.kernel, (Size2{1, 3}));
    EXPECT_FALSE(filter.layer.spec.flip_kernel);
    EXPECT_EQ(filter.layer.spec.pad_rule, PadRule::octave_same);
    EXPECT_FALSE(spec_of("xcorr2(a, b)").flip_kernel);
    EXPECT_EQ(spec_of("xcorr2(a, b)").pad_rule, PadRule::full);
    const ConvSpec border = spec_of("imfilter(A, h, 'replicate', 'conv')");
    EXPECT_EQ(border.pad_mode, PadMode::replicate);
    EXPECT_TRUE(border.flip_kernel);
    EXPECT_EQ(border.pad_rule, PadRule::octave_imfilter);
    EXPECT_EQ(spec_of("imfilter(A, h, 0.5, 'full')").pad_value, 0.5);
    EXPECT_EQ(spec_of("imfilter(A, h, 0.5, 'full')").pad_rule, PadRule::full);
}

TEST(ImportScipy, ReadsItsFilters) {
    const ImportedLayer layer =
        import_layer("signal.convolve2d(a, np.array([[1, 2], [3, 4]]), mode='same', boundary='symm')");
    EXPECT_EQ(layer.program, "SciPy");
    EXPECT_EQ(layer.layer.spec.pad_rule, PadRule::scipy_convolve2d_same);
    EXPECT_EQ(layer.layer.spec.pad_mode, PadMode::symmetric);
    EXPECT_TRUE(layer.layer.spec.flip_kernel);
    EXPECT_EQ(numbers(layer.weight), (std::vector<double>{1, 2, 3, 4}));
    EXPECT_EQ(spec_of("scipy.signal.correlate2d(a, k, 'same', 'fill', 7)").pad_rule, PadRule::scipy_correlate2d_same);
    EXPECT_EQ(spec_of("scipy.signal.correlate2d(a, k, 'same', 'fill', 7)").pad_value, 7);
    EXPECT_EQ(spec_of("convolve2d(a, k)").pad_rule, PadRule::full);
    const ConvSpec mirror = spec_of("scipy.ndimage.convolve(x, k, mode='mirror')");
    EXPECT_EQ(mirror.pad_mode, PadMode::reflect);
    EXPECT_EQ(mirror.pad_rule, PadRule::ndimage_convolve);
    EXPECT_EQ(spec_of("ndimage.correlate(x, k)").pad_mode, PadMode::symmetric);
    EXPECT_EQ(spec_of("ndimage.correlate(x, np.ones((3, 4)), origin=(1, -1))").pads, (Pads{2, 0, 1, 2}));
    EXPECT_EQ(spec_of("ndimage.convolve(x, np.ones((3, 4)), origin=(1, -1))").pads, (Pads{0, 2, 2, 1}));
}

TEST(ImportOpenCV, AnchorsAreColumnFirst) {
    const ImportedLayer layer = import_layer(
        "kernel = np.ones((5, 4), np.float32) / 20\ndst = cv2.filter2D(src, -1, kernel, anchor=(1, 3), delta=2, "
        "borderType=cv2.BORDER_REFLECT)");
    EXPECT_EQ(layer.program, "OpenCV");
    EXPECT_EQ(layer.layer.spec.kernel, (Size2{5, 4}));
    EXPECT_EQ(layer.layer.spec.anchor, (Size2{3, 1}));
    EXPECT_EQ(layer.layer.spec.pad_mode, PadMode::symmetric);
    EXPECT_EQ(layer.layer.spec.pad_rule, PadRule::opencv_anchor);
    EXPECT_EQ(numbers(layer.weight), std::vector<double>(20, 0.05));
    EXPECT_EQ(numbers(layer.bias), (std::vector<double>{2}));
    const ConvSpec plain = spec_of("cv.filter2D(src, -1, k, (-1, -1))");
    EXPECT_EQ(plain.anchor, std::nullopt);
    EXPECT_EQ(plain.pad_mode, PadMode::reflect);
    EXPECT_EQ(spec_of("cv2.filter2D(src, -1, k, borderType=1)").pad_mode, PadMode::replicate);
    EXPECT_EQ(spec_of("cv::filter2D(src, dst, -1, k, cv::Point(0, 2), 0, cv::BORDER_CONSTANT);").anchor, (Size2{2, 0}));
    expect_contains(refusal("cv2.filter2D(src, -1, k, borderType=cv2.BORDER_REFLEC)"),
                    "did you mean \"BORDER_REFLECT\"?");
}

// --- any text

constexpr std::array<std::string_view, 20> kExamples{
    "nn.Conv2d(3, 16, 3, stride=2, padding=(1, 2), bias=False)",
    "self.conv1 = nn.Conv2d(  # first\n  3, 2 * 8, kernel_size=[3, 3], padding='same', padding_mode=\"reflect\",\n)",
    "(conv1): ConvTranspose2d(3, 6, kernel_size=(3, 3), stride=(2, 2), output_padding=(1, 1), groups=3)",
    "nn.AvgPool2d(2, stride=1, padding=1, ceil_mode=True, count_include_pad=False, divisor_override=3)",
    "x = torch.arange(9.).reshape(1, 1, 3, 3)\nF.conv2d(x, torch.tensor([[[[1, 2], [3, 4]]]]) / 2, None, 1)",
    "F.conv_transpose2d(torch.randn(1, 2, 4, 4), torch.eye(3).view(1, 1, 3, -1), b, 2)",
    "keras.layers.Conv2D(32, (3, 3), strides=(2, 2), padding='same', input_shape=(28, 28, 1))",
    "Conv2DTranspose(8, 3, 2, 'same', output_padding=0)(tf.zeros((1, 4, 4, 2)))",
    "DepthwiseConv2D(3, depth_multiplier=2)",
    "tf.nn.conv2d(x, tf.ones([3, 3, 2, 4]), strides=[1, 2, 2, 1], padding=[[0, 0], [1, 1], [1, 1], [0, 0]])",
    "tf.nn.conv2d_transpose(x, w, output_shape=[1, 10, 10, 3], strides=2, padding='SAME')",
    "jax.lax.conv_general_dilated(x, w, (1, 1), [(1, 1), (0, 2)], lhs_dilation=(2, 2), dimension_numbers=('NHWC', "
    "'HWIO', 'NHWC'))",
    "onnx.helper.make_node(\"ConvTranspose\", [\"x\", \"w\"], [\"y\"], kernel_shape=[3, 3], output_shape=[10, 8])",
    "node { input: \"x\" op_type: \"Conv\" attribute { name: \"pads\" ints: 1 ints: 1 ints: 1 ints: 1 type: INTS } "
    "attribute { name: \"kernel_shape\" ints: 3 ints: 3 } }",
    "y = Conv <kernel_shape = [3,3], pads = [1,1,1,1], auto_pad: string = \"NOTSET\"> (x, w)",
    "a = [1 2;3 4]'; c = conv2(a, [1 -1; 2 3], 'same'); % done",
    "imfilter(A, ones(3) / 9, 'replicate', 'conv', 0.5)",
    "signal.convolve2d(a, np.array([[1,2],[3,4]]), mode='same', boundary='symm')",
    "ndimage.convolve(x, k, mode='mirror', cval=1.5, origin=(0, -1))",
    "cv2.filter2D(src, -1, np.float32([[1, 2], [3, 4]]), anchor=(1, 0), borderType=cv2.BORDER_REFLECT_101)",
};

TEST(Import, EveryExampleIsRead) {
    for (const std::string_view text : kExamples) EXPECT_EQ(refusal(text), "") << text;
}

// Deletes, doubles, overwrites or inserts a few bytes, or puts two examples together.
std::string mutated(std::mt19937& random) {
    static constexpr std::string_view kBytes = "()[]{}<>,;:='\"\n\\#%*/+-.0123456789eExn _\xe2\x88\x92\0\xff";
    const auto below = [&](std::size_t n) { return random() % n; };
    std::string text(kExamples[below(kExamples.size())]);
    if (below(4) == 0) {
        const std::string_view other = kExamples[below(kExamples.size())];
        text.insert(below(text.size() + 1), other.substr(below(other.size())));
    }
    for (std::size_t edits = 1 + below(6); edits > 0 && !text.empty(); --edits) {
        const std::size_t at = below(text.size());
        switch (below(4)) {
            case 0: text.erase(at, 1 + below(4)); break;
            case 1: text.insert(at, text.substr(below(text.size()), 1 + below(20))); break;
            case 2: text[at] = kBytes[below(kBytes.size())]; break;
            default: text.insert(at, 1 + below(3), kBytes[below(kBytes.size())]); break;
        }
    }
    return text;
}

TEST(Import, AnyTextIsReadOrRefused) {
    std::mt19937 random(1);
    int read = 0;
    for (int i = 0; i < 20000; ++i) {
        const std::string text = mutated(random);
        try {
            const ImportedLayer layer = import_layer(text);
            EXPECT_FALSE(layer.program.empty());
            EXPECT_TRUE(!layer.input || layer.input->shape() == layer.layer.input) << text;
            EXPECT_TRUE(!layer.weight || layer.weight->shape() == layer.layer.weight) << text;
            ++read;
        } catch (const ImportError& error) {
            EXPECT_NE(std::string_view(error.what()), "") << text;
        }
    }
    EXPECT_GT(read, 2000);
    EXPECT_LT(read, 18000);
}

// After `using namespace cv` the call has no prefix, and the third argument is a depth, no kernel.
TEST(Import, FilterOfCppWithoutItsPrefixHasADepthForItsThirdArgument) {
    const ImportedLayer imported = import_layer("filter2D(src, dst, -1, kernel, Point(-1,-1), 0, BORDER_DEFAULT)");
    EXPECT_EQ(imported.layer.spec.kernel, (Size2{3, 3}));
    EXPECT_FALSE(imported.weight);
}

TEST(Import, AShapeWithAnUnknownLengthIsNotTold) {
    const ImportedLayer imported = import_layer("nn.MaxPool2d(2)(torch.randn(8, C, 28, 28))");
    EXPECT_NE(imported.layer.input, (Shape4{1, 8, 28, 28}));
    EXPECT_FALSE(imported.notes.empty());
}

}  // namespace
}  // namespace convlens
