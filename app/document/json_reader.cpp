#include "app/document/json_reader.h"

#include <cmath>
#include <limits>

#include "core/io/error.h"

namespace convlens {

namespace {

// Lengths and indices in documents; what may be larger is refused long before by the cells it would need.
constexpr std::int64_t kMost = std::int64_t{1} << 40;

std::string kind_of(const nlohmann::json& value) {
    if (value.is_object()) return "an object";
    if (value.is_array()) return "a list";
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

bool plain(const nlohmann::json& value) { return !value.is_structured(); }

void write_pretty(std::string& out, const nlohmann::json& json, std::size_t indent) {
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

void JsonPlace::refuse(const std::string& reason) const {
    throw FileError(path_.empty() ? "the whole document" : path_, reason);
}

std::string JsonPlace::text() const {
    if (!value_->is_string()) refuse("must be a text, not " + kind_of(*value_));
    return value_->get<std::string>();
}

bool JsonPlace::flag() const {
    if (!value_->is_boolean()) refuse("must be true or false, not " + kind_of(*value_));
    return value_->get<bool>();
}

std::int64_t JsonPlace::whole(std::int64_t least, std::int64_t most) const {
    const double given = value_->is_number() ? value_->get<double>() : std::nan("");
    if (!(std::trunc(given) == given)) refuse("must be a whole number, not " + kind_of(*value_));
    const bool inside = given >= static_cast<double>(least) && given <= static_cast<double>(most);
    if (!inside) refuse(fmt::format("must be from {} to {}, not {}", least, most, kind_of(*value_)));
    // Beyond 2^53 a double no longer counts; an integer of JSON is taken as it is.
    return std::clamp(value_->get<std::int64_t>(), least, most);
}

double JsonPlace::number() const {
    if (value_->is_number()) return value_->get<double>();
    if (value_->is_string()) {
        const auto& text = value_->get_ref<const std::string&>();
        if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
        if (text == "inf") return std::numeric_limits<double>::infinity();
        if (text == "-inf") return -std::numeric_limits<double>::infinity();
    }
    refuse("must be a number or \"nan\", \"inf\", \"-inf\", not " + kind_of(*value_));
}

Size2 JsonPlace::pair() const {
    if (!value_->is_array()) {
        const std::int64_t both = whole(-kMost, kMost);
        return {both, both};
    }
    const std::vector<JsonPlace> lengths = list();
    if (lengths.size() != 2) refuse(fmt::format("must be one number or two (rows, columns), not {}", lengths.size()));
    return {lengths[0].whole(-kMost, kMost), lengths[1].whole(-kMost, kMost)};
}

std::vector<JsonPlace> JsonPlace::list() const {
    if (!value_->is_array()) refuse("must be a list, not " + kind_of(*value_));
    std::vector<JsonPlace> places;
    places.reserve(value_->size());
    for (std::size_t i = 0; i < value_->size(); ++i) places.emplace_back((*value_)[i], fmt::format("{}[{}]", path_, i));
    return places;
}

JsonObject::JsonObject(const JsonPlace& place) : place_(place) {
    if (!place.value().is_object()) place.refuse("must be an object, not " + kind_of(place.value()));
}

std::optional<JsonPlace> JsonObject::find(std::string_view key) {
    known_.emplace_back(key);
    const auto found = place_.value().find(key);
    if (found == place_.value().end() || found->is_null()) return std::nullopt;
    return at(key);
}

JsonPlace JsonObject::need(std::string_view key) {
    if (auto found = find(key)) return *found;
    place_.refuse(fmt::format("\"{}\" is missing", key));
}

void JsonObject::warn_unknown(std::vector<std::string>* warnings) const {
    if (warnings == nullptr) return;
    for (const auto& [key, value] : place_.value().items()) {
        if (std::ranges::find(known_, key) == known_.end()) warnings->push_back(at(key).path() + ": unknown, ignored");
    }
}

JsonPlace JsonObject::at(std::string_view key) const {
    const std::string dot = place_.path().empty() ? "" : ".";
    return JsonPlace(place_.value().at(std::string(key)), place_.path() + dot + std::string(key));
}

nlohmann::json json_number(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
    constexpr double kExact = 9007199254740992;  // 2^53
    const bool whole = std::trunc(value) == value && std::abs(value) <= kExact && !(value == 0 && std::signbit(value));
    if (whole) return static_cast<std::int64_t>(value);
    return value;
}

std::string pretty(const nlohmann::json& json) {
    std::string out;
    write_pretty(out, json, 0);
    return out + "\n";
}

}  // namespace convlens
