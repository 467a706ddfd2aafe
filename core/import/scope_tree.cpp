#include "core/import/scope_tree.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/import/call.h"
#include "core/import/lines.h"
#include "core/import/targets.h"
#include "core/import/value.h"

namespace convlens::pasted {

namespace {

constexpr std::array<std::string_view, 35> kWords{
    "and",    "or",       "not",  "in",    "is",       "if",      "elif",  "else",   "for",
    "while",  "lambda",   "None", "True",  "False",    "return",  "def",   "class",  "import",
    "from",   "as",       "with", "try",   "except",   "finally", "raise", "assert", "del",
    "global", "nonlocal", "pass", "break", "continue", "yield",   "await", "async"};

class ScopeReader {
public:
    ScopeReader(const std::vector<Token>& tokens, const std::vector<Line>& lines)
        : tokens_(tokens), lines_(lines), closings_(closings_of(tokens)) {}

    ScopeTree run() {
        tree_.scopes.emplace_back();
        for (const Line& line : lines_) read(line);
        return std::move(tree_);
    }

private:
    const Token& at(std::size_t i) const { return tokens_[std::min(i, tokens_.size() - 1)]; }

    std::size_t add_scope(Scope::Kind kind, std::size_t parent, std::size_t header = 0) {
        Scope scope;
        scope.kind = kind;
        scope.parent = parent;
        scope.header = header;
        tree_.scopes.push_back(std::move(scope));
        return tree_.scopes.size() - 1;
    }

    void read(const Line& line) {
        const std::size_t scope = tree_.around(line);
        const std::string& first = tokens_[line.from].is_name() ? tokens_[line.from].text : std::string();
        if (first == "def") return read_function(line, scope);
        if (first == "class") return read_class(line, scope);
        if (first == "import" || first == "from") return read_import(line, scope);
        if (first == "global" || first == "nonlocal") return read_outer(line, scope, first == "global");
        scan(line.from, line.to, scope);
        if (first == "for") bind_loop(line.from + 1, line.to, scope, Bound::loop);
        if (first == "with" || first == "except") bind_as(line, scope, first == "with" ? Bound::with : Bound::except);
        if (first == "del") bind_names({line.from + 1, line.to}, scope, Bound::deleted);
        const bool pattern = first == "case" && !at(line.from + 1).is("=");
        if (pattern) bind_pattern(line, scope);
        if (pattern || is_one_of(first, "for with except del if elif while return")) return;
        if (const auto assignment = assignment_at(tokens_, line.from, line.to)) bind(*assignment, scope);
    }

    void read_function(const Line& line, std::size_t scope) {
        const std::size_t name = line.from + 1;
        if (!at(name).is_name()) return;
        const bool method = tree_.scopes[scope].kind == Scope::Kind::in_class;
        if (method) tree_.method_of[line.from] = tree_.scopes[scope].header;
        tree_.scopes[scope].bound.insert(at(name).text);
        if (method)
            tree_.methods.insert({scope, at(name).text});
        else
            tree_.uses.push_back({name, scope});
        const std::size_t own = add_scope(Scope::Kind::function, scope, line.from);
        tree_.of_header[line.from] = own;
        if (!at(name + 1).is("(")) return;
        const std::size_t end = std::min(closings_[name + 1], line.to);
        read_parameters({name + 2, end}, own, scope, method && !is_static(line));
        scan(end, line.to, scope);
    }

    // @staticmethod stands in front.
    bool is_static(const Line& line) const {
        const auto next = std::ranges::lower_bound(lines_, line.from, {}, &Line::from);
        for (auto before = next; before != lines_.begin();) {
            --before;
            if (!tokens_[before->from].is("@")) return false;
            if (at(before->from + 1).text == "staticmethod") return true;
        }
        return false;
    }

    void read_parameters(Part part, std::size_t own, std::size_t outside, bool method) {
        Parameter parameter;
        parameter.function = tree_.scopes[own].header;
        for (const Part& each : parts_between_commas(tokens_, part)) {
            std::size_t token = each.from;
            const bool rest = tokens_[token].is("*") || tokens_[token].is("**");
            if (rest) ++token;
            if (rest && token == each.to) parameter.kind = Parameter::Kind::by_name_only;
            if (token >= each.to || !tokens_[token].is_name()) continue;
            if (rest) parameter.kind = Parameter::Kind::rest;
            scan(token + 1, each.to, outside);
            parameter.default_value = 0;
            for (std::size_t i = token + 1; i < each.to && parameter.default_value == 0; ++i) {
                if (tokens_[i].is("=")) parameter.default_value = i + 1;
                if (opens(tokens_[i])) i = closings_[i];
            }
            parameter.keyword = tokens_[token].text;
            bind_at(token, own);
            if (method && each.from == part.from && !rest) {
                tree_.scopes[own].self = parameter.keyword;
                continue;
            }
            tree_.parameters.push_back({token, parameter});
            ++parameter.place;
            if (rest) parameter.kind = Parameter::Kind::by_name_only;
        }
    }

    void read_class(const Line& line, std::size_t scope) {
        const std::size_t name = line.from + 1;
        if (!at(name).is_name()) return;
        bind_at(name, scope);
        if (tree_.scopes[scope].kind == Scope::Kind::in_class) tree_.methods.insert({scope, at(name).text});
        scan(name + 1, line.to, scope);
        const std::size_t own = add_scope(Scope::Kind::in_class, scope, line.from);
        tree_.of_header[line.from] = own;
        for (std::size_t i = name + 1; i < line.to; ++i) {
            const auto base = tokens_[i].is_name() ? tree_.classes.find(tokens_[i].text) : tree_.classes.end();
            if (base != tree_.classes.end()) tree_.scopes[own].bases.push_back(base->second);
        }
        tree_.classes[at(name).text] = own;
    }

    // import a.b as k; from a import b, c as k
    void read_import(const Line& line, std::size_t scope) {
        const bool from = tokens_[line.from].text == "from";
        bool names = !from;
        for (std::size_t i = line.from + 1; i < line.to; ++i) {
            if (is_name(tokens_[i], "import")) {
                names = true;
                continue;
            }
            if (!names || !tokens_[i].is_name() || tokens_[i].text == "as" || is_name(at(i + 1), "as")) continue;
            const bool renamed = is_name(at(i - 1), "as");
            if (!from && !renamed) continue;
            bind_at(i, scope);
            tree_.bindings.push_back({{"", i, Bound::imported}, scope});
        }
    }

    void read_outer(const Line& line, std::size_t scope, bool global) {
        for (std::size_t i = line.from + 1; i < line.to; ++i) {
            if (!tokens_[i].is_name()) continue;
            tree_.scopes[scope].outer.insert(tokens_[i].text);
            if (global) tree_.scopes[scope].module.insert(tokens_[i].text);
            tree_.uses.push_back({i, scope});
        }
    }

    // The names between two tokens, each from the scope that it stands in: comprehensions and lambdas have their own.
    void scan(std::size_t from, std::size_t to, std::size_t scope, int depth = 0) {
        constexpr int kDeepest = 60;
        for (std::size_t i = from; i < to; ++i) {
            if (opens(tokens_[i])) {
                const std::size_t end = std::min(closings_[i], to);
                if (depth < kDeepest && !scan_comprehension(i + 1, end, scope, depth + 1))
                    scan(i + 1, end, scope, depth + 1);
                i = end;
            } else if (is_name(tokens_[i], "lambda")) {
                i = scan_lambda(i, to, scope, depth + 1) - 1;
            } else if (tokens_[i].is_name() && !is_word(i) && !is_keyword(i, from)) {
                tree_.uses.push_back({i, scope});
                if (at(i + 1).is(":") && at(i + 2).is("=")) bind_walrus(i, scope);
            }
        }
    }

    bool is_word(std::size_t i) const {
        const bool attribute = i > 0 && tokens_[i - 1].is(".");
        const Token& next = at(i + 1);
        const bool prefix = next.kind == Token::Kind::string && !next.spaced && tokens_[i].text.size() <= 2;
        return attribute || prefix || std::ranges::count(kWords, tokens_[i].text) > 0;
    }

    // The name of an argument, f(k=3): `from` stands behind the bracket of the call.
    bool is_keyword(std::size_t i, std::size_t from) const {
        if (!at(i + 1).is("=") || from == 0 || !opens(tokens_[from - 1])) return false;
        std::size_t before = i - 1;
        while (before >= from && tokens_[before].kind == Token::Kind::newline) --before;
        return before < from || tokens_[before].is(",");
    }

    std::size_t word_in(std::size_t from, std::size_t to, std::string_view words) const {
        for (std::size_t i = from; i < to; ++i) {
            if (is_name(tokens_[i], words)) return i;
            if (opens(tokens_[i])) i = std::min(closings_[i], to);
        }
        return to;
    }

    // [f(k) for k in (5, 7) if k]: the first iterable is looked up outside.
    bool scan_comprehension(std::size_t from, std::size_t to, std::size_t scope, int depth) {
        std::size_t loop = word_in(from, to, "for");
        if (loop == to) return false;
        const std::size_t own = add_scope(Scope::Kind::comprehension, scope);
        scan(from, loop, own, depth);
        for (bool first = true; loop < to; first = false) {
            const std::size_t in = word_in(loop + 1, to, "in");
            bind_loop(loop + 1, to, own, Bound::comprehension);
            const std::size_t next = word_in(in + 1, to, "for");
            const std::size_t iterable = std::min(word_in(in + 1, to, "if"), next);
            scan(loop + 1, in, own, depth);
            scan(std::min(in + 1, to), iterable, first ? scope : own, depth);
            scan(iterable, next, own, depth);
            loop = next;
        }
        return true;
    }

    // The token behind lambda a, b=3: body.
    std::size_t scan_lambda(std::size_t lambda, std::size_t to, std::size_t scope, int depth) {
        std::size_t colon = lambda + 1;
        while (colon < to && !tokens_[colon].is(":")) colon = opens(tokens_[colon]) ? closings_[colon] + 1 : colon + 1;
        colon = std::min(colon, to);
        const std::size_t own = add_scope(Scope::Kind::lambda, scope);
        for (const Part& each : parts_between_commas(tokens_, {lambda + 1, colon})) {
            const bool rest = tokens_[each.from].is("*") || tokens_[each.from].is("**");
            const std::size_t name = each.from + (rest ? 1 : 0);
            if (name >= each.to || !tokens_[name].is_name()) continue;
            bind_at(name, own);
            tree_.bindings.push_back({{"", name, Bound::lambda}, own});
            scan(name + 1, each.to, scope, depth);
        }
        std::size_t end = std::min(colon + 1, to);
        while (end < to && !tokens_[end].is(",") && !is_name(tokens_[end], "for"))
            end = opens(tokens_[end]) ? std::min(closings_[end] + 1, to) : end + 1;
        scan(std::min(colon + 1, to), end, own, depth);
        return std::max(end, lambda + 1);
    }

    void bind_at(std::size_t token, std::size_t scope) {
        const std::string& name = tokens_[token].text;
        if (name.find('.') != std::string::npos) return;
        tree_.uses.push_back({token, scope});
        if (!tree_.scopes[scope].outer.contains(name)) tree_.scopes[scope].bound.insert(name);
    }

    void bind_walrus(std::size_t token, std::size_t scope) {
        while (tree_.scopes[scope].kind == Scope::Kind::comprehension) scope = tree_.scopes[scope].parent;
        bind_at(token, scope);
        tree_.bindings.push_back({{"", token, Bound::walrus}, scope});
        tree_.own.push_back({token, scope});
    }

    // The names of targets, which something else than an assignment sets.
    void bind_names(Part part, std::size_t scope, Bound how) {
        std::vector<Part> open{part};
        while (!open.empty()) {
            const Part next = open.back();
            open.pop_back();
            for (Part each : parts_between_commas(tokens_, next)) {
                if (tokens_[each.from].is("*")) ++each.from;
                const bool bracket = each.from < each.to && opens(tokens_[each.from]);
                if (bracket) open.push_back({each.from + 1, std::min(closings_[each.from], each.to)});
                if (each.from + 1 != each.to || !tokens_[each.from].is_name()) continue;
                bind_at(each.from, scope);
                tree_.bindings.push_back({{"", each.from, how}, scope});
                tree_.own.push_back({each.from, scope});
            }
        }
    }

    void bind_loop(std::size_t from, std::size_t to, std::size_t scope, Bound how) {
        bind_names({from, word_in(from, to, "in")}, scope, how);
    }

    void bind_as(const Line& line, std::size_t scope, Bound how) {
        for (std::size_t i = line.from; i + 1 < line.to; ++i) {
            if (!is_name(tokens_[i], "as")) continue;
            std::size_t end = i + 1;
            end = opens(tokens_[end]) ? closings_[end] + 1 : end + 1;
            bind_names({i + 1, std::min(end, line.to)}, scope, how);
        }
    }

    // case Point(x, y=0) | [a, *b] if a > 0: names that are no classes and have no dot.
    void bind_pattern(const Line& line, std::size_t scope) {
        const std::size_t end = word_in(line.from + 1, line.to, "if");
        for (std::size_t i = line.from + 1; i < end; ++i) {
            const bool value = tokens_[i].is_name() && !is_word(i) && !at(i + 1).is("(") && !at(i + 1).is("=");
            if (!value || tokens_[i].text == "_") continue;
            bind_at(i, scope);
            tree_.bindings.push_back({{"", i, Bound::pattern}, scope});
        }
    }

    void bind(const Assignment& assignment, std::size_t scope) {
        for (const Target& target : assignment.targets) {
            if (!target.is_name) continue;
            bind_at(target.token, scope);
            if (!names_itself(assignment, target)) tree_.own.push_back({target.token, scope});
        }
    }

    // conv2d = F.conv2d, a shorter name of the same function.
    bool names_itself(const Assignment& assignment, const Target& target) const {
        const Token& value = at(assignment.value);
        const bool alone = at(assignment.value + 1).ends_statement();
        return alone && value.is_name() && last_part(value.text) == tokens_[target.token].text;
    }

    const std::vector<Token>& tokens_;
    const std::vector<Line>& lines_;
    std::vector<std::size_t> closings_;
    ScopeTree tree_;
};

}  // namespace

std::size_t ScopeTree::around(const Line& line) const {
    for (std::size_t i = line.scopes.size(); i-- > 0;) {
        if (const auto found = of_header.find(line.scopes[i]); found != of_header.end()) return found->second;
    }
    return 0;
}

std::size_t ScopeTree::owner(std::string_view name, std::size_t scope) const {
    bool own = true;
    while (scope != 0) {
        const Scope& here = scopes[scope];
        if (here.module.contains(name)) return 0;
        const bool seen = own || here.kind != Scope::Kind::in_class;
        if (seen && here.bound.contains(name) && !here.outer.contains(name)) return scope;
        own = false;
        scope = here.parent;
    }
    return 0;
}

std::optional<std::size_t> ScopeTree::class_of_self(std::string_view name, std::size_t scope) const {
    const std::size_t method = owner(name, scope);
    const bool is_self = method != 0 && !scopes[method].self.empty() && scopes[method].self == name;
    return is_self ? std::optional(scopes[method].parent) : std::nullopt;
}

ScopeTree read_scopes(const std::vector<Token>& tokens, const std::vector<Line>& lines) {
    return ScopeReader(tokens, lines).run();
}

}  // namespace convlens::pasted
