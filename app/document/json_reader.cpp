#include "app/document/json_reader.h"

#include <algorithm>

namespace convlens {

namespace {

// Lengths and indices in documents; what may be larger is refused long before by the cells it would need.
constexpr std::int64_t kMost = std::int64_t{1} << 40;

void write_pretty(std::string& out, const nlohmann::json& json, std::size_t indent) {
    const auto plain = [](const nlohmann::json& value) { return !value.is_structured(); };
    const bool flat = !json.is_structured() || json.empty() || (json.is_array() && std::ranges::all_of(json, plain));
    if (flat) {
        out += json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
        return;
    }
    const std::string inner(indent + 2, ' ');
    out += json.is_array() ? "[" : "{";
    const char* separator = "\n";
    for (const auto& [key, value] : json.items()) {
        out += separator + inner;
        if (json.is_object()) out += nlohmann::json(key).dump() + ": ";
        write_pretty(out, value, indent + 2);
        separator = ",\n";
    }
    out += "\n" + std::string(indent, ' ') + (json.is_array() ? "]" : "}");
}

}  // namespace

std::int64_t whole_in(const JsonValue& value, std::int64_t least, std::int64_t most) {
    const std::int64_t given = value.whole();
    if (given < least || given > most)
        value.fail(msg("must be from {least} to {most}, not {given}", "least"_is(std::to_string(least)),
                       "most"_is(std::to_string(most)), "given"_is(std::to_string(given))));
    return given;
}

Size2 pair_in(const JsonValue& value) {
    if (!value.is_array()) {
        const std::int64_t both = whole_in(value, -kMost, kMost);
        return {both, both};
    }
    if (value.size() != 2)
        value.fail(msg("must be one number or two (rows, columns), not {count}", "count"_is(value.size())));
    return {whole_in(value[0], -kMost, kMost), whole_in(value[1], -kMost, kMost)};
}

std::vector<JsonValue> list_in(const JsonValue& value) {
    std::vector<JsonValue> list;
    for (std::size_t i = 0; i < value.size(); ++i) list.push_back(value[i]);
    return list;
}

std::vector<JsonValue> few_in(const JsonValue& value) {
    constexpr std::size_t kMostElements = 1000;
    if (value.is_array() && value.size() > kMostElements) {
        value.fail(msg("must have at most {limit} elements, not {count}", "limit"_is(kMostElements),
                       "count"_is(value.size())));
    }
    return list_in(value);
}

JsonObject::JsonObject(const JsonValue& value) : value_(value) {
    value.has("");  // refuses what is no object
}

std::optional<JsonValue> JsonObject::find(std::string_view key) {
    known_.emplace_back(key);
    if (!value_.has(key)) return std::nullopt;
    return value_[key];
}

JsonValue JsonObject::need(std::string_view key) {
    known_.emplace_back(key);
    return value_[key];
}

void JsonObject::warn_unknown(std::vector<Message>* warnings) const {
    if (warnings == nullptr) return;
    constexpr std::size_t kMostKeys = 5;
    std::size_t unknown = 0;
    for (const auto& [key, value] : value_.json().get_ref<const nlohmann::json::object_t&>()) {
        if (std::ranges::find(known_, key) != known_.end()) continue;
        if (++unknown <= kMostKeys)
            warnings->push_back(msg("{place}: unknown, ignored, and not kept when the document is saved",
                                    "place"_is(value_[key].place())));
    }
    if (unknown > kMostKeys) {
        const auto count = static_cast<std::int64_t>(unknown);
        warnings->push_back(
            value_.place().empty()
                ? plural("{n} unknown key in all, ignored, and not kept when the document is saved",
                         "{n} unknown keys in all, ignored, and not kept when the document is saved", count)
                : plural("{place}: {n} unknown key in all, ignored, and not kept when the document is saved",
                         "{place}: {n} unknown keys in all, ignored, and not kept when the document "
                         "is saved",
                         count, "place"_is(value_.place())));
    }
}

std::string pretty(const nlohmann::json& json) {
    std::string out;
    write_pretty(out, json, 0);
    return out + "\n";
}

}  // namespace convlens
