// Sentences keep to their width, lose no word while there are lines for them, and are cut at whole characters.
#include "app/views/wrapped_text.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/core/random_layer.h"

namespace convlens {
namespace {

// Every character is half as wide as high.
class Blocks : public FontMetrics {
public:
    float text_width(std::string_view text, float size, Face) const override {
        float count = 0;
        for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) == 0x80U ? 0.0F : 1.0F;
        return count * size / 2;
    }
    Box formula_box(std::string_view, float) const override { return {}; }
};

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += (text.empty() ? "" : " ") + line;
    return text;
}

TEST(WrappedText, KeepsItsWordsAndItsWidth) {
    const Blocks fonts;
    Random random(3);
    for (int i = 0; i < 300 && !HasFailure(); ++i) {
        std::string text;
        for (std::int64_t words = random.from(1, 20); words > 0; --words)
            text += (text.empty() ? "" : " ") + std::string(static_cast<std::size_t>(random.from(1, 9)), 'x');
        const auto width = static_cast<float>(random.from(9, 60)) * 5;
        const std::vector<std::string> lines = lines_of(text, width, 100, 10, fonts);
        EXPECT_EQ(joined(lines), text);
        for (std::size_t at = 0; at < lines.size(); ++at) {
            EXPECT_LE(fonts.text_width(lines[at], 10, Face::text), width);
            if (at + 1 == lines.size()) continue;
            const std::string with_next = lines[at] + " " + lines[at + 1].substr(0, lines[at + 1].find(' '));
            EXPECT_GT(fonts.text_width(with_next, 10, Face::text), width) << "the next word had no room";
        }
    }
}

TEST(WrappedText, TheLastLineIsCutWhereThereAreTooFew) {
    const Blocks fonts;
    EXPECT_EQ(lines_of("one two three four", 40, 2, 10, fonts), (std::vector<std::string>{"one two", "three f…"}));
    EXPECT_EQ(lines_of("one", 40, 1, 10, fonts), (std::vector<std::string>{"one"}));
    EXPECT_TRUE(lines_of("", 40, 3, 10, fonts).empty());
}

TEST(WrappedText, AWordThatIsTooLongIsCutAtAWholeCharacter) {
    const Blocks fonts;
    EXPECT_EQ(lines_of("Eingangskanäle zählen", 60, 3, 10, fonts),
              (std::vector<std::string>{"Eingangskan…", "zählen"}));
    EXPECT_EQ(fitting("卷积核大小", 10, 20, Face::text, fonts), "卷积核…");
}

// A full stop is never alone at the beginning of a line, and 3 行 stay together.
TEST(WrappedText, ChineseBreaksBetweenCharacters) {
    const Blocks fonts;
    EXPECT_EQ(lines_of("读取次数相同。输入 3 行。", 30, 9, 10, fonts),
              (std::vector<std::string>{"读取次数相", "同。输入", "3 行。"}));
    EXPECT_EQ(lines_of("读取次数相同。", 30, 9, 10, fonts), (std::vector<std::string>{"读取次数相", "同。"}));
}

TEST(WrappedText, StandsLineBelowLineFromTheTop) {
    Scene scene;
    const float height = add_lines(scene, {Part::title, 2, 0, 0, -3}, {"a", "b"}, {10, 20, 100, 50}, 10, {});
    ASSERT_EQ(scene.marks.size(), 2U);
    const auto& first = std::get<TextMark>(scene.marks[0]);
    const auto& second = std::get<TextMark>(scene.marks[1]);
    EXPECT_EQ(first.at, (Point{60, 20}));
    EXPECT_EQ(second.at, (Point{60, 20 + wrapped_line(10)}));
    EXPECT_EQ(height, 2 * wrapped_line(10));
    EXPECT_NE(first.id, second.id);
}

}  // namespace
}  // namespace convlens
