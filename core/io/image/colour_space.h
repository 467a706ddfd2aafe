// What image files say of their colours without an ICC profile: PNG's cICP, gAMA and cHRM, and EXIF's colour space.
// Like profiles they are not applied: whoever drops one should say which.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>

#include "core/io/image/icc.h"

namespace convlens {

// cICP's four bytes (PNG, third edition, 11.3.2.6): code points of ITU-T H.273. "cICP: BT.2020, PQ".
ColourProfile cicp_colours(std::span<const std::byte> content);

// x and y of white, red, green and blue (CIE 1931).
using Chromaticities = std::array<double, 8>;

// `gamma` as gAMA has it, 0.45455 for sRGB and 1 for linear light. No profile where both are those of sRGB: gamma within
// 5 % (libpng's own threshold), primaries within 0.005; nor where there is neither. "gAMA 1: linear light".
ColourProfile png_colours(const std::optional<double>& gamma, const std::optional<Chromaticities>& chromaticities);

// From a TIFF block in either byte order: tag 0xA001 of the EXIF directory, which is 1 for sRGB and 0xFFFF for others,
// and the interoperability directory's index, "R03" for Adobe RGB (CIPA DC-008, 4.6.5; DCF 2.0). No profile for sRGB,
// where nothing is said, or where it cannot be read.
ColourProfile exif_colours(std::span<const std::byte> tiff);

}  // namespace convlens
