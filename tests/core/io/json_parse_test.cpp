// JSON of any kind is read in bounded memory and stack, or refused with the limit.
#include "core/io/json_parse.h"

#include <gtest/gtest.h>

#include <string>

#include <nlohmann/json.hpp>

#include "core/io/error.h"
#include "core/io/json_value.h"

namespace convlens {
namespace {

std::string refusal(const std::string& text, const JsonLimits& limits = {}) {
    try {
        parse_json(text, "file", limits);
    } catch (const FileError& error) {
        return error.reason();
    }
    return "read";
}

std::string nested(std::size_t depth, char open, char close) {
    return std::string(depth, open) + std::string(depth, close);
}

TEST(JsonParse, GivesWhatTheLibraryGives) {
    const std::string text = R"( {"a": [1, -2, 2.5, 18446744073709551615, 1e300, -0.0, true, false, null, "ü\u4e2d\n"],
        "b": {"c": {}, "d": []}, "": [[1], {"x": [2, {"y": 3}]}]} )";
    EXPECT_EQ(parse_json(text, "file"), nlohmann::json::parse(text));
    for (const char* scalar : {"3", "\"x\"", "null", "[]", "{}"})
        EXPECT_EQ(parse_json(scalar, "file"), nlohmann::json::parse(scalar));
}

TEST(JsonParse, DepthIsLimitedAndTheLimitIsSaid) {
    EXPECT_EQ(refusal(nested(64, '[', ']')), "read");
    for (const std::size_t depth : {std::size_t{65}, std::size_t{80'000}, std::size_t{10'000'000}}) {
        EXPECT_NE(refusal(nested(depth, '[', ']')).find("64"), std::string::npos) << depth;
        EXPECT_NE(refusal(std::string(depth, '[')).find("64"), std::string::npos) << depth;
    }
    std::string objects;
    for (int i = 0; i < 80'000; ++i) objects += "{\"a\":";
    EXPECT_NE(refusal(objects).find("64"), std::string::npos);
    EXPECT_NE(refusal("{\"convlens\": " + nested(80'000, '[', ']') + "}").find("64"), std::string::npos);
}

TEST(JsonParse, SizeAndMemoryAreLimited) {
    const JsonLimits small{1 << 20, 8, 1 << 20};
    EXPECT_NE(refusal(std::string(2 << 20, ' '), small).find("1 MiB"), std::string::npos);
    std::string lists = "[", keys = "{", numbers = "[";
    for (int i = 0; i < 70'000; ++i) {
        lists += "[],";
        keys += "\"" + std::to_string(i) + "\":0,";
        numbers += "1,";
    }
    EXPECT_NE(refusal(lists + "[]]", small).find("memory"), std::string::npos);
    EXPECT_NE(refusal(keys + "\"a\":0}", small).find("memory"), std::string::npos);
    EXPECT_NE(refusal(numbers + "1]", small).find("memory"), std::string::npos);
    EXPECT_EQ(refusal("[" + numbers + "1]]"), "read");
}

TEST(JsonParse, KeysGivenTwiceAndNumbersOfNoFloatAreNamedByPlace) {
    EXPECT_EQ(refusal(R"({"layers": [{}, {"spec": {"stride": 1, "stride": 2}}]})"),
              "layers[1].spec: the key \"stride\" is given twice");
    EXPECT_EQ(refusal(R"([[], {"a": 1e999}])").find("[1]: the number 1e999 is too large"), 0U);
    EXPECT_EQ(parse_json("1e-999", "file"), 0.0);
    EXPECT_LT(refusal(std::string(1'000'000, '9')).size(), 200U);
    EXPECT_LT(
        refusal("{\"" + std::string(1'000'000, 'k') + "\": 1, \"" + std::string(1'000'000, 'k') + "\": 1}").size(),
        200U);
}

TEST(JsonParse, WhatIsNoJsonIsSaidWithItsPlaceAndWithoutItsText) {
    EXPECT_EQ(refusal("{ not JSON"), "it is not JSON (line 1, column 4)");
    EXPECT_EQ(refusal("hello"), "it is not JSON (line 1, column 1)");
    EXPECT_EQ(refusal("{\"a\": 1,\n \"b\": 2,\n  \"c\" 3}"), "it is not JSON (line 3, column 7)");
    EXPECT_EQ(refusal("[1, 2],"), "it is not JSON (line 1, column 7)");
    for (const char* text : {"", " ", "\n\t \r\n"}) EXPECT_EQ(refusal(text), "it is empty");
    const std::string whole = "{\"a\": [12, \"x\", true]}";
    for (std::size_t i = 1; i < whole.size(); ++i)
        EXPECT_EQ(refusal(whole.substr(0, i)), "it ends in the middle") << whole.substr(0, i);
    EXPECT_EQ(refusal(whole), "read");
    for (const std::string& text :
         {std::string(), std::string("["), std::string("[1 2]"), "\"" + std::string(5'000'000, 'x'),
          "[\"" + std::string(5'000'000, '\x01') + "\"]", std::string("\"\xff\x1b[2J\""), std::string("[1],"),
          std::string("\xef\xbb\xbf"), std::string("'; expected '"), std::string("\"'; expected \x01\"")}) {
        const std::string reason = refusal(text);
        EXPECT_EQ(reason.find("it "), 0U) << reason;
        EXPECT_LT(reason.size(), 60U);
        for (const char c : reason) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20) << reason;
    }
}

TEST(JsonParse, MessagesOfValuesNeverPrintThemWhole) {
    const std::string path = "file";
    const std::string text(100'000, 'x');
    for (const nlohmann::json& value :
         {nlohmann::json(text), nlohmann::json{text, text}, nlohmann::json{{text, 1}}, nlohmann::json("\x1b[2J")}) {
        try {
            (void)JsonValue(value, path).whole();
            ADD_FAILURE();
        } catch (const FileError& error) {
            EXPECT_LT(error.reason().size(), 200U);
            EXPECT_EQ(error.reason().find('\x1b'), std::string::npos);
        }
    }
}

}  // namespace
}  // namespace convlens
