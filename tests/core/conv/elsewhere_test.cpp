#include "core/conv/elsewhere.h"

#include <gtest/gtest.h>

#include "core/conv/border_names.h"
#include "core/conv/names.h"

namespace convlens {
namespace {

std::vector<std::string> programs(const LayerShape& layer) {
    std::vector<std::string> all;
    for (const RefusedBy& refused : refused_elsewhere(layer)) all.emplace_back(title(refused.dialect));
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
    EXPECT_EQ(refused_elsewhere(layer).front().reason, "PyTorch has no border like symmetric");
    layer.spec.pad_mode = PadMode::circular;
    EXPECT_EQ(programs(layer), (Programs{"TensorFlow", "OpenCV"}));
}

TEST(Elsewhere, AReflectionLargerThanTheInputIsRefusedByPyTorchAndTensorFlowOnly) {
    LayerShape layer;
    layer.input = {1, 1, 3, 3};
    layer.spec.pads = Pads::all(3);
    layer.spec.pad_mode = PadMode::reflect;
    EXPECT_EQ(programs(layer), (Programs{"PyTorch", "TensorFlow"}));
    layer.spec.dialect = Dialect::opencv;
    EXPECT_EQ(programs(layer), (Programs{"PyTorch", "TensorFlow"})) << "whoever it was made for";
}

TEST(Elsewhere, TheLimitsOfPoolingDiffer) {
    LayerShape layer;
    layer.spec.op = Op::max_pool;
    layer.spec.dilation = {2, 2};
    layer.spec.pads = Pads::all(2);
    EXPECT_EQ(programs(layer), Programs{"PyTorch"});
    layer.spec.pads = Pads::all(3);
    EXPECT_EQ(programs(layer), (Programs{"PyTorch", "ONNX"}));
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
