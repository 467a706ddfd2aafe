#include "core/io/image/webp_write.h"

#include <webp/encode.h>
#include <webp/mux.h>

#include <memory>

#include "core/io/image/decoder.h"
#include "core/io/image/flattened.h"

namespace convlens {

namespace {

static_assert(kMostWebpSide == WEBP_MAX_DIMENSION);

int on_progress(int percent, const WebPPicture* picture) {
    const auto& progress = *static_cast<const Progress*>(picture->user_data);
    if (progress.is_stopped()) return 0;
    progress.report(percent / 100.0);
    return 1;
}

// libwebp's own memory, and libwebpmux's.
struct Encoded {
    WebPMemoryWriter writer{};
    WebPPicture picture{};

    Encoded() { WebPMemoryWriterInit(&writer); }
    ~Encoded() {
        WebPPictureFree(&picture);
        WebPMemoryWriterClear(&writer);
    }
    Encoded(const Encoded&) = delete;
    Encoded& operator=(const Encoded&) = delete;
};

std::vector<std::byte> bytes_of(const std::uint8_t* first, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(first, size));
    return {bytes.begin(), bytes.end()};
}

std::vector<std::byte> with_profile(const WebPMemoryWriter& file, const std::vector<std::byte>& icc) {
    const std::unique_ptr<WebPMux, decltype(&WebPMuxDelete)> mux(WebPMuxNew(), WebPMuxDelete);
    const WebPData image{file.mem, file.size}, profile{reinterpret_cast<const std::uint8_t*>(icc.data()), icc.size()};
    WebPData whole{};
    if (!mux || WebPMuxSetImage(mux.get(), &image, 0) != WEBP_MUX_OK ||
        WebPMuxSetChunk(mux.get(), "ICCP", &profile, 0) != WEBP_MUX_OK ||
        WebPMuxAssemble(mux.get(), &whole) != WEBP_MUX_OK)
        throw ImageError(key("there is not enough memory"));
    std::vector<std::byte> bytes = bytes_of(whole.bytes, whole.size);
    WebPDataClear(&whole);
    return bytes;
}

}  // namespace

std::vector<std::byte> webp_bytes(const Image& image, const ImageTags& tags, const Progress& progress) {
    if (image.depth() != Depth::u8) return webp_bytes(converted(image, Depth::u8), tags, progress);
    if (image.channels() < 3) return webp_bytes(with_three_colours(image), tags, progress);
    constexpr int kQuick = 1;  // of 0 to 9: higher ones take several times as long for a few per cent
    WebPConfig config;
    Encoded encoded;
    if (WebPConfigInit(&config) == 0 || WebPConfigLosslessPreset(&config, kQuick) == 0 ||
        WebPPictureInit(&encoded.picture) == 0)
        throw ImageError(key("there is not enough memory"));
    config.exact = 1;
    config.thread_level = 1;
    WebPPicture& picture = encoded.picture;
    picture.use_argb = 1;
    picture.width = static_cast<int>(image.width());
    picture.height = static_cast<int>(image.height());
    picture.writer = WebPMemoryWrite;
    picture.custom_ptr = &encoded.writer;
    picture.progress_hook = on_progress;
    picture.user_data = const_cast<Progress*>(&progress);  // which it only looks at
    const auto* samples = reinterpret_cast<const std::uint8_t*>(image.bytes().data());
    const auto stride = static_cast<int>(image.row_bytes());
    const int imported = image.has_alpha() ? WebPPictureImportRGBA(&picture, samples, stride)
                                           : WebPPictureImportRGB(&picture, samples, stride);
    if (imported == 0) throw ImageError(key("there is not enough memory"));
    if (WebPEncode(&config, &picture) == 0) {
        if (progress.is_stopped()) throw Stopped();
        throw ImageError(msg("libwebp fails with error {number}", "number"_is(static_cast<int>(picture.error_code))));
    }
    if (!tags.icc.empty()) return with_profile(encoded.writer, tags.icc);
    return bytes_of(encoded.writer.mem, encoded.writer.size);
}

}  // namespace convlens
