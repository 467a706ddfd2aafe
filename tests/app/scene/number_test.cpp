#include "app/scene/number.h"

#include <gtest/gtest.h>

#include <limits>

namespace convlens {
namespace {

TEST(Number, HasAtMostFourSignificantDigits) {
    EXPECT_EQ(short_number(17), "17");
    EXPECT_EQ(short_number(0.1 + 0.2), "0.3");
    EXPECT_EQ(short_number(1234.5), "1234");
    EXPECT_EQ(short_number(3.14159), "3.142");
    EXPECT_EQ(short_number(12345), "1.234e4");
    EXPECT_EQ(short_number(0.00001), "1e\u22125");
}

TEST(Number, UsesTheMinusSign) {
    EXPECT_EQ(short_number(-2.5), "\u22122.5");
    EXPECT_EQ(short_number(-0.0), "0");
}

TEST(Number, NamesWhatIsNotANumber) {
    EXPECT_EQ(short_number(std::numeric_limits<double>::quiet_NaN()), "nan");
    EXPECT_EQ(short_number(std::numeric_limits<double>::infinity()), "\u221e");
    EXPECT_EQ(short_number(-std::numeric_limits<double>::infinity()), "\u2212\u221e");
}

TEST(Number, InFullTellsTheValueFromItsNeighbours) {
    EXPECT_EQ(full_number(0.1 + 0.2), "0.30000000000000004");
    EXPECT_EQ(full_number(100000), "100000");
    EXPECT_EQ(full_number(1e20), "1e20");
}

TEST(Number, CountsWithTheWordThatGoesWithIt) {
    EXPECT_EQ(counted(1, "row", "rows"), "1 row");
    EXPECT_EQ(counted(0, "row", "rows"), "0 rows");
    EXPECT_EQ(counted(2, "bias", "biases"), "2 biases");
    EXPECT_EQ(counted(987, "row", "rows"), "987 rows");
    EXPECT_EQ(counted(1234567, "row", "rows"), "1\u2009234\u2009567 rows");
}

}  // namespace
}  // namespace convlens
