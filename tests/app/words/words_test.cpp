#include "app/words/words.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "convlens_assets.h"
#include "core/conv/validate.h"

namespace convlens {
namespace {

std::set<std::string_view> places(std::string_view text) {
    const std::vector<std::string_view> all = places_in(text);
    return {all.begin(), all.end()};
}

TEST(Words, EveryLanguageIsReadAndHasARow) {
    std::vector<std::string_view> codes;
    for (const Language& language : languages()) {
        EXPECT_EQ(language.lang, languages()[static_cast<std::size_t>(language.lang)].lang);
        EXPECT_EQ(english(words_of(language.lang).problem), "") << language.code;
        EXPECT_EQ(words_of(language.lang).words.entries().empty(), language.lang == Lang::english);
        if (language.lang != Lang::english) codes.push_back(language.code);
    }
    std::vector<std::string_view> files = assets::words_keys();
    std::ranges::sort(files);
    std::ranges::sort(codes);
    EXPECT_EQ(files, codes);
}

// A form of a plural may leave its number out; nothing else may be missing, and nothing be there that has no argument.
TEST(Words, TranslationsHaveThePlacesOfTheirTexts) {
    for (const Language& language : languages()) {
        for (const Catalogue::Entry& entry : words_of(language.lang).words.entries()) {
            std::set<std::string_view> wanted = places(entry.key.many.empty() ? entry.key.text : entry.key.many);
            for (const std::string_view form : entry.forms) {
                std::set<std::string_view> found = places(form);
                EXPECT_EQ(std::ranges::count(form, '{'), std::ssize(places_in(form))) << form;
                EXPECT_EQ(std::ranges::count(form, '{'), std::ranges::count(form, '}')) << form;
                if (!entry.key.many.empty()) {
                    wanted.erase("n");
                    found.erase("n");
                }
                EXPECT_EQ(found, wanted) << entry.key.text << "\n" << form;
            }
        }
    }
}

TEST(Words, AMessageIsSaidInSeveralLanguagesAtOnce) {
    LayerShape layer;
    layer.input = {1, 1, 2, 2};
    layer.spec.kernel = {3, 3};
    const Problem problem = validate(layer).front();
    EXPECT_EQ(in(Lang::english, problem.message), "A 3×3 kernel does not fit: the input is only 2×2.");
    EXPECT_EQ(in(Lang::chinese, problem.message), "3×3 的卷积核放不下：输入只有 2×2。");
    EXPECT_EQ(in(Lang::english, problem.message), english(problem.message));
    EXPECT_EQ(in(Lang::english, problem.fixes.front().text), "set padding to 1");
    EXPECT_EQ(in(Lang::chinese, problem.fixes.front().text), "将填充设为 1") << "names within are said so, too";
}

TEST(Words, WhatALanguageLacksStaysEnglish) {
    const Message unknown = msg("{n} of no language", "n"_is(key("padding")));
    EXPECT_EQ(in(Lang::chinese, unknown), "填充 of no language");
    EXPECT_EQ(in(Lang::chinese, plural("{n} row of no language", "{n} rows of no language", 2)),
              "2 rows of no language");
    EXPECT_EQ(in(Lang::chinese, verbatim("padding")), "padding") << "the user's own words";
    EXPECT_EQ(in(Lang::chinese, {}), "");
}

}  // namespace
}  // namespace convlens
