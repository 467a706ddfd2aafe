// What an ICC colour profile says of itself (ICC.1:2022, which versions 2 and 4 share): its name, and whether it is sRGB.
// Profiles are not applied: whoever drops one should say which.
#pragma once

#include <cstddef>
#include <span>

#include "core/text/message.h"

namespace convlens {

// The colour profile that came with an image, or what else its file says of its colours (colour_space.h).
struct ColourProfile {
    bool present = false;
    Message name;         // what it calls itself, "Adobe RGB (1998)", or is; empty where it has none that can be read
    bool srgb = false;    // its colours are those of sRGB, so that nothing is lost without it
    bool linear = false;  // samples are proportional to light, with sRGB's primaries
};

// Reads a profile's bytes, which may be its beginning only; never fails. `srgb` is told by the numbers, not by the name:
// three primaries within 0.002 of sRGB's, and tone curves within 0.003 of its own.
ColourProfile colour_profile(std::span<const std::byte> icc);

}  // namespace convlens
