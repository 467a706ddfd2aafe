#include "app/document/exact_json.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

#include <fmt/format.h>

#include "app/document/base64.h"

namespace convlens {

namespace {

using nlohmann::json;

constexpr std::string_view kNanBits = "nan:";
constexpr double kUsualNan = std::numeric_limits<double>::quiet_NaN();

bool is_utf8(const std::string& text) {
    try {
        return !json(text).dump().empty();
    } catch (const json::exception&) {
        return false;
    }
}

std::optional<double> nan_of_bits(std::string_view text) {
    if (!text.starts_with(kNanBits)) return std::nullopt;
    text.remove_prefix(kNanBits.size());
    std::uint64_t bits = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits, 16);
    const auto value = std::bit_cast<double>(bits);
    if (error != std::errc() || end != text.data() + text.size() || !std::isnan(value)) return std::nullopt;
    return value;
}

}  // namespace

json exact_json(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    const bool named = std::isnan(value) && bits != std::bit_cast<std::uint64_t>(kUsualNan);
    return named ? json(fmt::format("{}{:016x}", kNanBits, bits)) : json(json_number(value));
}

double exact_in(const JsonValue& place) {
    if (place.json().is_string()) {
        if (const auto nan = nan_of_bits(place.json().get_ref<const std::string&>())) return *nan;
    }
    return place.number();
}

json text_json(const std::string& text) {
    if (is_utf8(text)) return text;
    return {{"base64", to_base64(std::as_bytes(std::span(text)))}};
}

std::string text_in(const JsonValue& place) {
    constexpr std::size_t kMost = std::size_t{1} << 16;
    const bool plain = !place.is_object();
    const std::string text = plain ? place.text() : place["base64"].text();
    if (text.size() > kMost)
        place.fail(msg("must be at most {limit} bytes long, not {count}", "limit"_is(kMost), "count"_is(text.size())));
    if (plain) return text;
    const auto bytes = from_base64(text);
    if (!bytes) place.fail(msg("must be base64"));
    return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
}

}  // namespace convlens
