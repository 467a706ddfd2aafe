// Text takes the room it was measured to take, and every sign we print is there.
#include "app/render/type/fonts.h"

#include <cmath>
#include <set>
#include <string>
#include <thread>

#include <convlens_assets.h>
#include <gtest/gtest.h>

#include "app/render/type/typeface.h"
#include "app/words/catalogue.h"
#include "core/text/utf8.h"
#include "tests/app/render/pixels.h"

namespace convlens {
namespace {

// The font that draws the character in this face.
FontId font_having(char32_t character, Face face) {
    std::string utf8;
    append_utf8(utf8, character);
    return Typefaces::of_this_thread().place(utf8, 20, face).front().font;
}

constexpr Face kFaces[] = {Face::text, Face::bold, Face::mono};

TextMark text(std::string words, float size, Face face) {
    TextMark mark;
    mark.text = std::move(words);
    mark.at = {40, 30};
    mark.size = size;
    mark.colour = kBlack;
    mark.face = face;
    return mark;
}

TEST(Fonts, DrawnTextIsAsWideAsMeasured) {
    const auto fonts = make_font_metrics();
    for (const Face face : kFaces)
        for (const float size : {9.0F, 13.3F, 15.0F, 28.0F, 64.0F})
            for (const char* words : {"Hello 0123456789 H", "H×W ≤ ⌊(7 − 3)/2⌋ ∈ H", "N"}) {
                const Rect found = ink(drawn(1600, 120, text(words, size, face)));
                const float width = fonts->text_width(words, size, face);
                // What remains are the side bearings of the first and the last letter.
                EXPECT_GE(found.x, 39) << words;
                EXPECT_LE(found.right(), 40 + width + 1) << words;
                EXPECT_NEAR(found.w, width, 0.22F * size + 1) << words << " " << size;
            }
}

TEST(Fonts, TextStaysBetweenItsAscenderAndDescender) {
    for (const Face face : kFaces)
        for (const float size : {9.0F, 15.0F, 40.0F}) {
            const Rect found = ink(drawn(300, 120, text("Hgjpq|10", size, face)));
            EXPECT_GE(found.y, 29);
            EXPECT_LE(found.bottom(), 30 + size + 1);
            EXPECT_GT(found.h, 0.75F * size);
        }
}

TEST(Fonts, LettersStandOnTheBaseline) {
    for (const Face face : kFaces) {
        const Rect found = ink(drawn(200, 120, text("H", 40, face)));
        EXPECT_EQ(found.bottom(), 30 + text_baseline(40, face));
        EXPECT_EQ(text_baseline(40, face), std::round(text_baseline(40, face)));
    }
}

TEST(Fonts, DigitsAreAsHighAsTheySay) {
    for (const Face face : kFaces) EXPECT_NEAR(ink(drawn(200, 120, text("1", 60, face))).h, digit_height(60, face), 1);
}

TEST(Fonts, NoFaceLacksASignWePrint) {
    constexpr std::u32string_view signs =
        U"0123456789.,:;+-*/=()[]{}<>|%#&'\"!?_ ⌊⌋⌈⌉×÷Σ∑∗·−–—…±°∞≤≥≠≈∈→←↑↓⇒↔√∂"
        U"₀₁₂₃₄₅₆₇₈₉ᵢₒₖₕ²³½αβγδλμσπéüßñøåçÅÖ“”‘’«»•✓✗▶◀▲▼■□●○";
    for (const Face face : kFaces)
        for (const char32_t sign : signs)
            EXPECT_TRUE(Typefaces::of_this_thread().has(sign, face))
                << "U+" << std::hex << static_cast<unsigned>(sign) << " in face " << static_cast<int>(face);
}

TEST(Fonts, ASignNoFontHasIsDrawnAsMissing) {
    constexpr char32_t kPrivate = 0xF1234;
    EXPECT_FALSE(Typefaces::of_this_thread().has(kPrivate, Face::text));
    EXPECT_FALSE(system_font(kPrivate));
    EXPECT_GT(ink(drawn(200, 100, text("\U000F1234", 30, Face::text))).w, 5);
}

TEST(Fonts, EveryCharacterOfTheCataloguesIsInTheProgramsOwnFonts) {
    for (const std::string_view language : assets::words_keys()) {
        const CatalogueRead read = read_catalogue(std::string(assets::words(language)));
        std::set<char32_t> characters;
        for (const Catalogue::Entry& entry : read.words.entries())
            for (std::string_view form : entry.forms)
                while (!form.empty()) characters.insert(take_character(form));
        characters.erase(U'\n');
        EXPECT_GT(characters.size(), 500U) << language;
        for (const char32_t character : characters)
            for (const Face face : kFaces)
                EXPECT_LT(font_having(character, face), kOwnFonts) << std::hex << static_cast<unsigned>(character);
    }
}

TEST(Fonts, WhatPeopleTypeIsTakenFromTheSystem) {
    // Of the scripts that no font of the program has, those that this system can write.
    int written = 0;
    for (const char32_t letter : U"กあ한אع卐𝔸") {
        const auto font = system_font(letter);
        if (letter == 0 || !font) continue;
        ++written;
        EXPECT_GE(*font, kOwnFonts);
        EXPECT_EQ(system_font(letter), font);
        EXPECT_FALSE(font_file(*font).path.empty());
        EXPECT_TRUE(Typefaces::of_this_thread().has(letter, Face::mono));
    }
    if (written == 0) GTEST_SKIP() << "this system has no other font";
}

TEST(Fonts, NumbersAreMonospaced) {
    const auto fonts = make_font_metrics();
    EXPECT_FLOAT_EQ(fonts->text_width("1.11", 20, Face::mono), fonts->text_width("−888", 20, Face::mono));
}

TEST(Fonts, AWidthIsTheSumOfItsParts) {
    const auto fonts = make_font_metrics();
    EXPECT_FLOAT_EQ(fonts->text_width("", 15, Face::text), 0);
    EXPECT_NEAR(fonts->text_width("padding 1", 15, Face::text),
                fonts->text_width("padding", 15, Face::text) + fonts->text_width(" 1", 15, Face::text), 1e-3);
}

TEST(Fonts, EveryThreadMeasuresAlike) {
    const auto fonts = make_font_metrics();
    const float here = fonts->text_width("output ∈ 3×3", 17, Face::bold);
    float there = 0;
    std::thread([&] { there = fonts->text_width("output ∈ 3×3", 17, Face::bold); }).join();
    EXPECT_EQ(here, there);
}

TEST(Fonts, CharactersAreTakenOffUtf8OneByOne) {
    std::string_view text = "aé∈😀";
    EXPECT_EQ(take_character(text), U'a');
    EXPECT_EQ(take_character(text), U'é');
    EXPECT_EQ(take_character(text), U'∈');
    EXPECT_EQ(take_character(text), U'😀');
    EXPECT_TRUE(text.empty());
}

TEST(Fonts, BytesThatAreNoUtf8AreReplacedOneByOne) {
    std::string_view text = "\xFFz\xE2\x88";
    EXPECT_EQ(take_character(text), U'\uFFFD');
    EXPECT_EQ(take_character(text), U'z');
    EXPECT_EQ(take_character(text), U'\uFFFD');
    EXPECT_EQ(take_character(text), U'\uFFFD');
    EXPECT_TRUE(text.empty());
}

}  // namespace
}  // namespace convlens
