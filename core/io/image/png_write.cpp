#include "core/io/image/png_write.h"

#include <libdeflate.h>
#include <png.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <csetjmp>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>

#include "core/base/block.h"
#include "core/base/parallel.h"
#include "core/io/image/decoder.h"
#include "core/io/image/png_filter.h"

namespace convlens {

namespace {

// What libpng's callbacks see. libpng reports failures by longjmp, which skips destructors: everything that owns
// memory lives outside of encode().
struct Sink {
    std::vector<std::byte> bytes;
    std::string failure;
    bool stopped = false;
};

void on_error(png_structp png, png_const_charp message) {
    static_cast<Sink*>(png_get_error_ptr(png))->failure = message;
    png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

void on_write(png_structp png, png_bytep data, std::size_t size) {
    auto& bytes = static_cast<Sink*>(png_get_io_ptr(png))->bytes;
    const auto* first = reinterpret_cast<const std::byte*>(data);
    bytes.insert(bytes.end(), first, first + size);
}

void on_flush(png_structp) {}

int colour_type(int channels) {
    switch (channels) {
        case 1: return PNG_COLOR_TYPE_GRAY;
        case 2: return PNG_COLOR_TYPE_GRAY_ALPHA;
        case 3: return PNG_COLOR_TYPE_RGB;
        default: return PNG_COLOR_TYPE_RGB_ALPHA;
    }
}

// An iCCP chunk's content: a name, a zero, the method 0, and the profile packed by zlib. libpng's own function for it
// leaves out profiles with which it finds fault, and says so to nobody.
std::vector<png_byte> packed_profile(std::span<const std::byte> icc) {
    // no words: written into files
    constexpr std::string_view kName("ICC profile\0\0", 13);
    if (icc.empty()) return {};
    auto length = compressBound(static_cast<uLong>(icc.size()));
    std::vector<png_byte> chunk(kName.begin(), kName.end());
    chunk.resize(kName.size() + length);
    compress(chunk.data() + kName.size(), &length, reinterpret_cast<const Bytef*>(icc.data()),
             static_cast<uLong>(icc.size()));
    chunk.resize(kName.size() + length);
    return chunk;
}

// PNG counts by the metre.
void put_resolution(png_structp png, png_infop info, const Resolution& resolution) {
    constexpr double kInch = 0.0254, kMost = std::numeric_limits<std::int32_t>::max();
    const double x = std::round(resolution.x / kInch), y = std::round(resolution.y / kInch);
    if (x < 1 || y < 1 || x > kMost || y > kMost) return;
    png_set_pHYs(png, info, static_cast<png_uint_32>(x), static_cast<png_uint_32>(y), PNG_RESOLUTION_METER);
}

std::int64_t pixel_bytes(const Image& image) { return image.channels() * (image.depth() == Depth::u16 ? 2 : 1); }

// A row as the file has it: of two bytes the greater one first.
std::span<const std::uint8_t> file_row(const Image& image, std::int64_t y, std::vector<std::uint8_t>& swapped) {
    if (image.depth() == Depth::u8) return image.row<std::uint8_t>(y);
    swapped.clear();
    for (const std::uint16_t sample : image.row<std::uint16_t>(y)) {
        swapped.push_back(static_cast<std::uint8_t>(sample >> 8));
        swapped.push_back(static_cast<std::uint8_t>(sample & 0xff));
    }
    return swapped;
}

void filter_rows(const Image& image, std::int64_t first, std::int64_t last, Block& filtered) {
    const std::size_t count = image.row_bytes();
    const std::vector<std::uint8_t> zeros(count);
    std::vector<std::uint8_t> scratch(count + 1), swapped, swapped_above;
    for (std::int64_t y = first; y < last; ++y) {
        const std::span<const std::uint8_t> above =
            y == 0 ? std::span<const std::uint8_t>(zeros) : file_row(image, y - 1, swapped_above);
        filter_png_row(file_row(image, y, swapped), above, static_cast<std::size_t>(pixel_bytes(image)),
                       {filtered.data() + static_cast<std::size_t>(y) * (count + 1), count + 1}, scratch);
    }
}

// All rows filtered, on all cores. Nothing when it was stopped.
Block filtered_rows(const Image& image, const Progress& progress) {
    constexpr std::int64_t kBand = 16, kMostRows = 512;
    constexpr double kShare = 0.2;  // of the whole time, on a few cores
    // Between two looks at whether it is still wanted.
    const std::int64_t rows_at_once = std::clamp(image.height() / 8, kBand, kMostRows);
    Block filtered((image.row_bytes() + 1) * static_cast<std::size_t>(image.height()));
    for (std::int64_t y = 0; y < image.height(); y += rows_at_once) {
        if (progress.is_stopped()) return {};
        progress.report(kShare * static_cast<double>(y) / static_cast<double>(image.height()));
        const std::int64_t rows = std::min(rows_at_once, image.height() - y);
        for_bands(rows, kBand, thread_count(0),
                  [&](std::int64_t first, std::int64_t last) { filter_rows(image, y + first, y + last, filtered); });
    }
    progress.report(kShare);
    return filtered;
}

// zlib's format by libdeflate, which is twice as fast as zlib on one core and packs better.
Block packed(const Block& bytes) {
    constexpr int kLevel = 1;  // higher ones pack photographs no better than by a few per cent
    const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
        libdeflate_alloc_compressor(kLevel), libdeflate_free_compressor);
    if (!compressor) throw std::bad_alloc();
    Block result(libdeflate_zlib_compress_bound(compressor.get(), bytes.size()));
    result.shorten(
        libdeflate_zlib_compress(compressor.get(), bytes.data(), bytes.size(), result.data(), result.size()));
    return result;
}

// What libpng writes around the samples.
void write_head(png_structp png, png_infop info, const Image& image, const PngStyle& style,
                std::span<const png_byte> profile) {
    const int bits = image.depth() == Depth::u16 ? 16 : 8;
    png_set_IHDR(png, info, static_cast<png_uint_32>(image.width()), static_cast<png_uint_32>(image.height()), bits,
                 colour_type(image.channels()), PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    if (style.figure) png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
    if (style.tags != nullptr) put_resolution(png, info, style.tags->resolution);
    png_write_info(png, info);
    if (!profile.empty())
        png_write_chunk(png, reinterpret_cast<png_const_bytep>("iCCP"), profile.data(), profile.size());
}

// The rows packed before.
bool encode_packed(png_structp png, png_infop info, const Image& image, const PngStyle& style,
                   std::span<const png_byte> profile, const Block& rows) {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    write_head(png, info, image, style, profile);
    png_write_chunk(png, reinterpret_cast<png_const_bytep>("IDAT"), rows.data(), rows.size());
    png_write_chunk(png, reinterpret_cast<png_const_bytep>("IEND"), nullptr, 0);
    return true;
}

// The rows packed by libpng one after another.
bool encode(png_structp png, png_infop info, const Image& image, const Progress& progress, const PngStyle& style,
            std::span<const png_byte> profile, Sink& sink) {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    if (!style.figure) png_set_compression_level(png, 1);
    write_head(png, info, image, style, profile);
    if (image.depth() == Depth::u16 && std::endian::native == std::endian::little) png_set_swap(png);
    constexpr std::int64_t kRows = 16;  // between two looks at whether it is still wanted
    for (std::int64_t y = 0; y < image.height(); ++y) {
        if (y % kRows == 0) {
            sink.stopped = progress.is_stopped();
            if (sink.stopped) return false;
            progress.report(static_cast<double>(y) / static_cast<double>(image.height()));
        }
        png_write_row(png, reinterpret_cast<png_const_bytep>(image.bytes().data()) +
                               static_cast<std::size_t>(y) * image.row_bytes());
    }
    png_write_end(png, info);
    return true;
}

}  // namespace

std::vector<std::byte> png_bytes(const Image& image, const Progress& progress, const PngStyle& style) {
    if (image.depth() == Depth::f32 || image.depth() == Depth::s16)
        return png_bytes(converted(image, Depth::u8), progress, style);
    constexpr std::size_t kMostAtOnce = std::size_t{256} << 20;
    Sink sink;
    Block rows;
    if (!style.figure && image.bytes().size() <= kMostAtOnce) {
        const Block filtered = filtered_rows(image, progress);
        if (!filtered.empty()) rows = packed(filtered);
        progress.report(0.95);  // packing cannot be stopped; 24 megapixels take a third of a second
        if (progress.is_stopped()) return {};
    }
    const std::vector<png_byte> profile =
        style.tags == nullptr ? std::vector<png_byte>() : packed_profile(style.tags->icc);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &sink, on_error, on_warning);
    png_infop info = png == nullptr ? nullptr : png_create_info_struct(png);
    bool done = false;
    if (info != nullptr) {
        png_set_write_fn(png, &sink, on_write, on_flush);
        done = !rows.empty() ? encode_packed(png, info, image, style, profile, rows)
                             : encode(png, info, image, progress, style, profile, sink);
    }
    png_destroy_write_struct(&png, &info);
    if (sink.stopped) return {};
    if (!done)
        throw ImageError(sink.failure.empty() ? Message(key("there is not enough memory")) : verbatim(sink.failure));
    return std::move(sink.bytes);
}

}  // namespace convlens
