#include "core/text/number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace convlens {

namespace {

constexpr const char* kMinus = "\u2212";

// The minus of people instead of the hyphen of programs; "1e+06" becomes "1e6".
std::string for_people(std::string_view digits) {
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const bool after_e = i > 0 && digits[i - 1] == 'e';
        if (digits[i] == '-') {
            text += kMinus;
        } else if (after_e && digits[i] == '+') {
            continue;
        } else if (digits[i] == '0' && text.ends_with('e')) {
            continue;
        } else if (digits[i] == '0' && text.ends_with(std::string("e") + kMinus)) {
            continue;
        } else {
            text += digits[i];
        }
    }
    return text;
}

std::string special(double value) {
    if (std::isnan(value)) return "nan";
    return value < 0 ? std::string(kMinus) + "\u221e" : "\u221e";
}

template <typename... Format>
std::string format(double value, Format... format) {
    if (!std::isfinite(value)) return special(value);
    if (value == 0) return "0";
    std::array<char, 40> buffer{};
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format...);
    (void)error;  // 40 characters hold every double in these formats
    return for_people({buffer.data(), static_cast<std::size_t>(end - buffer.data())});
}

}  // namespace

std::string short_number(double value, int digits) { return format(value, std::chars_format::general, digits); }

std::string full_number(double value) {
    const double size = std::abs(value);
    const bool plain = size >= 1e-4 && size < 1e15;  // 100000 rather than 1e5
    return plain ? format(value, std::chars_format::fixed) : format(value);
}

namespace {

constexpr double kMostWhole = 1e15;  // doubles hold whole numbers beyond it, but nobody reads them
constexpr int kSumDigits = 6;

bool is_readable_whole(double value) { return std::abs(value) < kMostWhole && value == std::trunc(value); }

}  // namespace

std::string sum_number(double value) {
    return is_readable_whole(value) ? full_number(value) : short_number(value, kSumDigits);
}

double shown_number(double value) {
    if (!std::isfinite(value) || is_readable_whole(value)) return value;
    std::array<char, 40> buffer{};
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::general, kSumDigits).ptr;
    double shown = 0;
    std::from_chars(buffer.data(), end, shown);
    return shown;
}

std::string_view equals_sign(double left, double right, double size) {
    bool same = left == right || (std::isnan(left) && std::isnan(right));
    if (std::isfinite(left) && std::isfinite(right))
        same = std::abs(left - right) <= 1e-9 * std::max(size, std::abs(right));
    return same ? "=" : "≈";
}

std::string counted(std::int64_t count, std::string_view one, std::string_view many) {
    std::string text = std::to_string(count);
    for (std::ptrdiff_t i = static_cast<std::ptrdiff_t>(text.size()) - 3; i > (count < 0 ? 1 : 0); i -= 3)
        text.insert(static_cast<std::size_t>(i), " ");
    return text + " " + std::string(count == 1 ? one : many);
}

}  // namespace convlens
