// WebP by libwebp: lossy and lossless, with alpha or without, and the first frame of animations.
#include <webp/decode.h>
#include <webp/demux.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>

#include "core/io/image/colour_space.h"
#include "core/io/image/exif.h"
#include "core/io/image/formats.h"

namespace convlens {

namespace {

constexpr std::string_view kFormat = "WebP";

const std::uint8_t* first_of(FileBytes file) { return reinterpret_cast<const std::uint8_t*>(file.data()); }

[[noreturn]] void refuse(VP8StatusCode status) {
    switch (status) {
        case VP8_STATUS_NOT_ENOUGH_DATA: refuse_truncated(kFormat);
        case VP8_STATUS_OUT_OF_MEMORY: refuse_damaged(kFormat, key("there is not enough memory"));
        case VP8_STATUS_UNSUPPORTED_FEATURE:
            refuse_variety(key("this WebP file has a feature that libwebp does not have"));
        default: refuse_damaged(kFormat, key("its data are not those of a WebP image"));
    }
}

WebPBitstreamFeatures features_of(FileBytes file) {
    WebPBitstreamFeatures features{};
    const VP8StatusCode status = WebPGetFeatures(first_of(file), file.size(), &features);
    if (status != VP8_STATUS_OK) refuse(status);
    return features;
}

// The length that the file's head tells, which may be followed by anything.
FileBytes whole_file(FileBytes file) {
    constexpr std::size_t kHead = 8;
    if (file.size() < kHead) refuse_truncated(kFormat);
    std::size_t length = 0;
    for (std::size_t i = kHead; i-- > 4;) length = length << 8 | std::to_integer<std::size_t>(file[i]);
    if (length > file.size() - kHead) refuse_truncated(kFormat);
    return file.first(kHead + length);
}

using Demuxer = std::unique_ptr<WebPDemuxer, decltype(&WebPDemuxDelete)>;

// The content of the first chunk that has this name; empty where there is none.
FileBytes chunk(const Demuxer& demuxer, const char* name) {
    WebPChunkIterator found{};
    if (WebPDemuxGetChunk(demuxer.get(), name, 1, &found) == 0) return {};
    const FileBytes content = std::as_bytes(std::span(found.chunk.bytes, found.chunk.size));
    WebPDemuxReleaseChunkIterator(&found);  // the bytes are the file's own
    return content;
}

void read_chunks(FileBytes file, ImageHeader& header) {
    const WebPData data{first_of(file), file.size()};
    const Demuxer demuxer(WebPDemux(&data), WebPDemuxDelete);
    if (!demuxer) return;  // an image alone
    header.frames = WebPDemuxGetI(demuxer.get(), WEBP_FF_FRAME_COUNT);
    FileBytes exif = chunk(demuxer, "EXIF");
    constexpr std::size_t kMark = 6;  // "Exif", 0, 0, which some programs put in front as JPEG has it
    if (exif.size() > kMark && std::memcmp(exif.data(), "Exif", 4) == 0) exif = exif.subspan(kMark);
    if (!exif.empty()) {
        header.metadata = true;
        header.orientation = exif_orientation(exif).value_or(1);
        header.profile = exif_colours(exif);
        header.tags.resolution = exif_resolution(exif);
    }
    if (const FileBytes icc = chunk(demuxer, "ICCP"); !icc.empty()) {
        header.profile = colour_profile(icc);
        if (icc.size() <= kMostProfile) header.tags.icc.assign(icc.begin(), icc.end());
    }
}

// The canvas as it is when the first frame is shown.
Image first_frame(FileBytes file) {
    WebPAnimDecoderOptions options;
    WebPAnimDecoderOptionsInit(&options);
    const WebPData data{first_of(file), file.size()};
    const std::unique_ptr<WebPAnimDecoder, decltype(&WebPAnimDecoderDelete)> decoder(
        WebPAnimDecoderNew(&data, &options), WebPAnimDecoderDelete);
    std::uint8_t* canvas = nullptr;
    int time = 0;
    WebPAnimInfo info{};
    if (!decoder || WebPAnimDecoderGetInfo(decoder.get(), &info) == 0 ||
        WebPAnimDecoderGetNext(decoder.get(), &canvas, &time) == 0)
        refuse(VP8_STATUS_BITSTREAM_ERROR);
    Image image(info.canvas_width, info.canvas_height, 4, Depth::u8);
    std::memcpy(image.bytes().data(), canvas, image.bytes().size());
    return image;
}

}  // namespace

// Of how few bytes an image can be is not known of WebP: one colour takes a few dozen at any size. Sides of at most 16383
// bound its memory.
ImageHeader webp_header(FileBytes bytes) {
    const FileBytes file = whole_file(bytes);
    const WebPBitstreamFeatures features = features_of(file);
    const bool rgba = features.has_alpha != 0 || features.has_animation != 0;
    ImageHeader header{features.width, features.height, rgba ? 4 : 3, Depth::u8};
    header.bytes_are_exact = false;
    read_chunks(file, header);
    return header;
}

Image webp_pixels(FileBytes bytes) {
    const FileBytes file = whole_file(bytes);
    const WebPBitstreamFeatures features = features_of(file);
    if (features.has_animation != 0) return first_frame(file);
    Image image(features.width, features.height, features.has_alpha != 0 ? 4 : 3, Depth::u8);
    WebPDecoderConfig config;
    if (WebPInitDecoderConfig(&config) == 0) refuse(VP8_STATUS_OUT_OF_MEMORY);
    config.options.use_threads = 1;
    config.output.colorspace = image.has_alpha() ? MODE_RGBA : MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA = {reinterpret_cast<std::uint8_t*>(image.bytes().data()), static_cast<int>(image.row_bytes()),
                            image.bytes().size()};
    const VP8StatusCode status = WebPDecode(first_of(file), file.size(), &config);
    WebPFreeDecBuffer(&config.output);
    if (status != VP8_STATUS_OK) refuse(status);
    return image;
}

}  // namespace convlens
