#include "core/io/image/tiff_write.h"

#include <algorithm>
#include <cstdint>

#include "core/io/image/decoder.h"
#include "core/io/image/libtiff.h"

namespace convlens {

namespace {

void put_fields(TIFF* tiff, const Image& image, const ImageTags& tags, std::uint32_t strip_rows) {
    const bool floats = image.depth() == Depth::f32;
    constexpr int kQuickest = 1;
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, static_cast<std::uint32_t>(image.width()));
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, static_cast<std::uint32_t>(image.height()));
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, static_cast<int>(8 * bytes_per_sample(image.depth())));
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, image.channels());
    TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, floats ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, image.colour_channels() == 1 ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    if (image.has_alpha()) {
        const std::uint16_t kinds[] = {EXTRASAMPLE_UNASSALPHA};
        TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, kinds);
    }
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
    TIFFSetField(tiff, TIFFTAG_PREDICTOR, floats ? PREDICTOR_FLOATINGPOINT : PREDICTOR_HORIZONTAL);
    TIFFSetField(tiff, TIFFTAG_ZIPQUALITY, kQuickest);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, strip_rows);
    if (tags.resolution.known()) {
        TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
        TIFFSetField(tiff, TIFFTAG_XRESOLUTION, tags.resolution.x);
        TIFFSetField(tiff, TIFFTAG_YRESOLUTION, tags.resolution.y);
    }
    if (!tags.icc.empty())
        TIFFSetField(tiff, TIFFTAG_ICCPROFILE, static_cast<std::uint32_t>(tags.icc.size()), tags.icc.data());
}

[[noreturn]] void fail(const TiffMemory& memory) {
    if (memory.no_memory || memory.error.empty()) throw ImageError(key("there is not enough memory"));
    throw ImageError(verbatim(memory.error));
}

}  // namespace

std::vector<std::byte> tiff_bytes(const Image& image, const ImageTags& tags, const Progress& progress) {
    if (image.depth() == Depth::s16) return tiff_bytes(converted(image, Depth::u8), tags, progress);
    constexpr std::size_t kStrip = std::size_t{1} << 18;
    constexpr std::int64_t kMostPiece = std::int64_t{1} << 32;
    constexpr std::size_t kMostClassic = std::size_t{3} << 30;  // whose places have 32 bits
    const auto strip_rows = static_cast<std::int64_t>(std::max<std::size_t>(kStrip / image.row_bytes(), 1));
    TiffMemory memory;
    OpenTiff tiff = open_tiff(memory, image.bytes().size() > kMostClassic ? "w8" : "w", kMostPiece);
    if (!tiff) fail(memory);
    put_fields(tiff.get(), image, tags, static_cast<std::uint32_t>(strip_rows));
    std::uint32_t strip = 0;
    for (std::int64_t y = 0; y < image.height(); y += strip_rows, ++strip) {
        if (progress.is_stopped()) throw Stopped();
        const auto rows = static_cast<std::size_t>(std::min(strip_rows, image.height() - y));
        // libtiff works on a copy where it does not write the samples as they are.
        auto* first = const_cast<std::byte*>(image.bytes().data() + static_cast<std::size_t>(y) * image.row_bytes());
        if (TIFFWriteEncodedStrip(tiff.get(), strip, first, static_cast<tmsize_t>(rows * image.row_bytes())) < 0)
            fail(memory);
        progress.report(static_cast<double>(y + static_cast<std::int64_t>(rows)) / static_cast<double>(image.height()));
    }
    if (TIFFWriteDirectory(tiff.get()) == 0) fail(memory);
    tiff.reset();
    if (memory.no_memory || !memory.error.empty()) fail(memory);
    return std::move(memory.made);
}

}  // namespace convlens
