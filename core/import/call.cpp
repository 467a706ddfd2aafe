#include "core/import/call.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/import/lexer.h"
#include "core/import/parser.h"

namespace convlens::pasted {

namespace {

struct Position {
    std::size_t line = 1;
    std::size_t column = 1;
};

// Columns are characters, not bytes.
Position position_of(std::string_view text, std::size_t at) {
    Position position;
    for (const char c : text.substr(0, std::min(at, text.size()))) {
        if (c == '\n') {
            ++position.line;
            position.column = 1;
        } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
            ++position.column;
        }
    }
    return position;
}

// x(1, :) = ..., x[0] = ...: the variable is no longer what it was set to.
bool sets_cells(const std::vector<Token>& tokens, std::size_t at) {
    if (!opens(tokens[at])) return false;
    int open = 0;
    for (; at + 1 < tokens.size(); ++at) {
        if (opens(tokens[at])) ++open;
        if (closes(tokens[at]) && --open == 0) return tokens[at + 1].is("=");
    }
    return false;
}

}  // namespace

double arithmetic(std::string_view sign, double a, double b) {
    if (sign == "+") return a + b;
    if (sign == "-") return a - b;
    if (sign == "*" || sign == ".*") return a * b;
    if (sign == "/" || sign == "./") return a / b;
    if (sign == "//") return std::floor(a / b);
    if (sign == "%") return a - b * std::floor(a / b);
    return std::pow(a, b);
}

PastedText::PastedText(std::string_view text, Manner manner) : manner_(manner) {
    if (text.size() > kMaxImportBytes) {
        throw ImportError(
            fmt::format("the text has {} bytes, more than {}; paste the layer alone", text.size(), kMaxImportBytes));
    }
    text_ = plain(text);
    tokens_ = tokens_of(text_, manner);
    int open = 0;
    for (std::size_t i = 0; i + 1 < tokens_.size(); ++i) {
        if (opens(tokens_[i])) ++open;
        if (closes(tokens_[i])) open = std::max(open - 1, 0);
        const bool first = i == 0 || tokens_[i - 1].ends_statement();
        if (open == 0 && first) statements_.push_back(i);
        const Token& next = tokens_[i + 1];
        if (open != 0 || !first || !tokens_[i].is_name() || next.kind != Token::Kind::sign) continue;
        if (sets_cells(tokens_, i + 1)) assignments_[tokens_[i].text].push_back(i);
        static constexpr std::array<std::string_view, 5> kAssigning{"=", "+=", "-=", "*=", "/="};
        if (std::ranges::find(kAssigning, next.text) != kAssigning.end()) {
            assignments_[tokens_[i].text].push_back(i);
        }
    }
}

// What a statement sets counts behind it only: in x = f(x) the x in brackets is the one before.
std::size_t PastedText::statement_of(std::size_t token) const {
    const auto next = std::ranges::upper_bound(statements_, token);
    return next == statements_.begin() ? token : *(next - 1);
}

Node PastedText::call_at(std::size_t name) { return parse_call(*this, name, statement_of(name)).node; }

Node PastedText::value_at(std::size_t& token) {
    Parsed value = parse_value(*this, token, statement_of(token));
    token = value.after;
    return std::move(value.node);
}

Node PastedText::field_at(std::size_t& token) {
    Parsed value = parse_field(*this, token);
    token = value.after;
    return std::move(value.node);
}

std::optional<Node> PastedText::assigned(const Node& name) {
    const auto found = assignments_.find(name.text);
    if (found == assignments_.end()) return {};
    const auto after = std::ranges::lower_bound(found->second, name.scope);
    if (after == found->second.begin()) return {};
    const std::size_t at = *(after - 1);
    if (!tokens_[at + 1].is("=")) return {};  // k += 1
    Parsed value = parse_value(*this, at + 2, at);
    if (!tokens_[std::min(value.after, tokens_.size() - 1)].ends_statement()) return {};
    return std::move(value.node);
}

std::size_t PastedText::column_of(std::size_t token) const {
    const std::size_t at = tokens_[token].at;
    const std::size_t line = at == 0 ? std::string::npos : text_.rfind('\n', at - 1);
    return line == std::string::npos ? at : at - line - 1;
}

bool PastedText::is_set_in_place(const Node& name) const {
    const auto found = assignments_.find(name.text);
    if (found == assignments_.end()) return false;
    const auto after = std::ranges::lower_bound(found->second, name.scope);
    return after != found->second.begin() && !tokens_[*(after - 1) + 1].is("=");
}

std::optional<PastedText::CellsSet> PastedText::cells_set(const Node& name) {
    const auto found = assignments_.find(name.text);
    if (found == assignments_.end()) return {};
    const auto after = std::ranges::lower_bound(found->second, name.scope);
    if (after - found->second.begin() < 2) return {};
    const std::size_t at = *(after - 1);
    if (!opens(tokens_[at + 1]) || column_of(at) != column_of(*(after - 2))) return {};
    const bool call = manner_ == Manner::matlab;
    Parsed target = call ? parse_call(*this, at, at) : parse_field(*this, at);
    const std::size_t sign = call ? target.node.end : target.after;
    if (!tokens_[std::min(sign, tokens_.size() - 1)].is("=")) return {};
    Parsed value = parse_value(*this, sign + 1, at);
    Node before = name;
    before.scope = at;
    return CellsSet{std::move(target.node), std::move(value.node), std::move(before)};
}

std::string PastedText::place(std::size_t at) const {
    const Position position = position_of(text_, at);
    return fmt::format("line {}, column {}", position.line, position.column);
}

void PastedText::fail(std::size_t at, const std::string& message) const {
    const Position position = position_of(text_, at);
    throw ImportError(fmt::format("{}: {}", place(at), message), position.line, position.column);
}

}  // namespace convlens::pasted
