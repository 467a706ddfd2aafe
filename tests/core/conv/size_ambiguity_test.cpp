// There and back: which lengths shrink to one, and what output padding chooses.
#include "core/conv/size_ambiguity.h"

#include <gtest/gtest.h>

#include "core/conv/validate.h"
#include "tests/core/conv/square_layer.h"

namespace convlens {
namespace {

std::optional<SizeAmbiguity> trip(const ConvSpec& spec, std::int64_t length) {
    return size_ambiguity(spec, {length, length}, Axis::h);
}

TEST(SizeAmbiguity, A27AndA28BothArriveAt14AndComeBackByOutputPadding0And1) {
    for (const std::int64_t length : {27, 28}) {
        const auto there = trip(layer(Op::conv, 3, 2, 1), length);
        ASSERT_TRUE(there);
        EXPECT_EQ(there->short_length, 14);
        EXPECT_EQ(there->alike, (LengthSpan{27, 28}));
        EXPECT_EQ(there->present, length);
        EXPECT_EQ(there->first_back, 27);
    }
    ConvSpec spec = layer(Op::conv_transpose, 3, 2, 1);
    for (const std::int64_t output_padding : {0, 1}) {
        spec.output_padding = {output_padding, output_padding};
        const auto back = trip(spec, 14);
        ASSERT_TRUE(back);
        EXPECT_EQ(back->short_length, 14);
        EXPECT_EQ(back->alike, (LengthSpan{27, 28}));
        EXPECT_EQ(back->present, 27 + output_padding);
        EXPECT_EQ(back->first_back, 27);
        EXPECT_FALSE(back->shrinks_to);
    }
}

// Every length that a convolution has comes back as the output of its transpose, whatever the setting.
TEST(SizeAmbiguity, EachLengthReturnsByItsOutputPadding) {
    for (std::int64_t kernel = 1; kernel <= 4; ++kernel)
        for (std::int64_t stride = 2; stride <= 4; ++stride)
            for (std::int64_t padding = 0; padding < 2; ++padding)
                for (std::int64_t length = 1; length <= 12; ++length) {
                    const ConvSpec forward = layer(Op::conv, kernel, stride, padding);
                    if (!validate({forward, {1, 1, length, length}, {}, {}}).empty()) continue;
                    const auto there = trip(forward, length);
                    if (!there || !there->first_back) continue;
                    ConvSpec back = layer(Op::conv_transpose, kernel, stride, padding);
                    const std::int64_t chosen = length - *there->first_back;
                    back.output_padding = {chosen, chosen};
                    EXPECT_LT(chosen, stride);
                    EXPECT_EQ(solve_axis(back, {there->short_length, there->short_length}, Axis::h).output, length);
                }
}

TEST(SizeAmbiguity, AnOutputPaddingOfTheStrideOrMoreMatchesNoInput) {
    ConvSpec spec = layer(Op::conv_transpose, 3, 2, 1);
    spec.dilation = {4, 4};
    spec.output_padding = {3, 3};
    const auto back = trip(spec, 5);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->present, 18);
    EXPECT_EQ(back->alike, (LengthSpan{15, 16}));
    EXPECT_EQ(back->shrinks_to, 6);
}

TEST(SizeAmbiguity, OutputSizeIsOutputPaddingByAnotherName) {
    ConvSpec spec = layer(Op::conv_transpose, 3, 2, 1);
    spec.output_size = Size2{28, 28};
    ASSERT_TRUE(trip(spec, 14));
    EXPECT_EQ(trip(spec, 14)->present, 28);
}

TEST(SizeAmbiguity, IsNoQuestionWithoutAStride) {
    EXPECT_FALSE(trip(layer(Op::conv, 3, 1, 1), 5));
    EXPECT_FALSE(trip(layer(Op::conv_transpose, 3, 1, 1), 5));
}

TEST(SizeAmbiguity, PoolingAndSameHaveNoWayBack) {
    const auto pool = trip(layer(Op::max_pool, 2, 2, 0), 5);
    ASSERT_TRUE(pool);
    EXPECT_EQ(pool->alike, (LengthSpan{4, 5}));
    EXPECT_FALSE(pool->first_back);
    ConvSpec same = layer(Op::conv, 3, 2, 0);
    same.pad_rule = PadRule::tf_SAME;
    ASSERT_TRUE(trip(same, 27));
    EXPECT_FALSE(trip(same, 27)->first_back) << "each length has pads of its own";
    ConvSpec chosen = layer(Op::conv_transpose, 3, 2, 0);
    chosen.pad_rule = PadRule::tf_SAME;
    EXPECT_FALSE(trip(chosen, 14));
}

}  // namespace
}  // namespace convlens
