#include "core/import/prompts.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

namespace convlens::pasted {

namespace {

constexpr std::string_view kBlanks = " \t";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The length of a sign that a blank or the end of the line follows, with that blank; 0 where the line has none there.
std::size_t sign_length(std::string_view line, std::string_view sign) {
    if (!line.starts_with(sign)) return 0;
    if (line.size() == sign.size()) return sign.size();
    return line[sign.size()] == ' ' ? sign.size() + 1 : 0;
}

// "In [12]: " and "Out[12]: ", "octave:12> ": a word, a number and what closes it.
std::size_t numbered_length(std::string_view line, std::string_view before, std::string_view behind) {
    if (!line.starts_with(before)) return 0;
    std::size_t at = before.size();
    while (at < line.size() && is_digit(line[at])) ++at;
    const std::size_t closing = at == before.size() ? 0 : sign_length(line.substr(at), behind);
    return closing == 0 ? 0 : at + closing;
}

// What kinds of prompts a text has.
struct Session {
    bool python = false;   // >>> and ...
    bool ipython = false;  // In [3]: and ...:
    bool matlab = false;   // >>
};

// The length of a line's prompt, with the blanks in front of it; 0 for none.
std::size_t prompt_length(std::string_view line, const Session& session) {
    const std::size_t indent = std::min(line.find_first_not_of(kBlanks), line.size());
    const std::string_view rest = line.substr(indent);
    std::size_t length = 0;
    if (session.python) length = std::max(sign_length(rest, ">>>"), sign_length(rest, "..."));
    if (session.ipython)
        length = std::max({length, numbered_length(rest, "In [", "]:"), numbered_length(rest, "Out[", "]:"),
                           sign_length(rest, "...:")});
    if (session.matlab) length = std::max({length, sign_length(rest, ">>"), numbered_length(rest, "octave:", ">")});
    return length == 0 ? 0 : indent + length;
}

std::vector<std::string_view> lines_in(std::string_view text) {
    std::vector<std::string_view> lines;
    while (true) {
        const std::size_t end = text.find('\n');
        lines.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return lines;
        text.remove_prefix(end + 1);
    }
}

Session session_of(const std::vector<std::string_view>& lines) {
    Session session;
    bool first = true;
    for (const std::string_view line : lines) {
        const std::size_t indent = line.find_first_not_of(kBlanks);
        if (indent == std::string_view::npos) continue;
        session.python = session.python || (prompt_length(line, {.python = true}) > 0 && line[indent] == '>');
        session.ipython = session.ipython || (prompt_length(line, {.ipython = true}) > 0 && line[indent] == 'I');
        if (first) session.matlab = prompt_length(line, {.matlab = true}) > 0;
        first = false;
    }
    return session;
}

// The width that all prompts have, where no line without one opens a block.
std::optional<std::size_t> common_width(const std::vector<std::string_view>& lines, const Session& session) {
    std::optional<std::size_t> width;
    for (const std::string_view line : lines) {
        const std::size_t length = prompt_length(line, session);
        const bool bare = length == line.size();  // ">>>" alone
        if (length == 0 && line.ends_with(':')) return {};
        if (length == 0 || bare) continue;
        if (width && *width != length) return {};
        width = length;
    }
    return width;
}

}  // namespace

std::string without_prompts(std::string text) {
    const std::vector<std::string_view> lines = lines_in(text);
    const Session session = session_of(lines);
    if (!session.python && !session.ipython && !session.matlab) return text;
    const bool keeps_columns = common_width(lines, session).has_value();
    std::string result;
    for (const std::string_view line : lines) {
        const std::size_t length = prompt_length(line, session);
        if (keeps_columns) result.append(length, ' ');
        result += line.substr(length);
        result += '\n';
    }
    result.pop_back();
    return result;
}

}  // namespace convlens::pasted
