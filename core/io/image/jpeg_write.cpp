#include "core/io/image/jpeg_write.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <new>
#include <string>

#include "core/io/image/decoder.h"
#include "core/io/image/flattened.h"
#include "core/io/image/libjpeg.h"

namespace convlens {

namespace {

constexpr int kQuality = 95;
static_assert(kMostJpegSide == JPEG_MAX_DIMENSION);

// Where libjpeg writes to: `base` comes first, as libjpeg hands back a pointer to it.
struct Sink {
    jpeg_destination_mgr base{};
    std::vector<std::byte> bytes;
    bool no_memory = false;
};

Sink& sink_of(j_compress_ptr codec) { return *reinterpret_cast<Sink*>(codec->dest); }

// Room behind the first `used` bytes. No exception may pass through libjpeg.
void make_room(j_compress_ptr codec, std::size_t used) {
    constexpr std::size_t kRoom = std::size_t{1} << 20;
    Sink& sink = sink_of(codec);
    try {
        sink.bytes.resize(used + std::max(kRoom, used / 2));
    } catch (const std::bad_alloc&) {
        sink.no_memory = true;
    }
    if (sink.no_memory) codec->err->error_exit(reinterpret_cast<j_common_ptr>(codec));
    sink.base.next_output_byte = reinterpret_cast<JOCTET*>(sink.bytes.data() + used);
    sink.base.free_in_buffer = sink.bytes.size() - used;
}

void on_begin(j_compress_ptr codec) { make_room(codec, 0); }

boolean on_full(j_compress_ptr codec) {
    make_room(codec, sink_of(codec).bytes.size());
    return TRUE;
}

void on_end(j_compress_ptr codec) {
    Sink& sink = sink_of(codec);
    sink.bytes.resize(sink.bytes.size() - sink.base.free_in_buffer);
}

// Whole pixels per inch, or per centimetre where only these come out whole. Nothing for what two bytes do not hold.
void put_resolution(jpeg_compress_struct& codec, const Resolution& resolution) {
    constexpr double kInch = 2.54, kMost = 65535;
    constexpr UINT8 kPerInch = 1, kPerCentimetre = 2;
    if (!resolution.known()) return;
    const auto rest = [&](double unit) {
        return std::abs(resolution.x / unit - std::round(resolution.x / unit)) +
               std::abs(resolution.y / unit - std::round(resolution.y / unit));
    };
    constexpr double kWhole = 0.02;
    const bool metric = rest(1) > kWhole && rest(kInch) <= kWhole;
    const double x = std::round(resolution.x / (metric ? kInch : 1));
    const double y = std::round(resolution.y / (metric ? kInch : 1));
    if (x < 1 || y < 1 || x > kMost || y > kMost) return;
    codec.density_unit = metric ? kPerCentimetre : kPerInch;
    codec.X_density = static_cast<UINT16>(x);
    codec.Y_density = static_cast<UINT16>(y);
}

void begin(jpeg_compress_struct& codec, const Image& image, const ImageTags& tags) {
    codec.image_width = static_cast<JDIMENSION>(image.width());
    codec.image_height = static_cast<JDIMENSION>(image.height());
    codec.input_components = image.channels();
    codec.in_color_space = image.channels() == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&codec);
    jpeg_set_quality(&codec, kQuality, TRUE);
    codec.comp_info[0].h_samp_factor = codec.comp_info[0].v_samp_factor = 1;  // as those of the colours are
    put_resolution(codec, tags.resolution);
    jpeg_start_compress(&codec, TRUE);
    if (!tags.icc.empty())
        jpeg_write_icc_profile(&codec, reinterpret_cast<const JOCTET*>(tags.icc.data()),
                               static_cast<unsigned>(tags.icc.size()));
}

// False where libjpeg failed, or when it was stopped.
bool encode(jpeg_compress_struct& codec, LibjpegErrors& errors, Sink& sink, const Image& image, const ImageTags& tags,
            const Progress& progress) {
    if (setjmp(errors.back) != 0) return false;
    jpeg_create_compress(&codec);
    codec.dest = &sink.base;
    begin(codec, image, tags);
    std::array<JSAMPROW, 16> rows{};
    while (codec.next_scanline < codec.image_height) {
        if (progress.is_stopped()) return false;
        progress.report(static_cast<double>(codec.next_scanline) / codec.image_height);
        const std::size_t count = std::min<std::size_t>(rows.size(), codec.image_height - codec.next_scanline);
        for (std::size_t i = 0; i < count; ++i) {
            const auto row = image.row<std::uint8_t>(static_cast<std::int64_t>(codec.next_scanline + i));
            rows[i] = const_cast<JSAMPROW>(row.data());  // which libjpeg only reads
        }
        jpeg_write_scanlines(&codec, rows.data(), static_cast<JDIMENSION>(count));
    }
    jpeg_finish_compress(&codec);
    return true;
}

}  // namespace

std::vector<std::byte> jpeg_bytes(const Image& image, const ImageTags& tags, const Progress& progress) {
    if (image.depth() != Depth::u8) return jpeg_bytes(converted(image, Depth::u8), tags, progress);
    if (image.has_alpha()) return jpeg_bytes(flattened(image), tags, progress);
    Sink sink;
    sink.base.init_destination = on_begin;
    sink.base.empty_output_buffer = on_full;
    sink.base.term_destination = on_end;
    LibjpegErrors errors;
    jpeg_compress_struct codec{};
    codec.err = with_callbacks(errors);
    const bool done = encode(codec, errors, sink, image, tags, progress);
    jpeg_destroy_compress(&codec);
    if (done) return std::move(sink.bytes);
    if (sink.no_memory) throw ImageError(key("there is not enough memory"));
    if (progress.is_stopped()) throw Stopped();
    throw ImageError(verbatim(std::string(errors.reason)));
}

}  // namespace convlens
