#include "core/import/mentions.h"

#include <algorithm>
#include <optional>

#include "core/import/value.h"

namespace convlens::pasted {

namespace {

// Words of the languages, and roots of libraries, which no text changes.
constexpr std::string_view kWords =
    "and or not in is if elif else for while lambda None True False true false return def class import from as with "
    "try except finally raise assert del global nonlocal pass break continue yield await async print range len int "
    "float str list tuple dict set zip enumerate super end function endfunction elseif switch case otherwise "
    "const static using namespace include std cv cv2 np numpy torch nn F tf keras layers jnp jax lax scipy signal "
    "ndimage plt matplotlib onnx helper functional math os sys time random K ops";

constexpr std::string_view kLookAttributes = "shape ndim dtype device rows cols itemsize nbytes";
constexpr std::string_view kLookMethods =
    "size dim numel sum mean max min std var item tolist norm any all prod argmax argmin type channels depth empty "
    "type_as get_shape element_size count_params parameters";
constexpr std::string_view kLookFunctions =
    "len print disp type isinstance str repr size sum mean max min std var norm shape ndim numel any all prod argmax "
    "argmin isnan isfinite summary id";

bool is_prefix_of_string(const std::vector<Token>& tokens, std::size_t at) {
    const Token& next = tokens[std::min(at + 1, tokens.size() - 1)];
    return next.kind == Token::Kind::string && !next.spaced &&
           is_one_of(tokens[at].text, "f r b u rb br fr rf F R B U");
}

std::vector<std::string> parts_of(std::string_view dotted) {
    std::vector<std::string> parts;
    while (true) {
        const std::size_t dot = dotted.find('.');
        parts.emplace_back(dotted.substr(0, dot));
        if (dot == std::string_view::npos) return parts;
        dotted.remove_prefix(dot + 1);
    }
}

bool looks(const std::vector<Token>& tokens, std::size_t at, std::size_t from) {
    const std::string_view last = last_part(tokens[at].text);
    const bool dotted = last.size() < tokens[at].text.size();
    const bool opens_call = at + 1 < tokens.size() && tokens[at + 1].is("(");
    if (dotted && is_one_of(last, kLookAttributes)) return true;
    if (dotted && opens_call && is_one_of(last, kLookMethods)) return true;
    return at >= from + 2 && tokens[at - 1].is("(") && tokens[at - 2].is_name() &&
           is_one_of(last_part(tokens[at - 2].text), kLookFunctions);
}

// The name of what a header def f(x), class Net or function y = f(x) defines.
std::string defined_by(const PastedText& text, const Line& line) {
    const auto& tokens = text.tokens();
    if (!is_name(tokens[line.from], "def class function")) return "";
    std::size_t name = line.from + 1;
    for (std::size_t i = name; tokens[line.from].text == "function" && i + 1 < line.to; ++i) {
        if (tokens[i].is("=")) name = i + 1;
    }
    return name < line.to && tokens[name].is_name() ? tokens[name].text : "";
}

}  // namespace

std::vector<std::string> names_set_by(const PastedText& text, const Line& line) {
    const auto& tokens = text.tokens();
    std::vector<std::string> names;
    if (is_name(tokens[line.from], "for with parfor")) {
        bool on = tokens[line.from].text != "with";
        for (std::size_t i = line.from + 1; i < line.to && !is_name(tokens[i], "in") && !tokens[i].is("="); ++i) {
            if (on && tokens[i].is_name()) names.push_back(tokens[i].text);
            on = on || is_name(tokens[i], "as");
        }
        return names;
    }
    if (is_name(tokens[line.from], "if elif while return def class function assert")) return names;
    const auto sign = assignment_in(tokens, line);
    for (std::size_t i = line.from; sign && i < *sign; ++i) {
        const bool subscript = opens(tokens[i]) && i > line.from && (tokens[i - 1].is_name() || closes(tokens[i - 1]));
        if (subscript)
            i = closing_of(tokens, i);
        else if (tokens[i].is_name())
            names.push_back(tokens[i].text);
    }
    return names;
}

Mentions::Mentions(const PastedText& text, const std::vector<Line>& lines) : text_(text), lines_(lines) {
    const auto& tokens = text.tokens();
    std::map<std::size_t, std::set<std::string>> shared;  // global and nonlocal names
    for (const Token& token : tokens) {
        if (!token.is_name() || !token.text.starts_with("self.") || unmarked(token.text) == token.text) continue;
        const std::string attribute = parts_of(token.text)[1];
        attributes_[unmarked(attribute)].insert(attribute);
    }
    for (const Line& line : lines) {
        if (const std::string name = defined_by(text, line); !name.empty()) defined_.insert(name);
        for (std::size_t i = line.from + 2; tokens[line.from].text == "def" && i < line.to; ++i) {
            const bool parameter =
                tokens[i - 1].is("(") || tokens[i - 1].is(",") || tokens[i - 1].is("*") || tokens[i - 1].is("**");
            if (tokens[i].is_name() && parameter) locals_[line.from].insert(tokens[i].text);
        }
        const std::size_t function = function_of(line);
        if (function == Variable::kOutside) continue;
        if (is_name(tokens[line.from], "global nonlocal")) {
            for (std::size_t i = line.from + 1; i < line.to; ++i) shared[function].insert(tokens[i].text);
        }
        for (std::string& name : names_set_by(text, line)) {
            if (name.find('.') == std::string::npos) locals_[function].insert(std::move(name));
        }
    }
    for (const Line& line : lines) {
        for (std::string& name : names_set_by(text, line)) set_.insert(std::move(name));
    }
    for (const auto& [function, names] : shared) {
        for (const std::string& name : names) locals_[function].erase(name);
    }
}

std::size_t Mentions::function_of(const Line& line) const {
    for (std::size_t i = line.scopes.size(); i-- > 0;) {
        if (text_.tokens()[line.scopes[i]].text != "class") return line.scopes[i];
    }
    return Variable::kOutside;
}

std::size_t Mentions::owner_of(const Line& line, const std::string& name) const {
    if (defined_.contains(name)) return Variable::kOutside;
    if (text_.manner() == Manner::matlab) return function_of(line);
    for (std::size_t i = line.scopes.size(); i-- > 0;) {
        const auto found = locals_.find(line.scopes[i]);
        if (found != locals_.end() && found->second.contains(name)) return line.scopes[i];
    }
    return Variable::kOutside;
}

std::vector<Mention> Mentions::in(const Line& line) const {
    const auto& tokens = text_.tokens();
    const bool matlab = text_.manner() == Manner::matlab;
    std::vector<Mention> mentions;
    int open = 0;
    for (std::size_t i = line.from; i < line.to; ++i) {
        if (opens(tokens[i])) ++open;
        if (closes(tokens[i])) --open;
        if (!tokens[i].is_name() || is_prefix_of_string(tokens, i)) continue;
        const Token& next = tokens[i + 1];
        if (!matlab && open > 0 && next.is("=")) continue;  // the name of an argument
        const std::vector<std::string> parts = parts_of(tokens[i].text);
        Mention mention;
        mention.token = i;
        mention.looks = looks(tokens, i, line.from);
        if (parts[0] == "self" || parts[0] == "this") {
            mention.variable = {parts.size() > 1 ? "self." + parts[1] : "self", Variable::kOfObject};
            mention.called = parts.size() == 2 && next.is("(");
            mentions.push_back(mention);
        } else if (!is_one_of(parts[0], kWords)) {
            mention.variable = {parts[0], owner_of(line, parts[0])};
            mention.called = parts.size() == 1 && next.is("(") && !(matlab && set_.contains(parts[0]));
            mentions.push_back(mention);
        }
        mention.inner = true;
        mention.called = false;
        for (std::size_t k = 1; k < parts.size(); ++k) {
            mention.variable = {"self." + parts[k], Variable::kOfObject};
            mentions.push_back(mention);
            const auto others = attributes_.find(parts[k]);  // net.conv, of whatever class
            if (others == attributes_.end() || (k == 1 && parts[0] == "self")) continue;
            for (const std::string& other : others->second) {
                mention.variable.name = "self." + other;
                mentions.push_back(mention);
            }
        }
    }
    return mentions;
}

std::vector<Variable> Mentions::set_by(const Line& line) const {
    std::vector<Variable> variables;
    for (const std::string& name : names_set_by(text_, line)) {
        const std::vector<std::string> parts = parts_of(name);
        if (parts[0] == "self" && parts.size() > 1)
            variables.push_back({"self." + parts[1], Variable::kOfObject});
        else
            variables.push_back({parts[0], owner_of(line, parts[0])});
    }
    return variables;
}

}  // namespace convlens::pasted
