// PNG by libpng: palettes and fewer than 8 bits are spread to 8, tRNS becomes alpha, 16 bits stay. Colour profiles and
// gamma are not applied. Of the other chunks eXIf, or a text chunk in its place, may say that the image is to be rotated; acTL's frames and what cICP,
// iCCP, sRGB, gAMA, cHRM and eXIf say of the colours are told, so that what filters leave out can be said.
#include <png.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <csetjmp>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "core/io/byte_reader.h"
#include "core/io/image/colour_space.h"
#include "core/io/image/exif.h"
#include "core/io/image/formats.h"
#include "core/io/image/png_text.h"
#include "core/io/image/png_unpack.h"

namespace convlens {

namespace {

constexpr std::string_view kFormat = "PNG";

// What the chunks say beside the samples, read without libpng.
struct Chunks {
    bool data = false, end = false;
    int orientation = 1;
    bool exif = false;
    std::optional<ColourProfile> cicp, icc;
    ColourProfile exif_profile;
    ImageTags tags;
    std::int64_t frames = 1;
};

// iCCP: a name, a zero, the method 0, and the packed profile, of which kMostProfile bytes are looked at.
std::vector<std::byte> unpacked_profile(FileBytes content) {
    const auto zero = std::ranges::find(content, std::byte{0});
    const auto name = static_cast<std::size_t>(zero - content.begin());
    if (content.size() < name + 2) return {};
    const FileBytes packed = content.subspan(name + 2);
    std::vector<std::byte> profile(kMostProfile);
    auto length = static_cast<uLongf>(profile.size());
    uncompress(reinterpret_cast<Bytef*>(profile.data()), &length, reinterpret_cast<const Bytef*>(packed.data()),
               static_cast<uLong>(packed.size()));
    profile.resize(std::min<std::size_t>(length, kMostProfile));
    profile.shrink_to_fit();
    return profile;
}

// pHYs: pixels across and down, by the metre (1), or without a unit (0).
Resolution resolution_of(FileBytes content) {
    constexpr std::uint32_t kMetre = 1;
    constexpr double kInch = 0.0254;
    if (content.size() < 9) return {};
    ByteReader reader(content, kFormat);
    const double x = reader.u32_big() * kInch, y = reader.u32_big() * kInch;
    return reader.u8() == kMetre ? Resolution{x, y} : Resolution{};
}

// acTL: how many frames the animation has.
std::int64_t animation_frames(FileBytes content) {
    return content.size() < 4 ? 1 : std::max<std::int64_t>(ByteReader(content, kFormat).u32_big(), 1);
}

void take_exif(Chunks& chunks, FileBytes block) {
    chunks.exif = true;
    chunks.orientation = exif_orientation(block).value_or(1);
    chunks.exif_profile = exif_colours(block);
    if (!chunks.tags.resolution.known()) chunks.tags.resolution = exif_resolution(block);
}

Chunks read_chunks(FileBytes file) {
    constexpr std::size_t kSignature = 8, kSum = 4;
    Chunks chunks;
    ByteReader reader(file, kFormat);
    reader.skip(kSignature);
    while (!chunks.end) {
        const std::size_t length = reader.u32_big();
        const std::string_view type = reader.text(4);
        const FileBytes content = reader.take(length);
        if (reader.at() < kSignature + 64 && type == "CgBI")
            refuse_variety(key("this PNG file is of Apple's own kind (CgBI)"));
        if (type == "eXIf") take_exif(chunks, content);
        if (!chunks.exif) {
            if (const auto block = raw_profile_exif(type, content); !block.empty()) take_exif(chunks, block);
        }
        if (type == "cICP" && content.size() == 4) chunks.cicp = cicp_colours(content);  // unknown to older libpng
        if (type == "iCCP") {
            chunks.tags.icc = unpacked_profile(content);
            chunks.icc = colour_profile(chunks.tags.icc);
        }
        if (type == "pHYs") {
            if (const Resolution found = resolution_of(content); found.known()) chunks.tags.resolution = found;
        }
        if (type == "acTL") chunks.frames = animation_frames(content);
        chunks.data = chunks.data || type == "IDAT";
        chunks.end = type == "IEND";
        reader.skip(kSum);
    }
    if (!chunks.data) refuse_damaged(kFormat, key("it has no image data"));
    return chunks;
}

// What libpng's callbacks see. libpng reports failures by longjmp, which skips destructors: everything that owns memory
// lives outside of decode().
struct Source {
    FileBytes rest;
    PngRows* rows = nullptr;  // what is read in place of the file, where they could be unpacked
    std::string failure;
    bool truncated = false;
    bool on_last_row = false;  // its data are being read
    bool complete = false;     // they have been: what follows is no image
    std::size_t beyond = 0;    // bytes read since then
    bool enough = false;       // kMostBeyond of them
};

// zlib's end and a chunk's sum are 8 bytes. What else stands in the image's chunks is unpacked by libpng only to be
// thrown away, and a few bytes unpack to a thousand times as many: it is left unread.
constexpr std::size_t kMostBeyond = std::size_t{1} << 16;

void on_error(png_structp png, png_const_charp message) {
    static_cast<Source*>(png_get_error_ptr(png))->failure = message;
    png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

void on_read(png_structp png, png_bytep to, std::size_t wanted) {
    auto& source = *static_cast<Source*>(png_get_io_ptr(png));
    if (source.rows != nullptr) {
        if (!source.rows->read(to, wanted)) png_error(png, "truncated");
        return;
    }
    if (wanted > source.rest.size()) {
        source.truncated = true;
        png_error(png, "truncated");
    }
    if (source.complete) source.beyond += wanted;
    if (source.beyond > kMostBeyond) {
        source.enough = true;
        png_error(png, "enough");
    }
    std::memcpy(to, source.rest.data(), wanted);
    source.rest = source.rest.subspan(wanted);
}

// Is called with every row, before libpng looks for the end of the data behind the last one.
void on_row(png_structp png, png_row_infop, png_bytep) {
    auto& source = *static_cast<Source*>(png_get_io_ptr(png));
    source.complete = source.complete || source.on_last_row;
}

// Chunks that libpng is not asked for are not even unpacked.
void skip_other_chunks(png_structp png) {
    constexpr char kSkipped[] =
        "bKGD\0cICP\0eXIf\0hIST\0iCCP\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0tEXt\0tIME\0zTXt";
    constexpr int kCount = static_cast<int>(sizeof(kSkipped) / 5);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, reinterpret_cast<png_const_bytep>(kSkipped), kCount);
}

// What libpng makes of the header: the image as png_pixels gives it.
struct Layout {
    png_uint_32 width = 0, height = 0;
    int channels = 0, bits = 0, stored_bits = 0;
    bool interlaced = false;
    bool srgb = false;  // there is an sRGB chunk, which counts before the other two
    std::optional<double> gamma;
    std::optional<Chromaticities> chromaticities;
};

void read_colours(png_structp png, png_infop info, Layout& layout) {
    int intent = 0;
    layout.srgb = png_get_sRGB(png, info, &intent) != 0;
    double gamma = 0;
    if (png_get_gAMA(png, info, &gamma) != 0) layout.gamma = gamma;
    Chromaticities xy{};
    if (png_get_cHRM(png, info, xy.data(), &xy[1], &xy[2], &xy[3], &xy[4], &xy[5], &xy[6], &xy[7]) != 0)
        layout.chromaticities = xy;
}

bool read_layout(png_structp png, png_infop info, Layout& layout) {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    constexpr png_uint_32 kMostSide = 0x7fffffff;
    png_set_user_limits(png, kMostSide, kMostSide);
    skip_other_chunks(png);
    png_read_info(png, info);
    layout.stored_bits = png_get_channels(png, info) * png_get_bit_depth(png, info);
    layout.width = png_get_image_width(png, info);
    layout.height = png_get_image_height(png, info);
    layout.interlaced = png_get_interlace_type(png, info) != PNG_INTERLACE_NONE;
    // As png_set_expand will have it: palettes become RGB, few bits become 8, a transparent colour becomes alpha.
    const png_byte type = png_get_color_type(png, info);
    layout.channels = type == PNG_COLOR_TYPE_PALETTE ? 3 : png_get_channels(png, info);
    if (png_get_valid(png, info, PNG_INFO_tRNS) != 0) ++layout.channels;
    layout.bits = png_get_bit_depth(png, info) == 16 ? 16 : 8;
    read_colours(png, info, layout);
    return true;
}

// `rows` point into an image of this layout. libpng makes buffers of a row's size here, not before: whether the file's
// bytes can fill the size that it announces is known by now.
// The chunks behind the image's data are not read again: read_chunks() has been through them.
bool read_rows(png_structp png, png_infop info, Source& source, std::vector<png_bytep>& rows) {
    if (setjmp(png_jmpbuf(png)) != 0) return source.enough;
    png_set_expand(png);
    if (std::endian::native == std::endian::little) png_set_swap(png);
    png_set_read_user_transform_fn(png, on_row);
    const int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    for (int pass = 0; pass < passes; ++pass) {
        for (std::size_t y = 0; y < rows.size(); ++y) {
            source.on_last_row = pass + 1 == passes && y + 1 == rows.size();
            // The last pass of an interlaced image holds the odd rows only.
            if (source.on_last_row && passes > 1 && y % 2 == 0) source.complete = true;
            png_read_row(png, rows[y], nullptr);
        }
    }
    return true;
}

// A PNG read up to its samples.
class PngFile {
public:
    // `rows`: those of the file, unpacked, which are read in their place.
    explicit PngFile(FileBytes file, PngRows* rows = nullptr) {
        source_.rest = file;
        source_.rows = rows;
        png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source_, on_error, on_warning);
        info_ = png_ == nullptr ? nullptr : png_create_info_struct(png_);
        if (info_ == nullptr) fail();
        png_set_read_fn(png_, &source_, on_read);
        if (rows != nullptr) png_set_crc_action(png_, PNG_CRC_QUIET_USE, PNG_CRC_NO_CHANGE);  // looked at before
        if (!read_layout(png_, info_, layout_)) fail();
    }
    ~PngFile() { png_destroy_read_struct(&png_, &info_, nullptr); }
    PngFile(const PngFile&) = delete;
    PngFile& operator=(const PngFile&) = delete;

    const Layout& layout() const { return layout_; }
    Depth depth() const { return layout_.bits == 16 ? Depth::u16 : Depth::u8; }
    void read(std::vector<png_bytep>& rows) {
        if (!read_rows(png_, info_, source_, rows)) fail();
    }

private:
    [[noreturn]] void fail() {
        png_destroy_read_struct(&png_, &info_, nullptr);  // may be called in the constructor
        if (source_.truncated) refuse_truncated(kFormat);
        refuse_damaged(
            kFormat, source_.failure.empty() ? Message(key("there is not enough memory")) : verbatim(source_.failure));
    }

    Source source_;
    png_structp png_ = nullptr;
    png_infop info_ = nullptr;
    Layout layout_;
};

// By the order in which the PNG specification (third edition, 4.3) has them count; EXIF is asked last.
ColourProfile profile_of(const Chunks& chunks, const Layout& layout) {
    if (chunks.cicp) return *chunks.cicp;
    if (chunks.icc) return *chunks.icc;
    if (layout.srgb) return {};
    if (layout.gamma || layout.chromaticities) return png_colours(layout.gamma, layout.chromaticities);
    return chunks.exif_profile;
}

// The bytes of all rows as they are packed, each with its filter's number. Of interlaced images there are seven passes,
// of which those without columns have no rows.
std::size_t unpacked_size(const Layout& layout) {
    const auto rows = [&](std::size_t width, std::size_t height) {
        return width == 0 ? 0 : height * (1 + (width * static_cast<std::size_t>(layout.stored_bits) + 7) / 8);
    };
    if (!layout.interlaced) return rows(layout.width, layout.height);
    std::size_t size = 0;
    for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; ++pass)
        size += rows(PNG_PASS_COLS(layout.width, pass), PNG_PASS_ROWS(layout.height, pass));
    return size;
}

Image read_image(PngFile& png) {
    Image image(png.layout().width, png.layout().height, png.layout().channels, png.depth());
    std::vector<png_bytep> rows(static_cast<std::size_t>(image.height()));
    for (std::size_t y = 0; y < rows.size(); ++y)
        rows[y] = reinterpret_cast<png_bytep>(image.bytes().data()) + y * image.row_bytes();
    png.read(rows);
    return image;
}

}  // namespace

ImageHeader png_header(FileBytes file) {
    constexpr std::int64_t kLargestExpansion = 1032;  // zlib's codes stand for 258 bytes in 2 bits at best
    Chunks chunks = read_chunks(file);
    const PngFile png(file);
    const Layout& layout = png.layout();
    ImageHeader header{layout.width, layout.height, layout.channels, png.depth()};
    const std::int64_t pixels = std::int64_t{layout.width} * layout.height;
    header.least_bytes = capped_product(pixels, layout.stored_bits) / 8 / kLargestExpansion;
    header.orientation = chunks.orientation;
    header.profile = profile_of(chunks, layout);
    header.metadata = chunks.exif;
    header.frames = chunks.frames;
    header.tags = std::move(chunks.tags);
    if (chunks.cicp) header.tags.icc.clear();  // which says other colours than those that count
    return header;
}

Image png_pixels(FileBytes file) {
    PngFile png(file);
    auto rows = PngRows::unpacked(file, unpacked_size(png.layout()));
    if (!rows) return read_image(png);
    PngFile quick(file, &*rows);
    return read_image(quick);
}

}  // namespace convlens
