// Truevision TGA, by its specification of 1991: palette, true colour and grey, plain or run-length encoded, from any of
// the four corners. How many bits of a pixel are alpha is told by the header's attribute bits: 32 bits with none of them
// have no alpha, 16 bits with one of them have one bit of it (5551).
#include <algorithm>
#include <array>
#include <vector>

#include "core/io/byte_reader.h"
#include "core/io/image/formats.h"

namespace convlens {

namespace {

constexpr std::string_view kFormat = "TGA";
constexpr std::size_t kFileHeader = 18;

using Rgba = std::array<std::uint8_t, 4>;
enum class Kind { palette = 1, colour = 2, grey = 3 };

struct Targa {
    Kind kind = Kind::colour;
    bool run_length = false;
    bool has_palette = false;
    std::size_t palette_first = 0, palette_length = 0;
    std::uint32_t palette_bits = 0;
    std::size_t palette_at = 0;
    std::int64_t width = 0, height = 0;
    std::uint32_t bits = 0;  // of a pixel in the file
    std::uint32_t attribute_bits = 0;
    bool from_right = false, from_top = false;

    std::size_t pixel_bytes() const { return (bits + 7) / 8; }
    std::size_t palette_bytes() const { return palette_length * ((palette_bits + 7) / 8); }
    std::size_t raster() const { return palette_at + palette_bytes(); }
    std::uint32_t colour_bits() const { return kind == Kind::palette ? palette_bits : bits; }
    bool has_alpha() const {
        if (kind == Kind::grey) return bits == 16;
        return colour_bits() == 16 ? attribute_bits == 1 : colour_bits() == 32 && attribute_bits > 0;
    }
    int channels() const { return (kind == Kind::grey ? 1 : 3) + (has_alpha() ? 1 : 0); }
};

bool is_colour_depth(std::uint32_t bits) { return bits == 15 || bits == 16 || bits == 24 || bits == 32; }

void check_variety(const Targa& targa, std::uint32_t type, std::uint32_t descriptor) {
    const bool known = (type >= 1 && type <= 3) || (type >= 9 && type <= 11);
    if (!known) refuse_variety(msg("this TGA file has type {type}", "type"_is(type)));
    if (descriptor >> 6 != 0) refuse_variety(key("this TGA file has interleaved rows"));
    const bool fits = targa.kind == Kind::palette ? (targa.bits == 8 || targa.bits == 16)
                      : targa.kind == Kind::grey  ? (targa.bits == 8 || targa.bits == 16)
                                                  : is_colour_depth(targa.bits);
    if (!fits)
        refuse_variety(
            msg("this TGA file has {bits} bits a pixel in type {type}", "bits"_is(targa.bits), "type"_is(type)));
    if (targa.kind != Kind::palette) return;
    if (!targa.has_palette) refuse_damaged(kFormat, key("it has no palette for its colours"));
    if (!is_colour_depth(targa.palette_bits))
        refuse_variety(msg("this TGA file has {bits} bits a palette colour", "bits"_is(targa.palette_bits)));
}

Targa read_targa(FileBytes file) {
    constexpr std::uint32_t kRunLength = 8, kFromRight = 16, kFromTop = 32;
    Targa targa;
    ByteReader reader(file, kFormat);
    const std::uint32_t id_length = reader.u8();
    targa.has_palette = reader.u8() == 1;
    const std::uint32_t type = reader.u8();
    targa.run_length = (type & kRunLength) != 0;
    targa.kind = static_cast<Kind>(type & 3U);
    targa.palette_first = reader.u16_little();
    targa.palette_length = reader.u16_little();
    targa.palette_bits = reader.u8();
    reader.skip(4);
    targa.width = reader.u16_little();
    targa.height = reader.u16_little();
    targa.bits = reader.u8();
    const std::uint32_t descriptor = reader.u8();
    targa.attribute_bits = descriptor & 15U;
    targa.from_right = (descriptor & kFromRight) != 0;
    targa.from_top = (descriptor & kFromTop) != 0;
    targa.palette_at = kFileHeader + id_length;
    if (!targa.has_palette) targa.palette_length = 0;
    check_variety(targa, type, descriptor);
    return targa;
}

std::uint8_t five_bits(std::uint32_t value) { return static_cast<std::uint8_t>(scaled(value & 31U, 31, 255)); }

// A colour of 15, 16, 24 or 32 bits: blue lowest.
Rgba colour_of(ByteReader& reader, std::uint32_t bits) {
    if (bits <= 16) {
        const std::uint32_t value = reader.u16_little();
        const bool opaque = (value & 0x8000U) != 0;
        return {five_bits(value >> 10), five_bits(value >> 5), five_bits(value),
                static_cast<std::uint8_t>(opaque ? 255 : 0)};
    }
    const auto next = [&] { return static_cast<std::uint8_t>(reader.u8()); };
    const std::uint8_t blue = next(), green = next(), red = next();
    return {red, green, blue, bits == 32 ? next() : std::uint8_t{255}};
}

// Pixels of the file as they are in the image, a palette's looked up.
class Pixels {
public:
    Pixels(FileBytes file, const Targa& targa) : targa_(targa) {
        if (targa.kind != Kind::palette) return;
        ByteReader reader(file, kFormat);
        reader.seek(targa.palette_at);
        for (std::size_t i = 0; i < targa.palette_length; ++i)
            palette_.push_back(colour_of(reader, targa.palette_bits));
    }
    Rgba next(ByteReader& reader) const {
        if (targa_.kind == Kind::colour) return colour_of(reader, targa_.bits);
        if (targa_.kind == Kind::palette) return listed(targa_.bits == 8 ? reader.u8() : reader.u16_little());
        const auto grey = static_cast<std::uint8_t>(reader.u8());
        return {grey, targa_.bits == 16 ? static_cast<std::uint8_t>(reader.u8()) : std::uint8_t{255}, 0, 0};
    }

private:
    Rgba listed(std::size_t index) const {
        const std::size_t at = index - targa_.palette_first;  // wraps for an index before the first
        return at < palette_.size() ? palette_[at] : Rgba{0, 0, 0, 255};
    }

    const Targa& targa_;
    std::vector<Rgba> palette_;
};

// Places pixels as they come, row after row from the file's corner.
class Canvas {
public:
    Canvas(const Targa& targa, Image& image)
        : targa_(targa), image_(image), channels_(static_cast<std::size_t>(targa.channels())), row_(row_at(0)) {}

    bool full() const { return y_ == targa_.height; }
    void put(const Rgba& pixel) {
        const std::int64_t x = targa_.from_right ? targa_.width - 1 - x_ : x_;
        const Rgba stored = targa_.kind == Kind::grey ? Rgba{pixel[0], pixel[1], 0, 0} : pixel;
        std::copy_n(stored.begin(), channels_, row_.begin() + x * static_cast<std::ptrdiff_t>(channels_));
        if (++x_ < targa_.width) return;
        x_ = 0;
        if (++y_ < targa_.height) row_ = row_at(y_);
    }

private:
    std::span<std::uint8_t> row_at(std::int64_t y) {
        return image_.row<std::uint8_t>(targa_.from_top ? y : targa_.height - 1 - y);
    }

    const Targa& targa_;
    Image& image_;
    std::size_t channels_;
    std::span<std::uint8_t> row_;
    std::int64_t x_ = 0, y_ = 0;
};

// Packets of up to 128 pixels: one that is repeated where the upper bit is set, else as many as it counts. They may go on
// from row to row.
void read_run_length(ByteReader& reader, const Pixels& pixels, Canvas& canvas) {
    while (!canvas.full()) {
        const std::uint32_t packet = reader.u8();
        const bool repeated = (packet & 0x80U) != 0;
        Rgba pixel{};
        for (std::uint32_t i = 0; i <= (packet & 0x7fU) && !canvas.full(); ++i) {
            if (i == 0 || !repeated) pixel = pixels.next(reader);
            canvas.put(pixel);
        }
    }
}

}  // namespace

ImageHeader tga_header(FileBytes file) {
    const Targa targa = read_targa(file);
    ImageHeader header{targa.width, targa.height, targa.channels(), Depth::u8};
    const auto pixel = static_cast<std::int64_t>(targa.pixel_bytes());
    const std::int64_t pixels = targa.width * targa.height;
    header.least_bytes = static_cast<std::int64_t>(targa.raster()) +
                         (targa.run_length ? (pixels + 127) / 128 * (pixel + 1) : pixels * pixel);
    return header;
}

Image tga_pixels(FileBytes file) {
    const Targa targa = read_targa(file);
    Image image(targa.width, targa.height, targa.channels(), Depth::u8);
    const Pixels pixels(file, targa);
    Canvas canvas(targa, image);
    ByteReader reader(file, kFormat);
    reader.seek(targa.raster());
    if (targa.run_length) {
        read_run_length(reader, pixels, canvas);
    } else {
        while (!canvas.full()) canvas.put(pixels.next(reader));
    }
    return image;
}

}  // namespace convlens
