// A bitmap as a PNG. One without transparency is written as RGB, which is smaller and never shown as see-through.
#include <cassert>
#include <cstddef>
#include <cstring>
#include <vector>

#include "app/export/png.h"
#include "core/image/image.h"
#include "core/io/bytes.h"
#include "core/io/error.h"
#include "core/io/image/decoder.h"
#include "core/io/image/png_write.h"

namespace convlens {

namespace {

bool opaque(const Bitmap& bitmap) {
    for (std::size_t i = 3; i < bitmap.rgba.size(); i += 4)
        if (bitmap.rgba[i] != 255) return false;
    return true;
}

Image image_of(const Bitmap& bitmap) {
    constexpr std::size_t kSamples = 4;  // of a pixel of a bitmap
    const std::size_t channels = opaque(bitmap) ? 3 : kSamples;
    Image image(bitmap.width, bitmap.height, static_cast<int>(channels), Depth::u8);
    std::byte* to = image.bytes().data();
    for (std::size_t i = 0; i < bitmap.rgba.size(); i += kSamples, to += channels)
        std::memcpy(to, bitmap.rgba.data() + i, channels);
    return image;
}

}  // namespace

bool save_png(const Bitmap& bitmap, const std::filesystem::path& path, const Progress& progress) {
    assert(bitmap.rgba.size() == static_cast<std::size_t>(bitmap.width) * static_cast<std::size_t>(bitmap.height) * 4);
    std::vector<std::byte> bytes;
    try {
        bytes = png_bytes(image_of(bitmap), progress, {.figure = true});
    } catch (const ImageError& error) {  // libpng's reason
        throw FileError(path.string(), msg("cannot be written: {reason}", "reason"_is(error.words())));
    }
    if (bytes.empty()) return false;
    write_bytes(path, bytes);
    return true;
}

}  // namespace convlens
