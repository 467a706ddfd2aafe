#include "core/conv/weight_layout.h"

#include <gtest/gtest.h>

#include <numeric>
#include <set>

namespace convlens {
namespace {

using Numbers = std::vector<std::int64_t>;

ConvSpec spec_of(Op op, std::int64_t out_channels, std::int64_t groups = 1) {
    ConvSpec spec;
    spec.op = op;
    spec.kernel = {3, 5};
    spec.out_channels = out_channels;
    spec.groups = groups;
    return spec;
}

// The layout of a program, by its order where it has several.
WeightLayout layout_of(const ConvSpec& spec, std::int64_t in_channels, std::string_view program) {
    for (const WeightLayout& layout : weight_layouts(spec, in_channels))
        if (layout.programs.find(program) != std::string_view::npos) return layout;
    ADD_FAILURE() << program;
    return {};
}

TEST(WeightLayout, OfAConvolutionIsEachProgramsOwn) {
    const ConvSpec spec = spec_of(Op::conv, 8);
    EXPECT_EQ(layout_of(spec, 4, "PyTorch").shape, (Numbers{8, 4, 3, 5}));
    EXPECT_EQ(layout_of(spec, 4, "ONNX").shape, (Numbers{8, 4, 3, 5}));
    EXPECT_EQ(layout_of(spec, 4, "Keras").shape, (Numbers{3, 5, 4, 8}));
    EXPECT_EQ(layout_of(spec, 4, "TensorFlow Lite").shape, (Numbers{8, 3, 5, 4}));
    EXPECT_EQ(layout_of(spec, 4, "MATLAB").shape, (Numbers{3, 5, 4, 8}));
}

TEST(WeightLayout, OfGroupsCountsInputsWithinThem) {
    const ConvSpec spec = spec_of(Op::conv, 8, 2);
    EXPECT_EQ(layout_of(spec, 4, "PyTorch").shape, (Numbers{8, 2, 3, 5}));
    EXPECT_EQ(layout_of(spec, 4, "Keras").shape, (Numbers{3, 5, 2, 8}));
    EXPECT_EQ(layout_of(spec, 4, "MATLAB").shape, (Numbers{3, 5, 2, 4, 2}));
    EXPECT_EQ(layout_of(spec, 4, "MATLAB").order, "HWIOG");
}

TEST(WeightLayout, OfADepthwiseLayerHasAMultiplier) {
    const ConvSpec spec = spec_of(Op::conv, 8, 4);
    EXPECT_EQ(depth_multiplier(spec, 4), 2);
    EXPECT_EQ(layout_of(spec, 4, "PyTorch").shape, (Numbers{8, 1, 3, 5}));
    EXPECT_EQ(layout_of(spec, 4, "Keras depthwise").shape, (Numbers{3, 5, 4, 2}));
    EXPECT_EQ(layout_of(spec, 4, "TensorFlow Lite").shape, (Numbers{1, 3, 5, 8}));
    EXPECT_EQ(layout_of(spec, 4, "MATLAB").shape, (Numbers{3, 5, 1, 2, 4}));
    EXPECT_FALSE(depth_multiplier(spec_of(Op::conv, 8, 2), 4));
    EXPECT_FALSE(depth_multiplier(spec_of(Op::conv, 8), 1)) << "one channel is an ordinary layer";
    EXPECT_FALSE(depth_multiplier(spec_of(Op::conv_transpose, 8, 4), 4));
}

TEST(WeightLayout, OfATransposedLayerHasOutputsBeforeInputsInTensorFlow) {
    const ConvSpec spec = spec_of(Op::conv_transpose, 8);
    EXPECT_EQ(layout_of(spec, 4, "PyTorch").shape, (Numbers{4, 8, 3, 5}));
    EXPECT_EQ(layout_of(spec, 4, "Keras").shape, (Numbers{3, 5, 8, 4}));
    EXPECT_EQ(layout_of(spec, 4, "TensorFlow Lite").shape, (Numbers{8, 3, 5, 4}));
    EXPECT_EQ(layout_of(spec, 4, "MATLAB").shape, (Numbers{3, 5, 8, 4}));
    const ConvSpec grouped = spec_of(Op::conv_transpose, 8, 2);
    EXPECT_EQ(layout_of(grouped, 4, "ONNX").shape, (Numbers{4, 4, 3, 5}));
    EXPECT_EQ(layout_of(grouped, 4, "Keras").shape, (Numbers{3, 5, 4, 4}));
    EXPECT_EQ(layout_of(grouped, 4, "MATLAB").shape, (Numbers{3, 5, 4, 2, 2}));
}

TEST(WeightLayout, OfPoolingIsNone) { EXPECT_TRUE(weight_layouts(spec_of(Op::max_pool, 1), 4).empty()); }

TEST(WeightLayout, SaysWhereAWeightStands) {
    const ConvSpec spec = spec_of(Op::conv, 8);
    const Cell4 weight{7, 3, 2, 4};  // the last of all
    const auto torch = place_in(layout_of(spec, 4, "PyTorch"), spec, 4, weight);
    EXPECT_EQ(torch.index, (Numbers{7, 3, 2, 4}));
    EXPECT_EQ(torch.position, 8 * 4 * 3 * 5 - 1);
    const auto keras = place_in(layout_of(spec, 4, "Keras"), spec, 4, {1, 2, 0, 3});
    EXPECT_EQ(keras.index, (Numbers{0, 3, 2, 1}));
    EXPECT_EQ(keras.position, ((0 * 5 + 3) * 4 + 2) * 8 + 1);
    const auto matlab = place_in(layout_of(spec, 4, "MATLAB"), spec, 4, {1, 2, 0, 3});
    EXPECT_EQ(matlab.index, (Numbers{1, 4, 3, 2})) << "counted from 1";
    EXPECT_EQ(matlab.position, 1 + 0 + 3 * (3 + 5 * (2 + 4 * 1))) << "the first axis together";
}

TEST(WeightLayout, OfADepthwiseWeightTellsChannelAndMultiplier) {
    const ConvSpec spec = spec_of(Op::conv, 8, 4);
    const auto place = place_in(layout_of(spec, 4, "Keras depthwise"), spec, 4, {5, 0, 1, 2});
    EXPECT_EQ(place.index, (Numbers{1, 2, 2, 1}));  // filter 5 is the second of channel 2
}

// Every weight has one place, and every place a weight.
TEST(WeightLayout, IsAnOrderOfAllWeights) {
    for (const ConvSpec& spec : {spec_of(Op::conv, 8), spec_of(Op::conv, 8, 2), spec_of(Op::conv, 8, 4),
                                 spec_of(Op::conv_transpose, 8), spec_of(Op::conv_transpose, 8, 2)}) {
        const Shape4 shape = weight_shape(spec, 4);
        for (const WeightLayout& layout : weight_layouts(spec, 4)) {
            const std::int64_t cells =
                std::accumulate(layout.shape.begin(), layout.shape.end(), std::int64_t{1}, std::multiplies<>());
            EXPECT_EQ(cells, *element_count(shape)) << layout.programs;
            std::set<std::int64_t> places;
            for (std::int64_t n = 0; n < shape.n; ++n)
                for (std::int64_t c = 0; c < shape.c; ++c)
                    for (std::int64_t y = 0; y < shape.h; ++y)
                        for (std::int64_t x = 0; x < shape.w; ++x)
                            places.insert(place_in(layout, spec, 4, {n, c, y, x}).position);
            EXPECT_EQ(static_cast<std::int64_t>(places.size()), cells) << layout.programs;
            EXPECT_EQ(*places.begin(), layout.from_one ? 1 : 0);
            EXPECT_EQ(*places.rbegin(), cells - (layout.from_one ? 0 : 1));
        }
    }
}

TEST(WeightLayout, GroupsSayWhatTheyRead) {
    EXPECT_EQ(english(groups_text(spec_of(Op::conv, 16, 4), 4, 5)),
              "depthwise convolution (depth multiplier 4): output channels 4 to 7 read input channel 1");
    EXPECT_EQ(english(groups_text(spec_of(Op::conv, 4, 4), 4, 2)),
              "depthwise convolution (depth multiplier 1): output channel 2 reads input channel 2");
    EXPECT_EQ(english(groups_text(spec_of(Op::conv, 8, 2), 4, 0)),
              "2 groups: output channels 0 to 3 read input channels 0 to 1");
    EXPECT_EQ(english(groups_text(spec_of(Op::conv, 8), 4, 0)), "");
}

}  // namespace
}  // namespace convlens
