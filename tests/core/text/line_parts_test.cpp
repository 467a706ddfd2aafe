// Lines of Chinese end where its readers expect it; those of English at blanks alone.
#include "core/text/line_parts.h"

#include <string>

#include <gtest/gtest.h>

namespace convlens {
namespace {

using Parts = std::vector<std::string_view>;

TEST(LineParts, OfEnglishAreWords) {
    EXPECT_EQ(line_parts("one, two (or 3 rows)."), (Parts{"one, ", "two ", "(or ", "3 ", "rows)."}));
    EXPECT_EQ(line_parts("in /home/a,b.png\n"), (Parts{"in ", "/home/a,b.png\n"}));
    EXPECT_EQ(line_parts("a  b"), (Parts{"a  ", "b"}));
    EXPECT_TRUE(line_parts("").empty());
}

TEST(LineParts, OfChineseAreCharactersWithTheirPunctuation) {
    EXPECT_EQ(line_parts("读取次数全部相同。"), (Parts{"读", "取", "次", "数", "全", "部", "相", "同。"}));
    EXPECT_EQ(line_parts("卷积（conv2）的核"), (Parts{"卷", "积", "（conv2）", "的", "核"}));
    EXPECT_EQ(line_parts("“补零”等"), (Parts{"“补", "零”", "等"}));
}

TEST(LineParts, KeepNumbersWithWhatTheyCount) {
    EXPECT_EQ(line_parts("输入的第 3 行"), (Parts{"输", "入", "的", "第 3 行"}));
    EXPECT_EQ(line_parts("共 12 个格子"), (Parts{"共 ", "12 个", "格", "子"}));
    EXPECT_EQ(line_parts("最多5行。"), (Parts{"最", "多", "5行。"}));
}

TEST(LineParts, AreTheWholeText) {
    for (const std::string text : {"步长 2：27 和 28 都缩小为 14。", "a\n\nb ", " \xE5\x8D", "\xFF\xFE a"}) {
        std::string joined;
        for (const std::string_view part : line_parts(text)) joined += part;
        EXPECT_EQ(joined, text);
    }
}

}  // namespace
}  // namespace convlens
