#include <array>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/codegen/emit.h"
#include "core/conv/names.h"
#include "core/conv/validate.h"
#include "tests/core/import/import_testing.h"
#include "tests/core/random_layer.h"

namespace convlens {
namespace {

constexpr std::array<std::string_view, 34> kExamples{
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
    "a = [1 2; 3 4];\nb = [a a; 5 6 7 8].'; conv2(ones(9), [b, rot90(b, 2)], 'valid')",
    "k = zeros(2); k(1, 1) = 5;\nconv2([[1 2] 3; 4 5 6], k)",
    "lax.conv_transpose(jnp.ones((1, 3, 4, 2)), jnp.ones((3, 3, 2, 5)), (2, 2), 'SAME', transpose_kernel=False)",
    "lax.reduce_window(x, -jnp.inf, lax.max, (1, 1, 2, 2), (1, 1, 2, 2), [(0, 0), (0, 0), (0, 1), (1, 0)])",
    "nn.Conv(features=1_6, kernel_size=(3, 5), strides=(2, 1), padding=((1, 1), (2, 0)), use_bias=False)",
    "w = np.arange(4.).reshape(1, 1, 2, 2)\nw = np.transpose(w, (0, 1, 3, 2))[..., ::-1, ::-1]\n"
    "y = lax.conv_general_dilated(x, w, (1, 1), [(1, 1), (1, 1)], lhs_dilation=(2, 2))\ny = y[..., 1:] / 2",
    "x = np.ones((1, 4, 5, 1))\nlayer = keras.layers.Conv2D(1, (1, 2))\n"
    "layer.set_weights([np.array([[[[3]], [[4]]]]), np.array([7])])\ny = layer(x)",
    "n = helper.make_node('Conv', ['x', 'w', ''], ['y'], pads=[1, 1, 1, 1])\nc = {'w': np.ones((2, 1, 3, 3)), 'x': x}",
    "cv2.sepFilter2D(src, -1, np.array([1, 2, 1]), np.ones(5) / 5, anchor=(-1, 2), borderType=cv2.BORDER_REPLICATE)",
    "k = [3, 5]\nnn.Conv2d(1, 2, (k[1], int(k[0] / 2)), padding=k[0] // 2)",
    "cv2.filter2D(src, -1, np.float32([[1, 2], [3, 4]]), anchor=(1, 0), borderType=cv2.BORDER_REFLECT_101)",
    "int main() { cv::Mat k = (cv::Mat_<float>(2, 2) << 1, 0, -1, 2); cv::filter2D(a, b, CV_32F, k); return 0; }",
    "float d[2][2] = {{1, 2}, {(float)3 / 2, 4}}; // data\ncv::Mat k(2, 2, CV_32F, d);\nfor (int i = 0; i < 2; i++)\n"
    "  k.at<float>(i, 0) = 1;\ncv::sepFilter2D(a, b, -1, k, cv::Mat::ones(1, 3, CV_64F) / 3, cv::Point(-1, -1));",
    "void f(const Mat& a, int n = 3) {\n  Mat_<double> k(1, n);\n  k << 1, 2, 3;\n  if (n > 2) { k /= 6; }\n"
    "  blur(a, b, Size(n, 1)); filter2D(a, b, -1, k * k.t());\n}",
    "self.register_buffer('k', torch.ones(1, 1, 2, 2) @ w)\ny = F.conv2d(x, self.k).relu().sum()",
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

// The examples, and what emit writes of a few layers.
std::vector<std::string> all_programs() {
    std::vector<std::string> programs(kExamples.begin(), kExamples.end());
    Random random(3);
    for (const Op op : {Op::conv, Op::conv_transpose}) {
        const RandomLayer layer = random_layer(random, op);
        for (const std::string_view framework : names<Framework>())
            programs.push_back(emit_code(layer.spec, layer.data(), *from_name<Framework>(framework)).text);
    }
    return programs;
}

// The places of the numbers of a text, with their lengths.
std::vector<std::pair<std::size_t, std::size_t>> numbers_in(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789.";
    std::vector<std::pair<std::size_t, std::size_t>> places;
    for (std::size_t at = text.find_first_of(kDigits); at != std::string_view::npos;) {
        const std::size_t end = std::min(text.find_first_not_of(kDigits, at), text.size());
        places.emplace_back(at, end - at);
        at = text.find_first_of(kDigits, end);
    }
    return places;
}

void expect_read_or_refused(const std::string& text) {
    try {
        const ImportedLayer layer = import_layer(text);
        EXPECT_TRUE(!layer.input || layer.input->shape() == layer.layer.input) << text;
        EXPECT_TRUE(!layer.weight || layer.weight->shape() == layer.layer.weight) << text;
        validate(layer.layer);
    } catch (const ImportError& error) {
        EXPECT_NE(std::string_view(error.what()), "") << text;
    }
}

TEST(Import, NumbersOfEverySizeAreReadOrRefused) {
    static constexpr std::array<std::string_view, 12> kNumbers{"0",      "-1",  "2147483648", "9223372036854775807",
                                                               "1e308",  "1.5", "True",       "-9007199254740992",
                                                               "1e-400", "nan", "7",          "9007199254740993"};
    std::mt19937 random(2);
    for (const std::string& program : all_programs()) {
        const auto places = numbers_in(program);
        for (std::size_t i = 0; i < std::min<std::size_t>(places.size(), 60); ++i) {
            std::string text = program;
            const std::size_t changes = 1 + random() % 2;
            for (std::size_t change = 0; change < changes; ++change) {
                const auto [at, length] = places[change == 0 ? i : random() % places.size()];
                if (at + length > text.size()) continue;
                text.replace(at, length, kNumbers[random() % kNumbers.size()]);
            }
            expect_read_or_refused(text);
        }
    }
}

TEST(Import, AxesThatAnArrayLacksAreRefused) {
    const auto transposed = [](const std::string& axes) {
        return refusal("x = np.ones((1,1,2,2))\nx = np.transpose(x, " + axes +
                       ")\nlayer = keras.layers.Conv2D(1, (2, 2))\ny = layer(x)");
    };
    expect_contains(transposed("(0, 2147483648, 3, 1)"),
                    "the axes (0, 2147483648, 3, 1) of transpose must be those of the array, each once: it has 4");
    expect_contains(transposed("(0, 5, 3, 1)"), "must be those of the array");
    expect_contains(transposed("(0, 2, 3, -5)"), "must be those of the array");
    expect_contains(transposed("(0, 2, 2, 1)"), "must be those of the array");
    expect_contains(transposed("(0, 1, 2)"), "must be those of the array");
    EXPECT_EQ(transposed("(0, -2, -1, 1)"), "");
    expect_contains(refusal("x = np.ones((1,1,2,2)).swapaxes(1, 9)\nF.conv2d(x, torch.ones(1,1,1,1))"),
                    "the axes (1, 9) of swapaxes must be those of the array");
}

TEST(Import, WhatIsCutOffOrDeepIsReadOrRefused) {
    for (const std::string& program : all_programs()) {
        for (std::size_t length = 0; length < program.size(); length += 1 + program.size() / 40)
            expect_read_or_refused(program.substr(0, length));
    }
    for (const char bracket : {'(', '[', '{', '-', '<'}) {
        const std::string deep(10000, bracket);
        for (const std::string& text : {deep, "nn.Conv2d(3, 16, " + deep, "x = " + deep + "\nF.conv2d(x, w)",
                                        "y = F.conv2d(x, w)" + deep, "conv2(A, " + deep + ")"})
            expect_read_or_refused(text);
    }
    std::string chain = "F.conv2d(x, w";
    for (int i = 0; i < 10000; ++i) chain += ".flip(2, 3)";
    expect_contains(refusal(chain + ")"), "too deep");
    std::string slices = "F.conv2d(torch.ones(1, 1, 9, 9)";
    for (int i = 0; i < 80; ++i) slices += "[:, :, :9, :9]";
    expect_read_or_refused(slices + ", w)");
    std::string rows = "conv2([";
    for (int i = 0; i < 2000; ++i) rows += "zeros(9007199254740992, 1);";
    expect_read_or_refused(rows + "], k)");
    expect_read_or_refused("w = np.eye(9007199254740992, 0)\nF.conv2d(x, w)");
    expect_contains(refusal("x = np.ones(6).reshape(-1, -1, 2)[..., ::-1, ::-1]\nF.conv2d(x, w)"), "has -1 twice");
    EXPECT_EQ(numbers(import_layer("conv2(A, [1e-400 1e400 3])").weight)[0], 0);
}

// What is offered for a layer that is not possible is possible itself, and is what its words say.
TEST(Import, WhatIsOfferedForAnImpossibleLayerWorks) {
    std::vector<std::string> texts;
    for (const int groups : {0, 2, 3, 4, 5, 7}) {
        for (const int in : {1, 3, 4, 6, 9}) {
            for (const int out : {1, 4, 6, 8, 9}) {
                texts.push_back(fmt::format("nn.Conv2d({}, {}, 3, groups={})", in, out, groups));
                texts.push_back(fmt::format("nn.ConvTranspose2d({}, {}, 3, groups={})", in, out, groups));
                texts.push_back(fmt::format("Conv2D({}, 3, groups={}, input_shape=(7, 7, {}))", out, groups, in));
                texts.push_back(fmt::format("F.conv2d(torch.ones(1, {}, 7, 7), torch.ones({}, 2, 3, 3), groups={})", in,
                                            out, groups));
                texts.push_back(
                    fmt::format("from mindspore import nn\nnn.Conv2d({}, {}, 3, group={})", in, out, groups));
            }
        }
    }
    std::size_t offers = 0;
    for (const std::string& text : texts) {
        for (const Problem& problem : validate(import_layer(text).layer)) {
            EXPECT_FALSE(problem.fixes.empty()) << text << ": " << english(problem.message);
            for (const Fix& fix : problem.fixes) {
                ++offers;
                EXPECT_TRUE(validate(fix.after).empty()) << text << ": " << english(fix.text);
                const std::string said = "set groups to " + std::to_string(fix.after.spec.groups);
                if (english(fix.text).find("set groups to ") != std::string::npos)
                    expect_contains(english(fix.text), said);
            }
        }
    }
    EXPECT_GT(offers, 500U);
}

// As an input method for Chinese writes it.
TEST(Import, FullWidthSignsAreReadInCodeAndLeftInStringsAndComments) {
    const ImportedLayer wide = import_layer("nn．Conv2d（3，８，3，padding＝1）");
    EXPECT_EQ(wide.layer.spec.out_channels, 8);
    EXPECT_EQ(wide.layer.spec.kernel, (Size2{3, 3}));
    EXPECT_EQ(wide.layer.spec.pads, Pads::all(1));
    EXPECT_TRUE(has_note(wide, "full-width signs such as ． were read as ASCII's"))
        << testing::PrintToString(wide.notes);
    EXPECT_EQ(import_layer("conv2（ones（5），【1 0；0 1】，'same'）").layer.spec.kernel, (Size2{2, 2}));
    for (const std::string text : {
             "nn.Conv2d(3, 8, 3)  # 卷积（一）",
             "name = f'卷积，一'\n\"\"\"说明：\n卷积；\"\"\"\nnn.Conv2d(3, 8, 3)",
             "b = a'; c = '，'; % 注释（一）\nd = conv2(b, [1 2; 3 4])",
             "cv::Mat dst; // 模糊（一）\ncv::blur(src, dst, cv::Size(3, 3));",
         }) {
        const ImportedLayer layer = import_layer(text);
        EXPECT_FALSE(has_note(layer, "full-width")) << text << "\n" << testing::PrintToString(layer.notes);
    }
    EXPECT_EQ(import_layer("nn.Sequential(OrderedDict([('一，二', nn.Conv2d(3，8，3))]))").layer.spec.out_channels, 8);
    EXPECT_EQ(find_layers("nn.Sequential(OrderedDict([('一，二', nn.Conv2d(3，8，3))]))").front().name, "一，二");
}

}  // namespace
}  // namespace convlens
