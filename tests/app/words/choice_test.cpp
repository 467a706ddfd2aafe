#include "app/words/choice.h"

#include <gtest/gtest.h>

namespace convlens {
namespace {

TEST(LanguageChoice, WhatIsAskedForGoesBeforeWhatIsKeptAndThatBeforeTheSystems) {
    constexpr auto kEnglish = Lang::english, kChinese = Lang::chinese;
    EXPECT_EQ(window_language(kEnglish, kChinese, "zh_CN.UTF-8"), kEnglish);
    EXPECT_EQ(window_language(kChinese, kEnglish, "en_GB.UTF-8"), kChinese);
    EXPECT_EQ(window_language({}, kEnglish, "zh_CN.UTF-8"), kEnglish);
    EXPECT_EQ(window_language({}, kChinese, "C"), kChinese);
    EXPECT_EQ(window_language({}, {}, "zh_CN.UTF-8"), kChinese);
    EXPECT_EQ(window_language({}, {}, "de_DE.UTF-8"), kEnglish);
    EXPECT_EQ(window_language({}, {}, ""), kEnglish);
}

TEST(LanguageChoice, ALocaleIsItsLanguageWhateverFollows) {
    for (const char* locale : {"zh", "zh_CN", "zh_TW.UTF-8", "zh.UTF-8", "zh_SG@pinyin"})
        EXPECT_EQ(language_of_locale(locale), Lang::chinese) << locale;
    for (const char* locale : {"", "C", "POSIX", "C.UTF-8", "zhx_CN", "de_DE"})
        EXPECT_EQ(language_of_locale(locale), std::nullopt) << locale;
}

TEST(LanguageChoice, CodesAreThoseOfTheLanguages) {
    for (const Lang lang : {Lang::english, Lang::chinese}) EXPECT_EQ(language_of_code(code_of(lang)), lang);
    EXPECT_EQ(language_of_code("fr"), std::nullopt);
    EXPECT_EQ(language_of_code(""), std::nullopt);
}

}  // namespace
}  // namespace convlens
