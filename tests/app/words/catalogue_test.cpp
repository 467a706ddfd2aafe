#include "app/words/catalogue.h"

#include <gtest/gtest.h>

namespace convlens {
namespace {

using Pair = std::pair<std::string, std::string>;

constexpr const char* kHead =
    "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=3; plural=n==1 ? 0 : n==2 ? 1 : 2;\n";

std::string number(std::uint32_t value, bool swapped) {
    std::string bytes;
    for (unsigned i = 0; i < 4; ++i) bytes += static_cast<char>(value >> 8 * (swapped ? 3 - i : i) & 0xffU);
    return bytes;
}

// An .mo file as the manual of GNU gettext lays it out ("MO Files"), written by hand.
std::string mo_file(const std::vector<Pair>& entries, bool swapped = false) {
    const auto count = static_cast<std::uint32_t>(entries.size());
    std::string file;
    for (const std::uint32_t value : {0x950412deU, 0U, count, 28U, 28 + 8 * count, 0U, 28 + 16 * count})
        file += number(value, swapped);
    std::string texts;
    for (const bool meanings : {false, true}) {
        for (const Pair& entry : entries) {
            const std::string& text = meanings ? entry.second : entry.first;
            file += number(static_cast<std::uint32_t>(text.size()), swapped);
            file += number(28 + 16 * count + static_cast<std::uint32_t>(texts.size()), swapped);
            texts += text + '\0';
        }
    }
    return file + texts;
}

std::string nul(std::initializer_list<const char*> parts) {
    std::string text;
    for (const char* part : parts) text += (text.empty() ? "" : std::string(1, '\0')) + part;
    return text;
}

const std::vector<Pair> kEntries{
    {"", kHead},
    {"names\4{a} and {b}", "{a} 和 {b}"},
    {"padding", "填充"},
    {nul({"{n} row", "{n} rows"}), nul({"eine", "zwei", "viele"})},
};

std::string problem(const std::string& bytes) { return english(read_catalogue(bytes).problem); }

TEST(Catalogue, FindsTheWordsOfATextInEitherByteOrder) {
    for (const bool swapped : {false, true}) {
        const CatalogueRead read = read_catalogue(mo_file(kEntries, swapped));
        ASSERT_EQ(english(read.problem), "") << swapped;
        EXPECT_EQ(read.words.find(key("padding")), "填充");
        EXPECT_EQ(read.words.find(key_in("names", "{a} and {b}")), "{a} 和 {b}");
        EXPECT_EQ(read.words.find(key("{a} and {b}")), std::nullopt) << "another meaning";
        EXPECT_EQ(read.words.find(key("stride")), std::nullopt);
        EXPECT_EQ(read.words.entries().size(), 3U);
    }
}

TEST(Catalogue, ChoosesTheFormOfThePlural) {
    const Catalogue words = read_catalogue(mo_file(kEntries)).words;
    const Key rows = plural("{n} row", "{n} rows", 1).key;
    EXPECT_EQ(words.find(rows, 1), "eine");
    EXPECT_EQ(words.find(rows, 2), "zwei");
    EXPECT_EQ(words.find(rows, 0), "viele");
    EXPECT_EQ(words.find(rows, -2), "zwei") << "as many";
    EXPECT_EQ(words.find(rows, std::numeric_limits<std::int64_t>::min()), "viele");
    EXPECT_EQ(words.find(key("{n} row")), std::nullopt) << "not the text without a plural";
}

TEST(Catalogue, IsWholeInACopy) {
    Catalogue copy;
    {
        const CatalogueRead read = read_catalogue(mo_file(kEntries));
        copy = read.words;
    }
    EXPECT_EQ(copy.find(key("padding")), "填充");
}

TEST(Catalogue, EveryCutAndEveryFlippedByteIsToldOrHarmless) {
    const std::string whole = mo_file(kEntries);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const CatalogueRead read = read_catalogue(whole.substr(0, size));
        EXPECT_FALSE(read.problem.empty()) << size;
        EXPECT_TRUE(read.words.entries().empty()) << size;
    }
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const char byte : {'\0', '\xff', '\x7f', 'n', '9'}) {
            std::string damaged = whole;
            damaged[at] = byte;
            const CatalogueRead read = read_catalogue(damaged);
            EXPECT_TRUE(read.problem.empty() || read.words.entries().empty()) << at;
            for (const Catalogue::Entry& entry : read.words.entries()) read.words.find(entry.key, 7);
        }
    }
}

TEST(Catalogue, SaysWhatIsWrong) {
    EXPECT_EQ(problem(std::string(40, 'x')), "these bytes are not a catalogue made by GNU msgfmt");
    EXPECT_EQ(problem(""), "the words are damaged: they end at byte 0, where more is announced");
    EXPECT_EQ(problem(mo_file({{"padding", "填充"}})), "the words are damaged: their head is missing");
    EXPECT_EQ(problem(mo_file({{"", "Plural-Forms: nplurals=1; plural=0;\n"}})),
              "the words are not in UTF-8, or do not say so");
    const auto with_plurals = [](const std::string& rule) {
        return problem(mo_file({{"", "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: " + rule + "\n"}}));
    };
    EXPECT_EQ(with_plurals("nplurals=1; plural=0;"), "");
    EXPECT_EQ(with_plurals("nplurals=0; plural=0;"),
              "the words do not say how many plurals their language has, 1 to 16");
    EXPECT_EQ(with_plurals("plural=0;"), "the words do not say how many plurals their language has, 1 to 16");
    EXPECT_EQ(with_plurals("nplurals=2; plural=n+5;"), "the rule for plurals cannot be read: nplurals=2; plural=n+5;");
    std::vector<Pair> entries = kEntries;
    entries[3].second = nul({"eine", "viele"});
    EXPECT_EQ(problem(mo_file(entries)), "the words are damaged: “{n} row” does not have one form for each plural");
    entries = kEntries;
    entries[2].second = "\xff";
    EXPECT_TRUE(problem(mo_file(entries)).ends_with("is not UTF-8 with a zero behind it"));
}

}  // namespace
}  // namespace convlens
