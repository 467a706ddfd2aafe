#include "core/io/image/colour_space.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/io/image/tiff_block.h"

namespace convlens {

namespace {

struct CodePoint {
    unsigned code = 0;
    std::string_view name;  // as the standard has it
};

// ITU-T H.273, tables 2 and 3.
constexpr CodePoint kPrimaries[] = {{1, "BT.709"},     {4, "BT.470 M"},   {5, "BT.470 BG"}, {6, "BT.601"},
                                    {7, "SMPTE 240M"}, {8, "film"},       {9, "BT.2020"},   {10, "CIE XYZ"},
                                    {11, "DCI P3"},    {12, "Display P3"}};
constexpr CodePoint kTransfers[] = {
    {1, "BT.709"}, {4, "gamma 2.2"}, {5, "gamma 2.8"}, {6, "BT.601"}, {7, "SMPTE 240M"}, {8, "linear"}, {11, "xvYCC"},
    {13, "sRGB"},  {14, "BT.2020"},  {15, "BT.2020"},  {16, "PQ"},    {17, "SMPTE 428"}, {18, "HLG"}};

Message name_of(std::span<const CodePoint> table, unsigned code) {
    const auto found = std::ranges::find(table, code, &CodePoint::code);
    return found == table.end() ? msg("code {number}", "number"_is(code)) : verbatim(found->name);
}

struct Primaries {
    std::string_view name;
    Chromaticities xy;
};

// The first is sRGB.
constexpr Primaries kKnown[] = {
    {"sRGB", {0.3127, 0.3290, 0.640, 0.330, 0.300, 0.600, 0.150, 0.060}},
    {"Adobe RGB", {0.3127, 0.3290, 0.640, 0.330, 0.210, 0.710, 0.150, 0.060}},
    {"Display P3", {0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060}},
    {"BT.2020", {0.3127, 0.3290, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046}},
    {"ProPhoto", {0.3457, 0.3585, 0.7347, 0.2653, 0.1596, 0.8404, 0.0366, 0.0001}},
};

const Primaries* known(const Chromaticities& xy) {
    constexpr double kNear = 0.005;
    const auto near = [&](const Primaries& primaries) {
        return std::ranges::equal(xy, primaries.xy, [](double a, double b) { return std::abs(a - b) <= kNear; });
    };
    const auto* found = std::ranges::find_if(kKnown, near);
    return found == std::end(kKnown) ? nullptr : found;
}

bool near(double gamma, double other) {
    constexpr double kThreshold = 0.05;  // PNG_GAMMA_THRESHOLD: what libpng does not correct
    return std::abs(gamma / other - 1) <= kThreshold;
}

Message gamma_name(double gamma, bool linear) {
    const std::string number = fmt::format("{:.5g}", gamma);
    return linear ? msg("gAMA {number}: linear light", "number"_is(number)) : verbatim("gAMA " + number);
}

// nullptr: none that has a name.
Message primaries_name(const Primaries* primaries) {
    if (primaries == nullptr) return key("cHRM: other primaries");
    return msg("cHRM: {name} primaries", "name"_is(primaries->name));
}

}  // namespace

ColourProfile cicp_colours(std::span<const std::byte> content) {
    if (content.size() != 4) return {};
    const auto code = [&](std::size_t at) { return std::to_integer<unsigned>(content[at]); };
    constexpr unsigned kBt709 = 1, kSrgb = 13, kLinear = 8;
    const bool whole = code(3) != 0;  // black is 0 and white the greatest number, as everywhere else
    const bool srgb_primaries = code(0) == kBt709 && whole;
    Message name = msg("cICP: {primaries}, {transfer}", "primaries"_is(name_of(kPrimaries, code(0))),
                       "transfer"_is(name_of(kTransfers, code(1))));
    if (!whole) name = msg("{colours}, narrow range", "colours"_is(std::move(name)));
    return {true, std::move(name), srgb_primaries && code(1) == kSrgb, srgb_primaries && code(1) == kLinear};
}

ColourProfile png_colours(const std::optional<double>& gamma, const std::optional<Chromaticities>& chromaticities) {
    constexpr double kSrgbGamma = 0.45455;
    const bool usual_gamma = !gamma || near(*gamma, kSrgbGamma);
    const Primaries* primaries = chromaticities ? known(*chromaticities) : kKnown;
    const bool usual_primaries = primaries == kKnown;
    if (usual_gamma && usual_primaries) return {};
    const bool linear = gamma && near(*gamma, 1);
    Message name;
    if (!usual_gamma) name = gamma_name(*gamma, linear);
    if (!usual_primaries)
        name = name.empty() ? primaries_name(primaries)
                            : msg("{gamma}; {primaries}", "gamma"_is(std::move(name)),
                                  "primaries"_is(primaries_name(primaries)));
    return {true, std::move(name), false, linear && usual_primaries};
}

ColourProfile exif_colours(std::span<const std::byte> tiff) {
    constexpr std::uint32_t kExif = 0x8769, kInterop = 0xA005, kColourSpace = 0xA001, kIndex = 0x0001;
    constexpr std::uint32_t kAscii = 2, kR03 = 0x523033, kUncalibrated = 0xFFFF, kAdobe = 2;
    const TiffBlock block(tiff);
    const auto first = block.first_directory();
    const auto exif = first ? block.single(*first, kExif) : std::nullopt;
    if (!exif) return {};
    const auto space = block.single(*exif, kColourSpace);
    const auto interop = block.single(*exif, kInterop);
    const auto index = interop ? block.entry(*interop, kIndex) : std::nullopt;
    const auto letter = [&](std::size_t i) { return block.number(index->value_at + i, 1).value_or(0); };
    const bool r03 =
        index && index->type == kAscii && index->count == 4 && (letter(0) << 16 | letter(1) << 8 | letter(2)) == kR03;
    // 2 is written by some cameras and was never in the standard.
    if (r03 || space == kAdobe) return {true, key("Adobe RGB (1998) by its EXIF data"), false};
    if (space == kUncalibrated) return {true, key("not sRGB by its EXIF data"), false};
    return {};
}

}  // namespace convlens
