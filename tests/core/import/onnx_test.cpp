#include "core/conv/validate.h"
#include "tests/core/import/import_testing.h"

namespace convlens {
namespace {

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
        "helper.make_node('Conv', inputs=['x', 'w', 'b'], outputs=['y'], kernel_shape=[1, 1], strides=[2, 2])");
    EXPECT_EQ(biased.has_bias, true);
    expect_contains(refusal("helper.make_node('Conv', ['x', 'w'], ['y'], kernel_shape=[1, 1], stride=[2, 2])"),
                    "stride is not an argument of Conv; did you mean strides?");
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
    EXPECT_TRUE(has_note(graph, "the text has 2 layers: Conv at line 6, column 10, MaxPool at "));
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
    expect_contains(refusal("y = MaxPool <pads = [1,1,1,1]> (x)"), "kernel_shape of MaxPool is missing");
}

// "kernel_shape: if not present, should be inferred from input W".
TEST(ImportOnnx, AKernelShapeFollowsFromTheWeight) {
    const ImportedLayer told =
        import_layer("w = np.ones((4, 2, 3, 5))\nhelper.make_node('Conv', ['x', 'w'], ['y'], pads=[1, 2, 1, 2])");
    EXPECT_EQ(told.layer.spec.kernel, (Size2{3, 5}));
    EXPECT_EQ(told.layer.spec.out_channels, 4);
    const ImportedLayer untold = import_layer("y = Conv <pads = [1,2,3,4], strides = [2, 3]> (x, w)");
    EXPECT_EQ(untold.layer.spec.kernel, (Size2{3, 3}));
    EXPECT_EQ(untold.layer.spec.pads, (Pads{1, 3, 2, 4}));
    EXPECT_TRUE(has_note(untold, "the weight's shape is not told; a kernel of 3×3 was taken"));
    EXPECT_EQ(spec_of("y = Conv <pads = [1,2]> (x, w)").kernel, (Size2{1, 3})) << "along one axis";
}

// ConvAttributes: "A Conv/ConvTranspose node has both 'auto_pad' and 'pads' attributes"; pooling reads on.
TEST(ImportOnnx, PadsBesideAutoPadAreRefusedInConvolutions) {
    expect_contains(refusal("Conv(kernel_shape=[3, 3], auto_pad='SAME_UPPER', pads=[1, 1, 1, 1])"),
                    "stands beside auto_pad");
    EXPECT_EQ(refusal("Conv(kernel_shape=[3, 3], auto_pad='NOTSET', pads=[1, 1, 1, 1])"), "");
    EXPECT_TRUE(has_note(import_layer("MaxPool(kernel_shape=[3, 3], auto_pad='SAME_UPPER', pads=[1, 1, 1, 1])"),
                         "pads was left out"));
    expect_contains(refusal("Conv(kernel_shape=[3, 3], auto_pad='same_upper')"), "did you mean \"SAME_UPPER\"?");
}

TEST(ImportOnnx, InputsAreTheVariablesOfTheirNames) {
    const ImportedLayer layer = import_layer(
        "w = np.ones((2, 1, 1, 2))\nnode = helper.make_node('Conv', ['x', 'w'], ['y'], kernel_shape=[1, 2])\n"
        "other = helper.make_node('Pad', ['y', 'p'], ['z'])\nconstants = {'x': np.zeros((1, 1, 4, 5))}");
    EXPECT_EQ(layer.layer.input, (Shape4{1, 1, 4, 5}));
    EXPECT_EQ(layer.layer.weight, (Shape4{2, 1, 1, 2}));
    EXPECT_TRUE(has_note(layer, "other nodes, which were left out: Pad"));
}

TEST(ImportOnnx, OtherNodesOfAGraphsTextAreNamed) {
    const ImportedLayer layer = import_layer(
        "agraph (float[1,1,5,5] x, float[1,1,3,3] w) => (float[1,1,3,3] z) {\n  c = Conv <pads = [1,1,1,1]> (x, w)\n"
        "  y = Relu (c)\n  z = LeakyRelu <alpha = 0.5> (y)\n}");
    EXPECT_TRUE(has_note(layer, "other nodes, which were left out: Relu, LeakyRelu"));
    EXPECT_FALSE(has_note(layer, "agraph")) << "its header changes nothing";
}

// A printed protobuf with and without graph { } around its nodes, and a graph as printable_graph prints it.
TEST(ImportOnnx, OtherNodesOfAPrintedGraphAreNamed) {
    const std::string nodes =
        "node { op_type: \"Pad\" input: \"x\" input: \"pads\" output: \"p\" }\n"
        "node { op_type: \"Conv\" input: \"p\" input: \"w\" output: \"c\" attribute { name: \"kernel_shape\" "
        "ints: 3 ints: 3 type: INTS } }\n"
        "node { input: \"c\" output: \"y\" op_type: \"Transpose\" }\n";
    const std::string printed =
        "graph g (\n  %x[FLOAT, 1x1x8x8]\n) {\n  %p = Pad[mode = 'reflect', pads = [0, 0, 1, 1, 0, 0, 1, 1]](%x)\n"
        "  %y = Conv[kernel_shape = [3, 3]](%p, %w)\n  %z = Transpose(%y)\n  return %z\n}";
    for (const std::string& text : {nodes, "graph {\n" + nodes + "}", printed}) {
        const ImportedLayer layer = import_layer(text);
        EXPECT_TRUE(has_note(layer, "other nodes, which were left out: Pad, Transpose"))
            << text << testing::PrintToString(layer.notes);
    }
}

TEST(ImportOnnx, ShapesThatAGraphDeclaresAreTaken) {
    for (const char* text : {
             "agraph (float[1,4,9,7] X, float[8,4,3,5] W) => (float[1,8,4,2] Y)\n{\n Y = Conv <strides = [2, 2]> (X, "
             "W)\n}",
             "graph g (\n %x[FLOAT, 1x4x9x7]\n) initializers (\n %w[FLOAT, 8x4x3x5]\n) {\n"
             " %y = Conv[strides = [2, 2]](%x, %w)\n return %y\n}",
             "graph {\n node { input: \"x\" input: \"w\" output: \"y\" op_type: \"Conv\"\n"
             "  attribute { name: \"strides\" ints: 2 ints: 2 type: INTS } }\n"
             " initializer { dims: 8 dims: 4 dims: 3 dims: 5 data_type: 1 name: \"w\" }\n"
             " input { name: \"x\" type { tensor_type { elem_type: 1 shape { dim { dim_param: \"N\" } dim { dim_value: "
             "4 "
             "} dim { dim_value: 9 } dim { dim_value: 7 } } } } }\n}",
             "w = helper.make_tensor('w', TensorProto.FLOAT, [8, 4, 3, 5], vals)\n"
             "x = helper.make_tensor_value_info('x', TensorProto.FLOAT, ['N', 4, 9, 7])\n"
             "conv = helper.make_node('Conv', ['x', 'w'], ['y'], strides=[2, 2])",
         }) {
        const ImportedLayer layer = import_layer(text);
        EXPECT_EQ(layer.layer.input, (Shape4{1, 4, 9, 7})) << text;
        EXPECT_EQ(layer.layer.weight, (Shape4{8, 4, 3, 5})) << text;
        EXPECT_FALSE(has_note(layer, "size is not told")) << testing::PrintToString(layer.notes);
        EXPECT_FALSE(has_note(layer, "shape is not told")) << testing::PrintToString(layer.notes);
        EXPECT_FALSE(has_note(layer, "agraph")) << testing::PrintToString(layer.notes);
        EXPECT_TRUE(has_note(layer, "its numbers are not read")) << testing::PrintToString(layer.notes);
    }
    EXPECT_EQ(import_layer("g (float[1,4,H,9] x) => (float[1,1,5,5] y) { y = Conv (x, w) }").layer.spec.kernel,
              (Size2{3, 3}))
        << "a length that is a word is not told";
}

TEST(ImportOnnx, AGraphsInputIsNoChangeOfIt) {
    for (const char* input : {"X", "input.1", "onnx::Conv_12"}) {
        const ImportedLayer layer = import_layer(std::string("node = helper.make_node('Conv', ['") + input +
                                                 "', 'W'], ['Y'], kernel_shape=[3, 3], pads=[1, 2, 3, 4])");
        EXPECT_FALSE(has_note(layer, "is changed by")) << testing::PrintToString(layer.notes);
        EXPECT_FALSE(has_note(layer, "is made by")) << testing::PrintToString(layer.notes);
        EXPECT_TRUE(has_note(layer, "the input's size is not told")) << testing::PrintToString(layer.notes);
    }
}

TEST(ImportOnnx, ANodesOwnLineIsNoChangeOfItsResult) {
    for (const char* text : {
             "y = Conv <kernel_shape = [3, 3], pads = [1, 1, 1, 1], strides = [1, 1]> (x, w)",
             "y = Conv (x, w) <kernel_shape = [3, 3]>",
             "%y = Conv[dilations = [1, 1], kernel_shape = [3, 3], pads = [0, 0, 1, 1]](%x, %w)",
         }) {
        const ImportedLayer layer = import_layer(text);
        EXPECT_FALSE(has_note(layer, "is changed")) << testing::PrintToString(layer.notes);
        EXPECT_TRUE(has_note(layer, "the input's size is not told")) << testing::PrintToString(layer.notes);
    }
    EXPECT_TRUE(has_note(import_layer("y = Conv <kernel_shape = [3, 3]> (x, w)\nz = Relu(y)"),
                         "the result is changed after the layer by Relu(...)"));
}

TEST(ImportOnnx, AnInitializerIsTheArrayThatItIsMadeFrom) {
    const ImportedLayer layer = import_layer(
        "W = numpy_helper.from_array(np.array([[[[1., 2.], [3., 4.]]]], dtype=np.float32), 'W')\n"
        "n = helper.make_node('Conv', ['x', 'W'], ['y'])");
    EXPECT_EQ(numbers(layer.weight), (std::vector<double>{1, 2, 3, 4}));
}

// Finding where each of these brackets closes by itself took from three to twenty seconds.
TEST(ImportOnnx, ManyBracketsAreReadOnceForAShape) {
    const auto times = [](int count, std::string_view part) {
        std::string many;
        for (int i = 0; i < count; ++i) many += part;
        return many;
    };
    const std::string printed = "%y = Conv[kernel_shape = [3, 3]](%x, %w)\n";
    const std::string text = "y = Conv <kernel_shape = [3, 3]> (x, w)\n";
    for (const std::string& pasted : {
             printed + times(120000, "a["),
             printed + times(40000, "%w[F, "),
             text + times(60000, "a[") + times(60000, "]w"),
             text + times(30000, "input { "),
             text + times(24000, "input { ") + times(24000, "}"),
         })
        EXPECT_EQ(import_layer(pasted).layer.spec.kernel, (Size2{3, 3}));
}

TEST(ImportOnnx, ABlockInAnotherDeclaresItsOwnShape) {
    const std::string bias = "initializer { dims: 8 name: \"b\" }";
    const std::string node = "node { input: \"x\" input: \"w\" op_type: \"Conv\" }";
    const ImportedLayer layer =
        import_layer("graph { initializer { dims: 8 dims: 2 dims: 3 dims: 5 " + bias + " name: \"w\" } " + node + " }");
    EXPECT_EQ(layer.layer.spec.kernel, (Size2{3, 5}));
    EXPECT_EQ(layer.layer.spec.out_channels, 8);
}

}  // namespace
}  // namespace convlens
