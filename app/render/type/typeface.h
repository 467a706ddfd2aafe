// Glyphs as outlines in font units, whatever the size: what FontMetrics measures is what the painter draws. The faces
// come out of the program's own bytes; each has others behind it for what it lacks.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "app/scene/scene.h"

namespace convlens {

// A piece of an outline, y up. The last point used is where the piece ends.
struct OutlineStep {
    enum class Kind : std::uint8_t { move, line, cubic, close };
    Kind kind = Kind::move;
    Point a, b, c;  // move, line: a; cubic: controls a and b, end c
};

struct Glyph {
    float advance = 0;
    std::vector<OutlineStep> outline;
};

// The fonts that are compiled into the program.
enum class FontFile : std::uint8_t { inter, inter_semibold, jetbrains_mono, dejavu_sans, dejavu_sans_mono };
inline constexpr int kFontFiles = 5;
std::string_view bytes_of(FontFile file);
// The first one that a face takes its glyphs from.
FontFile font_of(Face face);

// One character of a laid out text. `scale` is pixels per font unit, `x` pixels from the text's start.
struct PlacedGlyph {
    const Glyph* glyph = nullptr;
    float x = 0;
    float scale = 0;
    FontFile file = FontFile::inter;
    std::uint32_t index = 0;  // of the glyph in the file
    int bytes = 0;            // of the text that it stands for
};

class Typefaces {
public:
    // FreeType's faces belong to one thread, so every thread has its own.
    static Typefaces& of_this_thread();

    Typefaces();
    ~Typefaces();
    Typefaces(const Typefaces&) = delete;
    Typefaces& operator=(const Typefaces&) = delete;

    // `size` is that of TextMark: pixels from the ascender to the descender line, as Dear ImGui sizes its fonts.
    float width(std::string_view text, float size, Face face);
    float baseline(float size, Face face);
    float digit_height(float size, Face face);
    // The size of the font itself: pixels of its em.
    float em(float size, FontFile file);
    // The glyphs stay valid as long as the thread lives.
    std::vector<PlacedGlyph> place(std::string_view text, float size, Face face);
    // Whether the face or one behind it has the character.
    bool has(char32_t character, Face face);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// Takes the first character off UTF-8 `text`, which must not be empty. Bytes that are no UTF-8 give U+FFFD one by one.
char32_t take_character(std::string_view& text);

}  // namespace convlens
