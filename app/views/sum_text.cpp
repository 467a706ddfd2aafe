#include "app/views/sum_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "core/text/number.h"

namespace convlens {

namespace {

Message bias_text(double bias) { return msg("bias {value}", "value"_is(factor_text(bias))); }

class SumWriter {
public:
    SumWriter(const Theme& theme, Lang lang) : theme_(theme), lang_(lang) {}

    void plain(std::string text) { put(std::move(text), theme_.text); }
    void faint(std::string text) { put(std::move(text), theme_.faint); }
    void put(std::string text, Colour colour) {
        parts_.push_back({std::move(text), colour, Face::mono, begin_line_});
        begin_line_ = false;
    }
    void new_line() { begin_line_ = !parts_.empty(); }
    std::string words(const Message& message) const { return in(lang_, message); }

    // What is shown goes into the value of the sum that is being written.
    void add(double shown) {
        left_ += shown;
        size_ += std::abs(shown);
    }
    void start() { left_ = size_ = 0; }
    double left() const { return left_; }
    double size() const { return size_; }
    void set_left(double value) { left_ = value; }

    // " = 7", " ≈ 7 so far": the result, and whether what stands before it adds up to it as shown.
    void end(double result, bool so_far) {
        plain(fmt::format(" {} ", equals_sign(left_, shown_number(result), size_)));
        put(sum_number(result), theme_.accent);
        if (so_far) faint(words(msg(" so far")));
    }
    void bias(double value) {
        plain(" + ");
        put(words(bias_text(value)), theme_.bias);
        add(shown_number(value));
    }

    const Theme& theme() const { return theme_; }
    std::vector<SumPart> take() { return std::move(parts_); }

private:
    const Theme& theme_;
    Lang lang_;
    std::vector<SumPart> parts_;
    bool begin_line_ = false;
    double left_ = 0, size_ = 0;
};

// Terms or parts, joined by signs.
class Joined {
public:
    Joined(SumWriter& writer, bool largest) : writer_(writer), largest_(largest) {}
    void next(const std::string& text, Colour colour, double shown) {
        if (!first_) writer_.plain(largest_ ? "," : " + ");
        writer_.put(!first_ && largest_ ? " " + text : text, colour);
        writer_.add(shown);
        most_ = std::isnan(shown) || std::isnan(most_) ? std::nan("") : std::max(most_, shown);
        first_ = false;
    }
    bool none() const { return first_; }
    double most() const { return most_; }

private:
    SumWriter& writer_;
    bool largest_, first_ = true;
    double most_ = -std::numeric_limits<double>::infinity();
};

void write_terms(SumWriter& line, Joined& joined, const SumContent& content) {
    for (const SumContent::Term& term : content.terms)
        joined.next(term.text, term.faint ? line.theme().faint : line.theme().text, term.shown);
    if (content.zeros > 0)
        joined.next(line.words(plural("{n} zero", "{n} zeros", content.zeros)), line.theme().faint, 0);
}

void write_parts(SumWriter& line, Joined& joined, const SumContent& content) {
    for (const SumContent::Part& part : content.parts)
        joined.next(part.text, part.channel ? channel_colour(line.theme(), *part.channel) : line.theme().text,
                    part.shown);
}

// "max(1, 5, 2) = 5", "(1 + 5 + 2 zeros) / 4 = 1.5"
void write_pooled(SumWriter& line, const SumContent& content) {
    const bool largest = content.op == Op::max_pool;
    if (content.only_padding) {
        line.put(sum_number(content.result), line.theme().accent);
        return line.faint(line.words(msg(": no cell of the input")));
    }
    line.plain(largest ? "max(" : "(");
    Joined joined(line, largest);
    content.form.terms ? write_terms(line, joined, content) : write_parts(line, joined, content);
    if (joined.none()) line.faint("…");  // no value yet
    line.plain(largest ? ")" : fmt::format(") / {}", content.divisor));
    line.set_left(largest ? joined.most() : line.left() / static_cast<double>(content.divisor));
    if (!joined.none() || !content.so_far) line.end(content.result, content.so_far);
}

// "Z₁ = 3·4 + 2·(−1) = 10"
void write_channel(SumWriter& line, const SumContent& content) {
    const Colour colour = channel_colour(line.theme(), *content.channel);
    line.put(channel_symbol(*content.channel), colour);
    line.plain(" = ");
    Joined joined(line, false);
    write_terms(line, joined, content);
    if (!joined.none())
        line.plain(fmt::format(" {} ", equals_sign(line.left(), shown_number(content.channel_value), line.size())));
    line.put(sum_number(content.channel_value), colour);
    line.new_line();
    line.start();
}

}  // namespace

Colour channel_colour(const Theme& theme, std::int64_t channel) {
    static constexpr std::array kLight{rgb(0x5A3E9E), rgb(0x00695C), rgb(0xA03C00),
                                       rgb(0x2F5FB3), rgb(0x8E2463), rgb(0x5D5F00)};
    static constexpr std::array kDark{rgb(0xC9A8FF), rgb(0x6FD6C4), rgb(0xFFB07C),
                                      rgb(0x9CC0FF), rgb(0xFF9DCB), rgb(0xDADB7A)};
    const auto index = static_cast<std::size_t>(channel) % kLight.size();
    return theme.dark ? kDark[index] : kLight[index];
}

std::string channel_symbol(std::int64_t channel) {
    std::string text = "Z";
    for (const char digit : fmt::format("{}", channel)) {
        text += "\u2080";
        text.back() = static_cast<char>(text.back() + (digit - '0'));  // U+2080 to U+2089 differ in the last byte
    }
    return text;
}

std::string factor_text(double value) {
    const std::string text = sum_number(value);
    return value < 0 ? "(" + text + ")" : text;
}

std::string part_text(PartsBy by, std::int64_t index, const std::string& number, Lang lang) {
    switch (by) {
        case PartsBy::channels: return channel_symbol(index) + ": " + number;
        case PartsBy::rows: return in(lang, msg("row {row}: {value}", "row"_is(index), "value"_is(number)));
        case PartsBy::columns: return in(lang, msg("column {column}: {value}", "column"_is(index), "value"_is(number)));
    }
    return number;
}

std::string more_text(std::int64_t count, const std::string& number, Lang lang) {
    return in(lang, msg("{n} more: {value}", "n"_is(count), "value"_is(number)));
}

std::vector<SumPart> sum_text(const SumContent& content, const Theme& theme, Lang lang) {
    SumWriter line(theme, lang);
    if (content.channel) write_channel(line, content);
    if (!content.name.empty()) line.plain(content.name + " = ");
    if (!content.has_result) {
        line.faint("…");
        return line.take();
    }
    if (is_pooling(content.op)) {
        write_pooled(line, content);
        return line.take();
    }
    Joined joined(line, false);
    content.form.terms ? write_terms(line, joined, content) : write_parts(line, joined, content);
    if (joined.none() && !content.bias) {  // no stamp covers the cell, or none yet
        line.put(sum_number(content.result), theme.accent);
        if (content.so_far) line.faint(line.words(msg(" so far")));
        return line.take();
    }
    if (joined.none()) line.plain("0");
    if (content.bias) line.bias(*content.bias);
    line.end(content.result, content.so_far);
    return line.take();
}

std::vector<SumPiece> sum_pieces(const std::vector<SumPart>& parts, float size, const FontMetrics& fonts) {
    std::vector<SumPiece> pieces;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const SumPart& part = parts[i];
        const bool blank = part.text.starts_with(' ');
        if (pieces.empty() || blank || part.begins_line)
            pieces.push_back({i, i, 0, blank ? fonts.text_width(" ", size, part.face) : 0, part.begins_line});
        pieces.back().w += fonts.text_width(part.text, size, part.face);
        pieces.back().end = i + 1;
    }
    return pieces;
}

std::vector<SumRow> sum_rows(const std::vector<SumPiece>& pieces, float width) {
    std::vector<SumRow> rows;
    for (const SumPiece& piece : pieces) {
        if (rows.empty() || piece.begins_line || rows.back().w + piece.w > width) {
            rows.push_back({piece.first, piece.end, piece.w - piece.blank});
        } else {
            rows.back().w += piece.w;
            rows.back().end = piece.end;
        }
    }
    return rows;
}

float widest(const std::vector<SumRow>& rows) { return rows.empty() ? 0 : std::ranges::max(rows, {}, &SumRow::w).w; }

}  // namespace convlens
