// What document files need beyond core's JsonValue: ranges, pairs, names of enums, keys nobody asked for; and a layout
// that people can read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/ranges.h>

#include "core/conv/names.h"
#include "core/io/json_value.h"
#include "core/tensor/shape.h"
#include "core/text/printable.h"

namespace convlens {

// Up to it every whole number is a double.
inline constexpr std::int64_t kExactWhole = std::int64_t{1} << 53;

// All of these throw as JsonValue does.
std::int64_t whole_in(const JsonValue& value, std::int64_t least, std::int64_t most);
Size2 pair_in(const JsonValue& value);  // [h, w], or one number for both
std::vector<JsonValue> list_in(const JsonValue& value);
// The same of a list that has at most 1000 elements, as each has in documents made by hand or by this program.
std::vector<JsonValue> few_in(const JsonValue& value);
template <typename Enum>
Enum word_in(const JsonValue& value) {
    const std::string given = value.text();
    if (const auto found = from_name<Enum>(given)) return *found;
    value.fail(msg("\"{word}\" is none of {names}", "word"_is(printable(given, kMostQuoted)),
                   "names"_is(fmt::format("{}", fmt::join(names<Enum>(), ", ")))));
}

// An object whose keys are asked for one by one; those never asked for become warnings.
class JsonObject {
public:
    explicit JsonObject(const JsonValue& value);

    // Nothing where the key is missing or null.
    std::optional<JsonValue> find(std::string_view key);
    JsonValue need(std::string_view key);
    // One warning a key; of more than a few, their number.
    void warn_unknown(std::vector<Message>* warnings) const;

private:
    JsonValue value_;
    std::vector<std::string> known_;
};

// Objects indented, lists of plain values on one line: short enough to read, and a line of a diff says what changed.
std::string pretty(const nlohmann::json& json);

}  // namespace convlens
