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

Message quoted(const Node& node) {
    switch (node.kind) {
        case Node::Kind::string: return verbatim(fmt::format("\"{}\"", node.text));
        case Node::Kind::call: return verbatim(fmt::format("{}(...)", node.text));
        case Node::Kind::list: return key("a list");
        case Node::Kind::number: return verbatim(node.text.empty() ? fmt::format("{}", node.number) : node.text);
        case Node::Kind::name:
        case Node::Kind::opaque: return node.text.empty() ? Message(key("what is written")) : verbatim(node.text);
        default: return key("the expression");
    }
}

}  // namespace

Message argument_of(std::string_view argument, std::string_view function) {
    return msg("{argument} of {function}", "argument"_is(argument), "function"_is(function));
}

Message left_out_note(const Message& argument) {
    return msg("{argument} is not part of the layer and was left out", "argument"_is(argument));
}

Message change_note(const Message& array, const Message& change) {
    return msg(
        "{array} is changed by {change} before, which was not followed: its numbers, and what that does to the "
        "layer, are left out",
        "array"_is(array), "change"_is(change));
}

Message maker_note(const Message& array, const Message& maker) {
    return msg("{array} is made by {maker}, which is not read", "array"_is(array), "maker"_is(maker));
}

Message number_note(const Message& array, const Message& number) {
    return msg("{number} of {array} is not read, so none of its numbers are; others were taken", "number"_is(number),
               "array"_is(array));
}

Message numbers_note(const Message& array, const Message& maker) {
    return msg("the numbers of {array} are made by {maker}, which is not read", "array"_is(array), "maker"_is(maker));
}

Arguments::Arguments(PastedText& text, Node call, const Signature& signature, std::vector<Message>& notes)
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
        notes_.push_back(left_out_note(argument_of(name, signature.function)));
    }
}

void Arguments::bind_position(std::size_t item, std::size_t& position) {
    const Node& node = call_.items[item];
    if (node.kind == Node::Kind::opaque && node.text.starts_with('*')) {
        text_.fail(node.at, msg("{function}: {argument} does not tell its values; write the arguments themselves",
                                "function"_is(signature_.function), "argument"_is(node.text)));
    }
    if (position >= positional_.size()) {
        text_.fail(node.at, plural("{function} takes {n} argument by position and this is one more; name it",
                                   "{function} takes {n} arguments by position and this is one more; name it",
                                   static_cast<std::int64_t>(positional_.size()), "function"_is(signature_.function)));
    }
    bound_[positional_[position++]] = &node;
}

void Arguments::bind_name(std::size_t item) {
    const std::string_view name = call_.keywords[item];
    const auto known = std::ranges::find(all_, name);
    if (known == all_.end()) {
        if (is_one_of(name, kHarmless)) return;
        const std::string_view near = nearest(name, all_);
        text_.fail(call_.items[item].at,
                   near.empty() ? msg("{argument} is not an argument of {function}; it has {arguments}",
                                      "argument"_is(name), "function"_is(signature_.function),
                                      "arguments"_is(fmt::format("{}", fmt::join(all_, ", "))))
                                : msg("{argument} is not an argument of {function}; did you mean {near}?",
                                      "argument"_is(name), "function"_is(signature_.function), "near"_is(near)));
    }
    if (bound_.contains(*known)) {
        text_.fail(call_.items[item].at,
                   msg("{argument} is given twice; leave one out", "argument"_is(argument_of(name, function()))));
    }
    bound_[*known] = &call_.items[item];
}

const Node* Arguments::given(std::string_view name) const {
    const auto found = bound_.find(name);
    return found == bound_.end() || is_none(*found->second) ? nullptr : found->second;
}

const Node& Arguments::required(std::string_view name, std::string_view example) const {
    if (const Node* node = given(name)) return *node;
    text_.fail(call_.at, msg("{argument} of {function} is missing; add {argument}={example}", "argument"_is(name),
                             "function"_is(function()), "example"_is(example)));
}

void Arguments::fail(std::string_view name, Message reason) const {
    const auto found = bound_.find(name);
    text_.fail(
        found == bound_.end() ? call_.at : found->second->at,
        msg("{argument}: {reason}", "argument"_is(argument_of(name, function())), "reason"_is(std::move(reason))));
}

namespace {

// Of the first variable of a number that the text gives a value in a way that is not followed; empty for none.
Message why_not_told(PastedText& text, const Node& node) {
    if (node.kind == Node::Kind::name) {
        const Node last = resolved(text, node);
        return last.kind == Node::Kind::name ? text.why_not_told(last) : Message();
    }
    if (node.kind != Node::Kind::unary && node.kind != Node::Kind::binary) return {};
    for (const Node& item : node.items) {
        if (Message why = why_not_told(text, item); !why.empty()) return why;
    }
    return {};
}

}  // namespace

double Arguments::number_in(std::string_view name, const Node& node) const {
    if (is_truth(resolved(text_, node)))
        fail(name, msg("{value} is a truth value, not a number; write one, such as {argument}=1",
                       "value"_is(quoted(node)), "argument"_is(name)));
    if (const auto value = number_of(text_, node)) return *value;
    if (const Message why = why_not_told(text_, node); !why.empty())
        fail(name, msg("{reason}; put its number there, such as {argument}=1", "reason"_is(why), "argument"_is(name)));
    if (node.kind == Node::Kind::name)
        fail(name,
             msg("{variable} is a variable that the text does not set; put its number there, such as {argument}=1",
                 "variable"_is(node.text), "argument"_is(name)));
    if (node.kind == Node::Kind::unary || node.kind == Node::Kind::binary)
        fail(name, msg("a variable stands in the expression that the text does not set; put its number there, such as "
                       "{argument}=1",
                       "argument"_is(name)));
    fail(name, msg("{value} is not a number; put one there, such as {argument}=1", "value"_is(quoted(node)),
                   "argument"_is(name)));
}

std::int64_t Arguments::whole_of(std::string_view name, const Node& node) const {
    const double value = number_in(name, node);
    refuse_too_large(text_, node, value, argument_of(name, function()));
    if (value != std::floor(value))
        fail(name, msg("{number} is not a whole number; the nearest is {nearest}",
                       "number"_is(fmt::format("{}", value)), "nearest"_is(fmt::format("{}", std::round(value)))));
    if (text_.manner() == Manner::python && is_float(text_, node))
        fail(name, msg("{value} is a float, which Python's programs reject here; write {number}",
                       "value"_is(quoted(node)), "number"_is(fmt::format("{}", value))));
    return static_cast<std::int64_t>(value);
}

std::int64_t Arguments::whole(std::string_view name, std::int64_t otherwise) const {
    const std::vector<std::int64_t> numbers = wholes(name);
    if (!given(name)) return otherwise;
    if (numbers.size() != 1) fail(name, msg("has {numbers}; write one", "numbers"_is(numbers_text(numbers.size()))));
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
    fail(name, msg("{value} is neither True nor False; write one of them", "value"_is(quoted(value))));
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
        fail(name, msg("{value} is not a word; write one of {words}", "value"_is(quoted(*given(name))),
                       "words"_is(fmt::format("{}", fmt::join(all, ", ")))));
    for (const std::string_view candidate : all) {
        const bool same = letters == Case::exact ? candidate == *found : lower(candidate) == lower(*found);
        if (same) return std::string(candidate);
    }
    const std::string_view near = nearest(*found, all);
    if (!near.empty())
        fail(name, msg("\"{word}\" is not known; did you mean \"{near}\"?", "word"_is(*found), "near"_is(near)));
    const auto word = "word"_is(*found);
    const auto words = "words"_is(fmt::format("{}", fmt::join(all, ", ")));
    if (const Message why = why_not_told(text_, *given(name)); !why.empty())
        fail(name, msg("{reason}; write one of {words}", "reason"_is(why), words));
    if (resolved(text_, *given(name)).kind == Node::Kind::name)
        fail(name, msg("{word} is a variable that the text does not set; write one of {words}", word, words));
    fail(name, msg("{word} is not known; write one of {words}", word, words));
}

std::optional<ToldArray> Arguments::array(std::string_view name) const {
    const Node* node = given(name);
    if (!node) return {};
    Unread unread;
    std::optional<ToldArray> told = array_of(text_, *node, &unread);
    const Message own_name = argument_of(name, function());
    if (told && !unread.what.empty())
        notes_.push_back(unread.is_number ? number_note(own_name, unread.what) : numbers_note(own_name, unread.what));
    if (told) return told;
    if (const auto change = changed_first(text_, *node))
        notes_.push_back(change_note(own_name, *change));
    else if (!unread.what.empty())
        notes_.push_back(maker_note(own_name, unread.what));
    return {};
}

Message Arguments::untold(std::string_view name) const {
    const Node* node = given(name);
    if (!node) return msg("{argument} is not told", "argument"_is(name));
    Unread unread;
    array_of(text_, *node, &unread);
    if (!unread.what.empty())
        return msg("{argument} is made by {maker}, whose numbers are not read", "argument"_is(name),
                   "maker"_is(unread.what));
    return msg("{argument}'s shape is not told", "argument"_is(name));
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
    return node ? taken_input(draft, traced(text_, *node, letters, Role::input), argument_of(name, function()))
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
        if (!kernel.array) kernel.left_out = changed_first(text_, *node).value_or(Message());
    }
    return taken_weight(draft, std::move(kernel), argument_of(name, function()));
}

void Arguments::bias(Draft& draft, std::string_view name) const {
    const Node* node = given(name);
    draft.result.has_bias = node != nullptr;
    if (!node) return;
    const std::size_t notes = notes_.size();
    const std::optional<ToldArray> told = array(name);
    if (told) take_bias(draft, *told);
    const bool said = notes_.size() > notes;
    if (!said && !(told && told->data)) notes_.push_back(unread_text(text_, *node, argument_of(name, function())));
}

Size2 Arguments::lengths(std::string_view name, Size2 otherwise, int axes, std::int64_t neutral) const {
    if (!given(name)) return otherwise;
    const std::vector<std::int64_t> numbers = wholes(name);
    if (axes == 1 && numbers.size() == 1) return {neutral, numbers[0]};
    if (axes == 2 && numbers.size() == 1) return {numbers[0], numbers[0]};
    if (axes == 2 && numbers.size() == 2) return {numbers[0], numbers[1]};
    const auto count = "numbers"_is(numbers_text(numbers.size()));
    fail(name, axes == 1 ? msg("has {numbers}; write one", count)
                         : msg("has {numbers}; write one, or two: rows, columns", count));
}

}  // namespace convlens::pasted
