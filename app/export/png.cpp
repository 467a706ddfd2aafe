// A bitmap as a PNG. One without transparency is written as RGB, which is smaller and never shown as see-through.
#include <cassert>
#include <cstddef>
#include <span>
#include <stdexcept>

#include "app/export/png.h"
#include "core/image/image.h"
#include "core/io/bytes.h"
#include "core/io/error.h"
#include "core/io/image/png_write.h"

namespace convlens {

namespace {

bool opaque(const Bitmap& bitmap) {
    for (std::size_t i = 3; i < bitmap.rgba.size(); i += 4)
        if (bitmap.rgba[i] != 255) return false;
    return true;
}

Image image_of(const Bitmap& bitmap) {
    const bool rgb = opaque(bitmap);
    Image image(bitmap.width, bitmap.height, rgb ? 3 : 4, Depth::u8);
    std::size_t at = 0;
    for (std::int64_t y = 0; y < image.height(); ++y) {
        for (std::size_t i = 0; std::uint8_t & sample : image.row<std::uint8_t>(y)) {
            sample = bitmap.rgba[at++];
            if (rgb && ++i % 3 == 0) ++at;
        }
    }
    return image;
}

}  // namespace

void save_png(const Bitmap& bitmap, const std::filesystem::path& path) {
    assert(bitmap.rgba.size() == static_cast<std::size_t>(bitmap.width) * static_cast<std::size_t>(bitmap.height) * 4);
    try {
        write_bytes(path, png_bytes(image_of(bitmap), {}, {.level = -1, .srgb = true}));
    } catch (const FileError&) {
        throw;
    } catch (const std::runtime_error& error) {
        throw FileError(path.string(), error.what());
    }
}

}  // namespace convlens
