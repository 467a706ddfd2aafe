// What the reader of an image format offers, and what all of them share: a table of readers, the words in which they
// refuse, and scaling from a format's largest sample to ours.
//
// A reader sees the whole file as bytes. Its header() tells the image's size without allocating anything of that
// size; load_image then refuses sizes that the file's bytes cannot fill, and only then lets pixels() allocate them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "core/image/image.h"
#include "core/io/image/icc.h"
#include "core/io/image/image_tags.h"
#include "core/text/message.h"

namespace convlens {

using FileBytes = std::span<const std::byte>;

// What an image file says of itself in front of its pixels.
struct ImageHeader {
    std::int64_t width = 0, height = 0;  // as stored, before the orientation; may be 0
    int channels = 0;
    Depth depth = Depth::u8;
    // The fewest bytes that a file of this size has: exact where samples are stored plainly, else what is left of them
    // by the format's largest compression.
    std::int64_t least_bytes = 0;
    // False where a valid file can have fewer, since pixels may be left out (a GIF's first frame covers part of its
    // image). Such a file is believed up to 2^20 pixels.
    bool bytes_are_exact = true;
    // EXIF orientation, 1 to 8 (CIPA DC-008, 4.6.4): 1 upright, 3 upside down, 6 to be rotated clockwise, 8 the other
    // way; 2, 4, 5, 7 mirrored.
    int orientation = 1;
    // What filters do not read, and what is therefore lost.
    std::int64_t frames = 1;     // of an animation (GIF, PNG, WebP), or pages (TIFF); the first is read
    ColourProfile profile = {};  // of JPEG, PNG, TIFF and WebP files; HDR is linear light
    bool metadata = false;       // of the same: camera, date, place
    int channels_left_out = 0;   // of a pixel's samples: neither colours nor alpha (TIFF)
    ImageTags tags = {};         // as stored, before the orientation; what of them is carried, image_tags.h says
};

// Thrown by readers and encoders: why the file is refused or cannot be made, as a sentence that does not name the file.
class ImageError : public std::runtime_error {
public:
    explicit ImageError(Message reason) : std::runtime_error(english(reason)), words_(std::move(reason)) {}
    const Message& words() const { return words_; }

private:
    Message words_;
};

[[noreturn]] void refuse_truncated(std::string_view format);
[[noreturn]] void refuse_damaged(std::string_view format, Message reason);  // "it has no palette"
[[noreturn]] void refuse_variety(Message variety);                          // "this PSD file has Lab colours"

struct ImageDecoder {
    std::string_view format;  // as in FileKind::name
    // Throws ImageError where the header cannot be read, is damaged, or of a variety that is not read.
    ImageHeader (*header)(FileBytes file);
    // The image as stored, with the header's size, channels and depth. Throws ImageError.
    Image (*pixels)(FileBytes file);
};

// nullptr for a format that is not read.
const ImageDecoder* image_decoder(std::string_view format);

// value / largest of `white`, rounded half to even; values above `largest` are white. Precondition: largest > 0.
constexpr std::uint32_t scaled(std::uint64_t value, std::uint64_t largest, std::uint64_t white) {
    if (value >= largest) return static_cast<std::uint32_t>(white);
    const std::uint64_t product = value * white, quotient = product / largest, rest = product % largest;
    const bool up = rest * 2 > largest || (rest * 2 == largest && quotient % 2 == 1);
    return static_cast<std::uint32_t>(quotient + (up ? 1 : 0));
}

// a * b, at most 2^62, for sizes that a file only announces. Precondition: neither is negative.
constexpr std::int64_t capped_product(std::int64_t a, std::int64_t b) {
    constexpr std::int64_t kMost = std::int64_t{1} << 62;
    return b != 0 && a > kMost / b ? kMost : a * b;
}

}  // namespace convlens
