// TIFF by libtiff: strips and tiles, in either byte order, classic and Big; grey, RGB, a palette, and what JPEG makes of
// YCbCr; 1, 2, 4, 8 and 16 bits, and floats of 32 and 64, which become f32. The first page that is no preview is read;
// of further samples a pixel the first is alpha where the file says so, those that colours are multiplied by are divided
// out again.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "core/io/image/bytes_at.h"
#include "core/io/image/formats.h"
#include "core/io/image/libtiff.h"

namespace convlens {

namespace {

constexpr std::string_view kFormat = "TIFF";

enum class Samples { whole, palette, floats };

struct Tiff {
    std::uint32_t width = 0, height = 0;
    Samples samples = Samples::whole;
    int bits = 1;             // of a sample in the file: 1, 2, 4, 8, 16, 32, 64
    int stored = 1;           // samples of a pixel in the file
    int channels = 1;         // of the image
    bool separate = false;    // a plane for each sample, one after another
    bool dark = false;        // grey, where 0 is white
    bool multiplied = false;  // colours are multiplied by alpha
    std::uint16_t compression = COMPRESSION_NONE;

    Depth depth() const {
        if (samples == Samples::floats) return Depth::f32;
        return bits == 16 ? Depth::u16 : Depth::u8;
    }
    bool has_alpha() const { return channels == 2 || channels == 4; }
    int read_samples() const { return samples == Samples::palette ? 1 : channels; }  // the first ones of `stored`
    std::int64_t file_row_bytes() const { return (std::int64_t{width} * bits * (separate ? 1 : stored) + 7) / 8; }
};

template <typename T>
T field(TIFF* tiff, std::uint32_t tag, T otherwise) {
    T value = otherwise;
    return TIFFGetFieldDefaulted(tiff, tag, &value) == 1 ? value : otherwise;
}

[[noreturn]] void refuse(const TiffMemory& memory) {
    if (memory.error.empty()) refuse_damaged(kFormat, key("there is not enough memory"));
    refuse_damaged(kFormat, verbatim(memory.error));
}

// Previews and masks are pages of their own.
bool is_page(TIFF* tiff) {
    const auto kind = field<std::uint32_t>(tiff, TIFFTAG_SUBFILETYPE, 0);
    return (kind & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) == 0;
}

// Numbers of the byte order that the file's first two letters tell.
class Numbers {
public:
    explicit Numbers(FileBytes file) : file_(file), little_(starts_with(file, "II")) {}

    // The number in `length` (1 to 8) bytes; refused where they run beyond the end.
    std::uint64_t at(std::uint64_t place, std::size_t length) const {
        if (place > file_.size() || length > file_.size() - place) refuse_truncated(kFormat);
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < length; ++i)
            value = value << 8 | std::to_integer<std::uint64_t>(file_[place + (little_ ? length - 1 - i : i)]);
        return value;
    }

private:
    FileBytes file_;
    bool little_;
};

// Refuses a file that ends within its first directory, or before what that points to. libtiff passes over most of it.
void check_directory(FileBytes file) {
    constexpr std::array<std::uint64_t, 19> kBytes{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};  // by type
    const Numbers numbers(file);
    const bool big = numbers.at(2, 2) == 43;
    const std::size_t place = big ? 8 : 4;  // bytes of a place in the file, and of a value beside its tag
    const std::uint64_t first = numbers.at(big ? 8 : 4, place);
    const std::uint64_t count = numbers.at(first, big ? 8 : 2);
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(count, 65535); ++i) {
        const std::uint64_t entry = first + (big ? 8 : 2) + i * (4 + 2 * place);
        const std::uint64_t type = numbers.at(entry + 2, 2), values = numbers.at(entry + 4, place);
        const std::uint64_t bytes = type < kBytes.size() ? kBytes[type] : 0;
        const std::uint64_t at = numbers.at(entry + 4 + place, place);
        if (bytes == 0 || values <= place / bytes) continue;
        if (at > file.size() || values > (file.size() - at) / bytes) refuse_truncated(kFormat);
    }
}

OpenTiff open(TiffMemory& memory) {
    constexpr std::int64_t kMostPiece = std::int64_t{1} << 30;
    check_directory(memory.file);
    OpenTiff tiff = open_tiff(memory, "r", kMostPiece);
    if (!tiff) refuse(memory);
    constexpr int kMostPreviews = 16;
    for (int i = 0; !is_page(tiff.get()); ++i)
        if (i == kMostPreviews || TIFFReadDirectory(tiff.get()) == 0)
            refuse_variety(key("this TIFF file holds a preview and no image, as those of cameras' raw data"));
    return tiff;
}

// What alpha there is, and how many of the samples make the image.
void read_alpha(TIFF* tiff, int colours, Tiff& read) {
    std::uint16_t count = 0;
    std::uint16_t* kinds = nullptr;
    const bool told = TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds) == 1 && count > 0;
    const bool alpha = told && read.stored > colours && kinds[0] != EXTRASAMPLE_UNSPECIFIED;
    read.channels = colours + (alpha ? 1 : 0);
    read.multiplied = alpha && kinds[0] == EXTRASAMPLE_ASSOCALPHA;
}

void read_colours(TIFF* tiff, Tiff& read) {
    std::uint16_t colours = PHOTOMETRIC_MINISBLACK;
    if (TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &colours) != 1)
        colours = read.stored >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
    switch (colours) {
        case PHOTOMETRIC_MINISBLACK:
        case PHOTOMETRIC_MINISWHITE:
            read.dark = colours == PHOTOMETRIC_MINISWHITE && read.samples == Samples::whole;
            return read_alpha(tiff, 1, read);
        case PHOTOMETRIC_YCBCR:
            if (read.compression != COMPRESSION_JPEG) break;
            TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
            [[fallthrough]];
        case PHOTOMETRIC_RGB:
            if (read.stored < 3)
                refuse_damaged(kFormat, key("it has RGB colours and fewer than three samples a pixel"));
            return read_alpha(tiff, 3, read);
        case PHOTOMETRIC_PALETTE:
            read.channels = 3;
            read.samples = Samples::palette;
            return;
        case PHOTOMETRIC_SEPARATED: refuse_variety(key("this TIFF file has inks (CMYK)"));
        default: break;
    }
    refuse_variety(msg("this TIFF file has colours of kind {number}", "number"_is(colours)));
}

bool is_known(const Tiff& read, std::uint16_t format) {
    const bool whole = format == SAMPLEFORMAT_UINT || format == SAMPLEFORMAT_VOID;
    switch (read.samples) {
        case Samples::floats: return read.bits == 32 || read.bits == 64;
        case Samples::palette: return whole && read.bits <= 8;
        case Samples::whole: break;
    }
    const bool few = read.bits == 1 || read.bits == 2 || read.bits == 4;
    // Few bits of several samples are not next to one another as bytes are.
    return whole && (read.bits == 8 || read.bits == 16 || (few && read.stored == 1));
}

Tiff read_tiff(TIFF* tiff) {
    Tiff read;
    read.width = field<std::uint32_t>(tiff, TIFFTAG_IMAGEWIDTH, 0);
    read.height = field<std::uint32_t>(tiff, TIFFTAG_IMAGELENGTH, 0);
    read.bits = field<std::uint16_t>(tiff, TIFFTAG_BITSPERSAMPLE, 1);
    read.stored = field<std::uint16_t>(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
    read.separate = field<std::uint16_t>(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE &&
                    read.stored > 1;
    read.compression = field<std::uint16_t>(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
    const auto format = field<std::uint16_t>(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
    if (format == SAMPLEFORMAT_IEEEFP) read.samples = Samples::floats;
    constexpr int kMostSamples = 64;
    if (read.stored < 1 || read.stored > kMostSamples)
        refuse_variety(msg("this TIFF file has {count} samples a pixel", "count"_is(read.stored)));
    if (TIFFIsCODECConfigured(read.compression) == 0)
        refuse_variety(msg("this TIFF file is packed in way {number}", "number"_is(read.compression)));
    read_colours(tiff, read);
    if (read.samples == Samples::palette && read.stored > 1 && !read.separate)
        refuse_variety(key("this TIFF file has a palette and more than one sample a pixel"));
    if (!is_known(read, format))
        refuse_variety(msg("this TIFF file has {bits} bits a sample in format {format} and {count} samples a pixel",
                           "bits"_is(read.bits), "format"_is(format), "count"_is(read.stored)));
    return read;
}

// The fewest bytes of which the ways of packing make an image of this size.
std::int64_t least_bytes(const Tiff& read) {
    const std::int64_t whole = capped_product(read.file_row_bytes() * (read.separate ? read.stored : 1), read.height);
    switch (read.compression) {
        case COMPRESSION_NONE: return whole;
        case COMPRESSION_PACKBITS: return whole / 64;
        case COMPRESSION_JPEG: return whole / 64 / 8 / 3;
        case COMPRESSION_LZW: return whole / 2731;  // 4096 bytes by a code of 12 bits
        case COMPRESSION_DEFLATE:
        case COMPRESSION_ADOBE_DEFLATE: return whole / 1032;
        default: return whole / 32768;
    }
}

// Strips or tiles that lie beyond the file's end.
bool is_cut(TIFF* tiff, std::size_t size) {
    const std::uint32_t count = TIFFIsTiled(tiff) != 0 ? TIFFNumberOfTiles(tiff) : TIFFNumberOfStrips(tiff);
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint64_t at = TIFFGetStrileOffset(tiff, i), length = TIFFGetStrileByteCount(tiff, i);
        if (at > size || length > size - at) return true;
    }
    return false;
}

std::int64_t count_pages(TIFF* tiff) {
    constexpr std::int64_t kMost = 10'000;
    std::int64_t pages = 1;
    while (pages < kMost && TIFFReadDirectory(tiff) == 1) pages += is_page(tiff) ? 1 : 0;
    return pages;
}

ImageTags read_tags(TIFF* tiff) {
    ImageTags tags;
    std::uint32_t count = 0;
    const void* profile = nullptr;
    if (TIFFGetField(tiff, TIFFTAG_ICCPROFILE, &count, &profile) == 1 && count <= kMostProfile) {
        const auto* first = static_cast<const std::byte*>(profile);
        tags.icc.assign(first, first + count);
    }
    float x = 0, y = 0;
    const auto unit = field<std::uint16_t>(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
    const double inch = unit == RESUNIT_INCH ? 1 : unit == RESUNIT_CENTIMETER ? 2.54 : 0;
    if (TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &x) == 1 && TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &y) == 1 &&
        std::isfinite(x) && std::isfinite(y))
        tags.resolution = {x * inch, y * inch};
    return tags;
}

// Colours of a palette, of which the upper bytes count; old files have bytes alone.
std::vector<std::array<std::uint8_t, 3>> read_palette(TIFF* tiff, int bits) {
    std::array<std::uint16_t*, 3> maps{};
    const std::size_t count = std::size_t{1} << bits;
    if (TIFFGetField(tiff, TIFFTAG_COLORMAP, maps.data(), &maps[1], &maps[2]) != 1)
        refuse_damaged(kFormat, key("it has no palette for its colours"));
    const bool bytes = std::ranges::all_of(
        maps, [&](const std::uint16_t* map) { return std::all_of(map, map + count, [](auto v) { return v < 256; }); });
    std::vector<std::array<std::uint8_t, 3>> palette(count);
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t c = 0; c < 3; ++c)
            palette[i][c] = static_cast<std::uint8_t>(bytes ? maps[c][i] : maps[c][i] >> 8);
    return palette;
}

// Puts samples of the file into the image.
class Placed {
public:
    Placed(TIFF* tiff, const Tiff& read, Image& image) : read_(read), image_(image) {
        if (read.samples == Samples::palette) palette_ = read_palette(tiff, read.bits);
    }

    // `count` pixels of a row from column x on, as libtiff unpacked them: all samples, or sample `plane` alone.
    void put(const std::uint8_t* bytes, std::int64_t y, std::int64_t x, std::int64_t count, int plane) {
        if (read_.samples == Samples::palette) return put_indices(bytes, y, x, count);
        if (read_.samples == Samples::floats) {
            if (read_.bits == 64) return put_as<double, float>(bytes, y, x, count, plane);
            return put_as<float, float>(bytes, y, x, count, plane);
        }
        if (read_.bits == 16) return put_as<std::uint16_t, std::uint16_t>(bytes, y, x, count, plane);
        if (read_.bits == 8) return put_as<std::uint8_t, std::uint8_t>(bytes, y, x, count, plane);
        put_few_bits(bytes, y, x, count);
    }

private:
    unsigned bits_at(const std::uint8_t* bytes, std::size_t i) const {
        const auto bits = static_cast<std::size_t>(read_.bits), in_byte = 8 / bits;
        return bytes[i / in_byte] >> (8 - bits - i % in_byte * bits) & ((1U << bits) - 1);
    }
    void put_indices(const std::uint8_t* bytes, std::int64_t y, std::int64_t x, std::int64_t count) {
        const auto row = image_.row<std::uint8_t>(y).subspan(static_cast<std::size_t>(x) * 3);
        for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
            std::ranges::copy(palette_[bits_at(bytes, i)], row.subspan(i * 3).begin());
    }
    void put_few_bits(const std::uint8_t* bytes, std::int64_t y, std::int64_t x, std::int64_t count) {
        const unsigned largest = (1U << read_.bits) - 1;
        const auto row = image_.row<std::uint8_t>(y).subspan(static_cast<std::size_t>(x));
        for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
            const unsigned value = bits_at(bytes, i);
            row[i] = static_cast<std::uint8_t>(255 / largest * (read_.dark ? largest - value : value));
        }
    }
    // Files of libtiff have samples at whatever place.
    template <typename From, typename To>
    void put_as(const std::uint8_t* bytes, std::int64_t y, std::int64_t x, std::int64_t count, int plane) {
        const auto channels = static_cast<std::size_t>(read_.channels), stored = static_cast<std::size_t>(read_.stored);
        const auto row = image_.row<To>(y).subspan(static_cast<std::size_t>(x) * channels);
        const auto pixels = static_cast<std::size_t>(count);
        if (std::is_same_v<From, To> && !read_.separate && channels == stored) {
            std::memcpy(row.data(), bytes, pixels * channels * sizeof(To));
        } else {
            const std::size_t first = read_.separate ? static_cast<std::size_t>(plane) : 0;
            const std::size_t last = read_.separate ? first + 1 : channels, step = read_.separate ? 1 : stored;
            for (std::size_t i = 0; i < pixels; ++i) {
                for (std::size_t c = first; c < last; ++c) {
                    From value{};
                    std::memcpy(&value, bytes + (i * step + c - first) * sizeof(From), sizeof(From));
                    row[i * channels + c] = static_cast<To>(value);
                }
            }
        }
        if constexpr (!std::is_same_v<To, float>) {
            if (read_.dark && plane == 0)
                for (std::size_t i = 0; i < pixels; ++i)
                    row[i * channels] = static_cast<To>(std::numeric_limits<To>::max() - row[i * channels]);
        }
    }

    const Tiff& read_;
    Image& image_;
    std::vector<std::array<std::uint8_t, 3>> palette_;
};

int planes(const Tiff& read) { return read.separate ? read.read_samples() : 1; }

void read_strips(TIFF* tiff, const Tiff& read, Placed& placed, const TiffMemory& memory) {
    std::vector<std::uint8_t> row(static_cast<std::size_t>(std::max<tmsize_t>(TIFFScanlineSize(tiff), 0)));
    if (static_cast<std::int64_t>(row.size()) < read.file_row_bytes()) refuse(memory);
    for (int plane = 0; plane < planes(read); ++plane) {
        for (std::uint32_t y = 0; y < read.height; ++y) {
            if (TIFFReadScanline(tiff, row.data(), y, static_cast<std::uint16_t>(plane)) != 1) refuse(memory);
            placed.put(row.data(), y, 0, read.width, plane);
        }
    }
}

void read_tiles(TIFF* tiff, const Tiff& read, Placed& placed, const TiffMemory& memory) {
    constexpr std::int64_t kSlack = std::int64_t{1} << 24;
    const auto across = field<std::uint32_t>(tiff, TIFFTAG_TILEWIDTH, 0);
    const auto down = field<std::uint32_t>(tiff, TIFFTAG_TILELENGTH, 0);
    const std::int64_t size = TIFFTileSize(tiff), row_bytes = TIFFTileRowSize(tiff);
    const std::int64_t image = capped_product(read.file_row_bytes(), read.height);
    if (across == 0 || down == 0 || size <= 0 || size > 2 * image + kSlack || row_bytes <= 0)
        refuse_damaged(kFormat, msg("its tiles have {width} × {height} px", "width"_is(across), "height"_is(down)));
    std::vector<std::uint8_t> tile(static_cast<std::size_t>(size));
    for (int plane = 0; plane < planes(read); ++plane) {
        for (std::uint32_t y = 0; y < read.height; y += std::min(down, read.height - y)) {
            for (std::uint32_t x = 0; x < read.width; x += std::min(across, read.width - x)) {
                if (TIFFReadTile(tiff, tile.data(), x, y, 0, static_cast<std::uint16_t>(plane)) < 0) refuse(memory);
                for (std::uint32_t row = 0; row < std::min(down, read.height - y); ++row)
                    placed.put(tile.data() + static_cast<std::size_t>(row * row_bytes), y + row, x,
                               std::min(across, read.width - x), plane);
            }
        }
    }
}

// Colours that were multiplied by alpha as they were before; where alpha is 0 they are as they are.
template <typename T>
void divide_by_alpha(Image& image) {
    const auto channels = static_cast<std::size_t>(image.channels());
    for (std::int64_t y = 0; y < image.height(); ++y) {
        const auto row = image.row<T>(y);
        for (std::size_t i = 0; i < row.size(); i += channels) {
            const T alpha = row[i + channels - 1];
            if (!(alpha > 0)) continue;
            for (std::size_t c = 0; c + 1 < channels; ++c) {
                if constexpr (std::is_floating_point_v<T>) {
                    row[i + c] /= alpha;
                } else {
                    row[i + c] = static_cast<T>(scaled(row[i + c], alpha, std::numeric_limits<T>::max()));
                }
            }
        }
    }
}

// What tells of the camera, the place, the time or the author, as EXIF, IPTC or XMP or in tags of its own.
bool has_metadata(TIFF* tiff) {
    toff_t offset = 0;
    for (const std::uint32_t tag : {TIFFTAG_EXIFIFD, TIFFTAG_GPSIFD})
        if (TIFFGetField(tiff, tag, &offset) == 1) return true;
    const char* text = nullptr;
    for (const std::uint32_t tag :
         {TIFFTAG_MAKE, TIFFTAG_MODEL, TIFFTAG_DATETIME, TIFFTAG_ARTIST, TIFFTAG_COPYRIGHT, TIFFTAG_IMAGEDESCRIPTION})
        if (TIFFGetField(tiff, tag, &text) == 1) return true;
    std::uint32_t length = 0;
    const void* block = nullptr;
    for (const std::uint32_t tag : {TIFFTAG_XMLPACKET, TIFFTAG_RICHTIFFIPTC})
        if (TIFFGetField(tiff, tag, &length, &block) == 1) return true;
    return false;
}

}  // namespace

ImageHeader tiff_header(FileBytes file) {
    TiffMemory memory;
    memory.file = file;
    const OpenTiff tiff = open(memory);
    const Tiff read = read_tiff(tiff.get());
    if (is_cut(tiff.get(), file.size())) refuse_truncated(kFormat);
    ImageHeader header{read.width, read.height, read.channels, read.depth()};
    header.least_bytes = least_bytes(read);
    const auto orientation = field<std::uint16_t>(tiff.get(), TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    header.orientation = orientation >= 1 && orientation <= 8 ? orientation : 1;
    header.tags = read_tags(tiff.get());
    if (!header.tags.icc.empty()) header.profile = colour_profile(header.tags.icc);
    header.metadata = has_metadata(tiff.get());
    header.channels_left_out = read.samples == Samples::palette ? 0 : read.stored - read.channels;
    header.frames = count_pages(tiff.get());
    return header;
}

Image tiff_pixels(FileBytes file) {
    TiffMemory memory;
    memory.file = file;
    const OpenTiff tiff = open(memory);
    const Tiff read = read_tiff(tiff.get());
    Image image(read.width, read.height, read.channels, read.depth());
    Placed placed(tiff.get(), read, image);
    if (TIFFIsTiled(tiff.get()) != 0) {
        read_tiles(tiff.get(), read, placed, memory);
    } else {
        read_strips(tiff.get(), read, placed, memory);
    }
    if (read.multiplied) {
        switch (read.depth()) {
            case Depth::u8: divide_by_alpha<std::uint8_t>(image); break;
            case Depth::u16: divide_by_alpha<std::uint16_t>(image); break;
            default: divide_by_alpha<float>(image); break;
        }
    }
    return image;
}

}  // namespace convlens
