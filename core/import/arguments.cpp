#include "core/import/arguments.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "core/import/unread.h"

namespace convlens::pasted {

namespace {

// Arguments of some versions and libraries that change no result.
constexpr std::string_view kHarmless =
    "name dtype device trainable key rngs doc_string domain overload metadata autocast dynamic layout out";

bool is_none(const Node& node) {
    return node.kind == Node::Kind::name && (node.text == "None" || node.text == "nullptr");
}

bool is_truth(const Node& node) {
    return node.kind == Node::Kind::name && (lower(node.text) == "true" || lower(node.text) == "false");
}

bool says_no(const Node& node) {
    if (node.kind == Node::Kind::number) return node.number == 0;
    return (node.kind == Node::Kind::name && lower(node.text) == "false") ||
           (node.kind == Node::Kind::string && node.text == "linear");  // Keras's activation that does nothing
}

std::string quoted(const Node& node) {
    switch (node.kind) {
        case Node::Kind::string: return fmt::format("\"{}\"", node.text);
        case Node::Kind::call: return fmt::format("{}(...)", node.text);
        case Node::Kind::list: return "a list";
        case Node::Kind::number: return node.text.empty() ? fmt::format("{}", node.number) : node.text;
        case Node::Kind::name:
        case Node::Kind::opaque: return node.text.empty() ? "what is written" : node.text;
        default: return "the expression";
    }
}

}  // namespace

Arguments::Arguments(PastedText& text, Node call, const Signature& signature, std::vector<std::string>& notes)
    : text_(text), call_(std::move(call)), signature_(signature), notes_(notes) {
    bool by_name_only = false;
    for (const std::string_view name : words(signature.parameters)) {
        if (name == "*") {
            by_name_only = true;
            continue;
        }
        all_.push_back(name);
        if (!by_name_only) positional_.push_back(name);
    }
    std::size_t position = 0;
    for (std::size_t i = 0; i < call_.items.size(); ++i) {
        if (call_.keywords[i].empty())
            bind_position(i, position);
        else
            bind_name(i);
    }
    for (const std::string_view name : words(signature.left_out)) {
        const Node* node = given(name);
        if (!node || says_no(*node)) continue;
        notes_.push_back(fmt::format("{} of {} is not part of the layer and was left out", name, signature.function));
    }
}

void Arguments::bind_position(std::size_t item, std::size_t& position) {
    const Node& node = call_.items[item];
    if (node.kind == Node::Kind::opaque && node.text.starts_with('*')) {
        text_.fail(node.at, fmt::format("{}: {} does not tell its values; write the arguments themselves",
                                        signature_.function, node.text));
    }
    if (position >= positional_.size()) {
        text_.fail(node.at, fmt::format("{} takes {} arguments by position and this is one more; name it",
                                        signature_.function, positional_.size()));
    }
    bound_[positional_[position++]] = &node;
}

void Arguments::bind_name(std::size_t item) {
    const std::string_view name = call_.keywords[item];
    const auto known = std::ranges::find(all_, name);
    if (known == all_.end()) {
        if (is_one_of(name, kHarmless)) return;
        const std::string_view near = nearest(name, all_);
        text_.fail(call_.items[item].at, near.empty() ? fmt::format("{} is not an argument of {}; it has {}", name,
                                                                    signature_.function, fmt::join(all_, ", "))
                                                      : fmt::format("{} is not an argument of {}; did you mean {}?",
                                                                    name, signature_.function, near));
    }
    if (bound_.contains(*known)) {
        text_.fail(call_.items[item].at,
                   fmt::format("{} of {} is given twice; leave one out", name, signature_.function));
    }
    bound_[*known] = &call_.items[item];
}

const Node* Arguments::given(std::string_view name) const {
    const auto found = bound_.find(name);
    return found == bound_.end() || is_none(*found->second) ? nullptr : found->second;
}

const Node& Arguments::required(std::string_view name, std::string_view example) const {
    if (const Node* node = given(name)) return *node;
    text_.fail(call_.at, fmt::format("{} of {} is missing; add {}={}", name, signature_.function, name, example));
}

void Arguments::fail(std::string_view name, const std::string& message) const {
    const auto found = bound_.find(name);
    text_.fail(found == bound_.end() ? call_.at : found->second->at,
               fmt::format("{} of {}: {}", name, signature_.function, message));
}

double Arguments::number_in(std::string_view name, const Node& node) const {
    if (is_truth(resolved(text_, node)))
        fail(name, fmt::format("{} is a truth value, not a number; write one, such as {}=1", quoted(node), name));
    if (const auto value = number_of(text_, node)) return *value;
    if (node.kind == Node::Kind::name || node.kind == Node::Kind::unary || node.kind == Node::Kind::binary) {
        const std::string what =
            node.kind == Node::Kind::name ? node.text + " is a variable" : "a variable stands in the expression";
        fail(name, fmt::format("{} that the text does not set; put its number there, such as {}=1", what, name));
    }
    fail(name, fmt::format("{} is not a number; put one there, such as {}=1", quoted(node), name));
}

std::int64_t Arguments::whole_of(std::string_view name, const Node& node) const {
    const double value = number_in(name, node);
    refuse_too_large(text_, node, value, fmt::format("{} of {}: ", name, signature_.function));
    if (value != std::floor(value))
        fail(name, fmt::format("{} is not a whole number; the nearest is {}", value, std::round(value)));
    if (text_.manner() == Manner::python && is_float(text_, node))
        fail(name, fmt::format("{} is a float, which Python's programs refuse here; write {}", quoted(node), value));
    return static_cast<std::int64_t>(value);
}

std::int64_t Arguments::whole(std::string_view name, std::int64_t otherwise) const {
    const std::vector<std::int64_t> numbers = wholes(name);
    if (!given(name)) return otherwise;
    if (numbers.size() != 1) fail(name, fmt::format("has {}; write one", numbers_text(numbers.size())));
    return numbers[0];
}

double Arguments::number(std::string_view name, double otherwise) const {
    const Node* node = given(name);
    return node ? number_in(name, *node) : otherwise;
}

bool Arguments::flag(std::string_view name, bool otherwise) const {
    const Node* node = given(name);
    if (!node) return otherwise;
    const Node value = resolved(text_, *node);
    if (value.kind == Node::Kind::name && lower(value.text) == "true") return true;
    if (value.kind == Node::Kind::name && lower(value.text) == "false") return false;
    if (const auto number = number_of(text_, value)) return *number != 0;
    fail(name, fmt::format("{} is neither True nor False; write one of them", quoted(value)));
}

std::vector<std::int64_t> Arguments::wholes(std::string_view name) const {
    const Node* node = given(name);
    if (!node) return {};
    const Node value = resolved(text_, *node);
    std::vector<std::int64_t> numbers;
    if (value.kind == Node::Kind::binary && !number_of(text_, value)) {  // (3,) * 2 and [1] + [3]
        const auto told = array_of(text_, value);
        const bool flat = told && told->data && told->shape.size() == 1 && told->type == CellType::whole;
        for (const double cell : flat ? *told->data : std::vector<double>{})
            numbers.push_back(static_cast<std::int64_t>(cell));
        if (flat) return numbers;
    }
    if (value.kind != Node::Kind::list) return {whole_of(name, value)};
    for (const Node& item : value.items) numbers.push_back(whole_of(name, item));
    return numbers;
}

std::optional<std::string> Arguments::word(std::string_view name) const {
    const Node* node = given(name);
    if (!node) return {};
    const Node value = resolved(text_, *node);
    if (value.kind == Node::Kind::string) return value.text;
    if (value.kind == Node::Kind::name) return std::string(last_part(value.text));
    return {};
}

std::string Arguments::chosen_word(std::string_view name, const std::vector<std::string_view>& all,
                                   Case letters) const {
    const std::optional<std::string> found = word(name);
    if (!found)
        fail(name, fmt::format("{} is not a word; write one of {}", quoted(*given(name)), fmt::join(all, ", ")));
    for (const std::string_view candidate : all) {
        const bool same = letters == Case::exact ? candidate == *found : lower(candidate) == lower(*found);
        if (same) return std::string(candidate);
    }
    const std::string_view near = nearest(*found, all);
    if (!near.empty()) fail(name, fmt::format("\"{}\" is not known; did you mean \"{}\"?", *found, near));
    const bool variable = resolved(text_, *given(name)).kind == Node::Kind::name;
    fail(name,
         fmt::format("{} {}; write one of {}", *found,
                     variable ? "is a variable that the text does not set" : "is not known", fmt::join(all, ", ")));
}

std::optional<ToldArray> Arguments::array(std::string_view name) const {
    const Node* node = given(name);
    if (!node) return {};
    Unread unread;
    std::optional<ToldArray> told = array_of(text_, *node, &unread);
    if (told && !unread.what.empty())
        notes_.push_back(unread.is_number
                             ? fmt::format("{} of {} of {} is not read, so none of its numbers are; others were taken",
                                           unread.what, name, signature_.function)
                             : fmt::format("the numbers of {} of {} are made by {}, which is not read", name,
                                           signature_.function, unread.what));
    if (told) return told;
    if (const auto change = changed_first(text_, *node)) {
        notes_.push_back(
            fmt::format("{} of {} is changed by {} before, which was not followed: its numbers, and what "
                        "that does to the layer, are left out",
                        name, signature_.function, *change));
    } else if (!unread.what.empty()) {
        notes_.push_back(
            fmt::format("{} of {} is made by {}, which is not read", name, signature_.function, unread.what));
    }
    return {};
}

std::string Arguments::untold(std::string_view name) const {
    const Node* node = given(name);
    if (!node) return fmt::format("{} is not told", name);
    Unread unread;
    array_of(text_, *node, &unread);
    if (!unread.what.empty()) return fmt::format("{} is made by {}, whose numbers are not read", name, unread.what);
    return fmt::format("{}'s shape is not told", name);
}

std::string Arguments::function_with(std::string_view a, std::string_view b) const {
    const auto& tokens = text_.tokens();
    std::string function;
    for (std::size_t i = 0; i + 2 < call_.scope && i + 2 < tokens.size(); ++i) {
        if (!tokens[i].is_name() || tokens[i].text != "def" || !tokens[i + 2].is("(")) continue;
        bool has_a = false;
        bool has_b = false;
        for (std::size_t k = i + 3; k < tokens.size() && !tokens[k].is(")"); ++k) {
            has_a = has_a || (tokens[k].is_name() && tokens[k].text == a);
            has_b = has_b || (tokens[k].is_name() && tokens[k].text == b);
        }
        function = has_a && has_b ? tokens[i + 1].text : "";
    }
    return function;
}

std::optional<ToldArray> Arguments::input(Draft& draft, std::string_view name, std::string_view letters) const {
    const Node* node = given(name);
    return node ? taken_input(draft, traced(text_, *node, letters, Role::input), name, signature_.function)
                : std::nullopt;
}

std::optional<ToldArray> Arguments::weight(Draft& draft, std::string_view name, std::string_view letters) const {
    const Node* node = given(name);
    if (!node) return {};
    Traced kernel = traced(text_, *node, letters);
    if (kernel.border) {  // a part of an array of weights
        kernel = {};
        Unread unread;
        kernel.array = array_of(text_, *node, &unread);
        (unread.is_number ? kernel.unread_number : kernel.unread) = unread.what;
        if (!kernel.array) kernel.left_out = changed_first(text_, *node).value_or("");
    }
    return taken_weight(draft, std::move(kernel), name, signature_.function);
}

void Arguments::bias(Draft& draft, std::string_view name) const {
    const Node* node = given(name);
    draft.result.has_bias = node != nullptr;
    if (!node) return;
    const std::size_t notes = notes_.size();
    const std::optional<ToldArray> told = array(name);
    if (told) take_bias(draft, *told);
    const bool said = notes_.size() > notes;
    if (!said && !(told && told->data))
        notes_.push_back(unread_text(text_, *node, fmt::format("{} of {}", name, signature_.function)));
}

Size2 Arguments::lengths(std::string_view name, Size2 otherwise, int axes, std::int64_t neutral) const {
    if (!given(name)) return otherwise;
    const std::vector<std::int64_t> numbers = wholes(name);
    if (axes == 1 && numbers.size() == 1) return {neutral, numbers[0]};
    if (axes == 2 && numbers.size() == 1) return {numbers[0], numbers[0]};
    if (axes == 2 && numbers.size() == 2) return {numbers[0], numbers[1]};
    fail(name, fmt::format("has {}; write {}", numbers_text(numbers.size()),
                           axes == 1 ? "one" : "one, or two: rows, columns"));
}

}  // namespace convlens::pasted
