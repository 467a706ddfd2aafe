#include "core/import/lexer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

namespace convlens::pasted {

namespace {

// What word processors and web pages make of plain signs.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kPlain{{
    {"\u2212", "-"},
    {"\u00a0", " "},
    {"\ufeff", " "},
    {"\u2018", "'"},
    {"\u2019", "'"},
    {"\u201c", "\""},
    {"\u201d", "\""},
    {"\r\n", "\n"},
    {"\r", "\n"},
}};

constexpr std::size_t kLongestFraction = 1000;  // digits behind a point, with the exponent

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool starts_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

constexpr std::size_t kWideSign = 3;  // bytes of a full-width sign
constexpr std::string_view kWideBlank = "\u3000";

// The ASCII sign of a full-width one that a text begins with, U+FF01 to U+FF5E; "" for none.
std::string narrow_sign(std::string_view text) {
    if (text.starts_with(kWideBlank)) return " ";
    if (text.starts_with("\u3010")) return "[";
    if (text.starts_with("\u3011")) return "]";
    if (text.size() < kWideSign || text[0] != '\xef') return "";
    constexpr unsigned kFirst = 0xFF01, kLast = 0xFF5E, kAscii = 0x21;
    const auto low = [&](std::size_t at) { return static_cast<unsigned char>(text[at]) & 0x3FU; };
    const unsigned code = 0xF000U | low(1) << 6U | low(2);
    return code < kFirst || code > kLast ? "" : std::string(1, static_cast<char>(code - kFirst + kAscii));
}

// MATLAB's k' behind a name or a bracket, where Python has no string.
bool may_be_transposed(char before) {
    return starts_name(before) || is_digit(before) || before == ')' || before == ']' || before == '\'' || before == '.';
}

// What a number comes to that no double holds: 1e-400 is 0, 1e400 is infinite.
double beyond_double(std::string_view written) {
    const std::size_t power = written.find_first_of("eE");
    const bool tiny = power != std::string_view::npos ? written.substr(power).find('-') != std::string_view::npos
                                                      : written.starts_with('0') || written.starts_with('.');
    return tiny ? 0.0 : std::numeric_limits<double>::infinity();
}

// Cuts a text into tokens. Never refuses: what is no word, number or string is a sign.
class Lexer {
public:
    Lexer(std::string_view text, Manner manner) : text_(text), manner_(manner) {}

    std::vector<Token> run() {
        while (at_ < text_.size()) {
            if (!skip_silent()) token();
        }
        push(Token::Kind::end, "", at_);
        return std::move(tokens_);
    }

private:
    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
    bool next_is(std::string_view word) const { return text_.substr(at_).starts_with(word); }

    void push(Token::Kind kind, std::string text, std::size_t at, double number = 0) {
        tokens_.push_back({kind, std::move(text), number, at, std::exchange(spaced_, false)});
    }

    // Blanks, comments, continued lines.
    bool skip_silent() {
        const char c = peek();
        if (c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == '\0') {
            ++at_;
        } else if (c == '#' || (c == '%' && manner_ == Manner::matlab)) {
            at_ = std::min(text_.find('\n', at_), text_.size());
        } else if (next_is("\\\n")) {
            at_ += 2;
        } else if (next_is("...") && manner_ == Manner::matlab) {
            at_ = std::min(text_.find('\n', at_), text_.size() - 1) + 1;
        } else {
            return false;
        }
        spaced_ = true;
        return true;
    }

    void token() {
        const char c = peek();
        if (c == '\n') {
            push(Token::Kind::newline, "\n", at_++);
        } else if (c == '"' || (c == '\'' && !transposes())) {
            string(c);
        } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
            number();
        } else if (c == '.' && peek(1) == '\'' && transposes()) {
            push(Token::Kind::sign, ".'", at_);
            at_ += 2;
        } else if (starts_name(c)) {
            name();
        } else {
            sign();
        }
    }

    bool transposes() const {
        if (manner_ != Manner::matlab || spaced_ || tokens_.empty()) return false;
        const Token& last = tokens_.back();
        return last.is_name() || last.kind == Token::Kind::number || last.is(")") || last.is("]") || last.is("'") ||
               last.is(".'");
    }

    // One that is not closed ends with its line.
    void string(char quote) {
        const std::size_t start = at_;
        const std::string triple(3, quote);
        const bool tripled = next_is(triple);
        at_ += tripled ? 3 : 1;
        std::size_t end = text_.find(tripled ? triple : std::string(1, quote), at_);
        if (!tripled) end = std::min(end, text_.find('\n', at_));
        end = std::min(end, text_.size());
        push(Token::Kind::string, std::string(text_.substr(at_, end - at_)), start);
        at_ = end;
        if (at_ < text_.size() && text_[at_] != '\n') at_ += tripled ? 3 : 1;
    }

    // Python's 1_000 is one number.
    bool joins_digits() const {
        return manner_ == Manner::python && peek() == '_' && is_digit(peek(1)) && at_ > 0 && is_digit(text_[at_ - 1]);
    }

    // Python's 0x1F, 0b101 and 0o17.
    bool whole_of_other_base() {
        const char sign = peek() == '0' ? peek(1) : ' ';
        const int base = sign == 'x' || sign == 'X' ? 16 : sign == 'b' || sign == 'B' ? 2 : sign == 'o' ? 8 : 0;
        if (base == 0 || manner_ == Manner::matlab) return false;
        std::uint64_t value = 0;
        const char* const first = text_.data() + at_ + 2;
        const auto [end, error] = std::from_chars(first, text_.data() + text_.size(), value, base);
        if (error != std::errc{}) return false;
        const auto length = static_cast<std::size_t>(end - first) + 2;
        push(Token::Kind::number, std::to_string(value), at_, static_cast<double>(value));
        at_ += length;
        return true;
    }

    void number() {
        if (whole_of_other_base()) return;
        const std::size_t start = at_;
        std::string digits;
        for (; is_digit(peek()) || joins_digits(); ++at_) {
            if (peek() != '_') digits += peek();
        }
        const std::size_t whole = digits.size();
        digits += text_.substr(at_, std::min<std::size_t>(text_.size() - at_, kLongestFraction));
        double value = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (error != std::errc{}) value = beyond_double(std::string_view(digits.data(), end));
        at_ += static_cast<std::size_t>(end - digits.data()) - whole;
        const bool sign = peek() == '*' || peek() == '/' || peek() == '^';
        if (manner_ == Manner::matlab && sign && text_[at_ - 1] == '.') --at_;  // 2.^k is 2 .^ k
        if ((peek() == 'f' || peek() == 'F' || peek() == 'L') && !starts_name(peek(1)) && !is_digit(peek(1))) ++at_;
        if (is_imaginary()) {  // 3j is no number of a layer, and a word that nothing sets
            ++at_;
            push(Token::Kind::name, std::string(text_.substr(start, at_ - start)), start);
            return;
        }
        push(Token::Kind::number, std::string(text_.substr(start, at_ - start)), start, value);
    }

    bool is_imaginary() const {
        const bool unit = peek() == 'j' || peek() == 'J' || (manner_ == Manner::matlab && peek() == 'i');
        return unit && !starts_name(peek(1)) && !is_digit(peek(1));
    }

    void word(std::string& name) {
        while (starts_name(peek()) || is_digit(peek())) name += text_[at_++];
    }

    void name() {
        const std::size_t start = at_;
        std::string name;
        word(name);
        while ((peek() == '.' && starts_name(peek(1))) || (next_is("::") && starts_name(peek(2)))) {
            at_ += peek() == '.' ? 1 : 2;
            name += '.';
            word(name);
        }
        push(Token::Kind::name, std::move(name), start);
    }

    void sign() {
        static constexpr std::array<std::string_view, 15> kLong{
            "**", "//", "==", "<=", ">=", "!=", "+=", "-=", "*=", "/=", ".*", "./", ".^", "->", "=>"};
        const auto* const found = std::ranges::find_if(kLong, [&](std::string_view sign) { return next_is(sign); });
        const std::size_t length = found == kLong.end() ? 1 : 2;
        push(Token::Kind::sign, std::string(text_.substr(at_, length)), at_);
        at_ += length;
    }

    std::string_view text_;
    Manner manner_;
    std::size_t at_ = 0;
    bool spaced_ = false;
    std::vector<Token> tokens_;
};

}  // namespace

std::string plain(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const auto* const found =
            std::ranges::find_if(kPlain, [&](const auto& entry) { return text.starts_with(entry.first); });
        result += found == kPlain.end() ? text.substr(0, 1) : found->second;
        text.remove_prefix(found == kPlain.end() ? 1 : found->first.size());
    }
    return result;
}

Narrowed narrowed(std::string_view text, Manner manner) {
    const bool matlab = manner == Manner::matlab;
    Narrowed result;
    std::string quote;  // what ends the string or the comment that the text is in
    for (char before = '\n'; !text.empty(); before = result.text.back()) {
        std::string_view part = text.substr(0, 1);
        if (!quote.empty()) {
            if (part == "\\" && text.size() > 1 && quote != "\n") part = text.substr(0, 2);
            const bool ends = text.starts_with(quote) || (quote.size() == 1 && part == "\n");
            if (ends) part = text.substr(0, text.starts_with(quote) ? quote.size() : 1);
            if (ends) quote.clear();
            result.text += part;
            text.remove_prefix(part.size());
            continue;
        }
        const std::string plain_sign = narrow_sign(text);
        if (!plain_sign.empty()) {
            part = text.substr(0, kWideSign);
            if (result.first.empty() && part != kWideBlank) result.first = part;
        }
        const std::string sign = plain_sign.empty() ? std::string(part) : plain_sign;
        if (sign == "#" || (sign == "%" && matlab)) quote = "\n";
        if (sign == "\"" || (sign == "'" && !(matlab && may_be_transposed(before))))
            quote = text.starts_with(sign + sign + sign) ? sign + sign + sign : sign;
        if (quote.size() == 3) part = text.substr(0, 3);
        result.text += quote.size() == 3 ? quote : sign;
        text.remove_prefix(part.size());
    }
    return result;
}

std::vector<Token> tokens_of(std::string_view text, Manner manner) { return Lexer(text, manner).run(); }

}  // namespace convlens::pasted
