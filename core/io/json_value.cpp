#include "core/io/json_value.h"

#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "core/io/error.h"
#include "core/text/printable.h"

namespace convlens {

namespace {

// What stands there instead, short enough for a message and fit to print. Values in values are counted, not written.
Message found(const nlohmann::json& json) {
    if (json.is_object()) return msg("an object");
    if (json.is_array()) return msg("a list of {count}", "count"_is(json.size()));
    if (json.is_string())
        return verbatim(fmt::format("\"{}\"", printable(json.get_ref<const std::string&>(), kMostQuoted)));
    return verbatim(json.dump());
}

}  // namespace

void JsonValue::fail(Message reason) const {
    if (place_.empty()) throw FileError(*path_, std::move(reason));
    throw FileError(*path_, msg("{place}: {reason}", "place"_is(place_), "reason"_is(std::move(reason))));
}

bool JsonValue::has(std::string_view key) const {
    if (!json_->is_object()) fail(msg("expected an object, found {found}", "found"_is(found(*json_))));
    const auto at = json_->find(std::string(key));
    return at != json_->end() && !at->is_null();
}

JsonValue JsonValue::operator[](std::string_view key) const {
    const bool there = has(key);
    const auto at = json_->find(std::string(key));
    if (!there && at == json_->end()) fail(msg("\"{key}\" is missing", "key"_is(key)));
    const std::string shown = printable(key, kMostQuoted);
    return {*at, *path_, place_.empty() ? shown : fmt::format("{}.{}", place_, shown)};
}

std::size_t JsonValue::size() const {
    if (!json_->is_array()) fail(msg("expected a list, found {found}", "found"_is(found(*json_))));
    return json_->size();
}

JsonValue JsonValue::operator[](std::size_t index) const {
    if (index >= size())
        fail(plural("has {n} element; number {number} is missing", "has {n} elements; number {number} is missing",
                    static_cast<std::int64_t>(size()), "number"_is(index + 1)));
    return {(*json_)[index], *path_, fmt::format("{}[{}]", place_, index)};
}

std::string JsonValue::text() const {
    if (!json_->is_string()) fail(msg("expected a text, found {found}", "found"_is(found(*json_))));
    return json_->get<std::string>();
}

bool JsonValue::flag() const {
    if (!json_->is_boolean()) fail(msg("expected true or false, found {found}", "found"_is(found(*json_))));
    return json_->get<bool>();
}

std::int64_t JsonValue::whole() const {
    constexpr double kExact = 9007199254740992.0;  // 2^53: up to here a float64 holds every whole number
    if (json_->is_number_unsigned() && json_->get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max())
        fail(msg("{found} is too large", "found"_is(found(*json_))));
    if (json_->is_number_integer()) return json_->get<std::int64_t>();
    const double value = json_->is_number() ? json_->get<double>() : 0.5;
    if (value != std::floor(value) || std::abs(value) > kExact)
        fail(msg("expected a whole number, found {found}", "found"_is(found(*json_))));
    return static_cast<std::int64_t>(value);
}

double JsonValue::number() const {
    if (json_->is_number()) return json_->get<double>();
    if (json_->is_string()) {
        const auto& text = json_->get_ref<const std::string&>();
        if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
        if (text == "inf") return std::numeric_limits<double>::infinity();
        if (text == "-inf") return -std::numeric_limits<double>::infinity();
    }
    fail(msg("expected a number, \"nan\", \"inf\" or \"-inf\", found {found}", "found"_is(found(*json_))));
}

nlohmann::ordered_json json_number(double value) {
    constexpr double kExact = 9007199254740992.0;
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
    const bool whole = value == std::floor(value) && std::abs(value) <= kExact;
    const bool minus_zero = value == 0 && std::signbit(value);
    if (whole && !minus_zero) return static_cast<std::int64_t>(value);
    return value;
}

}  // namespace convlens
