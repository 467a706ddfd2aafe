// Windows and OS/2 bitmaps, https://learn.microsoft.com/windows/win32/gdi/bitmap-storage: 1, 2, 4, 8 bits with a palette,
// plain or run-length encoded; 16 and 32 bits with masks or without; 24 bits. Rows from the bottom, or from the top where
// the height is negative. Headers of any length from 12 bytes (OS/2 1, whose palette has 3 bytes a colour) to 124.
//
// The fourth byte of 32-bit pixels is alpha only where the header has a mask for it. Pixels that a run-length encoded
// file skips, and indices beyond the palette, are palette colour 0 and black.
#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#include <fmt/format.h>

#include "core/io/byte_reader.h"
#include "core/io/image/formats.h"

namespace convlens {

namespace {

constexpr std::string_view kFormat = "BMP";
constexpr std::size_t kFileHeader = 14;  // "BM", sizes, and where the pixels begin
constexpr std::uint32_t kCoreHeader = 12, kOs2Header = 64;
enum Compression : std::uint32_t { kPlain = 0, kRle8 = 1, kRle4 = 2, kMasks = 3, kAlphaMasks = 6 };

using Rgb = std::array<std::uint8_t, 3>;

struct Bitmap {
    std::int64_t width = 0, height = 0;
    bool from_top = false;
    std::uint32_t bits = 0;
    std::uint32_t compression = kPlain;
    std::array<std::uint32_t, 4> masks{};  // of red, green, blue, alpha
    std::vector<Rgb> palette;              // 256 colours, those that the file does not have black; empty without one
    std::size_t raster = 0;

    bool is_run_length() const { return compression == kRle8 || compression == kRle4; }
    int channels() const { return palette.empty() && masks[3] != 0 ? 4 : 3; }
    std::int64_t row_bytes() const { return (width * bits + 7) / 8; }
    std::int64_t stride() const { return (width * bits + 31) / 32 * 4; }
};

void read_core_header(ByteReader& reader, Bitmap& bitmap) {
    bitmap.width = reader.u16_little();
    bitmap.height = reader.u16_little();
    reader.skip(2);
    bitmap.bits = reader.u16_little();
}

// Fields that a short header does not have are 0. Returns how many colours the palette has by the header.
std::uint32_t read_info_header(FileBytes header, Bitmap& bitmap) {
    constexpr std::size_t kFields = 40;
    std::array<std::byte, kFields> fields{};
    std::copy_n(header.begin(), std::min(header.size(), kFields), fields.begin());
    ByteReader reader(fields, kFormat);
    reader.skip(4);
    bitmap.width = reader.i32_little();
    const std::int64_t height = reader.i32_little();
    bitmap.from_top = height < 0;
    bitmap.height = height < 0 ? -height : height;
    reader.skip(2);
    bitmap.bits = reader.u16_little();
    bitmap.compression = reader.u32_little();
    reader.skip(12);
    return reader.u32_little();
}

void check_variety(const Bitmap& bitmap, std::uint32_t header_size) {
    constexpr std::uint32_t kJpeg = 4, kPng = 5;
    const std::uint32_t c = bitmap.compression, bits = bitmap.bits;
    const bool os2 = header_size == kOs2Header;
    if (!os2 && c == kJpeg) refuse_variety(key("this BMP file holds a JPEG image inside"));
    if (!os2 && c == kPng) refuse_variety(key("this BMP file holds a PNG image inside"));
    const bool has_masks = c == kMasks || c == kAlphaMasks;
    const bool indexed = bits == 1 || bits == 2 || bits == 4 || bits == 8;
    const bool plain = c == kPlain && (indexed || bits == 16 || bits == 24 || bits == 32);
    const bool masked = has_masks && !os2 && (bits == 16 || bits == 32);
    const bool runs = (c == kRle8 && bits == 8) || (c == kRle4 && bits == 4);
    if (!plain && !masked && !runs)
        refuse_variety(
            msg("this BMP file has {bits} bits a pixel in compression {number}", "bits"_is(bits), "number"_is(c)));
    if (bitmap.width < 0) refuse_damaged(kFormat, msg("its width is {width}", "width"_is(bitmap.width)));
}

bool is_contiguous(std::uint32_t mask) {
    const std::uint32_t shifted = mask == 0 ? 0 : mask >> std::countr_zero(mask);
    return (shifted & (shifted + 1)) == 0;
}

void read_masks(ByteReader& reader, std::uint32_t header_size, Bitmap& bitmap) {
    constexpr std::uint32_t kWithAlphaMask = 56;
    if (bitmap.compression == kPlain) {
        bitmap.masks = bitmap.bits == 16 ? std::array<std::uint32_t, 4>{0x7c00, 0x3e0, 0x1f, 0}
                                         : std::array<std::uint32_t, 4>{0xff0000, 0xff00, 0xff, 0};
        return;
    }
    const bool alpha = header_size >= kWithAlphaMask || bitmap.compression == kAlphaMasks;
    for (std::size_t i = 0; i < (alpha ? 4U : 3U); ++i) {
        bitmap.masks[i] = reader.u32_little();
        if (!is_contiguous(bitmap.masks[i]))
            refuse_damaged(kFormat, msg("the bits of its mask {mask} are not next to one another",
                                        "mask"_is(fmt::format("{:#x}", bitmap.masks[i]))));
    }
}

// As many colours as there is room for in front of the pixels.
std::vector<Rgb> read_palette(ByteReader& reader, std::size_t raster, std::size_t colours, std::size_t entry) {
    constexpr std::size_t kMost = 256;
    const std::size_t end = raster > reader.at() ? raster - reader.at() : reader.left();
    colours = std::min({colours, kMost, std::min(end, reader.left()) / entry});
    std::vector<Rgb> palette(kMost, Rgb{});
    for (std::size_t i = 0; i < colours; ++i) {
        const FileBytes bgr = reader.take(entry);
        for (std::size_t c = 0; c < 3; ++c) palette[i][c] = std::to_integer<std::uint8_t>(bgr[2 - c]);
    }
    return palette;
}

Bitmap read_bitmap(FileBytes file) {
    Bitmap bitmap;
    ByteReader reader(file, kFormat);
    reader.seek(10);
    bitmap.raster = reader.u32_little();
    const std::uint32_t header_size = reader.u32_little();
    std::uint32_t colours = 0;
    if (header_size == kCoreHeader) {
        read_core_header(reader, bitmap);
    } else {
        if (header_size < 16 || header_size > 1024)
            refuse_damaged(kFormat,
                           msg("its header must have 12 to 1024 bytes; it has {size}", "size"_is(header_size)));
        reader.seek(kFileHeader);
        colours = read_info_header(reader.take(header_size), bitmap);
    }
    check_variety(bitmap, header_size);
    constexpr std::uint32_t kPlainHeader = 40;
    reader.seek(kFileHeader + std::min(header_size, kPlainHeader));
    if (bitmap.bits == 16 || bitmap.bits == 32) read_masks(reader, header_size, bitmap);
    reader.seek(std::max(reader.at(), kFileHeader + header_size));
    if (bitmap.bits <= 8) {
        const std::size_t most = std::size_t{1} << bitmap.bits;
        bitmap.palette =
            read_palette(reader, bitmap.raster, colours == 0 ? most : colours, header_size == kCoreHeader ? 3 : 4);
    }
    bitmap.raster = std::max(bitmap.raster, reader.at());  // 0, or the palette's place, in files of some programs
    return bitmap;
}

// Rows from the top as they lie in the file.
std::int64_t file_row(const Bitmap& bitmap, std::int64_t y) { return bitmap.from_top ? y : bitmap.height - 1 - y; }

void put_indices(std::span<const std::uint8_t> indices, const Bitmap& bitmap, std::span<std::uint8_t> row) {
    for (std::size_t x = 0; x < indices.size(); ++x)
        std::ranges::copy(bitmap.palette[indices[x]], row.begin() + static_cast<std::ptrdiff_t>(x * 3));
}

void put_indexed_row(FileBytes bytes, const Bitmap& bitmap, std::span<std::uint8_t> row) {
    std::vector<std::uint8_t> indices(static_cast<std::size_t>(bitmap.width));
    const std::size_t bits = bitmap.bits, in_byte = 8 / bits;
    for (std::size_t x = 0; x < indices.size(); ++x) {
        const auto byte = std::to_integer<unsigned>(bytes[x / in_byte]);
        indices[x] = static_cast<std::uint8_t>(byte >> (8 - bits - x % in_byte * bits) & ((1U << bits) - 1));
    }
    put_indices(indices, bitmap, row);
}

void put_rgb_row(FileBytes bytes, std::span<std::uint8_t> row) {
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = std::to_integer<std::uint8_t>(bytes[i - i % 3 + 2 - i % 3]);
}

// One colour of pixels with masks: where its bits begin and how many levels above 0 they have.
struct Field {
    std::uint32_t mask, largest;
    int shift;

    explicit Field(std::uint32_t bits)
        : mask(bits),
          largest(bits == 0 ? 1 : bits >> std::countr_zero(bits)),
          shift(bits == 0 ? 0 : std::countr_zero(bits)) {}
    std::uint8_t of(std::uint32_t pixel) const {
        const std::uint32_t value = (pixel & mask) >> shift;
        return static_cast<std::uint8_t>(largest == 255 ? value : scaled(value, largest, 255));
    }
};

void put_masked_row(FileBytes bytes, const Bitmap& bitmap, std::span<std::uint8_t> row) {
    const Field fields[] = {Field(bitmap.masks[0]), Field(bitmap.masks[1]), Field(bitmap.masks[2]),
                            Field(bitmap.masks[3])};
    const auto channels = static_cast<std::size_t>(bitmap.channels());
    ByteReader reader(bytes, kFormat);
    for (std::size_t x = 0; x < row.size() / channels; ++x) {
        const std::uint32_t pixel = bitmap.bits == 16 ? reader.u16_little() : reader.u32_little();
        for (std::size_t c = 0; c < channels; ++c) row[x * channels + c] = fields[c].of(pixel);
    }
}

void put_plain_rows(FileBytes file, const Bitmap& bitmap, Image& image) {
    ByteReader reader(file, kFormat);
    for (std::int64_t y = 0; y < bitmap.height; ++y) {
        reader.seek(bitmap.raster + static_cast<std::size_t>(file_row(bitmap, y) * bitmap.stride()));
        const FileBytes bytes = reader.take(static_cast<std::size_t>(bitmap.row_bytes()));
        const auto row = image.row<std::uint8_t>(y);
        if (bitmap.bits <= 8) {
            put_indexed_row(bytes, bitmap, row);
        } else if (bitmap.bits == 24) {
            put_rgb_row(bytes, row);
        } else {
            put_masked_row(bytes, bitmap, row);
        }
    }
}

// Palette indices of a run-length encoded raster, rows as in the file. Pairs of bytes: a count and what is repeated; or
// 0 and what to do: 0 ends the row, 1 the image, 2 moves on by two numbers, n from 3 has n indices, padded to 16 bits.
class Runs {
public:
    Runs(FileBytes file, const Bitmap& bitmap)
        : bitmap_(bitmap),
          reader_(file, kFormat),
          width_(static_cast<std::size_t>(bitmap.width)),
          height_(static_cast<std::size_t>(bitmap.height)),
          indices_(width_ * height_) {
        reader_.seek(bitmap.raster);
    }

    std::vector<std::uint8_t> read() && {
        while (!done()) {
            const std::uint32_t count = reader_.u8(), value = reader_.u8();
            if (count > 0) {
                for (std::uint32_t i = 0; i < count; ++i) put(index_of(value, i));
            } else {
                obey(value);
            }
        }
        return std::move(indices_);
    }

private:
    // At the end of the file's bytes the image must be whole, as some programs write no mark of its end.
    bool done() const { return ended_ || y_ >= height_ || (reader_.left() == 0 && y_ + 1 == height_ && x_ >= width_); }
    bool four_bits() const { return bitmap_.compression == kRle4; }
    // Of four bits the first index is in the upper half.
    std::uint8_t index_of(std::uint32_t byte, std::uint32_t i) const {
        return static_cast<std::uint8_t>(!four_bits() ? byte : i % 2 == 0 ? byte >> 4 : byte & 15U);
    }
    void put(std::uint8_t index) {
        if (x_ < width_) indices_[y_ * width_ + x_] = index;
        ++x_;
    }
    void obey(std::uint32_t code) {
        constexpr std::uint32_t kEndOfRow = 0, kEndOfImage = 1, kMove = 2;
        if (code == kEndOfRow) {
            x_ = 0;
            ++y_;
        } else if (code == kEndOfImage) {
            ended_ = true;
        } else if (code == kMove) {
            x_ += reader_.u8();
            y_ += reader_.u8();
        } else {
            put_literal(code);
        }
    }
    void put_literal(std::uint32_t count) {
        const std::size_t bytes = four_bits() ? (count + 1) / 2 : count;
        const FileBytes values = reader_.take(bytes);
        for (std::uint32_t i = 0; i < count; ++i)
            put(index_of(std::to_integer<std::uint32_t>(values[four_bits() ? i / 2 : i]), i));
        reader_.skip(std::min<std::size_t>(bytes % 2, reader_.left()));
    }

    const Bitmap& bitmap_;
    ByteReader reader_;
    std::size_t width_, height_;
    std::vector<std::uint8_t> indices_;
    std::size_t x_ = 0, y_ = 0;
    bool ended_ = false;
};

void put_run_length_rows(FileBytes file, const Bitmap& bitmap, Image& image) {
    const std::vector<std::uint8_t> indices = Runs(file, bitmap).read();
    const auto width = static_cast<std::size_t>(bitmap.width);
    for (std::int64_t y = 0; y < bitmap.height; ++y)
        put_indices(std::span(indices).subspan(static_cast<std::size_t>(file_row(bitmap, y)) * width, width), bitmap,
                    image.row<std::uint8_t>(y));
}

// Two bytes are 255 pixels at most, but for those that are skipped.
std::int64_t least_raster(const Bitmap& bitmap) {
    constexpr std::int64_t kRun = 255;
    if (bitmap.is_run_length()) return capped_product(bitmap.width, bitmap.height) / kRun * 2;
    return capped_product(bitmap.stride(), bitmap.height) - (bitmap.stride() - bitmap.row_bytes());
}

}  // namespace

ImageHeader bmp_header(FileBytes file) {
    const Bitmap bitmap = read_bitmap(file);
    ImageHeader header{bitmap.width, bitmap.height, bitmap.channels(), Depth::u8};
    header.least_bytes = static_cast<std::int64_t>(bitmap.raster) + least_raster(bitmap);
    header.bytes_are_exact = !bitmap.is_run_length();
    return header;
}

Image bmp_pixels(FileBytes file) {
    const Bitmap bitmap = read_bitmap(file);
    Image image(bitmap.width, bitmap.height, bitmap.channels(), Depth::u8);
    if (bitmap.is_run_length()) {
        put_run_length_rows(file, bitmap, image);
    } else {
        put_plain_rows(file, bitmap, image);
    }
    return image;
}

}  // namespace convlens
