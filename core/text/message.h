// Sentences for people as values: English text with named places, and what stands in the places. A sentence stays a value
// until it is shown, so that it can be shown in another language, whose words are looked up by the English text.
//
//   msg("A {kernel}×{kernel} kernel does not fit: the input is only {input}×{input}.", "kernel"_is(5), "input"_is(3))
//   plural("{n} row of padding is never read.", "{n} rows of padding are never read.", n)
//   msg("{^cause}.", ...)            with the first letter of the argument as a sentence begins
//   key("output padding")          the text alone, for tables; a Message is made of it where it is used
//   key_in("setting", "input")     one of several meanings, which other languages have different words for
//
// The texts are literals: GNU xgettext finds them by the names of these functions (tests/language.sh). Every place of a
// text must have an argument and every argument a place, else it does not compile. Whole sentences only: a part of one is
// an argument only where it is a name or a phrase that stands in any sentence as it is. Braces stand for places alone.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace convlens {

// The English text of a message, by which other languages find theirs. It points at literals.
struct Key {
    std::string_view text;
    std::string_view many;     // the English text for any number but 1, where the message depends on a number
    std::string_view context;  // which meaning of the text is meant, where there are several
    constexpr bool empty() const { return text.empty(); }
    friend constexpr bool operator==(const Key&, const Key&) = default;
};
consteval Key key(const char* text) { return {text, {}, {}}; }
consteval Key key_in(const char* context, const char* text) { return {text, {}, context}; }

struct Argument;

// A sentence or phrase for people; empty where there is nothing to say.
struct Message {
    Key key;
    std::optional<std::int64_t> count;  // what chooses between the forms of a plural
    std::vector<Argument> arguments;

    Message() = default;
    // A text without places.
    Message(Key text) : key(text) {}  // NOLINT(google-explicit-constructor): a key without places is a whole message
    Message(Key text, std::optional<std::int64_t> number, std::vector<Argument> given);

    bool empty() const { return key.empty(); }
};
bool operator==(const Message& a, const Message& b);

// What stands in a place: a number; text that is the same in every language (the user's own words, symbols, names of
// programs, numbers written in a way of their own); or a phrase that is translated by itself.
struct Argument {
    std::string_view name;
    std::variant<std::int64_t, std::string, Message> value;
    friend bool operator==(const Argument&, const Argument&) = default;
};

// A text that is in no catalogue and is shown as it is in every language: what the user wrote, or another program.
Message verbatim(std::string_view text);

// "a", "a and b", "a, b and c", of names and of things to do. Empty ones are left out; nothing of none.
Message listed(std::vector<Message> items);
Message in_turn(std::vector<Message> steps);
// "a", "a, b", "a, b, c".
Message in_a_row(std::vector<Message> items);
// "a", "a; b", "a; b; c", of what may have commas of its own.
Message in_clauses(std::vector<Message> clauses);
// "a", "a or b", "a, b or c": names of which one is to be chosen.
Message either(std::vector<Message> names);

// Which text stands for a key in a language; the English one for a count without a translation.
using Wording = std::function<std::string_view(const Key& key, std::optional<std::int64_t> count)>;

// The wording of English: the text of the key, or its form for many.
std::string_view english_text(const Key& key, std::optional<std::int64_t> count);

// The message in words: the wording's text with the arguments in its places; a place without an argument stays as it is
// written. Numbers have the minus sign U+2212.
std::string worded(const Message& message, const Wording& wording);
std::string english(const Message& message);

// The names of the places in a text, without the ^, in their order, each as often as it is there. Empty, too, where the braces are wrong.
std::vector<std::string_view> places_in(std::string_view text);

// What the functions below are made of: a name as a part of a type, so that texts and arguments are compared as the
// program is compiled.
namespace message_parts {

template <std::size_t N>
struct PlaceName {
    char text[N]{};                                  // NOLINT(modernize-avoid-c-arrays): as a literal is
    consteval PlaceName(const char (&literal)[N]) {  // NOLINT: an implicit constructor makes the literal operator
        std::copy_n(literal, N, text);
    }
    constexpr std::string_view view() const { return {text, N - 1}; }
};

template <PlaceName Name>
struct Place {
    static constexpr std::string_view kName = Name.view();
    std::variant<std::int64_t, std::string, Message> value;
};

template <PlaceName Name>
struct PlaceOf {
    template <std::integral Number>
    requires(!std::same_as<Number, bool> && sizeof(Number) <= sizeof(std::int64_t)) Place<Name>
    operator()(Number number) const { return {static_cast<std::int64_t>(number)}; }
    Place<Name> operator()(std::string text) const { return {std::move(text)}; }
    Place<Name> operator()(std::string_view text) const { return {std::string(text)}; }
    Place<Name> operator()(const char* text) const { return {std::string(text)}; }
    Place<Name> operator()(Message message) const { return {std::move(message)}; }
    Place<Name> operator()(Key phrase) const { return {Message(phrase)}; }
};

}  // namespace message_parts

// "rows"_is(3): what stands in the place {rows}: a number, text, a Message or a key().
template <message_parts::PlaceName Name>
consteval message_parts::PlaceOf<Name> operator""_is() {
    return {};
}

// Whether every place of `text` is one of `names`, and its braces are right. `counted`: {n} is a place, too.
constexpr bool places_known(std::string_view text, std::initializer_list<std::string_view> names,
                            bool counted = false) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '}') return false;
        if (text[at] != '{') continue;
        const std::size_t end = text.find('}', at);
        if (end == text.npos) return false;
        std::string_view name = text.substr(at + 1, end - at - 1);
        if (name.starts_with('^')) name.remove_prefix(1);
        bool known = counted && name == "n";
        for (const std::string_view each : names) known = known || each == name;
        if (!known) return false;
        at = end;
    }
    return true;
}

// Whether the places of `text` are exactly `names`; `counted`: {n} may be there as well.
constexpr bool places_fit(std::string_view text, std::initializer_list<std::string_view> names, bool counted = false) {
    if (!places_known(text, names, counted)) return false;
    for (const std::string_view name : names) {
        bool used = false;
        for (std::size_t i = text.find(name); i != text.npos && !used; i = text.find(name, i + 1))
            used = (text.substr(0, i).ends_with('{') || text.substr(0, i).ends_with("{^")) &&
                   text.substr(i + name.size()).starts_with('}');
        if (!used) return false;
    }
    return true;
}

// The text of a message with these places. It is made of a key() alone, so that a function of one's own that takes
// sentences is called with texts that xgettext finds.
template <typename... Places>
struct Sentence {
    Key key;
    consteval Sentence(Key of) : key(of) {  // NOLINT(google-explicit-constructor): stands for its key
        if (!places_fit(of.text, {Places::kName...})) throw "the places of the text are not those of the arguments";
    }
};
// A sentence in a table: SentenceWith<"rows"> is made of key("{rows} …") and put to use by msg(sentence, "rows"_is(3)).
template <message_parts::PlaceName... Names>
using SentenceWith = Sentence<message_parts::Place<Names>...>;

namespace message_parts {

// The same of msg()'s own literal.
template <typename... Places>
struct Literal {
    Sentence<Places...> sentence;
    template <std::size_t N>
    consteval Literal(const char (&text)[N]) : sentence(Key{text, {}, {}}) {}  // NOLINT: stands for its literal
};

// A form of a plural. The form for 1 may leave places out: "one row".
template <typename... Places>
struct SentenceForOne {
    std::string_view text;
    template <std::size_t N>
    consteval SentenceForOne(const char (&literal)[N]) : text(literal) {  // NOLINT: stands for its literal
        if (!places_known(text, {Places::kName...}, true)) throw "a place of the text has no argument";
    }
};
template <typename... Places>
struct SentenceForMany {
    std::string_view text;
    template <std::size_t N>
    consteval SentenceForMany(const char (&literal)[N]) : text(literal) {  // NOLINT: stands for its literal
        if (!places_fit(text, {Places::kName...}, true)) throw "the places of the text are not those of the arguments";
    }
};

}  // namespace message_parts

template <typename... Places>
Message msg(Sentence<std::type_identity_t<Places>...> sentence, Places... places) {
    return {sentence.key, {}, {Argument{Places::kName, std::move(places.value)}...}};
}
template <typename... Places>
Message msg(message_parts::Literal<std::type_identity_t<Places>...> text, Places... places) {
    return msg(text.sentence, std::move(places)...);
}

// The form for the number, which stands in {n} unless another argument is called so.
template <typename... Places>
Message plural(message_parts::SentenceForOne<std::type_identity_t<Places>...> one,
               message_parts::SentenceForMany<std::type_identity_t<Places>...> many, std::int64_t count,
               Places... places) {
    std::vector<Argument> arguments{Argument{Places::kName, std::move(places.value)}...};
    if (!((Places::kName == "n") || ...)) arguments.push_back({"n", count});
    return {Key{one.text, many.text, {}}, count, std::move(arguments)};
}

}  // namespace convlens
