#include "core/import/later.h"

#include <algorithm>

#include "core/import/lines.h"
#include "core/import/names.h"
#include "core/import/value.h"

namespace convlens::pasted {

namespace {

bool is_function(const PastedText& text, std::size_t header) { return text.tokens()[header].text != "class"; }

bool stands_in(const PastedText& text, std::size_t token, std::size_t header) {
    return std::ranges::count(text.scopes_around(token), header) > 0;
}

// The outermost function or class around a token that another token does not stand in; nothing for none.
std::optional<std::size_t> outermost_apart(const PastedText& text, std::size_t token, std::size_t other) {
    for (const std::size_t header : text.scopes_around(token)) {
        if (!stands_in(text, other, header)) return header;
    }
    return {};
}

// Whether a token is read when a function around it, or a lambda, is called, and `set` is of what stands around those.
bool is_read_later(const PastedText& text, std::size_t token, std::size_t set) {
    for (const std::size_t header : text.scopes_around(set)) {
        if (is_function(text, header) && !stands_in(text, token, header)) return false;  // another function's
    }
    const bool in_function = std::ranges::any_of(text.scopes_around(token), [&](std::size_t header) {
        return is_function(text, header) && !stands_in(text, set, header);
    });
    return in_function || is_in_lambda(text, token);
}

// Where the function, class or lambda's variable that a token stands in is mentioned: in front of `set`, where it may have
// been called, and behind it or in another function.
struct Mentioned {
    bool before = false;
    bool after = false;
};

Mentioned mentioned(const PastedText& text, std::size_t token, std::size_t set) {
    const auto& tokens = text.tokens();
    const auto header = outermost_apart(text, token, set);
    std::string name;
    const std::size_t statement = text.statement_around(token).first;
    if (header)
        name = tokens[*header + 1].text;
    else if (tokens[statement].is_name() && text.assignment_around(token))
        name = tokens[statement].text;
    Mentioned found;
    for (const std::size_t at : text.tokens_named(name)) {
        const bool own = header ? is_defined(tokens, at) || stands_in(text, at, *header) : at == statement;
        if (own) continue;
        const auto inside = outermost_apart(text, at, set);
        const bool later = at > set || (inside && is_function(text, *inside));
        (later ? found.after : found.before) = true;
    }
    return found;
}

// Whether a function is a method that the making of an object does not call.
bool is_called_by_object(const PastedText& text, std::size_t token) {
    const auto& methods = text.variables().method_of;
    return std::ranges::any_of(text.scopes_around(token), [&](std::size_t header) {
        return methods.contains(header) && text.tokens()[header + 1].text != "__init__";
    });
}

// The tokens at which a variable is set, w = 3 and w[0] = 3 and for w in ..., in their order.
std::vector<std::size_t> places_set(const PastedText& text, const std::string& name) {
    const auto& tokens = text.tokens();
    std::vector<std::size_t> places;
    for (const std::size_t at : text.tokens_named(name)) {
        const auto& assignment = text.assignment_around(at);
        const bool set =
            assignment && at < assignment->value && std::ranges::any_of(assignment->targets, [&](const Target& each) {
                return each.token == at && (each.is_name || opens(tokens[at + 1]));
            });
        if (set) places.push_back(at);
    }
    for (const Binding& binding : text.variables().bindings) {
        const bool inner = binding.how == Bound::comprehension || binding.how == Bound::lambda;
        if (binding.name == name && !inner && binding.how != Bound::imported) places.push_back(binding.token);
    }
    std::ranges::sort(places);
    return places;
}

}  // namespace

bool is_in_lambda(const PastedText& text, std::size_t token) {
    const auto& tokens = text.tokens();
    const auto [from, to] = text.statement_around(token);
    for (std::size_t i = from; i < token; ++i) {
        if (!is_name(tokens[i], "lambda")) continue;
        std::size_t at = i + 1;
        while (at < to && !tokens[at].is(":")) at = opens(tokens[at]) ? closing_of(tokens, at) + 1 : at + 1;
        if (token <= at) return false;  // one of its parameters, or what a lambda in front of it is given
        while (at < to && at < token && !tokens[at].is(",") && !closes(tokens[at])) {
            const std::size_t end = opens(tokens[at]) ? closing_of(tokens, at) : at;
            if (token <= end) return true;
            at = end + 1;
        }
        if (at == token) return true;
    }
    return false;
}

std::optional<std::size_t> set_below(const PastedText& text, const Node& name) {
    if (text.manner() != Manner::python || text.is_cpp() || name.text.starts_with("self.")) return {};
    if (text.times_set(name.text) != 1 || text.variables().parameters.contains(name.text)) return {};
    const std::vector<std::size_t> places = places_set(text, name.text);
    const auto& tokens = text.tokens();
    const auto read = std::ranges::lower_bound(tokens, name.at, {}, &Token::at);
    const auto token = static_cast<std::size_t>(read - tokens.begin());
    if (places.size() != 1 || token >= tokens.size()) return {};
    const std::size_t set = places[0];
    const auto [from, to] = text.statement_around(set);
    for (std::size_t i = from; i < to; ++i) {
        if (is_name(tokens[i], "lambda")) return {};
    }
    if (from <= token || !is_read_later(text, token, set) || mentioned(text, token, set).before) return {};
    return set;
}

// Where a variable that the token reads is set again; `to` ends the token's statement.
std::optional<std::size_t> SetAgainFinder::again(const std::string& name, std::size_t token, std::size_t to) {
    const auto [known, is_new] = places_.try_emplace(name);
    std::vector<std::size_t>& places = known->second;
    if (is_new) places = places_set(text_, name);
    if (places.empty() || places[0] >= token) return {};
    const auto next = std::ranges::lower_bound(places, to);
    const auto is_around = [&](std::size_t set) { return is_read_later(text_, token, set); };
    if (next == places.end() || !std::ranges::all_of(places, is_around)) return {};
    const Mentioned function = mentioned(text_, token, *next);
    const bool done = function.before && !function.after && !is_called_by_object(text_, token);
    return done ? std::nullopt : std::optional(*next);
}

std::vector<SetAgain> SetAgainFinder::behind(std::size_t statement) {
    constexpr int kMostInLambdas = 200;  // names in one statement that are looked at
    std::vector<SetAgain> all;
    if (text_.manner() != Manner::python || text_.is_cpp()) return all;
    const auto& tokens = text_.tokens();
    const std::size_t to = text_.statement_around(statement).second;
    const std::vector<std::size_t>& scopes = text_.scopes_around(statement);
    bool lambda = false;
    int in_lambdas = 0;
    for (std::size_t i = statement; i < to; ++i) {
        lambda = lambda || is_name(tokens[i], "lambda");
        if (scopes.empty() && !lambda) continue;
        if (!tokens[i].is_name() || tokens[i + 1].is("=") || (i > 0 && tokens[i - 1].is("."))) continue;
        const std::string name = tokens[i].text.substr(0, tokens[i].text.find('.'));
        if (name == "self" || text_.times_set(name) < 2 || text_.variables().parameters.contains(name)) continue;
        if (found_.contains(name)) continue;
        const bool looks = lambda ? ++in_lambdas <= kMostInLambdas : looked_.insert({scopes.back(), name}).second;
        const auto set = looks ? again(name, i, to) : std::nullopt;
        if (!set) continue;
        found_.insert(name);
        all.push_back({name, *set});
    }
    return all;
}

}  // namespace convlens::pasted
