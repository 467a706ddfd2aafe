#include "core/text/typed_number.h"

#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

namespace convlens {

namespace {

// Without blanks around it, and with the minus and the point that programs use.
std::string plain(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i).starts_with("\u2212")) {
            result += '-';
            i += 2;
        } else {
            result += text[i];
        }
    }
    const auto first = result.find_first_not_of(" \t");
    if (first == std::string::npos) return {};
    return result.substr(first, result.find_last_not_of(" \t") - first + 1);
}

std::optional<double> read_real(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end != text.data() + text.size() || text.empty()) return std::nullopt;
    // Beyond the largest double: from_chars leaves the value alone.
    if (error == std::errc::result_out_of_range) return text.find("e-") == std::string_view::npos ? HUGE_VAL : 0;
    if (error != std::errc{}) return std::nullopt;
    return value;
}

// "2,5" is meant as 2.5; with a point in it, or two commas, it is not.
std::string with_point(std::string text) {
    const auto comma = text.find(',');
    const bool decimal = comma != std::string::npos && text.find(',', comma + 1) == std::string::npos &&
                         text.find('.') == std::string::npos;
    if (decimal) text[comma] = '.';
    return text;
}

constexpr double kMostWhole = 1e15;  // whole numbers are exact in a double up to here, and no tensor is that large

}  // namespace

Typed<std::int64_t> parse_whole(std::string_view text) {
    const std::string word = plain(text);
    if (word.empty()) return {0, msg("Type a whole number."), {}};
    const std::optional<double> value = read_real(with_point(word));
    if (!value || std::isnan(*value))
        return {0, msg("“{text}” is not a number. Type a whole number.", "text"_is(word)), {}};
    if (*value > kMostWhole) return {0, msg("{number} is too large; the limit is 1e15.", "number"_is(word)), {}};
    if (*value < -kMostWhole) return {0, msg("{number} is too small; the limit is −1e15.", "number"_is(word)), {}};
    const double down = std::floor(*value);
    if (down != *value) {
        const auto low = static_cast<std::int64_t>(down);
        std::vector<std::int64_t> near{low, low + 1};
        if (*value - down > 0.5) std::swap(near[0], near[1]);
        return {0,
                msg("{number} is not a whole number; use {low} or {high}.", "number"_is(word), "low"_is(low),
                    "high"_is(low + 1)),
                near};
    }
    return {static_cast<std::int64_t>(*value), {}, {}};
}

Typed<double> parse_real(std::string_view text) {
    const std::string word = plain(text);
    if (word.empty()) return {0, msg("Type a number."), {}};
    std::optional<double> value;
    if (const auto slash = word.find('/'); slash != std::string::npos) {
        const auto above = read_real(with_point(plain(std::string_view(word).substr(0, slash))));
        const auto below = read_real(with_point(plain(std::string_view(word).substr(slash + 1))));
        if (above && below && *below == 0) return {0, msg("{fraction} divides by zero.", "fraction"_is(word)), {}};
        if (above && below) value = *above / *below;
    } else {
        value = read_real(with_point(word));
    }
    if (!value)
        return {0, msg("“{text}” is not a number. Type one such as 2, −0.5, 1e-3 or 1/9.", "text"_is(word)), {}};
    if (std::isnan(*value))
        return {0, msg("NaN is not allowed: it would make every output that reads this cell NaN."), {}};
    if (std::isinf(*value))
        return {
            0, msg("An infinite value is not allowed: it would make every output that reads this cell infinite."), {}};
    return {*value, {}, {}};
}

std::string field_text(double value) { return fmt::format("{}", value); }

}  // namespace convlens
