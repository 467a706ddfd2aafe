#include "core/codegen/literal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>

namespace convlens {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

TEST(Literal, WholeNumbersHaveNoPointAndOthersReadBackTheSame) {
    EXPECT_EQ(python_number(3), "3");
    EXPECT_EQ(python_number(-12), "-12");
    EXPECT_EQ(matlab_number(0.1), "0.1");
    for (const double value : {1.0 / 3, 0.1 + 0.2, 1e300, -4.9e-324, 123456789.123456789}) {
        EXPECT_EQ(std::strtod(python_number(value).c_str(), nullptr), value);
        EXPECT_EQ(std::strtod(matlab_number(value).c_str(), nullptr), value);
    }
}

TEST(Literal, MinusZeroKeepsItsSign) { EXPECT_EQ(python_number(-0.0), "-0.0"); }

TEST(Literal, NanAndInfinitiesAreSpelledTheProgramsWay) {
    EXPECT_EQ(python_number(NAN), "nan");
    EXPECT_EQ(python_number(-kInf), "-inf");
    EXPECT_EQ(matlab_number(NAN), "NaN");
    EXPECT_EQ(matlab_number(kInf), "Inf");
    EXPECT_EQ(matlab_number(-kInf), "-Inf");
}

TEST(Literal, NestedListsAlignTheirRows) {
    const Tensor<double> t({1, 2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
    EXPECT_EQ(nested_list(t, 4, 0),
              "[[[[1, 2],\n"
              "   [3, 4]],\n"
              "\n"
              "  [[5, 6],\n"
              "   [7, 8]]]]");
    const Tensor<double> plane({1, 1, 2, 2}, {1, 2, 3, 4});
    EXPECT_EQ(nested_list(plane, 2, 4), "[[1, 2],\n     [3, 4]]");
}

TEST(Literal, MatlabMatricesAreAPlaneOfATensor) {
    const Tensor<double> t({1, 2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, -8.5});
    EXPECT_EQ(matlab_matrix(t, 0, 1, 4), "[5 6\n     7 -8.5]");
}

}  // namespace
}  // namespace convlens
