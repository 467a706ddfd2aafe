#include "core/io/image/image_file.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/io/bytes.h"
#include "core/io/error.h"
#include "core/io/file_kind.h"
#include "core/io/image/decoder.h"
#include "core/io/image/npy_image.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

// The largest image as an array of floats with its header.
constexpr std::int64_t kMostImageBytes = kMaxPixels * 4 * 4 + 4096;

// An image file before its pixels are read: known to be one, not too large, and long enough for its size.
struct Opened {
    std::vector<std::byte> bytes;
    FileKind kind;
    ImageHeader header;
    const ImageDecoder* decoder = nullptr;  // none for an array, which core/io/image/npy_image.h reads
};

[[noreturn]] void refuse(const fs::path& path, Message reason) { throw FileError(path.string(), std::move(reason)); }

void check_kind(const fs::path& path, const FileKind& kind) {
    if (kind.image) return;
    if (kind.name == "text")
        refuse(path, msg("this is a text file; Convlens opens PNG, JPEG, TIFF, WebP, BMP, TGA, GIF, PSD, PBM, PGM, "
                         "PPM, PAM, PFM "
                         "and Radiance HDR images, NPY arrays, its own documents (.convlens), and the code of layers "
                         "in its window or with “convlens import”"));
    refuse(path, msg("this is {kind}; Convlens opens PNG, JPEG, TIFF, WebP, BMP, TGA, GIF, PSD, PBM, PGM, PPM, PAM, "
                     "PFM and Radiance "
                     "HDR images, NPY arrays, its own documents (.convlens), and the code of layers",
                     "kind"_is(kind.phrase)));
}

constexpr std::int64_t kSmallPixels = std::int64_t{1} << 20;

// The bytes in the file bound what is allocated for the image.
void check_size(const fs::path& path, const FileKind& kind, const ImageHeader& header, std::size_t size) {
    const std::int64_t width = header.width, height = header.height;
    if (width < 1 || height < 1) refuse(path, msg("this {format} image has no pixels", "format"_is(kind.name)));
    const std::int64_t pixels = capped_product(width, height);
    if (pixels > kMaxPixels)
        refuse(path, msg("the image is too large: {width} × {height} = {pixels} px; the limit is {limit} pixels",
                         "width"_is(width), "height"_is(height), "pixels"_is(pixels), "limit"_is(kMaxPixels)));
    const bool believed = !header.bytes_are_exact && pixels <= kSmallPixels;
    if (believed || static_cast<std::int64_t>(size) >= header.least_bytes) return;
    refuse(path,
           msg("this {format} file is truncated: it is too short for the size it announces, {width} × {height} px, "
               "which need at least {needed} bytes; it has {size}. Copy or download it again",
               "format"_is(kind.name), "width"_is(width), "height"_is(height), "needed"_is(header.least_bytes),
               "size"_is(size)));
}

template <typename Read>
auto named(const fs::path& path, const Read& read) {
    try {
        return read();
    } catch (const ImageError& error) {
        refuse(path, error.words());
    }
}

// What is no image is refused by its first bytes: the rest may be a film, or endless.
std::vector<std::byte> read_image_bytes(const fs::path& path, const std::string& ending) {
    return read_bytes(path, kMostImageBytes, [&](std::span<const std::byte> beginning) {
        if (!may_be_image(beginning, ending)) check_kind(path, file_kind(beginning, ending));
    });
}

ImageHeader npy_header(const fs::path& path, FileBytes bytes) {
    const NpyImage image = npy_image_info(view_npy(bytes, path.string()), path.string());
    ImageHeader header;
    header.width = image.width;
    header.height = image.height;
    header.channels = image.channels;
    header.depth = image.depth;
    return header;
}

Opened open(const fs::path& path) {
    const std::string ending = ending_of(path);
    Opened opened;
    opened.bytes = read_image_bytes(path, ending);
    opened.kind = file_kind(opened.bytes, ending);
    check_kind(path, opened.kind);
    if (opened.kind.name == "NPY") {
        opened.header = npy_header(path, opened.bytes);
        return opened;
    }
    opened.decoder = image_decoder(opened.kind.name);
    opened.header = named(path, [&] { return opened.decoder->header(opened.bytes); });
    check_size(path, opened.kind, opened.header, opened.bytes.size());
    return opened;
}

// The image as it is to be seen. Orientations 2 to 4 keep the size, 5 to 8 swap rows and columns.
Image upright(Image image, int orientation) {
    if (orientation == 1) return image;
    const std::int64_t w = image.width(), h = image.height();
    const bool swapped = orientation >= 5;
    Image result(swapped ? h : w, swapped ? w : h, image.channels(), image.depth());
    const std::size_t pixel = image.row_bytes() / static_cast<std::size_t>(w);
    const auto source = [&](std::int64_t x, std::int64_t y) -> std::pair<std::int64_t, std::int64_t> {
        switch (orientation) {
            case 2: return {w - 1 - x, y};
            case 3: return {w - 1 - x, h - 1 - y};
            case 4: return {x, h - 1 - y};
            case 5: return {y, x};
            case 6: return {y, h - 1 - x};
            case 7: return {w - 1 - y, h - 1 - x};
            default: return {w - 1 - y, x};
        }
    };
    for (std::int64_t y = 0; y < result.height(); ++y) {
        for (std::int64_t x = 0; x < result.width(); ++x) {
            const auto [from_x, from_y] = source(x, y);
            std::memcpy(
                &result.bytes()[static_cast<std::size_t>(y) * result.row_bytes() + static_cast<std::size_t>(x) * pixel],
                &image.bytes()[static_cast<std::size_t>(from_y) * image.row_bytes() +
                               static_cast<std::size_t>(from_x) * pixel],
                pixel);
        }
    }
    return result;
}

Image pixels_of(const fs::path& path, const Opened& opened) {
    if (opened.decoder == nullptr) return npy_image(view_npy(opened.bytes, path.string()), path.string());
    return named(path, [&] { return opened.decoder->pixels(opened.bytes); });
}

ImageInfo info_of(const Opened& opened) {
    const ImageHeader& header = opened.header;
    ImageInfo info{header.width,  header.height,  header.channels, header.depth, std::string(opened.kind.name),
                   header.frames, header.profile, header.metadata, header.tags,  header.channels_left_out};
    if (header.orientation >= 5) {
        std::swap(info.width, info.height);
        std::swap(info.tags.resolution.x, info.tags.resolution.y);
    }
    return info;
}

}  // namespace

ImageInfo image_info(const fs::path& path) {
    const Opened opened = open(path);
    // Damage among the samples shows when they are read, which is quick for small images.
    if (opened.header.width * opened.header.height <= kSmallPixels) pixels_of(path, opened);
    return info_of(opened);
}

Image load_image(const fs::path& path, ImageInfo* info) {
    const Opened opened = open(path);
    if (info != nullptr) *info = info_of(opened);
    return upright(pixels_of(path, opened), opened.header.orientation);
}

}  // namespace convlens
