// Whole numbers larger than 64 bits hold, for what a layer costs: a product of eight lengths has up to 152 digits.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace convlens {

// A whole number from 0 to 10^180 − 1; what is larger is a fault of the caller.
class Count {
public:
    Count(std::int64_t value = 0);  // NOLINT(google-explicit-constructor): every length is a count. At least 0

    Count& operator+=(const Count& other);
    Count& operator*=(std::int64_t factor);  // at least 0
    friend Count operator+(Count a, const Count& b) { return a += b; }
    friend Count operator*(Count a, std::int64_t factor) { return a *= factor; }
    friend bool operator==(const Count&, const Count&) = default;

    std::string digits() const;                 // all of them: "8999999964000000036"
    std::optional<std::int64_t> whole() const;  // nothing where 64 bits do not hold it
    explicit operator double() const;           // the nearest

private:
    static constexpr std::int64_t kBase = 1'000'000'000;
    std::array<std::uint32_t, 20> parts_{};  // in base 10^9, the lowest first
};

}  // namespace convlens
