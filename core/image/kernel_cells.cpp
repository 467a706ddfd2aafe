#include "core/image/kernel_cells.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "core/image/kernel.h"

namespace convlens::cells {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '|' || c == '[' || c == '{' || c == '('; }

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

// What word processors, papers and other keyboards make of plain characters.
constexpr std::pair<std::string_view, std::string_view> kSpellings[] = {
    {"\u2212", "-"}, {"\u2010", "-"}, {"\u2011", "-"}, {"\u2012", "-"},  {"\u2013", "-"},
    {"\ufe63", "-"}, {"\uff0d", "-"}, {"\u00d7", "*"}, {"\u00b7", "*"},  {"\u22c5", "*"},
    {"\u2044", "/"}, {"\u2215", "/"}, {"\u00a0", " "}, {"\u2007", " "},  {"\u2009", " "},
    {"\u202f", " "}, {"\u3000", " "}, {"\ufeff", ""},  {"\uff0c", ", "}, {"\uff1b", ";"},
};

}  // namespace

// What stands right behind a digit begins no comment: 50% is no 50.
std::string plain(std::string_view text) {
    std::string result;
    bool comment = false;
    for (const char c : text) {
        if (c == '\n') comment = false;
        if (!comment && c == '%' && !result.empty() && result.back() >= '0' && result.back() <= '9')
            throw KernelError(
                msg("a number ends with %, which is not read: write 0.5 for 50%, and a blank before a comment"));
        if (c == '#' || c == '%') comment = true;
        if (!comment) result += c;
    }
    for (const auto& [special, usual] : kSpellings) replace_all(result, special, usual);
    return result;
}

std::string quoted(std::string_view text) {
    constexpr std::size_t kMost = 40;
    std::size_t end = std::min(text.size(), kMost);
    while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    std::string result(text.substr(0, end));
    for (char& c : result)
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '?';
    return fmt::format("\"{}{}\"", result, end < text.size() ? "\u2026" : "");
}

std::optional<double> plain_number(std::string_view text) {
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
    return value;
}

std::optional<double> number(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return plain_number(text);
    const auto above = plain_number(text.substr(0, slash));
    const auto below = plain_number(text.substr(slash + 1));
    if (!above || !below || *below == 0 || !std::isfinite(*above / *below)) return std::nullopt;
    return *above / *below;
}

double number_or_refuse(std::string_view text, const Message& where) {
    if (const auto value = number(text)) return *value;
    throw KernelError(msg("{where}: {text} is not a number; write numbers such as 2, -0.5 or 1/9", "where"_is(where),
                          "text"_is(quoted(text))));
}

Message place(std::size_t row, std::size_t col) {
    return msg("row {row}, column {column}", "row"_is(row + 1), "column"_is(col + 1));
}

void Splitter::end_cell() {
    if (cell.empty()) return;
    cells.push_back(cell);
    cell.clear();
    comma_allowed = true;
    after_bracket = false;
}

void Splitter::comma() {
    end_cell();
    ++commas;
    if (!comma_allowed && !after_bracket)
        throw KernelError(
            msg("{place} is empty: write 0 where nothing counts", "place"_is(place(rows.size(), cells.size()))));
    comma_allowed = false;
    after_bracket = false;
}

void Splitter::end_row() {
    end_cell();
    if (!cells.empty()) rows.push_back(cells);
    cells.clear();
    comma_allowed = false;
}

Splitter split(std::string_view text) {
    Splitter splitter;
    for (const char c : text) {
        if (c == '\n' || c == ';') {
            splitter.end_row();
        } else if (c == ']' || c == '}' || c == ')') {
            splitter.end_row();
            splitter.after_bracket = true;
        } else if (c == ',') {
            splitter.comma();
        } else if (is_blank(c)) {
            splitter.end_cell();
        } else {
            splitter.cell += c;
        }
    }
    splitter.end_row();
    return splitter;
}

}  // namespace convlens::cells
