#include "core/text/message.h"

#include <gtest/gtest.h>

namespace convlens {
namespace {

TEST(Message, NumbersTextAndPhrasesStandInNamedPlaces) {
    EXPECT_EQ(english(msg("Nothing to say.")), "Nothing to say.");
    EXPECT_EQ(english(msg("A {kernel}×{kernel} kernel of {name}: {setting} is {value}.", "kernel"_is(3),
                          "name"_is("{name}"), "setting"_is(key("output padding")), "value"_is(-2))),
              "A 3×3 kernel of {name}: output padding is \u22122.");
    EXPECT_EQ(english(msg("{first} {second}", "first"_is(msg("Row {n}.", "n"_is(1))), "second"_is(msg("Two.")))),
              "Row 1. Two.");
    EXPECT_EQ(english(msg("{^cause}; {cause}.", "cause"_is(msg("the stride differs")))),
              "The stride differs; the stride differs.");
    EXPECT_EQ(english(verbatim("as {it} is")), "as {it} is");
    EXPECT_TRUE(verbatim("").empty());
    EXPECT_EQ(english({}), "");
}

TEST(Message, ThePluralFollowsTheNumber) {
    const auto rows = [](std::int64_t n) { return english(plural("{n} row is left.", "{n} rows are left.", n)); };
    EXPECT_EQ(rows(0), "0 rows are left.");
    EXPECT_EQ(rows(1), "1 row is left.");
    EXPECT_EQ(rows(-1), "\u22121 rows are left.");
    EXPECT_EQ(rows(12345), "12345 rows are left.");
    // Written otherwise than its digits; and a form for one without the number.
    EXPECT_EQ(english(plural("one of {all}", "{n} of {all}", 12345, "n"_is("12 345"), "all"_is("many"))),
              "12 345 of many");
    EXPECT_EQ(english(plural("one of {all}", "{n} of {all}", 1, "all"_is("many"))), "one of many");
}

TEST(Message, OtherWordsMayPutThePlacesInAnotherOrder) {
    const Message message = plural("{n} row of {what}", "{n} rows of {what}", 2, "what"_is(key("padding")));
    const Wording turned = [](const Key& key, std::optional<std::int64_t> count) -> std::string_view {
        if (key.text == "padding") return "填充";
        return count == 2 && key.many == "{n} rows of {what}" ? "{what}的 {n} 行{unknown}" : "";
    };
    EXPECT_EQ(worded(message, turned), "填充的 2 行{unknown}");
}

TEST(Message, ListsAreNestedSoThatEachLanguageJoinsThem) {
    const auto of = [](Message (*join)(std::vector<Message>), std::initializer_list<const char*> names) {
        std::vector<Message> all;
        for (const char* each : names) all.push_back(verbatim(each));
        return english(join(all));
    };
    EXPECT_EQ(of(listed, {}), "");
    EXPECT_EQ(of(listed, {"a"}), "a");
    EXPECT_EQ(of(listed, {"a", "b"}), "a and b");
    EXPECT_EQ(of(listed, {"a", "b", "c", "d"}), "a, b, c and d");
    EXPECT_EQ(of(in_turn, {"a", "b", "c"}), "a, b and c");
    EXPECT_EQ(of(in_a_row, {"a", "b", "c"}), "a, b, c");
    EXPECT_EQ(of(in_a_row, {"", "a", "", "b", ""}), "a, b") << "nothing is told of what is empty";
    EXPECT_EQ(of(listed, {"", ""}), "");
}

TEST(Message, IsTheSameWhereItSaysTheSame) {
    const auto stride = [](std::int64_t n) { return msg("The stride is {n}.", "n"_is(n)); };
    EXPECT_EQ(stride(2), stride(2));
    EXPECT_NE(stride(2), stride(3));
    EXPECT_NE(stride(2), msg("The dilation is {n}.", "n"_is(2)));
    EXPECT_NE(Message(key("input")), Message(key_in("setting", "input")));
    EXPECT_NE(plural("{n} row", "{n} rows", 1), plural("{n} row", "{n} rows", 2));
}

// The rule by which msg() and plural() compile; what fails it is an error of the compiler.
TEST(Message, EveryPlaceHasAnArgumentAndEveryArgumentAPlace) {
    static_assert(places_fit("no place", {}));
    static_assert(places_fit("{a} and {b} and {a}", {"b", "a"}));
    static_assert(places_fit("{^a}", {"a"}));
    static_assert(!places_fit("{^a}", {}) && !places_fit("{a^}", {"a"}));
    static_assert(!places_fit("{a}", {}));
    static_assert(!places_fit("{a}", {"a", "b"}));
    static_assert(!places_fit("{ab}", {"a"}));
    static_assert(!places_fit("a {ab}", {"ab", "a"}));
    static_assert(!places_fit("{}", {}));
    static_assert(!places_fit("{a", {"a"}));
    static_assert(!places_fit("a}", {}));
    static_assert(!places_fit("{n} rows", {}));
    static_assert(places_fit("{n} rows", {}, true));
    static_assert(places_fit("rows", {}, true));
    static_assert(places_known("one row", {"what"}, true) && !places_known("one row of {that}", {"what"}, true));
    static_assert(!places_fit("{n} rows", {"what"}, true));
    EXPECT_EQ(places_in("{^a} and {b}, {a}"), (std::vector<std::string_view>{"a", "b", "a"}));
    EXPECT_TRUE(places_in("{a} and {b").empty());
}

TEST(Message, TheLastOfAlternativesIsJoinedByOr) {
    const Message png = verbatim(".png"), hdr = verbatim(".hdr"), npy = verbatim(".npy");
    EXPECT_EQ(english(either({})), "");
    EXPECT_EQ(english(either({png})), ".png");
    EXPECT_EQ(english(either({png, npy})), ".png or .npy");
    EXPECT_EQ(english(either({png, hdr, npy})), ".png, .hdr or .npy");
}

}  // namespace
}  // namespace convlens
