#include "core/io/image/decoder.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/io/image/formats.h"

namespace convlens {

void refuse_truncated(std::string_view format) {
    throw ImageError(msg("this {format} file is truncated: it ends before the image does; copy or download it again",
                         "format"_is(format)));
}

void refuse_damaged(std::string_view format, Message reason) {
    throw ImageError(
        msg("this {format} file is damaged: {reason}", "format"_is(format), "reason"_is(std::move(reason))));
}

void refuse_variety(Message variety) {
    throw ImageError(
        msg("{variety}, which Convlens cannot read; save it as PNG first", "variety"_is(std::move(variety))));
}

const ImageDecoder* image_decoder(std::string_view format) {
    static constexpr std::array kDecoders = {
        ImageDecoder{"PNG", png_header, png_pixels},    ImageDecoder{"JPEG", jpeg_file_header, jpeg_pixels},
        ImageDecoder{"BMP", bmp_header, bmp_pixels},    ImageDecoder{"TGA", tga_header, tga_pixels},
        ImageDecoder{"GIF", gif_header, gif_pixels},    ImageDecoder{"PSD", psd_header, psd_pixels},
        ImageDecoder{"PNM", pnm_header, pnm_pixels},    ImageDecoder{"HDR", hdr_header, hdr_pixels},
        ImageDecoder{"TIFF", tiff_header, tiff_pixels}, ImageDecoder{"WebP", webp_header, webp_pixels},
    };
    const auto* found = std::ranges::find(kDecoders, format, &ImageDecoder::format);
    return found == kDecoders.end() ? nullptr : found;
}

}  // namespace convlens
