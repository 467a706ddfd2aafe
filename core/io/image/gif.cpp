// The first image of a GIF, by giflib, on the canvas that the file announces. What that image does not cover, and
// what it marks as transparent, has alpha 0, as browsers have it; a file without either has no alpha.
#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <vector>

#include <gif_lib.h>

#include "core/io/byte_reader.h"
#include "core/io/image/formats.h"

namespace convlens {

namespace {

constexpr std::string_view kFormat = "GIF";
constexpr int kNone = -1;

// What giflib reads from.
struct Source {
    FileBytes rest;
    static int read(GifFileType* gif, GifByteType* to, int wanted) {
        auto& self = *static_cast<Source*>(gif->UserData);
        const std::size_t count = std::min(static_cast<std::size_t>(std::max(wanted, 0)), self.rest.size());
        if (count > 0) std::memcpy(to, self.rest.data(), count);
        self.rest = self.rest.subspan(count);
        return static_cast<int>(count);
    }
};

struct Closed {
    void operator()(GifFileType* gif) const { DGifCloseFile(gif, nullptr); }
};

// A GIF read up to the header of its first image.
class FirstFrame {
public:
    explicit FirstFrame(FileBytes file) : source_{file} {
        int error = 0;
        gif_.reset(DGifOpen(&source_, Source::read, &error));
        if (!gif_) fail(error);
        find_image();
    }
    FirstFrame(const FirstFrame&) = delete;  // giflib holds the source's place
    FirstFrame& operator=(const FirstFrame&) = delete;

    std::int64_t left() const { return gif_->Image.Left; }
    std::int64_t top() const { return gif_->Image.Top; }
    std::int64_t columns() const { return gif_->Image.Width; }
    std::int64_t rows() const { return gif_->Image.Height; }
    // An image that reaches beyond the canvas makes it larger.
    std::int64_t width() const { return std::max<std::int64_t>(gif_->SWidth, left() + columns()); }
    std::int64_t height() const { return std::max<std::int64_t>(gif_->SHeight, top() + rows()); }
    bool interlaced() const { return gif_->Image.Interlace; }
    bool has_alpha() const { return transparent_ != kNone || columns() < width() || rows() < height(); }
    int transparent() const { return transparent_; }

    void check_palette() const { palette(); }
    // Colours of all 256 indices; those that the file does not have are black.
    std::array<std::array<std::uint8_t, 3>, 256> colours() const {
        std::array<std::array<std::uint8_t, 3>, 256> colours{};
        for (std::size_t i = 0; i < static_cast<std::size_t>(std::min(palette().ColorCount, 256)); ++i) {
            const GifColorType& colour = palette().Colors[i];
            colours[i] = {colour.Red, colour.Green, colour.Blue};
        }
        return colours;
    }
    void read_row(std::vector<GifPixelType>& row) {
        if (DGifGetLine(gif_.get(), row.data(), static_cast<int>(row.size())) != GIF_OK) fail(gif_->Error);
    }

private:
    const ColorMapObject& palette() const {
        const ColorMapObject* map = gif_->Image.ColorMap != nullptr ? gif_->Image.ColorMap : gif_->SColorMap;
        if (map == nullptr) refuse_damaged(kFormat, key("it has no palette for its first image"));
        return *map;
    }
    [[noreturn]] void fail(int error) const {
        if (source_.rest.empty() || error == D_GIF_ERR_EOF_TOO_SOON) refuse_truncated(kFormat);
        refuse_damaged(kFormat, error == D_GIF_ERR_NOT_GIF_FILE || error == D_GIF_ERR_NO_SCRN_DSCR
                                    ? key("its beginning cannot be read")
                                : error == D_GIF_ERR_NO_COLOR_MAP ? key("it has no palette for its first image")
                                                                  : key("the data of its first image cannot be read"));
    }
    void find_image() {
        GifRecordType type{};
        while (true) {
            if (DGifGetRecordType(gif_.get(), &type) != GIF_OK) fail(gif_->Error);
            if (type == TERMINATE_RECORD_TYPE) refuse_damaged(kFormat, key("it ends without an image"));
            if (type == EXTENSION_RECORD_TYPE) read_extension();
            if (type != IMAGE_DESC_RECORD_TYPE) continue;
            if (DGifGetImageDesc(gif_.get()) != GIF_OK) fail(gif_->Error);
            return;
        }
    }
    void read_extension() {
        int code = 0;
        GifByteType* block = nullptr;
        if (DGifGetExtension(gif_.get(), &code, &block) != GIF_OK) fail(gif_->Error);
        while (block != nullptr) {
            GraphicsControlBlock control{};
            if (code == GRAPHICS_EXT_FUNC_CODE && DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK)
                transparent_ = control.TransparentColor;
            if (DGifGetExtensionNext(gif_.get(), &block) != GIF_OK) fail(gif_->Error);
        }
    }

    Source source_;
    std::unique_ptr<GifFileType, Closed> gif_;
    int transparent_ = kNone;
};

// Rows in the order in which an interlaced image has them: every 8th, those between at 4, at 2, the rest.
std::vector<std::int64_t> row_order(std::int64_t rows, bool interlaced) {
    struct Pass {
        std::int64_t first, step;
    };
    constexpr std::array<Pass, 4> kPasses = {{{0, 8}, {4, 8}, {2, 4}, {1, 2}}};
    constexpr std::array<Pass, 1> kPlain = {{{0, 1}}};
    std::vector<std::int64_t> order;
    for (const Pass& pass : interlaced ? std::span<const Pass>(kPasses) : std::span<const Pass>(kPlain))
        for (std::int64_t y = pass.first; y < rows; y += pass.step) order.push_back(y);
    return order;
}

void skip_blocks(ByteReader& reader) {
    while (const std::uint32_t length = reader.u8()) reader.skip(length);
}

// A palette of 2 to 256 colours, if the field says that there is one.
void skip_palette(ByteReader& reader, std::uint32_t packed) {
    if ((packed & 0x80U) != 0) reader.skip(std::size_t{3} << ((packed & 7U) + 1));
}

// How many images the file has, by its blocks alone; those up to where it ends too early or is damaged.
std::int64_t count_frames(FileBytes file) {
    constexpr std::uint32_t kExtension = 0x21, kPicture = 0x2c;
    constexpr std::size_t kSignatureAndSize = 10, kRatioAndBackground = 2, kPlace = 8;
    std::int64_t frames = 0;
    try {
        ByteReader reader(file, kFormat);
        reader.skip(kSignatureAndSize);
        const std::uint32_t packed = reader.u8();
        reader.skip(kRatioAndBackground);
        skip_palette(reader, packed);
        for (std::uint32_t block = reader.u8(); block == kExtension || block == kPicture; block = reader.u8()) {
            if (block == kPicture) {
                reader.skip(kPlace);
                skip_palette(reader, reader.u8());
            }
            reader.skip(1);  // the extension's kind, or the codes' least length
            skip_blocks(reader);
            frames += block == kPicture ? 1 : 0;
        }
    } catch (const ImageError&) {  // what is left is no whole image
    }
    return std::max<std::int64_t>(frames, 1);
}

// A code of twelve bits stands for 4,096 pixels at most.
std::int64_t least_bytes(std::int64_t pixels) {
    constexpr std::int64_t kPixelsOfTwoCodes = 8192, kBytesOfTwoCodes = 3;
    return pixels / kPixelsOfTwoCodes * kBytesOfTwoCodes;
}

}  // namespace

ImageHeader gif_header(FileBytes file) {
    const FirstFrame frame(file);
    frame.check_palette();
    ImageHeader header{frame.width(), frame.height(), frame.has_alpha() ? 4 : 3, Depth::u8};
    header.least_bytes = least_bytes(frame.width() * frame.height());
    header.frames = count_frames(file);
    header.bytes_are_exact = frame.columns() == frame.width() && frame.rows() == frame.height();
    return header;
}

Image gif_pixels(FileBytes file) {
    FirstFrame frame(file);
    const int channels = frame.has_alpha() ? 4 : 3;
    Image image(frame.width(), frame.height(), channels, Depth::u8);
    const auto colours = frame.colours();
    std::vector<GifPixelType> indices(static_cast<std::size_t>(frame.columns()));
    for (const std::int64_t y : row_order(frame.rows(), frame.interlaced())) {
        frame.read_row(indices);
        auto to = image.row<std::uint8_t>(frame.top() + y).begin() + frame.left() * channels;
        for (const GifPixelType index : indices) {
            std::ranges::copy(colours[index], to);
            if (channels == 4) to[3] = index == frame.transparent() ? 0 : 255;
            to += channels;
        }
    }
    return image;
}

}  // namespace convlens
