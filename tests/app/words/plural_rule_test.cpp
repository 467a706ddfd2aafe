#include "app/words/plural_rule.h"

#include <gtest/gtest.h>

namespace convlens {
namespace {

std::vector<std::size_t> forms(std::string_view expression, std::size_t count,
                               std::initializer_list<std::uint64_t> numbers) {
    const auto rule = PluralRule::parse(expression, count);
    std::vector<std::size_t> all;
    EXPECT_TRUE(rule.has_value()) << expression;
    if (!rule) return all;
    for (const std::uint64_t n : numbers) all.push_back(rule->form(n));
    return all;
}
using Forms = std::vector<std::size_t>;

// The rules of the GNU gettext manual, "Plural forms".
TEST(PluralRule, ChoosesTheFormAsGettextDoes) {
    EXPECT_EQ(forms("0", 1, {0, 1, 2, 100}), (Forms{0, 0, 0, 0}));
    EXPECT_EQ(forms("n != 1", 2, {0, 1, 2, 21}), (Forms{1, 0, 1, 1}));
    EXPECT_EQ(forms("n>1", 2, {0, 1, 2}), (Forms{0, 0, 1}));
    EXPECT_EQ(forms("n%10==1 && n%100!=11 ? 0 : n != 0 ? 1 : 2", 3, {0, 1, 11, 21, 5}), (Forms{2, 0, 1, 0, 1}));
    EXPECT_EQ(forms("n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2", 3,
                    {1, 2, 5, 11, 12, 22, 25, 101, 112}),
              (Forms{0, 1, 2, 2, 2, 1, 2, 0, 2}));
    EXPECT_EQ(forms("n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5", 6,
                    {0, 1, 2, 3, 110, 111, 200}),
              (Forms{0, 1, 2, 3, 3, 4, 5}));
}

TEST(PluralRule, HasThePrecedenceOfC) {
    EXPECT_EQ(forms("1 + 2 * 3 - 8 / 4 - 1 == 4", 2, {0}), Forms{1});
    EXPECT_EQ(forms("7 - 2 - 1", 5, {0}), Forms{4}) << "from the left";
    EXPECT_EQ(forms("0 && 0 || 1", 2, {0}), Forms{1});
    EXPECT_EQ(forms("1 || 1 && 0", 2, {0}), Forms{1});
    EXPECT_EQ(forms("!n + 1", 3, {0, 7}), (Forms{2, 1}));
    EXPECT_EQ(forms("!(n == 1)", 2, {1, 2}), (Forms{0, 1}));
    EXPECT_EQ(forms("1 < 2 == 1", 2, {0}), Forms{1});
    EXPECT_EQ(forms("n ? n == 1 ? 1 : 2 : 0", 3, {0, 1, 5}), (Forms{0, 1, 2}));
}

TEST(PluralRule, DividesByZeroWithoutHarm) {
    EXPECT_EQ(forms("n / 0", 1, {3}), Forms{0});
    EXPECT_EQ(forms("n % (n - n)", 1, {3}), Forms{0});
    std::string nested = "n";
    for (int i = 0; i < 30; ++i) nested = "n/(" + nested + ")";
    EXPECT_TRUE(PluralRule::parse(nested + " > 5", 2).has_value()) << "and is not slow for being nested";
}

TEST(PluralRule, WhatIsNoRuleIsNone) {
    for (const std::string_view text : {"", " ", "m", "n n", "n +", "(n", "n)", "n ? 1", "n ? 1 :", "n = 1", "1;",
                                        "n & 1", "99999999999999999999", "-1"})
        EXPECT_FALSE(PluralRule::parse(text, 6).has_value()) << text;
    EXPECT_FALSE(PluralRule::parse("n", 2).has_value()) << "more forms than there are";
    EXPECT_FALSE(PluralRule::parse("0", 0).has_value());
    EXPECT_FALSE(PluralRule::parse(std::string(60, '(') + "0" + std::string(60, ')'), 1).has_value()) << "too deep";
    EXPECT_FALSE(PluralRule::parse(std::string(60, '!') + "n", 2).has_value()) << "too deep";
    EXPECT_FALSE(PluralRule::parse(std::string(1001, ' ') + "0", 1).has_value()) << "too long";
}

TEST(PluralRule, LargeNumbersStayWithinTheForms) {
    const auto rule = PluralRule::parse("n > 1000000 ? 7 : 0", 2);
    ASSERT_TRUE(rule.has_value());
    EXPECT_EQ(rule->form(2'000'000), 1U);
    EXPECT_EQ(PluralRule().form(5), 0U);
}

}  // namespace
}  // namespace convlens
