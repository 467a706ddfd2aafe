#include "core/text/line_parts.h"

#include <cstddef>

namespace convlens {

namespace {

struct Character {
    char32_t code = 0;
    std::size_t size = 1;  // bytes
};

// The character that begins at `at`; a byte that begins none stands for itself.
Character character_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(at);
    const std::size_t size = first < 0xC0U ? 1 : first < 0xE0U ? 2 : first < 0xF0U ? 3 : 4;
    if (size == 1 || at + size > text.size()) return {first, 1};
    char32_t code = first & (0x7FU >> size);
    for (std::size_t i = 1; i < size; ++i) code = code << 6U | (byte(at + i) & 0x3FU);
    return {code, size};
}

// Ideographs, kana, Hangul, and the punctuation that goes with them.
bool is_cjk(char32_t c) {
    return (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7AF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0xFE30 && c <= 0xFE4F) || (c >= 0xFF00 && c <= 0xFFEF) || (c >= 0x20000 && c <= 0x3FFFF);
}

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_blank(char32_t c) { return c == U' ' || c == U'\n'; }

bool closes(char32_t c) {
    return std::u32string_view(U"。，、；：！？）》」』】〉〕”’…—·％.,;:!?)]}%").find(c) != std::u32string_view::npos;
}
bool opens(char32_t c) { return std::u32string_view(U"（《「『【〈〔“‘([{").find(c) != std::u32string_view::npos; }

constexpr char32_t kOrdinal = U'第';  // before the number of a row: 第 3 行

// Between a number and what it counts or is counted by. `before` and `after` stand beside each other or a blank.
bool counts(char32_t before, char32_t after) {
    return (is_digit(before) && is_cjk(after)) || (before == kOrdinal && is_digit(after));
}

bool may_end_between(char32_t before, char32_t after) {
    return (is_cjk(before) || is_cjk(after)) && !closes(after) && !opens(before) && !counts(before, after);
}

}  // namespace

std::vector<std::string_view> line_parts(std::string_view text) {
    std::vector<std::string_view> parts;
    std::size_t begin = 0;
    char32_t before = 0, printed = 0;  // the character before, and the last one that was no blank
    for (std::size_t at = 0; at < text.size();) {
        const Character now = character_at(text, at);
        bool ends = false;
        if (before == U'\n')
            ends = true;
        else if (before == U' ')
            ends = !is_blank(now.code) && !counts(printed, now.code);
        else if (at > 0 && !is_blank(now.code))
            ends = may_end_between(before, now.code);
        if (ends) {
            parts.push_back(text.substr(begin, at - begin));
            begin = at;
        }
        before = now.code;
        if (!is_blank(now.code)) printed = now.code;
        at += now.size;
    }
    if (begin < text.size()) parts.push_back(text.substr(begin));
    return parts;
}

}  // namespace convlens
