#include "core/text/number.h"

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

TEST(Number, InASumIsWholeOrHasSixDigits) {
    EXPECT_EQ(sum_number(15555), "15555");
    EXPECT_EQ(sum_number(-123456789), "\u2212123456789");
    EXPECT_EQ(sum_number(1e20), "1e20");
    EXPECT_EQ(sum_number(1234.5), "1234.5");
    EXPECT_EQ(sum_number(1 / 3.0), "0.333333");
    EXPECT_EQ(shown_number(1 / 3.0), 0.333333);
    EXPECT_EQ(shown_number(15555), 15555);
    EXPECT_EQ(shown_number(-0.1 - 0.2), -0.3);
}

TEST(Number, TheSignOfASumTellsWhetherRoundingShows) {
    EXPECT_EQ(equals_sign(2470, 2470, 2470), "=");
    EXPECT_EQ(equals_sign(2470, 2471, 2470), "≈");
    EXPECT_EQ(equals_sign(0.1 + 0.2, 0.3, 0.3), "=") << "what binary fractions do is no difference";
    EXPECT_EQ(equals_sign(1 - 0.999999, 1e-6, 2), "=") << "cancelled from terms of that size";
    EXPECT_EQ(equals_sign(0, 1e-20, 0), "≈");
    const double nan = std::numeric_limits<double>::quiet_NaN(), infinite = std::numeric_limits<double>::infinity();
    EXPECT_EQ(equals_sign(nan, nan, nan), "=");
    EXPECT_EQ(equals_sign(infinite, infinite, infinite), "=");
    EXPECT_EQ(equals_sign(infinite, 5, infinite), "≈");
}

}  // namespace
}  // namespace convlens
