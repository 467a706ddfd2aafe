// From a sum to a stored sample: one rule for every depth, used by the filter and by conversions.
#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>

#include "core/image/image.h"

namespace convlens {

// Calls `body` with a value of the type that holds samples of `depth`.
template <typename Body>
auto with_sample_type(Depth depth, const Body& body) {
    switch (depth) {
        case Depth::u8: return body(std::uint8_t{});
        case Depth::u16: return body(std::uint16_t{});
        case Depth::s16: return body(std::int16_t{});
        case Depth::f32: break;
    }
    return body(float{});
}

// Rounds half to even, for |value| < 2^22: adding 1.5 * 2^23 leaves no bits for a fraction. Unlike std::nearbyint it
// becomes vector instructions on every processor.
inline constexpr float kRoundingShift = 12582912.0F;
inline float round_half_even(float value) { return (value + kRoundingShift) - kRoundingShift; }

// Clamps to the range of T and rounds; NaN becomes 0. float is kept as it is.
template <typename T>
T to_sample(float value) {
    if constexpr (std::is_same_v<T, float>) {
        return value;
    } else {
        constexpr auto kLeast = static_cast<float>(std::numeric_limits<T>::min());
        constexpr auto kMost = static_cast<float>(std::numeric_limits<T>::max());
        const float number = value == value ? value : 0.0F;
        const float above = number > kLeast ? number : kLeast;
        const float within = above < kMost ? above : kMost;
        return static_cast<T>(static_cast<std::int32_t>(round_half_even(within)));
    }
}

}  // namespace convlens
