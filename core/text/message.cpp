#include "core/text/message.h"

#include "core/text/ascii.h"
#include "core/text/joining.h"

namespace convlens {

namespace {

std::string shown(const Argument& argument, const Wording& wording, Joining join) {
    if (const auto* const number = std::get_if<std::int64_t>(&argument.value)) {
        std::string digits = std::to_string(*number);
        if (*number < 0) digits.replace(0, 1, "\u2212");
        return digits;
    }
    if (const auto* const text = std::get_if<std::string>(&argument.value)) return *text;
    return worded(std::get<Message>(argument.value), wording, join);
}

// Calls `text` with each stretch between places and `place` with each place's name. False where a brace has no partner.
template <typename Text, typename Name>
bool split(std::string_view whole, Text text, Name place) {
    while (!whole.empty()) {
        const std::size_t open = whole.find('{');
        text(whole.substr(0, open));
        if (open == whole.npos) return true;
        const std::size_t close = whole.find('}', open);
        if (close == whole.npos) return false;
        place(whole.substr(open + 1, close - open - 1));
        whole.remove_prefix(close + 1);
    }
    return true;
}

// From the last to the first, each nested in the one before it.
Message joined(std::vector<Message> items, Key with_more, Key with_last) {
    std::erase_if(items, &Message::empty);
    if (items.empty()) return {};
    Message all = std::move(items.back());
    items.pop_back();
    for (Key key = with_last; !items.empty(); key = with_more) {
        all = Message(key, {}, {{"first", std::move(items.back())}, {"rest", std::move(all)}});
        items.pop_back();
    }
    return all;
}

}  // namespace

Message::Message(Key text, std::optional<std::int64_t> number, std::vector<Argument> given)
    : key(text), count(number), arguments(std::move(given)) {}

bool operator==(const Message& a, const Message& b) {
    return a.key == b.key && a.count == b.count && a.arguments == b.arguments;
}

Message verbatim(std::string_view text) {
    if (text.empty()) return {};
    return {Key{"{text}", {}, {}}, {}, {Argument{"text", std::string(text)}}};
}

Message listed(std::vector<Message> items) {
    return joined(std::move(items), key_in("names", "{first}, {rest}"), key_in("names", "{first} and {rest}"));
}

Message in_turn(std::vector<Message> steps) {
    return joined(std::move(steps), key_in("steps", "{first}, {rest}"), key_in("steps", "{first} and {rest}"));
}

Message in_a_row(std::vector<Message> items) {
    return joined(std::move(items), key("{first}, {rest}"), key("{first}, {rest}"));
}

Message in_clauses(std::vector<Message> clauses) {
    return joined(std::move(clauses), key("{first}; {rest}"), key("{first}; {rest}"));
}

Message either(std::vector<Message> names) {
    return joined(std::move(names), key_in("choices", "{first}, {rest}"), key_in("choices", "{first} or {rest}"));
}

std::string worded(const Message& message, const Wording& wording, Joining join) {
    std::string words;
    split(
        wording(message.key, message.count), [&](std::string_view text) { join(words, text); },
        [&](std::string_view place) {
            const bool begins = place.starts_with('^');
            const auto argument = std::ranges::find(message.arguments, place.substr(begins ? 1 : 0), &Argument::name);
            if (argument == message.arguments.end()) {
                words.append("{").append(place).append("}");
                return;
            }
            const std::string text = shown(*argument, wording, join);
            join(words, begins ? capitalized(text) : text);
        });
    return words;
}

std::string worded(const Message& message, const Wording& wording) { return worded(message, wording, join_as_it_is); }

std::string_view english_text(const Key& key, std::optional<std::int64_t> count) {
    return count && *count != 1 && !key.many.empty() ? key.many : key.text;
}

std::string english(const Message& message) { return worded(message, english_text); }

std::vector<std::string_view> places_in(std::string_view text) {
    std::vector<std::string_view> names;
    const bool whole = split(
        text, [](std::string_view) {},
        [&](std::string_view place) { names.push_back(place.substr(place.starts_with('^') ? 1 : 0)); });
    if (!whole) names.clear();
    return names;
}

}  // namespace convlens
