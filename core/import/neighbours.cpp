#include "core/import/neighbours.h"

#include <algorithm>
#include <optional>

#include "core/import/lines.h"
#include "core/import/value.h"

namespace convlens::pasted {

namespace {

constexpr std::string_view kContainers = "Sequential OrderedDict ModuleList Chain";
constexpr std::string_view kAdding = "add append";

bool is_call(const std::vector<Token>& tokens, std::size_t at) {
    return at + 1 < tokens.size() && tokens[at].is_name() && tokens[at + 1].is("(");
}

bool is_container(const std::vector<Token>& tokens, std::size_t at) {
    return is_call(tokens, at) && is_one_of(last_part(tokens[at].text), kContainers);
}

// A variable among modules: nn.Sequential(conv, act).
bool is_item(const std::vector<Token>& tokens, std::size_t at) {
    const Token& token = tokens[at];
    if (!token.is_name() || at == 0 || at + 1 >= tokens.size() || is_one_of(token.text, "True False None"))
        return false;
    const bool begins = tokens[at - 1].is("(") || tokens[at - 1].is(",") || tokens[at - 1].is("[");
    return begins && (tokens[at + 1].is(",") || tokens[at + 1].is(")") || tokens[at + 1].is("]"));
}

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

// Modules that stand side by side between two tokens; those in a sequence within are among them, others' arguments not.
std::vector<std::size_t> modules_in(const std::vector<Token>& tokens, std::size_t from, std::size_t to) {
    std::vector<std::size_t> modules;
    for (std::size_t i = from; i < to; ++i) {
        const bool label =
            i > 0 && i + 2 < tokens.size() && tokens[i - 1].is("(") && tokens[i + 2].is(":");  // (conv1):
        if (is_item(tokens, i) && !label) modules.push_back(i);
        if (!is_call(tokens, i) || is_container(tokens, i)) continue;
        if (is_capital(last_part(tokens[i].text).front())) modules.push_back(i);
        i = closing_of(tokens, i + 1);
    }
    return modules;
}

// The bracket around a token; nothing where there is none.
std::optional<std::size_t> bracket_around(const std::vector<Token>& tokens, std::size_t at) {
    int open = 0;
    for (std::size_t i = at; i-- > 0;) {
        if (closes(tokens[i])) ++open;
        if (opens(tokens[i]) && --open < 0) return i;
    }
    return {};
}

void take_beside(Neighbours& found, const std::vector<std::size_t>& modules, std::size_t layer) {
    for (const std::size_t module : modules) {
        if (module < layer) found.before.push_back(module);
        if (module > layer) found.after.push_back(module);
    }
}

// model.add(Conv2D(8, 3)), then model.add(ReLU())
Neighbours added_beside(const std::vector<Token>& tokens, std::size_t add, std::size_t layer) {
    Neighbours found;
    found.added = true;
    found.variable = std::string(first_parts(tokens[add].text));
    std::vector<std::size_t> modules;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (tokens[i].text != tokens[add].text || !is_call(tokens, i)) continue;
        const std::size_t end = closing_of(tokens, i + 1);
        for (const std::size_t module : modules_in(tokens, i + 2, end)) modules.push_back(module);
        i = end;
    }
    take_beside(found, modules, layer);
    return found;
}

// [a, b] and ("name", a)
bool is_plain_list(const std::vector<Token>& tokens, std::size_t bracket) {
    if (tokens[bracket].is("(")) return tokens[bracket + 1].kind == Token::Kind::string;
    return tokens[bracket].is("[") && (bracket == 0 || !(tokens[bracket - 1].is_name() || closes(tokens[bracket - 1])));
}

// Labels of printed modules: (conv1): in front.
bool is_printed(const std::vector<Token>& tokens, std::size_t at) {
    return at >= 4 && tokens[at - 1].is(":") && tokens[at - 2].is(")") && tokens[at - 4].is("(");
}

}  // namespace

std::size_t place_in_sequence(const PastedText& text, std::size_t layer) {
    const auto& tokens = text.tokens();
    if (layer < 2 || !tokens[layer - 1].is("=") || !tokens[layer - 2].is_name()) return layer;
    const std::string& name = tokens[layer - 2].text;
    for (std::size_t i = layer + 1; i + 1 < tokens.size(); ++i) {
        if (!tokens[i].is_name() || tokens[i].text != name || tokens[i + 1].is("(") || tokens[i + 1].is("=")) continue;
        const auto bracket = bracket_around(tokens, i);
        const bool held = bracket && *bracket > 0 && is_container(tokens, *bracket - 1);
        if (held || (bracket && is_plain_list(tokens, *bracket))) return i;
    }
    return layer;
}

Neighbours neighbours_of(const PastedText& text, std::size_t layer) {
    const auto& tokens = text.tokens();
    std::size_t at = layer;  // the outermost bracket or call that is the sequence so far
    std::optional<std::size_t> sequence;
    while (const auto bracket = bracket_around(tokens, at)) {
        const bool named = *bracket > 0 && tokens[*bracket - 1].is_name() && tokens[*bracket].is("(");
        if (named && is_one_of(last_part(tokens[*bracket - 1].text), kAdding) && at == layer)
            return added_beside(tokens, *bracket - 1, layer);
        if (named ? !is_container(tokens, *bracket - 1) : !is_plain_list(tokens, *bracket)) break;
        sequence = bracket;
        at = named ? *bracket - 1 : *bracket;
    }
    if (!sequence && is_printed(tokens, layer)) sequence = bracket_around(tokens, layer);
    Neighbours found;
    if (!sequence) {
        const std::size_t place = place_in_sequence(text, layer);
        return place == layer ? found : neighbours_of(text, place);
    }
    take_beside(found, modules_in(tokens, *sequence + 1, closing_of(tokens, *sequence)), layer);
    const bool printed = is_printed(tokens, layer);
    const bool in_order = *sequence > 0 && is_container(tokens, *sequence - 1);
    if (printed && !in_order) {  // what follows in a printed Net may stand elsewhere; the next is likely its neighbour
        found.before.clear();
        if (found.after.size() > 1) found.after.erase(found.after.begin() + 1, found.after.end());
    }
    if (at >= 2 && tokens[at - 1].is("=") && tokens[at - 2].is_name()) found.variable = tokens[at - 2].text;
    return found;
}

}  // namespace convlens::pasted
