#include "core/tensor/tensor.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace convlens {
namespace {

TEST(Tensor, KeepsItsElementsRowByRowInNchwOrder) {
    Tensor<double> t({2, 3, 4, 5});
    t.at(1, 2, 3, 4) = 7;
    EXPECT_EQ(t.size(), 120);
    EXPECT_EQ(t.span()[119], 7);
    t.at(0, 1, 0, 0) = 5;
    EXPECT_EQ(t.span()[20], 5);
}

TEST(Tensor, IsFilledWithZerosUnlessSaid) {
    EXPECT_EQ(Tensor<float>({1, 1, 2, 2}).span()[3], 0.0F);
    EXPECT_EQ(Tensor<float>({1, 1, 2, 2}, 2.5F).span()[3], 2.5F);
}

TEST(Tensor, IsReadThroughAViewThatOwnsNothing) {
    const Tensor<double> t({1, 1, 2, 3}, {1, 2, 3, 4, 5, 6});
    const View<double> view = t;
    EXPECT_EQ(view.at(0, 0, 1, 0), 4);
    EXPECT_EQ(view.size(), 6);
    EXPECT_EQ(view.data, t.span().data());
}

TEST(Tensor, BeginsWithALineOfTheCache) {
    const std::vector<float> numbers(3, 1.0F);
    for (const Tensor<float>& t : {Tensor<float>({1, 1, 1, 3}), Tensor<float>({1, 1, 1, 3}, numbers),
                                   Tensor<float>({1, 1, 1, 3}, {1.0F, 1.0F, 1.0F})})
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(t.span().data()) % kCacheLine, 0U);
}

TEST(Tensor, EqualsAnotherOfTheSameShapeAndNumbers) {
    const Tensor<double> t({1, 1, 2, 2}, {1, 2, 3, 4});
    EXPECT_EQ(t, Tensor<double>({1, 1, 2, 2}, {1, 2, 3, 4}));
    EXPECT_NE(t, Tensor<double>({1, 1, 1, 4}, {1, 2, 3, 4}));
    EXPECT_NE(t, Tensor<double>({1, 1, 2, 2}, {1, 2, 3, 5}));
    EXPECT_EQ(Tensor<double>().size(), 0);
}

}  // namespace
}  // namespace convlens
