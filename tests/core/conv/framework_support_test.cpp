#include "core/conv/framework_support.h"

#include <gtest/gtest.h>

#include "core/conv/border_names.h"
#include "core/conv/names.h"
#include "core/conv/rules.h"

namespace convlens {
namespace {

std::vector<std::string> programs(const LayerShape& layer) {
    std::vector<std::string> all;
    for (const RefusedBy& refused : refused_elsewhere(layer)) all.emplace_back(refused.program);
    return all;
}

using Programs = std::vector<std::string>;

TEST(Elsewhere, APlainLayerIsRefusedByNobody) { EXPECT_TRUE(refused_elsewhere({}).empty()); }

TEST(Elsewhere, ALayerThatIsRefusedHereSaysNothingOfOthers) {
    LayerShape layer;
    layer.spec.stride = {0, 1};
    EXPECT_TRUE(refused_elsewhere(layer).empty());
}

TEST(Elsewhere, ABorderIsRefusedByThoseWhoDoNotHaveIt) {
    LayerShape layer;
    layer.spec.pads = Pads::all(1);
    layer.spec.pad_mode = PadMode::symmetric;
    EXPECT_EQ(programs(layer), (Programs{"PyTorch", "ONNX"}));
    EXPECT_EQ(english(refused_elsewhere(layer).front().reason), "PyTorch has no symmetric padding.");
    layer.spec.pad_mode = PadMode::circular;
    EXPECT_EQ(programs(layer), (Programs{"TensorFlow", "OpenCV"}));
    EXPECT_EQ(english(refused_elsewhere(layer).front().reason), "TensorFlow has no circular padding.");
    EXPECT_EQ(english(refused_elsewhere(layer).back().reason),
              "OpenCV's filter2D does not accept BORDER_WRAP, its name for circular padding.");
}

TEST(Elsewhere, AReflectionLargerThanTheInputIsRefusedByThoseWhoReflectOnce) {
    LayerShape layer;
    layer.input = {1, 1, 3, 3};
    layer.spec.pads = Pads::all(3);
    layer.spec.pad_mode = PadMode::reflect;
    EXPECT_EQ(programs(layer), (Programs{"PyTorch", "TensorFlow", "ONNX"}));
    layer.spec.dialect = Dialect::opencv;
    EXPECT_EQ(programs(layer), (Programs{"PyTorch", "TensorFlow", "ONNX"})) << "whoever it was made for";
}

TEST(Elsewhere, TheLimitsOfPoolingDiffer) {
    LayerShape layer;
    layer.spec.op = Op::max_pool;
    layer.spec.dilation = {2, 2};
    layer.spec.pads = Pads::all(2);
    EXPECT_EQ(programs(layer), (Programs{"PyTorch", "TensorFlow"}));
    layer.spec.pads = Pads::all(3);
    EXPECT_EQ(programs(layer), (Programs{"PyTorch", "TensorFlow", "ONNX"}));
}

TEST(Elsewhere, AStrideBesideADilationIsRefusedByKerasThoughTensorFlowTakesIt) {
    LayerShape layer;
    layer.input = {1, 4, 9, 9};
    layer.spec.out_channels = 4;
    layer.spec.stride = {2, 1};
    layer.spec.dilation = {1, 2};
    EXPECT_EQ(programs(layer), Programs{"Keras"});
    EXPECT_EQ(refused_elsewhere(layer).front().dialect, Dialect::tensorflow);
    EXPECT_NE(english(refused_elsewhere(layer).front().reason).find("tf.nn.conv2d"), std::string::npos);
    layer.spec.groups = 4;
    EXPECT_TRUE(programs(layer).empty()) << "DepthwiseConv2D takes both";
    layer.spec.groups = 2;
    EXPECT_EQ(programs(layer), Programs{"Keras"});
    layer.spec.stride = {1, 1};
    EXPECT_TRUE(programs(layer).empty());
}

TEST(Elsewhere, OnnxRuntimeHasNoDilationBesideAutoPadSame) {
    LayerShape layer;
    layer.input = {1, 1, 9, 9};
    layer.spec.dialect = Dialect::onnx;
    layer.spec.pad_rule = PadRule::onnx_SAME_LOWER;
    EXPECT_TRUE(programs(layer).empty());
    layer.spec.dilation = {1, 2};
    EXPECT_EQ(programs(layer), Programs{"ONNX Runtime"});
    layer.spec.op = Op::conv_transpose;
    EXPECT_TRUE(programs(layer).empty());
}

TEST(Elsewhere, OnnxRuntimesPoolingHasNoNegativeSame) {
    LayerShape layer;
    layer.spec.op = Op::max_pool;
    layer.spec.pad_rule = PadRule::onnx_SAME_UPPER;
    layer.spec.kernel = {2, 2};
    layer.spec.stride = {3, 3};
    layer.input = {1, 1, 6, 6};
    EXPECT_EQ(programs(layer), Programs{"ONNX Runtime"});
    layer.input = {1, 1, 5, 5};
    EXPECT_TRUE(programs(layer).empty());
}

// Each row as onnxruntime 1.32 did it.
TEST(Elsewhere, OnnxRuntimesSamePoolingPadsForTheUndilatedKernel) {
    struct Row {
        Op op;
        PadRule rule;
        Size2 input, kernel, stride, dilation;
        bool ceil_mode;
        Programs refused_by;
        const char* difference;  // the end of what is said, or "" for nothing
    };
    constexpr auto kUpper = PadRule::onnx_SAME_UPPER, kLower = PadRule::onnx_SAME_LOWER;
    const Programs none, runtime{"ONNX Runtime"};
    const std::vector<Row> rows{
        {Op::max_pool, kUpper, {7, 5}, {3, 3}, {2, 1}, {3, 1}, false, none, "the left here, and its output is 2×5."},
        {Op::max_pool, kUpper, {5, 5}, {3, 3}, {1, 1}, {2, 2}, false, none, "the left here, and its output is 3×3."},
        {Op::avg_pool, kLower, {8, 8}, {3, 3}, {2, 2}, {2, 2}, false, none, "the left here, and its output is 3×3."},
        {Op::avg_pool, kLower, {8, 8}, {2, 2}, {2, 2}, {2, 2}, true, none, "the left here, and its output is 4×4."},
        {Op::max_pool, kUpper, {6, 6}, {3, 3}, {1, 1}, {1, 1}, false, none, ""},
        {Op::max_pool, kUpper, {6, 6}, {1, 1}, {1, 1}, {2, 2}, false, none, ""},
        // the stride exceeds the kernel
        {Op::max_pool, kUpper, {6, 6}, {2, 2}, {3, 3}, {1, 1}, false, runtime, ""},
        {Op::max_pool,
         kUpper,
         {8, 8},
         {2, 2},
         {4, 4},
         {2, 2},
         false,
         none,
         "by \u22121 at the top and \u22121 at the left here, and its output is 1×1."},
        {Op::avg_pool,
         kUpper,
         {8, 8},
         {2, 2},
         {4, 4},
         {1, 1},
         false,
         none,
         "from opset 19 on pads by \u22121 at the top and \u22121 at the left."},
        {Op::avg_pool,
         kLower,
         {8, 8},
         {2, 2},
         {4, 4},
         {1, 1},
         false,
         none,
         "from opset 19 on pads by 0 at the top and 0 at the left."},
        // "Calculated output dimension is negative"
        {Op::max_pool, kUpper, {3, 3}, {3, 3}, {1, 1}, {3, 3}, false, runtime, ""},
    };
    for (const Row& row : rows) {
        for (const Dialect dialect : {Dialect::convlens, Dialect::onnx}) {
            LayerShape layer;
            layer.spec.op = row.op;
            layer.spec.dialect = dialect;
            layer.spec.pad_rule = row.rule;
            layer.spec.kernel = row.kernel;
            layer.spec.stride = row.stride;
            layer.spec.dilation = row.dilation;
            layer.spec.ceil_mode = row.ceil_mode;
            layer.input = {1, 1, row.input.h, row.input.w};
            ASSERT_TRUE(find_faults(layer).empty()) << row.difference;
            Programs refused = programs(layer);
            std::erase_if(refused, [](const std::string& program) { return !program.starts_with("ONNX"); });
            EXPECT_EQ(refused, row.refused_by) << row.input.h << ' ' << row.difference;
            const std::vector<DiffersIn> different = differs_elsewhere(layer);
            ASSERT_EQ(different.size(), *row.difference == '\0' ? 0U : 1U) << row.input.h << ' ' << row.difference;
            if (!different.empty()) {
                EXPECT_TRUE(english(different[0].text).ends_with(row.difference)) << english(different[0].text);
            }
        }
    }
}

TEST(Elsewhere, ARefusedLayerIsTakenByThoseWhoseRulesItKeeps) {
    LayerShape layer;
    EXPECT_TRUE(accepted_elsewhere(layer).empty());
    layer.spec.dialect = Dialect::torch;
    layer.spec.pads = Pads::all(1);
    layer.spec.pad_mode = PadMode::symmetric;
    using Dialects = std::vector<Dialect>;
    EXPECT_EQ(accepted_elsewhere(layer),
              (Dialects{Dialect::convlens, Dialect::tensorflow, Dialect::octave, Dialect::scipy, Dialect::opencv}));
    layer.spec.stride = {2, 2};
    EXPECT_EQ(accepted_elsewhere(layer), (Dialects{Dialect::convlens, Dialect::tensorflow}));
    layer.spec.stride = {0, 2};
    EXPECT_TRUE(accepted_elsewhere(layer).empty());
}

TEST(BorderNames, AreOfTheSameProgramsForEveryMode) {
    for (std::size_t i = 0; i < names<PadMode>().size(); ++i) {
        const auto all = border_names(static_cast<PadMode>(i));
        ASSERT_EQ(all.size(), border_names(PadMode::zeros).size());
        for (std::size_t p = 0; p < all.size(); ++p) EXPECT_EQ(all[p].program, border_names(PadMode::zeros)[p].program);
    }
}

// The one name that means two things.
TEST(BorderNames, ReflectIsNdimagesNameForSymmetric) {
    const auto of = [](PadMode mode, std::string_view program) {
        for (const BorderName& border : border_names(mode))
            if (border.program == program) return border.name;
        return std::string_view("?");
    };
    EXPECT_EQ(of(PadMode::reflect, "PyTorch"), "reflect");
    EXPECT_EQ(of(PadMode::reflect, "scipy.ndimage"), "mirror");
    EXPECT_EQ(of(PadMode::symmetric, "scipy.ndimage"), "reflect");
    EXPECT_EQ(of(PadMode::symmetric, "PyTorch"), "");
}

}  // namespace
}  // namespace convlens
