// JPEG by stb_image: baseline and progressive, 8 bits a sample, grey, YCbCr, RGB, and CMYK by Adobe's marker.
#include <stb_image.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "core/io/image/formats.h"
#include "core/io/image/jpeg_header.h"
#include "core/io/image/stb_reason.h"

namespace convlens {

namespace {

constexpr std::string_view kFormat = "JPEG";

// Bytes as stb_image asks for them. It takes zeros for what is missing at the end and draws on, so whether it asked for
// more than there is must be noticed here.
struct Stream {
    FileBytes bytes;
    std::size_t at = 0;
    bool overrun = false;

    static int read(void* user, char* to, int wanted) {
        constexpr std::size_t kRefill = 128;  // stb_image's buffer: asked for whole, whatever is needed
        auto& self = *static_cast<Stream*>(user);
        const std::size_t count = std::min(static_cast<std::size_t>(wanted), self.bytes.size() - self.at);
        if (count == 0 || (count < static_cast<std::size_t>(wanted) && static_cast<std::size_t>(wanted) != kRefill))
            self.overrun = true;
        if (count > 0) std::memcpy(to, self.bytes.data() + self.at, count);
        self.at += count;
        return static_cast<int>(count);
    }
    static void skip(void* user, int count) {
        auto& self = *static_cast<Stream*>(user);
        const auto wanted = static_cast<std::int64_t>(self.at) + count;
        self.at =
            static_cast<std::size_t>(std::clamp<std::int64_t>(wanted, 0, static_cast<std::int64_t>(self.bytes.size())));
    }
    static int eof(void* user) {
        const auto& self = *static_cast<Stream*>(user);
        return self.at >= self.bytes.size() ? 1 : 0;
    }
};

constexpr stbi_io_callbacks kCallbacks = {Stream::read, Stream::skip, Stream::eof};

struct Freed {
    void operator()(void* pixels) const { stbi_image_free(pixels); }
};

[[noreturn]] void refuse(const Stream& stream) {
    if (stream.overrun) refuse_truncated(kFormat);
    const char* reason = stbi_failure_reason();
    if (reason == nullptr)
        throw ImageError(key("this JPEG file is damaged or uses a feature that Convlens does not support"));
    throw ImageError(msg("this JPEG file is damaged or uses a feature that Convlens does not support ({reason})",
                         "reason"_is(verbatim(reason))));
}

void check_variety(const JpegHeader& jpeg) {
    if (jpeg.bits > 8)
        throw ImageError(msg("this JPEG has {bits} bits a sample; only 8 can be read", "bits"_is(jpeg.bits)));
    if (jpeg.components != 4 || jpeg.adobe_transform == 0 || jpeg.adobe_transform == 2) return;
    throw ImageError(
        key("this JPEG holds four inks (CMYK) without Adobe's marker that says how they are kept, so its colours "
            "would be a guess; save it as RGB first"));
}

}  // namespace

ImageHeader jpeg_file_header(FileBytes whole) {
    // A block of 8x8 samples has a code of one bit at least; components that are kept smaller have fewer blocks, but
    // the first or another has them all.
    constexpr std::int64_t kBlockSide = 8, kBlocksOfByte = 8;
    const std::vector<std::byte> clean = without_strays(whole);
    const FileBytes file = clean.empty() ? whole : FileBytes(clean);
    const JpegHeader jpeg = jpeg_header(file);
    check_variety(jpeg);
    int width = 0, height = 0, channels = 0;
    Stream stream{file};
    forget_failure_reason();
    if (stbi_info_from_callbacks(&kCallbacks, &stream, &width, &height, &channels) == 0) refuse(stream);
    if (jpeg.end == 0) refuse_truncated(kFormat);
    ImageHeader header{width, height, channels, Depth::u8};
    const std::int64_t blocks = ((width + kBlockSide - 1) / kBlockSide) * ((height + kBlockSide - 1) / kBlockSide);
    header.least_bytes = blocks / kBlocksOfByte;
    header.orientation = jpeg.orientation;
    header.profile = jpeg.profile;
    header.exif = jpeg.exif;
    return header;
}

Image jpeg_pixels(FileBytes whole) {
    const std::vector<std::byte> clean = without_strays(whole);
    const FileBytes file = clean.empty() ? whole : FileBytes(clean);
    int width = 0, height = 0, channels = 0;
    Stream stream{file};
    forget_failure_reason();
    const std::unique_ptr<void, Freed> pixels(
        stbi_load_from_callbacks(&kCallbacks, &stream, &width, &height, &channels, 0));
    if (!pixels || stream.overrun) refuse(stream);
    // stb_image leaves off at a marker that it does not expect, and says nothing.
    if (stream.at < jpeg_header(file).end)
        refuse_damaged(kFormat, key("there is a marker among its data where none may be"));
    Image image(width, height, channels, Depth::u8);
    std::memcpy(image.bytes().data(), pixels.get(), image.bytes().size());
    return image;
}

}  // namespace convlens
