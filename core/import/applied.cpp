// Where a layer that is a module is called: by its variable, by another name of it, as an item of a list, or at once.
#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "core/import/lines.h"
#include "core/import/programs.h"
#include "core/import/targets.h"

namespace convlens::pasted {

namespace {

// The assignment that a layer is a part of the value of; nothing where it is of none.
struct Holding {
    Assignment assignment;
    std::size_t to = 0;  // the statement ends in front of this token
};

std::optional<Holding> holding(const PastedText& text, std::size_t layer) {
    const std::optional<Assignment>& assignment = text.assignment_around(layer);
    if (!assignment || layer < assignment->value || !text.tokens()[assignment->sign].is("=")) return {};
    return Holding{*assignment, text.statement_around(layer).second};
}

// The names that a value at a place of the assignment is set to, the last one first.
std::vector<std::string> names_at(const PastedText& text, const Assignment& assignment,
                                  const std::vector<std::size_t>& place) {
    std::vector<std::string> names;
    for (std::size_t i = assignment.targets.size(); i-- > 0;) {
        const Target& target = assignment.targets[i];
        if (target.is_name && !target.is_starred && std::ranges::equal(target.path, place, {}, &Target::Step::index))
            names.push_back(text.tokens()[target.token].text);
    }
    return names;
}

constexpr std::size_t kFarthest = 4000;  // tokens in front of a layer in the value of its assignment

std::vector<std::string> names_of(const PastedText& text, std::size_t layer) {
    const auto& tokens = text.tokens();
    const bool walrus =
        layer >= 3 && tokens[layer - 1].is("=") && tokens[layer - 2].is(":") && tokens[layer - 3].is_name();
    const bool grouped = walrus && !tokens[layer - 1].spaced && layer >= 4 && opens(tokens[layer - 4]);
    std::vector<std::string> names;
    if (grouped) names.push_back(tokens[layer - 3].text);
    const auto held = holding(text, layer);
    if (!held || layer > held->assignment.value + kFarthest) return names;
    const auto whole = [](const Target& target) { return target.path.empty(); };
    bool begins = true;  // the value, brackets and a walrus aside
    for (std::size_t i = held->assignment.value; i < layer; ++i)
        begins = begins && (tokens[i].is("(") || tokens[i].is(":") || tokens[i].is("=") || tokens[i + 1].is(":"));
    if (!begins && std::ranges::all_of(held->assignment.targets, whole)) return names;
    const auto place = place_in(tokens, {held->assignment.value, held->to}, layer);
    if (!place) return names;
    for (std::string& name : names_at(text, held->assignment, *place)) names.push_back(std::move(name));
    return names;
}

// Adds c where c = a is the only statement that sets it, and a is among the names.
void add_aliases(const PastedText& text, std::vector<std::string>& names) {
    constexpr std::size_t kMost = 8;
    const auto& tokens = text.tokens();
    for (const std::size_t from : text.statements()) {
        const bool plain = from + 3 < tokens.size() && tokens[from].is_name() && tokens[from + 1].is("=") &&
                           tokens[from + 2].is_name() && tokens[from + 3].ends_statement();
        if (!plain || names.size() >= kMost || std::ranges::count(names, tokens[from + 2].text) == 0) continue;
        if (std::ranges::count(names, tokens[from].text) == 0 && text.times_set(tokens[from].text) == 1)
            names.push_back(tokens[from].text);
    }
}

constexpr std::string_view kLists = "ModuleList Sequential list tuple";

// The index that convs[1] at a token asks for; nothing where it is no number.
std::optional<std::size_t> index_at(const std::vector<Token>& tokens, std::size_t bracket, std::size_t count) {
    const bool minus = bracket + 1 < tokens.size() && tokens[bracket + 1].is("-");
    const std::size_t number = bracket + (minus ? 2 : 1);
    if (number + 1 >= tokens.size() || tokens[number].kind != Token::Kind::number || !tokens[number + 1].is("]"))
        return {};
    const double value = minus ? static_cast<double>(count) - tokens[number].number : tokens[number].number;
    return value >= 0 && value < static_cast<double>(count) ? std::optional(static_cast<std::size_t>(value))
                                                            : std::nullopt;
}

// The token of the bracket that calls one of the names, or the item of the list, at a token; 0 for none.
std::size_t bracket_of_call(const PastedText& text, std::size_t at, const std::set<std::string>& names,
                            const std::optional<Element>& element) {
    const auto& tokens = text.tokens();
    if (at + 1 >= tokens.size() || !tokens[at].is_name()) return 0;
    if (tokens[at + 1].is("(")) return names.contains(tokens[at].text) ? at + 1 : 0;
    if (!element || tokens[at].text != element->variable || !tokens[at + 1].is("[")) return 0;
    const std::size_t end = closing_of(tokens, at + 1);
    const bool called = end + 1 < tokens.size() && tokens[end + 1].is("(");
    return called && index_at(tokens, at + 1, element->count) == element->index ? end + 1 : 0;
}

// The bracket that applies a layer where it is made: nn.Conv2d(...)(x), (nn.Conv2d(...))(x), (conv := nn.Conv2d(...))(x).
// `end`: the token behind the call that makes it.
std::optional<std::size_t> bracket_at_once(const PastedText& text, std::size_t layer, std::size_t end) {
    const auto& tokens = text.tokens();
    std::size_t from = layer;
    while (end < tokens.size()) {
        if (tokens[end].is("(") && tokens[end - 1].is(")")) return end;
        const bool walrus =
            from >= 3 && tokens[from - 1].is("=") && tokens[from - 2].is(":") && tokens[from - 3].is_name();
        if (walrus) from -= 3;
        const bool held = tokens[end].is(")") && from > 0 && tokens[from - 1].is("(");
        const bool call = held && from >= 2 && (tokens[from - 2].is_name() || closes(tokens[from - 2])) &&
                          !is_name(tokens[from - 2], "return in and or not if else lambda yield await");
        if (!held || call) return {};
        --from;
        ++end;
    }
    return {};
}

// The bracket around a token; 0 for none.
std::size_t bracket_around(const std::vector<Token>& tokens, std::size_t at) {
    int open = 0;
    for (std::size_t i = at; i-- > 0;) {
        if (closes(tokens[i])) ++open;
        if (opens(tokens[i]) && --open < 0) return i;
    }
    return 0;
}

}  // namespace

std::string layer_variable(const PastedText& text, std::size_t layer) {
    std::vector<std::string> names = names_of(text, layer);
    return names.empty() ? "" : std::move(names.front());
}

std::vector<std::string> layer_variables(const PastedText& text, std::size_t layer) {
    std::vector<std::string> names = names_of(text, layer);
    if (!names.empty() && text.manner() == Manner::python && !text.is_cpp()) add_aliases(text, names);
    return names;
}

std::optional<Element> element_of(const PastedText& text, std::size_t layer) {
    const auto& tokens = text.tokens();
    const auto held = holding(text, layer);
    if (!held) return {};
    const std::vector<std::string> names = names_at(text, held->assignment, {});
    if (names.empty()) return {};
    Part part = without_brackets(tokens, {held->assignment.value, held->to});
    const bool call = part.from + 2 < part.to && tokens[part.from].is_name() && tokens[part.from + 1].is("(") &&
                      closing_of(tokens, part.from + 1) + 1 == part.to;
    if (call && !is_one_of(last_part(tokens[part.from].text), kLists)) return {};
    if (call) {
        part = {part.from + 2, part.to - 1};
        if (const auto items = parts_between_commas(tokens, part); items.size() == 1) part = items[0];
    }
    if (opens(tokens[part.from]) && closing_of(tokens, part.from) + 1 == part.to) part = {part.from + 1, part.to - 1};
    const std::vector<Part> items = parts_between_commas(tokens, part);
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (tokens[items[i].from].is("*")) return {};
        if (without_brackets(tokens, items[i]).from == layer) return Element{names[0], i, items.size()};
    }
    return {};
}

std::optional<Node> application_of(const Found& found, const Node& call) {
    const auto& tokens = found.text.tokens();
    if (const auto bracket = bracket_at_once(found.text, found.token, call.end))
        return found.text.arguments_at(*bracket);
    const std::vector<std::string> all = layer_variables(found.text, found.token);
    const std::set<std::string> names(all.begin(), all.end());
    const std::optional<Element> element = names.empty() ? element_of(found.text, found.token) : std::nullopt;
    if (names.empty() && !element) return {};
    for (std::size_t k = 1; k + 1 < tokens.size(); ++k) {  // behind the layer first
        const std::size_t i = (found.token + k) % tokens.size();
        if (const std::size_t bracket = bracket_of_call(found.text, i, names, element); bracket != 0)
            return found.text.arguments_at(bracket);
    }
    return {};
}

bool is_used_otherwise(const Found& found) {
    const auto& tokens = found.text.tokens();
    const std::vector<std::string> names = layer_variables(found.text, found.token);
    const std::optional<Element> element = names.empty() ? element_of(found.text, found.token) : std::nullopt;
    const auto [from, to] = found.text.statement_around(found.token);
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
        if ((i >= from && i < to) || !tokens[i].is_name()) continue;
        if (element && tokens[i].text == element->variable) {
            const std::size_t end = tokens[i + 1].is("[") ? closing_of(tokens, i + 1) : i;
            const bool loop = i > 0 && is_name(tokens[i - 1], "in");
            if (loop || (end > i && end + 1 < tokens.size() && tokens[end + 1].is("("))) return true;
        }
        if (std::ranges::count(names, tokens[i].text) == 0) continue;
        const bool argument = i > 1 && (tokens[i - 1].is("(") || tokens[i - 1].is(",")) &&
                              (tokens[i + 1].is(",") || tokens[i + 1].is(")"));
        const std::size_t bracket = argument ? bracket_around(tokens, i) : 0;
        const bool looks = bracket > 0 && tokens[bracket - 1].is_name() &&
                           (is_looking(tokens[bracket - 1].text) ||
                            is_one_of(last_part(tokens[bracket - 1].text), "Sequential ModuleList add append"));
        if (argument && !looks) return true;
    }
    return false;
}

std::optional<Node> given_to(const Found& found, const std::string& function) {
    const auto& tokens = found.text.tokens();
    for (std::size_t k = 1; k + 1 < tokens.size(); ++k) {
        const std::size_t i = (found.token + k) % tokens.size();
        if (!tokens[i].is_name() || tokens[i].text != function || i + 1 >= tokens.size() || !tokens[i + 1].is("("))
            continue;
        const Node call = found.text.call_at(i);
        if (!call.items.empty()) return call.items[0];
    }
    return {};
}

}  // namespace convlens::pasted
