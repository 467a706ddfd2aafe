// What an image file says beside its samples that stays true of a filtered image, and is carried into the file that is
// saved: the colour profile and the resolution.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace convlens {

// Pixels per inch across and down; 0 where the file does not say.
struct Resolution {
    double x = 0, y = 0;

    bool known() const { return x > 0 && y > 0; }
    friend bool operator==(const Resolution&, const Resolution&) = default;
};

struct ImageTags {
    std::vector<std::byte> icc;  // a whole ICC profile as it is in the file; empty without one
    Resolution resolution;
};

// Whether these bytes are a whole ICC profile, of at most kMostProfile bytes, for samples of so many colour channels: 1
// grey, 3 RGB. One of inks says nothing of the RGB samples that were made from them.
inline constexpr std::size_t kMostProfile = std::size_t{1} << 22;
bool is_profile_of(std::span<const std::byte> icc, int colour_channels);

// The tags of an image of so many colour channels of which every `stride`-th pixel was kept.
ImageTags carried(const ImageTags& tags, int colour_channels, std::int64_t stride = 1);

}  // namespace convlens
