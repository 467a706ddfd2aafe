#include "core/conv/framework_support.h"

#include <gtest/gtest.h>

#include "core/conv/border_names.h"
#include "core/conv/names.h"

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
