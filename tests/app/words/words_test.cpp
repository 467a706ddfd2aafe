#include "app/words/words.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "app/words/chinese.h"
#include "convlens_assets.h"
#include "core/conv/validate.h"
#include "core/import/import.h"

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

// A place may hold Chinese or digits: the blank beside it is there for these alone.
TEST(Words, ChineseHasABlankBesideLatinLettersAndDigitsAlone) {
    const auto joined = [](std::initializer_list<std::string_view> parts) {
        std::string words;
        for (const std::string_view part : parts) join_chinese(words, part);
        return words;
    };
    EXPECT_EQ(joined({"保留 ", "3×3", " 的卷积核"}), "保留 3×3 的卷积核");
    EXPECT_EQ(joined({"保留 ", "自动", " 的值"}), "保留自动的值");
    EXPECT_EQ(joined({"将", "步长", "设为", "4"}), "将步长设为 4");
    EXPECT_EQ(joined({"将", "ceil_mode", "设为", "开"}), "将 ceil_mode 设为开");
    EXPECT_EQ(joined({"填充", " ", "（零）"}), "填充（零）");
    EXPECT_EQ(joined({"", "甲", " ", "乙", ""}), "甲乙");
    EXPECT_EQ(joined({"a", " ", "b"}), "a b");
    EXPECT_EQ(joined({" 至此", " = ", "−3"}), " 至此 = −3") << "signs are as they are written";
    EXPECT_EQ(in(Lang::chinese, msg("keep {value}", "value"_is(key("automatic")))), "保留自动");
    EXPECT_EQ(in(Lang::chinese, msg("keep {value}", "value"_is("5"))), "保留 5");
    EXPECT_EQ(in(Lang::english, msg("keep {value}", "value"_is("中"))), "keep 中");
}

// What a translation has between its places keeps to the same.
TEST(Words, TranslationsHaveNoBlankBetweenChineseCharacters) {
    for (const Catalogue::Entry& entry : words_of(Lang::chinese).words.entries())
        for (const std::string_view form : entry.forms) {
            std::string words;
            for (std::string_view rest = form; !rest.empty();) {
                std::size_t end = 1;
                while (end < rest.size() && (static_cast<unsigned char>(rest[end]) & 0xC0) == 0x80) ++end;
                join_chinese(words, rest.substr(0, end));
                rest.remove_prefix(end);
            }
            EXPECT_EQ(words, form);
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

// What the reader of pasted layers says, in the words of both languages.
std::vector<std::pair<std::string, std::string>> said_of(std::string_view pasted) {
    std::vector<Message> said;
    try {
        said = import_layer(pasted).notes;
    } catch (const ImportError& error) {
        said = {error.words()};
        EXPECT_EQ(in(Lang::english, said.front()), error.what());
    }
    std::vector<std::pair<std::string, std::string>> both;
    for (const Message& each : said) both.emplace_back(in(Lang::english, each), in(Lang::chinese, each));
    return both;
}

TEST(Words, ThePastedTextIsQuotedWithinTheSentencesOfALanguage) {
    using Said = std::vector<std::pair<std::string, std::string>>;
    EXPECT_EQ(said_of("nn.Conv2d(3, 8, 3, strid=2)"),
              (Said{{"line 1, column 26: strid is not an argument of nn.Conv2d; did you mean stride?",
                     "第 1 行第 26 列：strid 不是 nn.Conv2d 的参数；是否想写 stride？"}}));
    EXPECT_EQ(said_of("nn.Conv2d(3, 8, [3, 3, 3])"),
              (Said{{"line 1, column 17: kernel_size of nn.Conv2d: has 3 numbers; write one, or two: rows, columns",
                     "第 1 行第 17 列：nn.Conv2d 的 kernel_size：有 3 个数；应写 1 个，或 2 个：行、列"}}));
    EXPECT_EQ(said_of("nn.Conv2d(3, 8, 3)"),
              (Said{{"the input's size is not told; 5×5 was taken", "未给出输入的尺寸；已采用 5×5"}}));
    const Said flipped = said_of("y = F.conv2d(x, w.flip(2))");
    ASSERT_FALSE(flipped.empty());
    EXPECT_EQ(flipped.front().second,
              "F.conv2d 的 weight 之前被 w.flip(...) 改变，未能跟踪：它的数值以及对该层的影响已忽略");
}

// No sentence of a text as people paste it is left in English.
TEST(Words, WhatIsSaidOfPastedLayersIsInEveryLanguage) {
    for (const std::string_view pasted :
         {"nn.Conv2d(3, 8, 3, padding=True)", "nn.Conv2d(3, 8, 3, padding=p)", "nn.Conv2d(3, 8, 3.5)",
          "nn.Conv2d(3, 8, (3", "nn.Conv2d(3, 8, 3, padding='sam')", "nn.Conv3d(3, 8, 3)", "nn.Linear(3, 8)",
          "import mxnet\nmxnet.nn.Conv2D(3)", "y = signal.convolve2d(a, [[1, 2], [3]])", "y = conv2(A, [1 2; 3 m])",
          "y = F.conv2d(x / 255, w, b) * 2", "for i in range(3):\n    x = F.conv2d(x, w)",
          "k = f(3)\nk.sort()\ny = cv2.filter2D(img, -1, k)",
          "nn.Sequential(nn.ZeroPad2d(p), nn.Conv2d(3, 8, 3), nn.Upsample(2))",
          "y = F.conv2d(F.pad(x, (1, 2, 3, 4)), w)[..., 1:]",
          "MaxPool(kernel_shape=[3, 3], dilations=[2, 2], auto_pad='SAME_UPPER')",
          "keras.layers.Conv2D(8, 3, strides=2, dilation_rate=2)\nkeras.layers.Conv2D(4, 3)"}) {
        const auto said = said_of(pasted);
        EXPECT_FALSE(said.empty()) << pasted;
        for (const auto& [words, chinese] : said) {
            EXPECT_NE(words, chinese) << pasted;
            EXPECT_EQ(chinese.find_first_of("{}"), std::string::npos) << chinese;
            for (const std::string_view word : {" the ", " is ", " was ", " of ", " not "})
                EXPECT_EQ(chinese.find(word), std::string::npos) << pasted << "\n" << chinese;
        }
    }
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
