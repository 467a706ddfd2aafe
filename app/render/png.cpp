// PNG by libpng. A picture without transparency is written as RGB, which is smaller and never shown as see-through.
#include <cassert>
#include <cstddef>
#include <span>

#include <png.h>

#include "app/render/figure.h"
#include "core/io/bytes.h"
#include "core/io/error.h"

namespace convlens {

namespace {

bool opaque(const Bitmap& bitmap) {
    for (std::size_t i = 3; i < bitmap.rgba.size(); i += 4)
        if (bitmap.rgba[i] != 255) return false;
    return true;
}

std::vector<std::uint8_t> without_alpha(const Bitmap& bitmap) {
    std::vector<std::uint8_t> rgb;
    rgb.reserve(bitmap.rgba.size() / 4 * 3);
    for (std::size_t i = 0; i < bitmap.rgba.size(); i += 4)
        rgb.insert(rgb.end(), {bitmap.rgba[i], bitmap.rgba[i + 1], bitmap.rgba[i + 2]});
    return rgb;
}

}  // namespace

void save_png(const Bitmap& bitmap, const std::filesystem::path& path) {
    assert(bitmap.rgba.size() == static_cast<std::size_t>(bitmap.width) * static_cast<std::size_t>(bitmap.height) * 4);
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(bitmap.width);
    image.height = static_cast<png_uint_32>(bitmap.height);
    const bool rgb = opaque(bitmap);
    image.format = rgb ? PNG_FORMAT_RGB : PNG_FORMAT_RGBA;
    const std::vector<std::uint8_t> packed = rgb ? without_alpha(bitmap) : std::vector<std::uint8_t>{};
    const std::uint8_t* pixels = rgb ? packed.data() : bitmap.rgba.data();
    // Compresses once, into as much memory as a PNG of this size can take.
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    std::vector<std::byte> bytes(size);
    if (png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels, 0, nullptr) == 0)
        throw FileError(path.string(), image.message);
    write_bytes(path, std::span(bytes).first(size));
}

}  // namespace convlens
