#include "core/text/typed_number.h"

#include <gtest/gtest.h>

namespace convlens {
namespace {

TEST(ParseWhole, TakesWholeNumbersHoweverTheyAreWritten) {
    EXPECT_EQ(parse_whole("3").value, 3);
    EXPECT_EQ(parse_whole(" -3 ").value, -3);
    EXPECT_EQ(parse_whole("\u22123").value, -3);
    EXPECT_EQ(parse_whole("+3").value, 3);
    EXPECT_EQ(parse_whole("3.0").value, 3);
    EXPECT_EQ(parse_whole("1e3").value, 1000);
    for (const char* text : {"3", " -3 ", "\u22123", "+3", "3.0", "1e3"}) EXPECT_TRUE(parse_whole(text).ok()) << text;
}

TEST(ParseWhole, RefusesTheRestWithAReason) {
    for (const char* text :
         {"", "  ", "two", "nan", "inf", "-inf", "1e30", "1e400", "3 3", "0x10", "--3", "1.2.3", "+"})
        EXPECT_FALSE(parse_whole(text).ok()) << text;
}

TEST(ParseWhole, NamesTheWholeNumbersBesideAFraction) {
    EXPECT_EQ(parse_whole("2.5").near, (std::vector<std::int64_t>{2, 3}));
    EXPECT_EQ(parse_whole("2,7").near, (std::vector<std::int64_t>{3, 2}));
    EXPECT_EQ(parse_whole("-0.2").near, (std::vector<std::int64_t>{0, -1}));
}

TEST(ParseWhole, SaysWhatIsWrongAndWhatWorks) {
    const auto reason = [](std::string_view text) { return english(parse_whole(text).reason); };
    EXPECT_EQ(reason(""), "Type a whole number.");
    EXPECT_EQ(reason("two"), "“two” is not a number. Type a whole number.");
    EXPECT_EQ(reason("2.5"), "2.5 is not a whole number; use 2 or 3.");
    EXPECT_EQ(reason("-2.5"), "-2.5 is not a whole number; use \u22123 or \u22122.");
    EXPECT_EQ(reason("1e30"), "1e30 is too large; the limit is 1e15.");
    EXPECT_EQ(reason("-inf"), "-inf is too small; the limit is −1e15.");
}

TEST(ParseReal, TakesWhatACellMayHold) {
    EXPECT_EQ(parse_real("-0.5").value, -0.5);
    EXPECT_EQ(parse_real("\u22120,5").value, -0.5);
    EXPECT_EQ(parse_real("1/4").value, 0.25);
    EXPECT_EQ(parse_real("-1 / 8").value, -0.125);
    EXPECT_EQ(parse_real(".5").value, 0.5);
    EXPECT_EQ(parse_real("1e-400").value, 0) << "smaller than any double";
    for (const char* text : {"-0.5", "\u22120,5", "1/4", "-1 / 8", ".5", "1e-400"})
        EXPECT_TRUE(parse_real(text).ok()) << text;
}

TEST(ParseReal, RefusesNotANumberAndInfinities) {
    for (const char* text : {"", "nan", "-nan", "NaN", "inf", "1e999", "1/0", "1/", "/2", "one", "1,2,3", "1/2/3"})
        EXPECT_FALSE(parse_real(text).ok()) << text;
}

TEST(ParseReal, SaysWhatIsWrongAndWhatWorks) {
    const auto reason = [](std::string_view text) { return english(parse_real(text).reason); };
    EXPECT_EQ(reason(" "), "Type a number.");
    EXPECT_EQ(reason("one"), "“one” is not a number. Type one such as 2, −0.5, 1e-3 or 1/9.");
    EXPECT_EQ(reason("1/0"), "1/0 divides by zero.");
    EXPECT_TRUE(reason("nan").starts_with("NaN is not allowed"));
    EXPECT_TRUE(reason("1e999").starts_with("An infinite value is not allowed"));
}

TEST(FieldText, ReadsBackAsTheSameNumber) {
    for (const double value : {0.0, 0.1, 1.0 / 3, -12345.678, 1e-300, 1e300})
        EXPECT_EQ(parse_real(field_text(value)).value, value);
}

}  // namespace
}  // namespace convlens
