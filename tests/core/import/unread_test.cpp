// Numbers that are not read are replaced by others: whatever the text, a note says so.
#include <cmath>
#include <limits>

#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::string torch_with_bias(const std::string& bias) {
    return "y = F.conv2d(torch.ones(1, 2, 6, 7), torch.ones(3, 2, 3, 4), " + bias + ", padding=(1, 2))";
}

TEST(ImportUnread, NumbersThatAreNotFiniteAreReadWhereAProgramCanWriteThem) {
    for (const char* minus_infinity :
         {"-inf", "-np.inf", "-math.inf", "-torch.inf", "-jnp.inf", "np.NINF", "float('-inf')", "-float(\"Infinity\")",
          "float('-INFINITY')", "np.float32('-inf')", "-Inf"}) {
        const ImportedLayer layer =
            import_layer(torch_with_bias(std::string("torch.tensor([") + minus_infinity + ", 7, 8])"));
        EXPECT_EQ(numbers(layer.bias), (std::vector<double>{-kInfinity, 7, 8})) << minus_infinity;
        EXPECT_TRUE(layer.notes.empty()) << minus_infinity;
    }
    for (const char* nan : {"nan", "np.nan", "math.nan", "torch.nan", "float('nan')", "NaN"}) {
        const ImportedLayer layer = import_layer(torch_with_bias(std::string("torch.tensor([") + nan + ", 7, 8])"));
        ASSERT_EQ(numbers(layer.bias).size(), 3U) << nan;
        EXPECT_TRUE(std::isnan(numbers(layer.bias)[0])) << nan;
        EXPECT_EQ(numbers(layer.bias)[1], 7) << nan;
    }
    EXPECT_EQ(numbers(import_layer("y = conv2([1 2 -Inf], [4 5 6], 'same')").input),
              (std::vector<double>{1, 2, -kInfinity}));
    EXPECT_EQ(numbers(import_layer("inf = 9\n" + torch_with_bias("torch.tensor([inf, 7, 8])")).bias),
              (std::vector<double>{9, 7, 8}))
        << "a variable of the text is what the text sets it to";
    expect_contains(refusal("nn.Conv2d(3, 16, inf)"), "too large");
}

TEST(ImportUnread, ABiasThatIsNotReadIsSaid) {
    struct Row {
        std::string text;
        const char* note;
    };
    const std::vector<Row> rows{
        {torch_with_bias("torch.tensor([b0, 7, 8])"),
         "b0 of bias of F.conv2d is not read, so none of its numbers are; others were taken"},
        {torch_with_bias("torch.tensor([5, -b1, 8])"), "-b1 of bias of F.conv2d is not read"},
        {torch_with_bias("torch.randn(3)"),
         "bias of F.conv2d is made by torch.randn(...), whose numbers are not read; others were taken"},
        {torch_with_bias("bias"), "the numbers of bias of F.conv2d are not told; others were taken"},
        {torch_with_bias("torch.full((3,), b)"),
         "the numbers of bias of F.conv2d are made by torch.full(...), which is not read"},
        {"w = np.ones((2, 1, 1, 2))\nhelper.make_node('Conv', ['x', 'w', 'b'], ['y'], kernel_shape=[1, 2])\n"
         "constants = {'b': np.array([4, c])}",
         "c of B of Conv is not read"},
        {"Conv(x, w, b, kernel_shape=[3, 3])", "the numbers of B of Conv are not told"},
        {"y = tf.nn.conv2d(x, w, 1, 'VALID')\ny = tf.nn.bias_add(y, bias)", "the numbers of bias"},
        {"y = lax.conv(x, w, (1, 1), 'VALID')\ny = y + bias", "the numbers of bias"},
    };
    for (const Row& row : rows) {
        const ImportedLayer layer = import_layer(row.text);
        EXPECT_TRUE(has_note(layer, row.note)) << row.text << ": " << ::testing::PrintToString(layer.notes);
        EXPECT_EQ(layer.has_bias, true) << row.text;
        EXPECT_FALSE(layer.bias) << row.text;
    }
    EXPECT_EQ(import_layer(torch_with_bias("torch.tensor([b0, 7])")).layer.bias_length, 2) << "its length is told";
}

TEST(ImportUnread, WeightsThatKerasIsGivenAreSaidWhereTheirNumbersAreNotRead) {
    const std::string given = "layer = keras.layers.Conv2D(3, (2, 4))\nlayer.build((1, 5, 6, 2))\n";
    EXPECT_TRUE(has_note(import_layer(given + "layer.set_weights([np.ones((2, 4, 2, 3)), np.random.randn(3)])"),
                         "layer.set_weights"));
    EXPECT_FALSE(has_note(import_layer(given + "layer.set_weights([np.ones((2, 4, 2, 3)), np.array([7, 8, 9])])"),
                          "layer.set_weights"));
}

TEST(ImportUnread, WhatChangesAListWithAnUnreadNumberKeepsItsShape) {
    const ImportedLayer weight =
        import_layer("k = np.array([[1, a, 3], [4, 5, 6]]) / 2\ny = F.conv2d(x, torch.tensor(k.T.copy())[None, None])");
    EXPECT_EQ(weight.layer.spec.kernel, (Size2{3, 2}));
    EXPECT_FALSE(weight.weight);
    EXPECT_TRUE(has_note(weight, "a of weight of F.conv2d is not read, so none of its numbers are"));
    const ImportedLayer outer = import_layer("y = convolve2d(x, np.outer([1, 2, b], np.array([1, 2])))");
    EXPECT_EQ(outer.layer.spec.kernel, (Size2{3, 2}));
    EXPECT_TRUE(has_note(outer, "b of in2 of signal.convolve2d is not read"));
    EXPECT_EQ(import_layer("y = conv2(A, [1 2; 3 m]')").layer.spec.kernel, (Size2{2, 2}));
    EXPECT_EQ(refusal("y = conv2(A, [1 2 3; m 4])"), "") << "m may have two columns";
    EXPECT_TRUE(has_note(import_layer("y = convolve2d(x, [a, b])"), "in2's shape is not told"));
}

TEST(ImportUnread, ANumberThatIsNotReadLeavesTheArraysShape) {
    const ImportedLayer input = import_layer(
        "y = F.conv2d(torch.tensor([[[[1, 2, 3], [3, 4, a], [1, 1, 1], [6, 7, 8]]]]), torch.ones(1, 1, 2, 2))");
    EXPECT_EQ(input.layer.input, (Shape4{1, 1, 4, 3}));
    EXPECT_FALSE(input.input);
    EXPECT_TRUE(has_note(input, "a of input of F.conv2d is not read, so none of its numbers are; others were taken"));
    const ImportedLayer weight =
        import_layer("w = np.array([[[[1, k], [3, 4], [5, 6]]]])\ny = F.conv2d(torch.ones(1, 1, 7, 8), w)");
    EXPECT_EQ(weight.layer.weight, (Shape4{1, 1, 3, 2}));
    EXPECT_TRUE(has_note(weight, "k of weight of F.conv2d is not read"));
    const ImportedLayer matlab = import_layer("y = conv2([1 2 3; 4 m 6], [1 2 1; 3 4 5], 'same')");
    EXPECT_EQ(matlab.layer.input, (Shape4{1, 1, 2, 3}));
    EXPECT_TRUE(has_note(matlab, "m of "));
    const ImportedLayer full = import_layer("F.conv2d(torch.full((1, 1, 6, 7), v), torch.ones(1, 1, 2, 3))");
    EXPECT_TRUE(has_note(full, "the numbers of input of F.conv2d are made by torch.full(...), which is not read"));
    EXPECT_TRUE(import_layer("F.conv2d(torch.randn(1, 1, 6, 7).double(), torch.rand(1, 1, 2, 3))").notes.empty())
        << "random numbers are as good as others";
}

// Every argument of what pads the input: where one is not read the border is not made of something else.
TEST(ImportUnread, ABorderWhoseArgumentIsNotReadIsSaid) {
    const std::string x = "x = torch.ones(1, 1, 6, 7)\n";
    const std::string k = ", torch.ones(1, 1, 2, 3))";
    const std::string onnx =
        "w = np.ones((2, 1, 1, 2))\nx = np.ones((1, 1, 6, 7))\nhelper.make_node('Pad', ['x', 'pads', 'fill'], ['p'], "
        "mode='constant')\nhelper.make_node('Conv', ['p', 'w'], ['y'], kernel_shape=[1, 2])\n";
    const std::string pads = "'pads': np.array([0, 0, 1, 2, 0, 0, 3, 4])";
    for (const std::string& text : std::vector<std::string>{
             x + "F.conv2d(F.pad(x, (1, 2, 3, 4), value=v)" + k,
             "F.conv2d(F.pad(q, (1, 2, 3, 4), value=v)" + k,
             x + "F.conv2d(F.pad(x, (1, 2, 3, 4), m)" + k,
             "lax.conv(jnp.pad(x, ((0, 0), (0, 0), (1, 2), (3, 4)), constant_values=v), w, (1, 1), 'VALID')",
             "tf.nn.conv2d(tf.pad(x, [[0, 0], [1, 2], [3, 4], [0, 0]], m), w, 1, 'VALID')",
             "tf.nn.conv2d(tf.pad(x, [[0, 0], [1, 2], [3, 4], [0, 0]], constant_values=v), w, 1, 'VALID')",
             "conv2(padarray(A, [1 2], v), k, 'valid')",
             "nn.Sequential(nn.ConstantPad2d((1, 2, 3, 4), v), nn.Conv2d(3, 8, 3))",
             "cv2.filter2D(cv2.copyMakeBorder(a, 1, 2, 3, 4, cv2.BORDER_CONSTANT, value=v), -1, k)",
             "cv2.filter2D(cv2.copyMakeBorder(a, 1, 2, 3, 4, cv2.BORDER_CONSTANT, None, 7 + v), -1, k)",
             onnx + "c = {" + pads + ", 'fill': np.array(c)}",
             onnx + "c = {" + pads + "}",
             onnx + "c = {'fill': np.array(5)}",
         }) {
        const ImportedLayer layer = import_layer(text);
        EXPECT_TRUE(has_note(layer, "left out")) << text << ": " << ::testing::PrintToString(layer.notes);
        EXPECT_FALSE(has_note(layer, "became its padding")) << text;
        EXPECT_EQ(layer.layer.spec.pad_mode == PadMode::constant, false) << text;
    }
}

TEST(ImportUnread, TheNodePadIsNamedAndReadWithAllItsArguments) {
    const auto padded = [](const std::string& pad, const std::string& constants) {
        return import_layer("w = np.ones((2, 1, 1, 2))\nx = np.ones((1, 1, 6, 7))\nhelper.make_node('Pad', " + pad +
                            ")\nhelper.make_node('Conv', ['p', 'w'], ['y'], kernel_shape=[1, 2])\nc = {" + constants +
                            "}");
    };
    const std::string pads = "'pads': np.array([0, 0, 1, 2, 0, 0, 3, 4])";
    const ImportedLayer infinite = padded("['x', 'pads', 'fill'], ['p']", pads + ", 'fill': np.array(-inf)");
    EXPECT_EQ(infinite.layer.spec.pads, (Pads{1, 3, 2, 4}));
    EXPECT_EQ(infinite.layer.spec.pad_mode, PadMode::constant);
    EXPECT_EQ(infinite.layer.spec.pad_value, -kInfinity);
    EXPECT_TRUE(has_note(infinite, "the node Pad before the layer became its padding: top 1, bottom 3, left 2"));
    EXPECT_FALSE(has_note(infinite, "np.pad"));
    const ImportedLayer axes = padded("['x', 'pads', '', 'axes'], ['p'], mode='edge'",
                                      "'pads': np.array([1, 2, 3, 4]), 'axes': np.array([-1, 2])");
    EXPECT_EQ(axes.layer.spec.pads, (Pads{2, 4, 1, 3})) << "pads of the axes that are named, in their order";
    EXPECT_EQ(axes.layer.spec.pad_mode, PadMode::replicate);
    const ImportedLayer attributes = padded("['x'], ['p'], pads=[0, 0, 1, 2, 0, 0, 3, 4], value=5.5", "");
    EXPECT_EQ(attributes.layer.spec.pads, (Pads{1, 3, 2, 4})) << "attributes, before opset 11";
    EXPECT_EQ(attributes.layer.spec.pad_value, 5.5);
    const ImportedLayer unread = padded("['x', 'pads', 'fill'], ['p']", pads + ", 'fill': np.array(c)");
    EXPECT_TRUE(has_note(unread, "X of Conv is changed by the node Pad before, which was not followed"));
}

}  // namespace
}  // namespace convlens
