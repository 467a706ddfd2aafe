#include "core/io/image/png_write.h"

#include <png.h>

#include <bit>
#include <csetjmp>
#include <string>

#include "core/io/image/decoder.h"

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

bool encode(png_structp png, png_infop info, const Image& image, const Progress& progress, const PngStyle& style,
            Sink& sink) {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    const int bits = image.depth() == Depth::u16 ? 16 : 8;
    png_set_IHDR(png, info, static_cast<png_uint_32>(image.width()), static_cast<png_uint_32>(image.height()), bits,
                 colour_type(image.channels()), PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    if (style.srgb) png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
    if (style.level >= 0) png_set_compression_level(png, style.level);
    png_write_info(png, info);
    if (bits == 16 && std::endian::native == std::endian::little) png_set_swap(png);
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
    Sink sink;
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &sink, on_error, on_warning);
    png_infop info = png == nullptr ? nullptr : png_create_info_struct(png);
    bool done = false;
    if (info != nullptr) {
        png_set_write_fn(png, &sink, on_write, on_flush);
        done = encode(png, info, image, progress, style, sink);
    }
    png_destroy_write_struct(&png, &info);
    if (sink.stopped) return {};
    if (!done)
        throw ImageError(sink.failure.empty() ? Message(key("there is not enough memory")) : verbatim(sink.failure));
    return std::move(sink.bytes);
}

}  // namespace convlens
