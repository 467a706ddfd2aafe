#include "core/tensor/shape.h"

#include <gtest/gtest.h>

#include <limits>

namespace convlens {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

TEST(Shape, PrintsItsLengthsInBrackets) { EXPECT_EQ(to_string(Shape4{1, 3, 5, 7}), "[1, 3, 5, 7]"); }

TEST(Shape, CountsItsElements) {
    EXPECT_EQ(element_count({2, 3, 5, 7}), 210);
    EXPECT_EQ(element_count({}), 1);
    EXPECT_EQ(element_count({1, 1, 1, kMost}), kMost);
}

TEST(Shape, WithALengthOfZeroHoldsNothingHoweverLongTheOthersAre) {
    EXPECT_EQ(element_count({0, kMost, kMost, kMost}), 0);
    EXPECT_EQ(element_count({kMost, kMost, kMost, 0}), 0);
}

TEST(Shape, HasNoCountWhenALengthIsNegativeOrTheProductOverflows) {
    EXPECT_EQ(element_count({1, -1, 5, 5}), std::nullopt);
    EXPECT_EQ(element_count({0, -1, 5, 5}), std::nullopt);
    EXPECT_EQ(element_count({2, 1, 1, kMost}), std::nullopt);
    EXPECT_EQ(element_count({1LL << 32, 1, 1LL << 32, 1}), std::nullopt);
}

TEST(Shape, ComparesRowsBeforeColumns) {
    EXPECT_LT((Size2{1, 9}), (Size2{2, 0}));
    EXPECT_EQ((Shape4{1, 2, 3, 4}.plane()), (Size2{3, 4}));
}

}  // namespace
}  // namespace convlens
