// What a function's parameters are where the text calls it in one place alone, and why else a variable is not told.
#include <algorithm>
#include <utility>

#include "core/import/call.h"
#include "core/import/lines.h"
#include "core/import/names.h"
#include "core/import/parser.h"
#include "core/import/value.h"

namespace convlens::pasted {

namespace {

// Methods that an object's own brackets call: net(x).
constexpr std::string_view kOfObject = "forward call __call__ construct execute";

// The calls of one function, as tokens of names in front of brackets.
struct Calls {
    std::vector<std::size_t> brackets;  // the opening ones
    bool others = false;                // the function is mentioned in another way: it may be called from anywhere
};

class CallFinder {
public:
    CallFinder(const PastedText& text, std::size_t function)
        : text_(text), tokens_(text.tokens()), function_(function) {}

    Calls run() {
        const auto& methods = text_.variables().method_of;
        const auto method = methods.find(function_);
        const std::string& name = tokens_[function_ + 1].text;
        if (method == methods.end()) {
            find(name, false);
        } else if (name == "__init__") {
            find(tokens_[method->second + 1].text, false);
        } else if (is_one_of(name, kOfObject)) {
            find_objects(tokens_[method->second + 1].text);
        } else {
            within_ = method->second;
            find("self." + name, false);
        }
        return std::move(calls_);
    }

private:
    const Token& at(std::size_t i) const { return tokens_[std::min(i, tokens_.size() - 1)]; }

    bool is_in(std::size_t token, std::size_t header) const {
        const std::vector<std::size_t>& scopes = text_.scopes_around(token);
        return std::ranges::count(scopes, header) > 0;
    }

    void find(const std::string& name, bool only_calls) {
        for (const std::size_t i : text_.tokens_named(name)) {
            if (is_defined(tokens_, i)) continue;
            const bool super = i >= 2 && tokens_[i - 2].is_name() && tokens_[i - 2].text == "super";
            if (super) continue;
            const bool call = at(i + 1).is("(") && !is_name(tokens_[text_.statement_around(i).first], "class");
            const bool elsewhere = within_ != 0 && !is_in(i, within_);
            if (call && !elsewhere && !is_in(i, function_))
                calls_.brackets.push_back(i + 1);
            else if (!only_calls || call)
                calls_.others = true;
        }
    }

    // net = Net(), then net(x); Net()(x)
    void find_objects(const std::string& in_class) {
        std::vector<std::string> objects;
        for (const std::size_t i : text_.tokens_named(in_class)) {
            if (is_defined(tokens_, i)) continue;
            if (i >= 2 && is_name(tokens_[i - 2], "super")) continue;
            const std::size_t end = at(i + 1).is("(") ? closing_of(tokens_, i + 1) : i;
            if (at(end + 1).is("("))
                calls_.brackets.push_back(end + 1);
            else if (i >= 2 && tokens_[i - 1].is("=") && tokens_[i - 2].is_name() && at(end + 1).ends_statement())
                objects.push_back(tokens_[i - 2].text);
            else
                calls_.others = true;
        }
        for (const std::string& object : objects) find(object, true);
    }

    const PastedText& text_;
    const std::vector<Token>& tokens_;
    std::size_t function_;
    std::size_t within_ = 0;  // the class whose methods alone call the function, where it is one of them
    Calls calls_;
};

}  // namespace

std::optional<std::size_t> PastedText::only_call(std::size_t function) {
    const auto [known, is_new] = only_calls_.try_emplace(function);
    if (is_new) {
        const Calls calls = CallFinder(*this, function).run();
        if (!calls.others && calls.brackets.size() == 1) known->second = calls.brackets[0];
    }
    return known->second;
}

// What the one call of its function gives a parameter; nothing where the call leaves it out or does not tell.
std::optional<Node> PastedText::argument_for(const Parameter& parameter) {
    const auto bracket = only_call(parameter.function);
    if (!bracket || parameter.kind == Parameter::Kind::rest) return {};
    const std::size_t statement = statement_of(*bracket);
    Node call = parse_arguments(*this, *bracket, statement).node;
    std::size_t place = 0;
    for (std::size_t i = 0; i < call.items.size(); ++i) {
        Node& item = call.items[i];
        if (item.kind == Node::Kind::opaque && item.text.starts_with('*')) return std::move(item);
        const bool by_place = call.keywords[i].empty();
        const bool own = by_place ? place++ == parameter.place && parameter.kind == Parameter::Kind::by_place
                                  : call.keywords[i] == parameter.keyword;
        if (!own) continue;
        account(statement);
        return std::move(item);
    }
    return {};
}

// Of C++'s parameter, written def f(x, k=5), where the name stands in the body of f.
std::optional<Node> PastedText::default_in_cpp(const Node& name) {
    const std::vector<std::size_t>& scopes = scopes_around(name.scope);
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

std::optional<Node> PastedText::value_of_parameter(const Node& name) {
    if (cpp_) return default_in_cpp(name);
    const auto found = variables_.parameters.find(name.text);
    if (found == variables_.parameters.end()) return {};
    const Parameter& parameter = found->second;
    if (auto argument = argument_for(parameter)) return argument;
    if (parameter.default_value == 0) return {};
    defaults_.insert({name.text, "def " + tokens_[parameter.function + 1].text});
    return parse_value(*this, parameter.default_value, parameter.function).node;
}

Message PastedText::why_not_told(const Node& name) const {
    const auto variable = "variable"_is(name.text);
    const auto found = assignments_.find(name.text);
    const std::ptrdiff_t last = found == assignments_.end() ? -1 : last_two(name, found->second).last;
    std::optional<std::size_t> token;
    if (last >= 0) token = found->second[static_cast<std::size_t>(last)];
    if (const auto parameter = variables_.parameters.find(name.text);
        !token && parameter != variables_.parameters.end())
        return msg("{variable} is a parameter of {function}, and the text does not tell what it is called with",
                   variable, "function"_is("def " + tokens_[parameter->second.function + 1].text));
    const auto inner = std::ranges::find(variables_.bindings, name.text, &Binding::name);
    if (!token && inner != variables_.bindings.end()) token = inner->token;
    if (!token && found != assignments_.end() && manner_ == Manner::python && !cpp_) {
        const auto next = std::ranges::upper_bound(found->second, name.scope);
        if (next != found->second.end() && !name.text.starts_with("self."))
            return msg("{variable} is set by {line}, behind what reads it here", variable,
                       "line"_is(line_place(tokens_[*next].at)));
    }
    if (!token) return {};
    const auto line = "line"_is(line_place(tokens_[*token].at));
    const auto bound = bound_.find(*token);
    if (bound == bound_.end())
        return msg("{variable} is a variable whose value, of {line}, is not read", variable, line);
    switch (bound->second) {
        case Bound::loop: return msg("{variable} is set by the loop of {line}, which is not followed", variable, line);
        case Bound::comprehension:
            return msg("{variable} is set by the comprehension of {line}, which is not followed", variable, line);
        case Bound::lambda:
            return msg("{variable} is a parameter of the lambda of {line}, which is not followed", variable, line);
        case Bound::deleted: return msg("{variable} is deleted by {line}", variable, line);
        case Bound::imported: return msg("{variable} is imported by {line}, which is not followed", variable, line);
        default: return msg("{variable} is set by {line}, which is not followed", variable, line);
    }
}

}  // namespace convlens::pasted
