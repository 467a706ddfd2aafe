// Images as NumPy arrays: [H, W] for one channel, [H, W, C] for 1 to 4 (grey, grey and alpha, RGB, RGBA), of the type
// that is the image's depth.
//   uint8    u8
//   uint16   u16
//   int16    s16, where white is 255
//   float32  f32, where white is 1
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/image/image.h"
#include "core/io/tensor/npy.h"
#include "core/text/message.h"

namespace convlens {

std::vector<std::byte> npy_image_bytes(const Image& image);

// Why an array is no image, and what makes it one; nothing where it is one.
std::optional<Message> not_an_image(const NpyView& array);

// Of either byte order, in C or Fortran order. Both throw FileError where not_an_image says why.
struct NpyImage {
    std::int64_t width = 0, height = 0;
    int channels = 0;
    Depth depth = Depth::u8;
};
NpyImage npy_image_info(const NpyView& array, const std::string& path);
Image npy_image(const NpyView& array, const std::string& path);

}  // namespace convlens
