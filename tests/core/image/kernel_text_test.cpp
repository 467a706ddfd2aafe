#include <gtest/gtest.h>

#include <clocale>
#include <cstdlib>
#include <filesystem>
#include <locale>
#include <sstream>

#include "core/image/kernel.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

using Weights = std::vector<double>;

std::string refusal(std::string_view text) {
    try {
        parse_kernel(text);
    } catch (const KernelError& error) {
        return english(error.message);
    }
    return "";
}

TEST(KernelText, ReadsRowsAsImageMagickWritesThem) {
    for (const char* text : {"0,-1,2 -3,5,-4 6,-7,8", "3x3: 0,-1,2,-3,5,-4,6,-7,8", "3x3:0,-1,2 -3,5,-4 6,-7,8"}) {
        const Kernel kernel = parse_kernel(text);
        EXPECT_EQ(kernel.rows, 3) << text;
        EXPECT_EQ(kernel.cols, 3) << text;
        EXPECT_EQ(kernel.weights, (std::vector<double>{0, -1, 2, -3, 5, -4, 6, -7, 8})) << text;
    }
    const Kernel wide = parse_kernel("3x2: 1,2,3 4,5,6");
    EXPECT_EQ(wide.rows, 2);
    EXPECT_EQ(wide.at(1, 0), 4);
    EXPECT_EQ(parse_kernel("1, 2, 3, 4").cols, 4) << "a blank behind each comma parts nothing";
    try {
        parse_kernel("3x3: 1,2,3 4,5,6");
        FAIL();
    } catch (const KernelError& error) {
        EXPECT_NE(english(error.message).find("announces 3 columns and 3 rows, and the weights make 3 and 2"),
                  std::string::npos)
            << english(error.message);
    }
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
    EXPECT_NE(refusal("1 2 1 / 0").find("divisor must not be 0"), std::string::npos);
    EXPECT_NE(refusal("1 2 1 /").find("nothing follows"), std::string::npos);
    EXPECT_NE(refusal("1 2 1 / x").find("\"x\" is not a number"), std::string::npos);
    const std::string comma = refusal("(1,2;3,4)/2,5");
    EXPECT_NE(comma.find("Write decimals with a point: \"/2.5\""), std::string::npos) << comma;
}

// What streams read and write where the comma is the decimal point and the point parts thousands.
struct CommaPoint : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
};

// A locale of the C library whose decimal point is a comma, made here: no test depends on what is installed.
class CommaLocale {
public:
    CommaLocale() : before_(std::setlocale(LC_ALL, nullptr)) {
        // What localedef writes for LC_NUMERIC: a magic number, six offsets, then the decimal point, the separator of
        // thousands, its grouping, the first two as wide characters, the name of the encoding.
        static constexpr std::string_view kNumeric(
            "\x14\x11\x03\x20\x06\0\0\0\x20\0\0\0\x22\0\0\0\x23\0\0\0\x24\0\0\0\x28\0\0\0\x2c\0\0\0"
            ",\0\0\0,\0\0\0\0\0\0\0UTF-8\0",
            50);
        std::filesystem::create_directory(folder_.path() / "comma");
        folder_.write("comma/LC_NUMERIC", kNumeric);
        ::setenv("LOCPATH", folder_.path().c_str(), 1);
        set_ = std::setlocale(LC_NUMERIC, "comma") != nullptr;
    }
    ~CommaLocale() {
        std::setlocale(LC_ALL, before_.c_str());
        ::unsetenv("LOCPATH");
    }
    CommaLocale(const CommaLocale&) = delete;
    CommaLocale& operator=(const CommaLocale&) = delete;

    bool is_set() const { return set_; }

private:
    TempFolder folder_;
    std::string before_;
    bool set_ = false;
};

// chjj/compton#143: read as 3.3 where the comma is the decimal point.
TEST(KernelText, MeansTheSameInEveryLocale) {
    const Kernel ones{3, 3, Weights(9, 1.0), 1, 0};
    const auto check = [&](const char* locale) {
        EXPECT_EQ(parse_kernel("3,3,1,1,1,1,1,1,1,1,"), ones) << locale;
        EXPECT_EQ(parse_kernel("0.5 1234.5").weights, (Weights{0.5, 1234.5})) << locale;
        EXPECT_EQ(to_text(parse_kernel("0.5 1234.5")), "0.5 1234.5") << locale;
    };
    const std::locale usual = std::locale::global(std::locale(std::locale::classic(), new CommaPoint));
    ASSERT_EQ((std::ostringstream() << 1234.5).str(), "1.234,5");
    check("of C++");
    std::locale::global(usual);
    const CommaLocale comma;
    ASSERT_TRUE(comma.is_set());
    ASSERT_EQ(std::strtod("1,5", nullptr), 1.5);
    check("of C");
}

struct DecimalCommas {
    const char* text;
    Kernel kernel;
};

TEST(KernelText, DecimalCommasAreReadWhereNothingElseIsARectangle) {
    const DecimalCommas cases[] = {
        {"1 2; 1,5 4", {2, 2, {1, 2, 1.5, 4}}},
        {"0,25 1 0,75\n2 1 3", {2, 3, {0.25, 1, 0.75, 2, 1, 3}}},
        {"0,25\t1\t0,75\r\n2\t1,5\t3\r\n", {2, 3, {0.25, 1, 0.75, 2, 1.5, 3}}},
        {"0,25;0,5;0,75\n1;2;1,5", {2, 3, {0.25, 0.5, 0.75, 1, 2, 1.5}}},  // a spreadsheet's file
        {"-0,5;1;+2,5e1", {3, 1, {-0.5, 1, 25}}},
        {"1 2 1 / 4,5", {1, 3, {1, 2, 1}, 4.5}},
    };
    for (const DecimalCommas& c : cases) {
        EXPECT_EQ(parse_kernel(c.text), c.kernel) << c.text;
    }
}

TEST(KernelText, CommasSeparateWhereTheTextSaysSo) {
    const Kernel square{2, 2, {1, 5, 2, 4}};
    for (const char* text :
         {"[1,5;2,4]", "{1,5},{2,4}", "((1,5),(2,4))", "1, 5; 2, 4", "1.0,5;2,4", "1,5;2,4.", "1,5,\n2,4,"}) {
        EXPECT_EQ(parse_kernel(text), square) << text;
    }
    EXPECT_EQ(parse_kernel("1,5, 2,4\n"), (Kernel{1, 4, {1, 5, 2, 4}}));
    EXPECT_EQ(parse_kernel("1,5,3;4,2,6"), (Kernel{2, 3, {1, 5, 3, 4, 2, 6}}));  // no number has two commas
    EXPECT_EQ(parse_kernel("1/9,2/9,3/9;1,2,1/3"), (Kernel{2, 3, {1 / 9., 2 / 9., 3 / 9., 1, 2, 1 / 3.}}));
    EXPECT_EQ(parse_kernel("0,5 * [1,2; 4,8]").divisor, 2);  // but the one in front of the brackets
    EXPECT_EQ(parse_kernel("0,5 * [1,2; 4,8]").weights, (Weights{1, 2, 4, 8}));
    EXPECT_EQ(parse_kernel("1,0;0,-3"), (Kernel{2, 2, {1, 0, 0, -3}}));
}

TEST(KernelText, BothReadingsAreToldWhereBothAreRectangles) {
    const auto readings = [](const char* text) -> std::pair<Kernel, Kernel> {
        try {
            parse_kernel(text);
        } catch (const AmbiguousKernel& error) {
            return {error.commas_separate, error.commas_are_points};
        }
        ADD_FAILURE() << text;
        return {};
    };
    const auto [columns, column] = readings("0,25;0,5;0,25");
    EXPECT_EQ(columns, (Kernel{3, 2, {0, 25, 0, 5, 0, 25}}));
    EXPECT_EQ(column, (Kernel{3, 1, {0.25, 0.5, 0.25}}));
    EXPECT_EQ(readings("0,5 0,5; 1,0 2,0").second, (Kernel{2, 2, {0.5, 0.5, 1, 2}}));
    EXPECT_EQ(readings("0,5 0,5; 1,0 2,0").first, (Kernel{2, 4, {0, 5, 0, 5, 1, 0, 2, 0}}));
    EXPECT_EQ(readings("1,5").second, (Kernel{1, 1, {1.5}}));
    EXPECT_EQ(readings("0,25;0,50\n1,00;2,50").second, (Kernel{2, 2, {0.25, 0.5, 1, 2.5}}));
    EXPECT_EQ(readings("0,25;0,50\n1,00;2,50").first, (Kernel{4, 2, {0, 25, 0, 50, 1, 0, 2, 50}}));
    EXPECT_EQ(readings("3 3 1,5\n1 2 1\n2 4 2\n1 2 1").second.divisor, 1.5);  // libvips' header
    const std::string told = refusal("0,25;0,5;0,25");
    EXPECT_NE(told.find("3×2 (0 25; 0 5; 0 25)"), std::string::npos) << told;
    EXPECT_NE(told.find("3×1 (0.25; 0.5; 0.25)"), std::string::npos) << told;
    std::string large;
    for (int i = 0; i < 200; ++i) large += "0,5 ";
    EXPECT_LT(refusal(large).size(), 250U);
    const std::string neither = refusal("1,5 2; 3 4 5 6");
    EXPECT_NE(neither.find("row 2 has 4 numbers, but row 1 has 3"), std::string::npos) << neither;
    EXPECT_NE(neither.find("with decimal commas, row 2 has 4 numbers, but row 1 has 2"), std::string::npos) << neither;
}

TEST(KernelText, SemicolonsSeparateCellsInTheFilesOfSpreadsheets) {
    EXPECT_EQ(parse_kernel("1;2;3\n4;5;6\n"), (Kernel{2, 3, {1, 2, 3, 4, 5, 6}}));
    EXPECT_EQ(parse_kernel("1;2;3"), (Kernel{3, 1, {1, 2, 3}}));
    EXPECT_EQ(parse_kernel("1;\n2;\n3"), (Kernel{3, 1, {1, 2, 3}}));
    EXPECT_EQ(parse_kernel("1 2; 3 4\n5 6; 7 8"), (Kernel{4, 2, {1, 2, 3, 4, 5, 6, 7, 8}}));
    EXPECT_EQ(parse_kernel("[1;2\n3;4]"), (Kernel{4, 1, {1, 2, 3, 4}}));
}

TEST(KernelText, SignsOfOtherKeyboardsAreUnderstood) {
    const Kernel expected{1, 3, {-1, 2, -0.5}};
    for (const char* text : {"\u22121 2 \u22121/2", "\u20131 2 \u20131\u20442", "\uff0d1\uff0c2\uff0c-0.5",
                             "-1\u00a02\u202f-.5", "[-2 4 -1] \u00b7 1/2", "1/2 \u22c5 [\u22122 4 \u22121]"}) {
        const Kernel kernel = parse_kernel(text);
        ASSERT_EQ(kernel.weights.size(), 3U) << text;
        for (std::size_t i = 0; i < 3; ++i)
            EXPECT_EQ(kernel.weights[i] / kernel.divisor, expected.weights[i]) << text << ' ' << i;
    }
}

TEST(KernelText, WhatIsQuotedIsShortAndFitToPrint) {
    const std::string told = refusal("1 \x1b[2J" + std::string(5000, 'z'));
    EXPECT_LT(told.size(), 200U);
    EXPECT_EQ(told.find('\x1b'), std::string::npos);
    const std::string cut = refusal("1 " + std::string(39, 'z') + "\u56fe\u56fe");
    EXPECT_NE(cut.find("z\u2026"), std::string::npos) << cut;  // no half of a character
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
    EXPECT_NE(refusal("1 2 3; 4 5").find("row 2 has 2 numbers, but row 1 has 3"), std::string::npos);
    EXPECT_NE(refusal("1 2 3; 4").find("row 2 has 1 number, but row 1 has 3"), std::string::npos);
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
    EXPECT_NE(refusal(row).find("at most 999×999 weights; this one has 1×1000"), std::string::npos);
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
