#include "core/import/call.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/import/cpp.h"
#include "core/import/lexer.h"
#include "core/import/lines.h"
#include "core/import/parser.h"
#include "core/import/value.h"

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

constexpr int kMostUnseen = 1000;  // assignments of a name that are stepped over

const std::vector<std::size_t>& at_or_before(const std::map<std::size_t, std::vector<std::size_t>>& map,
                                             std::size_t token) {
    static const std::vector<std::size_t> kNone;
    const auto next = map.upper_bound(token);
    return next == map.begin() ? kNone : std::prev(next)->second;
}

bool is_within(const std::vector<std::size_t>& inner, const std::vector<std::size_t>& outer) {
    return std::ranges::all_of(outer, [&](std::size_t header) { return std::ranges::count(inner, header) > 0; });
}

// Finds the chains of branches of which a run takes one: if, elif, elif, else.
class ChainFinder {
public:
    explicit ChainFinder(const std::vector<Token>& tokens) : tokens_(tokens) {}

    // Goes on to the next line of the text. MATLAB's bare else is no line and shows in the blocks of those behind it.
    void pass(const Line& line) {
        for (std::size_t depth = 0; depth < line.blocks.size(); ++depth) pass(depth, line.blocks[depth]);
        pass(line.blocks.size(), line.from);
    }

    // Of each header that stands in a chain, the first one of it. Those of an else that is of no if are chains too.
    std::map<std::size_t, std::size_t> take() { return std::move(chains_); }

private:
    // What stands at one depth at a time, and the chain that it is of.
    struct Place {
        std::size_t token = 0;
        std::optional<std::size_t> chain;
    };

    void pass(std::size_t depth, std::size_t token) {
        const bool begins = depth == places_.size();
        if (!begins && places_[depth].token == token) return;
        std::optional<std::size_t> chain;
        if (is_one_of(tokens_[token].text, "else elif elseif"))
            chain = begins ? token : places_[depth].chain.value_or(token);
        else if (tokens_[token].text == "if")
            chain = token;
        if (chain) chains_.insert({token, *chain});
        places_.resize(depth);
        places_.push_back({token, chain});
    }

    const std::vector<Token>& tokens_;
    std::vector<Place> places_;  // by depth: the headers around the line at hand, and the line
    std::map<std::size_t, std::size_t> chains_;
};

// Whether two lines stand in branches of which a run takes one, given the headers around each.
bool are_alternatives(const std::map<std::size_t, std::size_t>& chains, const std::vector<std::size_t>& one,
                      const std::vector<std::size_t>& other) {
    const auto [a, b] = std::ranges::mismatch(one, other);
    if (a == one.end() || b == other.end()) return false;
    const auto first = chains.find(*a);
    const auto second = chains.find(*b);
    return first != chains.end() && second != chains.end() && first->second == second->second;
}

bool is_augmented(const Token& sign) {
    static constexpr std::array<std::string_view, 4> kSigns{"+=", "-=", "*=", "/="};
    return sign.kind == Token::Kind::sign && std::ranges::find(kSigns, sign.text) != kSigns.end();
}

}  // namespace

double arithmetic(std::string_view sign, double a, double b) {
    if (sign == "+") return a + b;
    if (sign == "-") return a - b;
    if (sign == "*" || sign == ".*") return a * b;
    if (sign == "/" || sign == "./") return a / b;
    if (sign == "//") return std::floor(a / b);
    if (sign == "%") return a - b * std::floor(a / b);
    if (sign == "<") return a < b ? 1 : 0;
    if (sign == ">") return a > b ? 1 : 0;
    if (sign == "<=") return a <= b ? 1 : 0;
    if (sign == ">=") return a >= b ? 1 : 0;
    if (sign == "==") return a == b ? 1 : 0;
    if (sign == "!=" || sign == "~=") return a != b ? 1 : 0;
    return std::pow(a, b);
}

PastedText::PastedText(std::string_view text, Manner manner) : manner_(manner) {
    if (text.size() > kMaxImportBytes) {
        throw ImportError(msg("the text has {bytes} bytes, more than {limit}; paste the layer alone",
                              "bytes"_is(text.size()), "limit"_is(kMaxImportBytes)));
    }
    text_ = plain(text);
    Narrowed code = narrowed(text_, manner);
    cpp_ = manner == Manner::python && is_cpp_text(code.text);
    if (cpp_) code = narrowed(without_cpp_comments(std::move(text_)), manner);
    text_ = std::move(code.text);
    wide_sign_ = std::move(code.first);
    tokens_ = tokens_of(text_, manner);
    if (cpp_) tokens_ = cpp_statements(tokens_);
    int open = 0;
    for (std::size_t i = 0; i + 1 < tokens_.size(); ++i) {
        if (opens(tokens_[i])) ++open;
        if (closes(tokens_[i])) open = std::max(open - 1, 0);
        const bool first = i == 0 || tokens_[i - 1].ends_statement();
        if (open == 0 && first) statements_.push_back(i);
        if (open == 0 && first && tokens_[i].is_name()) note_assignments(i);
    }
    ChainFinder chains(tokens_);
    for (const Line& line : lines_of(*this)) {
        chains.pass(line);
        branches_[line.from] = line.blocks;
        functions_[line.from] = line.scopes;
    }
    chains_ = chains.take();
}

std::string PastedText::registered_at(std::size_t statement) const {
    const auto at = [&](std::size_t i) -> const Token& { return tokens_[std::min(i, tokens_.size() - 1)]; };
    const std::string& function = at(statement).text;
    if (!at(statement).is_name() || !at(statement + 1).is("(") || manner_ == Manner::matlab) return "";
    if (!is_one_of(last_part(function), "register_buffer register_parameter") || first_parts(function).empty())
        return "";
    const bool named = at(statement + 2).is_name() && at(statement + 2).text == "name" && at(statement + 3).is("=");
    const Token& word = at(statement + (named ? 4 : 2));
    if (word.kind != Token::Kind::string || word.text.empty()) return "";
    return std::string(first_parts(function)) + "." + word.text;
}

// k = 3; k += 1; k[0] = 3; a = b = 3; a, b = 1, 2; self.register_buffer("k", 3)
void PastedText::note_assignments(std::size_t statement) {
    const auto at = [&](std::size_t i) -> const Token& { return tokens_[std::min(i, tokens_.size() - 1)]; };
    const Token& next = at(statement + 1);
    if (next.kind != Token::Kind::sign) return;
    if (const std::string name = registered_at(statement); !name.empty()) assignments_[name].push_back(statement);
    if (sets_cells(tokens_, statement + 1) || next.is("=") || is_augmented(next))
        assignments_[tokens_[statement].text].push_back(statement);
    if (manner_ == Manner::matlab) return;
    std::size_t token = statement;
    if (next.is("=")) {
        for (token += 2; at(token).is_name() && at(token + 1).is("="); token += 2)
            assignments_[tokens_[token].text].push_back(token);
        return;
    }
    while (at(token).is_name() && at(token + 1).is(",")) token += 2;
    if (token == statement || !at(token).is_name() || !at(token + 1).is("=")) return;
    for (std::size_t i = statement; i <= token; i += 2) assignments_[tokens_[i].text].push_back(i);
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

bool PastedText::is_seen(const std::string& name, std::size_t assignment, std::size_t scope, bool in_branches) const {
    const bool attribute = name.starts_with("self.");  // of the object, which its other methods see too
    if (!attribute && !is_within(at_or_before(functions_, scope), at_or_before(functions_, assignment))) return false;
    const std::vector<std::size_t>& around = at_or_before(branches_, scope);
    const std::vector<std::size_t>& blocks = at_or_before(branches_, assignment);
    if (are_alternatives(chains_, around, blocks)) return false;
    const bool cells = opens(tokens_[assignment + 1]);  // which may be set, so that the variable's numbers are not told
    return in_branches || cells || is_within(around, blocks);
}

PastedText::LastTwo PastedText::last_two(const Node& name, const std::vector<std::size_t>& found) const {
    const auto count = std::ranges::lower_bound(found, name.scope) - found.begin();
    LastTwo two;
    const auto look = [&](bool in_branches) {
        int unseen = 0;
        for (std::ptrdiff_t i = count; i-- > 0 && two.before < 0 && unseen < kMostUnseen;) {
            if (!is_seen(name.text, found[static_cast<std::size_t>(i)], name.scope, in_branches))
                ++unseen;
            else
                (two.last < 0 ? two.last : two.before) = i;
        }
    };
    look(false);
    if (two.last < 0) look(true);
    return two;
}

std::optional<Node> PastedText::assigned(const Node& name) {
    const auto found = assignments_.find(name.text);
    if (found == assignments_.end()) return default_of(name);
    const std::ptrdiff_t last = last_two(name, found->second).last;
    if (last < 0) return default_of(name);
    const std::size_t at = found->second[static_cast<std::size_t>(last)];
    std::optional<Node> value = value_set_at(at);
    if (value) account(at);
    return value;
}

// Of the parameter def f(x, k=5) where the name stands in the body of f.
std::optional<Node> PastedText::default_of(const Node& name) {
    const std::vector<std::size_t>& scopes = at_or_before(functions_, name.scope);
    for (std::size_t i = scopes.size(); i-- > 0;) {
        const std::size_t header = scopes[i];
        if (tokens_[header].text != "def" || !tokens_[header + 2].is("(")) continue;
        const std::size_t end = closing_of(tokens_, header + 2);
        int open = 0;
        for (std::size_t at = header + 2; at < end; ++at) {
            if (opens(tokens_[at])) ++open;
            if (closes(tokens_[at])) --open;
            const bool parameter = open == 1 && (tokens_[at - 1].is("(") || tokens_[at - 1].is(","));
            if (!parameter || !tokens_[at].is_name() || tokens_[at].text != name.text) continue;
            std::size_t sign = at + 1;
            if (tokens_[sign].is(":")) sign += 2;  // k: int = 5
            if (!tokens_[sign].is("=")) return {};
            defaults_.insert({name.text, "def " + tokens_[header + 1].text});
            return parse_value(*this, sign + 1, header).node;
        }
    }
    return {};
}

// The second argument of self.register_buffer("k", value).
std::optional<Node> PastedText::value_registered_at(std::size_t at) {
    Node call = parse_call(*this, at, at).node;
    std::size_t position = 0;
    for (std::size_t i = 0; i < call.items.size(); ++i) {
        const std::string& keyword = call.keywords[i];
        const bool value = keyword.empty() ? position++ == 1 : is_one_of(keyword, "tensor param");
        if (value) return std::move(call.items[i]);
        if (keyword == "name") ++position;
    }
    return {};
}

std::optional<Node> PastedText::value_set_at(std::size_t at) {
    const Token& sign = tokens_[at + 1];
    if (!registered_at(at).empty()) return value_registered_at(at);
    const std::size_t statement = statement_of(at);
    const bool several = manner_ == Manner::python && (sign.is(",") || (at > statement && tokens_[at - 1].is(",")));
    if (several) return one_of_several(at);
    if (!sign.is("=") && !is_augmented(sign)) return {};
    std::size_t from = at + 2;
    while (from + 1 < tokens_.size() && tokens_[from].is_name() && tokens_[from + 1].is("=")) from += 2;
    Parsed value = parse_value(*this, from, statement);
    if (!tokens_[std::min(value.after, tokens_.size() - 1)].ends_statement()) return {};
    if (sign.is("=")) return std::move(value.node);
    Node before;  // s += 1
    before.kind = Node::Kind::name;
    before.text = tokens_[at].text;
    before.at = tokens_[at].at;
    before.scope = statement;
    Node sum = before;
    sum.kind = Node::Kind::binary;
    sum.text = sign.text.substr(0, 1);
    sum.depth = value.node.depth + 1;
    sum.items.push_back(std::move(before));
    sum.items.push_back(std::move(value.node));
    return sum;
}

// a, b = 1, 2 and a, b = (1, 2)
std::optional<Node> PastedText::one_of_several(std::size_t at) {
    constexpr std::size_t kMostSet = 16;
    const std::size_t statement = statement_of(at);
    std::size_t sign = at + 1;
    while (tokens_[sign].is(",")) sign += 2;
    const std::size_t count = (sign - statement + 1) / 2;
    if (count > kMostSet) return {};
    std::vector<Node> values;
    for (std::size_t token = sign + 1;; ++token) {
        Parsed value = parse_value(*this, token, statement);
        token = std::min(value.after, tokens_.size() - 1);
        values.push_back(std::move(value.node));
        if (!tokens_[token].is(",") || values.size() > count) {
            if (!tokens_[token].ends_statement()) return {};
            break;
        }
    }
    if (values.size() == 1 && values[0].kind == Node::Kind::list) values = std::vector<Node>(values[0].items);
    if (values.size() != count) return {};
    return std::move(values[(at - statement) / 2]);
}

bool PastedText::is_followed(std::size_t statement, const std::string& name) {
    const auto found = assignments_.find(name);
    if (found == assignments_.end()) return false;
    const auto at = std::ranges::lower_bound(found->second, statement);
    return at != found->second.end() && statement_of(*at) == statement && value_set_at(*at);
}

std::size_t PastedText::column_of(std::size_t token) const {
    const std::size_t at = tokens_[token].at;
    const std::size_t line = at == 0 ? std::string::npos : text_.rfind('\n', at - 1);
    return line == std::string::npos ? at : at - line - 1;
}

bool PastedText::is_set_in_place(const Node& name) const {
    const auto found = assignments_.find(name.text);
    if (found == assignments_.end()) return false;
    const std::ptrdiff_t last = last_two(name, found->second).last;
    if (last < 0) return false;
    const std::size_t at = found->second[static_cast<std::size_t>(last)];
    if (!registered_at(at).empty()) return false;
    const Token& sign = tokens_[at + 1];
    return opens(sign) || is_augmented(sign);
}

std::optional<PastedText::CellsSet> PastedText::cells_set(const Node& name) {
    const auto found = assignments_.find(name.text);
    if (found == assignments_.end()) return {};
    const auto [last, earlier] = last_two(name, found->second);
    if (earlier < 0) return {};
    const std::size_t at = found->second[static_cast<std::size_t>(last)];
    if (!opens(tokens_[at + 1])) return {};
    const bool call = manner_ == Manner::matlab;
    Parsed target = call ? parse_call(*this, at, at) : parse_field(*this, at);
    const std::size_t sign = call ? target.node.end : target.after;
    if (!tokens_[std::min(sign, tokens_.size() - 1)].is("=")) return {};
    Parsed value = parse_value(*this, sign + 1, at);
    Node before = name;
    before.scope = at;
    account(at);
    const bool followed = is_within(at_or_before(branches_, name.scope), at_or_before(branches_, at));
    return CellsSet{std::move(target.node), std::move(value.node), std::move(before), followed};
}

Message PastedText::place(std::size_t at) const {
    const Position position = position_of(text_, at);
    return msg("line {line}, column {column}", "line"_is(position.line), "column"_is(position.column));
}

Message PastedText::line_place(std::size_t at) const {
    return msg("line {line}", "line"_is(position_of(text_, at).line));
}

void PastedText::fail(std::size_t at, Message reason) const {
    const Position position = position_of(text_, at);
    throw ImportError(msg("{place}: {reason}", "place"_is(place(at)), "reason"_is(std::move(reason))), position.line,
                      position.column);
}

}  // namespace convlens::pasted
