// JPEG by libjpeg-turbo: baseline and progressive, Huffman and arithmetic codes, 8 bits a sample, grey, YCbCr, RGB, and
// CMYK by Adobe's marker. Halved colours are smoothed as libjpeg does it.
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/io/image/formats.h"
#include "core/io/image/jpeg_header.h"
#include "core/io/image/libjpeg.h"

namespace convlens {

namespace {

constexpr std::string_view kFormat = "JPEG";

void check_variety(const JpegHeader& jpeg) {
    if (jpeg.bits > 8)
        throw ImageError(msg("this JPEG has {bits} bits a sample; only 8 can be read", "bits"_is(jpeg.bits)));
    if (jpeg.components != 4 || jpeg.adobe_transform == 0 || jpeg.adobe_transform == 2) return;
    throw ImageError(
        key("this JPEG holds four inks (CMYK) without Adobe's marker that says how they are kept, so its colours "
            "would be a guess; save it as RGB first"));
}

// A progressive file may hold any number of scans, each of which goes through the whole image. Programs write a dozen.
struct ScanLimit {
    jpeg_progress_mgr base{};  // comes first: libjpeg hands back a pointer to it
    bool reached = false;
};

void on_progress(j_common_ptr codec) {
    constexpr int kMostScans = 500;
    auto& limit = *reinterpret_cast<ScanLimit*>(codec->progress);
    if (reinterpret_cast<j_decompress_ptr>(codec)->input_scan_number <= kMostScans) return;
    limit.reached = true;
    codec->err->error_exit(codec);
}

// Adobe keeps inks turned over: 255 is no ink. `inks`: cyan, magenta, yellow and black of each pixel.
void put_inks(std::span<const std::uint8_t> inks, std::span<std::uint8_t> row) {
    for (std::size_t i = 0; i < row.size(); ++i) {
        const unsigned product = unsigned{inks[i / 3 * 4 + i % 3]} * inks[i / 3 * 4 + 3];
        row[i] = static_cast<std::uint8_t>((product + 127) / 255);
    }
}

bool open(jpeg_decompress_struct& codec, LibjpegErrors& errors, FileBytes file) {
    if (setjmp(errors.back) != 0) return false;
    jpeg_create_decompress(&codec);
    jpeg_mem_src(&codec, reinterpret_cast<const unsigned char*>(file.data()), file.size());
    jpeg_read_header(&codec, TRUE);
    return true;
}

// As many rows at a time as libjpeg has ready.
void read_rows(jpeg_decompress_struct& codec, Image& image) {
    std::array<JSAMPROW, 16> rows{};
    while (codec.output_scanline < codec.output_height) {
        const std::size_t count = std::min<std::size_t>(rows.size(), codec.output_height - codec.output_scanline);
        for (std::size_t i = 0; i < count; ++i)
            rows[i] = image.row<std::uint8_t>(static_cast<std::int64_t>(codec.output_scanline + i)).data();
        jpeg_read_scanlines(&codec, rows.data(), static_cast<JDIMENSION>(count));
    }
}

void read_ink_rows(jpeg_decompress_struct& codec, Image& image, std::span<std::uint8_t> inks) {
    JSAMPROW row = inks.data();
    while (codec.output_scanline < codec.output_height) {
        const std::int64_t y = codec.output_scanline;
        jpeg_read_scanlines(&codec, &row, 1);
        put_inks(inks, image.row<std::uint8_t>(y));
    }
}

// `inks`: room for a row of four inks, empty for other images.
bool read(jpeg_decompress_struct& codec, LibjpegErrors& errors, Image& image, std::span<std::uint8_t> inks) {
    if (setjmp(errors.back) != 0) return false;
    codec.out_color_space = !inks.empty() ? JCS_CMYK : image.channels() == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_start_decompress(&codec);
    if (inks.empty()) {
        read_rows(codec, image);
    } else {
        read_ink_rows(codec, image, inks);
    }
    jpeg_finish_decompress(&codec);
    return true;
}

// A JPEG read up to its samples.
class JpegFile {
public:
    explicit JpegFile(FileBytes file) {
        codec_.err = with_callbacks(errors_);
        if (!open(codec_, errors_, file)) fail();
        scans_.base.progress_monitor = on_progress;
        codec_.progress = &scans_.base;
        if (channels() == 0) {
            jpeg_destroy_decompress(&codec_);
            refuse_variety(msg("this JPEG file has {count} samples a pixel", "count"_is(codec_.num_components)));
        }
    }
    ~JpegFile() { jpeg_destroy_decompress(&codec_); }
    JpegFile(const JpegFile&) = delete;
    JpegFile& operator=(const JpegFile&) = delete;

    std::int64_t width() const { return codec_.image_width; }
    std::int64_t height() const { return codec_.image_height; }
    // Inks become RGB; 0 for what is neither grey, colours nor inks.
    int channels() const {
        switch (codec_.num_components) {
            case 1: return 1;
            case 3:
            case 4: return 3;
            default: return 0;
        }
    }
    Image read_image() {
        Image image(width(), height(), channels(), Depth::u8);
        std::vector<std::uint8_t> inks(codec_.num_components == 4 ? static_cast<std::size_t>(width()) * 4 : 0);
        if (!read(codec_, errors_, image, inks)) fail();
        return image;
    }

private:
    [[noreturn]] void fail() {
        jpeg_destroy_decompress(&codec_);  // may be called in the constructor
        if (errors_.truncated) refuse_truncated(kFormat);
        if (scans_.reached) refuse_damaged(kFormat, key("it has more than 500 scans"));
        const std::string reason = errors_.reason;
        if (errors_.damaged) refuse_damaged(kFormat, verbatim(reason));
        throw ImageError(msg("this JPEG file is damaged or uses a feature that Convlens does not support ({reason})",
                             "reason"_is(verbatim(reason))));
    }

    LibjpegErrors errors_;
    jpeg_decompress_struct codec_{};
    ScanLimit scans_;
};

}  // namespace

ImageHeader jpeg_file_header(FileBytes file) {
    // A block of 8x8 samples has a code of one bit at least; components that are kept smaller have fewer blocks, but
    // the first or another has them all.
    constexpr std::int64_t kBlockSide = 8, kBlocksOfByte = 8;
    JpegHeader jpeg = jpeg_header(file);
    check_variety(jpeg);
    const JpegFile opened(file);
    if (jpeg.end == 0) refuse_truncated(kFormat);
    const std::int64_t width = opened.width(), height = opened.height();
    ImageHeader header{width, height, opened.channels(), Depth::u8};
    const std::int64_t blocks = ((width + kBlockSide - 1) / kBlockSide) * ((height + kBlockSide - 1) / kBlockSide);
    header.least_bytes = blocks / kBlocksOfByte;
    header.orientation = jpeg.orientation;
    header.profile = jpeg.profile;
    header.metadata = jpeg.exif;
    header.tags = std::move(jpeg.tags);
    return header;
}

Image jpeg_pixels(FileBytes file) { return JpegFile(file).read_image(); }

}  // namespace convlens
