#include "core/text/printable.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace convlens {

namespace {

// One character of UTF-8: its code and its length in bytes.
struct Character {
    std::uint32_t code;
    std::size_t length;
};

// Bytes that follow a first byte of this value; nullopt for one that begins no character.
std::optional<std::size_t> followers(unsigned char first) {
    if (first < 0x80) return 0;
    if (first >= 0xc2 && first <= 0xdf) return 1;
    if (first >= 0xe0 && first <= 0xef) return 2;
    if (first >= 0xf0 && first <= 0xf4) return 3;
    return std::nullopt;
}

// The character that `text` begins with; nullopt if it begins with a byte that is not UTF-8 there. Surrogates, codes
// beyond U+10FFFF and codes in more bytes than they need are not UTF-8.
std::optional<Character> first_character(std::string_view text) {
    constexpr std::array<std::uint32_t, 4> kLeast = {0, 0x80, 0x800, 0x10000};
    const auto first = static_cast<unsigned char>(text[0]);
    const auto count = followers(first);
    if (!count || text.size() <= *count) return std::nullopt;
    std::uint32_t code = *count == 0 ? first : first & (0x3fU >> *count);
    for (std::size_t i = 1; i <= *count; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xc0U) != 0x80) return std::nullopt;
        code = code << 6 | (byte & 0x3fU);
    }
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    if (code < kLeast[*count] || code > 0x10ffff || surrogate) return std::nullopt;
    return Character{code, *count + 1};
}

// Characters that are not seen but change what is seen around them: C0 and C1 controls, DEL, line and paragraph
// separators, marks that turn the direction of writing, characters of no width and the tags that hide text.
bool is_obeyed(std::uint32_t code) {
    constexpr std::pair<std::uint32_t, std::uint32_t> kRanges[] = {
        {0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},     {0x61c, 0x61c},   {0x180e, 0x180e}, {0x200b, 0x200b},
        {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
    };
    return std::ranges::any_of(kRanges, [code](auto range) { return code >= range.first && code <= range.second; });
}

std::string escaped(std::uint32_t code) {
    switch (code) {
        case '\n': return "\\n";
        case '\r': return "\\r";
        case '\t': return "\\t";
        default: return code < 0x80 ? fmt::format("\\x{:02x}", code) : fmt::format("\\u{:04x}", code);
    }
}

// The text in pieces of which each is shown or left out as a whole: a character or what stands for it.
class Pieces {
public:
    void add(std::string_view shown) {
        starts_.push_back(text_.size());
        text_ += shown;
    }
    std::string shortened(std::size_t most) && {
        if (starts_.size() <= most) return std::move(text_);
        // Two thirds from the beginning; the end of a path says most after it.
        const std::size_t kept = most == 0 ? 0 : most - 1, tail = kept / 3;
        const std::size_t head_end = starts_[kept - tail];
        const std::size_t tail_start = tail == 0 ? text_.size() : starts_[starts_.size() - tail];
        return text_.substr(0, head_end) + "…" + text_.substr(tail_start);
    }

private:
    std::string text_;
    std::vector<std::size_t> starts_;
};

}  // namespace

std::string printable(std::string_view text, std::size_t most) {
    // Of a text of any length only its two ends are looked at: the characters shown, of up to four bytes, and one more.
    const std::size_t end = 4 * (most + 1);
    if (text.size() > 2 * end) {
        const std::string ends = std::string(text.substr(0, end)) + std::string(text.substr(text.size() - end));
        return printable(ends, most);
    }
    Pieces pieces;
    while (!text.empty()) {
        const auto character = first_character(text);
        if (!character) {
            pieces.add(fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0])));
        } else if (is_obeyed(character->code)) {
            pieces.add(escaped(character->code));
        } else {
            pieces.add(text.substr(0, character->length));
        }
        text.remove_prefix(character ? character->length : 1);
    }
    return std::move(pieces).shortened(most);
}

std::string printable_lines(std::string_view text, std::size_t most) {
    std::string lines;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        if (at > 0) lines += '\n';
        lines += printable(text.substr(at, end - at), most);
        at = end + 1;
    }
    return lines;
}

}  // namespace convlens
