#include "core/io/image/decoder.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/io/image/formats.h"

namespace convlens {

void refuse_truncated(std::string_view format) {
    throw ImageError(
        fmt::format("this {} file is truncated: it ends before the picture does; copy or download it again", format));
}

void refuse_damaged(std::string_view format, std::string_view reason) {
    throw ImageError(fmt::format("this {} file is damaged: {}", format, reason));
}

void refuse_variety(std::string_view format, std::string_view variety) {
    throw ImageError(fmt::format("this {} file {}, which Convlens cannot read; save it as PNG first", format, variety));
}

const ImageDecoder* image_decoder(std::string_view format) {
    static constexpr std::array kDecoders = {
        ImageDecoder{"PNG", png_header, png_pixels}, ImageDecoder{"JPEG", jpeg_file_header, jpeg_pixels},
        ImageDecoder{"BMP", bmp_header, bmp_pixels}, ImageDecoder{"TGA", tga_header, tga_pixels},
        ImageDecoder{"GIF", gif_header, gif_pixels}, ImageDecoder{"PSD", psd_header, psd_pixels},
        ImageDecoder{"PNM", pnm_header, pnm_pixels}, ImageDecoder{"HDR", hdr_header, hdr_pixels},
    };
    const auto* found = std::ranges::find(kDecoders, format, &ImageDecoder::format);
    return found == kDecoders.end() ? nullptr : found;
}

}  // namespace convlens
