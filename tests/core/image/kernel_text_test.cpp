#include <gtest/gtest.h>

#include <clocale>

#include "core/image/kernel.h"

namespace convlens {
namespace {

using Weights = std::vector<double>;

std::string refusal(std::string_view text) {
    try {
        parse_kernel(text);
    } catch (const KernelError& error) {
        return error.message;
    }
    return "";
}

TEST(KernelText, RowsAndCellsMayBeSeparatedInManyWays) {
    const Kernel expected{2, 3, {1, 2, 3, 4, 5, 6}, 1, 0};
    for (const char* text :
         {"1 2 3; 4 5 6", "1 2 3\n4 5 6\n", "1,2,3;4,5,6", "1\t2\t3\r\n4\t5\t6", "1, 2, 3,\n4, 5, 6,", "[1 2 3; 4 5 6]",
          "[[1, 2, 3], [4, 5, 6]]", "{{1,2,3},{4,5,6}}", "| 1 2 3 |\n| 4 5 6 |", "# a comment\n1 2 3 # more\n\n4 5 6",
          "K = [1 2 3; 4 5 6];", "+1 2e0 3.0; .4e1 5 6"}) {
        EXPECT_EQ(parse_kernel(text), expected) << text;
    }
    EXPECT_EQ(parse_kernel("\u22121 2").weights, (Weights{-1, 2}));
    EXPECT_EQ(parse_kernel("-2").weights, (Weights{-2}));
}

// ij/plugin/filter/Convolver.java turns a cell that it cannot read into 0.
TEST(KernelText, FractionsAreNumbers) {
    const Kernel kernel = parse_kernel("1/9 1/9 1/9; 1/9 1/9 1/9; 1/9 1/9 1/9");
    EXPECT_NEAR(kernel.sum(), 1, 1e-15);
    EXPECT_EQ(parse_kernel("-1/4 .5/2").weights, (Weights{-0.25, 0.25}));
    EXPECT_NE(refusal("1/0 1").find("row 1, column 1"), std::string::npos);
    EXPECT_NE(refusal("1/2/3").find("row 1, column 1"), std::string::npos);
}

TEST(KernelText, DivisorFactorAndOffsetMayFollowOrLead) {
    const Kernel kernel{1, 3, {1, 2, 1}, 4, 0};
    EXPECT_EQ(parse_kernel("1 2 1 / 4"), kernel);
    EXPECT_EQ(parse_kernel("1 2 1 /4"), kernel);
    EXPECT_EQ(parse_kernel("[1 2 1] / 4"), kernel);
    EXPECT_EQ(parse_kernel("[1 2 1] * 1/4"), kernel);
    EXPECT_EQ(parse_kernel("1 2 1 \u00d7 1/4"), kernel);
    EXPECT_EQ(parse_kernel("1/4 * [1 2 1]"), kernel);
    EXPECT_EQ(parse_kernel("1/4 [1 2 1]"), kernel);
    EXPECT_EQ(parse_kernel("-1 0 1 + 0.5").offset, 0.5);
    EXPECT_EQ(parse_kernel("-1 0 1 / 2 - 0.5").offset, -0.5);
    EXPECT_NE(refusal("1 2 1 / 0").find("divisor is 0"), std::string::npos);
    EXPECT_NE(refusal("1 2 1 /").find("nothing follows"), std::string::npos);
    EXPECT_NE(refusal("1 2 1 / x").find("\"x\" is not a number"), std::string::npos);
}

// chjj/compton#143: read as 3.3 where the comma is the decimal point.
TEST(KernelText, MeansTheSameInEveryLocale) {
    const Kernel ones{3, 3, Weights(9, 1.0), 1, 0};
    const std::string before = std::setlocale(LC_ALL, nullptr);
    for (const char* locale : {"C", "pl_PL.UTF-8", "de_DE.UTF-8"}) {  // where one is missing this tests C again
        std::setlocale(LC_ALL, locale);
        EXPECT_EQ(parse_kernel("3,3,1,1,1,1,1,1,1,1,"), ones) << locale;
        EXPECT_EQ(parse_kernel("0.5 1.5").weights, (Weights{0.5, 1.5})) << locale;
        EXPECT_EQ(to_text(parse_kernel("0.5 1.5")), "0.5 1.5") << locale;
    }
    std::setlocale(LC_ALL, before.c_str());
}

// h2non/imaginary#29; libvips/libvips#4524, #344
TEST(KernelText, LibvipsHeadersAreUnderstood) {
    const Kernel sharpen = parse_kernel("3 3 24\n-1 -1 -1\n-1 32 -1\n-1 -1 -1");
    EXPECT_EQ(sharpen.rows, 3);
    EXPECT_EQ(sharpen.divisor, 24);
    EXPECT_EQ(sharpen.sum(), 1);
    const Kernel offset = parse_kernel("3 3 4 0\n-1 -1 -1\n-1 12 -1\n-1 -1 -1\n");
    EXPECT_EQ(offset.sum(), 1);
    EXPECT_EQ(offset.offset, 0);
    EXPECT_EQ(parse_kernel("3 1 1 51\n1 2 1").offset, 0.2);
    EXPECT_EQ(parse_kernel("2 2\n1 2\n3 4").weights, (Weights{1, 2, 3, 4}));
    // Numbers that do not fit what follows are weights.
    EXPECT_EQ(parse_kernel("3 3 24\n1 2 3").rows, 2);
}

// lovell/sharp#4549; libvips/libvips#4875
TEST(KernelText, RefusesNamingTheCell) {
    EXPECT_NE(refusal("1 2 3; 4 nan 6").find("row 2, column 2: \"nan\" is not a number"), std::string::npos);
    EXPECT_NE(refusal("1 2; 3 inf").find("row 2, column 2"), std::string::npos);
    EXPECT_NE(refusal("1 2; 3 4x").find("row 2, column 2: \"4x\""), std::string::npos);
    EXPECT_NE(refusal("1 2; 1,5 4").find("row 2 has 3 numbers and row 1 has 2"), std::string::npos);
    EXPECT_NE(refusal("1 2 3; 4 5").find("row 2 has 2 numbers and row 1 has 3"), std::string::npos);
    EXPECT_NE(refusal("1,,3").find("row 1, column 2 is empty"), std::string::npos);
    EXPECT_NE(refusal(",1").find("row 1, column 1 is empty"), std::string::npos);
    EXPECT_NE(refusal("nan").find("row 1, column 1"), std::string::npos);
    EXPECT_NE(refusal("1e999").find("not a number"), std::string::npos);
    for (const char* text : {"", "  \n", ";;", "[]", "# only a comment"})
        EXPECT_NE(refusal(text).find("empty"), std::string::npos) << '"' << text << '"';
}

TEST(KernelText, RefusesWhatIsTooLarge) {
    std::string row;
    for (int i = 0; i < 1000; ++i) row += "1 ";
    EXPECT_NE(refusal(row).find("at most 999"), std::string::npos);
}

TEST(KernelText, WhatIsWrittenIsReadBack) {
    for (const char* text :
         {"gaussian:sigma=1.3", "box:size=4", "sobel_x", "1 2; 3 4 / 3 + 0.1", "0.1 -0.7 / -3 + -0.25"}) {
        const Kernel kernel = parse_kernel(text);
        EXPECT_EQ(parse_kernel_text(to_text(kernel)), kernel) << to_text(kernel);
    }
    EXPECT_EQ(to_text(parse_kernel("1 2 1;2 4 2;1 2 1/16")), "1 2 1; 2 4 2; 1 2 0.0625");
    EXPECT_EQ(to_text(parse_kernel("1 2 1;2 4 2;1 2 1 /16 + 0.5")), "1 2 1; 2 4 2; 1 2 1 / 16 + 0.5");
}

}  // namespace
}  // namespace convlens
