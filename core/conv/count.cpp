#include "core/conv/count.h"

#include <cassert>
#include <charconv>
#include <limits>

#include <fmt/format.h>

namespace convlens {

Count::Count(std::int64_t value) {
    assert(value >= 0);
    for (std::size_t i = 0; value > 0; ++i, value /= kBase) parts_[i] = static_cast<std::uint32_t>(value % kBase);
}

Count& Count::operator+=(const Count& other) {
    std::uint32_t carry = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        const std::uint32_t sum = parts_[i] + other.parts_[i] + carry;
        carry = sum >= kBase ? 1 : 0;
        parts_[i] = sum - carry * static_cast<std::uint32_t>(kBase);
    }
    assert(carry == 0);
    return *this;
}

// The factor's own digits in base 10^9, multiplied as on paper: what one step adds up stays below 2^64.
Count& Count::operator*=(std::int64_t factor) {
    assert(factor >= 0);
    const Count by(factor);
    const Count before = *this;
    parts_ = {};
    for (std::size_t low = 0; low < 3; ++low) {
        if (by.parts_[low] == 0) continue;
        std::uint64_t carry = 0;
        for (std::size_t i = 0; i + low < parts_.size(); ++i) {
            const std::uint64_t sum =
                static_cast<std::uint64_t>(before.parts_[i]) * by.parts_[low] + parts_[i + low] + carry;
            parts_[i + low] = static_cast<std::uint32_t>(sum % kBase);
            carry = sum / kBase;
        }
        assert(carry == 0);
    }
    return *this;
}

std::string Count::digits() const {
    std::size_t top = parts_.size() - 1;
    while (top > 0 && parts_[top] == 0) --top;
    std::string text = fmt::format("{}", parts_[top]);
    while (top-- > 0) text += fmt::format("{:09}", parts_[top]);
    return text;
}

std::optional<std::int64_t> Count::whole() const {
    const std::string text = digits();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} ? std::optional(value) : std::nullopt;
}

Count::operator double() const {
    const std::string text = digits();
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace convlens
