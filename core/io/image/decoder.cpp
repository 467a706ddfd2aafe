#include "core/io/image/decoder.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/io/image/endings.h"
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

namespace {

struct Row {
    ImageDecoder decoder;
    std::span<const std::string_view> endings;
};

constexpr std::array<std::string_view, 1> kPng{".png"}, kBmp{".bmp"}, kTga{".tga"}, kGif{".gif"}, kPsd{".psd"},
    kHdr{".hdr"}, kWebp{".webp"};
constexpr std::array<std::string_view, 2> kJpeg{".jpg", ".jpeg"}, kTiff{".tif", ".tiff"};
constexpr std::array<std::string_view, 6> kPnm{".pnm", ".pbm", ".pgm", ".ppm", ".pam", ".pfm"};

constexpr std::array kRows = {
    Row{{"PNG", png_header, png_pixels}, kPng},     Row{{"JPEG", jpeg_file_header, jpeg_pixels}, kJpeg},
    Row{{"TIFF", tiff_header, tiff_pixels}, kTiff}, Row{{"WebP", webp_header, webp_pixels}, kWebp},
    Row{{"BMP", bmp_header, bmp_pixels}, kBmp},     Row{{"TGA", tga_header, tga_pixels}, kTga},
    Row{{"GIF", gif_header, gif_pixels}, kGif},     Row{{"PSD", psd_header, psd_pixels}, kPsd},
    Row{{"PNM", pnm_header, pnm_pixels}, kPnm},     Row{{"HDR", hdr_header, hdr_pixels}, kHdr},
};

}  // namespace

const ImageDecoder* image_decoder(std::string_view format) {
    const auto* found = std::ranges::find(kRows, format, [](const Row& row) { return row.decoder.format; });
    return found == kRows.end() ? nullptr : &found->decoder;
}

const std::vector<std::string>& image_endings() {
    static const std::vector<std::string> endings = [] {
        std::vector<std::string> all;
        for (const Row& row : kRows) all.insert(all.end(), row.endings.begin(), row.endings.end());
        return all;
    }();
    return endings;
}

}  // namespace convlens
