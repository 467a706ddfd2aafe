#include "core/io/image/icc.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/io/image/bytes_at.h"
#include "core/text/utf8.h"

namespace convlens {

namespace {

using Bytes = std::span<const std::byte>;

// s15Fixed16Number: a signed number with 16 bits behind the point.
std::optional<double> fixed(Bytes bytes, std::size_t at) {
    const auto bits = number_at(bytes, at, 4);
    if (!bits) return std::nullopt;
    return static_cast<double>(static_cast<std::int32_t>(*bits)) / 65536;
}

// The bytes of the element that the tag table calls `signature`; empty where there is none.
Bytes element(Bytes icc, std::string_view signature) {
    constexpr std::size_t kTable = 128, kEntry = 12, kMostTags = 200;
    const std::size_t count = std::min<std::size_t>(number_at(icc, kTable, 4).value_or(0), kMostTags);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t entry = kTable + 4 + i * kEntry;
        const auto at = number_at(icc, entry + 4, 4), length = number_at(icc, entry + 8, 4);
        if (!at || !length) return {};
        if (!starts_with(icc.subspan(entry), signature)) continue;
        if (*at > icc.size() || *length > icc.size() - *at) return {};
        return icc.subspan(*at, *length);
    }
    return {};
}

// The description: ASCII in version 2 ("desc"), in version 4 UTF-16 in several languages ("mluc"), of which the first is
// taken. Characters beyond the first 65536 and control characters are left out.
std::string description(Bytes icc) {
    constexpr std::size_t kMostCharacters = 100;
    const Bytes desc = element(icc, "desc");
    std::string text;
    if (starts_with(desc, "desc")) {
        const std::size_t length = std::min<std::size_t>(number_at(desc, 8, 4).value_or(0), kMostCharacters);
        for (std::size_t i = 0; i < length; ++i) {
            const auto code = number_at(desc, 12 + i, 1);
            if (!code || *code == 0) break;
            if (*code >= ' ' && *code < 0x7f) append_utf8(text, *code);
        }
    } else if (starts_with(desc, "mluc")) {
        const std::size_t length = std::min<std::size_t>(number_at(desc, 20, 4).value_or(0) / 2, kMostCharacters);
        const std::size_t at = number_at(desc, 24, 4).value_or(0);
        for (std::size_t i = 0; i < length; ++i) {
            const auto code = number_at(desc, at + 2 * i, 2);
            if (!code || *code == 0) break;
            if (*code >= ' ' && (*code < 0x7f || *code >= 0xa0) && (*code < 0xd800 || *code >= 0xe000))
                append_utf8(text, *code);
        }
    }
    return text;
}

bool has_primary(Bytes icc, std::string_view tag, const std::array<double, 3>& xyz) {
    constexpr double kNear = 0.002;
    const Bytes colour = element(icc, tag);
    if (!starts_with(colour, "XYZ ")) return false;
    for (std::size_t i = 0; i < 3; ++i) {
        const auto value = fixed(colour, 8 + 4 * i);
        if (!value || std::abs(*value - xyz.at(i)) > kNear) return false;
    }
    return true;
}

// sRGB's curve (IEC 61966-2-1): from the stored value to light, both from 0 to 1.
double srgb_light(double value) { return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4); }

// The light that a tone curve gives for a value: of a table ("curv"), a power, or a formula ("para", type 3 and 4).
std::optional<double> light(Bytes curve, double value) {
    if (starts_with(curve, "curv")) {
        const std::size_t count = number_at(curve, 8, 4).value_or(0);
        if (count == 0) return value;
        if (count == 1) {
            const auto power = number_at(curve, 12, 2);
            return power ? std::optional(std::pow(value, *power / 256.0)) : std::nullopt;
        }
        const double place = value * static_cast<double>(count - 1);
        const auto below = static_cast<std::size_t>(place);
        const auto low = number_at(curve, 12 + 2 * below, 2);
        const auto high = number_at(curve, 12 + 2 * std::min(below + 1, count - 1), 2);
        if (!low || !high) return std::nullopt;
        return (*low + (static_cast<double>(*high) - *low) * (place - static_cast<double>(below))) / 65535;
    }
    const auto type = number_at(curve, 8, 2);
    if (!starts_with(curve, "para") || (type != 3U && type != 4U)) return std::nullopt;
    std::array<double, 7> p{};  // g, a, b, c, d, e, f
    for (std::size_t i = 0; i < (type == 3U ? 5 : 7); ++i) {
        const auto parameter = fixed(curve, 12 + 4 * i);
        if (!parameter) return std::nullopt;
        p.at(i) = *parameter;
    }
    return value >= p[4] ? std::pow(p[1] * value + p[2], p[0]) + p[5] : p[3] * value + p[6];
}

bool has_srgb_curve(Bytes icc, std::string_view tag) {
    constexpr double kNear = 0.003;
    constexpr int kProbes = 64;
    const Bytes curve = element(icc, tag);
    for (int i = 0; i <= kProbes; ++i) {
        const double value = static_cast<double>(i) / kProbes;
        const auto found = light(curve, value);
        if (!found || !(std::abs(*found - srgb_light(value)) <= kNear)) return false;
    }
    return true;
}

// The primaries of sRGB under the profile's white, D50.
bool is_srgb(Bytes icc) {
    return icc.size() >= 20 && starts_with(icc.subspan(16), "RGB ") &&
           has_primary(icc, "rXYZ", {0.4360, 0.2225, 0.0139}) && has_primary(icc, "gXYZ", {0.3851, 0.7169, 0.0971}) &&
           has_primary(icc, "bXYZ", {0.1431, 0.0606, 0.7141}) && has_srgb_curve(icc, "rTRC") &&
           has_srgb_curve(icc, "gTRC") && has_srgb_curve(icc, "bTRC");
}

}  // namespace

ColourProfile colour_profile(std::span<const std::byte> icc) {
    return {true, verbatim(description(icc)), is_srgb(icc)};
}

}  // namespace convlens
