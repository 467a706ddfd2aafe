// The merged image of a Photoshop file (PSD, and PSB for large ones), by
// https://www.adobe.com/devnet-apps/photoshop/fileformatashtml/: bitmap, grey, duotone (its grey), palette, RGB, and CMYK
// without its colour profile; 8, 16 and 32 bits, plain or run-length encoded. Numbers have the greatest byte first.
//
// One channel beyond the colours is alpha where the layers say so, or where there are none. Photoshop has laid the colours
// of an image with layers on white in proportion to alpha; that is taken back. Other programs write the colours as they
// are, which shows where one is darker than such a white leaves it.
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <vector>

#include "core/image/sample.h"
#include "core/io/byte_reader.h"
#include "core/io/image/formats.h"

namespace convlens {

namespace {

constexpr std::string_view kFormat = "PSD";

enum class Mode { bitmap = 0, grey = 1, palette = 2, rgb = 3, cmyk = 4, duotone = 8 };

struct Photoshop {
    bool large = false;  // PSB: longer length fields
    std::int64_t width = 0, height = 0;
    std::int64_t stored_channels = 0;
    std::uint32_t bits = 8;
    Mode mode = Mode::rgb;
    FileBytes palette;  // 256 reds, greens, blues
    int layers = 0;     // negative: the first channel beyond the colours is the merged image's alpha
    bool run_length = false;
    std::size_t raster = 0;

    int colours() const { return mode == Mode::cmyk ? 4 : mode == Mode::rgb ? 3 : 1; }
    bool has_alpha() const {
        if (mode != Mode::rgb && mode != Mode::grey) return false;
        return layers < 0 ? stored_channels > colours() : layers == 0 && stored_channels == colours() + 1;
    }
    int channels() const { return mode == Mode::rgb || mode == Mode::cmyk || mode == Mode::palette ? 3 : 1; }
    std::int64_t row_bytes() const { return (width * bits + 7) / 8; }
    Depth depth() const { return bits == 16 ? Depth::u16 : bits == 32 ? Depth::f32 : Depth::u8; }
};

void check_variety(const Photoshop& file, std::uint32_t mode) {
    constexpr std::uint32_t kMultichannel = 7, kLab = 9;
    if (mode == kLab) refuse_variety(key("this PSD file has Lab colours"));
    if (mode == kMultichannel) refuse_variety(key("this PSD file has channels of single inks"));
    if (mode > 8 || mode == 5 || mode == 6)
        refuse_variety(msg("this PSD file has colour mode {mode}", "mode"_is(mode)));
    const bool fits = file.mode == Mode::bitmap    ? file.bits == 1
                      : file.mode == Mode::palette ? file.bits == 8
                                                   : file.bits == 8 || file.bits == 16 || file.bits == 32;
    if (!fits)
        refuse_variety(
            msg("this PSD file has {bits} bits a sample in colour mode {mode}", "bits"_is(file.bits), "mode"_is(mode)));
    if (file.mode == Mode::cmyk && file.bits == 32) refuse_variety(key("this PSD file has 32 bits a sample of ink"));
    if (file.stored_channels < file.colours())
        refuse_damaged(kFormat, msg("it has {count} channels, and its colours need {needed}",
                                    "count"_is(file.stored_channels), "needed"_is(file.colours())));
}

void read_fields(ByteReader& reader, Photoshop& file) {
    constexpr std::uint32_t kLarge = 2;
    reader.skip(4);
    const std::uint32_t version = reader.u16_big();
    if (version != 1 && version != kLarge)
        refuse_variety(msg("this PSD file has version {version}", "version"_is(version)));
    file.large = version == kLarge;
    reader.skip(6);
    file.stored_channels = reader.u16_big();
    file.height = reader.u32_big();
    file.width = reader.u32_big();
    file.bits = reader.u16_big();
    const std::uint32_t mode = reader.u16_big();
    file.mode = static_cast<Mode>(mode);
    check_variety(file, mode);
}

std::size_t read_length(ByteReader& reader, bool large) {
    if (large && reader.u32_big() != 0) refuse_truncated(kFormat);
    return reader.u32_big();
}

// How many layers there are; negative where they have an alpha of their own.
int count_layers(FileBytes section, bool large) {
    ByteReader reader(section, kFormat);
    const std::size_t needed = large ? 10 : 6;
    if (section.size() < needed || read_length(reader, large) == 0) return 0;
    return static_cast<std::int16_t>(reader.u16_big());
}

Photoshop read_photoshop(FileBytes bytes) {
    constexpr std::uint32_t kRunLength = 1;
    constexpr std::size_t kPaletteBytes = 768;
    Photoshop file;
    ByteReader reader(bytes, kFormat);
    read_fields(reader, file);
    file.palette = reader.take(read_length(reader, false));
    if (file.mode == Mode::palette && file.palette.size() < kPaletteBytes)
        refuse_damaged(kFormat, msg("its palette must have {needed} bytes; it has {size}", "needed"_is(kPaletteBytes),
                                    "size"_is(file.palette.size())));
    reader.skip(read_length(reader, false));  // resources: guides, thumbnail, ...
    file.layers = count_layers(reader.take(read_length(reader, file.large)), file.large);
    const std::uint32_t compression = reader.u16_big();
    if (compression > kRunLength)
        refuse_variety(msg("this PSD file has compression {number}", "number"_is(compression)));
    file.run_length = compression == kRunLength;
    file.raster = reader.at();
    return file;
}

// PackBits: n from 0 to 127, and n + 1 bytes follow; n from 129, and one byte follows that is there 257 - n times.
void unpack(FileBytes packed, std::span<std::byte> row) {
    ByteReader reader(packed, kFormat);
    while (!row.empty()) {
        constexpr std::uint32_t kNothing = 128;
        const std::uint32_t n = reader.u8();
        if (n == kNothing) continue;
        const std::size_t count = n < kNothing ? n + 1 : 257 - n;
        if (count > row.size()) refuse_damaged(kFormat, key("a run of equal bytes is longer than its row"));
        if (n < kNothing) {
            std::ranges::copy(reader.take(count), row.begin());
        } else {
            std::ranges::fill(row.first(count), reader.take(1)[0]);
        }
        row = row.subspan(count);
    }
}

// Rows one after another, all of the first channel in front; of run-length encoded ones the lengths come first.
class Rows {
public:
    Rows(FileBytes bytes, const Photoshop& file)
        : file_(file),
          lengths_(bytes, kFormat),
          rows_(bytes, kFormat),
          row_(static_cast<std::size_t>(file.row_bytes())) {
        lengths_.seek(file.raster);
        rows_.seek(file.raster);
        if (file.run_length)
            rows_.skip(static_cast<std::size_t>(file.stored_channels * file.height * (file.large ? 4 : 2)));
    }
    FileBytes next() {
        if (!file_.run_length) return rows_.take(row_.size());
        unpack(rows_.take(file_.large ? lengths_.u32_big() : lengths_.u16_big()), row_);
        return row_;
    }

private:
    const Photoshop& file_;
    ByteReader lengths_, rows_;
    std::vector<std::byte> row_;
};

// One channel's samples of a row into every `channels`-th sample of ours.
template <typename T>
void put_samples(FileBytes from, std::span<T> row, std::size_t channel, std::size_t channels) {
    const std::byte* at = from.data();
    for (std::size_t i = channel; i < row.size(); i += channels) {
        std::uint32_t value = 0;
        for (std::size_t byte = 0; byte < sizeof(T); ++byte) value = value << 8 | std::to_integer<std::uint32_t>(*at++);
        if constexpr (std::is_same_v<T, float>) {
            row[i] = std::bit_cast<float>(value);
        } else {
            row[i] = static_cast<T>(value);
        }
    }
}

void put_bits(FileBytes from, std::span<std::uint8_t> row) {
    for (std::size_t x = 0; x < row.size(); ++x) {
        const bool black = (std::to_integer<unsigned>(from[x / 8]) >> (7 - x % 8) & 1U) != 0;
        row[x] = black ? 0 : 255;
    }
}

// The channels as they are stored, up to four of them.
Image planes(FileBytes bytes, const Photoshop& file, int channels) {
    Image image(file.width, file.height, channels, file.depth());
    Rows rows(bytes, file);
    for (int channel = 0; channel < channels; ++channel) {
        for (std::int64_t y = 0; y < file.height; ++y) {
            const FileBytes from = rows.next();
            if (file.mode == Mode::bitmap) {
                put_bits(from, image.row<std::uint8_t>(y));
                continue;
            }
            with_sample_type(file.depth(), [&](auto type) {
                put_samples(from, image.row<decltype(type)>(y), static_cast<std::size_t>(channel),
                            static_cast<std::size_t>(channels));
            });
        }
    }
    return image;
}

Image with_palette(const Image& indices, FileBytes palette) {
    Image image(indices.width(), indices.height(), 3, Depth::u8);
    for (std::int64_t y = 0; y < image.height(); ++y) {
        const auto row = image.row<std::uint8_t>(y);
        for (std::size_t i = 0; i < row.size(); ++i)
            row[i] = std::to_integer<std::uint8_t>(palette[i % 3 * 256 + indices.row<std::uint8_t>(y)[i / 3]]);
    }
    return image;
}

// Inks are stored inverted: white is none. A colour is what cyan, magenta or yellow and black let through.
template <typename T>
void mix_inks(std::span<const T> inks, std::span<T> row) {
    constexpr std::uint32_t kWhite = std::numeric_limits<T>::max();
    for (std::size_t i = 0; i < row.size(); ++i)
        row[i] = static_cast<T>(scaled(inks[i / 3 * 4 + i % 3], kWhite, inks[i / 3 * 4 + 3]));
}

Image without_inks(const Image& inks) {
    Image image(inks.width(), inks.height(), 3, inks.depth());
    for (std::int64_t y = 0; y < image.height(); ++y) {
        if (inks.depth() == Depth::u16) {
            mix_inks(inks.row<std::uint16_t>(y), image.row<std::uint16_t>(y));
        } else {
            mix_inks(inks.row<std::uint8_t>(y), image.row<std::uint8_t>(y));
        }
    }
    return image;
}

template <typename T>
void lift_pixel(std::span<T> pixel, double white) {
    const double alpha = static_cast<double>(pixel.back()) / white;
    if (alpha <= 0 || alpha >= 1) return;
    for (T& sample : pixel.first(pixel.size() - 1))
        sample = to_sample<T>(static_cast<float>((static_cast<double>(sample) - white * (1 - alpha)) / alpha));
}

// Whether every colour can lie on white: of a pixel of alpha a the white shines through by 1 - a, and colours do not darken
// it. Two steps of the depth are left for rounding.
template <typename T>
bool is_on_white(std::span<const T> pixel, double white, double step) {
    const double shines_through = white - static_cast<double>(pixel.back());
    return std::ranges::all_of(pixel.first(pixel.size() - 1),
                               [&](T sample) { return static_cast<double>(sample) >= shines_through - 2 * step; });
}

bool lies_on_white(const Image& image) {
    const auto channels = static_cast<std::size_t>(image.channels());
    const double step = image.depth() == Depth::f32 ? 1e-3 : 1;
    bool all = true;
    with_sample_type(image.depth(), [&](auto type) {
        using T = decltype(type);
        for (std::int64_t y = 0; y < image.height() && all; ++y)
            for (std::span<const T> row = image.row<T>(y); !row.empty() && all; row = row.subspan(channels))
                all = is_on_white(row.first(channels), white(image.depth()), step);
    });
    return all;
}

// Takes back the white on which Photoshop has laid the colours.
void lift_from_white(Image& image) {
    if (!lies_on_white(image)) return;
    const auto channels = static_cast<std::size_t>(image.channels());
    with_sample_type(image.depth(), [&](auto type) {
        for (std::int64_t y = 0; y < image.height(); ++y)
            for (auto row = image.row<decltype(type)>(y); !row.empty(); row = row.subspan(channels))
                lift_pixel(row.first(channels), white(image.depth()));
    });
}

// Run-length encoded rows are at least two bytes for 128, and their lengths are told in front of them.
std::int64_t least_raster(FileBytes bytes, const Photoshop& file) {
    const std::int64_t rows = file.stored_channels * file.height;
    if (!file.run_length) return capped_product(file.row_bytes(), rows);
    const std::int64_t length_field = file.large ? 4 : 2;
    const std::int64_t least = capped_product(length_field + (file.row_bytes() + 127) / 128 * 2, rows);
    if (static_cast<std::int64_t>(bytes.size() - file.raster) < least) return least;
    std::int64_t told = length_field * rows;
    ByteReader lengths(bytes, kFormat);
    lengths.seek(file.raster);
    for (std::int64_t row = 0; row < file.colours() * file.height; ++row)
        told += file.large ? lengths.u32_big() : lengths.u16_big();
    return std::max(least, told);
}

}  // namespace

ImageHeader psd_header(FileBytes bytes) {
    const Photoshop file = read_photoshop(bytes);
    ImageHeader header{file.width, file.height, file.channels() + (file.has_alpha() ? 1 : 0), file.depth()};
    header.least_bytes = static_cast<std::int64_t>(file.raster) + least_raster(bytes, file);
    return header;
}

Image psd_pixels(FileBytes bytes) {
    const Photoshop file = read_photoshop(bytes);
    Image image = planes(bytes, file, file.colours() + (file.has_alpha() ? 1 : 0));
    if (file.mode == Mode::palette) return with_palette(image, file.palette);
    if (file.mode == Mode::cmyk) return without_inks(image);
    if (file.has_alpha() && file.layers < 0) lift_from_white(image);
    return image;
}

}  // namespace convlens
