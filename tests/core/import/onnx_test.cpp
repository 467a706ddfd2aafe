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

// The layer stays as ONNX has it; what ONNX Runtime makes of it is said.
TEST(ImportOnnx, NotesWhereOnnxRuntimePartsFromTheRuleSame) {
    const auto pool = import_layer("MaxPool(kernel_shape=[3, 3], dilations=[2, 2], auto_pad='SAME_UPPER')");
    EXPECT_EQ(pool.layer.spec.pad_rule, PadRule::onnx_SAME_UPPER);
    EXPECT_TRUE(has_note(pool, "ONNX Runtime's SAME pooling pads for the undilated kernel"));
    EXPECT_TRUE(has_note(import_layer("Conv(kernel_shape=[3, 3], dilations=[2, 2], auto_pad='SAME_LOWER')"),
                         "ONNX Runtime's Conv accepts auto_pad SAME without dilation only"));
    EXPECT_FALSE(has_note(import_layer("MaxPool(kernel_shape=[3, 3], auto_pad='SAME_UPPER')"), "ONNX Runtime"));
    EXPECT_FALSE(has_note(import_layer("Conv(kernel_shape=[3, 3], dilations=[2, 2])"), "ONNX Runtime"));
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
        "node { op_type: \"Resize\" input: \"x\" input: \"sizes\" output: \"p\" }\n"
        "node { op_type: \"Conv\" input: \"p\" input: \"w\" output: \"c\" attribute { name: \"kernel_shape\" "
        "ints: 3 ints: 3 type: INTS } }\n"
        "node { input: \"c\" output: \"y\" op_type: \"Transpose\" }\n";
    const std::string printed =
        "graph g (\n  %x[FLOAT, 1x1x8x8]\n) {\n  %p = Resize[mode = 'nearest'](%x)\n"
        "  %y = Conv[kernel_shape = [3, 3]](%p, %w)\n  %z = Transpose(%y)\n  return %z\n}";
    for (const std::string& text : {nodes, "graph {\n" + nodes + "}", printed}) {
        const ImportedLayer layer = import_layer(text);
        EXPECT_TRUE(has_note(layer, "other nodes, which were left out: Resize, Transpose"))
            << text << testing::PrintToString(layer.notes);
    }
}

// Two rows above, one below, three columns left, none right: of an edge, which is no layer's default.
TEST(ImportOnnx, APadInFrontOfTheNodeBecomesItsPadding) {
    const std::string conv = "  node { input: \"p\" input: \"w\" output: \"y\" op_type: \"Conv\" }\n}";
    const std::string pad =
        "graph {\n  node { input: \"x\" input: \"pads\" output: \"p\" op_type: \"Pad\" attribute { name: \"mode\" s: "
        "\"edge\" } }\n  input { name: \"x\" type { tensor_type { shape { dim { dim_value: 1 } dim { dim_value: 4 } "
        "dim { "
        "dim_value: 9 } dim { dim_value: 7 } } } } }\n";
    const std::string zero = R"(\000\000\000\000\000\000\000\000)";
    const auto byte = [](const char* digit) {
        return R"(\00)" + (digit + std::string(R"(\000\000\000\000\000\000\000)"));
    };
    const std::string text = "agraph (float[1, 4, 9, 7] x, float[8, 4, 3, 5] w) => (float[1, 8, 4, 2] y)\n";
    for (const std::string& graph : {
             text + "<int64[8] pads = {0, 0, 2, 3, 0, 0, 1, 0}> {\n  p = Pad <mode = \"edge\"> (x, pads)\n  y = Conv "
                    "(p, w)\n}",
             text + "{\n  pads = Constant <value = int64[8] {0, 0, 2, 3, 0, 0, 1, 0}> ()\n"
                    "  p = Pad <mode = \"edge\"> (x, pads)\n  y = Conv (p, w)\n}",
             text + "{\n  pads = Constant <value_ints = [0, 0, 2, 3, 0, 0, 1, 0]> ()\n"
                    "  p = Pad (x, pads) <mode = \"edge\">\n  y = Conv <strides = [1, 1]> (p, w)\n}",
             std::string("graph g (\n  %x[FLOAT, 1x4x9x7]\n) {\n  %3 = Pad[mode = 'edge', pads = [0, 0, 2, 3, 0, 0, 1, "
                         "0]](%x)\n"
                         "  %y = Conv[kernel_shape = [3, 5]](%3, %w)\n  return %y\n}"),
             pad + "  initializer { dims: 8 data_type: 7 int64_data: [0, 0, 2, 3, 0, 0, 1, 0] name: \"pads\" }\n" +
                 conv,
             pad +
                 "  initializer { dims: 8 data_type: 7 int64_data: 0 int64_data: 0 int64_data: 2 int64_data: 3 "
                 "int64_data: 0 int64_data: 0 int64_data: 1 int64_data: 0 name: \"pads\" }\n" +
                 conv,
             pad +
                 "  node { output: \"pads\" op_type: \"Constant\" attribute { name: \"value\" t { dims: 8 data_type: 7 "
                 "raw_data: \"" +
                 zero + zero + byte("2") + byte("3") + zero + zero + byte("1") + zero + "\" } } }\n" + conv,
             std::string("pads = helper.make_tensor('pads', TensorProto.INT64, [8], [0, 0, 2, 3, 0, 0, 1, 0])\n"
                         "x = helper.make_tensor_value_info('x', TensorProto.FLOAT, [1, 4, 9, 7])\n"
                         "a = helper.make_node('Pad', ['x', 'pads'], ['p'], mode='edge')\n"
                         "b = helper.make_node('Conv', ['p', 'w'], ['y'])"),
             std::string(
                 "n = helper.make_node('Constant', [], ['pads'], value=helper.make_tensor('v', TensorProto.INT64, [8], "
                 "[0, 0, 2, 3, 0, 0, 1, 0]))\n"
                 "x = helper.make_tensor_value_info('x', TensorProto.FLOAT, [1, 4, 9, 7])\n"
                 "a = helper.make_node('Pad', ['x', 'pads'], ['p'], mode='edge')\n"
                 "b = helper.make_node('Conv', ['p', 'w'], ['y'])"),
             std::string(
                 "x = helper.make_tensor_value_info('x', TensorProto.FLOAT, [1, 4, 9, 7])\n"
                 "a = helper.make_node('Pad', ['x', 'pads'], ['p'], mode='edge')\n"
                 "b = helper.make_node('Conv', ['p', 'w'], ['y'])\n"
                 "g = make_graph([a, b], 'g', [x], [y], [numpy_helper.from_array(np.array([0, 0, 2, 3, 0, 0, 1, 0]), "
                 "name='pads')])"),
         }) {
        const ImportedLayer layer = import_layer(graph);
        EXPECT_EQ(layer.layer.spec.pads, (Pads{2, 1, 3, 0})) << graph << testing::PrintToString(layer.notes);
        EXPECT_EQ(layer.layer.spec.pad_mode, PadMode::replicate) << graph;
        EXPECT_EQ(layer.layer.input, (Shape4{1, 4, 9, 7})) << graph << testing::PrintToString(layer.notes);
        EXPECT_FALSE(has_note(layer, "other nodes")) << graph << testing::PrintToString(layer.notes);
        EXPECT_FALSE(has_note(layer, "not read: ")) << graph << testing::PrintToString(layer.notes);
    }
}

TEST(ImportOnnx, APadThatIsNotFollowedIsNamed) {
    const std::string pad = "node { op_type: \"Pad\" input: \"x\" input: \"pads\" output: \"p\" }\n";
    const std::string conv = "node { op_type: \"Conv\" input: \"p\" input: \"w\" output: \"c\" }";
    EXPECT_TRUE(
        has_note(import_layer(pad + conv), "X of Conv is changed by the node Pad before, which was not followed"));
    const ImportedLayer through = import_layer(
        "a = helper.make_node('Pad', ['x', 'pads'], ['p'])\nb = helper.make_node('Relu', ['p'], ['r'])\n"
        "c = helper.make_node('Conv', ['r', 'w'], ['y'])");
    EXPECT_TRUE(has_note(through, "(Pad, Relu) before, which was not followed"))
        << testing::PrintToString(through.notes);
    const ImportedLayer deep = import_layer(
        "{ p = Pad <pads = [0, 0, 1, 1, 0, 0, 1, 1]> (x)\n r = Relu (p)\n y = Conv "
        "<kernel_shape = [3, 3]> (r, w) }\nagraph => ()\ny = Conv (r, w)",
        1);
    EXPECT_TRUE(has_note(deep, "other nodes, which were left out: Pad, Relu")) << testing::PrintToString(deep.notes);
    const ImportedLayer named =
        import_layer("node { op_type: \"Conv\" input: \"/conv1/Conv_output_0\" input: \"w\" output: \"c\" }");
    EXPECT_FALSE(has_note(named, "is changed by")) << testing::PrintToString(named.notes);
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
