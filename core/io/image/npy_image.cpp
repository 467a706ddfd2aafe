#include "core/io/image/npy_image.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/io/error.h"
#include "core/io/image/image_file.h"

namespace convlens {

namespace {

constexpr bool kBigEndian = std::endian::native == std::endian::big;
constexpr std::int64_t kMostChannels = 4;

// Types without their byte order.
struct NpyDepth {
    std::string_view type;
    Depth depth;
};
constexpr std::array kDepths{NpyDepth{"u1", Depth::u8}, NpyDepth{"u2", Depth::u16}, NpyDepth{"i2", Depth::s16},
                             NpyDepth{"f4", Depth::f32}};

std::string type_of(Depth depth) {
    const std::string_view type = std::ranges::find(kDepths, depth, &NpyDepth::depth)->type;
    return fmt::format("{}{}", depth == Depth::u8 ? '|' : kBigEndian ? '>' : '<', type);
}

const NpyDepth* depth_of(const NpyView& array) {
    const auto* found = std::ranges::find(kDepths, std::string_view(array.type).substr(1), &NpyDepth::type);
    return found == kDepths.end() ? nullptr : found;
}

std::string shape_text(const NpyView& array) { return fmt::format("({})", fmt::join(array.shape, ", ")); }

Message wrong_shape(const NpyView& array) {
    const auto& shape = array.shape;
    Message wrong =
        msg("is an array of shape {shape}; an image has shape (height, width) or (height, width, channels) with "
            "1 to {most} channels",
            "shape"_is(shape_text(array)), "most"_is(kMostChannels));
    if (shape.size() == 3 && shape[0] <= kMostChannels)
        return msg("{wrong}; np.moveaxis(a, 0, -1) puts the channels last", "wrong"_is(std::move(wrong)));
    if (shape.size() == 4) return msg("{wrong}; a[0] is the first image of a batch", "wrong"_is(std::move(wrong)));
    return wrong;
}

// Where in the file a sample lies: the last index runs fastest, or the first.
std::size_t place(const NpyView& array, const Image& image, std::int64_t y, std::int64_t x, std::int64_t c) {
    const std::int64_t at = array.fortran_order ? y + image.height() * (x + image.width() * c)
                                                : (y * image.width() + x) * image.channels() + c;
    return static_cast<std::size_t>(at);
}

}  // namespace

std::vector<std::byte> npy_image_bytes(const Image& image) {
    std::vector<std::int64_t> shape{image.height(), image.width()};
    if (image.channels() > 1) shape.push_back(image.channels());
    std::vector<std::byte> bytes = npy_header(shape, type_of(image.depth()));
    bytes.insert(bytes.end(), image.bytes().begin(), image.bytes().end());
    return bytes;
}

std::optional<Message> not_an_image(const NpyView& array) {
    const auto& shape = array.shape;
    const bool right = shape.size() == 2 || (shape.size() == 3 && shape[2] >= 1 && shape[2] <= kMostChannels);
    if (!right) return wrong_shape(array);
    if (array.data.empty())
        return msg("is an array of shape {shape}, which has no pixels", "shape"_is(shape_text(array)));
    if (shape[0] > kMaxPixels / shape[1])
        return msg("is an array of {width} × {height} px; an image has at most {limit} pixels", "width"_is(shape[1]),
                   "height"_is(shape[0]), "limit"_is(kMaxPixels));
    if (depth_of(array) == nullptr)
        return msg(
            "is an array of type {type}; an image is of uint8, uint16, int16 (white is 255) or float32 (white is "
            "1), such as a.astype(np.float32) makes it",
            "type"_is(array.type));
    return std::nullopt;
}

NpyImage npy_image_info(const NpyView& array, const std::string& path) {
    if (const auto why = not_an_image(array)) throw FileError(path, *why);
    const int channels = array.shape.size() == 3 ? static_cast<int>(array.shape[2]) : 1;
    return {array.shape[1], array.shape[0], channels, depth_of(array)->depth};
}

Image npy_image(const NpyView& array, const std::string& path) {
    const NpyImage info = npy_image_info(array, path);
    Image image(info.width, info.height, info.channels, info.depth);
    const std::size_t size = array.bytes_each;
    if (!array.fortran_order && array.big_endian == kBigEndian) {
        std::ranges::copy(array.data, image.bytes().begin());
        return image;
    }
    std::byte* to = image.bytes().data();
    for (std::int64_t y = 0; y < image.height(); ++y)
        for (std::int64_t x = 0; x < image.width(); ++x)
            for (std::int64_t c = 0; c < info.channels; ++c, to += size) {
                std::memcpy(to, &array.data[place(array, image, y, x, c) * size], size);
                if (array.big_endian != kBigEndian) std::reverse(to, to + size);
            }
    return image;
}

}  // namespace convlens
