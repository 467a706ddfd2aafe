#include "core/io/image/save.h"

#include <algorithm>
#include <array>
#include <utility>

#include <stb_image_write.h>

#include "core/io/bytes.h"
#include "core/io/error.h"
#include "core/io/file_kind.h"
#include "core/io/image/decoder.h"
#include "core/io/image/flattened.h"
#include "core/io/image/hdr_write.h"
#include "core/io/image/image_file.h"
#include "core/io/image/jpeg_write.h"
#include "core/io/image/npy_image.h"
#include "core/io/image/png_write.h"
#include "core/io/image/pnm_write.h"
#include "core/io/image/tiff_write.h"
#include "core/io/image/webp_write.h"
#include "core/text/message.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

using Bytes = std::vector<std::byte>;

// Where stb's encoders write to.
struct Writer {
    Bytes bytes;
    const Progress& progress;
    std::size_t asked = 0;  // the bytes there were when the stop was last looked at
};

// Leaves the encoder when it is stopped: those of BMP and TGA own no memory that would be lost.
void append(void* writer, void* data, int size) {
    auto& to = *static_cast<Writer*>(writer);
    const auto* first = static_cast<const std::byte*>(data);
    to.bytes.insert(to.bytes.end(), first, first + size);
    constexpr std::size_t kPiece = std::size_t{1} << 16;
    if (to.bytes.size() - to.asked < kPiece) return;
    to.asked = to.bytes.size();
    if (to.progress.is_stopped()) throw Stopped();
}

Bytes bmp_bytes(const Image& image, const ImageTags& tags, const Progress& progress) {
    if (image.depth() != Depth::u8) return bmp_bytes(converted(image, Depth::u8), tags, progress);
    if (image.channels() == 2) return bmp_bytes(with_three_colours(image), tags, progress);
    Writer writer{{}, progress};
    stbi_write_bmp_to_func(append, &writer, static_cast<int>(image.width()), static_cast<int>(image.height()),
                           image.channels(), image.bytes().data());
    return std::move(writer.bytes);
}

Bytes tga_bytes(const Image& image, const ImageTags& tags, const Progress& progress) {
    if (image.depth() != Depth::u8) return tga_bytes(converted(image, Depth::u8), tags, progress);
    Writer writer{{}, progress};
    stbi_write_tga_to_func(append, &writer, static_cast<int>(image.width()), static_cast<int>(image.height()),
                           image.channels(), image.bytes().data());
    return std::move(writer.bytes);
}

constexpr std::array kBytesOnly{Depth::u8};
constexpr std::array kBytesAndWords{Depth::u8, Depth::u16};
constexpr std::array kFloatsOnly{Depth::f32};
constexpr std::array kBytesWordsAndFloats{Depth::u8, Depth::u16, Depth::f32};
constexpr std::array kAllDepths{Depth::u8, Depth::u16, Depth::s16, Depth::f32};

constexpr Key kOnWhite = key("JPEG has no alpha: the image was laid on white.");
constexpr Key kGreyOnWhite = key("PGM has no alpha: the image was laid on white.");
constexpr Key kColoursOnWhite = key("PPM has no alpha: the image was laid on white.");
constexpr Key kPfmOnWhite = key("PFM has no alpha: the image was laid on white.");
constexpr Key kFloatsOnWhite = key("Radiance HDR has no alpha: the image was laid on white.");

Bytes photo_png_bytes(const Image& image, const ImageTags& tags, const Progress& progress) {
    return png_bytes(image, progress, {.tags = &tags});
}

// An encoder of a format that has no place for tags.
template <Bytes (*kEncode)(const Image& image, const Progress& progress)>
Bytes without_tags(const Image& image, const ImageTags& /*tags*/, const Progress& progress) {
    return kEncode(image, progress);
}

Bytes npy_bytes_of(const Image& image, const Progress& /*progress*/) { return npy_image_bytes(image); }

constexpr ImageFormat with_profile(ImageFormat format) {
    format.keeps_profile = true;
    return format;
}

constexpr ImageFormat with_tags(ImageFormat format) {
    format.keeps_resolution = true;
    return with_profile(format);
}

constexpr std::array kFormats{
    with_tags({".png", kBytesAndWords, 0x7fffffff, photo_png_bytes}),
    with_tags({".jpg", kBytesOnly, kMostJpegSide, jpeg_bytes, kOnWhite, false}),
    with_tags({".jpeg", kBytesOnly, kMostJpegSide, jpeg_bytes, kOnWhite, false}),
    with_tags({".tif", kBytesWordsAndFloats, 0x7fffffff, tiff_bytes}),
    with_tags({".tiff", kBytesWordsAndFloats, 0x7fffffff, tiff_bytes}),
    with_profile({".webp", kBytesOnly, kMostWebpSide, webp_bytes}),
    ImageFormat{".bmp", kBytesOnly, 0x7fff, bmp_bytes},
    ImageFormat{".tga", kBytesOnly, 0xffff, tga_bytes},
    ImageFormat{".pgm", kBytesAndWords, 0x7fffffff, without_tags<pgm_bytes>, kGreyOnWhite},
    ImageFormat{".ppm", kBytesAndWords, 0x7fffffff, without_tags<ppm_bytes>, kColoursOnWhite},
    ImageFormat{".pfm", kFloatsOnly, 0x7fffffff, without_tags<pfm_bytes>, kPfmOnWhite, true, nullptr,
                ColoursTakenFor::linear_light},
    ImageFormat{".hdr", kFloatsOnly, 0xffffff, without_tags<hdr_bytes>, kFloatsOnWhite, false, as_hdr,
                ColoursTakenFor::linear_light},
    ImageFormat{
        ".npy", kAllDepths, kMaxPixels, without_tags<npy_bytes_of>, {}, true, nullptr, ColoursTakenFor::numbers},
};

[[noreturn]] void refuse(const fs::path& path, Message reason) { throw FileError(path.string(), std::move(reason)); }

}  // namespace

std::span<const ImageFormat> image_formats() { return kFormats; }

const ImageFormat* find_image_format(const fs::path& path) {
    const auto* found = std::ranges::find(kFormats, ending_of(path), &ImageFormat::ending);
    return found == kFormats.end() ? nullptr : found;
}

const ImageFormat& image_format(const fs::path& path) {
    const ImageFormat* found = find_image_format(path);
    if (found != nullptr) return *found;
    std::vector<Message> endings;
    for (const ImageFormat& format : kFormats) endings.push_back(verbatim(format.ending));
    refuse(path, msg("cannot be written as an image: its name must end in {endings}",
                     "endings"_is(either(std::move(endings)))));
}

std::vector<Message> endings_that_keep(Depth depth) {
    std::vector<Message> endings;
    const ImageFormat* last = nullptr;
    for (const ImageFormat& format : kFormats) {
        const bool other_spelling = last != nullptr && last->encode == format.encode;  // .tiff is .tif
        last = &format;
        if (!other_spelling && format.holds(depth) && format.exact && format.alpha_lost.empty())
            endings.push_back(verbatim(format.ending));
    }
    return endings;
}

bool ImageFormat::holds(Depth depth) const { return std::ranges::find(depths, depth) != depths.end(); }

bool save_image(const Image& image, const fs::path& path, const Progress& progress, const ImageTags& tags) {
    const ImageFormat& format = image_format(path);
    if (image.empty()) refuse(path, key("there is no image to save"));
    if (std::max(image.width(), image.height()) > format.most_side)
        refuse(path,
               msg("cannot be written: the image has {width} × {height} px, and a {ending} file at most {most} on a "
                   "side; use .png",
                   "width"_is(image.width()), "height"_is(image.height()), "ending"_is(format.ending),
                   "most"_is(format.most_side)));
    Bytes bytes;
    try {
        bytes = format.encode(image, carried(tags, image.colour_channels()), progress);
    } catch (const Stopped&) {
        return false;
    } catch (const ImageError& error) {
        refuse(path, msg("cannot be written: {reason}", "reason"_is(error.words())));
    }
    if (progress.is_stopped()) return false;
    if (bytes.empty()) refuse(path, key("cannot be written: the encoder gave nothing"));
    write_bytes(path, bytes);
    return true;
}

}  // namespace convlens
