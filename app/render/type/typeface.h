// Glyphs as outlines in font units, whatever the size: what FontMetrics measures is what the painter draws. Which fonts a
// face takes them from: font_files.h.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "app/render/type/font_files.h"
#include "app/scene/scene.h"

struct FT_FaceRec_;
struct FT_LibraryRec_;

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

// One character of a laid out text. `scale` is pixels per font unit, `x` pixels from the text's start.
struct PlacedGlyph {
    const Glyph* glyph = nullptr;
    float x = 0;
    float scale = 0;
    FontId font = own_font::inter;
    std::uint32_t index = 0;  // of the glyph in the font
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
    // The size of a font itself: pixels of its em.
    float em(float size, FontId font);
    // The glyphs stay valid as long as the thread lives.
    std::vector<PlacedGlyph> place(std::string_view text, float size, Face face);
    // Whether the face has the character, one of the system's fonts behind it included.
    bool has(char32_t character, Face face);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// FreeType's face of a font, which belongs to the library; null where the file cannot be read.
FT_FaceRec_* open_font(FT_LibraryRec_* library, FontId font);

// Takes the first character off UTF-8 `text`, which must not be empty. Bytes that are no UTF-8 give U+FFFD one by one.
char32_t take_character(std::string_view& text);

}  // namespace convlens
