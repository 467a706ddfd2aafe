// What the programs say. That they compute the same numbers is shown by running them (tests/peers); the programs that
// were run are those of programs_test.cpp.
#include "core/codegen/emit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/conv/shape.h"
#include "tests/core/random_layer.h"

namespace convlens {
namespace {

// A layer over 0, 1, 2, ... with weights 1, 2, 3, ...
struct Counted {
    ConvSpec spec;
    Tensor<double> input, weight, bias;
    bool has_bias = false;
};

Tensor<double> counted(const Shape4& shape, double first) {
    Tensor<double> t(shape);
    for (double& value : t.span()) value = first++;
    return t;
}

Counted layer(const ConvSpec& spec, const Shape4& input = {1, 1, 4, 4}) {
    const Shape4 weight = is_pooling(spec.op) ? Shape4{0, 0, 0, 0} : weight_shape(spec, input.c);
    return {spec, counted(input, 0), counted(weight, 1), counted({1, spec.out_channels, 1, 1}, 0.5)};
}

CodeText code(const Counted& layer, Framework framework) {
    return emit_code(layer.spec, {layer.input, layer.weight, layer.has_bias ? layer.bias.view() : View<double>{}},
                     framework);
}

std::string text(const ConvSpec& spec, Framework framework, const Shape4& input = {1, 1, 4, 4}) {
    return code(layer(spec, input), framework).text;
}

testing::AssertionResult says(const std::string& program, std::string_view words) {
    if (program.find(words) != std::string::npos) return testing::AssertionSuccess();
    return testing::AssertionFailure() << '"' << words << "\" is not in\n" << program;
}

ConvSpec transposed() {
    ConvSpec spec;
    spec.op = Op::conv_transpose;
    spec.stride = {2, 2};
    return spec;
}

ConvSpec pooling(Op op) {
    ConvSpec spec;
    spec.op = op;
    spec.kernel = spec.stride = {2, 2};
    return spec;
}

ConvSpec ruled(PadRule rule) {
    ConvSpec spec;
    spec.pad_rule = rule;
    return spec;
}

TEST(Emit, FrameworksHaveNames) {
    EXPECT_EQ(name(Framework::torch), "torch");
    EXPECT_EQ(from_name<Framework>("opencv"), Framework::opencv);
    EXPECT_FALSE(from_name<Framework>("caffe"));
    EXPECT_EQ(names<Framework>().size(), 8u);
    EXPECT_EQ(title(Framework::tf), "TensorFlow");
    EXPECT_EQ(file_ending(Framework::matlab), ".m");
    EXPECT_EQ(file_ending(Framework::scipy), ".py");
}

TEST(Emit, TorchStandsAlone) {
    ConvSpec spec;
    spec.kernel = {2, 2};
    spec.pads = Pads::all(1);
    Counted small = layer(spec, {1, 1, 2, 3});
    small.has_bias = true;
    EXPECT_EQ(code(small, Framework::torch).text,
              "import torch\n"
              "import torch.nn.functional as F\n"
              "\n"
              "x = torch.tensor([[[[0, 1, 2],\n"
              "                    [3, 4, 5]]]], dtype=torch.float64)\n"
              "weight = torch.tensor([[[[1, 2],\n"
              "                         [3, 4]]]], dtype=torch.float64)\n"
              "bias = torch.tensor([0.5], dtype=torch.float64)\n"
              "\n"
              "y = F.conv2d(x, weight, bias, stride=(1, 1), padding=(1, 1), dilation=(1, 1), groups=1)\n"
              "\n"
              "print(tuple(y.shape))\n"
              "print(y.flatten().tolist())\n");
    EXPECT_TRUE(code(small, Framework::torch).notes.empty());
}

TEST(Emit, MatlabOfASinglePlaneIsOneCall) {
    ConvSpec spec = ruled(PadRule::octave_same);
    spec.kernel = {2, 2};
    spec.flip_kernel = true;
    EXPECT_EQ(text(spec, Framework::matlab, {1, 1, 2, 3}),
              "image = [0 1 2\n"
              "         3 4 5];\n"
              "kernel = [1 2\n"
              "          3 4];\n"
              "\n"
              "y = conv2(image, kernel, 'same');\n"
              "\n"
              "fprintf('(%d, %d, %d, %d)\\n', size(y, 4), size(y, 3), size(y, 1), size(y, 2));\n"
              "fprintf('%.17g ', permute(y, [2 1 3 4]));  % N, C, H, W: columns run fastest\n"
              "fprintf('\\n');\n");
}

TEST(Emit, InfinityAndNanAreImportedWhereTheyOccur) {
    Counted odd = layer({}, {1, 1, 3, 3});
    EXPECT_FALSE(says(code(odd, Framework::scipy).text, "from math"));
    odd.input.at(0, 0, 1, 1) = NAN;
    EXPECT_TRUE(says(code(odd, Framework::scipy).text, "from math import nan\n"));
    odd.weight.at(0, 0, 0, 0) = -INFINITY;
    EXPECT_TRUE(says(code(odd, Framework::onnx).text, "from math import inf, nan\n"));
    EXPECT_TRUE(says(code(odd, Framework::matlab).text, "[-Inf 2 3"));
    EXPECT_TRUE(says(code(odd, Framework::matlab).text, "conv2(image, rot90(kernel, 2), 'valid')"));
}

TEST(Emit, TorchUsesItsOwnPadding) {
    EXPECT_TRUE(says(text(ruled(PadRule::torch_same), Framework::torch), "padding='same'"));
    EXPECT_TRUE(says(text(ruled(PadRule::torch_valid), Framework::torch), "padding='valid'"));
    ConvSpec spec;
    spec.pads = {1, 0, 2, -1};
    EXPECT_TRUE(says(text(spec, Framework::torch), "x = F.pad(x, (2, -1, 1, 0))\n"));
    spec.pad_mode = PadMode::constant;
    spec.pad_value = 7;
    EXPECT_TRUE(says(text(spec, Framework::torch), "x = F.pad(x, (2, -1, 1, 0), value=7)\n"));
    spec.pads = Pads::all(1);
    spec.pad_mode = PadMode::reflect;
    EXPECT_TRUE(says(text(spec, Framework::torch), "x = F.pad(x, (1, 1, 1, 1), mode='reflect')\n"));
}

TEST(Emit, WhatTorchCannotPadIsPickedByIndexAndNoted) {
    ConvSpec spec;
    spec.pads = Pads::all(1);
    spec.pad_mode = PadMode::symmetric;
    const CodeText symmetric = code(layer(spec), Framework::torch);
    EXPECT_TRUE(says(symmetric.text, "rows = [0, 0, 1, 2, 3, 3]\n"));
    ASSERT_EQ(symmetric.notes.size(), 1u);
    EXPECT_TRUE(says(english(symmetric.notes[0]), "no symmetric mode"));
    spec.pad_mode = PadMode::reflect;
    spec.pads = Pads::all(4);  // PyTorch reflects at most 3 of 4
    EXPECT_TRUE(says(english(code(layer(spec), Framework::torch).notes.at(0)), "at most one width"));
}

TEST(Emit, TorchTransposedCropsInTheCallWhereItCan) {
    ConvSpec spec = transposed();
    spec.pads = Pads::all(1);
    spec.output_padding = {1, 0};
    EXPECT_TRUE(says(text(spec, Framework::torch), "padding=(1, 1), output_padding=(1, 0), groups=1"));
    spec.pads = {0, 1, 0, 1};
    EXPECT_TRUE(says(text(spec, Framework::torch), "y = F.pad(y, (0, -1, 0, 0))\n"));
}

TEST(Emit, TensorflowMovesChannelsLastAndUsesItsOwnPadding) {
    const std::string same = text(ruled(PadRule::tf_SAME), Framework::tf);
    EXPECT_TRUE(says(same, "x = tf.transpose(tf.constant(x), [0, 2, 3, 1])"));
    EXPECT_TRUE(says(same, "kernel = np.transpose(weight, (2, 3, 1, 0))"));
    EXPECT_TRUE(says(same, "padding='SAME'"));
    EXPECT_TRUE(says(same, "y = tf.transpose(y, [0, 3, 1, 2])"));
    ConvSpec spec;
    spec.pads = {0, 1, 2, 0};
    EXPECT_TRUE(says(text(spec, Framework::tf), "padding=[[0, 0], [0, 1], [2, 0], [0, 0]]"));
    spec.groups = spec.out_channels = 2;
    EXPECT_TRUE(says(text(spec, Framework::tf, {1, 2, 4, 4}), "tf.nn.depthwise_conv2d(x, kernel"));
}

TEST(Emit, TensorflowTransposedNamesItsSize) {
    ConvSpec spec = transposed();
    spec.pad_rule = PadRule::tf_SAME;
    const std::string same = text(spec, Framework::tf);
    EXPECT_TRUE(says(same, "output_shape=[1, 8, 8, 1], strides=[2, 2], padding='SAME'"));
    spec.dilation = {2, 2};
    EXPECT_TRUE(says(text(spec, Framework::tf), "spread[::2, ::2] = kernel"));
    spec.groups = spec.out_channels = 2;
    EXPECT_TRUE(says(text(spec, Framework::tf, {1, 2, 4, 4}), "np.split(kernel, 2, axis=-1)"));
}

TEST(Emit, KerasLayersHaveTheirWeightsSet) {
    Counted biased = layer(ruled(PadRule::tf_SAME));
    biased.has_bias = true;
    const std::string program = code(biased, Framework::keras).text;
    EXPECT_TRUE(says(program, "keras.layers.Conv2D(1, (3, 3), strides=(1, 1), padding='same'"));
    EXPECT_TRUE(says(program, "layer.set_weights([kernel, bias])"));
    ConvSpec both;
    both.kernel = {2, 2};
    both.stride = both.dilation = {2, 2};
    EXPECT_TRUE(says(text(both, Framework::keras), "y = y[:, ::2, ::2]"));
    EXPECT_TRUE(says(text(transposed(), Framework::keras), "keras.layers.Conv2DTranspose(1, (3, 3), strides=(2, 2)"));
}

TEST(Emit, JaxPadsEachSideItself) {
    ConvSpec spec;
    spec.pads = {1, 0, -1, 2};
    EXPECT_TRUE(says(text(spec, Framework::jax), "padding=[(1, 0), (-1, 2)]"));
    spec.pad_mode = PadMode::circular;
    EXPECT_TRUE(says(text(spec, Framework::jax), "x = jnp.pad(x, ((0, 0), (0, 0), (1, 0), (0, 2)), mode='wrap')\n"));
    EXPECT_TRUE(says(text(spec, Framework::jax), "x = x[..., :, 1:]"));
    EXPECT_TRUE(says(text(ruled(PadRule::onnx_SAME_LOWER), Framework::jax), "padding='SAME_LOWER'"));
    EXPECT_TRUE(says(text(transposed(), Framework::jax), "padding=[(2, 2), (2, 2)], lhs_dilation=(2, 2)"));
}

TEST(Emit, OnnxUsesAutoPadWhereItsRuntimeDoes) {
    ConvSpec spec = ruled(PadRule::onnx_SAME_UPPER);
    EXPECT_TRUE(says(text(spec, Framework::onnx), "auto_pad='SAME_UPPER'"));
    spec.dilation = {2, 1};
    EXPECT_TRUE(says(text(spec, Framework::onnx, {1, 1, 6, 6}), "pads=[2, 1, 2, 1]"));
    spec = transposed();
    spec.pad_rule = PadRule::onnx_NOTSET;
    spec.output_size = Size2{8, 8};
    EXPECT_TRUE(says(text(spec, Framework::onnx), "output_shape=[8, 8]"));
    EXPECT_TRUE(says(english(code(layer(spec), Framework::onnx).notes.back()), "float32"));
}

TEST(Emit, ScipyTakesModeAndBoundary) {
    EXPECT_TRUE(says(text(ruled(PadRule::scipy_correlate2d_same), Framework::scipy),
                     "y = correlate2d(image, kernel, mode='same', boundary='fill')\n"));
    ConvSpec spec = ruled(PadRule::scipy_convolve2d_same);
    spec.kernel = {2, 2};
    spec.flip_kernel = true;
    spec.stride = {2, 1};
    spec.pad_mode = PadMode::symmetric;
    EXPECT_TRUE(
        says(text(spec, Framework::scipy), "y = convolve2d(image, kernel, mode='same', boundary='symm')[::2, :]\n"));
    spec.flip_kernel = false;  // correlate2d's 'same' puts the odd cell at the other end
    EXPECT_TRUE(says(text(spec, Framework::scipy), "image = np.pad(image, ((1, 0), (1, 0)), mode='symmetric')\n"));
}

TEST(Emit, OpencvTakesAnchorAndBorder) {
    ConvSpec spec = ruled(PadRule::opencv_anchor);
    spec.anchor = Size2{0, 2};
    spec.pad_mode = PadMode::reflect;
    EXPECT_TRUE(
        says(text(spec, Framework::opencv),
             "y = cv2.filter2D(image, cv2.CV_64F, kernel, anchor=(2, 0), borderType=cv2.BORDER_REFLECT_101)\n"));
    spec.pad_mode = PadMode::circular;
    EXPECT_TRUE(says(text(spec, Framework::opencv), "cv2.copyMakeBorder(image, 0, 2, 2, 0, cv2.BORDER_WRAP)"));
}

TEST(Emit, MatlabCorrelatesWithFilter2AndUsesImfilterForItsRule) {
    EXPECT_TRUE(says(text(ruled(PadRule::octave_same), Framework::matlab), "y = filter2(kernel, image, 'same');"));
    ConvSpec spec = ruled(PadRule::octave_imfilter);
    spec.pad_mode = PadMode::replicate;
    EXPECT_TRUE(says(text(spec, Framework::matlab), "y = imfilter(image, kernel, 'replicate', 'corr');"));
    spec.pad_rule = PadRule::octave_same;
    EXPECT_TRUE(says(text(spec, Framework::matlab), "image = image([1 1 2 3 4 4], [1 1 2 3 4 4]);"));
}

TEST(Emit, ChannelsAndGroupsAreLoopsWhereAProgramKnowsPlanesOnly) {
    ConvSpec spec;
    spec.groups = 2;
    spec.out_channels = 4;
    const Shape4 input{1, 4, 3, 3};
    EXPECT_TRUE(says(text(spec, Framework::scipy, input), "first = c // 2 * 2"));
    EXPECT_TRUE(says(text(spec, Framework::opencv, input), "y[n, c] += one_plane(x[n, first + j], weight[c, j])"));
    EXPECT_TRUE(says(text(spec, Framework::matlab, input), "first = floor((c-1) / 2) * 2;"));
    spec.op = Op::conv_transpose;
    EXPECT_TRUE(says(text(spec, Framework::scipy, input), "weight[first + j, c % 2]"));
}

TEST(Emit, PoolingIsTheFrameworksOwn) {
    ConvSpec spec = pooling(Op::max_pool);
    spec.pads = Pads::all(1);
    spec.ceil_mode = true;
    EXPECT_TRUE(says(text(spec, Framework::torch),
                     "y = F.max_pool2d(x, (2, 2), stride=(2, 2), padding=(1, 1), dilation=(1, 1), ceil_mode=True)"));
    EXPECT_TRUE(says(text(spec, Framework::onnx), "'MaxPool'"));
    EXPECT_TRUE(says(text(spec, Framework::tf), "padding=[[0, 0], [1, 1], [1, 1], [0, 0]]"));
    spec = pooling(Op::avg_pool);
    spec.divisor_override = 3;
    EXPECT_TRUE(says(text(spec, Framework::torch), "divisor_override=3"));
    EXPECT_TRUE(says(text(spec, Framework::jax), "y = y / 3"));
    spec.divisor_override = {};
    spec.pad_rule = PadRule::tf_SAME;
    spec.count_include_pad = false;
    EXPECT_TRUE(says(text(spec, Framework::tf, {1, 1, 5, 5}),
                     "tf.nn.avg_pool2d(x, ksize=[2, 2], strides=[2, 2], padding='SAME')"));
    EXPECT_TRUE(says(text(spec, Framework::scipy, {1, 1, 5, 5}), "/ np.outer([2, 2, 1], [2, 2, 1])"));
}

bool balanced(const std::string& program, char open, char close) {
    return std::ranges::count(program, open) == std::ranges::count(program, close);
}

std::vector<double> numbers_in(const std::string& text) {
    std::vector<double> numbers;
    const char* const first = text.c_str();
    for (std::size_t at = text.find_first_of("-0123456789"); at != std::string::npos;
         at = text.find_first_of("-0123456789", at)) {
        char* behind = nullptr;
        numbers.push_back(std::strtod(first + at, &behind));
        at = static_cast<std::size_t>(behind - first);
    }
    return numbers;
}

// A tensor's numbers as a program declares it: "x = np.array([[[[...", "image = [...];", "x(:, :, 1, 1) = [...];".
std::vector<double> declared(const std::string& program, const std::string& name, bool matlab) {
    const std::string text = "\n" + program, planes = "\n" + name + "(:, :, ";
    const auto value_at = [&](std::size_t line) {
        const std::size_t begin = text.find(" = ", line) + 3;
        return text.substr(begin, text.find(matlab ? ";" : ", dtype", begin) - begin);
    };
    std::string values;
    if (matlab && text.find(planes) != std::string::npos) {
        for (std::size_t at = text.find(planes); at != std::string::npos; at = text.find(planes, at + 1))
            values += value_at(at) + " ";
    } else if (const std::size_t at = text.find("\n" + name + " = "); at != std::string::npos) {
        values = value_at(at);
    }
    return numbers_in(values);
}

std::vector<double> listed(View<double> values) { return {values.span().begin(), values.span().end()}; }

TEST(Emit, EveryProgramHasAllNumbersOfItsLayerInTheirOrder) {
    Random random(8);
    for (int i = 0; i < 60; ++i) {
        const RandomLayer any = random_layer(random, i % 2 == 0 ? Op::conv : Op::conv_transpose);
        for (const std::string_view framework : names<Framework>()) {
            const std::string program = emit_code(any.spec, any.data(), *from_name<Framework>(framework)).text;
            SCOPED_TRACE(any.describe() + " as " + std::string(framework) + "\n" + program);
            const bool matlab = framework == "matlab";
            const bool plane = ("\n" + program).find("\nimage = ") != std::string::npos;  // its bias is in the sum
            ASSERT_EQ(declared(program, plane ? "image" : "x", matlab), listed(any.input));
            ASSERT_EQ(declared(program, plane ? "kernel" : "weight", matlab), listed(any.weight));
            if (any.has_bias && !plane) {
                ASSERT_EQ(declared(program, "bias", matlab), listed(any.bias));
            }
        }
    }
}

TEST(Emit, EveryLayerBecomesAWholeProgramEverywhere) {
    Random random(3);
    for (int i = 0; i < 400; ++i) {
        const RandomLayer any = random_layer(random, i % 2 == 0 ? Op::conv : Op::conv_transpose);
        for (const std::string_view framework : names<Framework>()) {
            const CodeText program = emit_code(any.spec, any.data(), *from_name<Framework>(framework));
            SCOPED_TRACE(any.describe() + " as " + std::string(framework) + "\n" + program.text);
            EXPECT_TRUE(balanced(program.text, '(', ')'));
            EXPECT_TRUE(balanced(program.text, '[', ']'));
            EXPECT_TRUE(program.text.ends_with('\n'));
            EXPECT_EQ(program.text.find(" \n"), std::string::npos);
            EXPECT_NE(program.text.find(framework == "matlab" ? "fprintf(" : "print("), std::string::npos);
            for (const Message& note : program.notes) EXPECT_TRUE(english(note).ends_with('.')) << english(note);
        }
    }
}

}  // namespace
}  // namespace convlens
