#include "app/words/chinese.h"

namespace convlens {

namespace {

enum class Kind { other, chinese, wide_mark, latin };

// Of one character. All that is asked for are ASCII and characters of three bytes, whose order is that of their numbers.
Kind kind_of(std::string_view character) {
    if (character.size() == 1) {
        const char c = character[0];
        const bool latin = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        return latin ? Kind::latin : Kind::other;
    }
    const auto within = [character](std::string_view first, std::string_view last) {
        return character.size() == 3 && character >= first && character <= last;
    };
    if (within("\u3400", "\u9FFF")) return Kind::chinese;
    return within("\u3001", "\u303F") || within("\uFF01", "\uFF60") ? Kind::wide_mark : Kind::other;
}

bool goes_on(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

Kind first_kind(std::string_view text) {
    std::size_t end = 1;
    while (end < text.size() && goes_on(text[end])) ++end;
    return kind_of(text.substr(0, end));
}

Kind last_kind(std::string_view text) {
    std::size_t start = text.size() - 1;
    while (start > 0 && goes_on(text[start])) --start;
    return kind_of(text.substr(start));
}

}  // namespace

void join_chinese(std::string& words, std::string_view next) {
    const bool blank_behind = words.ends_with(' '), blank_before = next.starts_with(' ');
    const std::string_view left = std::string_view(words).substr(0, words.size() - (blank_behind ? 1 : 0));
    const std::string_view right = next.substr(blank_before ? 1 : 0);
    if (!left.empty() && !right.empty()) {
        const Kind before = last_kind(left), after = first_kind(right);
        const bool marked = before == Kind::wide_mark || after == Kind::wide_mark;
        if (marked || (before == Kind::chinese && after == Kind::chinese)) {
            if (blank_behind) words.pop_back();
            next = right;
        } else if (!blank_behind && !blank_before &&
                   ((before == Kind::chinese && after == Kind::latin) ||
                    (before == Kind::latin && after == Kind::chinese))) {
            words += ' ';
        }
    }
    words += next;
}

}  // namespace convlens
