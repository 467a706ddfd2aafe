// The formats in which images are written: one row of a table each, found by the name's ending.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "core/image/image.h"
#include "core/io/image/image_tags.h"
#include "core/io/progress.h"
#include "core/text/message.h"

namespace convlens {

// What other programs take the samples of a file for that says nothing of its colours. Those of arrays are numbers.
enum class ColoursTakenFor { srgb, linear_light, numbers };

struct ImageFormat {
    std::string_view ending;        // ".png"
    std::span<const Depth> depths;  // that it is written from; the first is what others are converted to
    std::int64_t most_side;         // what the format's own fields can count, in pixels
    // Throws ImageError with the encoder's reason, and Stopped.
    std::vector<std::byte> (*encode)(const Image& image, const ImageTags& tags, const Progress& progress);
    Key alpha_lost = {};  // what becomes of alpha where the format has none, as a sentence
    bool exact = true;    // its readers get the samples that were written; alpha apart
    // Of a format that rounds floats: what its readers get of an image in its depth.
    Image (*rounded)(const Image& image) = nullptr;
    ColoursTakenFor colours = ColoursTakenFor::srgb;
    bool keeps_profile = false;     // the encoder writes the ICC profile of the tags
    bool keeps_resolution = false;  // and their resolution

    bool holds(Depth depth) const;
    Depth stored(Depth depth) const { return holds(depth) ? depth : depths.front(); }
};
std::span<const ImageFormat> image_formats();

// By the ending, in any case: nothing, or FileError that names the endings, where none is known.
const ImageFormat* find_image_format(const std::filesystem::path& path);
const ImageFormat& image_format(const std::filesystem::path& path);

// ".png", ".tif" and ".npy": the formats that give back every image of this depth as it was, alpha included.
std::vector<Message> endings_that_keep(Depth depth);

// Throws FileError. The image is converted to what the format holds (clamped, white is white; Radiance HDR as as_hdr() in
// hdr_write.h tells). What is lost by that, save_notes.h says. PNG, JPEG and TIFF files say what the tags do, as far as it is
// true of the image (carried() in image_tags.h). False when `progress` was stopped: nothing has been written then. PNG,
// JPEG, TIFF and WebP tell how far they have come, the other formats do not.
bool save_image(const Image& image, const std::filesystem::path& path, const Progress& progress = {},
                const ImageTags& tags = {});

}  // namespace convlens
