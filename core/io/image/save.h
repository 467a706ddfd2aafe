// The formats in which images are written: one row of a table each, found by the name's ending.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/image/image.h"
#include "core/io/progress.h"

namespace convlens {

struct ImageFormat {
    std::string_view ending;        // ".png"
    std::span<const Depth> depths;  // that it holds; the first is what others are converted to
    std::int64_t most_side;         // what the format's own fields can count, in pixels
    // Throws std::runtime_error with the encoder's reason.
    std::vector<std::byte> (*encode)(const Image& image, const Progress& progress);
    std::string_view alpha_lost = {};  // what becomes of alpha where the format has none, as a sentence
    bool negative = true;              // false: floats below 0 become 0

    bool holds(Depth depth) const;
    Depth stored(Depth depth) const { return holds(depth) ? depth : depths.front(); }
};
std::span<const ImageFormat> image_formats();

// By the ending, in any case: nothing, or FileError that names the endings, where none is known.
const ImageFormat* find_image_format(const std::filesystem::path& path);
const ImageFormat& image_format(const std::filesystem::path& path);

// ".png or .npy"
std::string endings_that_hold(Depth depth);

// What of `image`, as it would be written, the format does not hold: a sentence each.
std::vector<std::string> losses(const Image& image, const ImageFormat& format);

// The same of samples of depth `depth` where the format does not hold it: a sentence, or nothing where all of it is
// held.
std::string depth_lost(Depth depth, const ImageFormat& format);

// Throws FileError. The image is converted to what the format holds (clamped, white is white); Radiance HDR has neither
// negative numbers nor alpha. False when `progress` was stopped: nothing has been written then. PNG tells how far it has
// come, the other formats do not.
bool save_image(const Image& image, const std::filesystem::path& path, const Progress& progress = {});

}  // namespace convlens
