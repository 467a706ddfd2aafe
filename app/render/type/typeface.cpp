#include "app/render/type/typeface.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <unordered_map>
#include <utility>

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

#include "core/io/error.h"

namespace convlens {

namespace {

// A font, its glyphs and its sizes as they are asked for.
struct Source {
    struct Scaled {
        float per_unit = 0;  // pixels
        float ascender = 0;  // pixels
    };
    FT_Face face = nullptr;  // null: it cannot be read
    std::unordered_map<FT_UInt, Glyph> glyphs;
    std::unordered_map<std::uint32_t, Scaled> sizes;  // by size in 1/64 pixel
};

constexpr int kFaces = 3;

// Collects what FT_Outline_Decompose walks through.
struct OutlineCollector {
    std::vector<OutlineStep> steps;
    Point at;

    static Point point(const FT_Vector* v) { return {static_cast<float>(v->x), static_cast<float>(v->y)}; }
    static OutlineCollector& of(void* user) { return *static_cast<OutlineCollector*>(user); }

    void close() {
        if (!steps.empty()) steps.push_back({OutlineStep::Kind::close, {}, {}, {}});
    }
    void add(OutlineStep step, Point end) {
        steps.push_back(step);
        at = end;
    }
    static int move(const FT_Vector* to, void* user) {
        of(user).close();
        of(user).add({OutlineStep::Kind::move, point(to), {}, {}}, point(to));
        return 0;
    }
    static int line(const FT_Vector* to, void* user) {
        of(user).add({OutlineStep::Kind::line, point(to), {}, {}}, point(to));
        return 0;
    }
    static int conic(const FT_Vector* control, const FT_Vector* to, void* user) {
        const Point q = point(control);
        const Point p = of(user).at;
        const Point e = point(to);
        const Point a{p.x + (q.x - p.x) * 2 / 3, p.y + (q.y - p.y) * 2 / 3};
        const Point b{e.x + (q.x - e.x) * 2 / 3, e.y + (q.y - e.y) * 2 / 3};
        of(user).add({OutlineStep::Kind::cubic, a, b, e}, e);
        return 0;
    }
    static int cubic(const FT_Vector* a, const FT_Vector* b, const FT_Vector* to, void* user) {
        of(user).add({OutlineStep::Kind::cubic, point(a), point(b), point(to)}, point(to));
        return 0;
    }
};

const Glyph& load(Source& source, FT_UInt index) {
    const auto known = source.glyphs.find(index);
    if (known != source.glyphs.end()) return known->second;
    Glyph glyph;
    if (FT_Load_Glyph(source.face, index, FT_LOAD_NO_SCALE | FT_LOAD_NO_BITMAP) == 0) {
        glyph.advance = static_cast<float>(source.face->glyph->metrics.horiAdvance);
        OutlineCollector collector;
        FT_Outline_Funcs funcs{};
        funcs.move_to = OutlineCollector::move;
        funcs.line_to = OutlineCollector::line;
        funcs.conic_to = OutlineCollector::conic;
        funcs.cubic_to = OutlineCollector::cubic;
        FT_Outline_Decompose(&source.face->glyph->outline, &funcs, &collector);
        collector.close();
        glyph.outline = std::move(collector.steps);
    }
    return source.glyphs.emplace(index, std::move(glyph)).first->second;
}

// FreeType decides what a size is, rounding and all, because it does for the screen too.
const Source::Scaled& scaled(Source& source, float size) {
    const auto key = static_cast<std::uint32_t>(std::max(size, 1.0F) * 64);
    const auto known = source.sizes.find(key);
    if (known != source.sizes.end()) return known->second;
    if (source.sizes.size() > 4096) source.sizes.clear();  // a long zoom
    FT_Size_RequestRec request{FT_SIZE_REQUEST_TYPE_REAL_DIM, 0, static_cast<FT_Long>(key), 0, 0};
    Source::Scaled result;
    if (FT_Request_Size(source.face, &request) == 0) {
        const FT_Size_Metrics& metrics = source.face->size->metrics;
        result.per_unit = static_cast<float>(metrics.x_scale) / 65536.0F / 64.0F;
        result.ascender = std::round(static_cast<float>(metrics.ascender) / 64.0F);
    }
    return source.sizes.emplace(key, result).first->second;
}

// The bytes that follow the first one of a UTF-8 sequence, and the bits that it carries; -1: not a first byte.
int followers(unsigned char first, char32_t& bits) {
    if (first < 0x80) return bits = first, 0;
    if (first >= 0xC2 && first < 0xE0) return bits = first & 0x1FU, 1;
    if (first >= 0xE0 && first < 0xF0) return bits = first & 0x0FU, 2;
    if (first >= 0xF0 && first < 0xF5) return bits = first & 0x07U, 3;
    return -1;
}

}  // namespace

FT_Face open_font(FT_LibraryRec_* library, FontId font) {
    const FontFile& file = font_file(font);
    FT_Face face = nullptr;
    const FT_Error error = file.path.empty()
                               ? FT_New_Memory_Face(library, reinterpret_cast<const FT_Byte*>(file.bytes.data()),
                                                    static_cast<FT_Long>(file.bytes.size()), file.face, &face)
                               : FT_New_Face(library, file.path.c_str(), file.face, &face);
    return error == 0 ? face : nullptr;
}

char32_t take_character(std::string_view& text) {
    constexpr char32_t replacement = 0xFFFD;
    char32_t character = 0;
    const int more = followers(static_cast<unsigned char>(text[0]), character);
    if (more < 0 || static_cast<std::size_t>(more) >= text.size()) {
        text.remove_prefix(1);
        return replacement;
    }
    for (int i = 1; i <= more; ++i) {
        const auto byte = static_cast<unsigned char>(text[static_cast<std::size_t>(i)]);
        if ((byte & 0xC0U) != 0x80) {
            text.remove_prefix(1);
            return replacement;
        }
        character = character << 6U | (byte & 0x3FU);
    }
    text.remove_prefix(static_cast<std::size_t>(more) + 1);
    return character;
}

struct Typefaces::Impl {
    struct Found {
        FontId font = own_font::inter;
        FT_UInt index = 0;
        const Glyph* glyph = nullptr;
        bool missing = false;
    };

    FT_Library library = nullptr;
    std::map<FontId, Source> sources;
    std::array<std::unordered_map<char32_t, Found>, kFaces> found;

    Impl() {
        if (FT_Init_FreeType(&library) != 0) throw SaidError(msg("The library for fonts, FreeType, does not start."));
        for (FontId font = 0; font < kOwnFonts; ++font)
            if (source(font).face == nullptr) throw SaidError(msg("A font of the program cannot be read."));
    }
    ~Impl() { FT_Done_FreeType(library); }  // takes the faces along
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    Source& source(FontId font) {
        const auto known = sources.find(font);
        if (known != sources.end()) return known->second;
        Source& made = sources[font];
        made.face = open_font(library, font);
        return made;
    }
    Source& first(Face face) { return source(fonts_of(face).front()); }

    // Where the program's own fonts and the system's are asked in turn; glyph 0 where none has it.
    std::pair<FontId, FT_UInt> look_for(char32_t character, Face face) {
        for (const FontId font : fonts_of(face))
            if (const FT_UInt index = FT_Get_Char_Index(source(font).face, character)) return {font, index};
        const auto font = system_font(character);
        if (!font || source(*font).face == nullptr) return {fonts_of(face).front(), 0};
        const FT_UInt index = FT_Get_Char_Index(source(*font).face, character);
        return {index != 0 ? *font : fonts_of(face).front(), index};
    }

    const Found& find(char32_t character, Face face) {
        auto& known = found[static_cast<std::size_t>(face)];
        const auto hit = known.find(character);
        if (hit != known.end()) return hit->second;
        const auto [font, index] = look_for(character, face);
        // Glyph 0 is the font's own sign for a missing one.
        return known.emplace(character, Found{font, index, &load(source(font), index), index == 0}).first->second;
    }
};

Typefaces::Typefaces() : impl_(std::make_unique<Impl>()) {}
Typefaces::~Typefaces() = default;

Typefaces& Typefaces::of_this_thread() {
    thread_local Typefaces faces;
    return faces;
}

float Typefaces::width(std::string_view text, float size, Face face) {
    float width = 0;
    while (!text.empty()) {
        const Impl::Found& found = impl_->find(take_character(text), face);
        width += found.glyph->advance * scaled(impl_->source(found.font), size).per_unit;
    }
    return width;
}

float Typefaces::baseline(float size, Face face) { return scaled(impl_->first(face), size).ascender; }

float Typefaces::digit_height(float size, Face face) {
    // The foot and head of a '1' are flat: no overshoot as a '0' has.
    float top = 0;
    for (const OutlineStep& step : impl_->find(U'1', face).glyph->outline)
        if (step.kind != OutlineStep::Kind::close) top = std::max(top, step.a.y);
    return top * scaled(impl_->first(face), size).per_unit;
}

float Typefaces::em(float size, FontId font) {
    Source& source = impl_->source(font);
    return scaled(source, size).per_unit * static_cast<float>(source.face->units_per_EM);
}

std::vector<PlacedGlyph> Typefaces::place(std::string_view text, float size, Face face) {
    std::vector<PlacedGlyph> glyphs;
    glyphs.reserve(text.size());
    float x = 0;
    while (!text.empty()) {
        const std::size_t before = text.size();
        const Impl::Found& found = impl_->find(take_character(text), face);
        const float scale = scaled(impl_->source(found.font), size).per_unit;
        glyphs.push_back({found.glyph, x, scale, found.font, found.index, static_cast<int>(before - text.size())});
        x += found.glyph->advance * scale;
    }
    return glyphs;
}

bool Typefaces::has(char32_t character, Face face) { return !impl_->find(character, face).missing; }

}  // namespace convlens
