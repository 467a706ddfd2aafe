#include "core/import/call.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/import/cpp.h"
#include "core/import/later.h"
#include "core/import/lexer.h"
#include "core/import/lines.h"
#include "core/import/parser.h"
#include "core/import/prompts.h"
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
    static constexpr std::array<std::string_view, 7> kSigns{"+=", "-=", "*=", "/=", "//=", "%=", "**="};
    return sign.kind == Token::Kind::sign && std::ranges::find(kSigns, sign.text) != kSigns.end();
}

}  // namespace

namespace {

// Python's k //= 2 and async def as one token each.
std::vector<Token> with_python_signs(std::vector<Token> tokens) {
    static constexpr std::array<std::string_view, 9> kSigns{"//", "**", "%", "@", "&", "|", "^", ">>", "<<"};
    std::vector<Token> joined;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        Token& token = tokens[i];
        Token* const last = joined.empty() ? nullptr : &joined.back();
        const bool beside = last && last->at + last->text.size() == token.at && last->kind == Token::Kind::sign;
        const bool shifts = beside && (token.is("<") || token.is(">")) && last->text == token.text &&
                            i + 1 < tokens.size() && (tokens[i + 1].is("=") || tokens[i + 1].is(token.text + "="));
        if (beside && token.is("=") && std::ranges::count(kSigns, last->text) > 0) {
            last->text += '=';
        } else if (beside && last->text.size() == 1 && (token.is(">=") || token.is("<=")) &&
                   token.text.starts_with(last->text)) {
            last->text += token.text;
        } else if (shifts) {
            last->text += token.text;
        } else if (is_name(token, "async") && i + 1 < tokens.size() && is_name(tokens[i + 1], "def for with")) {
            tokens[i + 1].at = token.at;
        } else {
            joined.push_back(std::move(token));
        }
    }
    return joined;
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
    text_ = without_prompts(plain(text));
    Narrowed code = narrowed(text_, manner);
    cpp_ = manner == Manner::python && is_cpp_text(code.text);
    if (cpp_) code = narrowed(without_cpp_comments(std::move(text_)), manner);
    text_ = std::move(code.text);
    wide_sign_ = std::move(code.first);
    tokens_ = tokens_of(text_, manner);
    if (cpp_) tokens_ = cpp_statements(tokens_);
    const bool python = manner == Manner::python && !cpp_;
    if (python) tokens_ = with_python_signs(std::move(tokens_));
    const std::vector<Line> lines = lines_of(*this);
    if (python) variables_ = name_variables(tokens_, lines);
    ChainFinder chains(tokens_);
    for (const Line& line : lines) {
        chains.pass(line);
        branches_[line.from] = line.blocks;
        functions_[line.from] = line.scopes;
        ends_[line.from] = line.to;
        if (python) {
            statements_.push_back(line.from);
            note_python_assignments(line.from, line.to);
        }
    }
    chains_ = chains.take();
    int open = 0;
    for (std::size_t i = 0; !python && i + 1 < tokens_.size(); ++i) {
        if (opens(tokens_[i])) ++open;
        if (closes(tokens_[i])) open = std::max(open - 1, 0);
        const bool first = i == 0 || tokens_[i - 1].ends_statement();
        if (open == 0 && first) statements_.push_back(i);
        if (open == 0 && first && tokens_[i].is_name()) note_assignments(i);
    }
    take_bindings();
}

const std::vector<std::size_t>& PastedText::scopes_around(std::size_t token) const {
    return at_or_before(functions_, token);
}

std::pair<std::size_t, std::size_t> PastedText::statement_around(std::size_t token) const {
    const auto next = ends_.upper_bound(token);
    if (next == ends_.begin()) return {token, tokens_.size() - 1};
    return *std::prev(next);
}

const std::optional<Assignment>& PastedText::assignment_around(std::size_t token) const {
    const auto [from, to] = statement_around(token);
    const auto [found, is_new] = found_assignments_.try_emplace(from);
    if (is_new) found->second = assignment_at(tokens_, from, to);
    return found->second;
}

const std::vector<std::size_t>& PastedText::tokens_named(const std::string& name) const {
    const bool first = named_.empty();
    for (std::size_t i = 0; first && i < tokens_.size(); ++i) {
        if (tokens_[i].is_name()) named_[tokens_[i].text].push_back(i);
    }
    return named_[name];
}

// What else than "=" gives names their values.
void PastedText::take_bindings() {
    for (const Binding& binding : variables_.bindings) {
        bound_[binding.token] = binding.how;
        if (binding.how == Bound::walrus) walruses_[binding.name].push_back(binding.token);
        const bool inner = binding.how == Bound::comprehension || binding.how == Bound::lambda;
        const bool only_imported = binding.how == Bound::imported && !assignments_.contains(binding.name);
        if (!inner && !only_imported) assignments_[binding.name].push_back(binding.token);
    }
    for (auto& [name, tokens] : assignments_) {
        std::ranges::sort(tokens);
        tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
    }
}

// a, (b, c) = d = 1, (2, 3); k: int = 3; k //= 2; k[0] = 3; self.register_buffer("k", 3)
void PastedText::note_python_assignments(std::size_t from, std::size_t to) {
    if (const std::string name = registered_at(from); !name.empty()) assignments_[name].push_back(from);
    const auto assignment = assignment_at(tokens_, from, to);
    if (!assignment) return;
    const bool plain = tokens_[assignment->sign].is("=");
    for (const Target& target : assignment->targets) {
        const Token& first = tokens_[target.token];
        const bool cells = plain && first.is_name() && opens(tokens_[target.token + 1]);
        if (target.is_name || cells) assignments_[first.text].push_back(target.token);
    }
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

// k = 3; k += 1; k[0] = 3, in MATLAB and C++
void PastedText::note_assignments(std::size_t statement) {
    const auto at = [&](std::size_t i) -> const Token& { return tokens_[std::min(i, tokens_.size() - 1)]; };
    const Token& next = at(statement + 1);
    if (next.kind != Token::Kind::sign) return;
    if (const std::string name = registered_at(statement); !name.empty()) assignments_[name].push_back(statement);
    if (sets_cells(tokens_, statement + 1) || next.is("=") || is_augmented(next))
        assignments_[tokens_[statement].text].push_back(statement);
    if (manner_ == Manner::matlab || !next.is("=")) return;
    for (std::size_t token = statement + 2; at(token).is_name() && at(token + 1).is("="); token += 2)
        assignments_[tokens_[token].text].push_back(token);
}

// What a statement sets counts behind it only: in x = f(x) the x in brackets is the one before.
std::size_t PastedText::statement_of(std::size_t token) const {
    const auto next = std::ranges::upper_bound(statements_, token);
    return next == statements_.begin() ? token : *(next - 1);
}

Node PastedText::call_at(std::size_t name) { return parse_call(*this, name, statement_of(name)).node; }

Node PastedText::arguments_at(std::size_t bracket) {
    return parse_arguments(*this, bracket, statement_of(bracket)).node;
}

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
    if (auto value = value_of_walrus(name)) return value;
    const auto found = assignments_.find(name.text);
    if (found == assignments_.end()) return value_of_parameter(name);
    const std::ptrdiff_t last = last_two(name, found->second).last;
    const auto below = last < 0 ? set_below(*this, name) : std::nullopt;
    if (last < 0 && !below) return value_of_parameter(name);
    const std::size_t at = below ? *below : found->second[static_cast<std::size_t>(last)];
    std::optional<Node> value = value_set_at(at);
    if (value) account(at);
    return value;
}

// What (k := 3) in front of the name in its own statement sets it to.
std::optional<Node> PastedText::value_of_walrus(const Node& name) {
    const auto found = walruses_.find(name.text);
    if (found == walruses_.end()) return {};
    const auto end = ends_.find(name.scope);
    if (end == ends_.end()) return {};
    for (auto at = found->second.rbegin(); at != found->second.rend(); ++at) {
        if (*at < name.scope || *at >= end->second || tokens_[*at].at >= name.at) continue;
        Parsed value = parse_value(*this, *at + 3, name.scope);
        const bool within = name.at >= value.node.at && name.at < tokens_[std::min(value.after, tokens_.size() - 1)].at;
        if (within) continue;  // k := k + 1 reads the k in front of it
        account(name.scope);
        return std::move(value.node);
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
    if (!registered_at(at).empty()) return value_registered_at(at);
    const std::size_t statement = statement_of(at);
    if (const auto bound = bound_.find(at); bound != bound_.end())
        return bound->second == Bound::walrus ? std::optional(parse_value(*this, at + 3, statement).node)
                                              : std::nullopt;
    if (manner_ == Manner::matlab || cpp_) return value_behind(at);
    const std::size_t to = statement_around(at).second;
    const std::optional<Assignment>& assignment = assignment_around(at);
    if (!assignment) return {};
    const auto target = std::ranges::find(assignment->targets, at, &Target::token);
    if (target == assignment->targets.end() || !target->is_name || target->is_starred) return {};
    std::size_t token = assignment->value;
    Node value = values_from(token, statement);
    if (!tokens_[std::min(token, tokens_.size() - 1)].ends_statement() && token < to) return {};
    const Token& sign = tokens_[assignment->sign];
    if (sign.is("=")) return part_of_value(std::move(value), target->path);
    return is_augmented(sign) ? std::optional(changed_by(at, sign.text, std::move(value))) : std::nullopt;
}

// What MATLAB's and C++'s k = 3, k += 1 and a = b = 3 tell.
std::optional<Node> PastedText::value_behind(std::size_t at) {
    const Token& sign = tokens_[at + 1];
    if (!sign.is("=") && !is_augmented(sign)) return {};
    std::size_t from = at + 2;
    while (from + 1 < tokens_.size() && tokens_[from].is_name() && tokens_[from + 1].is("=")) from += 2;
    Parsed value = parse_value(*this, from, statement_of(at));
    if (!tokens_[std::min(value.after, tokens_.size() - 1)].ends_statement()) return {};
    return sign.is("=") ? std::move(value.node) : changed_by(at, sign.text, std::move(value.node));
}

// s += 1 as s + 1, where s is what it was before.
Node PastedText::changed_by(std::size_t at, std::string_view sign, Node value) {
    Node before;
    before.kind = Node::Kind::name;
    before.text = tokens_[at].text;
    before.at = tokens_[at].at;
    before.scope = statement_of(at);
    Node sum = before;
    sum.kind = Node::Kind::binary;
    sum.text = sign.substr(0, sign.size() - 1);
    sum.depth = value.depth + 1;
    sum.items.push_back(std::move(before));
    sum.items.push_back(std::move(value));
    return sum;
}

// 3, and 1, 2 as the list that it is. Moves the token behind it.
Node PastedText::values_from(std::size_t& token, std::size_t scope) {
    constexpr std::size_t kMostValues = 64;
    Parsed first = parse_value(*this, token, scope);
    token = std::min(first.after, tokens_.size() - 1);
    if (!tokens_[token].is(",")) return std::move(first.node);
    Node list;
    list.kind = Node::Kind::list;
    list.at = first.node.at;
    list.scope = first.node.scope;
    list.items.push_back(std::move(first.node));
    while (tokens_[token].is(",") && list.items.size() < kMostValues && !tokens_[token + 1].ends_statement()) {
        Parsed next = parse_value(*this, token + 1, scope);
        token = std::min(next.after, tokens_.size() - 1);
        list.items.push_back(std::move(next.node));
    }
    if (tokens_[token].is(",") && tokens_[token + 1].ends_statement()) ++token;
    for (const Node& item : list.items) list.depth = std::max(list.depth, item.depth + 1);
    return list;
}

// Of a, b = 1, 2 and a, b = sizes: what stands at a target's place.
std::optional<Node> PastedText::part_of_value(Node value, const std::vector<Target::Step>& path) {
    constexpr int kMostNames = 20;
    for (const Target::Step& step : path) {
        for (int i = 0; i < kMostNames && value.kind == Node::Kind::name; ++i) {
            std::optional<Node> told = assigned(value);
            if (!told) return {};
            value = std::move(*told);
        }
        const auto is_several = [](const Node& item) {
            return item.kind == Node::Kind::opaque && item.text.starts_with('*');
        };
        if (value.kind != Node::Kind::list || value.items.size() != step.count ||
            std::ranges::any_of(value.items, is_several))
            return {};
        value = Node(value.items[step.index]);
    }
    return value;
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
    if (!registered_at(at).empty() || bound_.contains(at)) return false;
    const Token& sign = tokens_[at + 1];
    return opens(sign) || is_augmented(sign);
}

std::optional<PastedText::CellsSet> PastedText::cells_set(const Node& name) {
    const auto found = assignments_.find(name.text);
    if (found == assignments_.end()) return {};
    const auto [last, earlier] = last_two(name, found->second);
    if (earlier < 0) return {};
    const std::size_t at = found->second[static_cast<std::size_t>(last)];
    if (!opens(tokens_[at + 1]) || bound_.contains(at)) return {};
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
